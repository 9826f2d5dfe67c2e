"""Which of several versions of a summary is best: by what the versions agree on, the title, and the source's own words.

A version that says what most others say is likeliest to be right (minimum Bayes risk decoding, Kumar and Byrne 2004; with
samples, Eikema and Aziz 2020, arXiv:2005.10283). The weights are fitted by ``training/tldr/choose.py``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from heapq import nlargest
from pathlib import Path

from digest.alignment import content_words, fragments
from digest.salience import leans
from digest.sentences import split
from digest.shorten import main_clauses
from digest.verify.reading import read_source
from digest.words import stems

#: What a version loses, in points of ROUGE-1 + 2 + L, for each word that neither title nor text has, and for each piece of the
#: source that it is put together of: read by hand, one in fifty of those of up to four pieces was wrong, one in seven of the others.
#: Set by hand: docs/decisions.md.
UNKNOWN, FRAGMENT = 3.0, 2.0
#: A sentence of the source that may stand alone is as long as this, asks nothing, and does not point back.
_QUOTED_WORDS = range(5, 61)
#: Of a longer text only the sentences that say most of what the versions say are looked at: a post may have a thousand.
MOST_SENTENCES = 40
_POINTS_BACK = re.compile(
    r"^(?:(?:the|its|their) (?:\w+ )?(?:framework|method|approach|model|system|network|algorithm|pipeline|architecture|results?)"
    r"|in contrast|conversely|however|instead|therefore|thus|hence|consequently)\b",
    re.IGNORECASE,
)
WEIGHTS = Path(__file__).with_name("tldr") / "choice.json"
FEATURES = ("consensus", "title", "quoted", "length", "length squared")

Grams = Counter[tuple[str, ...]]


def best_first(
    versions: Sequence[str], title: str, text: str, *, beginnings: Sequence[str] = ()
) -> list[str]:
    """Each of ``versions`` and ``beginnings``, and each sentence of ``text``, once, best first.

    ``versions`` holds what was written as often as it was written, and the best is what it agrees on. The others have no say in
    that: ``beginnings`` might have been written, and stand for a version without its end, which is where most errors are; the
    text's own sentences hold no error at all. Nothing where nothing was written.
    """
    if not any(v.strip() for v in versions):
        return []
    weights = _weights()
    sentences = nearest_sentences(versions, text)
    unique = candidates([*versions, *beginnings], sentences)
    rows = features(versions, unique, title, text)
    losses = penalties(unique, title, text, sentences)
    scores = {
        v: sum(w * f for w, f in zip(weights, row, strict=True)) - loss
        for v, row, loss in zip(unique, rows, losses, strict=True)
    }
    return sorted(unique, key=lambda v: (-scores[v], v))


def nearest_sentences(versions: Sequence[str], text: str) -> list[str]:
    """The sentences of ``text``, in their order; of many those with most of the words of ``versions``."""
    sentences = [text[a:b] for a, b in split(text)]
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    votes = Counter(root for v in versions for root in set(content_words(v)))
    shared = [sum(votes[root] for root in set(content_words(s))) for s in sentences]
    chosen = nlargest(MOST_SENTENCES, range(len(sentences)), key=lambda i: (shared[i], -i))
    return [sentences[i] for i in sorted(chosen)]


def candidates(versions: Sequence[str], sentences: Sequence[str]) -> list[str]:
    """What there is to choose from, each once: ``versions``, and ``sentences`` of the source, shortened where that is safe."""
    clauses = (c for s in sentences for c in main_clauses(s))
    quoted = (c for c in clauses if _stands_alone(c))
    return list(dict.fromkeys(v for v in (*versions, *quoted) if v.strip()))


def _stands_alone(clause: str) -> bool:
    is_statement = len(clause.split()) in _QUOTED_WORDS and not clause.endswith("?")
    return is_statement and not (leans(clause) or _POINTS_BACK.search(clause))


def penalties(
    unique: Sequence[str], title: str, text: str, sentences: Sequence[str]
) -> list[float]:
    """What each of ``unique`` loses for straying from its source, of which ``sentences`` are looked at; see ``UNKNOWN``."""
    source = read_source(title, text)
    return [
        UNKNOWN * sum(not source.knows(root) for root in set(content_words(v)))
        + FRAGMENT * fragments(v, (title, *sentences))
        for v in unique
    ]


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
