"""How a source fares, and how that is said: a reader must tell a quiet week from a broken source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ALARM_WEEKS = 3  #: a source that fails or is mute for so long is reported loudly
LEAST_USUAL = 2  #: items a week of a source whose silence means something


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How a source fares, from the stored receipts.

    The fields from ``checked`` on came later; an issue stored before has their defaults.
    """

    name: str
    is_ok: bool  #: the latest attempt succeeded
    item_count: int  #: items of this source in the window asked for
    last_success: datetime | None
    error: str = ""  #: of the latest attempt, "" where it succeeded
    hint: str = ""
    checked: datetime | None = None  #: the latest attempt
    http_status: int | None = None  #: the last one of the window's fetch that brought most
    byte_count: int = 0  #: of all exchanges of that fetch
    new_count: int = 0  #: items it brought that were not stored before
    note: str = ""  #: why little came, where that is as it should be
    failing_weeks: int = 0  #: in a row, in which every try failed; 0 while it works
    quiet_weeks: int = 0  #: windows in a row without an item, this one included
    usual_count: int | None = None  #: items in a usual window, before the quiet ones; None: unknown
    since: datetime | None = None  #: of the window, where it is earlier than the week's

    @property
    def is_alarming(self) -> bool:
        """It has failed, or has been empty against its habit, for so long that somebody must look."""
        is_mute = self.quiet_weeks >= ALARM_WEEKS and (self.usual_count or 0) >= LEAST_USUAL
        return self.failing_weeks >= ALARM_WEEKS or is_mute

    @property
    def is_quiet(self) -> bool:
        """It was reached and gave nothing, where it usually gives something, and did not say why."""
        return self.is_ok and not self.item_count and not self.note and (self.usual_count or 0) >= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """What a source brought of one ISO week."""

    week: str  #: "2021-W06"
    items: int  #: published in it, or first seen in it where the source gives no date
    is_fetched: bool  #: the source was asked for it, and answered
    is_failed: bool = False  #: the source was asked for it, and never answered


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHistory:
    """How a source did over some weeks; the dates are None where there is nothing to date."""

    name: str
    weeks: tuple[WeekCount, ...]  #: in the order asked for
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    failing_since: datetime | None = None  #: the first failure after the last success
    error: str = ""  #: of the latest attempt, "" where it succeeded
    hint: str = ""
    note: str = ""  #: why little came, where that is as it should be
    http_status: int | None = None  #: of the latest attempt's last exchange


def state(status: SourceStatus) -> str:
    """The state in a few words for a table: "complete", "empty; a usual week brings 12", "failed for 3 weeks: ..."."""
    if not status.is_ok:
        since = (
            f"last reached {_day(status.last_success)}"
            if status.last_success
            else "never reached yet"
        )
        weeks = f" for {status.failing_weeks} weeks" if status.failing_weeks > 1 else ""
        hint = f" ({status.hint})" if status.hint else ""
        return f"failed{weeks}: {status.error}{hint}; {since}"
    said = ["complete"]
    if status.is_quiet:
        weeks = f" for {status.quiet_weeks} weeks" if status.quiet_weeks > 1 else ""
        said = [f"reached but empty{weeks}; a usual week brings {status.usual_count}"]
    elif not status.item_count:
        said = ["reached, nothing new"]
    if status.note:
        said.append(status.note)
    if status.since:
        said.append(f"caught up from {_day(status.since)} on")
    return "; ".join(said)


def alarms(statuses: Iterable[SourceStatus]) -> tuple[str, ...]:
    """One sentence for each source that somebody must look at, for the top of the issue."""
    return tuple(_alarm(s) for s in statuses if s.is_alarming)


def missing(statuses: Iterable[SourceStatus]) -> tuple[str, ...]:
    """One sentence for each source whose items are missing or doubtful, without the alarming ones."""
    sentences = []
    for s in statuses:
        if s.is_alarming:
            continue
        if not s.is_ok:
            since = f" since {_day(s.last_success)}" if s.last_success else ""
            sentences.append(f"{s.name} could not be read{since}.")
        elif s.is_quiet:
            sentences.append(f"{s.name} gave nothing; a usual week brings {s.usual_count}.")
    return tuple(sentences)


def _alarm(status: SourceStatus) -> str:
    if status.is_ok:
        return (
            f"{status.name} has given nothing for {status.quiet_weeks} weeks, where a usual week brings"
            f" {status.usual_count}; it may have moved or changed."
        )
    since = f", since {_day(status.last_success)}" if status.last_success else ""
    return (
        f"{status.name} has not been readable for {status.failing_weeks} weeks{since}, so its news is missing here:"
        f" {status.error}."
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
