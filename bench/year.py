"""A year of real weeks in one database: no story twice, and no week slower than the first: ``python bench/year.py DATA``.

DATA is the folder of the shared data. The weeks are those of the most-tweeted papers of June 2020 to May 2021, and the
replayed weeks after them. Into each week some of what earlier weeks have told is put again, as it happens: the same
announcement on another blog, a thread that nobody answers, the paper listed once more.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pipeline import Silent
from digest import pipeline
from digest.collect.arxiv_api import parse_entry, parse_page
from digest.config import Config, parse_config
from digest.identity import normal_title
from digest.issue import BriefStory, FullStory, Issue
from digest.store import Store
from digest.types import Fetched, Item
from digest.week import Week

REPLAYED = ("2021-W25", "2025-W14", "2025-W16", "2025-W21")
ECHOES = 6  #: items a week that tell what was told before
SIMILAR = 0.8  #: share of words that two titles have in common from which on they count as the same
CONFIG = {
    "sources": [
        {"kind": "arxiv", "categories": ["cs.LG"], "url": "http://127.0.0.1:9/api"},
        {"kind": "feed", "name": "another blog", "url": "http://127.0.0.1:9/feed"},
        {"kind": "reddit", "subreddit": "MachineLearning", "url": "http://127.0.0.1:9"},
    ],
    "summarizer": {"backend": "extractive"},
}


@dataclass(frozen=True)
class Row:
    week: Week
    items: int
    stories: int
    follow_ups: int
    seconds: float


def hot_weeks(data: Path) -> dict[Week, list[Item]]:
    """The most-tweeted papers by the week in which they were announced."""
    weeks: dict[Week, list[Item]] = defaultdict(list)
    for line in (data / "hot_papers_to_2021-05.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        day = datetime.fromisoformat(row["announce_date"]).replace(tzinfo=UTC)
        weeks[Week.of(day)].append(
            Item(
                id=f"arxiv:{row['arxiv_id']}",
                source="arXiv",
                kind="paper",
                title=" ".join(row["title"].split()),
                url=f"https://arxiv.org/abs/{row['arxiv_id']}",
                text=row["abstract"],
                authors=tuple(row["authors"]),
                categories=tuple(row["categories"]),
                published=day,
                version=1,
            )
        )
    return weeks


def replayed_week(data: Path, name: str) -> list[Item]:
    from unittest.mock import Mock

    from digest.collect.visit import Visit

    week = Week.parse(name)
    visit = Visit(http=Mock(), since=week.since, until=week.end, now=week.end)
    pages = sorted((data / "replay" / name / "arxiv").glob("*.xml"))
    entries = [e for page in pages for e in parse_page(page.read_bytes(), "arXiv").entries]
    return [replace(parse_entry(e, "arXiv", visit), source="arXiv") for e in entries]


def echoes(told: list[Item], week: Week, rng: random.Random) -> list[Item]:
    """What earlier weeks have told, once more: the announcement elsewhere, a lonely thread, the paper again."""
    found = []
    for n, item in enumerate(rng.sample(told, min(ECHOES, len(told)))):
        day = week.start + timedelta(days=n % 5, hours=9)
        mark = f"{week}-{n}"
        if n % 3 == 0:
            blog = {
                "source": "another blog",
                "kind": "post",
                "url": f"https://b.example.org/{mark}",
            }
            found.append(replace(item, id=f"feed:{mark}", published=day, version=None, **blog))
        elif n % 3 == 1:
            url = f"https://www.reddit.com/r/MachineLearning/comments/{mark}/"
            forum = {"source": "r/MachineLearning", "kind": "thread", "url": url}
            title = f"[R] {item.title}"
            found.append(
                replace(
                    item, id=f"reddit:{mark}", title=title, text="", published=day, score=3,
                    comment_count=1, links=(item.url,), version=None, **forum,
                )
            )  # fmt: skip
        else:
            found.append(replace(item, published=day))
    return found


def run(
    weeks: dict[Week, list[Item]], config: Config, store: Store
) -> tuple[list[Row], list[Issue]]:
    rng = random.Random(0)
    by_id: dict[str, Item] = {}
    told: list[Item] = []
    rows, issues = [], []
    for week, papers in sorted(weeks.items()):
        items = [*papers, *echoes(told, week, rng)]
        for source in sorted({i.source for i in items}):
            mine = tuple(i for i in items if i.source == source)
            store.save_fetched(
                Fetched(source=source, items=mine, since=week.since, until=week.end), now=week.end
            )
        start = perf_counter()
        issue, _ = pipeline.make_issue(week, config, store, now=week.end, watch=Silent())
        seconds = perf_counter() - start
        shown: list[FullStory | BriefStory] = [*issue.stories, *issue.briefs]
        by_id |= {i.id: i for i in items}
        told += [by_id[s.item_ids[0]] for s in shown if s.item_ids[0] in by_id]
        follow_ups = sum("goes on with" in c.sentence for s in issue.stories for c in s.connections)
        rows.append(Row(week, len(items), len(shown), follow_ups, seconds))
        issues.append(issue)
        print(
            f"| {week} | {len(items)} | {len(shown)} | {follow_ups} | {seconds:.2f} |", flush=True
        )
    return rows, issues


def repeats(issues: list[Issue]) -> list[str]:
    """Stories of different issues that are the same by an item, by their key or by their titles."""
    stories = [(i.number, s) for i in issues for s in (*i.stories, *i.briefs)]
    words = {s.key: set(normal_title(s.title).split()) for _, s in stories}
    found = []
    for (one, a), (other, b) in combinations(stories, 2):
        if one == other:
            continue
        common, either = words[a.key] & words[b.key], words[a.key] | words[b.key]
        if a.key == b.key or set(a.item_ids) & set(b.item_ids):
            found.append(
                f"issues {one} and {other} share an item: {a.title[:60]!r}, {b.title[:60]!r}"
            )
        elif len(common) >= SIMILAR * len(either):
            found.append(f"issues {one} and {other}: {a.title[:60]!r}, {b.title[:60]!r}")
    return found


def main() -> None:
    data = Path(sys.argv[1])
    weeks = hot_weeks(data) | {Week.parse(name): replayed_week(data, name) for name in REPLAYED}
    print(
        f"{len(weeks)} weeks.\n\n| week | items | shown | follow-ups | s |\n|---|---:|---:|---:|---:|"
    )
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "year.db") as store:
        rows, issues = run(weeks, parse_config(CONFIG), store)
    small = [r for r in rows if str(r.week) not in REPLAYED]
    fit = np.linalg.lstsq(
        np.array([[1.0, r.items, n] for n, r in enumerate(small)]),
        np.array([r.seconds for r in small]),
        rcond=None,
    )[0]
    half = [(n, r) for n, r in enumerate(small) if n >= len(small) // 2]
    late = np.polyfit([n for n, _ in half], [r.seconds for _, r in half], 1)[0]
    print(
        f"\nSeconds of a week: {fit[0]:.2f} + {1000 * fit[1]:.1f} ms an item + {1000 * fit[2]:.1f} ms a week before it;"
        f" over the second half {1000 * late:+.1f} ms a week."
    )
    again = repeats(issues)
    print(f"Stories told twice: {len(again)} of {sum(r.stories for r in rows)}.")
    for line in again:
        print(f"- {line}")


if __name__ == "__main__":
    main()
