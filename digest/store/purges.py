"""Purges: what was deleted at its source goes from here too, and does not come back.

Reddit's terms ask for it: title, text, address and author of a deleted post or comment, and the author of what an
account that is gone has written (Data API terms, support.reddithelp.com).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from digest.records import Purged
from digest.redact import Gone
from digest.store import issues, ratings
from digest.store import items as stored_items
from digest.store.database import Connection
from digest.store.times import to_text
from digest.types import Deletions


def apply(connection: Connection, db: Database, deletions: Deletions, now: datetime) -> Purged:
    """Take out what was deleted, within the open transaction of ``db``, from the items and from the issues."""
    items = _known(connection, deletions.items)
    authors = _known(connection, deletions.authors) - items
    lost_items = stored_items.by_id(connection, items)
    touched = items | authors
    for item_id in sorted(items):
        for table, key in (("items", "id"), ("item_sources", "item_id"), ("articles", "item_id")):
            db.conn.execute(f"DELETE FROM {table} WHERE {key} = :id", {"id": item_id})  # noqa: S608 - constants
        db.conn.execute(
            "INSERT INTO purged (id, reason, at) VALUES (:id, :reason, :at) ON CONFLICT DO NOTHING",
            {"id": item_id, "reason": "deleted at the source", "at": to_text(now)},
        )
    for item_id in sorted(authors):
        db.conn.execute("UPDATE items SET authors = '[]' WHERE id = :id", {"id": item_id})
    comments: dict[str, str] = {}
    gone = set(deletions.comments)
    rows = connection.rows("SELECT id, comments FROM items WHERE comments != '[]'") if gone else []
    for row in rows:
        stored = json.loads(row["comments"])
        if lost := {c["id"]: c["url"] for c in stored if c["id"] in gone}:
            comments |= lost
            touched.add(row["id"])
            kept = [c for c in stored if c["id"] not in lost]
            db.conn.execute(
                "UPDATE items SET comments = :comments WHERE id = :id",
                {"id": row["id"], "comments": json.dumps(kept, ensure_ascii=False)},
            )
    what = Gone(
        items=lost_items,
        author_ids=frozenset(authors),
        comment_urls=frozenset(filter(None, comments.values())),
    )
    weeks = issues.redact_all(connection, db, touched, what)
    ratings.forget(db, deletions.items)  # last: an issue may say "because you liked ..."
    return Purged(
        deletions=Deletions(
            items=tuple(sorted(items)),
            authors=tuple(sorted(authors)),
            comments=tuple(sorted(comments)),
        ),
        weeks=weeks,
    )


def candidates(
    connection: Connection, prefix: str, seen_before: datetime
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Items whose id begins with ``prefix`` and that were last seen before a moment, newest first, with comment ids."""
    rows = connection.rows(
        """SELECT id, comments FROM items WHERE id LIKE :prefix || '%' AND last_seen < :seen_before
           ORDER BY last_seen DESC, id""",
        prefix=prefix,
        seen_before=to_text(seen_before),
    )
    return tuple((r["id"], tuple(c["id"] for c in json.loads(r["comments"]))) for r in rows)


def _known(connection: Connection, ids: Iterable[str]) -> set[str]:
    rows = connection.rows(
        "SELECT id FROM items WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=json.dumps(list(ids)),
    )
    return {row["id"] for row in rows}
