"""Killing the run at any moment and running it again gives the same issue, byte for byte."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo_run import make_demo

ROOT = Path(__file__).resolve().parents[1]

POINTS = [
    ("save_fetched", 1),
    ("save_fetched", 4),
    ("allot_issue", 1),
    ("save_issue", 2),
    ("save_issue", 3),
    ("replace", 1),
    ("replace", 14),
    ("save_run", 3),
]


@pytest.mark.parametrize(("name", "nth"), POINTS)
def test_a_killed_run_is_made_good_by_the_next(extractive_demo, tmp_path, name, nth):
    out, db = tmp_path / "OUT", tmp_path / "demo.db"
    command = [sys.executable, "-m", "tests.demo_run", str(out), str(db), name, str(nth)]

    died = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120
    )
    assert -signal.SIGKILL == died.returncode, died.stderr

    make_demo(out, db, backend="extractive")
    expected = {
        p.relative_to(extractive_demo.out): p.read_bytes() for p in _files(extractive_demo.out)
    }
    assert expected == {p.relative_to(out): p.read_bytes() for p in _files(out)}


def _files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file()]
