"""A source tried live: what it would bring, without a trace in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.collect import collect
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
