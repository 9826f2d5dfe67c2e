"""One source visited in one run: what a collector works with, and where it leaves what it has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digest.net import HttpSession

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  #: of a believable date; arXiv began in 1991
SHOWN_SKIPS = 3  #: reasons spelled out; the count tells of the rest


@dataclass(slots=True, kw_only=True)
class Visit:
    """What a collector gets beside its source; it yields items and notes the rest here."""

    http: HttpSession
    since: datetime  #: of the window; what is older may be left out
    until: datetime  #: the end of the window, outside it
    now: datetime
    environ: Mapping[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()  #: arXiv ids that an enriching source is asked about
    warnings: list[str] = field(default_factory=list)
    skip_reasons: list[str] = field(
        default_factory=list
    )  #: one for each entry that could not be read
    is_unchanged: bool = False  #: every answer was 304
    gone_items: list[str] = field(default_factory=list)  #: ids of what its source has deleted
    gone_authors: list[str] = field(default_factory=list)  #: items whose author has left
    note: str = ""  #: why little came, where that is as it should be
    is_partial: bool = False  #: an answer was cut short, so that a later 304 would lose the rest

    @property
    def source(self) -> str:
        return self.http.source

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def skip(self, reason: str) -> None:
        """Count an entry that cannot be read."""
        self.skip_reasons.append(reason)

    def all_warnings(self) -> tuple[str, ...]:
        """The warnings, and one that tells what was skipped and why."""
        reasons = list(dict.fromkeys(self.skip_reasons))
        if not reasons:
            return tuple(self.warnings)
        more = f" and {len(reasons) - SHOWN_SKIPS} more" if len(reasons) > SHOWN_SKIPS else ""
        count = len(self.skip_reasons)
        entries = "1 entry" if count == 1 else f"{count} entries"
        skipped = f"{entries} skipped: {'; '.join(reasons[:SHOWN_SKIPS])}{more}"
        return (*self.warnings, skipped)

    def believable(self, moment: datetime | None) -> datetime | None:
        """The moment in UTC; None where it lies in the future or before the web, which says that nobody set it."""
        if moment is None:
            return None
        try:
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except OverflowError:  # the first or the last day of the calendar
            return None
        return moment if EARLIEST <= moment <= self.now + timedelta(days=1) else None
