"""How well the ranking finds what a human list picked: ``python bench/ranking.py ../shared/data [--cache FOLDER]``.

Each week is left out of the training of the importance, collected from a replay server by the program itself and ranked
by all parts with an empty profile. Prints Markdown tables. Embedding takes four minutes; ``--cache`` keeps the vectors.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pipeline import Silent
from bench.replay import replay, sources_at
from digest.collection import collect_week
from digest.config import Config, Interests, parse_config
from digest.embeddings import key_of, text_of
from digest.group import group
from digest.rank import rank
from digest.rank.importance import Importance
from digest.shortlist import shortlist
from digest.store import Store
from digest.types import Item, Ranked, Story
from digest.week import Week
from digest.words import stems
from training.importance import train

HOT_WEEK = "2021-W25"
PLACES = (10, 50, 100)
CREDENTIALS = {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where a ranking has the picks."""

    stories: int
    picks: int  #: that the week's papers hold, also where they fall outside its window
    places: tuple[int, ...]  #: of the picks that are among the stories, from 1

    def within(self, place: int) -> int:
        return sum(p <= place for p in self.places)

    @property
    def mrr(self) -> float:
        return sum(1 / p for p in self.places) / max(1, self.picks)


# -- the weeks --------------------------------------------------------------------------------------------------------


@contextmanager
def replayed(data: Path, week: str) -> Iterator[Config]:
    """A configuration whose sources are the replayed week's."""
    server = data.parent / "tools" / "replay_server.py"
    with replay(server, data / "replay" / week) as (url, feeds):
        yield parse_config({"sources": sources_at(url, feeds), "pace_s": {"127.0.0.1": 0}})


def rank_week(
    data: Path, name: str, learned: Importance, vectors: Store, folder: Path
) -> tuple[tuple[Ranked, ...], tuple[Ranked, ...]]:
    """The program's ranking of a replayed week that it collects itself, with vectors and without."""
    week = Week.parse(name)
    with replayed(data, name) as config, Store(folder / f"{name}.db") as store:
        collect_week(week, config, store, now=week.end, environ=CREDENTIALS, watch=Silent())
        # shortlist() embeds what is not in its own database: what training has embedded need not be embedded again
        keep_vectors(store.items(week.since, week.end), vectors, store)
        listed = shortlist(week, config, store, None, now=week.end)
    stories = [r.story for r in listed.ranked]
    with_vectors = listed.ranker(stories, interests=Interests(), importance=learned)
    without = listed.ranker(stories, interests=Interests(), importance=learned, embeddings=None)
    return with_vectors, without


def keep_vectors(items: Sequence[Item], source: Store, target: Store) -> None:
    """Copy the vectors of ``items`` from one database to another, embedding what ``source`` lacks."""
    model_id = train.vectors_of(items, source).model_id
    keys = [key_of(text_of(i), model_id) for i in items]
    target.save_embeddings(source.embeddings(keys))


# -- the rankings -----------------------------------------------------------------------------------------------------


def newest_first(stories: Sequence[Story]) -> list[Story]:
    """By date, the latest first; ids tell the order within a day."""
    return sorted(stories, key=lambda s: (str(s.lead.published), s.key), reverse=True)


def by_profile(stories: Sequence[Story], data: train.Data) -> list[Story]:
    """By the cosine of TF-IDF to all words of the earlier picks: the usual recommender of papers."""
    texts = [Counter(stems(f"{s.lead.title} {s.lead.text}")) for s in stories]
    frequency = Counter(word for text in texts for word in text)
    idf = {word: math.log(len(texts) / n) for word, n in frequency.items()}
    profile: Counter[str] = Counter()
    for pick in data.picks:
        for word, n in Counter(stems(f"{pick.title} {pick.text}")).items():
            profile[word] += (1 + math.log(n)) * idf.get(word, 0.0)

    def cosine(text: Counter[str]) -> float:
        weights = {word: (1 + math.log(n)) * idf[word] for word, n in text.items()}
        length = math.sqrt(math.fsum(w * w for w in weights.values())) or 1.0
        return math.fsum(w * profile[word] for word, w in weights.items()) / length

    scores = {s.key: cosine(text) for s, text in zip(stories, texts, strict=True)}
    return sorted(stories, key=lambda s: (-scores[s.key], s.key))


def by_part(ranking: Sequence[Ranked], name: str) -> list[Story]:
    """By one part of the score alone."""
    value = {r.story.key: next(p.value for p in r.parts if p.name == name) for r in ranking}
    return [r.story for r in sorted(ranking, key=lambda r: (-value[r.story.key], r.story.key))]


def find(stories: Sequence[Story], picked: Path) -> Found:
    """The places of the picks that the week holds, counted as ../shared/tools/score.py counts."""
    rows = json.loads(picked.read_text(encoding="utf-8"))
    want = [r["arxiv_id"] for r in rows if r.get("arxiv_id") and r.get("in_week_arxiv")]
    place: dict[str, int] = {}
    for n, story in enumerate(stories, start=1):
        for item in story.items:
            place.setdefault(re.sub(r"^arxiv:|v\d+$", "", item.id), n)
    places = tuple(place[w] for w in want if w in place)
    return Found(stories=len(stories), picks=len(want), places=places)


# -- figures ----------------------------------------------------------------------------------------------------------


def measure(data: Path, folder: Path) -> dict[str, dict[str, Found]]:
    """By ranking and by week, where the picks are; the week is unknown to the importance that ranks it."""
    known = train.read_data(data)
    found: dict[str, dict[str, Found]] = {}
    with Store(folder / "vectors.db") as store:
        embeddings = train.embed(known, store)
        for name in train.WEEKS:
            learned = train.held_out(known, embeddings, name, folder)
            full, words = rank_week(data, name, learned, store, folder)
            stories = [r.story for r in full]
            orders = {
                "newest first": newest_first(stories),
                "TF-IDF profile of earlier picks": by_profile(stories, known),
                "importance alone": by_part(full, "importance"),
                "the program without vectors": [r.story for r in words],
                "the program": stories,
            }
            for order, its_stories in orders.items():
                picks = data / "replay" / name / "picks.json"
                found.setdefault(order, {})[name] = find(its_stories, picks)
    return found


def measure_heat(data: Path, folder: Path) -> dict[str, tuple[float, int]]:
    """By score, the rank correlation with the tweets of 2021-W25, and the number of papers with a count."""
    known = train.read_data(data)
    papers = train.read_papers(data / "replay" / HOT_WEEK)
    counts = json.loads((data / "replay" / HOT_WEEK / "hot.json").read_text(encoding="utf-8"))
    tweets = {f"arxiv:{row['arxiv_id']}": row["retweets"] for row in counts}
    with Store(folder / "vectors.db") as store:
        path = folder / "all-weeks.npz"
        train.save(path, train.fit(known, train.embed(known, store)))
        learned = Importance.load(path)
        vectors = train.vectors_of(papers, store)
    week = Week.parse(HOT_WEEK)
    found = {}
    for name, embeddings in (("", vectors), (" without vectors", None)):
        ranked = rank(
            group(papers, embeddings=embeddings),
            interests=Interests(),
            lectures=(),
            week=week,
            embeddings=embeddings,
            importance=learned,
        )
        told = [(r, tweets[r.story.key]) for r in ranked if r.story.key in tweets]
        for what, score in (("the program", score_of), ("importance alone", importance_of)):
            rho = spearman([score(r) for r, _ in told], [n for _, n in told])
            found[what + name] = rho, len(told)
    return found


def score_of(ranked: Ranked) -> float:
    return ranked.score


def importance_of(ranked: Ranked) -> float:
    return next(p.value for p in ranked.parts if p.name == "importance")


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """The correlation of the ranks; equal values share theirs."""
    return float(np.corrcoef(_places(a), _places(b))[0, 1])


def _places(values: Sequence[float]) -> np.ndarray:
    _, group_of, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    return (last - (sizes - 1) / 2)[group_of]


def random_order(found: dict[str, Found]) -> list[float]:
    """What a random order has on average within PLACES, and its mean reciprocal rank."""
    within = [sum(len(f.places) * p / f.stories for f in found.values()) for p in PLACES]
    total = sum(f.picks for f in found.values())
    mrr = sum(
        len(f.places) * sum(1 / p for p in range(1, f.stories + 1)) / f.stories
        for f in found.values()
    )
    return [*within, mrr / total]


def table(found: dict[str, dict[str, Found]]) -> Iterator[str]:
    weeks = next(iter(found.values()))
    total = sum(f.picks for f in weeks.values())
    sizes = ", ".join(f"{name}: {f.picks} of {f.stories:,}" for name, f in weeks.items())
    yield f"{total} picks ({sizes} stories)"
    yield ""
    yield "| ranking | top 10 | top 50 | top 100 | MRR | " + " | ".join(weeks) + " |"
    yield "|---|---|---|---|---|" + "---|" * len(weeks)
    *within, mrr = random_order(weeks)
    cells = " | ".join(f"{n:.1f}" for n in within)
    yield f"| random (expected) | {cells} | {mrr:.3f} |" + " |" * len(weeks)
    for order, by_week in found.items():
        cells = " | ".join(str(sum(f.within(p) for f in by_week.values())) for p in PLACES)
        mrr = sum(f.mrr * f.picks for f in by_week.values()) / total
        each = " | ".join(f"{f.within(50)}, {f.within(100)}" for f in by_week.values())
        yield f"| {order} | {cells} | {mrr:.3f} | {each} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="a folder that keeps the vectors")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = args.cache or Path(stack.enter_context(TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        print("\n".join(table(measure(args.data, folder))))
        print("\nThe last columns: picks of each week in the top 50, and in the top 100.\n")
        print(f"| score | Spearman with the retweets of {HOT_WEEK} | papers |\n|---|---|---|")
        for what, (rho, papers) in measure_heat(args.data, folder).items():
            print(f"| {what} | {rho:.2f} | {papers} |")


if __name__ == "__main__":
    main()
