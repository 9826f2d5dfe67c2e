"""Every fault of a replayed week on every path, through the whole command: ``python bench/faults.py WEEK_FOLDER REPLAY_SERVER``.

Prints a Markdown table: exit code, seconds beside the bound, items of the other sources, and what was said. Nothing is
sped up: the waits between tries are the real ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.replay import replay, sources_at

ROOT = Path(__file__).resolve().parents[1]
KINDS = (
    "429", "429date", "503", "500", "404", "html", "empty", "truncate", "short", "badgzip", "loop", "bomb", "hang", "drip",
)  # fmt: skip
DEADLINE_S = 3  #: of one answer, over all its tries
WAITS_S = 120  #: between the tries of one request, at most; see digest.retry
AT_ONCE = 4  #: runs side by side; nearly all of their time is waiting


@dataclass(frozen=True)
class FaultPath:
    """A path of the replay server, and the source that it belongs to."""

    prefix: str
    source: str
    has_credentials: bool = True
    mode: str = "api"


PATHS = (
    FaultPath("/api/query", "arXiv"),
    FaultPath("/rss/", "arXiv", mode="rss"),
    FaultPath("/api/v1/access_token", "r/MachineLearning"),
    FaultPath("/r/MachineLearning/top", "r/MachineLearning"),
    FaultPath("/r/MachineLearning/top/.rss", "r/MachineLearning", has_credentials=False),
    FaultPath("/comments/", "r/MachineLearning"),
    FaultPath("/feeds/the-batch", "the-batch.xml"),
)


def feeds_yaml(url: str, feeds: list[str], path: FaultPath) -> str:
    arxiv = {"mode": "rss", "rss_url": f"{url}/rss"} if path.mode == "rss" else {}
    config = {
        "sources": sources_at(url, feeds, **arxiv),
        "pace_s": {"127.0.0.1": 0},
        "network": {"deadline_s": DEADLINE_S},
    }
    return json.dumps(config)  # JSON is YAML


def row(server: Path, week: Path, kind: str, path: FaultPath) -> str:
    """One run with one fault, as a row of the table."""
    with (
        tempfile.TemporaryDirectory() as name,
        replay(server, week, f"{path.prefix}={kind}") as (url, feeds),
    ):
        folder = Path(name)
        (folder / "feeds.yaml").write_text(feeds_yaml(url, feeds, path))
        environ = {"PATH": "/usr/bin:/bin", "HOME": name}
        if path.has_credentials:
            environ |= {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}
        start = perf_counter()
        done = subprocess.run(
            [
                sys.executable,
                ROOT / "run_digest.py",
                "collect",
                "--week",
                week.name,
                "--json",
                "--quiet",
            ],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = perf_counter() - start
        sources = {s["name"]: s for s in json.loads(done.stdout)["sources"]}
    others = sum(s["items"] for n, s in sources.items() if n != path.source)
    kept = sources[path.source]["items"]
    failed = [n for n, s in sources.items() if s["error"]]
    is_good = done.returncode == 3 and failed == [path.source] and "Traceback" not in done.stderr
    said = sources[path.source]["error"] or "no error"
    return f"| {path.prefix} | {kind} | {done.returncode} | {seconds:.1f} | {others} | {kept} | {'yes' if is_good else '**no**'} | {said[:110]} |"


def main() -> None:
    week, server = Path(sys.argv[1]), Path(sys.argv[2])
    kinds = sys.argv[3:] or KINDS
    print(
        f"Deadline {DEADLINE_S} s an answer and {WAITS_S} s of waits a request; {AT_ONCE} runs at once.\n"
    )
    print("| path | fault | exit | s | items of others | kept | as it must be | said |")
    print("|---|---|---:|---:|---:|---:|---|---|")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(row, server, week, kind, path) for path in PATHS for kind in kinds]
        for job in jobs:
            print(job.result(), flush=True)


if __name__ == "__main__":
    main()
