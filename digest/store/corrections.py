"""Corrections: what readers said of which items tell one event, one row each; ids only, so nothing here needs purging."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from digest.store.database import Connection
from digest.store.times import to_text
from digest.types import Correction


def read(connection: Connection) -> tuple[Correction, ...]:
    """All of them, in the order in which they were made."""
    rows = connection.rows(
        "SELECT number, kind, item_ids, rest_ids, at FROM story_corrections ORDER BY number"
    )
    return tuple(
        Correction(
            number=row["number"],
            kind=row["kind"],
            item_ids=tuple(json.loads(row["item_ids"])),
            rest_ids=tuple(json.loads(row["rest_ids"])),
            made=datetime.fromisoformat(row["at"]),
        )
        for row in rows
    )


def add(
    db: Database,
    kind: Literal["merge", "split"],
    item_ids: Sequence[str],
    rest_ids: Sequence[str],
    now: datetime,
) -> int:
    """The number of the new correction, written within the open transaction of ``db``; a number is never used again."""
    cursor = db.conn.execute(
        """INSERT INTO story_corrections (kind, item_ids, rest_ids, at)
           VALUES (:kind, :item_ids, :rest_ids, :at)""",
        {
            "kind": kind,
            "item_ids": json.dumps(list(item_ids)),
            "rest_ids": json.dumps(list(rest_ids)),
            "at": to_text(now),
        },
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def forget(db: Database, number: int) -> bool:
    """Delete a correction; False where there is none of this number."""
    cursor = db.conn.execute(
        "DELETE FROM story_corrections WHERE number = :number", {"number": number}
    )
    return cursor.rowcount > 0
