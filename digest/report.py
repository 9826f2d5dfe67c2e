"""What a run tells: to the person watching (``Watch``), and afterwards (``RunReport``, stored and printed)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol


class Watch(Protocol):
    """What a person at the terminal sees of a run; see digest/progress.py."""

    def stage(self, name: str, total: int | None = None) -> None: ...

    def advance(self, done: int, total: int) -> None: ...

    def line(self, text: str, *, is_bad: bool = False) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source in one run."""

    name: str
    items: int
    new: int
    changed: int
    is_unchanged: bool = False
    error: str = ""
    alarm: str = ""  #: it has failed or been mute for weeks
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the first stage did."""

    sources: tuple[SourceReport, ...]
    redacted_weeks: tuple[str, ...] = ()  #: whose issues showed what has been purged; render again


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did; stored, printed, and the base of the exit code."""

    week: str
    sources: tuple[SourceReport, ...] = ()
    issue_number: int | None = None
    full: int = 0
    brief: int = 0
    left_out: int = 0
    model: str = ""
    model_calls: int = 0
    fallback_reason: str = ""
    files: tuple[str, ...] = ()
    deliveries: tuple[tuple[str, str], ...] = ()  #: (status, detail), without addresses
    problems: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 complete, 3 partial."""
        failed = any(s.error or s.alarm for s in self.sources) or bool(self.problems)
        unsent = any(status in ("failed", "unknown") for status, _ in self.deliveries)
        return 3 if failed or unsent else 0

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"exit_code": self.exit_code}, indent=2)
