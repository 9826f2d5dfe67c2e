"""Ratings: one row an item. A cleared one stays as a row of value 0, so that an older mail does not bring it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from digest.rating import Rating
from digest.store.database import Connection
from digest.store.times import from_text, to_text


def read(connection: Connection) -> tuple[Rating, ...]:
    """All that are not cleared, latest first."""
    rows = connection.rows("SELECT * FROM ratings WHERE value != 0 ORDER BY at DESC, item_id")
    return tuple(map(_rating, rows))


def save(connection: Connection, db: Database, ratings: Sequence[Rating]) -> tuple[Rating, ...]:
    """Write within the open transaction of ``db``; gives those that took effect.

    A later word of the reader replaces an earlier one, never the other way round. A library says nothing of an item
    that has a rating, or had one.
    """
    taken = []
    for rating in ratings:
        if not _is_purged(connection, rating.item_id):
            row = {
                "item_id": rating.item_id,
                "value": rating.value,
                "title": rating.title,
                "text": rating.text,
                "at": to_text(rating.at),
                "origin": rating.origin,
            }
            if _write(db, row):
                taken.append(rating)
    return tuple(taken)


def clear(connection: Connection, db: Database, item_id: str, now: datetime) -> bool:
    """Whether there was a rating of the item until ``now``; its words go, the moment stays."""
    moment = to_text(now)
    known = connection.rows(
        "SELECT 1 FROM ratings WHERE item_id = :id AND value != 0 AND at <= :at",
        id=item_id,
        at=moment,
    )
    empty = {"item_id": item_id, "value": 0, "title": "", "text": "", "at": moment}
    _write(db, empty | {"origin": "reader"})
    return bool(known)


def forget(db: Database, item_ids: Iterable[str]) -> None:
    """Delete the rows of items that were deleted at their source."""
    db.conn.execute(
        "DELETE FROM ratings WHERE item_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(sorted(item_ids))},
    )


def _write(db: Database, row: dict[str, Any]) -> bool:
    cursor = db.conn.execute(
        """INSERT INTO ratings (item_id, value, title, text, at, origin)
           VALUES (:item_id, :value, :title, :text, :at, :origin)
           ON CONFLICT (item_id) DO UPDATE SET
               value = excluded.value, title = excluded.title, text = excluded.text,
               at = excluded.at, origin = excluded.origin
           WHERE excluded.origin = 'reader' AND (
               excluded.at > ratings.at OR excluded.at = ratings.at AND excluded.value != ratings.value
           )""",
        row,
    )
    return cursor.rowcount > 0


def _is_purged(connection: Connection, item_id: str) -> bool:
    return bool(connection.rows("SELECT 1 FROM purged WHERE id = :id", id=item_id))


def _rating(row: dict[str, Any]) -> Rating:
    at = from_text(row["at"])
    assert at is not None
    return Rating(
        item_id=row["item_id"],
        value=row["value"],
        title=row["title"],
        text=row["text"],
        at=at,
        origin=row["origin"],
    )
