"""The open SQLite file: how it is opened, how a transaction runs, and how its errors are told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from digest.errors import StoreError
from digest.store.schema import migrations

#: Seconds to wait for another process's write; a whole source is stored in well under one.
BUSY_TIMEOUT_S = 10.0


class Connection:
    """One SQLite file, migrated to the newest schema; every failure of it is a one-line StoreError naming the file."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        if path.is_dir():
            raise StoreError(f"{path}: is a folder, not a database", hint="name a file with --db")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreError(f"{path}: cannot be made: {e.strerror or e}") from e
        with self._explained():
            self.db = Database(sqlite3.connect(path, timeout=busy_timeout_s), execute_plugins=False)
        try:
            with self._explained():
                self._check_owner()
                if self.rows("PRAGMA journal_mode")[0]["journal_mode"] != "wal":
                    self.db.enable_wal()
                if migrations.pending(self.db):
                    # apply() asks again what is pending, now under the lock: two first runs may meet here
                    with self.transaction():
                        migrations.apply(self.db)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.db.close()

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a SELECT as mappings, with named parameters (":week")."""
        with self._explained():
            cursor = self.db.conn.execute(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All of the block, or nothing of it.

        The write lock is taken at the start: a plain BEGIN that reads first and writes later fails at once, without
        waiting, where another process has written in between.
        """
        with self._explained():
            self.db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.conn.commit()
            except BaseException:
                self.db.conn.rollback()
                raise

    def _check_owner(self) -> None:
        """StoreError where the file belongs to another program or to a newer version of this one."""
        applied = {m.name for m in migrations.applied(self.db)}
        known = {m.name for m in migrations.pending(self.db)} | applied
        newer = sorted(applied - {m.name for m in migrations._migrations})  # noqa: SLF001 - no public list
        if newer:
            raise StoreError(
                f"{self.path}: was written by a newer version of this program ({newer[-1]})",
                hint="update the program, or name another file with --db",
            )
        others = set(self.db.table_names()) - {migrations.migrations_table, "sqlite_sequence"}
        if known and others and not applied:
            raise StoreError(
                f"{self.path}: is a database of another program",
                hint="name another file with --db",
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as e:
            raise explain(e, self.path) from e


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """The same failure in one line that names the file and says what to do."""
    text = " ".join(str(error).split())
    if "not a database" in text or "malformed" in text:
        return StoreError(
            f"{path}: is not a SQLite database, or a damaged one",
            hint="name another file with --db",
        )
    if "locked" in text or "busy" in text:
        return StoreError(
            f"{path}: is locked by another program", hint="wait for it to end, then run again"
        )
    if "readonly" in text:
        return StoreError(
            f"{path}: cannot be written (read-only)", hint="name another file with --db"
        )
    if "unable to open" in text:
        return StoreError(
            f"{path}: cannot be opened or made", hint="check the folder and its permissions"
        )
    if "disk is full" in text:
        return StoreError(f"{path}: the disk is full", hint="make room, then run again")
    return StoreError(f"{path}: {text}")
