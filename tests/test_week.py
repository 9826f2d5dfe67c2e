"""Weeks: parsing, borders, and the date an issue carries."""

from datetime import UTC, date, datetime

import pytest

from digest.week import Week


def test_a_week_runs_from_monday_to_monday_in_utc():
    week = Week.parse("2021-W06")

    assert (datetime(2021, 2, 8, tzinfo=UTC), datetime(2021, 2, 15, tzinfo=UTC)) == (
        week.start,
        week.end,
    )


def test_the_look_back_reaches_the_first_papers_of_mondays_mailing():
    assert datetime(2021, 2, 4, tzinfo=UTC) == Week.parse("2021-W06").since


@pytest.mark.parametrize(
    "text", ["2021-W54", "2021-06", "W06", "", "2021-W00", "21-W06", "2021-W006"]
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError):
        Week.parse(text)


@pytest.mark.parametrize("text", ["2021-W06", "2021W06", " 2021-w6 "])
def test_a_week_is_written_in_one_way_however_it_was_read(text):
    assert "2021-W06" == str(Week.parse(text))


def test_week_53_and_the_turn_of_the_year():
    assert "2020-W53" == str(Week.parse("2021-W01").previous())
    assert "2020/w53" == Week.of(date(2021, 1, 3)).slug


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2021, 2, 14, 23, 59, tzinfo=UTC), "2021-W05"),  # Sunday: W06 is not over
        (datetime(2021, 2, 15, 0, 0, tzinfo=UTC), "2021-W06"),
    ],
)
def test_the_last_full_week_is_over(now, week):
    assert week == str(Week.last_full(now))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2021, 2, 13, 18, tzinfo=UTC), date(2021, 2, 13)),  # the lecturer, on Saturday
        (datetime(2021, 2, 15, 7, tzinfo=UTC), date(2021, 2, 15)),  # cron, on Monday
        (datetime(2026, 1, 1, tzinfo=UTC), date(2021, 2, 15)),  # a late rebuild
    ],
)
def test_an_issue_is_never_dated_later_than_the_monday_after_its_week(now, day):
    assert day == Week.parse("2021-W06").issue_date(now)
