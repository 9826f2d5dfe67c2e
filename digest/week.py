"""ISO weeks: the unit of the digest. Monday 00:00 UTC to the next Monday 00:00 UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: An arXiv paper submitted on Thursday after 14:00 US/Eastern is announced in the night to Monday, so the first
#: mailing of a week reaches back to the Thursday before it. Blogs and journals list their posts with similar delay.
LOOK_BACK = timedelta(days=4)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, written ``2021-W06``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week that ``2021-W06`` (or ``2021W6``) names; ValueError where there is no such week."""
        match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        if not match:
            raise ValueError(f"{text!r} is not an ISO week; write it like 2021-W06")
        year, number = int(match[1]), int(match[2])
        date.fromisocalendar(year, number, 1)  # ValueError for week 54 and the like
        return cls(year, number)

    @classmethod
    def of(cls, moment: date) -> Week:
        """The week that holds this day (for a datetime: its day in the datetime's own zone)."""
        year, number, _ = moment.isocalendar()
        return cls(year, number)

    @classmethod
    def last_full(cls, now: datetime) -> Week:
        """The latest week that is over at ``now``."""
        return cls.of(now.astimezone(UTC) - timedelta(days=7))

    @property
    def start(self) -> datetime:
        """Monday 00:00 UTC."""
        return datetime.combine(
            date.fromisocalendar(self.year, self.number, 1), datetime.min.time(), UTC
        )

    @property
    def end(self) -> datetime:
        """The next Monday 00:00 UTC; the week does not hold it."""
        return self.start + timedelta(days=7)

    @property
    def since(self) -> datetime:
        """The start with the look-back: what was published from here on may be news of this week."""
        return self.start - LOOK_BACK

    @property
    def slug(self) -> str:
        """The folder of the issue, ``2021/w06``."""
        return f"{self.year}/w{self.number:02d}"

    def previous(self) -> Week:
        return Week.of(self.start - timedelta(days=7))

    def issue_date(self, now: datetime) -> date:
        """The day an issue made at ``now`` carries: today, but never later than the Monday after the week.

        A lecturer makes it on Saturday, cron on Monday; a rebuild years later must not redate it.
        """
        return min(now.astimezone(UTC), self.end).date()

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"
