"""The cache of sentence roles: of a text by its key, for as long as its sentences and the classifier stay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from digest.store.database import Connection
from digest.types import Role


def read(connection: Connection, keys: Iterable[str]) -> dict[str, tuple[Role, ...]]:
    rows = connection.rows(
        "SELECT key, roles FROM roles WHERE key IN (SELECT value FROM json_each(:keys))",
        keys=json.dumps(list(keys)),
    )
    return {row["key"]: tuple(row["roles"].split()) for row in rows}


def save(db: Database, roles: Mapping[str, tuple[Role, ...]]) -> None:
    """Write within the open transaction of ``db``."""
    db.conn.executemany(
        "INSERT INTO roles (key, roles) VALUES (:key, :roles) ON CONFLICT DO NOTHING",
        [{"key": key, "roles": " ".join(told)} for key, told in roles.items()],
    )
