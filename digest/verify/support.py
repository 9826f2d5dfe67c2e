"""Is the sentence about this source at all? The share of its telling words that the source has, and has together."""

from __future__ import annotations

import math

from digest.alignment import content_words, togetherness
from digest.verify.reading import Source
from digest.verify.usage import usage

FEATURES = ("held", "held_by_one", "in_title", "together", "weight_held", "weight_strange")


def support_features(sentence: str, source: Source) -> tuple[float, ...]:
    """What ``FEATURES`` name: words are weighed by their rarity in abstracts at large.

    ``held``: share in source or title; ``held_by_one``: in one sentence and the title; ``in_title``: in the title alone; ``together``: share of neighbours
    that are neighbours there; the last two: logarithms of the weight that is, and is not, in the source.
    """
    words = tuple(dict.fromkeys(content_words(sentence)))
    rarity = {w: usage().rarity(w) for w in words}
    whole = sum(rarity.values())
    if not whole:
        return (0.0,) * len(FEATURES)
    held = sum(r * _closeness(w, source) for w, r in rarity.items())
    title = source.sentences[0].roots
    one = max(sum(r for w, r in rarity.items() if w in told.roots or w in title) for told in source.sentences)  # fmt: skip
    return (
        held / whole,
        one / whole,
        sum(r for w, r in rarity.items() if w in title) / whole,
        togetherness(sentence, (source.title, *source.pieces)),
        math.log1p(held),
        math.log1p(whole - held),
    )


def _closeness(word: str, source: Source) -> float:
    if word in source.roots:
        return 1.0
    return 0.8 if source.knows(word) else 0.0
