"""When arXiv announces, and what silence means; every expected moment was read off a wall calendar by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.collect.arxiv_calendar import (
    announcement_of,
    announcements,
    lag,
    latest_submission,
    why_none,
    why_quiet,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


# -- announcements ----------------------------------------------------------------------------------------------------


def test_a_week_has_five_announcements_from_sunday_to_thursday():
    found = announcements(utc(2021, 2, 8), utc(2021, 2, 15))
    assert [utc(2021, 2, day, 1) for day in (8, 9, 10, 11, 12)] == list(found)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(utc(2026, 1, 14), utc(2026, 1, 14, 1)), (utc(2026, 7, 15), utc(2026, 7, 15, 0))],
    ids=["winter", "summer"],
)
def test_trap_32_eight_in_the_evening_is_the_next_day_in_utc_and_moves_with_the_season(
    day, expected
):
    assert (expected,) == announcements(day, day + timedelta(hours=20))


def test_trap_32_the_week_of_the_change_of_clocks_has_both_hours():
    """Clocks went forward on Sunday 8 March 2026, before that evening's announcement."""
    found = announcements(utc(2026, 3, 5), utc(2026, 3, 11))
    expected = [
        utc(2026, 3, 5, 1),
        utc(2026, 3, 6, 1),
        utc(2026, 3, 9, 0),
        utc(2026, 3, 10, 0),
        utc(2026, 3, 11, 0),
    ]
    assert expected[:-1] == list(found)
    assert tuple(expected[-1:]) == announcements(utc(2026, 3, 11), utc(2026, 3, 11, 1))


def test_the_end_of_a_window_is_outside_it_and_its_start_inside():
    evening = utc(2021, 2, 9, 1)
    assert (evening,) == announcements(evening, evening + timedelta(minutes=1))
    assert () == announcements(evening - timedelta(minutes=1), evening)


def test_a_holiday_of_the_table_has_no_announcement():
    found = announcements(utc(2026, 11, 26), utc(2026, 12, 1))
    assert [utc(2026, 11, 26, 1), utc(2026, 11, 30, 1)] == list(found)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 11, 27), "Friday"),
        (date(2026, 11, 28), "Saturday"),
        (date(2026, 11, 29), ""),
        (date(2019, 11, 28), ""),  # of a year without a table, weekends alone are known
    ],
)
def test_an_evening_without_an_announcement_has_a_reason(day, expected):
    assert expected == why_none(day)


# -- which announcement carries a paper -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        (utc(2021, 2, 9, 18, 59), utc(2021, 2, 10, 1)),  # Tuesday 13:59 in New York: that evening
        (utc(2021, 2, 9, 19), utc(2021, 2, 11, 1)),  # at 14:00: the next one
        (utc(2021, 2, 11, 20), utc(2021, 2, 15, 1)),  # Thursday afternoon: Sunday
        (utc(2021, 2, 12, 20), utc(2021, 2, 16, 1)),  # Friday afternoon: Monday
        (utc(2021, 2, 14, 12), utc(2021, 2, 16, 1)),  # Sunday: Monday
        (utc(2026, 11, 26, 3), utc(2026, 11, 30, 1)),  # the night before Thanksgiving: Sunday
    ],
)
def test_a_paper_is_announced_on_the_evening_after_its_cut_off(submitted, announced):
    assert announced == announcement_of(submitted)


@pytest.mark.parametrize(
    ("midnight", "expected"),
    [
        (utc(2021, 2, 9, 5), utc(2021, 2, 8, 19)),  # Tuesday's feed: Monday 14:00
        (utc(2021, 2, 8, 5), utc(2021, 2, 5, 19)),  # Monday's feed: Friday 14:00
        (utc(2026, 7, 14, 4), utc(2026, 7, 13, 18)),  # in summer an hour earlier
        (utc(2026, 11, 30, 5), utc(2026, 11, 27, 19)),  # after Thanksgiving
        (utc(2026, 11, 27, 5), utc(2026, 11, 25, 19)),  # the holiday itself: Wednesday's still
    ],
)
def test_what_was_new_had_been_submitted_until_the_last_cut_off(midnight, expected):
    assert expected == latest_submission(midnight)


def test_each_paper_was_submitted_before_the_cut_off_of_its_own_announcement():
    start = utc(2026, 11, 1)
    for hours in range(24 * 70):
        submitted = start + timedelta(hours=hours)
        announced = announcement_of(submitted)
        assert submitted < latest_submission(announced) <= announced
        assert not announcements(submitted + timedelta(days=5), announced)


# -- silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (
            utc(2026, 11, 26),
            utc(2026, 11, 27),
            "no announcements on 26 Nov (Thanksgiving)",
        ),
        (
            utc(2026, 11, 27),
            utc(2026, 11, 29),
            "no announcements on 26 Nov (Thanksgiving), 27 Nov (Friday), 28 Nov (Saturday)",
        ),
        (
            utc(2021, 2, 9),
            utc(2021, 2, 10),
            "the first papers of this window are announced on 9 Feb",
        ),
        (utc(2021, 2, 4), utc(2021, 2, 15), ""),
    ],
)
def test_a_window_whose_papers_are_announced_after_it_is_quiet_for_a_reason(since, until, expected):
    assert expected == why_quiet(since, until)


SINCE, UNTIL = utc(2021, 2, 4), utc(2021, 2, 15)


def a_day_of(*days, count=20):
    return [utc(2021, 2, day, 12) for day in days for _ in range(count)]


def test_a_whole_window_without_a_paper_is_told_of():
    expected = (
        "no paper came, though arXiv announced 6 times: its index lags, or categories: is wrong"
    )
    assert expected == lag([], SINCE, UNTIL)


def test_one_announcement_may_be_missing_without_an_alarm():
    assert "" == lag([], utc(2021, 2, 9), utc(2021, 2, 11))
    assert "" == lag(a_day_of(4, 8, 9, 10), SINCE, UNTIL)


def test_a_newest_paper_that_two_announcements_came_after_is_an_alarm():
    expected = "arXiv's index lags: the newest paper is of 9 Feb, and 2 announcements came since"
    assert expected == lag(a_day_of(4, 5, 8, 9), SINCE, UNTIL)


def test_a_narrow_category_may_rest_for_days():
    assert "" == lag(a_day_of(4, 8, count=1), SINCE, UNTIL)


def test_a_window_that_reaches_its_end_lacks_nothing():
    assert "" == lag(a_day_of(4, 5, 8, 9, 10, 11, 12), SINCE, UNTIL)


def test_a_holiday_is_no_missing_announcement():
    published = [utc(2026, 11, 25, 12)] * 100
    assert "" == lag(published, utc(2026, 11, 23), utc(2026, 11, 29))
