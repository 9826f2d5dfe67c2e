"""Notes of OpenReview's venues."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import collect
from digest.collect.openreview import PAGE_SIZE, REVIEW_TIME, parse_page
from digest.errors import FetchError
from digest.identity import canonical_url
from digest.sources import OpenReviewSource
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes_json import MONDAY, as_json, note
from tests.loopback import Answer

VENUE = "ICLR.cc/2021/Conference"
SOURCE = OpenReviewSource(kind="openreview", venues=(VENUE,))
DAY = 24 * 3600


@pytest.fixture
def fetch(site, http):
    def fetch(*, venues=(VENUE,), **fields):
        source = OpenReviewSource(kind="openreview", url=site.url, venues=venues, **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


def pages(notes):
    """A route that pages through ``notes``."""

    def answer(asked):
        start, size = int(asked.query["offset"]), int(asked.query["limit"])
        return as_json({"notes": notes[start : start + size], "count": len(notes)})

    return answer


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_note_of_either_version_of_the_api_becomes_a_paper(visit, is_wrapped):
    (item,) = parse_page([note(wrapped=is_wrapped)], VENUE, SOURCE, visit)

    assert ("openreview:abcD-12", "paper") == (item.id, item.kind)
    assert "https://openreview.net/forum?id=abcD-12" == item.url == canonical_url(item.url)
    assert "A submission with $a<b$" == item.title
    assert "We show a thing.\n\nAnd another." == item.text
    assert ("Ada Example", "Bo Muster") == item.authors
    assert ("vision", "theory") == item.categories
    assert "ICLR 2021 Poster" == item.note
    assert datetime(2021, 2, 8, 12, tzinfo=UTC) == item.published


@pytest.mark.parametrize("name", ["pdate", "odate"])
def test_a_paper_is_published_when_it_was_accepted_or_shown_not_when_it_was_made(visit, name):
    (item,) = parse_page([note(made=MONDAY - 100 * DAY, **{name: MONDAY})], VENUE, SOURCE, visit)

    assert datetime(2021, 2, 8, 12, tzinfo=UTC) == item.published


def test_where_no_other_date_is_given_the_day_of_its_entry_counts(visit):
    (item,) = parse_page([note(cdate=None, tcdate=MONDAY)], VENUE, SOURCE, visit)

    assert datetime(2021, 2, 8, 12, tzinfo=UTC) == item.published


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {**note(), "content": None},
        {**note(), "content": {"title": {"value": ["a"]}}},
        {**note(), "forum": "../x", "id": None},
        {**note(), "cdate": "soon"},
        {**note(), "cdate": 10**30},
    ],
)
def test_a_note_without_id_title_or_date_is_skipped_and_counted(visit, broken):
    assert 1 == len(parse_page([broken, note()], VENUE, SOURCE, visit))
    assert 1 == len(visit.skip_reasons)


def test_only_what_was_published_in_the_window_is_given(site, fetch):
    old, late = SINCE - timedelta(seconds=1), UNTIL
    moments = (int(m.timestamp()) for m in (late, SINCE, old))
    notes = [note(f"note{n}", made=moment) for n, moment in enumerate(moments)]
    site.routes["/notes"] = pages(notes)
    fetched = fetch()

    assert ["openreview:note1"] == [item.id for item in fetched.items]
    assert {VENUE} == {asked.query["content.venueid"] for asked in site.asked}
    assert "cdate:desc" == site.asked[0].query["sort"]


def test_a_venue_of_thousands_is_read_until_its_notes_are_far_older_than_the_window(site, fetch):
    ages = [n * 3600 for n in range(3 * PAGE_SIZE)]  # 125 days, then much older ones
    made = [
        MONDAY - age - (0 if n < PAGE_SIZE else REVIEW_TIME.total_seconds())
        for n, age in enumerate(ages)
    ]
    site.routes["/notes"] = pages([note(f"n{n:06d}", made=int(m)) for n, m in enumerate(made)])
    fetched = fetch()

    assert ["0", "1000"] == [asked.query["offset"] for asked in site.asked]
    assert (108 + 1, None) == (len(fetched.items), fetched.error)


def test_a_server_that_does_not_sort_is_read_to_the_end(site, fetch):
    notes = [note(f"n{n:06d}", made=MONDAY - 1000 * DAY + n) for n in range(PAGE_SIZE)]
    site.routes["/notes"] = pages([*notes, note()])

    assert 1 == len(fetch().items)


def test_a_server_that_knows_no_offset_is_not_asked_forever(site, fetch):
    site.routes["/notes"] = as_json({"notes": [note(f"n{n:06d}") for n in range(PAGE_SIZE)]})

    assert (PAGE_SIZE, 2) == (len(fetch().items), len(site.asked))


def test_a_venue_without_notes_is_warned_of(site, fetch):
    site.routes["/notes"] = as_json({"notes": [], "count": 0})
    fetched = fetch()

    assert (None, ()) == (fetched.error, fetched.items)
    assert "check venues:" in fetched.warnings[0]


def test_a_paper_at_two_venues_is_one(site, fetch):
    site.routes["/notes"] = pages([note()])

    assert 1 == len(fetch(venues=(VENUE, "TMLR")).items)


def test_no_more_than_max_items_are_given_and_that_is_told(site, fetch):
    site.routes["/notes"] = pages([note(f"note{n}") for n in range(9)])
    fetched = fetch(max_items=4)

    assert 4 == len(fetched.items)
    assert "only 4 papers are kept" in fetched.warnings[0]


def test_a_limit_for_guests_is_an_error_with_what_came_before(site, fetch):
    refused = Answer('{"name":"RateLimitError"}', 429, {"Retry-After": "1800"})
    site.routes["/notes"] = [as_json({"notes": [note()]}), refused]
    fetched = fetch(venues=(VENUE, "TMLR"))

    assert (1, 429) == (len(fetched.items), fetched.error.status)
    assert isinstance(fetched.error, FetchError)
    assert "1800 s" in fetched.error.hint
