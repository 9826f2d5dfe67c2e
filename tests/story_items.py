"""The items that ``tests/data/story_pairs.tsv`` speaks of, made from ../shared/data by the real collectors.

``real_items`` are items as they came; ``derive`` makes the variants that the data lacks (a second host of a post, a
second version of a paper, a press article without its link) from real ids alone. tests/data/README.md tells how.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from digest.collect import collect, collect_linked
from digest.config import parse_config
from digest.identity import normal_title
from digest.net import Http
from digest.types import Item
from digest.week import Week
from tests.collect.test_replay import CREDENTIALS, replay
from tests.loopback import Answer, serving

SEED_PAPERS = ("2102.06171", "2002.08484")  #: that a post of 2021-W06 names, or the lecture
WEEKS = ("2021-W06", "2021-W25", "2025-W14", "2025-W16", "2025-W21")
#: Feeds beside the weeks' own: what two companies had told until May 2025, and a blog's month with full bodies.
MORE_FEEDS = (
    "replay/2025-W21/rss/as-of/anthropic.xml",
    "replay/2025-W21/rss/as-of/ollama.xml",
    "format-samples/google-ai-blog-atom-2021-07-29.xml",
)
CUT = 57  #: where the source of the Reddit posts cuts a title
_CATEGORY = re.compile(r'<category[^>]*term="([a-z-]+(?:\.[A-Za-z-]+)?)"')
_SOURCE_OF_MIRROR = {"mirror": "", "suffix": " - The Company Blog", "upper": ""}


def real_items(corpus: Path) -> dict[str, Item]:
    """By id: the replay weeks, the feeds above, much-tweeted papers, picks of the week, Reddit's posts."""
    found: dict[str, Item] = {}
    for week in WEEKS:
        for item in week_items(corpus, Week.parse(week)):
            found.setdefault(item.id, item)
    for item in (*_feeds(corpus), *_hot(corpus), *_picks(corpus), *_reddit(corpus)):
        found.setdefault(item.id, item)
    return found


def week_items(corpus: Path, week: Week) -> Iterator[Item]:
    files = (corpus / "replay" / str(week) / "arxiv").glob("*.xml")
    categories = sorted({c for file in files for c in _CATEGORY.findall(file.read_text("utf-8"))})
    with replay(corpus, week=week) as (url, feeds):
        reddit = dict.fromkeys(("url", "reddit_url", "oauth_url"), url)
        sources = [
            {"kind": "arxiv", "categories": categories, "url": f"{url}/api/query"},
            {"kind": "reddit", "subreddit": "MachineLearning", **reddit},
            *({"kind": "feed", "name": n, "url": f"{url}/feeds/{n}"} for n in feeds),
        ]
        # what is announced on a Monday was submitted from Thursday on
        yield from _collected(sources, week.start - timedelta(days=10), week.end)
        if str(week) == WEEKS[0]:
            arxiv = parse_config({"sources": sources[:1]}).sources[0]
            with Http(sleep=lambda _: None) as http:
                yield from collect_linked(SEED_PAPERS, arxiv, http).items


def _feeds(corpus: Path) -> Iterator[Item]:
    with serving() as site:
        for path in MORE_FEEDS:
            site.routes[f"/{path}"] = Answer((corpus / path).read_bytes())
        sources = [{"kind": "feed", "name": p, "url": f"{site.url}/{p}"} for p in MORE_FEEDS]
        week = Week.parse("2025-W21")
        yield from _collected(sources, week.start, week.end)


def _collected(sources: list[dict[str, object]], since: datetime, until: datetime) -> list[Item]:
    parsed = parse_config({"sources": sources}).sources
    with Http(sleep=lambda _: None) as http:
        found = collect(parsed, http, since=since, until=until, environ=CREDENTIALS)
        return [item for fetched in found for item in fetched.items]


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _hot(corpus: Path) -> Iterator[Item]:
    for row in _lines(corpus / "hot_papers_to_2021-05.jsonl"):
        yield Item(
            id=f"arxiv:{row['arxiv_id']}",
            source="arXiv",
            kind="paper",
            title=" ".join(row["title"].split()),
            url=f"https://arxiv.org/abs/{row['arxiv_id']}v1",
            text=" ".join(row["abstract"].split()),
            authors=tuple(row["authors"]),
            published=datetime.fromisoformat(row["announce_date"]).replace(tzinfo=UTC),
            categories=tuple(row["categories"]),
        )


def _picks(corpus: Path) -> Iterator[Item]:
    weekly = (json.loads((corpus / f"replay/{w}/picks.json").read_text("utf-8")) for w in WEEKS[2:])
    for row in (
        *_lines(corpus / "picks_2023-2024.jsonl"),
        *(row for rows in weekly for row in rows),
    ):
        links = [v for k, v in (row.get("links") or {}).items() if k != "Tweet"]
        url = f"https://picks.example.org/{row['week_start']}/{row['rank']}"
        yield Item(
            id=f"pick:{row['week_start']}/{row['rank']}",
            source="Picks of the week",
            kind="article",
            title=" ".join(row["title"].split()),
            url=url,
            text=" ".join(row["human_summary"].split()),
            links=tuple(dict.fromkeys(link for link in (row.get("url"), *links) if link)),
            published=datetime.fromisoformat(row["week_end"]).replace(tzinfo=UTC),
        )


def _reddit(corpus: Path) -> Iterator[Item]:
    for row in _lines(corpus / "reddit_ml_posts_2025-2026.jsonl"):
        if row["posted_utc"].startswith("2025-06"):  # a month that is held out
            continue
        yield Item(
            id=f"reddit:{row['id']}",
            source="r/MachineLearning",
            kind="thread",
            title=" ".join(row["title"].split()),
            url=row["url"],
            published=datetime.fromisoformat(row["posted_utc"]).replace(tzinfo=UTC),
            note=row.get("flair") or "",
        )


# -- variants ---------------------------------------------------------------------------------------------------------


def derive(name: str, items: dict[str, Item]) -> Item:
    """The item of a name in the pairs: an id, or "id~variant" for a variant of it; KeyError where there is none."""
    base_id, _, variant = name.partition("~")
    base = items[base_id]
    if not variant:
        return base
    how, _, argument = variant.partition("=")
    digest = hashlib.sha256(name.encode()).hexdigest()
    shift = timedelta(hours=int(digest[:2], 16) % 40)
    when = base.published + shift if base.published else None
    fresh = {"id": f"feed:{digest[:16]}", "source": how, "published": when}
    slug = normal_title(base.title).replace(" ", "-")
    if how == "nolinks":  # what the source told, with no address of the work in it
        return replace(base, links=(), doi=None, text=re.sub(r"\S*arxiv\S*", " ", base.text, flags=re.IGNORECASE))  # fmt: skip
    if how == "nodate":
        return replace(base, published=None, updated=None)
    if how == "v2":  # a feed of a reading list shows the second version, months later
        later = base.published + timedelta(days=70) if base.published else None
        return replace(base, **(fresh | {"published": later}), version=2, url=f"https://arxiv.org/abs/{base_id[6:]}v2")  # fmt: skip
    if how == "openreview":
        return replace(
            base, **fresh | {"id": f"openreview:{digest[:10]}"}, url=f"https://openreview.net/forum?id={digest[:10]}"
        )  # fmt: skip
    if how == "journal":  # "Lovelace, A.", the title in lower case, no abstract, a DOI of its own
        authors = tuple(f"{a.split()[-1]}, {a[0]}." for a in base.authors)
        doi = f"10.9999/{digest[:8]}"
        return replace(
            base, **fresh | {"id": f"doi:{doi}"}, doi=doi, url=f"https://doi.org/{doi}",
            authors=authors, title=base.title.capitalize(), text="",
        )  # fmt: skip
    if how == "host":  # a Blogger post where the blog moved to: the whole title in its path
        path = f"/blog/{slug}/" if argument == "research.google" else urlsplit(base.url).path
        return replace(base, **fresh, url=f"https://{argument}{path}")
    if (
        how in _SOURCE_OF_MIRROR
    ):  # the same announcement on another blog of the company: the first words only
        title = base.title.upper() if how == "upper" else base.title + _SOURCE_OF_MIRROR[how]
        text = " ".join(islice(base.text.split(), 30))
        return replace(base, **fresh, title=title, text=text, links=(), url=f"https://{how}.example.org/{slug}")  # fmt: skip
    if how == "column":  # the same title in the next month
        later = base.published + timedelta(days=28 if not argument else int(argument))
        return replace(base, **fresh | {"published": later}, url=f"{base.url}-{digest[:6]}")
    if how in (
        "thread",
        "linkthread",
    ):  # as Reddit's posts come in the data: a title cut short, no text
        title = f"[R] {base.title}"
        title = f"{title[: CUT - 3]}..." if len(title) > CUT else title
        links = (f"https://arxiv.org/pdf/{base_id[6:]}",) if how == "linkthread" else ()
        return Item(
            id=f"reddit:{digest[:7]}", source="r/MachineLearning", kind="thread", title=title, links=links,
            url=f"https://www.reddit.com/comments/{digest[:7]}", published=when, note="Research",
        )  # fmt: skip
    if how == "titled":  # this paper under the title of another one
        return replace(base, title=items[argument].title)
    if (
        how == "retold"
    ):  # a journal's article of this text and these authors under the title of another paper
        doi = f"10.9999/{digest[:8]}"
        return replace(
            base, **fresh | {"id": f"doi:{doi}"}, doi=doi, url=f"https://doi.org/{doi}", title=items[argument].title
        )  # fmt: skip
    if (
        how == "roundup"
    ):  # the picks of a week, or a day's much-tweeted papers, in one post with all their links
        return _round_up(base, fresh, items)
    raise KeyError(name)


def _round_up(base: Item, fresh: dict[str, object], items: dict[str, Item]) -> Item:
    same_source = (i for i in items.values() if i.source == base.source)
    members = [i for i in same_source if i.published == base.published][:10]
    return replace(
        base, **fresh, kind="post", title=f"{base.title} and other papers", authors=(), doi=None, categories=(),
        text=" ".join(f"{i.title}." for i in members), url=f"https://roundup.example.org/{fresh['id']}",
        links=tuple(link for i in members for link in (*i.links[:1], i.url)),
    )  # fmt: skip


def pool(names: Iterable[str], items: dict[str, Item]) -> tuple[dict[str, str], list[Item]]:
    """The id of each name's item, and all items to group: a variant takes its base's place unless both are named."""
    named = set(names)
    variants = {name: derive(name, items) for name in sorted(named) if "~" in name}
    replaced = {name.partition("~")[0] for name in variants} - named
    others = [i for i in items.values() if i.id not in replaced]
    ids = {name: variants[name].id if name in variants else name for name in named}
    everything = {i.id: i for i in (*others, *variants.values())}
    return ids, list(everything.values())
