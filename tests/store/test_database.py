"""The file: made, migrated, refused in one line, and whole after a kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from digest.errors import StoreError
from digest.store import Store
from digest.store.database import explain
from digest.week import Week
from tests.store.make import NOW, fetched, full_item, item

DUMP = Path(__file__).parent / "version-1.sql"


def schema(path):
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    connection.close()
    return rows


def test_a_database_of_version_1_has_the_schema_of_a_new_one_and_its_rows(tmp_path):
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    connection = sqlite3.connect(old)
    connection.executescript(DUMP.read_text("utf-8"))
    connection.close()

    with Store(new), Store(old) as store:
        assert (full_item(),) == store.items_by_id([full_item().id])
        assert [1] == [i.number for i in store.issues()]
        assert {"arxiv:1", "thread-of-arxiv:1", "arxiv:2"} == store.shown(Week(2021, 7)).keys()
        assert store.is_delivered(Week(2021, 6))
        assert ["https://x.org/feed"] == list(store.validators())
    assert schema(new) == schema(old)


def test_a_missing_folder_is_made(tmp_path):
    with Store(tmp_path / "a" / "b" / "digest.db") as store:
        assert () == store.issues()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.write_bytes(b"# feeds.yaml, surely not a database\n" * 50), "is not a SQLite database"),
        (lambda p: p.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096), "is not a SQLite database"),
        (lambda p: sqlite3.connect(p).executescript("CREATE TABLE places (url)").connection.close(), "another program"),
    ],
)  # fmt: skip
def test_what_is_no_database_of_ours_is_refused_in_one_line_and_left_as_it_is(path, make, message):
    make(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(StoreError, match=message) as caught:
        Store(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_file_in_a_file_is_refused(path):
    path.write_text("")

    with pytest.raises(StoreError, match=r"digest\.db/x\.db: cannot be made"):
        Store(path / "x.db")


def test_a_database_of_a_newer_version_is_refused(path):
    with Store(path):
        pass
    other = sqlite3.connect(path)
    other.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('digest', 'm0099_future')"
    )
    other.commit()
    other.close()

    with pytest.raises(StoreError, match=r"newer version of this program \(m0099_future\)"):
        Store(path)


def test_a_read_only_database_is_told_in_one_line(path):
    with Store(path):
        pass
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.execute("DELETE FROM items")
    except sqlite3.Error as e:
        error = explain(e, path)
    connection.close()

    assert f"{path}: cannot be written (read-only) (name another file with --db)" == str(error)


def test_trap_72_a_lock_that_another_process_keeps_is_told_in_one_line(path):
    with Store(path, busy_timeout_s=0.05) as store:
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            store.save_fetched(fetched(item()), now=NOW)
        assert () == store.issues(), "reading goes on beside a writer"
        other.rollback()
        other.close()

        assert 1 == store.save_fetched(fetched(item()), now=NOW).new


def test_trap_69_73_a_write_that_fails_midway_leaves_nothing(store, monkeypatch):
    def fail(*args):
        raise RuntimeError("midway")

    monkeypatch.setattr("digest.store.items.save", fail)
    with pytest.raises(RuntimeError):
        store.save_fetched(fetched(item()), now=NOW)

    assert not store.source_statuses(["arXiv"], NOW, NOW)[0].is_ok


WRITER = """
import sys
from pathlib import Path
from digest.store import Store
from tests.store.make import NOW, fetched, issue, item

with Store(Path(sys.argv[1])) as store:
    for batch in range(1, 10_000):
        store.save_fetched(fetched(*(item(f"{batch:05}-{n:03}") for n in range(50))), now=NOW)
        store.save_issue(issue(full=tuple(f"{batch}-{n}" for n in range(20)), brief=()))
        print(batch, flush=True)
"""


def test_a_kill_leaves_whole_transactions_only(path):
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    )  # fmt: skip
    told = [int(process.stdout.readline()) for _ in range(7)][-1]
    process.send_signal(signal.SIGKILL)
    process.communicate()

    with Store(path) as store:
        ids = [i.id for i in store.items(NOW.replace(day=8), NOW)]
        shown = store.shown(Week(2021, 7)).keys()
        stories = store.issue(Week(2021, 6)).stories
    assert 0 == len(ids) % 50
    assert len(ids) >= 50 * told
    assert {i for s in stories for i in s.item_ids} == shown
    connection = sqlite3.connect(path)
    assert ("ok",) == connection.execute("PRAGMA integrity_check").fetchone()
    assert (0,) == connection.execute(
        "SELECT count(*) FROM items WHERE id NOT IN (SELECT item_id FROM item_sources)"
    ).fetchone()
    connection.close()
