"""Why something is in no story of the week: shown before, of another week, or never collected, and what would bring it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from digest import health, lookup
from digest.followups import FEW_COMMENTS
from digest.sources import (
    ENRICHERS,
    ArxivSource,
    FeedSource,
    FolderSource,
    RedditSource,
    Source,
)
from digest.types import Item
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config
    from digest.records import Shown
    from digest.store import Store

_ARXIV_MONTH = re.compile(r"arxiv:(\d\d)(\d\d)\.\d+")
#: By the beginning of an item id, the kinds of sources that give such ids.
_KINDS = {
    "arxiv": ("arxiv", "huggingface"),
    "reddit": ("reddit",),
    "hn": ("hackernews",),
    "openreview": ("openreview",),
    "youtube": ("youtube",),
    "doi": ("biorxiv", "feed"),
    "feed": ("feed",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source that might bring it, and how it fares."""

    name: str
    is_enabled: bool
    state: str  #: "complete", "failed: ..." ...
    what: str = ""  #: what it brings: "papers of cs.LG and cs.CV"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Why it is in no story of the week."""

    week: str
    asked: str
    reason: Literal["shown_before", "other_week", "never_collected"]
    items: tuple[Item, ...] = ()  #: as they are stored
    why: tuple[str, ...] = ()  #: whole sentences
    would_help: tuple[str, ...] = ()  #: whole sentences: what would bring it
    sources: tuple[SourceState, ...] = ()


def absence(
    asked: str, items: tuple[Item, ...], week: Week, config: Config, store: Store, *, now: datetime
) -> Absence:
    """Why what was asked for, with the stored ``items`` that it names, is in no story of ``week``."""
    shown = store.shown(week)
    places = [shown[i.id] for i in items if i.id in shown]
    if places:
        return _shown_before(asked, items, week, places[0])
    if items:
        return _other_week(asked, items, week, now)
    return _never_collected(asked, week, config, store, now)


def _shown_before(asked: str, items: tuple[Item, ...], week: Week, place: Shown) -> Absence:
    told = f"Issue {place.issue_number} ({place.week}) has told it, under the title “{place.title}”"
    news = f"A new paper, post or article on it, or a thread with at least {FEW_COMMENTS} comments"
    return Absence(
        week=str(week),
        asked=asked,
        reason="shown_before",
        items=items,
        why=(f"{told}, and nothing is told twice.",),
        would_help=(f"{news}, would bring it back as a follow-up.",),
    )


def _other_week(asked: str, items: tuple[Item, ...], week: Week, now: datetime) -> Absence:
    item = items[0]
    until = min(week.end, now)
    window = f"{_day(week.since)} to {_day(until)}"
    why = [f"The issue of {week} takes what appeared from {window}."]
    help_: list[str] = []
    if item.published:
        why.insert(0, f"{item.source} brought it, published on {_day(item.published)}.")
        own = Week.of(item.published)
        help_.append(f"It belongs to {own}: see `explain {item.id} --week {own}`.")
    else:
        why.insert(0, f"{item.source} brought it, without a date, at another time.")
    if item.kind == "paper":
        help_.append("A post or thread of this week that links to it would bring it in.")
    return Absence(
        week=str(week),
        asked=asked,
        reason="other_week",
        items=items,
        why=tuple(why),
        would_help=tuple(help_),
    )


def _never_collected(
    asked: str, week: Week, config: Config, store: Store, now: datetime
) -> Absence:
    ids = lookup.possible_ids(asked)
    why = ["No source has brought it."]
    help_: list[str] = []
    month = next((m for i in ids if (m := _ARXIV_MONTH.fullmatch(i))), None)
    if month and not _is_near(int(month[1]), int(month[2]), week):
        why.append(
            f"Its arXiv number is of {_month(int(month[1]), int(month[2]))}, the week is {week}."
        )
    able = [s for s in config.sources if s.kind not in ENRICHERS and _may_bring(s, asked, ids)]
    names = [s.name for s in able]
    statuses = store.source_statuses(names, week.since, min(week.end, now), as_of=now)
    if not able:
        host = urlsplit(asked).hostname if lookup.is_url(asked) else None
        if host:
            why.append(f"No source of feeds.yaml reads {host}.")
            help_.append(
                f"`run_digest.py sources add https://{host}/` looks for a feed there and adds it."
            )
        else:
            why.append("No source of feeds.yaml gives ids of this kind.")
    elif any(s.is_enabled and status.is_ok for s, status in zip(able, statuses, strict=True)):
        why.append(
            "Where a source below is complete, it did not list this among the items of the week."
        )
    elif not any(s.is_enabled for s in able):
        help_.append("`enabled: true` on such a source in feeds.yaml would have asked it.")
    if any(i.startswith("arxiv:") for i in ids):
        help_.append(
            "A post or thread of the week that links to it would bring it as well: papers that others name are fetched."
        )
    return Absence(
        week=str(week),
        asked=asked,
        reason="never_collected",
        why=tuple(why),
        would_help=tuple(help_),
        sources=tuple(
            SourceState(
                name=s.name,
                is_enabled=s.is_enabled,
                state=health.state(status) if s.is_enabled else "disabled",
                what=_brings(s),
            )
            for s, status in zip(able, statuses, strict=True)
        ),
    )


def _may_bring(source: Source, asked: str, ids: Sequence[str]) -> bool:
    """The source gives ids of this kind, or lives at the address asked for."""
    if isinstance(source, FolderSource):
        return False
    kinds = {
        kind for i in ids for kind in _KINDS.get(i.split(":", 1)[0], ()) if not lookup.is_url(i)
    }
    if lookup.is_url(asked) and isinstance(source, FeedSource):
        return _site(asked) == _site(str(source.url))
    if isinstance(source, RedditSource) and lookup.is_url(asked):
        path = urlsplit(asked).path.casefold()
        return "reddit" in kinds and f"/r/{source.subreddit.casefold()}/" in f"{path}/"
    return source.kind in kinds


def _site(url: str) -> str:
    """The last two labels of the host: feeds often live on a sub-domain of the site that they are of."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])


def _brings(source: Source) -> str:
    if isinstance(source, ArxivSource):
        return f"papers of {', '.join(source.categories)}"
    if isinstance(source, RedditSource):
        return f"threads of r/{source.subreddit}"
    return {"huggingface": "papers that readers put on the daily list"}.get(source.kind, "")


def _is_near(year: int, month: int, week: Week) -> bool:
    """The month is that of the window's days, or next to one of them: numbers are given on submission."""
    days = (week.since, week.end)
    return any(abs((2000 + year) * 12 + month - (d.year * 12 + d.month)) == 0 for d in days)


def _month(year: int, month: int) -> str:
    return f"{datetime(2000 + year, month, 1):%B %Y}"  # noqa: DTZ001 - only its name is used


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
