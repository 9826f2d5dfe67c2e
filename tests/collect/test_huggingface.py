"""Hugging Face's daily papers; the numbers are those of the traps that a test stands for."""

from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.collect.huggingface import PAGE_SIZE, parse_page
from digest.errors import ParseError
from digest.net import Http
from digest.sources import HuggingFaceSource
from digest.types import Signal
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes_json import as_json, hf_entry

SOURCE = HuggingFaceSource(kind="huggingface")


@pytest.fixture
def fetch(site, http):
    def fetch(by_day, *, http=http, until=UNTIL, **fields):
        def answer(asked):
            entries = by_day.get(asked.query["date"][-2:], [])
            size, page = int(asked.query["limit"]), int(asked.query["p"])
            return as_json(entries[page * size : (page + 1) * size])

        site.routes.setdefault("/papers", answer)
        source = HuggingFaceSource(kind="huggingface", url=f"{site.url}/papers", **fields)
        (fetched,) = collect([source], http, since=SINCE, until=until, environ={})
        return fetched

    return fetch


def test_an_entry_becomes_a_paper_of_arxiv_with_the_votes_of_readers(visit):
    (item,) = parse_page([hf_entry()], SOURCE, visit)

    assert ("arxiv:2102.06171", "paper", "https://arxiv.org/abs/2102.06171") == (
        item.id,
        item.kind,
        item.url,
    )
    assert "A title with $a<b$" == item.title
    assert "First line, second line, where $a<b$." == item.text
    assert ("Ada Example", "Bo Muster") == item.authors
    assert datetime(2021, 2, 8, 17, 59, tzinfo=UTC) == item.published
    assert ("https://github.com/ada/example",) == item.links
    page = "https://huggingface.co/papers/2102.06171"
    assert (
        Signal(name="upvotes", source="Hugging Face papers", value=42, url=page),
        Signal(name="comments", source="Hugging Face papers", value=3, url=page),
    ) == item.signals
    assert (None, None) == (item.score, item.comment_count), "they are not the item's own"


def test_the_summary_that_a_model_wrote_is_not_used(visit):
    (item,) = parse_page([hf_entry(summary=None)], SOURCE, visit)

    assert "" == item.text


def test_an_unknown_count_is_no_signal(visit):
    (item,) = parse_page([hf_entry(upvotes=None, comments="many")], SOURCE, visit)

    assert () == item.signals


@pytest.mark.parametrize("repository", [None, "ada/example", "javascript:alert(1)", 7])
def test_a_repository_that_is_no_address_is_no_link(visit, repository):
    (item,) = parse_page([hf_entry(githubRepo=repository)], SOURCE, visit)

    assert () == item.links


@pytest.mark.parametrize(
    "entry",
    [
        None,
        7,
        [],
        {},
        {"paper": None},
        {"paper": []},
        hf_entry(arxiv_id=None),
        hf_entry(arxiv_id="no-id"),
        hf_entry(title=" "),
        hf_entry(title=5),
    ],
)
def test_trap_63_an_entry_that_is_no_paper_is_skipped_and_counted(visit, entry):
    (item,) = parse_page([entry, hf_entry("2102.00001")], SOURCE, visit)

    assert "arxiv:2102.00001" == item.id
    assert 1 == len(visit.skip_reasons)


def test_trap_63_every_day_of_the_window_is_asked_for_once_and_none_after_today(site, fetch):
    early = datetime(2021, 2, 10, 9, tzinfo=UTC)
    with Http(sleep=lambda _: None, wall_clock=early.timestamp) as http:
        fetched = fetch({"08": [hf_entry()]}, http=http)

    assert [f"2021-02-{day:02d}" for day in range(4, 11)] == [a.query["date"] for a in site.asked]
    assert (1, None) == (len(fetched.items), fetched.error)


def test_trap_63_the_end_of_the_window_is_outside_it(site, fetch):
    fetch({})

    assert "2021-02-14" == site.asked[-1].query["date"]


def test_trap_63_a_weekend_has_no_papers_and_that_is_no_fault(fetch):
    fetched = fetch({})

    assert ((), None, ()) == (fetched.items, fetched.error, fetched.warnings)


def test_trap_63_today_may_not_have_begun_at_the_server(site, fetch):
    today = datetime(2021, 2, 10, 0, 5, tzinfo=UTC)
    site.routes["/papers"] = lambda asked: (
        as_json({"error": "Invalid date"}, 400)
        if asked.query["date"] == "2021-02-10"
        else as_json([hf_entry()])
    )
    with Http(sleep=lambda _: None, wall_clock=today.timestamp) as http:
        fetched = fetch({}, http=http)

    assert (1, None) == (len(fetched.items), fetched.error)


def test_another_day_that_is_refused_is_an_error_after_what_came(site, fetch):
    site.routes["/papers"] = [as_json([hf_entry()]), as_json({"error": "Invalid date"}, 400)]
    fetched = fetch({})

    assert (1, 400) == (len(fetched.items), fetched.error.status)


def test_a_paper_on_two_days_is_one_with_the_larger_upvotes(fetch):
    for days in (("08", "09"), ("09", "08")):
        fetched = fetch({days[0]: [hf_entry(upvotes=5)], days[1]: [hf_entry(upvotes=50)]})

        (item,) = fetched.items
        assert 50 == item.signals[0].value


def test_a_long_day_is_read_page_by_page(site, fetch):
    many = [hf_entry(f"2102.{n:05d}") for n in range(1, 2 * PAGE_SIZE + 8)]
    fetched = fetch({"08": many})

    assert len(many) == len(fetched.items)
    pages = [asked.query["p"] for asked in site.asked if asked.query["date"] == "2021-02-08"]
    assert ["0", "1", "2"] == pages


def test_a_server_that_knows_no_pages_is_not_asked_forever(site, fetch):
    many = [hf_entry(f"2102.{n:05d}") for n in range(1, PAGE_SIZE + 1)]
    site.routes["/papers"] = as_json(many)

    assert PAGE_SIZE == len(fetch({}).items)
    assert 2 * 11 == len(site.asked)


def test_papers_with_few_upvotes_are_left_out_and_the_best_come_first(fetch):
    day = [hf_entry(f"2102.0000{n}", upvotes=n) for n in range(1, 7)]

    assert [6, 5, 4] == [i.signals[0].value for i in fetch({"08": day}, min_upvotes=4).items]


def test_where_there_are_too_many_the_most_upvoted_are_kept_and_that_is_told(fetch):
    day = [hf_entry(f"2102.0000{n}", upvotes=n) for n in range(1, 7)]
    fetched = fetch({"08": day}, max_items=2)

    assert [6, 5] == [i.signals[0].value for i in fetched.items]
    assert "only the 2 most upvoted of 6" in fetched.warnings[0]


def test_a_list_of_nothing_but_strangers_is_an_error(fetch):
    assert isinstance(fetch({"08": [{"id": 1}, {"id": 2}]}).error, ParseError)
