"""Runs the feed collector over a folder of test feeds: ``python bench/feed_suite.py FOLDER``.

Made for the ``tests`` folder of feedparser's source distribution, in which each file is a feed of one oddity and may name
its HTTP headers in a comment ("Header: Content-type: ..."). Every file is served by a real server on this machine and
collected as a source, in a process of its own that is killed where it takes longer than ``LIMIT_S``.
"""

from __future__ import annotations

import html
import logging
import multiprocessing
import re
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digest.collect import collect
from digest.collect.markup import is_http
from digest.net import Http
from digest.sources import FeedSource
from digest.types import Item
from tests.loopback import Answer, serving

LIMIT_S = 10.0
SHOWN = 60  #: files to look at
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUFFIXES = (".xml", ".json")

_HEADER = re.compile(r"^Header:\s+([^:\s]+):(.*)$", re.MULTILINE)
_ITEM = re.compile(rb"<item(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_ENTRY = re.compile(rb"<entry(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_UNSAFE = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|style|img|a|b|i|p|div|span|svg|form|input|meta|link|base)\b[^>]*>"
    r"|(?:java|vb)script\s*:|\bon(?:click|load|error|mouse\w+|focus|blur|key\w+)\s*=",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file; all of it can be pickled."""

    path: str
    entries: int = 0  #: as feedparser itself counts them, with its own settings
    readable: int = (
        0  #: of those, the different ones with a title or a text, and an absolute http(s) link
    )
    items: int = 0
    skip_reasons: tuple[str, ...] = ()
    error: str = ""  #: of a CollectError: its kind and message
    crash: str = ""
    is_hanging: bool = False
    unsafe: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass
class Row:
    """The sums over one folder."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def slowest(self) -> Outcome:
        return max(self.outcomes, key=lambda o: o.seconds)


def read(path: Path) -> tuple[bytes, dict[str, str]]:
    """The bytes of a test feed, and the headers that it asks for."""
    content = path.read_bytes()
    is_wide = b"\x00" in content[:4]
    text = content.replace(b"\x00", b"") if is_wide else content
    named = {
        name: value.strip() for name, value in _HEADER.findall(text.decode("utf-8", "replace"))
    }
    named.pop("Content-Length", None)
    kind = "application/json" if path.suffix == ".json" else "text/xml"
    headers = {name.title(): value for name, value in named.items()}
    return content, {"Content-Type": kind} | headers


def with_links(content: bytes) -> bytes:
    """The same feed with a link in every entry: most test feeds have one field only, and would be skipped for lack of it."""
    content = _ITEM.sub(rb"\g<0><link>http://127.0.0.1/linked</link>", content)
    return _ENTRY.sub(rb"\g<0><link rel='alternate' href='http://127.0.0.1/linked'/>", content)


def measure(path: str, url: str, content: bytes, headers: Mapping[str, str]) -> Outcome:
    """One file through the collector, and through feedparser alone."""
    start = perf_counter()
    reasons: list[str] = []
    error = crash = ""
    items: tuple[Item, ...] = ()
    try:
        with Http(sleep=lambda _seconds: None) as http:
            source = FeedSource(kind="feed", name="suite", url=url)
            (fetched,) = collect([source], http, since=EPOCH, until=datetime.now(UTC), environ={})
        items = fetched.items
        reasons = [reason for warning in fetched.warnings for reason in _reasons(warning)]
        if fetched.error:
            error = f"{type(fetched.error).__name__}: {fetched.error.message}"
    except Exception:  # noqa: BLE001  # a crash is what this script looks for
        crash = traceback.format_exc(limit=-4)
    seconds = perf_counter() - start
    entries, readable = _by_feedparser(content, headers)
    said = [text for item in items for text in (item.title, item.text, item.note, *item.authors)]
    said += [link for item in items for link in (item.url, *item.links)]
    return Outcome(
        path=path,
        entries=entries,
        readable=readable,
        items=len(items),
        skip_reasons=tuple(reasons),
        error=re.sub(r"127\.0\.0\.1:\d+\S*", "HOST", error),
        crash=crash,
        unsafe=tuple(
            text[max(0, m.start() - 40) : m.end() + 40]
            for text in said
            for m in _UNSAFE.finditer(text)
        ),
        seconds=seconds,
    )


def _reasons(warning: str) -> Iterator[str]:
    match = re.match(r"\d+ entr(?:y|ies) skipped: (.*)", warning, re.DOTALL)
    if match is None:
        return
    for reason in match[1].split("; "):
        yield re.sub(r"'.*'|\".*\"|https?://\S+", "…", reason)


def _by_feedparser(content: bytes, headers: Mapping[str, str]) -> tuple[int, int]:
    """How many entries feedparser gives, and how many different ones of them a reader could open and read."""
    import feedparser

    try:
        entries = feedparser.parse(content, response_headers=dict(headers)).entries
    except Exception:  # noqa: BLE001  # counted as none
        return 0, 0
    readable = set()
    for entry in entries:
        link = str(entry.get("link", ""))
        details = (entry.get("title"), entry.get("summary"), *_values(entry.get("content", ())))
        if is_http(link) and any(_visible(str(text or "")) for text in details):
            readable.add(entry.get("id") or link)
    return len(entries), len(readable)


def _values(contents: Iterable[Mapping[str, str]]) -> Iterator[str]:
    return (content.get("value", "") for content in contents)


def _visible(markup: str) -> str:
    """What is left of ``markup`` without its tags."""
    return html.unescape(re.sub(r"<[^<>]*>", "", markup)).strip()


def _work(connection: Connection) -> None:
    """Measure what comes down the pipe, until None comes."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    while (task := connection.recv()) is not None:
        connection.send(measure(*task))


class Worker:
    """A process that measures files one by one, and is started anew where a file holds it up."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._here, there = self._context.Pipe()
        self._process = self._context.Process(target=_work, args=(there,), daemon=True)
        self._process.start()
        there.close()

    def measure(self, path: str, url: str, content: bytes, headers: Mapping[str, str]) -> Outcome:
        self._here.send((path, url, content, headers))
        # feedparser's own run of the same bytes is part of the wait
        if self._here.poll(2 * LIMIT_S):
            try:
                outcome: Outcome = self._here.recv()
                return outcome
            except EOFError:
                self._start()
                return Outcome(path=path, crash="the process died")
        self._process.kill()
        self._process.join()
        self._start()
        return Outcome(path=path, is_hanging=True, seconds=2 * LIMIT_S)

    def close(self) -> None:
        self._here.send(None)
        self._process.join()


def run(root: Path, change: Callable[[bytes], bytes] = bytes) -> dict[str, Row]:
    """The outcomes by folder, the innermost one that has files in it; the bytes go through ``change`` first."""
    rows: dict[str, Row] = {}
    with serving() as site:
        worker = Worker()
        for path in sorted(p for p in root.rglob("*") if p.suffix in SUFFIXES):
            name = str(path.relative_to(root))
            content, headers = read(path)
            content = change(content)
            site.routes[f"/{name}"] = Answer(content, headers=headers)
            outcome = worker.measure(name, f"{site.url}/{name}", content, headers)
            rows.setdefault(str(Path(name).parent), Row()).outcomes.append(outcome)
            site.asked.clear()
        worker.close()
    return rows


def is_bad(outcome: Outcome) -> bool:
    """The file is one to look at."""
    return bool(
        outcome.crash
        or outcome.is_hanging
        or outcome.unsafe
        or outcome.seconds > LIMIT_S
        or outcome.items < outcome.readable
    )


def print_table(rows: Mapping[str, Row]) -> None:
    """One line a folder, and one for their sum."""
    print(
        "| folder | files | with entries | entries by feedparser | items | missed | skipped | errors | crashes | hangs"
        " | unsafe | s | slowest |"
    )
    print("|---|" + "---:|" * 11 + "---|")
    every = Row([outcome for row in rows.values() for outcome in row.outcomes])
    for name, row in [*rows.items(), ("all", every)]:
        outs = row.outcomes
        cells = (
            len(outs),
            sum(o.items > 0 for o in outs),
            sum(o.entries for o in outs),
            sum(o.items for o in outs),
            sum(max(0, o.readable - o.items) for o in outs),
            sum(len(o.skip_reasons) for o in outs),
            sum(bool(o.error) for o in outs),
            sum(bool(o.crash) for o in outs),
            sum(o.is_hanging for o in outs),
            sum(bool(o.unsafe) for o in outs),
            f"{sum(o.seconds for o in outs):.1f}",
            f"{Path(row.slowest.path).name} {row.slowest.seconds:.2f} s",
        )
        print(f"| {name} | {' | '.join(map(str, cells))} |")
    for title, found in (
        ("Skipped", Counter(r for o in every.outcomes for r in o.skip_reasons)),
        ("Errors", Counter(o.error for o in every.outcomes if o.error)),
    ):
        print(f"\n{title}:")
        for reason, count in found.most_common(5):
            print(f"- {count} times: {reason}")


def main() -> None:
    """Print the table, then every file to look at; 1 where there is one."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit("usage: python bench/feed_suite.py FOLDER")
    root, found = Path(sys.argv[1]), 0
    for title, change in (("As they are", bytes), ("With a link in every entry", with_links)):
        print(f"{title}\n")
        rows = run(root, change)
        print_table(rows)
        found += print_bad(rows)
    raise SystemExit(1 if found else 0)


def print_bad(rows: Mapping[str, Row]) -> int:
    """How many files there are to look at, after each has been told of."""
    bad = [outcome for row in rows.values() for outcome in row.outcomes if is_bad(outcome)]
    print(f"\nTo look at: {len(bad)} files")
    for o in bad[:SHOWN]:
        print(f"- {o.path}: {o.items} of {o.readable} entries, {o.seconds:.2f} s {o.error}")
        for line in (*o.skip_reasons, *o.unsafe, *o.crash.splitlines()):
            print(f"    {line}")
    print()
    return len(bad)


if __name__ == "__main__":
    main()
