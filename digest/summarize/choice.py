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

from digest.alignment import togetherness
from digest.sentences import split
from digest.words import stems

#: Below this share of its pairs of words in title or text a version counts for less, by ``LOOSE`` times what is lacking: what is
#: put in words of the model's own is told wrongly most often. Set by hand, and the next as well: docs/decisions.md.
LOOSE_BELOW, LOOSE = 0.5, 100.0
#: The same for the share of its neighbouring words that a sentence of the source has together: see ``togetherness``.
TORN_BELOW, TORN = 0.8, 60.0
WEIGHTS = Path(__file__).with_name("tldr") / "choice.json"
FEATURES = ("consensus", "title", "quoted", "length", "length squared")

Grams = Counter[tuple[str, ...]]


def best_first(versions: Sequence[str], title: str, text: str) -> list[str]:
    """Each of ``versions`` once, best first; ``versions`` holds what was written as often as it was written."""
    weights = _weights()
    unique = list(dict.fromkeys(v for v in versions if v.strip()))
    rows = features(versions, unique, title, text)
    given = _grams(title, 2) | _grams(text, 2)
    pieces = (title, *(text[a:b] for a, b in split(text)))
    scores = {
        v: sum(w * f for w, f in zip(weights, row, strict=True))
        - LOOSE * max(0.0, LOOSE_BELOW - _share(_grams(v, 2), given))
        - TORN * max(0.0, TORN_BELOW - togetherness(v, pieces))
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
        quoted = _share(_grams(version, 2), source)
        length = words[version].total() / 10
        rows.append(
            (consensus / total, _f1(words[version], named), quoted, length, length * length)
        )
    return rows


def _share(grams: Grams, given: Grams) -> float:
    return (grams & given).total() / max(1, grams.total())


def _grams(text: str, size: int) -> Grams:
    words = stems(text)
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def _f1(one: Grams, other: Grams) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


@cache
def _weights() -> tuple[float, ...]:
    found = json.loads(WEIGHTS.read_text("utf-8"))["weights"]
    return tuple(found[name] for name in FEATURES)
