"""What an issue says of its sources: a quiet week, a failure and a lasting one are three different things."""

from datetime import UTC, datetime

import pytest

from digest.health import SourceStatus, alarms, missing, state

REACHED = datetime(2021, 2, 6, 18, tzinfo=UTC)


def status(**fields):
    given = {"name": "A blog", "is_ok": True, "item_count": 3, "last_success": REACHED}
    return SourceStatus(**(given | fields))


FAILED = {"is_ok": False, "item_count": 0, "error": "HTTP 503", "hint": "run again later"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "complete"),
        ({"item_count": 0}, "reached, nothing new"),
        (
            {"item_count": 0, "note": "no announcements on 26 Nov"},
            "reached, nothing new; no announcements on 26 Nov",
        ),
        (
            {"item_count": 0, "usual_count": 12, "quiet_weeks": 1},
            "reached but empty; a usual week brings 12",
        ),
        (
            {"item_count": 0, "usual_count": 12, "quiet_weeks": 2},
            "reached but empty for 2 weeks; a usual week brings 12",
        ),
        (
            {"since": datetime(2021, 1, 25, tzinfo=UTC)},
            "complete; caught up from 25 Jan 2021 on",
        ),
        (
            {**FAILED, "failing_weeks": 1},
            "failed: HTTP 503 (run again later); last reached 6 Feb 2021",
        ),
        (
            {**FAILED, "failing_weeks": 3, "last_success": None},
            "failed for 3 weeks: HTTP 503 (run again later); never reached yet",
        ),
    ],
)
def test_the_state_tells_quiet_from_broken(fields, expected):
    assert expected == state(status(**fields))


def test_a_source_is_named_once_loudly_or_quietly():
    failing = status(name="Failing", **FAILED, failing_weeks=3)
    mute = status(name="Mute", item_count=0, usual_count=12, quiet_weeks=3)
    down = status(name="Down", **FAILED, failing_weeks=1)
    quiet = status(name="Quiet", item_count=0, usual_count=12, quiet_weeks=1)
    slow = status(name="Slow", item_count=0, usual_count=0, quiet_weeks=5)
    all_of_them = (failing, mute, down, quiet, slow, status())

    assert (
        "Failing has not been readable for 3 weeks, since 6 Feb 2021, so its news is missing here: HTTP 503.",
        "Mute has given nothing for 3 weeks, where a usual week brings 12; it may have moved or changed.",
    ) == alarms(all_of_them)
    assert (
        "Down could not be read since 6 Feb 2021.",
        "Quiet gave nothing; a usual week brings 12.",
    ) == missing(all_of_them)
