"""Fetches: how each source fared, the HTTP exchanges, and the validators for the next conditional request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from digest.store.database import Connection
from digest.store.items import IN_WINDOW
from digest.store.times import from_text, to_text
from digest.types import Fetched, Receipt, SaveCounts, SourceStatus, Validator


def save(db: Database, fetched: Fetched, counts: SaveCounts, now: datetime) -> None:
    """Record one fetch, and what became of its items, within the open transaction of ``db``."""
    error = fetched.error
    statuses = [r.status for r in fetched.receipts if r.status is not None]
    fetch_id = (
        db.table("fetches")
        .insert(
            {
                "source": fetched.source,
                "at": to_text(now),
                "is_ok": int(error is None),
                "is_unchanged": int(fetched.is_unchanged),
                "item_count": len(fetched.items),
                "skipped": fetched.skipped,
                "error": error.message if error else "",
                "hint": error.hint if error else "",
                "since": to_text(fetched.since),
                "until": to_text(fetched.until),
                "new_count": counts.new,
                "changed_count": counts.changed,
                "http_status": statuses[-1] if statuses else None,
                "byte_count": sum(r.byte_count for r in fetched.receipts),
                "note": fetched.note,
            }
        )
        .last_pk
    )
    rows = [_row(r) | {"fetch_id": fetch_id} for r in fetched.receipts]
    if rows:
        db.table("receipts").insert_all(rows)
    if error is None:
        # After a failure nothing is remembered: a 304 next time would say "nothing new" of entries never stored.
        # For the same reason a page that is no feed has not moved the feed, however permanent the redirect to it.
        for receipt in fetched.receipts:
            _save_validator(db, receipt)
            _save_move(db, receipt, now)


def _save_validator(db: Database, receipt: Receipt) -> None:
    if receipt.status == 200:
        db.conn.execute("DELETE FROM validators WHERE url = :url", {"url": receipt.url})
    if receipt.status in (200, 304) and (receipt.etag or receipt.last_modified):
        db.conn.execute(
            """INSERT INTO validators (url, etag, last_modified) VALUES (:url, :etag, :last_modified)
               ON CONFLICT (url) DO UPDATE SET
                   etag = coalesce(excluded.etag, etag),
                   last_modified = coalesce(excluded.last_modified, last_modified)""",
            {
                "url": receipt.url,
                "etag": receipt.etag,
                "last_modified": receipt.last_modified,
            },
        )


def _save_move(db: Database, receipt: Receipt, now: datetime) -> None:
    if receipt.moved_from:
        db.conn.execute(
            """INSERT INTO moves (url, target, at) VALUES (:url, :target, :at)
               ON CONFLICT (url) DO UPDATE SET target = excluded.target""",
            {"url": receipt.moved_from, "target": receipt.url, "at": to_text(now)},
        )
    elif receipt.status == 200:  # it answers where it always did
        db.conn.execute("DELETE FROM moves WHERE url = :url", {"url": receipt.url})


def moves(connection: Connection) -> dict[str, str]:
    return {
        row["url"]: row["target"]
        for row in connection.rows("SELECT url, target FROM moves ORDER BY url")
    }


def _row(receipt: Receipt) -> dict[str, object]:
    return {
        "url": receipt.url,
        "status": receipt.status,
        "byte_count": receipt.byte_count,
        "elapsed_s": receipt.elapsed_s,
        "etag": receipt.etag,
        "last_modified": receipt.last_modified,
        "error": receipt.error,
    }


def validators(connection: Connection) -> dict[str, Validator]:
    rows = connection.rows("SELECT url, etag, last_modified FROM validators ORDER BY url")
    return {
        row["url"]: Validator(etag=row["etag"], last_modified=row["last_modified"]) for row in rows
    }


def statuses(
    connection: Connection,
    names: Sequence[str],
    since: datetime,
    until: datetime,
    as_of: datetime | None,
) -> tuple[SourceStatus, ...]:
    # "~" sorts behind every date
    limit = to_text(as_of) if as_of else "~"
    return tuple(_status(connection, name, since, until, limit) for name in names)


def _status(
    connection: Connection, name: str, since: datetime, until: datetime, limit: str
) -> SourceStatus:
    latest = connection.rows(
        """SELECT is_ok, error, hint FROM fetches WHERE source = :name AND at <= :limit
           ORDER BY at DESC, id DESC LIMIT 1""",
        name=name,
        limit=limit,
    )
    success = connection.rows(
        """SELECT max(at) AS at FROM fetches
           WHERE source = :name AND is_ok = 1 AND at <= :limit""",
        name=name,
        limit=limit,
    )
    count = connection.rows(
        f"""SELECT count(*) AS n FROM items JOIN item_sources ON item_sources.item_id = items.id
            WHERE item_sources.source = :name AND {IN_WINDOW}""",  # noqa: S608 - a constant
        name=name,
        since=to_text(since),
        until=to_text(until),
    )
    never: dict[str, Any] = {"is_ok": 0, "error": "not collected yet", "hint": ""}
    attempt = latest[0] if latest else never
    return SourceStatus(
        name=name,
        is_ok=bool(attempt["is_ok"]),
        item_count=count[0]["n"],
        last_success=from_text(success[0]["at"]),
        error=attempt["error"],
        hint=attempt["hint"],
    )
