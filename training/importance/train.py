"""Trains the importance of papers: ``python training/importance/train.py ../shared/data [--out FILE] [--cache FILE.db]``.

Writes ``digest/rank/importance.npz``. The same data give the same bytes on the same machine; nothing is random. Embedding
some 5,000 texts takes three minutes on two cores, and seconds from the second run on with ``--cache``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import Mock

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from digest.collect.arxiv_api import parse_entry, parse_page
from digest.collect.visit import Visit
from digest.embeddings import Embeddings, embed_items
from digest.rank import importance
from digest.rank.importance import Importance, centered, cosines_to, likeness, stems_of, team
from digest.store import Store
from digest.topics import topics_of
from digest.types import Item
from digest.week import Week

WEEKS = (
    "2025-W14",
    "2025-W16",
    "2025-W21",
)  #: with picks, and with the papers they were picked from
SINCE = date(
    2024, 7, 1
)  #: of earlier picks: what was news in 2023 is none today, and they made every figure worse
LEAST_HOT, LEAST_PAPERS = (
    20,
    15,
)  #: papers that a stem must stand in, of the hot ones or of the weeks
RIDGE = 3.0  #: of the hot words; 1 to 10 do as well on the last two months, trained on those before
CONTRAST = 0.5  #: of the average paper's words that are subtracted from those of picks; 0.3 to 0.8 do as well


@dataclass(frozen=True, kw_only=True)
class Papers:
    """A week's papers, and the ids of those that were picked."""

    items: tuple[Item, ...]
    picked: frozenset[str]

    @property
    def is_pick(self) -> np.ndarray:
        return np.array([i.id in self.picked for i in self.items])


@dataclass(frozen=True, kw_only=True)
class Data:
    """What there is to learn from."""

    weeks: dict[str, Papers]
    picks: tuple[Item, ...]  #: since SINCE; the text is a human summary
    hot: tuple[Item, ...]
    heat: np.ndarray  #: (n_hot,): the logarithm of retweets, less the mean of the day


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def read_papers(week: Path) -> tuple[Item, ...]:
    """The papers of a replay week, by the program's own parser."""
    span = Week.parse(week.name)
    visit = Visit(http=Mock(), since=span.since, until=span.end, now=span.end)
    found = {
        item.id: item
        for path in sorted(week.glob("arxiv/*.xml"))
        for entry in parse_page(path.read_bytes(), "arXiv").entries
        if (item := parse_entry(entry, "arXiv", visit))
    }
    return tuple(found.values())


def read_data(folder: Path) -> Data:
    """What lies under ``folder``; see its README."""
    weeks = {}
    for name in WEEKS:
        rows = json.loads((folder / "replay" / name / "picks.json").read_text(encoding="utf-8"))
        picked = frozenset(f"arxiv:{r['arxiv_id']}" for r in rows if r["arxiv_id"])
        weeks[name] = Papers(items=read_papers(folder / "replay" / name), picked=picked)
    picks = tuple(
        paper(f"pick:{n}", row["title"], re.sub(r"<[^>]+>", "", row["human_summary"]))
        for n, row in enumerate(read_lines(folder / "picks_2023-2024.jsonl"))
        if date.fromisoformat(row["week_start"]) >= SINCE
    )
    rows = read_lines(folder / "hot_papers_to_2021-05.jsonl")
    hot = tuple(paper(f"hot:{n}", r["title"], r["abstract"]) for n, r in enumerate(rows))
    return Data(weeks=weeks, picks=picks, hot=hot, heat=_heat(rows))


def paper(item_id: str, title: str, text: str) -> Item:
    return Item(
        id=item_id, source="data", kind="paper", title=title, text=text, url="https://x.org"
    )


def _heat(rows: Sequence[dict]) -> np.ndarray:
    """Days differ by a factor of ten, since the count grew with its service: only a day's papers are compared."""
    heat = np.log1p([row["retweets"] for row in rows])
    days = np.array([row["announce_date"] for row in rows])
    for day in set(days):
        heat[days == day] -= heat[days == day].mean()
    return heat


def embed(data: Data, store: Store) -> Embeddings:
    """The vectors of the weeks' papers and of the picks; the hot papers are read by their words only."""
    return vectors_of(
        [*data.picks, *(i for week in data.weeks.values() for i in week.items)], store
    )


def vectors_of(items: Sequence[Item], store: Store) -> Embeddings:
    """The vectors of ``items``, those in ``store`` or new ones; without the model there is no going on."""
    embeddings, problem = embed_items(items, store, on_progress=_show)
    if embeddings is None:
        raise SystemExit(problem)
    return embeddings


def _show(done: int, total: int) -> None:
    print(f"\r{done} of {total} embedded", end="\n" if done == total else "", file=sys.stderr)


def fit(data: Data, embeddings: Embeddings, *, left_out: str = "") -> dict[str, np.ndarray]:
    """The arrays of the weights file; the week ``left_out`` is as if it did not exist."""
    weeks = [papers for name, papers in data.weeks.items() if name != left_out]
    items = [i for papers in weeks for i in papers.items]
    picked = [i for papers in weeks for i in papers.items if i.id in papers.picked]
    arrays = _fit_vectors(data, embeddings, items, picked) | _fit_words(data, items, picked)
    return arrays | _scale(arrays, items, embeddings)


def _fit_vectors(
    data: Data, embeddings: Embeddings, items: Sequence[Item], picked: Sequence[Item]
) -> dict[str, np.ndarray]:
    center = embeddings.rows([i.id for i in items]).mean(axis=0)
    picks = [*data.picks, *picked]
    topics = [(topics_of(i.title, i.text, ()) or ("",))[0] for i in picks]
    return {
        "model_id": np.array(embeddings.model_id),
        "since": np.array(f"{SINCE:%B %Y}"),
        "center": center,
        "picks": centered(embeddings.rows([i.id for i in picks]), center).astype(np.float16),
        "topics": np.array(topics),
    }


def _fit_words(data: Data, items: Sequence[Item], picked: Sequence[Item]) -> dict[str, np.ndarray]:
    """Ridge regression of the heat on TF-IDF, and the mean TF-IDF of picks less half of that of all papers."""
    hot, papers = [stems_of(i) for i in data.hot], [stems_of(i) for i in items]
    in_hot, in_papers = _frequency(hot), _frequency(papers)
    known = sorted(
        stem
        for stem in in_hot | in_papers
        if in_hot[stem] >= LEAST_HOT or in_papers[stem] >= LEAST_PAPERS
    )
    count = len(hot) + len(papers)
    idf = np.array([math.log(count / (in_hot[s] + in_papers[s])) for s in known])
    x = _tf_idf(hot, known, idf)
    x -= x.mean(axis=0)
    # the dual form: there are fewer papers than stems
    hot_words = x.T @ np.linalg.solve(x @ x.T + RIDGE * np.eye(len(x)), data.heat)
    picks = [stems_of(i) for i in (*data.picks, *picked)]
    contrast = CONTRAST * _tf_idf(papers, known, idf).mean(axis=0)
    return {
        "stems": np.array(known),
        "idf": idf.astype(np.float32),
        "hot_words": hot_words.astype(np.float32),
        "pick_words": (_tf_idf(picks, known, idf).mean(axis=0) - contrast).astype(np.float32),
    }


def _frequency(texts: Iterable[frozenset[str]]) -> Counter[str]:
    return Counter(stem for text in texts for stem in text)


def _tf_idf(texts: Sequence[frozenset[str]], known: Sequence[str], idf: np.ndarray) -> np.ndarray:
    column = {stem: n for n, stem in enumerate(known)}
    x = np.zeros((len(texts), len(known)))
    for row, text in enumerate(texts):
        for n in sorted(column[stem] for stem in text if stem in column):
            x[row, n] = idf[n]
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def _scale(
    arrays: dict[str, np.ndarray], items: Sequence[Item], embeddings: Embeddings
) -> dict[str, np.ndarray]:
    """Means and deviations of the four figures over all papers, and the scores that give nothing and everything."""
    cosines = cosines_to(
        arrays["picks"].astype(np.float32),
        embeddings.rows([i.id for i in items]),
        arrays["center"],
    )
    x = _tf_idf([stems_of(i) for i in items], arrays["stems"].tolist(), arrays["idf"])
    found = np.stack(
        [
            likeness(cosines),
            np.array([team(i) for i in items]),
            x @ arrays["hot_words"],
            x @ arrays["pick_words"],
        ]
    )
    means, deviations = found.mean(axis=1), found.std(axis=1)
    scaled = (found - means[:, None]) / deviations[:, None]
    ladders = {
        name: np.quantile(np.array(weights) @ scaled, (0.5, 0.999))
        for name, weights in (
            ("ladder_with_vectors", importance.WITH_VECTORS),
            ("ladder_by_words", importance.BY_WORDS),
        )
    }
    return {"means": means, "deviations": deviations, **ladders}


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def held_out(data: Data, embeddings: Embeddings, week: str, folder: Path) -> Importance:
    """What training without ``week`` gives."""
    path = folder / f"without-{week}.npz"
    save(path, fit(data, embeddings, left_out=week))
    return Importance.load(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the folder with picks_2023-2024.jsonl and replay/")
    parser.add_argument("--out", type=Path, default=importance.WEIGHTS)
    parser.add_argument("--cache", type=Path, help="a database that keeps the embeddings")
    args = parser.parse_args()
    started = datetime.now(UTC)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        store = stack.enter_context(Store(args.cache or folder / "embeddings.db"))
        data = read_data(args.data)
        arrays = fit(data, embed(data, store))
    save(args.out, arrays)
    took = (datetime.now(UTC) - started).total_seconds()
    print(
        f"{args.out}: {len(arrays['picks'])} picks, {len(arrays['stems'])} stems,"
        f" {args.out.stat().st_size:,} bytes, in {took:.0f} s"
    )


if __name__ == "__main__":
    main()
