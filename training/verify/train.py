"""What the verification weighs words and signs by: ``python training/verify/train.py DATA``.

Writes ``digest/verify/usage.tsv`` (counts of stems in abstracts) and ``digest/verify/weights.json`` (four logistic regressions with a
handful of features each, and their limits). Errors are put into the references of SciTLDR train (bench/perturbations.py); each
limit is the one above which the given share of true references lies. First every model is fitted on one half of the papers
and tried on the other, both ways round, which is printed; then on all. A minute on a laptop; the same input gives the same files.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from bench.perturbations import KINDS, Paper
from bench.verification import papers
from digest.sentences import split
from digest.verify import polarity, support
from digest.verify.lexicon import AXES
from digest.verify.reading import read, read_source

TARGET = Path(__file__).resolve().parents[2] / "digest" / "verify"
FEWEST = 3  #: abstracts, for a stem to get a line
TRIES = 12  #: places to put an error of one kind into a reference
RIDGE = 3e-3
#: The share of true references that each model may refuse. See docs/verification.md.
SHARES = {"unsupported": 0.004, "negation_added": 0.006, "negation_lost": 0.002, "direction": 0.006}

Vector = tuple[float, ...]
Rows = tuple[list[list[Vector]], list[list[list[Vector]]]]
"""For each reference the features of its candidates; and the same for each text with an error, new candidates only."""


def main() -> None:
    """Count, fit, try, write."""
    data = Path(sys.argv[1])
    if "--keep-usage" not in sys.argv:
        (TARGET / "usage.tsv").write_text("".join(_usage_lines(data)), "utf-8")
    train = data / "scitldr" / "train.jsonl"
    halves = {half: list(papers(train, half=half)) for half in "ab"}
    models: dict[str, Any] = {}
    for kind, names, candidates, error in (
        ("unsupported", support.FEATURES, _support, "foreign"),
        ("negation_added", polarity.ADDED, _added, "negation_added"),
        ("negation_lost", polarity.LOST, _lost, "negation_removed"),
        ("direction", polarity.TURNED, _turned, "direction"),
    ):
        rows = {half: _rows(chosen, candidates, error) for half, chosen in halves.items()}
        for one, other in ("ab", "ba"):
            weights, constant, limit = _fit([rows[one]], SHARES[kind])
            flagged, caught = _try(rows[other], weights, constant, limit)
            print(
                f"{kind:15} fitted on {one}: of {other} {flagged:.2%} flagged, {caught:.1%} caught"
            )
        weights, constant, limit = _fit(list(rows.values()), SHARES[kind])
        models[kind] = {
            "weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)},
            "constant": round(constant, 4),
            "limit": round(limit, 4),
        }
    (TARGET / "weights.json").write_text(json.dumps(models, indent=1) + "\n", "utf-8")


def _support(text: str, paper: Paper) -> list[Vector]:
    return [support.support_features(text, read_source(paper.title, paper.source))]


def _added(text: str, paper: Paper) -> list[Vector]:
    source = read_source(paper.title, paper.source)
    return [c.features for c in polarity.added_denials(read(text), source)]


def _lost(text: str, paper: Paper) -> list[Vector]:
    source = read_source(paper.title, paper.source)
    return [c.features for c in polarity.lost_denials(read(text), source)]


def _turned(text: str, paper: Paper) -> list[Vector]:
    source = read_source(paper.title, paper.source)
    return [c.features for c in polarity.turns(read(text), source)]


def _rows(
    chosen: Sequence[Paper], candidates: Callable[[str, Paper], list[Vector]], error: str
) -> Rows:
    true, false = [], []
    for i, paper in enumerate(chosen):
        own = candidates(paper.reference, paper)
        told = dict.fromkeys(
            KINDS[error](paper.reference, paper, random.Random(f"{error}:{i}:{k}"))
            for k in range(TRIES)
        )
        true.append(own)
        false.append([[v for v in candidates(t, paper) if v not in own] for t in told if t])
    return true, false


def _fit(parts: Sequence[Rows], share: float) -> tuple[np.ndarray, float, float]:
    """Weights, constant and limit: ridge logistic regression by Newton's method; a reference's errors weigh one together."""
    x, y, mass = [], [], []
    for true, false in parts:
        for own in true:
            x += own
            y += [0.0] * len(own)
            mass += [1.0] * len(own)
        for texts in false:
            for vectors in texts:
                x += vectors
                y += [1.0] * len(vectors)
                mass += [1.0 / max(1, len(vectors) * len(texts))] * len(vectors)
    features, label, weight = np.array(x), np.array(y), np.array(mass)
    middle, spread = features.mean(0), features.std(0) + 1e-6
    z = np.c_[(features - middle) / spread, np.ones(len(features))]
    ridge = np.eye(z.shape[1]) * RIDGE * len(z)
    ridge[-1, -1] = 1e-9
    w = np.zeros(z.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(z @ w, -30, 30)))
        gradient = z.T @ (weight * (p - label)) + ridge @ w
        w -= np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + ridge, gradient)
    weights = w[:-1] / spread
    constant = float(w[-1] - middle @ weights)
    scores = [_worst(own, weights, constant) for true, _ in parts for own in true]
    return weights, constant, float(np.quantile(scores, 1 - share))


def _worst(vectors: Sequence[Vector], weights: np.ndarray, constant: float) -> float:
    return max((float(np.dot(weights, v)) + constant for v in vectors), default=-99.0)


def _try(rows: Rows, weights: np.ndarray, constant: float, limit: float) -> tuple[float, float]:
    true = [_worst(own, weights, constant) > limit for own in rows[0]]
    false = [_worst(v, weights, constant) > limit for texts in rows[1] for v in texts]
    return float(np.mean(true)), float(np.mean(false))


def _usage_lines(data: Path) -> Iterable[str]:
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    axes = list(AXES)
    total = 0
    for text in _abstracts(data):
        total += 1
        anywhere: set[str] = set()
        lower: set[str] = set()
        for a, b in split(text):
            sentence = read(text[a:b])
            anywhere |= sentence.roots
            lower |= read(" ".join(w for w in text[a:b].split() if w.islower())).roots
            for denial in sentence.denials:
                if denial.is_hard and denial.scope:
                    counts[denial.scope[0]][3 if denial.text == "without" else 2] += 1
            for turn in sentence.turns:
                if turn.after:
                    side = 4 + 2 * axes.index(turn.polarity.axis) + (turn.polarity.sign < 0)
                    counts[turn.after[0]][side] += 1
        for root in anywhere:
            counts[root][0] += 1
        for root in lower:
            counts[root][1] += 1
    print(f"{total} abstracts")
    for root in sorted(counts):
        if counts[root][0] >= FEWEST and not root.isdigit():
            row = [counts[root][i] for i in range(4 + 2 * len(axes))]
            while row and not row[-1]:
                row.pop()
            yield "\t".join([root, *map(str, row)]) + "\n"


def _abstracts(data: Path) -> Iterable[str]:
    def rows(name: str) -> Iterable[dict[str, Any]]:
        return map(json.loads, (data / name).read_text("utf-8").splitlines())

    yield from (" ".join(s.strip() for s in r["source"]) for r in rows("scitldr/train.jsonl"))
    yield from (r["abstract"] for r in rows("hot_papers_to_2021-05.jsonl") if r["abstract"])
    yield from (" ".join(r["sentences"]) for r in rows("csabstruct/train.jsonl"))


if __name__ == "__main__":
    main()
