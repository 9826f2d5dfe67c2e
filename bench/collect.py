"""Times collecting a week of feeds beside the ``reader`` library, and how it grows: ``python bench/collect.py``.

The feeds are served on this machine. Each measurement runs in a process of its own, so that its peak memory is its own,
and the two sides take turns. Without ``reader`` (``pip install reader``) its column stays empty.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import logging
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.synthetic import NOW, WEEK, make_feeds
from tests.loopback import Answer, Asked, serving

ROUNDS = 3
WORKERS = 8  #: those of digest.collect; reader is told the same
ENTRIES = 100  #: of one feed
WEEK_SIZE = 5_000
GROWTH = (5_000, 15_000, 50_000)
#: (name in the table, way of a side, answers carry an ETag, the database is filled first)
SCENES = (
    ("all new", "http", True, False),
    ("nothing new, 304", "http", True, True),
    ("nothing new, 200 and the same bodies", "http", False, True),
    ("parse and store, no HTTP", "files", False, False),
)


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak_mib: float
    entries: int  #: in the database at the end


# -- the two sides, each in its own process ---------------------------------------------------------------------------


def ours_by_http(db: Path, urls: Sequence[str]) -> Callable[[], int]:
    """The program's own way: conditional requests, eight workers, one transaction a source."""
    from digest.collect import collect, feed
    from digest.net import Http
    from digest.sources import FeedSource
    from digest.store import Store

    _warm(feed)
    sources = [FeedSource(kind="feed", name=f"lab {n}", url=url) for n, url in enumerate(urls)]

    def run() -> int:
        with (
            Store(db) as store,
            Http(validators=store.validators(), wall_clock=NOW.timestamp) as http,
        ):
            for fetched in collect(sources, http, since=WEEK.since, until=WEEK.end, environ={}):
                assert fetched.error is None, fetched.error
                store.save_fetched(fetched, now=NOW)
        return _count(db, "items")

    return run


def ours_from_files(db: Path, paths: Sequence[str]) -> Callable[[], int]:
    """The same parser and store, of bytes on disk."""
    from unittest.mock import Mock

    from digest.collect import feed
    from digest.collect.visit import Visit
    from digest.net import Response
    from digest.sources import FeedSource
    from digest.store import Store
    from digest.types import Fetched

    _warm(feed)

    def run() -> int:
        with Store(db) as store:
            for number, path in enumerate(paths):
                url = f"https://lab{number}.example.org/feed.xml"
                source = FeedSource(kind="feed", name=f"lab {number}", url=url)
                response = Response(url=url, status=200, content=Path(path).read_bytes())
                visit = Visit(http=Mock(), since=WEEK.since, until=WEEK.end, now=NOW)
                items = tuple(feed.items_of(source, visit, lambda r=response: r))
                store.save_fetched(Fetched(source=source.name, items=items), now=NOW)
        return _count(db, "items")

    return run


def _warm(feed: object) -> None:
    """Load what the first feed would load."""
    import feedparser

    assert feed
    feedparser.parse(b"<rss version='2.0'><channel/></rss>")


def reader_by_http(db: Path, urls: Sequence[str]) -> Callable[[], int]:
    """The library's own way, with as many workers."""
    return _reader(db, urls, WORKERS, None)


def reader_from_files(db: Path, paths: Sequence[str]) -> Callable[[], int]:
    """The library's own way with feeds on disk."""
    return _reader(db, paths, 1, "")


def _reader(
    db: Path, feeds: Sequence[str], workers: int, feed_root: str | None
) -> Callable[[], int]:
    # the feedparser that is installed, as on our side; the copy inside reader needs sgmllib3k as well
    os.environ.setdefault("READER_NO_VENDORED_FEEDPARSER", "1")
    import feedparser
    from reader import make_reader

    feedparser.parse(b"<rss version='2.0'><channel/></rss>")

    def run() -> int:
        with make_reader(str(db), feed_root=feed_root) as reader:
            for feed in feeds:
                reader.add_feed(feed, exist_ok=True)
            reader.update_feeds(workers=workers, scheduled=False)  # else not within the hour
            broken = reader.get_feed_counts(broken=True).total
            assert not broken, f"{broken} feeds could not be read"
        return _count(db, "entries")

    return run


def _count(db: Path, table: str) -> int:
    import sqlite3

    connection = sqlite3.connect(db)
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(count)


SIDES = {
    "ours http": ours_by_http,
    "ours files": ours_from_files,
    "reader http": reader_by_http,
    "reader files": reader_from_files,
}


def measure_here(side: str, db: str, feeds: Sequence[str]) -> None:
    """In the child: run one side once, and print what it took."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    run = SIDES[side](Path(db), feeds)
    gc.collect()
    start = perf_counter()
    entries = run()
    seconds = perf_counter() - start
    peak_mib = peak_kib() / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak_mib, "entries": entries}))


def peak_kib() -> int:
    """The peak memory of this process; ru_maxrss would be at least that of the process which started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def measure(side: str, db: Path, feeds: Sequence[str]) -> Measured:
    """One side, once, in a child; it reads the addresses from its standard input."""
    command = [sys.executable, __file__, "--side", side, str(db)]
    done = subprocess.run(
        command, input="\n".join(feeds), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr.strip()}")
    return Measured(**json.loads(done.stdout))


# -- the tables -------------------------------------------------------------------------------------------------------


@contextmanager
def served(feeds: Sequence[bytes], *, has_etags: bool) -> Iterator[list[str]]:
    """The addresses of the feeds on a server of this machine."""
    with serving() as site:
        for number, body in enumerate(feeds):
            site.routes[f"/{number}.xml"] = _route(body, f'"{number}"' if has_etags else "")
        yield [f"{site.url}/{number}.xml" for number in range(len(feeds))]


def _route(body: bytes, etag: str) -> Callable[[Asked], Answer]:
    headers = {"Content-Type": "application/xml"} | ({"ETag": etag} if etag else {})

    def answer(asked: Asked) -> Answer:
        if etag and asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=headers)
        return Answer(body, headers=headers)

    return answer


def best(
    sides: Sequence[str], feeds: Sequence[str], folder: Path, *, is_filled: bool
) -> list[Measured]:
    """The fastest run of each side and its least peak, in turns."""
    runs: dict[str, list[Measured]] = {side: [] for side in sides}
    for number in range(ROUNDS):
        for side in sides:
            db = folder / f"{side.replace(' ', '-')}-{number}.db"
            if is_filled:
                measure(side, db, feeds)
            runs[side].append(measure(side, db, feeds))
            for path in folder.glob(f"{db.name}*"):
                path.unlink()
    return [
        Measured(min(m.seconds for m in ms), min(m.peak_mib for m in ms), ms[0].entries)
        for ms in runs.values()
    ]


def print_beside(feeds: Sequence[bytes], *, has_reader: bool) -> None:
    """Both sides over the same feeds; the ratio is reader's time by ours."""
    count = len(feeds) * ENTRIES
    print(
        f"\n| {count} entries in {len(feeds)} feeds | s | reader, s | times as fast | MiB | reader, MiB |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    names = ("ours", "reader") if has_reader else ("ours",)
    for what, way, has_etags, is_filled in SCENES:
        sides = [f"{name} {way}" for name in names]
        with tempfile.TemporaryDirectory() as name, served(feeds, has_etags=has_etags) as urls:
            folder = Path(name)
            paths = [folder / f"{number}.xml" for number in range(len(feeds))]
            for path, body in zip(paths, feeds, strict=True):
                path.write_bytes(body)
            places = urls if way == "http" else [str(path) for path in paths]
            ours, *theirs = best(sides, places, folder, is_filled=is_filled)
        assert {m.entries for m in (ours, *theirs)} == {count}
        cells = [f"{ours.seconds:.2f}", "", "", f"{ours.peak_mib:.0f}", ""]
        for reader in theirs:
            cells[1:3] = [f"{reader.seconds:.2f}", f"{reader.seconds / ours.seconds:.1f}"]
            cells[4] = f"{reader.peak_mib:.0f}"
        print(f"| {what} | {' | '.join(cells)} |", flush=True)


def print_growth() -> None:
    """Our side alone, over weeks of several sizes; the exponent is that of the line through the first and the last."""
    print("\n| all new, entries | s | µs an entry | MiB |")
    print("|---|---:|---:|---:|")
    seconds = []
    for count in GROWTH:
        feeds = make_feeds(count // ENTRIES, ENTRIES)
        with tempfile.TemporaryDirectory() as name, served(feeds, has_etags=True) as urls:
            (ours,) = best(["ours http"], urls, Path(name), is_filled=False)
        assert ours.entries == count
        seconds.append(ours.seconds)
        micros = ours.seconds / count * 1e6
        print(f"| {count} | {ours.seconds:.2f} | {micros:.0f} | {ours.peak_mib:.0f} |", flush=True)
    exponent = math.log(seconds[-1] / seconds[0]) / math.log(GROWTH[-1] / GROWTH[0])
    print(f"\nTime grows as the entries to the power of {exponent:.2f}.")


def main() -> None:
    """Print both tables; as a child of itself, measure one side."""
    if sys.argv[1:2] == ["--side"]:
        measure_here(sys.argv[2], sys.argv[3], sys.stdin.read().split("\n"))
        return
    logging.disable(logging.WARNING)
    has_reader = importlib.util.find_spec("reader") is not None
    print(f"Python {platform.python_version()}, best of {ROUNDS}, in turns, {WORKERS} workers.")
    if not has_reader:
        print("reader is not installed, its columns are left out: pip install -e '.[bench]'")
    print_beside(make_feeds(WEEK_SIZE // ENTRIES, ENTRIES), has_reader=has_reader)
    print_growth()


if __name__ == "__main__":
    main()
