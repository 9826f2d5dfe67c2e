"""arXiv's query API against a loopback server that fails in the ways the real one does."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from digest.collect import collect, collect_linked
from digest.collect.arxiv_api import parse_entry, parse_page
from digest.collect.arxiv_paper import is_id, is_withdrawn
from digest.errors import FetchError, ParseError
from digest.net import Http
from digest.sources import ArxivSource
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import ARXIV_ERROR, arxiv_entry, arxiv_feed, arxiv_list
from tests.loopback import Answer

PATH = "/api/query"


def source(site, **fields):
    values = {"kind": "arxiv", "categories": ("cs.LG", "stat.ML"), "page_size": 40, **fields}
    return ArxivSource(url=site.url + PATH, **values)


def fetch(site, http, **fields):
    (fetched,) = collect([source(site, **fields)], http, since=SINCE, until=UNTIL, environ={})
    return fetched


def one(entry, visit):
    return parse_entry(parse_page(arxiv_feed([entry]), "arXiv").entries[0], "arXiv", visit)


def papers(count):
    """Papers of the last day that the window's announcements carried, so that none is missing since."""
    return [arxiv_entry(n, day=11) for n in range(count)]


def ids(fetched):
    return [item.id for item in fetched.items]


# -- one entry --------------------------------------------------------------------------------------------------------


def test_an_entry_becomes_a_paper(visit):
    entry = arxiv_entry(
        7,
        comment="12 pages, code at https://github.com/a/b.",
        extra="<arxiv:doi>10.1000/ABC.</arxiv:doi>",
    )
    item = one(entry, visit)
    assert (item.id, item.kind, item.title) == ("arxiv:2102.00007", "paper", "Paper 7")
    assert item.url == "https://arxiv.org/abs/2102.00007"
    assert item.authors == ("Ada Example", "Bo Muster")
    assert item.published == datetime(2021, 2, 5, 12, tzinfo=UTC)
    assert item.categories == ("stat.ML", "cs.LG")  # the primary one first
    assert (item.note, item.doi) == ("12 pages, code at https://github.com/a/b.", "10.1000/abc")
    assert item.links == ("https://github.com/a/b",)


def test_trap_13_the_id_carries_no_version_and_the_url_is_secure(visit):
    item = one(arxiv_entry(1, version=3), visit)
    assert (item.id, item.version) == ("arxiv:2102.00001", 3)
    assert item.url == "https://arxiv.org/abs/2102.00001"


def test_trap_14_a_new_version_is_the_same_item_with_another_date(visit):
    first, second = (one(arxiv_entry(1, version=v), visit) for v in (1, 2))
    assert (first.id, first.published) == (second.id, second.published)
    assert second.updated == first.updated + timedelta(days=1)


def test_trap_15_white_space_is_folded_and_tex_is_kept(visit):
    title = "Sorting in $O(n \\log n)$\n  by L\\'evy  walks"
    item = one(
        arxiv_entry(1, title=title, summary="  If $a<b$ and $x < y$,\nthen  <EOS>.\n\nMore."), visit
    )
    assert item.title == "Sorting in $O(n \\log n)$ by L\\'evy walks"
    assert item.text == "If $a<b$ and $x < y$, then <EOS>.\n\nMore."


def test_trap_16_a_paper_may_be_titled_0(visit):
    assert one(arxiv_entry(1, title="0"), visit).title == "0"


def test_old_ids_are_read(visit):
    assert one(arxiv_entry(arxiv_id="math.AG/0601001"), visit).id == "arxiv:math.AG/0601001"


def test_names_that_arxiv_itself_garbled_are_mended(visit):
    extra = "<author><name>C. LÃ¤mmerzahl</name></author><author><name>:</name></author>"
    assert one(arxiv_entry(1, extra=extra), visit).authors[0] == "C. Lämmerzahl"
    assert ":" not in one(arxiv_entry(1, extra=extra), visit).authors


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error in Lemma 2", True),
        ("Withdrawn", True),
        ("paper withdrawn", True),
        ("This submission has been withdrawn by arXiv administrators", True),
        ("Withdrawn from arXiv by the authors", True),
        ("Withdrawn from ICLR 2021 and sent to ICML", False),
        ("A previous version was withdrawn; this one is right", False),
        ("12 pages", False),
        ("", False),
    ],
)
def test_trap_21_a_withdrawn_paper_is_known_by_its_comment(visit, comment, expected):
    assert is_withdrawn(one(arxiv_entry(1, comment=comment), visit)) is expected


def test_trap_21_a_withdrawn_paper_is_left_out_and_told_of(site, http):
    entries = [arxiv_entry(1), arxiv_entry(2, comment="This paper has been withdrawn")]
    site.routes[PATH] = arxiv_list(entries)
    fetched = fetch(site, http)
    assert ids(fetched) == ["arxiv:2102.00001"]
    assert fetched.skipped == 0  # it could be read
    assert "arxiv:2102.00002: withdrawn" in fetched.warnings[0]


def test_entries_that_lack_what_a_paper_needs_are_skipped_and_counted(site, http):
    bad = "<entry><id>http://example.org/1</id><title>No paper</title><published>x</published></entry>"
    untitled = arxiv_entry(2, title=" ")
    site.routes[PATH] = arxiv_list([arxiv_entry(1), bad, untitled])
    fetched = fetch(site, http)
    assert ids(fetched) == ["arxiv:2102.00001"]
    assert fetched.skipped == 2
    assert "2 entries skipped" in fetched.warnings[0]


def test_where_no_entry_can_be_read_it_is_an_error(site, http):
    site.routes[PATH] = arxiv_list([arxiv_entry(1, title=""), arxiv_entry(2, title="")])
    fetched = fetch(site, http)
    assert isinstance(fetched.error, ParseError)
    assert "none of 2 entries" in fetched.error.message


# -- the query and its pages ------------------------------------------------------------------------------------------


def test_trap_18_the_query_names_categories_and_the_window_in_minutes_of_gmt(site, http):
    site.routes[PATH] = arxiv_list([])
    fetch(site, http)
    query = site.asked[0].query
    assert query["search_query"] == (
        "(cat:cs.LG OR cat:stat.ML) AND submittedDate:[202102040000 TO 202102142359]"
    )
    assert (query["sortBy"], query["sortOrder"]) == ("submittedDate", "descending")
    assert query["max_results"] == "40"


def test_all_pages_are_read_and_each_paper_comes_once(site, http):
    starts = []
    site.routes[PATH] = arxiv_list(papers(95), pages=starts)
    fetched = fetch(site, http)
    assert len(fetched.items) == 95
    assert (fetched.error, fetched.warnings) == (None, ())
    assert starts == [0, 38, 76]  # each page overlaps the one before a little


def test_papers_outside_the_window_are_left_out(site, http):
    site.routes[PATH] = arxiv_list(
        [arxiv_entry(1, day=15), arxiv_entry(2, day=5), arxiv_entry(3, day=3)]
    )
    assert ids(fetch(site, http)) == ["arxiv:2102.00002"]


def test_trap_03_an_empty_page_in_the_middle_is_asked_for_again(site, http):
    full = arxiv_list(papers(95))
    lost = []

    def answer(asked):
        if asked.query["start"] == "38" and not lost:
            lost.append(1)
            return Answer(arxiv_feed([], 95))
        return full(asked)

    site.routes[PATH] = answer
    fetched = fetch(site, http)
    assert len(fetched.items) == 95
    assert fetched.warnings == ()


def test_trap_04_an_empty_first_page_is_asked_for_again(site, http):
    site.routes[PATH] = [Answer(arxiv_feed([], 2)), Answer(arxiv_feed(papers(2), 2))]
    assert len(fetch(site, http).items) == 2


def test_trap_04_a_list_that_stays_empty_against_its_total_is_an_error(site, http):
    site.routes[PATH] = Answer(arxiv_feed([], 250))
    error = fetch(site, http).error
    assert isinstance(error, ParseError)
    assert "names 250 papers and serves none" in error.message


def test_a_window_without_papers_is_no_error(site, http):
    site.routes[PATH] = Answer(arxiv_feed([], 0))
    fetched = fetch(site, http)
    assert (fetched.items, fetched.error, len(site.asked)) == ((), None, 1)


def test_trap_05_what_is_served_is_kept_though_the_total_promised_more(site, http):
    site.routes[PATH] = arxiv_list(papers(70), total=90)
    fetched = fetch(site, http)
    assert len(fetched.items) == 70
    assert fetched.error is None
    assert "names 90 papers of the window and served 70" in fetched.warnings[0]


@pytest.mark.parametrize("total", [0, 10])
def test_trap_06_a_total_that_is_too_small_does_not_end_the_pages(site, http, total):
    site.routes[PATH] = arxiv_list(papers(95), total=total)
    assert len(fetch(site, http).items) == 95


def test_trap_06_a_missing_total_does_not_end_the_pages(site, http):
    entries = papers(95)
    site.routes[PATH] = lambda asked: Answer(
        arxiv_feed(entries[int(asked.query["start"]) :][: int(asked.query["max_results"])])
    )
    assert len(fetch(site, http).items) == 95


def test_a_server_that_ignores_start_does_not_page_for_ever(site, http):
    site.routes[PATH] = Answer(arxiv_feed(papers(40), 500))
    fetched = fetch(site, http)
    assert len(fetched.items) == 40
    assert len(site.asked) == 2


def test_the_pace_holds_from_page_to_page(site):
    site.routes[PATH] = arxiv_list(papers(95))
    with Http(pace_s={"127.0.0.1": 0.05}, wall_clock=NOW.timestamp) as http:
        assert len(fetch(site, http).items) == 95
    times = [asked.at for asked in site.asked]
    assert len(times) == 3
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(times))


@pytest.mark.parametrize("status", [400, 200])
def test_trap_07_error_entry_is_no_paper(site, http, status):
    site.routes[PATH] = Answer(ARXIV_ERROR, status)
    fetched = fetch(site, http)
    assert fetched.items == ()
    assert isinstance(fetched.error, FetchError)
    assert "incorrect id format for abc" in fetched.error.message
    assert len(site.asked) == 1


def test_trap_10_an_answer_cut_in_the_middle_gives_whole_entries_and_the_rest_is_asked_for(
    site, http
):
    full = arxiv_list(papers(30))

    def answer(asked):
        content = full(asked).body
        return Answer(content[: len(content) * 2 // 3] if asked.query["start"] == "0" else content)

    site.routes[PATH] = answer
    fetched = fetch(site, http)
    assert ids(fetched) == [f"arxiv:2102.{n:05d}" for n in range(30)]
    assert all(item.text == "An abstract." for item in fetched.items)
    assert fetched.error is None
    assert "break off" in fetched.warnings[0]
    assert all(receipt.etag is None for receipt in fetched.receipts)


def test_trap_10_an_answer_that_is_whole_at_the_next_try_costs_nothing(site, http):
    content = arxiv_feed(papers(30), 30)
    site.routes[PATH] = [Answer(content[:900]), Answer(content)]
    fetched = fetch(site, http)
    assert len(fetched.items) == 30
    assert fetched.warnings == ()


def test_trap_11_a_maintenance_page_is_an_error_not_an_empty_week(site, http):
    site.routes[PATH] = Answer("<!doctype html><html><body>down</body></html>")
    fetched = fetch(site, http)
    assert isinstance(fetched.error, ParseError)
    assert "something else than Atom" in fetched.error.message
    assert len(site.asked) == 3


def test_trap_17_a_list_that_moves_while_it_is_read_loses_nothing(site, http):
    """Two papers vanish from the top between the first page and the second."""
    entries = papers(95)

    def answer(asked):
        start, size = int(asked.query["start"]), int(asked.query["max_results"])
        now = entries if start == 0 else entries[2:]
        return Answer(arxiv_feed(now[start : start + size], len(now)))

    site.routes[PATH] = answer
    fetched = fetch(site, http)
    assert len(fetched.items) == 95
    assert len(set(ids(fetched))) == 95


def test_trap_19_a_list_too_long_to_page_through_is_asked_for_in_halves(site, http):
    """Beyond start 10,000 the real server may fail; each half of the window is a list of its own."""
    windows = []

    def answer(asked):
        window = asked.query["search_query"].split("submittedDate:")[1]
        if window not in windows:
            windows.append(window)
        if len(windows) == 1:
            return Answer(arxiv_feed(papers(40), 12_000))
        return Answer(
            arxiv_feed([arxiv_entry(len(windows), day=12 if len(windows) == 2 else 5)], 1)
        )

    site.routes[PATH] = answer
    fetched = fetch(site, http, max_items=30_000)
    assert windows[1:] == [
        "[202102091200 TO 202102142359]",
        "[202102040000 TO 202102091159]",
    ]
    assert len(fetched.items) == 2


def test_no_more_than_max_items_are_kept_and_it_is_said(site, http):
    starts = []
    site.routes[PATH] = arxiv_list(papers(95), pages=starts)
    fetched = fetch(site, http, max_items=30)
    assert ids(fetched) == [f"arxiv:2102.{n:05d}" for n in range(30)]
    assert "only the newest 30" in fetched.warnings[0]
    assert starts == [0]


def test_what_came_before_a_failure_is_kept(site, http):
    full = arxiv_list(papers(95))
    site.routes[PATH] = lambda asked: (
        full(asked) if asked.query["start"] == "0" else Answer("no", 403)
    )
    fetched = fetch(site, http)
    assert len(fetched.items) == 40
    assert isinstance(fetched.error, FetchError)
    assert fetched.error.status == 403


# -- by id ------------------------------------------------------------------------------------------------------------


def by_id(known, bad=()):
    def answer(asked):
        wanted = asked.query["id_list"].split(",")
        if any(i in bad for i in wanted):
            return Answer(ARXIV_ERROR, 400)
        found = [arxiv_entry(arxiv_id=i, day=1) for i in reversed(wanted) if i in known]
        return Answer(arxiv_feed(found, len(found)))

    return answer


def test_trap_08_papers_by_id_are_matched_by_id_and_the_unknown_named(site, http):
    known = ["2002.08484", "2102.06171", "math/0611800"]
    site.routes[PATH] = by_id(known)
    fetched = collect_linked([*known, "2102.99999"], source(site), http)
    assert ids(fetched) == [
        f"arxiv:{i}" for i in known
    ]  # whatever their date, in the order asked for
    assert fetched.error is None
    assert "no paper '2102.99999'" in fetched.warnings[0]


def test_trap_09_a_malformed_id_is_never_sent(site, http):
    site.routes[PATH] = by_id(["2002.08484"])
    fetched = collect_linked(["2002.08484", "2313.00001", "price 2024.1000"], source(site), http)
    assert ids(fetched) == ["arxiv:2002.08484"]
    assert [asked.query["id_list"] for asked in site.asked] == ["2002.08484"]
    assert "not arXiv ids" in fetched.warnings[0]


def test_trap_09_one_id_that_the_server_refuses_does_not_cost_the_others(site, http):
    known = ["2002.08484", "2102.06171", "2102.03902"]
    site.routes[PATH] = by_id(known, bad=["2102.00000"])
    fetched = collect_linked([*known, "2102.00000"], source(site), http)
    assert ids(fetched) == [f"arxiv:{i}" for i in known]
    assert fetched.error is None
    assert "incorrect id format" in fetched.warnings[0]


@pytest.mark.parametrize(
    "good", ["2102.06171", "0704.0001", "math/0611800", "cs.LG/0601001", "hep-th/9901001"]
)
def test_ids_of_both_times_are_known(good):
    assert is_id(good)


@pytest.mark.parametrize(
    "bad", ["2313.00001", "2102.06171v2", "2102.061", "abs/2102.06171", "", "math/06118"]
)
def test_trap_75_what_only_looks_like_an_id_is_none(bad):
    assert not is_id(bad)
