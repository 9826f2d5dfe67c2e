from __future__ import annotations

import pytest

from digest.cli import main
from tests.loopback import serving


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where the command is run; retries do not wait, which has its own tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("digest.net.back_off_s", lambda *_, **__: 0.0)
    return tmp_path


@pytest.fixture
def sources(capsys):
    """The exit code, stdout and stderr of ``sources`` with the arguments given."""

    def run(*argv):
        code = main(["sources", *map(str, argv)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
