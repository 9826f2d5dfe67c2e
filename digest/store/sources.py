"""Fetches: how each source fared, the HTTP exchanges, and the validators for the next conditional request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlite_utils import Database

from digest.health import SourceStatus
from digest.records import SaveCounts
from digest.store import issues
from digest.store.database import Connection
from digest.store.items import IN_WINDOW
from digest.store.times import from_text, to_text
from digest.types import Fetched, Receipt, Validator
from digest.week import LOOK_BACK, Week

CATCH_UP = timedelta(days=28)  #: how far back a run reaches for what it has missed
HISTORY_WEEKS = 12  #: weeks before this one that are looked at
USUAL_WEEKS = 8  #: of them, those whose median is the usual figure
LEAST_WEEKS = 3  #: fewer say nothing of what is usual


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
    earlier = _earlier_counts(connection, names, since, until)
    return tuple(
        _status(connection, name, (since, until), limit=limit, earlier=earlier[name])
        for name in names
    )


def _earlier_counts(
    connection: Connection, names: Sequence[str], since: datetime, until: datetime
) -> dict[str, list[int]]:
    """By source, its items in the windows one, two ... weeks before ``since`` to ``until``, as far as it is known.

    A window counts as known from the first item or fetch of the source on, so that a new source has no zeros.
    """
    step = timedelta(days=7)
    rows = connection.rows(
        """SELECT item_sources.source, coalesce(items.published, items.first_seen) AS at
           FROM items JOIN item_sources ON item_sources.item_id = items.id
           WHERE item_sources.source IN (SELECT value FROM json_each(:names))
           AND coalesce(items.published, items.first_seen) >= :start
           AND coalesce(items.published, items.first_seen) < :until""",
        names=json.dumps(list(names)),
        start=to_text(since - HISTORY_WEEKS * step),
        until=to_text(until - step),
    )
    moments: dict[str, list[datetime]] = {}
    for row in rows:
        moments.setdefault(row["source"], []).append(datetime.fromisoformat(row["at"]))
    fetched = connection.rows("SELECT source, min(at) AS at FROM fetches GROUP BY source")
    first = {row["source"]: datetime.fromisoformat(row["at"]) for row in fetched}
    counts = {}
    for name in names:
        known = [*moments.get(name, []), *([first[name]] if name in first else [])]
        windows = [(since - n * step, until - n * step) for n in range(1, HISTORY_WEEKS + 1)]
        counts[name] = [
            sum(start <= at < end for at in moments.get(name, []))
            for start, end in windows
            if known and min(known) < end
        ]
    return counts


def window_starts(connection: Connection, names: Sequence[str], week: Week) -> dict[str, datetime]:
    """By source, from when on its items belong to the issue of ``week``.

    That is the start of the week with its look-back, and for a source that was last reached before then, the moment up
    to which it had been covered when the issue before was made. So a run that was missed, and a source that was down, are
    caught up with, at most ``CATCH_UP``.
    """
    before = issues.previous(connection, week)
    starts = dict.fromkeys(names, week.since)
    if before is None:
        return starts
    earlier, made = before
    for name in names:
        rows = connection.rows(
            """SELECT count(*) AS tries, max(CASE WHEN is_ok THEN coalesce(until, at) END) AS covered
               FROM fetches WHERE source = :name AND at <= :made""",
            name=name,
            made=to_text(made),
        )
        if not rows[0]["tries"]:
            continue  # a new source: what it held before is no news
        covered = from_text(rows[0]["covered"])
        start = covered - LOOK_BACK if covered else earlier.since
        if covered is None or covered < week.since:
            starts[name] = min(week.since, max(start, week.start - CATCH_UP))
    return starts


def _status(
    connection: Connection,
    name: str,
    window: tuple[datetime, datetime],
    *,
    limit: str,
    earlier: list[int],
) -> SourceStatus:
    latest = connection.rows(
        """SELECT is_ok, error, hint, at, note FROM fetches WHERE source = :name AND at <= :limit
           ORDER BY at DESC, id DESC LIMIT 1""",
        name=name,
        limit=limit,
    )
    # A rerun finds nothing new; the issue it makes must not differ from the first one for that.
    richest = connection.rows(
        """SELECT http_status, byte_count, new_count FROM fetches
           WHERE source = :name AND at <= :limit AND at >= :since
           ORDER BY new_count DESC, id LIMIT 1""",
        name=name,
        limit=limit,
        since=to_text(window[0]),
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
        since=to_text(window[0]),
        until=to_text(window[1]),
    )
    failing = connection.rows(
        """SELECT min(at) AS first, max(at) AS latest FROM fetches
           WHERE source = :name AND at <= :limit AND at > :success AND is_ok = 0""",
        name=name,
        limit=limit,
        success=success[0]["at"] or "",
    )[0]
    never: dict[str, Any] = {
        "is_ok": 0, "error": "not collected yet", "hint": "", "at": None, "note": "",
    }  # fmt: skip
    nothing: dict[str, Any] = {"http_status": None, "byte_count": 0, "new_count": 0}
    brought = richest[0] if richest else nothing
    attempt = latest[0] if latest else never
    counts = [count[0]["n"], *earlier]
    quiet = next((n for n, value in enumerate(counts) if value), len(counts))
    usual = counts[max(1, quiet) :][:USUAL_WEEKS]
    return SourceStatus(
        name=name,
        is_ok=bool(attempt["is_ok"]),
        item_count=count[0]["n"],
        last_success=from_text(success[0]["at"]),
        error=attempt["error"],
        hint=attempt["hint"],
        checked=from_text(attempt["at"]),
        http_status=brought["http_status"],
        byte_count=brought["byte_count"],
        new_count=brought["new_count"],
        note=attempt["note"],
        failing_weeks=_weeks(from_text(failing["first"]), from_text(failing["latest"])),
        quiet_weeks=quiet,
        usual_count=round(median(usual)) if len(usual) >= LEAST_WEEKS else None,
    )


def _weeks(first: datetime | None, latest: datetime | None) -> int:
    """Weekly tries from ``first`` to ``latest``, both counted; cron may come some hours early."""
    if first is None or latest is None:
        return 0
    return (latest - first + timedelta(days=1)) // timedelta(days=7) + 1
