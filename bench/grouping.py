"""Measures grouping: ``python bench/grouping.py`` on labelled pairs and on orphans, ``--growth`` by number of items.

The first needs ../shared/data and, for embeddings, the MiniLM package; their vectors are kept in the folder of
temporary files, so that only the first run pays for them (7 minutes on two cores). Orphans are threads and articles
whose paper is taken away: whatever else they are joined with is wrong.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.synthetic import WEEK, make_papers, make_posts
from digest.config import Interests
from digest.embeddings import Embeddings, embed_items
from digest.group import group
from digest.rank import rank
from digest.store import Store
from digest.types import Item
from tests.story_items import derive, pool, real_items

ROOT = Path(__file__).resolve().parents[1]
PAIRS = ROOT / "tests" / "data" / "story_pairs.tsv"
CORPUS = ROOT.parent / "shared" / "data"
ORPHANS = 1_500
GROWTH = (5_000, 50_000)
CACHE = Path(tempfile.gettempdir()) / "digest-story-vectors.db"


@dataclass(frozen=True)
class Pair:
    """Two names of items, and whether they tell one story."""

    a: str
    b: str
    is_same: bool
    kind: str  #: what makes the pair easy or hard

    @property
    def half(self) -> str:
        """The half it was put into, by hash: thresholds were chosen on "tune", "check" tells whether they hold."""
        digest = hashlib.sha256(f"{self.a} {self.b}".encode()).digest()
        return ("tune", "check")[digest[0] % 2]


@dataclass(frozen=True)
class Judged:
    """A pair and what grouping made of it."""

    pair: Pair
    is_joined: bool


@dataclass(frozen=True)
class Counts:
    """How often grouping was right and wrong."""

    right: int  #: joined, and one story
    wrong: int  #: joined, and two stories
    missed: int  #: apart, and one story

    @property
    def precision(self) -> float:
        """Of what was joined, the share that is one story; 1 where nothing was joined."""
        joined = self.right + self.wrong
        return self.right / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """Of what is one story, the share that was joined; 1 where there is none."""
        same = self.right + self.missed
        return self.right / same if same else 1.0


def read_pairs(path: Path = PAIRS) -> tuple[Pair, ...]:
    """The labelled pairs, in the order of the file."""
    _, *lines = path.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return tuple(Pair(a, b, same == "1", kind) for a, b, same, kind in rows)


def pooled(pairs: Sequence[Pair], corpus: Path = CORPUS) -> tuple[dict[str, str], list[Item]]:
    """The id of every name in ``pairs``, and all items of the corpus with the variants among them."""
    return pool((name for pair in pairs for name in (pair.a, pair.b)), real_items(corpus))


def embedded(items: Sequence[Item], cache: Path = CACHE) -> tuple[Embeddings | None, str]:
    """The vectors of ``items``, or None and why there are none."""
    with Store(cache) as store:
        return embed_items(items, store)


def judge(
    pairs: Sequence[Pair], ids: dict[str, str], items: Sequence[Item], embeddings: Embeddings | None
) -> tuple[Judged, ...]:
    """All items grouped in one go, and each pair as it came out."""
    story_of = {i.id: s.key for s in group(items, embeddings=embeddings) for i in s.items}
    return tuple(Judged(p, story_of[ids[p.a]] == story_of[ids[p.b]]) for p in pairs)


def count(judged: Sequence[Judged]) -> Counts:
    """The counts of ``judged``."""
    seen = Counter((j.pair.is_same, j.is_joined) for j in judged)
    return Counts(right=seen[True, True], wrong=seen[False, True], missed=seen[True, False])


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """Lines of a Markdown table by class and half, then every error with its ids."""
    yield "| class | pairs | one story | precision | recall |"
    yield "|---|---:|---:|---:|---:|"
    kinds = sorted({j.pair.kind for j in judged})
    rows = [(kind, [j for j in judged if j.pair.kind == kind]) for kind in kinds]
    rows += [(f"half: {h}", [j for j in judged if j.pair.half == h]) for h in ("tune", "check")]
    rows += [
        ("as they came", [j for j in judged if "~" not in j.pair.a + j.pair.b]),
        ("with a variant", [j for j in judged if "~" in j.pair.a + j.pair.b]),
        ("all", list(judged)),
    ]
    for name, found in rows:
        counts = count(found)
        same = sum(j.pair.is_same for j in found)
        yield f"| {name} | {len(found)} | {same} | {counts.precision:.3f} | {counts.recall:.3f} |"
    for j in judged:
        if j.is_joined != j.pair.is_same:
            what = "wrongly joined" if j.is_joined else "missed"
            yield f"{what}: {j.pair.a} {j.pair.b} ({j.pair.kind})"


def orphans(
    items: Sequence[Item], embeddings: Embeddings | None, known: Container[frozenset[str]]
) -> tuple[int, list[str]]:
    """How many orphans there were, and each join of one that no link and no pair of ``known`` bears out."""
    papers = [i for i in items if i.kind == "paper" and i.published and i.published.year == 2025]
    gone = random.Random(0).sample(papers, ORPHANS)
    by_id = {i.id: i for i in gone}
    threads = {f"{i.id}~thread": derive(f"{i.id}~thread", by_id) for i in gone}
    articles = {f"{i.id}~article": _article(i) for i in gone}
    vectors = embeddings
    if embeddings:  # an article in the paper's own words is as near to others as the paper is
        rows = {a.id: embeddings.row_of[n.partition("~")[0]] for n, a in articles.items()}
        vectors = replace(embeddings, row_of={**embeddings.row_of, **rows})
    rest = [i for i in items if i.id not in by_id]
    work_of = {i.id: name.partition("~")[0] for name, i in (threads | articles).items()}
    stories = group([*rest, *threads.values(), *articles.values()], embeddings=vectors)
    wrong = [
        f"{work_of[i.id]} {other.id}: {story.links[0].reason}"
        for story in stories
        for i in story.items
        if i.id in work_of
        for other in story.items
        if work_of.get(other.id, work_of[i.id]) != work_of[i.id]
        or (
            other.id not in work_of
            and work_of[i.id][6:] not in " ".join(other.links)
            and frozenset({work_of[i.id], other.id}) not in known
        )
    ]
    return len(work_of), wrong


def _article(work: Item) -> Item:
    """What the press may write: the abstract under the words before the title's colon, two days later, and no link."""
    return Item(
        id=f"feed:press-{work.id}",
        source="The press",
        kind="article",
        title=work.title.partition(":")[0],
        url=f"https://press.example.org/{work.id[6:]}",
        text=work.text,
        published=work.published + timedelta(days=2) if work.published else None,
    )


def growth() -> Iterator[str]:
    """Lines of a Markdown table: seconds of grouping and ranking for 5,000 and 50,000 items, vectors at hand."""
    yield "| items | group, s | rank, s | both, s |"
    yield "|---:|---:|---:|---:|"
    seconds = []
    for count_ in GROWTH:
        papers = make_papers(count_ * 47 // 50)
        items = [paper_item(p) for p in papers]
        items += make_posts(items)
        matrix = np.random.default_rng(0).standard_normal((len(items), 384), dtype=np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        vectors = Embeddings(row_of={i.id: n for n, i in enumerate(items)}, matrix=matrix)
        start = perf_counter()
        stories = group(items, embeddings=vectors)
        middle = perf_counter()
        rank(stories, interests=Interests(), lectures=(), week=WEEK)
        end = perf_counter()
        seconds.append(end - start)
        yield f"| {len(items)} | {middle - start:.2f} | {end - middle:.2f} | {end - start:.2f} |"
    ratio = math.log(seconds[-1] / seconds[0]) / math.log(GROWTH[-1] / GROWTH[0])
    yield f"\nexponent of both: {ratio:.2f}"


def paper_item(fields: Mapping[str, object]) -> Item:
    """The item of a synthetic paper."""
    return Item(
        id=f"arxiv:{str(fields['id'])[:-2]}",
        source="arXiv",
        kind="paper",
        title=str(fields["title"]),
        url=f"http://arxiv.org/abs/{fields['id']}",
        text=str(fields["abstract"]),
        authors=tuple(fields["authors"]),
        published=fields["published"],
        categories=tuple(fields["categories"]),
    )


def main() -> None:
    """Print the tables with embeddings, then without; or the growth."""
    if "--growth" in sys.argv:
        print("\n".join(growth()))
        return
    pairs = read_pairs()
    ids, items = pooled(pairs)
    vectors, reason = embedded(items)
    real = list(real_items(CORPUS).values())
    real_vectors, _ = embedded(real)
    same = {frozenset((p.a, p.b)) for p in pairs if p.is_same}
    for embeddings, others in ((vectors, real_vectors), (None, None)):
        how = "with embeddings" if embeddings else f"words alone {reason}".strip()
        print(f"\n{len(items)} items, {len(pairs)} pairs, {how}\n")
        print("\n".join(report(judge(pairs, ids, items, embeddings))))
        number, wrong = orphans(real, others, same)
        print(f"\n{number} orphans, joined with another work: {len(wrong)}", *wrong, sep="\n")


if __name__ == "__main__":
    main()
