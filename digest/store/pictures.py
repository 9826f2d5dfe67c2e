"""The pictures of figures, ready to be shown: fetched once, and kept as long as an issue may be rendered again."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlite_utils import Database

from digest.store.database import Connection


class StoredPicture(NamedTuple):
    """A file beside an issue; its name is that of its content."""

    name: str
    content: bytes
    width: int  #: pixels
    height: int


def read(connection: Connection, url: str, *, is_altered: bool) -> StoredPicture | None:
    """The picture made of what ``url`` gave; None where it has not been fetched for this use."""
    rows = connection.rows(
        """SELECT name, content, width, height FROM pictures
           WHERE url = :url AND is_altered = :is_altered""",
        url=url,
        is_altered=int(is_altered),
    )
    return next((StoredPicture(**row) for row in rows), None)


def contents(connection: Connection, names: list[str]) -> dict[str, bytes]:
    """The files of these names that are stored."""
    rows = connection.rows(
        """SELECT DISTINCT name, content FROM pictures
           WHERE name IN (SELECT value FROM json_each(:names)) ORDER BY name""",
        names=json.dumps(names),
    )
    return {row["name"]: row["content"] for row in rows}


def save(db: Database, url: str, picture: StoredPicture, *, is_altered: bool) -> None:
    """Write within the open transaction of ``db``; what is there already stays as an issue may have shown it."""
    db.conn.execute(
        """INSERT OR IGNORE INTO pictures (url, is_altered, name, content, width, height)
           VALUES (:url, :is_altered, :name, :content, :width, :height)""",
        {"url": url, "is_altered": int(is_altered), **picture._asdict()},
    )
