"""What a person sees of a run on stderr; nothing of it ever goes to stdout."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from digest.progress import Terminal

ROOT = Path(__file__).resolve().parents[1]
LONG = "arXiv: failed: [markup] is not markup here, and a long line stays one line " + "x" * 200


def test_without_a_terminal_there_are_plain_lines_and_no_bar(capsys):
    with Terminal() as watch:
        watch.stage("collect", 2)
        watch.line("arXiv: 3 items")
        watch.advance(1, 2)
        watch.line(LONG, is_bad=True)
    captured = capsys.readouterr()

    assert ("", f"✓ arXiv: 3 items\n✗ {LONG}\n") == (captured.out, captured.err)


def test_quiet_keeps_what_went_wrong(capsys):
    with Terminal(is_quiet=True) as watch:
        watch.stage("collect", 2)
        watch.line("arXiv: 3 items")
        watch.line("Blog: failed", is_bad=True)

    assert "✗ Blog: failed\n" == capsys.readouterr().err


def test_on_a_terminal_a_bar_is_drawn_and_never_into_a_line():
    code = (
        "from digest.progress import Terminal\n"
        "with Terminal() as watch:\n"
        "    watch.stage('collect', 2)\n"
        "    watch.line('arXiv: 3 items')\n"
        "    watch.advance(2, 2)\n"
        "    watch.line('Blog: 1 item')\n"
    )
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stderr=follower, check=True, env=environment
    )
    os.close(follower)
    drawn = os.read(leader, 100_000).decode()
    os.close(leader)

    assert "collect" in drawn
    assert "━" in drawn
    plain = drawn.replace("\x1b[32m", "").replace("\x1b[0m", "")
    assert "✓ arXiv: 3 items" in plain
    assert "✓ Blog: 1 item" in plain
