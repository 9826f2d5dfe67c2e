"""What the store hands out beside the items themselves: one small dataclass a noun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from digest.types import Deletions


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCounts:
    """What became of the items of one ``Fetched``; a changed item has another ``content_hash``."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSlot:
    """What is fixed for good when a week's issue is first made, so that a rebuild never renumbers or redates it."""

    number: int
    date: date
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One mail to one reader: "sending" is written before the SMTP dialogue, the rest after it."""

    week: str
    recipient: str
    message_id: str
    status: Literal["sending", "sent", "failed"]
    detail: str = ""
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where an item was shown to the readers."""

    issue_number: int
    week: str
    key: str  #: of the story
    title: str  #: of the story
    url: str = ""  #: of the issue's page, "" without a site


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What of some deletions had been stored and is now gone, and the weeks whose issues showed it."""

    deletions: Deletions = Deletions()  # noqa: RUF009 -- frozen
    weeks: tuple[str, ...] = ()
