"""How to choose among the versions of a summary: ``choose.py DATA CANDIDATES.jsonl`` (needs ``pip install rouge-score``).

Fits the weights of digest/summarize/choice.py on SciTLDR dev: ridge regression of ROUGE-1 + 2 + L of each version, less the mean of
its paper, on the features less their means. Prints what is chosen of all candidates, without and with the penalties for straying, with the
weights of the other four fifths of the papers, and writes ``digest/summarize/tldr/choice.json``, fitted on all. CANDIDATES is made by
candidates.py.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from data import read_papers, tidy
from numpy.typing import NDArray
from rouge_score import rouge_scorer

from digest.summarize.choice import (
    FEATURES,
    WEIGHTS,
    candidates,
    features,
    nearest_sentences,
    penalties,
)

MEASURES = ["rouge1", "rouge2", "rougeL"]
FOLDS = 5
RIDGE = 10.0

#: Features, scores and penalties of what there is to choose from for a paper, and how many of them, the first, are versions.
Row = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]


def main() -> None:
    papers = {
        str(p["paper_id"]): p for p in read_papers(Path(sys.argv[1]) / "scitldr" / "dev.jsonl")
    }
    scorer = rouge_scorer.RougeScorer(MEASURES, use_stemmer=True)
    rows: list[Row] = []
    first = []
    for line in Path(sys.argv[2]).read_text("utf-8").splitlines():
        found = json.loads(line)
        paper = papers[found["paper_id"]]
        versions = [v for v in found["versions"] if v]
        source = tidy(" ".join(paper["source"]))
        sentences = nearest_sentences(versions, source)
        unique = candidates([*versions, *found["beginnings"]], sentences)
        scores = []
        for version in unique:
            tried = [scorer.score(t, version) for t in paper["target"]]
            best = max(tried, key=lambda s: s["rouge1"].fmeasure)
            scores.append([100 * best[m].fmeasure for m in MEASURES])
        told = features(versions, unique, paper["title"], source)
        losses = penalties(unique, paper["title"], source, sentences)
        rows.append((np.array(told), np.array(scores), np.array(losses), len(set(versions))))
        first.append(scores[0])
    order = list(range(len(rows)))
    random.Random(0).shuffle(order)
    chosen, near = np.zeros((len(rows), 3)), np.zeros((len(rows), 3))
    for fold in range(FOLDS):
        weights = fit([rows[i] for n, i in enumerate(order) if n % FOLDS != fold])
        for i in order[fold::FOLDS]:
            told, scores_of, losses_of, _ = rows[i]
            chosen[i] = scores_of[(told @ weights).argmax()]
            near[i] = scores_of[(told @ weights - losses_of).argmax()]
    best = [scores[scores.sum(1).argmax()] for _, scores, _, _ in rows]
    for name, values in (
        ("likeliest", first),
        ("chosen", chosen),
        ("chosen near the source", near),
        ("oracle", best),
    ):
        print(name, np.mean(values, axis=0).round(2))
    weights = fit(rows)
    found = dict(zip(FEATURES, weights.round(3).tolist(), strict=True))
    WEIGHTS.write_text(json.dumps({"weights": found}, indent=2) + "\n")
    print(found)


def fit(rows: list[Row]) -> NDArray[np.float64]:
    """The weights of the features: of what makes one version better than another of the same paper."""
    x = np.concatenate([f[:n] - f[:n].mean(0) for f, _, _, n in rows])
    y = np.concatenate([s[:n].sum(1) - s[:n].sum(1).mean() for _, s, _, n in rows])
    scale = x.std(0) + 1e-9
    x = x / scale
    weights: NDArray[np.float64] = (
        np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y) / scale
    )
    return weights


if __name__ == "__main__":
    main()
