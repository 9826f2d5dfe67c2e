"""Deliveries: one row a mail, written before and after the SMTP dialogue, so that a rerun mails nobody twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from digest.errors import StoreError
from digest.records import DeliveryRow
from digest.store.database import Connection
from digest.store.times import to_text
from digest.week import Week

COLUMNS = "week, recipient, message_id, status, detail, updated"


def begin(db: Database, week: Week, recipient: str, message_id: str, now: datetime) -> None:
    db.conn.execute(
        """INSERT INTO deliveries (week, recipient, message_id, status, detail, updated)
           VALUES (:week, :recipient, :message_id, 'sending', '', :now)
           ON CONFLICT (week, recipient) DO UPDATE SET
               message_id = excluded.message_id, status = 'sending', detail = '', updated = excluded.updated""",
        {
            "week": str(week),
            "recipient": recipient,
            "message_id": message_id,
            "now": to_text(now),
        },
    )


def finish(
    db: Database,
    week: Week,
    recipient: str,
    *,
    status: Literal["sent", "failed"],
    detail: str,
    now: datetime,
) -> None:
    cursor = db.conn.execute(
        """UPDATE deliveries SET status = :status, detail = :detail, updated = :now
           WHERE week = :week AND recipient = :recipient""",
        {
            "week": str(week),
            "recipient": recipient,
            "status": status,
            "detail": detail,
            "now": to_text(now),
        },
    )
    if cursor.rowcount != 1:
        raise StoreError(f"a delivery of {week} ended that never began")


def read(connection: Connection, week: Week, recipient: str) -> DeliveryRow | None:
    rows = connection.rows(
        f"SELECT {COLUMNS} FROM deliveries WHERE week = :week AND recipient = :recipient",  # noqa: S608 - a constant
        week=str(week),
        recipient=recipient,
    )
    return _delivery(rows[0]) if rows else None


def read_all(connection: Connection, week: Week) -> tuple[DeliveryRow, ...]:
    rows = connection.rows(
        f"SELECT {COLUMNS} FROM deliveries WHERE week = :week ORDER BY recipient",  # noqa: S608 - a constant
        week=str(week),
    )
    return tuple(map(_delivery, rows))


def is_delivered(connection: Connection, week: Week) -> bool:
    rows = connection.rows(
        "SELECT 1 AS one FROM deliveries WHERE week = :week AND status IN ('sent', 'sending') LIMIT 1",
        week=str(week),
    )
    return bool(rows)


def _delivery(row: dict[str, Any]) -> DeliveryRow:
    return DeliveryRow(**row | {"updated": datetime.fromisoformat(row["updated"])})
