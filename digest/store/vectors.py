"""Embeddings: the cache of the vectors of texts, as the bytes of 384 half-precision numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from digest.store.database import Connection


def read(connection: Connection, keys: Iterable[str]) -> dict[str, bytes]:
    rows = connection.rows(
        "SELECT key, vector FROM embeddings WHERE key IN (SELECT value FROM json_each(:keys))",
        keys=json.dumps(list(keys)),
    )
    return {row["key"]: row["vector"] for row in rows}


def save(db: Database, vectors: Mapping[str, bytes]) -> None:
    """Write within the open transaction of ``db``."""
    db.conn.executemany(
        "INSERT INTO embeddings (key, vector) VALUES (:key, :vector) ON CONFLICT DO NOTHING",
        [{"key": key, "vector": vector} for key, vector in vectors.items()],
    )
