"""The weeks of a source: what came, when it was asked, and since when it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import FetchError
from digest.health import SourceHistory, WeekCount
from digest.week import Week
from tests.store.make import NOW, fetched, item

WEEKS = tuple(Week.parse(f"2021-W{n:02d}") for n in (4, 5, 6))
DAY = timedelta(days=1)


def of_week(number, *items, week=WEEKS[2], **fields):
    """A fetch of ``week`` as the run on the Monday after it makes."""
    window = {"since": week.since, "until": week.end}
    return fetched(*items, source="Blog", **(window | fields))


def post(n, published):
    return item(f"feed:{n}", source="Blog", kind="post", published=published)


def test_a_source_that_was_never_asked_has_empty_weeks_and_no_dates(store):
    weeks = tuple(WeekCount(week=str(w), items=0, is_fetched=False) for w in WEEKS)

    assert (SourceHistory(name="Blog", weeks=weeks),) == store.source_histories(["Blog"], WEEKS)


def test_items_count_in_the_week_of_their_publication_to_the_second(store):
    start = WEEKS[2].start
    store.save_fetched(
        of_week(6, post(1, start - timedelta(seconds=1)), post(2, start), post(3, start + DAY)),
        now=NOW,
    )
    [history] = store.source_histories(["Blog"], WEEKS)

    assert [0, 1, 2] == [w.items for w in history.weeks]


def test_an_item_without_a_date_counts_in_the_week_of_its_first_sight(store):
    store.save_fetched(of_week(6, post(1, None)), now=WEEKS[1].start + DAY)
    store.save_fetched(of_week(6, post(1, None)), now=WEEKS[2].start + DAY)
    [history] = store.source_histories(["Blog"], WEEKS)

    assert [0, 1, 0] == [w.items for w in history.weeks]


def test_an_item_that_two_sources_brought_counts_for_both_and_names_keep_their_order(store):
    store.save_fetched(fetched(item(source="A"), source="A"), now=NOW)
    store.save_fetched(fetched(item(source="B"), source="B"), now=NOW)

    assert [("B", 1), ("C", 0), ("A", 1)] == [
        (h.name, h.weeks[-1].items) for h in store.source_histories(["B", "C", "A"], WEEKS)
    ]


def test_a_fetch_belongs_to_the_week_in_which_its_window_ends(store):
    monday = WEEKS[2].end + timedelta(hours=7)
    store.save_fetched(of_week(6), now=monday)
    [history] = store.source_histories(["Blog"], WEEKS)

    assert [False, False, True] == [w.is_fetched for w in history.weeks]


def test_a_week_in_which_every_fetch_failed_is_told_from_one_that_was_not_fetched(store):
    dead = {"error": FetchError("Blog", "HTTP 503")}
    store.save_fetched(of_week(5, week=WEEKS[1], **dead), now=NOW - 7 * DAY)
    store.save_fetched(of_week(6, **dead), now=NOW)
    store.save_fetched(of_week(6), now=NOW + DAY)
    [history] = store.source_histories(["Blog"], WEEKS)

    assert [(False, False), (False, True), (True, False)] == [
        (w.is_fetched, w.is_failed) for w in history.weeks
    ]


def test_a_failing_source_fails_since_the_first_failure_after_its_last_success(store):
    dead = {"error": FetchError("Blog", "HTTP 503", hint="wait")}
    store.save_fetched(of_week(6, **dead), now=NOW - 9 * DAY)
    store.save_fetched(of_week(6), now=NOW - 8 * DAY)
    for days in (7, 3, 1):
        store.save_fetched(of_week(6, **dead), now=NOW - days * DAY)
    [history] = store.source_histories(["Blog"], WEEKS)

    assert (NOW - 8 * DAY, NOW - 7 * DAY, NOW - DAY, "HTTP 503", "wait") == (
        history.last_success,
        history.failing_since,
        history.last_attempt,
        history.error,
        history.hint,
    )


def test_a_source_that_never_worked_fails_since_its_first_fetch_and_one_that_works_since_never(
    store,
):
    dead = {"error": FetchError("Blog", "HTTP 503")}
    store.save_fetched(of_week(6, **dead), now=NOW - DAY)
    store.save_fetched(of_week(6, **dead), now=NOW)
    assert NOW - DAY == store.source_histories(["Blog"], WEEKS)[0].failing_since

    store.save_fetched(of_week(6), now=NOW + DAY)
    [history] = store.source_histories(["Blog"], WEEKS)

    assert (None, NOW + DAY, "") == (history.failing_since, history.last_success, history.error)


def test_a_fetch_stored_before_windows_were_counts_for_its_week_and_the_one_before(store):
    store.save_fetched(fetched(source="Blog"), now=datetime(2021, 2, 13, tzinfo=UTC))
    [history] = store.source_histories(["Blog"], WEEKS)

    assert [False, True, True] == [w.is_fetched for w in history.weeks]


def test_no_week_is_an_error_of_the_caller(store):
    with pytest.raises(ValueError, match="at least one week"):
        store.source_histories(["Blog"], ())
