"""Times the stages on synthetic weeks and prints a Markdown table: ``python bench/pipeline.py [ITEMS ...]``.

Where a plain way to do the same exists, it is timed side by side, in turns, and the ratio is what to look at: seconds
differ between machines, ratios hardly do.
"""

from __future__ import annotations

import gc
import json
import logging
import platform
import smtplib
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from time import perf_counter
from unittest.mock import Mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from numpy.typing import NDArray

from bench.synthetic import NOW, WEEK, make_papers, make_posts
from digest import pipeline
from digest.collect.arxiv_api import parse_entry, parse_page
from digest.collect.visit import Visit
from digest.config import Config, Delivery, Smtp, parse_config
from digest.deliver import send
from digest.deliver.message import build_message
from digest.demo.wire_feeds import arxiv_answer
from digest.group import group
from digest.rank import choose, rank
from digest.rank.interest_model import InterestModel
from digest.rating import Rating
from digest.store import Store
from digest.types import Fetched, Item
from tests.render.sample_issue import sample_issue

ROUNDS = 3
PAGE_SIZE = 200
CONFIG = {
    "sources": [{"kind": "arxiv", "categories": ["cs.LG"]}],
    "summarizer": {"backend": "extractive"},
    "interests": {"keywords": ["distill", "sparse"]},
    "similarity": {"model": "none"},  # what vectors cost is measured in grouping.py
}

Row = tuple[str, float, float | None]  #: what, our seconds, the plain way's seconds


class Silent:
    """A ``pipeline.Watch`` for nobody."""

    def stage(self, name: str, total: int | None = None) -> None: ...

    def advance(self, done: int, total: int) -> None: ...

    def line(self, text: str, *, is_bad: bool = False) -> None: ...


def best_of(*ways: Callable[[], object]) -> list[float]:
    """The least seconds of each way, measured in turns so that a busy machine harms all alike."""
    seconds = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        for i, way in enumerate(ways):
            gc.collect()
            start = perf_counter()
            way()
            seconds[i] = min(seconds[i], perf_counter() - start)
    return seconds


def parse(pages: Sequence[bytes]) -> tuple[Item, ...]:
    """The items of arXiv's answers, by the program's own parser."""
    visit = Visit(http=Mock(), since=WEEK.since, until=WEEK.end, now=NOW)
    return tuple(
        parse_entry(entry, "arXiv", visit)
        for page in pages
        for entry in parse_page(page, "arXiv").entries
    )


def parse_plainly(pages: Sequence[bytes]) -> list[tuple[str, ...]]:
    """The same by feedparser, as rows for a table."""
    import feedparser

    return [
        (e.id, e.title, e.summary, e.link, e.published, json.dumps([a.name for a in e.authors]))
        for page in pages
        for e in feedparser.parse(page).entries
    ]


def save_plainly(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """All rows by one statement, with nothing compared, merged or counted."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS items (id TEXT PRIMARY KEY, a, b, c, d, e)")
        db.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.close()


def save(path: Path, items: Sequence[Item]) -> None:
    with Store(path) as store:
        store.save_fetched(Fetched(source="arXiv", items=tuple(items)), now=NOW)


def collect_rows(pages: Sequence[bytes], folder: Path) -> Iterator[Row]:
    """Parsing and storing, beside feedparser and bare SQLite."""
    items, rows = parse(pages), parse_plainly(pages)
    assert len(items) == len(rows)
    fresh = (folder / f"fresh{n}.db" for n in range(10**6))

    yield "parse arXiv", *best_of(lambda: parse(pages), lambda: parse_plainly(pages))
    yield (
        "store, all new",
        *best_of(lambda: save(next(fresh), items), lambda: save_plainly(next(fresh), rows)),
    )
    ours, plain = next(fresh), next(fresh)
    save(ours, items)
    save_plainly(plain, rows)
    yield (
        "store again, nothing new",
        *best_of(lambda: save(ours, items), lambda: save_plainly(plain, rows)),
    )


def issue_rows(items: Sequence[Item], config: Config, folder: Path) -> Iterator[Row]:
    """Grouping, ranking, composing and rendering: nothing plain does these."""
    stories = group(items)
    ranked = rank(stories, interests=config.interests, lectures=(), week=WEEK)
    yield "group", *best_of(lambda: group(items)), None
    yield (
        "rank and choose",
        *best_of(
            lambda: choose(
                rank(stories, interests=config.interests, lectures=(), week=WEEK), config.length
            )
        ),
        None,
    )
    assert len(ranked) == len(stories)

    db = folder / "issue.db"
    save(db, items)
    with Store(db) as store:

        def make() -> None:
            pipeline.make_issue(WEEK, config, store, now=NOW, watch=Silent())

        yield "make the issue, summaries new", *_once(make), None
        yield "make it again, summaries cached", *best_of(make), None
        issue = store.issue(WEEK)
        assert issue is not None
        outs = (folder / f"out{n}" for n in range(10**6))
        yield (
            "render and write all files",
            *best_of(lambda: pipeline.build(issue, config, store, next(outs), watch=Silent())),
            None,
        )


def send_rows(folder: Path) -> Iterator[Row]:
    """A mail of 90 kB to 100 readers, beside the standard library's own way, both over loopback."""
    delivery = Delivery.model_validate(
        {
            "from": "news@example.org",
            "recipients": [f"reader{n}@example.org" for n in range(100)],
            "smtp": {"host": "127.0.0.1", "port": 1, "security": "none"},
        }
    )
    issue = sample_issue()
    html = f"<p>{'<td>a story</td>' * 5000}</p>\n".encode()
    message = build_message(issue, html, b"text\n", delivery)
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    smtp = Smtp(host="127.0.0.1", port=server.port, security="none")
    delivery = delivery.model_copy(update={"smtp": smtp})
    fresh = (folder / f"outbox{n}.db" for n in range(10**6))

    def ours() -> None:
        with Store(next(fresh)) as store:
            results = send(issue, message, delivery, store, now=NOW, environ={})
        assert {"sent"} == {r.status for r in results}

    def plain() -> None:
        with smtplib.SMTP("127.0.0.1", server.port) as connection:
            for recipient in delivery.recipients:
                mail = message_from_bytes(message, policy=policy.SMTP)
                mail.replace_header("To", recipient)
                connection.send_message(mail)

    try:
        yield "send to 100 readers", *best_of(ours, plain)
    finally:
        server.stop()


def interest_rows() -> Iterator[Row]:
    """Learning from a reader's 2,000 ratings, as every run does, and scoring 500 stories by them."""
    rng = np.random.default_rng(0)

    def vectors(count: int) -> NDArray[np.float64]:
        rows = rng.normal(size=(count, 384))
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    ratings = [
        Rating(
            item_id=f"arxiv:{n:04}", value=1 if n % 3 else -1, title=f"Paper {n}", text="", at=NOW
        )
        for n in range(2000)
    ]
    rated, background, stories = vectors(2000), vectors(500), vectors(500)

    def learn() -> None:
        model = InterestModel.fit(ratings, rated, background)
        assert model is not None
        model.parts(stories)

    yield "learn from 2,000 ratings, score 500 stories", *best_of(learn), None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _once(way: Callable[[], object]) -> list[float]:
    start = perf_counter()
    way()
    return [perf_counter() - start]


def main() -> None:
    """Print the tables for weeks of the given numbers of papers."""
    logging.disable(logging.WARNING)
    config = parse_config(CONFIG)
    print(f"Python {platform.python_version()}, best of {ROUNDS}, in turns.")
    for count in map(int, sys.argv[1:] or ("500", "5000")):
        papers = make_papers(count)
        pages = [arxiv_answer(papers[i : i + PAGE_SIZE], NOW) for i in range(0, count, PAGE_SIZE)]
        items = [replace(i, source="arXiv") for i in parse(pages)]
        items += make_posts(items)
        print(f"\n| {len(items)} items, {count} of them papers | s | plain way, s | ratio |")
        print("|---|---:|---:|---:|")
        with tempfile.TemporaryDirectory() as name:
            for rows in (
                collect_rows(pages, Path(name)),
                issue_rows(items, config, Path(name)),
            ):
                print_rows(rows)
    print("\n| any week | s | plain way, s | ratio |")
    print("|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        print_rows(send_rows(Path(name)))
    print_rows(interest_rows())


def print_rows(rows: Iterable[Row]) -> None:
    """Each row as soon as it is measured."""
    for what, seconds, plain in rows:
        shown = (f"{plain:.3f}", f"{seconds / plain:.2f}") if plain else ("", "")
        print(f"| {what} | {seconds:.3f} | {shown[0]} | {shown[1]} |", flush=True)


if __name__ == "__main__":
    main()
