"""The cache of the model stage: a summary by its key, for as long as content, model, prompt and parameters stay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from sqlite_utils import Database

from digest.store.database import Connection
from digest.types import Summary

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@cache
def _adapter() -> TypeAdapter[Summary]:
    from pydantic import TypeAdapter

    return TypeAdapter(Summary)


def read(connection: Connection, keys: Iterable[str]) -> dict[str, Summary]:
    rows = connection.rows(
        "SELECT key, json FROM summaries WHERE key IN (SELECT value FROM json_each(:keys)) ORDER BY key",
        keys=json.dumps(list(keys)),
    )
    return {row["key"]: _adapter().validate_json(row["json"]) for row in rows}


def save(db: Database, summaries: Mapping[str, Summary]) -> None:
    """Write within the open transaction of ``db``; a key that is there already is written anew."""
    db.conn.executemany(
        """INSERT INTO summaries (key, json) VALUES (:key, :json)
           ON CONFLICT (key) DO UPDATE SET json = excluded.json""",
        [
            {"key": key, "json": _adapter().dump_json(summary).decode()}
            for key, summary in summaries.items()
        ],
    )
