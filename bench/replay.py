"""A replayed week of the shared data, served on this machine like the live sources."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replay(server: Path, week: Path, *faults: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a replay server, and the names of its feeds."""
    flags = [flag for fault in faults for flag in ("--fault", fault)]
    with subprocess.Popen(
        [sys.executable, server, week, "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            url = process.stdout.readline().strip()
            yield url, process.stderr.readline().partition("feeds: ")[2].split()
        finally:
            process.kill()


def sources_at(url: str, feeds: list[str], **arxiv: str) -> list[dict[str, Any]]:
    """The sources of a week for feeds.yaml; ``arxiv`` sets its mode and addresses, the query API where it is left out."""
    reddit = dict.fromkeys(("url", "reddit_url", "oauth_url"), url)
    return [
        {
            "kind": "arxiv",
            "categories": ["cs.CV", "cs.CL"],
            **(arxiv or {"url": f"{url}/api/query"}),
        },
        {"kind": "reddit", "subreddit": "MachineLearning", **reddit},
        *({"kind": "feed", "name": name, "url": f"{url}/feeds/{name}"} for name in feeds),
    ]
