"""The database: everything the program remembers, in one SQLite file. The only package with SQL in it.

Each noun has its module (items, sources, summaries, issues, deliveries) with the statements about it; ``Store`` is the
one door to them. Every write is one transaction, so a run killed at any moment leaves the state before or after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from digest.health import SourceHistory, SourceStatus
from digest.issue import Issue
from digest.rating import Rating
from digest.records import DeliveryRow, IssueSlot, Purged, SaveCounts, Shown
from digest.store import (
    articles,
    corrections,
    deliveries,
    history,
    issues,
    items,
    pictures,
    purges,
    ratings,
    roles,
    sources,
    summaries,
    vectors,
)
from digest.store.database import BUSY_TIMEOUT_S, Connection
from digest.store.pictures import StoredPicture
from digest.store.times import to_text
from digest.types import (
    Article,
    Correction,
    Deletions,
    Fetched,
    Figure,
    Item,
    Role,
    Summary,
    Validator,
)
from digest.week import Week

__all__ = ["Store"]


class Store:
    """The open database at ``path``, made where it is missing and migrated where it is old.

    A context manager; to be used from the thread that opened it. Another process may hold the write lock for up to
    ``busy_timeout_s``. Every failure is a StoreError of one line that names the file.
    """

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._connection = Connection(path, busy_timeout_s=busy_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    # -- collect ------------------------------------------------------------------------------------------------------

    def save_fetched(self, fetched: Fetched, *, now: datetime) -> SaveCounts:
        """How many items were new, changed or unchanged; items, receipts and validators in one transaction.

        An item seen again is brought up to date and loses nothing, see ``items.merge``. A fetch that failed midway
        stores the items it has, but no validators.
        """
        with self._connection.transaction() as db:
            counts = items.save(self._connection, db, fetched.items, now)
            sources.save(db, fetched, counts, now)
            return counts

    def validators(self) -> dict[str, Validator]:
        """By URL, what the server wants to see again to answer 304."""
        return sources.validators(self._connection)

    def moves(self) -> dict[str, str]:
        """Where feeds have moved for good, by the URL of feeds.yaml."""
        return sources.moves(self._connection)

    def window_starts(self, names: Sequence[str], week: Week) -> dict[str, datetime]:
        """By source, from when on its items belong to the issue of ``week``; see ``sources.window_starts``."""
        return sources.window_starts(self._connection, names, week)

    def items(
        self, since: datetime, until: datetime, *, starts: Mapping[str, datetime] | None = None
    ) -> tuple[Item, ...]:
        """The items with since <= published < until, in the order of their ids.

        One without a date counts from when it was first seen, ``until`` included: a run finds what it has just stored.
        ``starts`` names sources whose items count from earlier on.
        """
        return items.in_window(self._connection, since, until, starts)

    def items_by_id(self, ids: Iterable[str]) -> tuple[Item, ...]:
        """Those of ``ids`` that are stored, in the order of their ids."""
        return items.by_id(self._connection, ids)

    def known_ids(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of ``ids`` that are stored."""
        return items.known_ids(self._connection, ids)

    def save_articles(self, read: Iterable[Article], *, now: datetime) -> None:
        """Keep the pages behind entries of feeds; ``items`` and ``items_by_id`` lay them over their items."""
        with self._connection.transaction() as db:
            articles.save(db, read, now)

    def settled_articles(self, ids: Iterable[str]) -> frozenset[str]:
        """Those items among ``ids`` whose page need not be fetched again."""
        return articles.settled(self._connection, ids)

    def page_figures(self, ids: Iterable[str]) -> dict[str, tuple[Figure, ...]]:
        """By item id, the figures of the pages that have been read; of those read in vain, none."""
        return articles.figures(self._connection, ids)

    def picture(self, url: str, *, is_altered: bool) -> StoredPicture | None:
        """What was made of the picture at ``url``, scaled or not; None where it has not been fetched."""
        return pictures.read(self._connection, url, is_altered=is_altered)

    def save_picture(self, url: str, picture: StoredPicture, *, is_altered: bool) -> None:
        with self._connection.transaction() as db:
            pictures.save(db, url, picture, is_altered=is_altered)

    def picture_files(self, names: Iterable[str]) -> dict[str, bytes]:
        """The stored pictures of these names."""
        return pictures.contents(self._connection, list(names))

    def purge(self, deletions: Deletions, *, now: datetime) -> Purged:
        """Take out of items and issues what was deleted at its source; it does not come back."""
        with self._connection.transaction() as db:
            return purges.apply(self._connection, db, deletions, now)

    def unseen_since(
        self, prefix: str, moment: datetime
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Items whose id begins with ``prefix``, not seen since ``moment``, newest first, with their comments' ids."""
        return purges.candidates(self._connection, prefix, moment)

    def source_statuses(
        self,
        names: Sequence[str],
        since: datetime,
        until: datetime,
        *,
        as_of: datetime | None = None,
    ) -> tuple[SourceStatus, ...]:
        """How each source fares, in the order of ``names``; an item that two sources brought counts for both.

        Fetches after ``as_of`` are left out, so that a rebuilt issue says what the first one said.
        """
        return sources.statuses(self._connection, names, since, until, as_of)

    def source_histories(
        self, names: Sequence[str], weeks: Sequence[Week]
    ) -> tuple[SourceHistory, ...]:
        """How each source did in each of the weeks, in the order of ``names``; ValueError where no week is named."""
        return history.histories(self._connection, names, weeks)

    # -- embed --------------------------------------------------------------------------------------------------------

    def embeddings(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of ``keys`` that are in the cache of vectors: 384 half-precision numbers each."""
        return vectors.read(self._connection, keys)

    def save_embeddings(self, by_key: Mapping[str, bytes]) -> None:
        with self._connection.transaction() as db:
            vectors.save(db, by_key)

    # -- feedback -----------------------------------------------------------------------------------------------------

    def ratings(self) -> tuple[Rating, ...]:
        """What the reader likes and dislikes, latest first."""
        return ratings.read(self._connection)

    def save_ratings(self, rated: Sequence[Rating]) -> tuple[Rating, ...]:
        """Those of ``rated`` that took effect: later words win, and a library never overrules the reader."""
        with self._connection.transaction() as db:
            return ratings.save(self._connection, db, rated)

    def clear_rating(self, item_id: str, *, now: datetime) -> bool:
        """Take the rating of an item back; False where there was none."""
        with self._connection.transaction() as db:
            return ratings.clear(self._connection, db, item_id, now)

    def find_items(
        self, *, url: str = "", dois: Iterable[str] = (), titles: Iterable[str] = ()
    ) -> tuple[Item, ...]:
        """The items with ``url`` in their URL, and those with one of the DOIs or titles, whatever their case."""
        return items.find(self._connection, url, dois, titles)

    def corrections(self) -> tuple[Correction, ...]:
        """Which items were joined or split by hand, in the order in which it was said."""
        return corrections.read(self._connection)

    def save_correction(
        self,
        kind: Literal["merge", "split"],
        item_ids: Sequence[str],
        rest_ids: Sequence[str] = (),
        *,
        now: datetime,
    ) -> int:
        """The number of the new correction, see ``types.Correction``."""
        with self._connection.transaction() as db:
            return corrections.add(db, kind, item_ids, rest_ids, now)

    def forget_correction(self, number: int) -> bool:
        """Take a correction back; False where there is none of this number."""
        with self._connection.transaction() as db:
            return corrections.forget(db, number)

    # -- summarize ----------------------------------------------------------------------------------------------------

    def summaries(self, keys: Iterable[str]) -> dict[str, Summary]:
        """Those of ``keys`` that are in the cache."""
        return summaries.read(self._connection, keys)

    def save_summaries(self, by_key: Mapping[str, Summary]) -> None:
        with self._connection.transaction() as db:
            summaries.save(db, by_key)

    def roles(self, keys: Iterable[str]) -> dict[str, tuple[Role, ...]]:
        """Those of ``keys`` that are in the cache of sentence roles."""
        return roles.read(self._connection, keys)

    def save_roles(self, by_key: Mapping[str, tuple[Role, ...]]) -> None:
        with self._connection.transaction() as db:
            roles.save(db, by_key)

    # -- issues -------------------------------------------------------------------------------------------------------

    def allot_issue(self, week: Week, *, date: date, created: datetime) -> IssueSlot:
        """The number, date and time of the week's issue: those of the first call, for good. Numbers count from 1."""
        with self._connection.transaction() as db:
            return issues.allot(self._connection, db, week, date, created)

    def save_issue(self, issue: Issue) -> None:
        """Keep the issue (in place of an earlier one of the same week) and what it shows."""
        with self._connection.transaction() as db:
            issues.save(db, issue)

    def issue(self, week: Week) -> Issue | None:
        return issues.read(self._connection, week)

    def issues(self) -> tuple[Issue, ...]:
        """All issues, newest week first."""
        return issues.read_all(self._connection)

    def issues_before(self, week: Week, *, limit: int | None = None) -> tuple[Issue, ...]:
        """The issues of earlier weeks, newest first, at most ``limit``."""
        return issues.read_before(self._connection, week, limit)

    def shown(self, before: Week) -> dict[str, Shown]:
        """By item id and story key, the latest issue before the week ``before`` that showed it."""
        return issues.shown(self._connection, before)

    # -- deliver ------------------------------------------------------------------------------------------------------

    def delivery(self, week: Week, recipient: str) -> DeliveryRow | None:
        return deliveries.read(self._connection, week, recipient)

    def deliveries(self, week: Week) -> tuple[DeliveryRow, ...]:
        """All mails of the week's issue, in the order of the addresses."""
        return deliveries.read_all(self._connection, week)

    def begin_delivery(self, week: Week, recipient: str, message_id: str, now: datetime) -> None:
        """Write "sending"; to be called before the SMTP dialogue."""
        with self._connection.transaction() as db:
            deliveries.begin(db, week, recipient, message_id, now)

    def finish_delivery(
        self,
        week: Week,
        recipient: str,
        status: Literal["sent", "failed"],
        detail: str,
        now: datetime,
    ) -> None:
        """Write what came of it; StoreError where the delivery was never begun."""
        with self._connection.transaction() as db:
            deliveries.finish(db, week, recipient, status=status, detail=detail, now=now)

    def is_delivered(self, week: Week) -> bool:
        """Somebody has the week's issue, or may have it: "sending" is a dialogue of which nobody knows the end."""
        return deliveries.is_delivered(self._connection, week)

    # -- runs ---------------------------------------------------------------------------------------------------------

    def save_run(self, report_json: str, *, now: datetime) -> None:
        with self._connection.transaction() as db:
            db.table("runs").insert({"at": to_text(now), "report": report_json})

    def last_run(self) -> str | None:
        """The report of the latest run, as it was saved."""
        rows = self._connection.rows("SELECT report FROM runs ORDER BY id DESC LIMIT 1")
        return rows[0]["report"] if rows else None
