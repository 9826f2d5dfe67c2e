"""Which sentences of a story's part go on the slide: short ones that stand without the sentence before, results first."""

from __future__ import annotations

import re
from collections.abc import Collection

from digest.issue import Part
from digest.render.slide import Bullet
from digest.shorten import shorten

MAX_WORDS = 16  # of a bullet, where there is a choice
#: Rather one long sentence than nothing on, say, how it was tested.
LONGEST = 30
#: A second bullet on the same part must be shorter.
LONGEST_SECOND = 20
_A_PART = 2

#: Words that point back to a sentence which is not on the slide.
_POINTS_BACK = re.compile(
    r"^(?:it|its|they|their|this|these|those|that|he|she|both|also|then|and|but|so(?! far)|however|instead|in fact|otherwise"
    r"|one of them|the (?:former|latter|other|others|best of them))\b"
    r"|^(?:on|in|for|of) (?:both|all|each) "
    r"|^[^,]{1,60},\s(?:it|they|this|these|he|she)\b"
    r"|\b(?:those|these|this|such(?! as)|the latter|the former|of them|without it|with it)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")


def part_bullets(part: Part, shown: Collection[str]) -> list[Bullet]:
    """Up to two bullets, in the order of the talk; none where every sentence is in ``shown``, too long or points back.

    A sentence that points back may follow the one that it points to.
    """
    texts = [shorten(sentence.text, LONGEST) for sentence in part.sentences]
    fresh = [at for at, text in enumerate(texts) if text and part.sentences[at].text not in shown]
    chosen: list[int] = []
    while len(chosen) < _A_PART:
        standing = [
            at
            for at in fresh
            if at not in chosen
            and (at - 1 in chosen or not _POINTS_BACK.search(texts[at]))
            and (not chosen or len(texts[at].split()) <= LONGEST_SECOND)
        ]
        if not standing:
            break
        chosen.append(max(standing, key=lambda at: (_worth(part, texts[at]), -at)))
    return [
        Bullet(label=part.title, text=texts[at], origin=part.sentences[at].origin)
        for at in sorted(chosen)
    ]


def _worth(part: Part, text: str) -> int:
    """More for a short sentence; of a test, more for one with a figure in it."""
    is_short = len(text.split()) <= MAX_WORDS
    return is_short + 2 * (part.kind == "tested" and bool(_FIGURE.search(text)))
