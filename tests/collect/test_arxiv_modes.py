"""Which of arXiv's services is asked, what stands in where one fails, and what is said of a quiet week."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from digest.collect import collect, collect_linked
from digest.net import Http
from digest.sources import ArxivSource
from tests.collect.arxiv_fakes import (
    OAI_PATH,
    RSS_ERROR,
    oai_by_id,
    oai_error,
    oai_list,
    oai_record,
    rss_feed,
    rss_paper,
)
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import arxiv_entry, arxiv_feed, arxiv_list
from tests.loopback import Answer

API_PATH, RSS_PATH = "/api/query", "/rss/cs.LG"
DOWN = Answer("Rate exceeded.", 429)


def source(site, **fields):
    values = {
        "kind": "arxiv",
        "categories": ("cs.LG",),
        "page_size": 40,
        "url": site.url + API_PATH,
        "oai_url": site.url + OAI_PATH,
        "rss_url": site.url + "/rss",
        **fields,
    }
    return ArxivSource(**values)


def fetch(site, http, *, since=SINCE, until=UNTIL, **fields):
    (fetched,) = collect([source(site, **fields)], http, since=since, until=until, environ={})
    return fetched


def ids(fetched):
    return [item.id for item in fetched.items]


def arxiv(*numbers):
    return [f"arxiv:2102.{n:05d}" for n in numbers]


@pytest.fixture
def up(site):
    """All three services answer, each with a paper of its own and one that all have."""
    site.routes[API_PATH] = arxiv_list([arxiv_entry(n, day=11) for n in (1, 9)])
    site.routes[OAI_PATH] = oai_list([oai_record(2), oai_record(9)])
    site.routes[RSS_PATH] = Answer(rss_feed(rss_paper(3), rss_paper(9)))
    return site


# -- the mode ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "path", "expected"),
    [
        ("api", API_PATH, arxiv(1, 9)),
        ("oai", OAI_PATH, arxiv(2, 9)),
        ("rss", RSS_PATH, arxiv(3, 9)),
    ],
)
def test_the_mode_says_which_service_is_asked_and_no_other_is(up, http, mode, path, expected):
    fetched = fetch(up, http, mode=mode)
    assert (expected, None, ()) == (ids(fetched), fetched.error, fetched.warnings)
    assert {path} == set(up.paths())


def test_trap_20_a_page_of_no_papers_can_never_be_asked_for(up, http):
    with pytest.raises(ValidationError, match="page_size"):
        source(up, page_size=0)
    assert () == collect_linked([], source(up), http).items
    assert [] == up.asked


# -- what stands in ---------------------------------------------------------------------------------------------------


def test_where_the_api_fails_oai_stands_in_and_the_run_is_complete(up, http):
    up.routes[API_PATH] = DOWN
    fetched = fetch(up, http)
    assert (arxiv(2, 9), None) == (ids(fetched), fetched.error)
    assert ("the query API fails (HTTP 429); read by OAI-PMH instead",) == fetched.warnings
    assert RSS_PATH not in up.paths()


def test_what_the_api_gave_before_it_failed_is_kept_and_nothing_comes_twice(up, http):
    pages = arxiv_list([arxiv_entry(n, day=11) for n in range(60)])
    up.routes[API_PATH] = lambda asked: pages(asked) if asked.query["start"] == "0" else DOWN
    up.routes[OAI_PATH] = oai_list([oai_record(n) for n in range(30, 60)], size=50)
    fetched = fetch(up, http)
    assert arxiv(*range(60)) == ids(fetched)
    assert None is fetched.error


def test_max_items_holds_over_all_services(up, http):
    pages = arxiv_list([arxiv_entry(n, day=11) for n in range(60)])
    up.routes[API_PATH] = lambda asked: pages(asked) if asked.query["start"] == "0" else DOWN
    up.routes[OAI_PATH] = oai_list([oai_record(n) for n in range(30, 60)], size=50)
    fetched = fetch(up, http, max_items=45)
    assert arxiv(*range(45)) == ids(fetched)
    assert "only the newest 45 papers are kept; raise max_items for all" in fetched.warnings


def test_rss_stands_in_last_and_leaves_the_run_partial(up, http):
    up.routes[API_PATH], up.routes[OAI_PATH] = DOWN, Answer("no", 403)
    fetched = fetch(up, http)
    assert arxiv(3, 9) == ids(fetched)
    assert 429 == fetched.error.status
    assert fetched.error.message.endswith(
        "HTTP 429, 4 times; OAI-PMH fails (HTTP 403) too; RSS stood in, with the latest announcement alone"
    )


def test_where_all_fail_the_first_error_is_raised_and_names_the_others_in_one_line(up, http):
    up.routes[API_PATH] = Answer("<html><body>down</body></html>")
    up.routes[OAI_PATH], up.routes[RSS_PATH] = DOWN, Answer(RSS_ERROR, 400)
    fetched = fetch(up, http)
    assert () == fetched.items
    assert (
        "arXiv answers with something else than Atom; OAI-PMH fails (HTTP 429) too; "
        "RSS fails (arXiv's RSS has no category cs.LG: Bad subject class 'XX'.) too"
    ) == fetched.error.message


def test_an_error_of_oai_with_status_200_lets_the_next_stand_in(up, http):
    up.routes[OAI_PATH] = Answer(oai_error("cannotDisseminateFormat"))
    fetched = fetch(up, http, mode="oai", fallbacks=("api",))
    assert arxiv(1, 9) == ids(fetched)
    (warning,) = fetched.warnings
    assert warning.startswith("OAI-PMH fails (OAI-PMH refuses cs.LG (cannotDisseminateFormat)")
    assert warning.endswith("; read by the query API instead")


def test_a_full_service_after_rss_makes_the_run_complete(up, http):
    up.routes[API_PATH] = DOWN
    fetched = fetch(up, http, fallbacks=("rss", "oai"))
    assert (arxiv(3, 9, 2), None) == (ids(fetched), fetched.error)


@pytest.mark.parametrize(
    "fields",
    [{"fallbacks": ()}, {"fallbacks": ("api",)}, {"oai_url": None, "rss_url": None}],
    ids=["none wanted", "itself", "no address"],
)
def test_nothing_stands_in_that_is_not_asked_for(up, http, fields):
    up.routes[API_PATH] = Answer("no", 403)
    fetched = fetch(up, http, **fields)
    assert [API_PATH] == up.paths()
    assert (403, "HTTP 403") == (fetched.error.status, fetched.error.message[-8:])


def test_a_paper_that_two_services_call_withdrawn_is_told_of_once(up, http):
    gone = [
        arxiv_entry(1, day=11, comment="This paper has been withdrawn"),
        *map(arxiv_entry, range(2, 60)),
    ]
    pages = arxiv_list(gone)
    up.routes[API_PATH] = lambda asked: pages(asked) if asked.query["start"] == "0" else DOWN
    up.routes[OAI_PATH] = oai_list([oai_record(1, kinds="I"), oai_record(2)])
    warnings = fetch(up, http).warnings
    assert 1 == sum("withdrawn" in warning for warning in warnings)


# -- by id ------------------------------------------------------------------------------------------------------------


def test_papers_by_id_are_looked_up_by_oai_where_the_api_fails(up, http):
    up.routes[API_PATH] = DOWN
    up.routes[OAI_PATH] = oai_by_id({"2002.08484": oai_record(arxiv_id="2002.08484")})
    fetched = collect_linked(["2002.08484"], source(up), http)
    assert (["arxiv:2002.08484"], None) == (ids(fetched), fetched.error)
    assert ("the query API fails (HTTP 429); read by OAI-PMH instead",) == fetched.warnings


def test_papers_by_id_fail_with_the_first_error_where_nothing_stands_in(up, http):
    up.routes[API_PATH], up.routes[OAI_PATH] = DOWN, Answer("no", 403)
    error = collect_linked(["2002.08484"], source(up), http).error
    assert (429, True) == (error.status, error.message.endswith("; OAI-PMH fails (HTTP 403) too"))


def test_rss_cannot_look_up_papers_and_it_is_said(up, http):
    rss_alone = source(up, mode="rss", url=None, oai_url=None)
    fetched = collect_linked(["2002.08484"], rss_alone, http)
    assert ((), None) == (fetched.items, fetched.error)
    assert "set url: or oai_url:" in fetched.warnings[0]
    assert [] == up.asked


# -- quiet weeks ------------------------------------------------------------------------------------------------------

HOLIDAY = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize("mode", ["api", "oai"])
def test_a_holiday_without_a_paper_is_noted_and_no_warning(up, mode):
    up.routes[API_PATH], up.routes[OAI_PATH] = arxiv_list([]), oai_list([])
    since, until = HOLIDAY
    with Http(wall_clock=until.timestamp) as http:
        fetched = fetch(up, http, since=since, until=until, mode=mode)
    assert (None, ()) == (fetched.error, fetched.warnings)
    assert "no announcements on 26 Nov (Thanksgiving)" == fetched.note


@pytest.mark.parametrize("mode", ["api", "oai"])
def test_a_week_of_announcements_without_a_paper_is_a_warning(up, http, mode):
    up.routes[API_PATH], up.routes[OAI_PATH] = arxiv_list([]), oai_list([])
    fetched = fetch(up, http, mode=mode)
    assert (None, "") == (fetched.error, fetched.note)
    assert (
        "no paper came, though arXiv announced 6 times: its index lags, or categories: is wrong",
    ) == fetched.warnings


def test_an_index_that_lags_is_told_of_with_the_day_of_its_newest_paper(up, http):
    up.routes[API_PATH] = arxiv_list([arxiv_entry(n, day=8) for n in range(30)])
    fetched = fetch(up, http)
    assert (
        "arXiv's index lags: the newest paper is of 8 Feb, and 3 announcements came since",
    ) == fetched.warnings


def test_a_window_that_is_not_over_is_judged_up_to_now(up):
    up.routes[API_PATH] = arxiv_list([arxiv_entry(n, day=8) for n in range(30)])
    with Http(wall_clock=datetime(2021, 2, 10, 0, tzinfo=UTC).timestamp) as http:
        assert () == fetch(up, http).warnings


def test_papers_that_cannot_be_read_are_no_lag_of_the_index(up, http):
    up.routes[API_PATH] = Answer(arxiv_feed([arxiv_entry(1, title="")], 1))
    fetched = fetch(up, http)
    assert "none of 1 entries could be read" in fetched.error.message
    assert 1 == len(fetched.warnings)


def test_the_feed_of_a_morning_says_nothing_of_the_week(up):
    with Http(wall_clock=NOW.timestamp) as http:
        fetched = fetch(up, http, mode="rss")
    assert ((), "") == (fetched.warnings, fetched.note)
