"""What all tests share: no environment of the developer's leaks in, and the demo is made once for all who read it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.demo_run import Demo, make_demo

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items):
    """A test that needs what this machine lacks is skipped, and says why."""
    has_chromium = bool(os.environ.get("CHROMIUM") or shutil.which("chromium"))
    for item in items:
        if item.get_closest_marker("corpus") and not CORPUS.is_dir():
            item.add_marker(pytest.mark.skip(reason="the corpus ../shared/data is not here"))
        if item.get_closest_marker("browser") and not has_chromium:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """Credentials and proxies of whoever runs the tests must not change what is tested."""
    for name in list(os.environ):
        if name.startswith(("REDDIT_", "DIGEST_", "praw_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real weeks and references; tests that use it carry the mark ``corpus``."""
    return CORPUS


@pytest.fixture(scope="session")
def extractive_demo(tmp_path_factory) -> Demo:
    """The demo without a model: everything else is as a user gets it."""
    folder = tmp_path_factory.mktemp("demo")
    return make_demo(folder / "OUT", folder / "demo.db", backend="extractive")
