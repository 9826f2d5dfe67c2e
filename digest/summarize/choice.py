"""Which of several versions of a summary is best: by what the versions agree on, the title, and the source's own words.

A version that says what most others say is likeliest to be right (minimum Bayes risk decoding, Kumar and Byrne 2004; with
samples, Eikema and Aziz 2020, arXiv:2005.10283). The weights are fitted by ``training/tldr/choose.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from digest.words import stems

WEIGHTS = Path(__file__).with_name("tldr") / "choice.json"
FEATURES = ("consensus", "title", "quoted", "length", "length squared")

Grams = Counter[tuple[str, ...]]


def best_first(versions: Sequence[str], title: str, text: str) -> list[str]:
    """Each of ``versions`` once, best first; ``versions`` holds what was written as often as it was written."""
    weights = _weights()
    unique = list(dict.fromkeys(v for v in versions if v.strip()))
    rows = features(versions, unique, title, text)
    scores = {
        v: sum(w * f for w, f in zip(weights, row, strict=True))
        for v, row in zip(unique, rows, strict=True)
    }
    return sorted(unique, key=lambda v: (-scores[v], v))


def features(
    versions: Sequence[str], unique: Sequence[str], title: str, text: str
) -> list[tuple[float, ...]]:
    """For each of ``unique`` its ``FEATURES``: F1 of its words with the other versions (mean) and with the title, the share
    of its pairs of words that stand in ``text``, and its length in tens of words.
    """
    times = Counter(versions)
    total = sum(times[v] for v in unique)
    words = {v: _grams(v, 1) for v in unique}
    named, source = _grams(title, 1), _grams(text, 2)
    rows: list[tuple[float, ...]] = []
    for version in unique:
        consensus = sum(n * _f1(words[version], words[v]) for v, n in times.items() if v in words)
        pairs = _grams(version, 2)
        quoted = (pairs & source).total() / max(1, pairs.total())
        length = words[version].total() / 10
        rows.append(
            (consensus / total, _f1(words[version], named), quoted, length, length * length)
        )
    return rows


def _grams(text: str, size: int) -> Grams:
    words = stems(text)
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def _f1(one: Grams, other: Grams) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


@cache
def _weights() -> tuple[float, ...]:
    found = json.loads(WEIGHTS.read_text("utf-8"))["weights"]
    return tuple(found[name] for name in FEATURES)
