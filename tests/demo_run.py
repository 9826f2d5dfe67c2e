"""The demo as the command makes it, for tests that want it in their own process or folder.

Run as a script it makes the demo and kills itself: ``demo_run.py OUT DB NAME N`` dies by SIGKILL at the N-th call of NAME.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path


class Silent:
    """A ``report.Watch`` that keeps its lines."""

    def __init__(self):
        self.lines = []

    def stage(self, name, total=None):
        pass

    def advance(self, done, total):
        pass

    def line(self, text, *, is_bad=False):
        self.lines.append(text)


@dataclass
class Demo:
    """A finished demo: where it wrote, what it reported."""

    out: Path
    db: Path
    reports: list
    lines: list

    @property
    def folder(self) -> Path:
        return self.out / "2021" / "w06"


def make_demo(out: Path, db: Path, **summarizer) -> Demo:
    """The three sample issues, collected over loopback with the real collectors."""
    from digest.config import Similarity
    from digest.demo import DEMO_WEEKS, demo_config, demo_environ
    from digest.demo.server import SampleServer
    from digest.pipeline import run
    from digest.store import Store
    from digest.week import Week

    watch = Silent()
    reports = []
    with Store(db) as store:
        for week, now, _ in DEMO_WEEKS:
            with SampleServer(week) as server:
                config = demo_config(server.url)
                config = config.model_copy(
                    update={
                        "summarizer": config.summarizer.model_copy(update=summarizer),
                        # a process that is killed and started twenty times must not load a model each time
                        "similarity": Similarity(model="none"),
                    }
                )
                report = run(
                    Week.parse(week),
                    config,
                    store,
                    out,
                    now=now,
                    environ=demo_environ(),
                    watch=watch,
                )
                reports.append(report)
    return Demo(out=out, db=db, reports=reports, lines=watch.lines)


def _die_at(name: str, nth: int) -> None:
    """Make the ``nth`` call of a function of the store, or of ``os.replace``, the last thing this process does."""
    from digest.store import Store

    owner = os if name == "replace" else Store
    real = getattr(owner, name)
    calls = 0

    def deadly(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, name, deadly)


if __name__ == "__main__":
    _die_at(sys.argv[3], int(sys.argv[4]))
    make_demo(Path(sys.argv[1]), Path(sys.argv[2]), backend="extractive")
