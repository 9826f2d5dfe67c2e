"""Moments as the text the tables hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: None) -> None: ...
def to_text(moment: datetime | None) -> str | None:
    """``2021-02-11T18:06:00.000000+00:00``, always of this length, so that text order is time order."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str | None) -> datetime | None:
    """The moment in UTC that ``to_text`` wrote."""
    return None if text is None else datetime.fromisoformat(text)
