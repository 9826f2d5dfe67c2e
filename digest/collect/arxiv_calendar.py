"""When arXiv announces papers, and so when silence is as it should be and when something is missing.

New papers are announced at 20:00 US/Eastern from Sunday to Thursday, except on some holidays; what comes in until 14:00
on a weekday is announced that evening, Friday's on Sunday. In UTC that is the next day, at 00:00 or 01:00 by season.
Source: https://info.arxiv.org/help/availability.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
CUTOFF = time(14)  #: of submissions, Monday to Friday
EVENING = time(20)  #: of announcements
DAY = timedelta(days=1)

#: Announcements that may be missing without an alarm: the index takes a night, and moderation holds papers back.
USUAL_DELAY = 1
#: Papers that the missing announcements must have had, at the rate of those before: were they spread by chance, six
#: expected and none come happens once in four hundred weeks. A narrow category never gets there.
EXPECTED_PAPERS = 6

#: Evenings without an announcement. arXiv fixes them year by year; of a year that is not here, weekends alone are known.
NO_ANNOUNCEMENTS: Mapping[date, str] = {
    date(2024, 1, 15): "Martin Luther King Jr. Day",
    date(2024, 5, 22): "arXiv's own day off",
    date(2024, 6, 19): "Juneteenth",
    date(2024, 7, 4): "Independence Day",
    date(2024, 9, 2): "Labor Day",
    date(2024, 10, 8): "arXiv's own day off",
    date(2024, 11, 28): "Thanksgiving",
    date(2024, 12, 25): "Christmas",
    date(2024, 12, 26): "Christmas",
    date(2024, 12, 31): "New Year",
    date(2025, 1, 1): "New Year",
    date(2025, 1, 20): "Martin Luther King Jr. Day",
    date(2025, 6, 19): "Juneteenth",
    date(2025, 7, 6): "Independence Day",
    date(2025, 9, 1): "Labor Day",
    date(2025, 11, 27): "Thanksgiving",
    date(2025, 12, 25): "Christmas",
    date(2025, 12, 30): "New Year",
    date(2026, 1, 1): "New Year",
    date(2026, 1, 19): "Martin Luther King Jr. Day",
    date(2026, 6, 19): "Juneteenth",
    date(2026, 7, 3): "Independence Day",
    date(2026, 9, 7): "Labor Day",
    date(2026, 11, 26): "Thanksgiving",
    date(2026, 12, 25): "Christmas",
    date(2026, 12, 29): "New Year",
    date(2026, 12, 31): "New Year",
}


def why_none(day: date) -> str:
    """Why nothing is announced on the evening of ``day`` (US/Eastern), "Thanksgiving" or "Friday"; "" where it is."""
    if day in NO_ANNOUNCEMENTS:
        return NO_ANNOUNCEMENTS[day]
    return {4: "Friday", 5: "Saturday"}.get(day.weekday(), "")


def announcements(since: datetime, until: datetime) -> tuple[datetime, ...]:
    """The announcements due with ``since <= announcement < until``, in UTC and in order."""
    first = since.astimezone(EASTERN).date()
    evenings = []
    for n in range((until.astimezone(EASTERN).date() - first).days + 1):
        moment = _eastern(first + n * DAY, EVENING)
        if since <= moment < until and not why_none(first + n * DAY):
            evenings.append(moment)
    return tuple(evenings)


def announcement_of(submitted: datetime) -> datetime:
    """The announcement, in UTC, that carries a paper submitted then, if moderation does not hold it back."""
    local = submitted.astimezone(EASTERN)
    day = local.date() + DAY if local.time() >= CUTOFF else local.date()
    while day.weekday() in (5, 6):
        day += DAY
    while why_none(day):
        day += DAY
    return _eastern(day, EVENING)


def latest_submission(announced: datetime) -> datetime:
    """The last moment, in UTC, at which a paper can have been submitted that was new on arXiv's pages at ``announced``."""
    day = announced.astimezone(EASTERN).date()
    if _eastern(day, EVENING) > announced:
        day -= DAY
    while why_none(day):
        day -= DAY
    while day.weekday() in (5, 6):
        day -= DAY
    return _eastern(day, CUTOFF)


def why_quiet(since: datetime, until: datetime) -> str:
    """Why no paper submitted from ``since`` on can have been announced before ``until``; "" where one can."""
    due = announcement_of(since)
    if due < until:
        return ""
    day, last = since.astimezone(EASTERN).date(), due.astimezone(EASTERN).date()
    days = []
    while day < last and _eastern(day, time()) < until:
        if reason := why_none(day):
            days.append(f"{_date(day)} ({reason})")
        day += DAY
    if days:
        return f"no announcements on {', '.join(days)}"
    return f"the first papers of this window are announced on {_date(last)}"


def lag(published: Sequence[datetime], since: datetime, until: datetime) -> str:
    """What must be missing from the papers of a window, given their dates of submission; "" where nothing need be."""
    due = announcements(announcement_of(since), until)
    if not published:
        if len(due) <= USUAL_DELAY:
            return ""
        return f"no paper came, though arXiv announced {len(due)} times: its index lags, or categories: is wrong"
    newest = max(published)
    missing = [evening for evening in due if evening > announcement_of(newest)]
    per_announcement = len(published) / max(1, len(due) - len(missing))
    if len(missing) <= USUAL_DELAY or len(missing) * per_announcement < EXPECTED_PAPERS:
        return ""
    day = _date(newest.astimezone(UTC).date())
    return f"arXiv's index lags: the newest paper is of {day}, and {len(missing)} announcements came since"


def _eastern(day: date, at: time) -> datetime:
    return datetime.combine(day, at, EASTERN).astimezone(UTC)


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"
