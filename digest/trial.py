"""A source tried live, without a trace in the database: one that is configured, or what an address asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest.addresses import folder_entry, recognize
from digest.collect import collect
from digest.collect.discover import Discovery, discover
from digest.errors import ConfigError, ParseError
from digest.net import Http
from digest.sources import ENRICHERS, Source
from digest.types import Fetched, Item

_NO_DATE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One source, and what it gave; sizes are of decoded bytes."""

    source: Source
    fetched: Fetched

    @property
    def is_ok(self) -> bool:
        return self.fetched.error is None

    @property
    def newest(self) -> tuple[Item, ...]:
        """The items, newest first, those without a date last and in the order of the source."""
        return tuple(
            sorted(self.fetched.items, key=lambda i: i.published or _NO_DATE, reverse=True)
        )

    @property
    def elapsed_s(self) -> float:
        """Seconds its server took, without the pauses between calls."""
        return sum(r.elapsed_s for r in self.fetched.receipts)

    @property
    def byte_count(self) -> int:
        return sum(r.byte_count for r in self.fetched.receipts)

    @property
    def http_status(self) -> int | None:
        """Of the last answer; None where there was none."""
        return next(
            (r.status for r in reversed(self.fetched.receipts) if r.status is not None), None
        )

    @property
    def moved_to(self) -> str:
        """Where the source has moved for good; "" where it has not."""
        return next((r.url for r in self.fetched.receipts if r.moved_from), "")

    @property
    def exit_code(self) -> int:
        """0 it gives items, 3 it fails, 1 it gives nothing."""
        return 3 if not self.is_ok else 0 if self.fetched.items else 1


def try_sources(
    sources: Sequence[Source],
    http: Http,
    *,
    since: datetime,
    until: datetime,
    environ: Mapping[str, str],
) -> Iterator[Trial]:
    """Each source as a run would collect it, in the order in which they finish; disabled ones too.

    Sources that only say more of other sources' papers are left out: alone they have nothing to say.
    """
    by_name = {
        s.name: s.model_copy(update={"is_enabled": True})
        for s in sources
        if s.kind not in ENRICHERS
    }
    asked = tuple(by_name.values())
    for fetched in collect(asked, http, since=since, until=until, environ=environ):
        yield Trial(source=by_name[fetched.source], fetched=fetched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an address asks for, as it would stand in feeds.yaml."""

    entry: dict[str, Any]  #: without a name where only the items tell it
    found: Discovery | None = None  #: where a server had to be asked


def propose(address: str, http: Http, *, base: Path, kind: str | None = None) -> Proposal:
    """The source at ``address``, a URL or a folder (written relative to ``base``); of ``kind``, where that is named.

    ConfigError where the address is none, FetchError where it does not answer, ParseError, which says what was found, where
    it leads to no feed.
    """
    if kind in (None, "file"):
        if entry := folder_entry(address, base):
            return Proposal(entry=entry)
        if kind == "file":
            raise ConfigError(f"{address}: is no folder", hint="make it, then add it again")
    if entry := recognize(address, kind):
        return Proposal(entry=entry)
    found = discover(address, http.session(urlsplit(address).netloc))
    if not found.feed_url:
        raise ParseError(address, f"{address}: {_why_none(found)}", hint="name the feed's own URL")
    # a page of YouTube names its channel's feed
    entry = recognize(found.feed_url) if kind is None else None
    if entry is None:
        host = (urlsplit(found.feed_url).hostname or "feed").removeprefix("www.")
        name = found.title[:80].strip() or host
        entry = {"kind": "feed", "name": name, "url": found.feed_url}
    elif entry["kind"] == "youtube" and found.title:
        entry["name"] = found.title[:80].strip()
    return Proposal(entry=entry, found=found)


def _why_none(found: Discovery) -> str:
    if found.named and all(f.is_comments for f in found.named):
        return f"names only a feed of comments, {found.named[0].url}"
    if found.named:
        urls = ", ".join(f.url for f in found.named if not f.is_comments)
        return f"names {urls}, where no feed can be read"
    if found.tried:
        places = ", ".join(urlsplit(url).path for url in found.tried)
        return f"names no feed, and there is none at {places}"
    return "is neither a feed nor a web page"
