"""Fetches: validators for 304, and how each source fares."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.errors import FetchError, ParseError
from digest.health import SourceStatus
from digest.records import SaveCounts
from digest.store.sources import CATCH_UP
from digest.types import Validator
from digest.week import LOOK_BACK, Week
from tests.store.make import NOW, fetched, issue, item, receipt

URL = "https://x.org/feed"
LATER = NOW + timedelta(hours=1)


def test_validators_of_a_success_are_kept(store):
    store.save_fetched(fetched(receipts=(receipt(URL, etag='"a"', last_modified="Mon"),)), now=NOW)

    assert {URL: Validator(etag='"a"', last_modified="Mon")} == store.validators()


def test_after_a_failed_parse_the_server_is_not_asked_whether_anything_changed(store):
    broken = fetched(error=ParseError("A", "not a feed"), receipts=(receipt(URL, etag='"a"'),))

    store.save_fetched(broken, now=NOW)

    assert {} == store.validators()


def test_an_answer_without_validators_forgets_the_old_ones(store):
    store.save_fetched(fetched(receipts=(receipt(URL, etag='"a"'),)), now=NOW)
    store.save_fetched(fetched(receipts=(receipt(URL),)), now=LATER)

    assert {} == store.validators()


def test_a_304_keeps_validators_and_items(store):
    store.save_fetched(
        fetched(item(), receipts=(receipt(URL, etag='"a"', last_modified="Mon"),)), now=NOW
    )
    counts = store.save_fetched(
        fetched(is_unchanged=True, receipts=(receipt(URL, status=304, etag='"b"'),)), now=LATER
    )

    assert SaveCounts() == counts
    assert {URL: Validator(etag='"b"', last_modified="Mon")} == store.validators()
    assert (item(),) == store.items_by_id([item().id])


def test_what_came_before_a_failure_is_stored(store):
    store.save_fetched(
        fetched(item(), error=FetchError("arXiv", "timed out", hint="wait")), now=NOW
    )

    assert (item(),) == store.items_by_id([item().id])


def test_a_source_is_as_its_latest_attempt_with_its_last_good_time(store):
    store.save_fetched(fetched(item(), source="arXiv"), now=NOW)
    store.save_fetched(
        fetched(source="arXiv", error=FetchError("arXiv", "503", hint="try later")), now=LATER
    )

    assert (
        SourceStatus(
            name="arXiv",
            is_ok=False,
            item_count=1,
            last_success=NOW,
            error="503",
            hint="try later",
            checked=LATER,
            new_count=1,
            failing_weeks=1,
        ),
        SourceStatus(
            name="new",
            is_ok=False,
            item_count=0,
            last_success=None,
            error="not collected yet",
            quiet_weeks=1,
        ),
    ) == store.source_statuses(["arXiv", "new"], NOW - timedelta(days=7), LATER)


def test_a_source_that_works_again_has_no_error(store):
    store.save_fetched(fetched(error=FetchError("arXiv", "503", hint="try later")), now=NOW)
    store.save_fetched(fetched(), now=LATER)

    status = store.source_statuses(["arXiv"], NOW, LATER)[0]

    assert (True, "", "", LATER) == (status.is_ok, status.error, status.hint, status.last_success)


def test_an_earlier_moment_is_told_without_what_came_after_it(store):
    store.save_fetched(fetched(), now=NOW)
    store.save_fetched(fetched(error=FetchError("arXiv", "503", hint="try later")), now=LATER)

    (status,) = store.source_statuses(["arXiv"], NOW, LATER, as_of=NOW)

    assert (True, "", NOW) == (status.is_ok, status.error, status.last_success)


def test_a_fetch_keeps_what_it_brought(store):
    receipts = (receipt(URL, status=500, byte_count=4), receipt(URL, byte_count=900))
    store.save_fetched(fetched(item(), note="a holiday", receipts=receipts), now=NOW)
    store.save_fetched(fetched(item(), receipts=(receipt(URL, status=304),)), now=LATER)

    first, second = (
        store.source_statuses(["arXiv"], NOW, LATER, as_of=at)[0] for at in (NOW, LATER)
    )

    assert (1, 904, 200, "a holiday", NOW) == (
        first.new_count,
        first.byte_count,
        first.http_status,
        first.note,
        first.checked,
    )
    assert (1, "") == (second.new_count, second.note), "a rerun tells what the first run brought"


def test_trap_58_a_move_is_kept_from_a_good_fetch_only_and_forgotten_with_the_old_address_alive(
    store,
):
    moved = receipt("https://x.org/new", moved_from=URL)
    store.save_fetched(fetched(error=ParseError("arXiv", "no feed"), receipts=(moved,)), now=NOW)
    assert {} == store.moves()

    store.save_fetched(fetched(receipts=(moved,)), now=NOW)
    assert {URL: "https://x.org/new"} == store.moves()

    store.save_fetched(fetched(receipts=(receipt(URL),)), now=LATER)
    assert {} == store.moves()


def weekly(store, *oks, source="arXiv", hour=0):
    """One try a week, from NOW on, each a success or not."""
    for n, is_ok in enumerate(oks):
        error = None if is_ok else FetchError(source, "503")
        at = NOW + timedelta(days=7 * n, hours=-hour if n else 0)
        store.save_fetched(fetched(source=source, error=error, until=at), now=at)
    return at


@pytest.mark.parametrize(
    ("oks", "weeks", "is_alarming"),
    [
        ((True,), 0, False),
        ((True, False), 1, False),
        ((True, False, False), 2, False),
        ((True, False, False, False), 3, True),
        ((False, False, False), 3, True),
        ((False, False, False, True), 0, False),
        ((True, False, False, True, False), 1, False),
    ],
)
@pytest.mark.parametrize("hour", [0, 3])
def test_failing_weeks_are_those_since_the_last_success(store, oks, weeks, is_alarming, hour):
    at = weekly(store, *oks, hour=hour)

    (status,) = store.source_statuses(["arXiv"], at - timedelta(days=7), at)

    assert (weeks, is_alarming) == (status.failing_weeks, status.is_alarming)


def test_three_tries_on_one_day_are_no_three_weeks(store):
    for n in range(3):
        error = FetchError("arXiv", "503")
        store.save_fetched(fetched(error=error), now=NOW + timedelta(hours=n))

    (status,) = store.source_statuses(["arXiv"], NOW, LATER)

    assert (1, False) == (status.failing_weeks, status.is_alarming)


@pytest.mark.parametrize(
    ("weekly_items", "expected"),
    [
        ((5, 5, 5, 5, 4), (5, 0, False, False)),
        ((5, 5, 7, 5, 0), (5, 1, True, False)),
        ((5, 5, 5, 0, 0, 0), (5, 3, True, True)),
        ((1, 0, 0, 1, 0, 0, 0, 0), (0, 4, False, False)),
        ((0,), (None, 1, False, False)),
        ((9, 0), (None, 1, False, False)),
    ],
)
def test_a_source_that_falls_silent_is_told_from_one_that_is_often_quiet(
    store, weekly_items, expected
):
    for n, count in enumerate(weekly_items):
        at = NOW + timedelta(days=7 * n)
        found = [item(f"arxiv:{n}.{k}", published=at - timedelta(days=1)) for k in range(count)]
        store.save_fetched(fetched(*found), now=at)

    (status,) = store.source_statuses(["arXiv"], at - timedelta(days=7), at)

    assert expected == (
        status.usual_count,
        status.quiet_weeks,
        status.is_quiet,
        status.is_alarming,
    )


WEEK = Week(2021, 8)


def made(store, week=7, number=1, at=NOW):
    """An issue of a week in 2021, first composed ``at``."""
    slot = store.allot_issue(Week(2021, week), date=at.date(), created=at)
    store.save_issue(replace(issue(f"2021-W{week:02d}", number), created=slot.created))


def test_without_a_gap_the_window_is_the_week_with_its_look_back(store):
    end = Week(2021, 7).end
    store.save_fetched(fetched(until=end), now=end)
    made(store, at=end)

    assert {"arXiv": WEEK.since} == store.window_starts(["arXiv"], WEEK)


def test_before_the_first_issue_nothing_was_missed(store):
    store.save_fetched(fetched(until=NOW), now=NOW)

    assert {"arXiv": WEEK.since} == store.window_starts(["arXiv"], WEEK)


def test_a_missed_week_is_caught_up_with(store):
    end = Week(2021, 5).end
    store.save_fetched(fetched(until=end), now=end)
    made(store, week=5, at=end)

    assert {"arXiv": end - LOOK_BACK} == store.window_starts(["arXiv"], WEEK)


def test_a_source_that_was_down_is_caught_up_with_alone(store):
    for week in (6, 7):
        end = Week(2021, week).end
        error = FetchError("arXiv", "503") if week == 7 else None
        store.save_fetched(fetched(until=end, error=error), now=end)
        store.save_fetched(fetched(source="a blog", until=end), now=end)
    made(store, week=7, at=end)
    store.save_fetched(fetched(until=WEEK.end), now=WEEK.end)

    assert {"arXiv": Week(2021, 6).end - LOOK_BACK, "a blog": WEEK.since} == store.window_starts(
        ["arXiv", "a blog"], WEEK
    )


def test_a_new_source_is_not_caught_up_with(store):
    end = Week(2021, 4).end
    store.save_fetched(fetched(until=end), now=end)
    made(store, week=4, at=end)

    assert WEEK.since == store.window_starts(["new"], WEEK)["new"]


def test_catching_up_has_an_end(store):
    end = Week(2020, 40).end
    store.save_fetched(fetched(until=end), now=end)
    slot = store.allot_issue(Week(2020, 40), date=end.date(), created=end)
    store.save_issue(replace(issue("2020-W40"), created=slot.created))

    assert WEEK.start - CATCH_UP == store.window_starts(["arXiv"], WEEK)["arXiv"]


def test_items_of_a_window_that_reaches_back_are_those_of_its_source(store):
    start = Week(2021, 5).end
    early, late = start + timedelta(days=1), WEEK.start
    store.save_fetched(
        fetched(item("arxiv:1", published=early), item("arxiv:2", published=late)), now=NOW
    )
    blog = {"source": "a blog", "kind": "post"}
    store.save_fetched(
        fetched(
            item("feed:1", published=early, **blog),
            item("feed:2", published=late, **blog),
            source="a blog",
        ),
        now=NOW,
    )

    found = store.items(WEEK.since, WEEK.end, starts={"arXiv": start, "a blog": WEEK.since})

    assert ["arxiv:1", "arxiv:2", "feed:2"] == [i.id for i in found]
