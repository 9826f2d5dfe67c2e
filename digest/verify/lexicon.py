"""Words that deny, and words that say which way something goes: our own lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_DENIALS = frozenset(
    "not no never none neither nor cannot without hardly fail fails failed failing lack lacks lacking unable".split()
)
# What may stand in a source where a summary says "not" in other words.
_SOFT = re.compile(
    r"instead|rather|avoid\w*|prevent\w*|free|remov\w*|eliminat\w*|limit\w*|difficult\w*|few|less|only|poor\w*|hard|harder"
    r"|despite|unlike|ignor\w*|absen\w*|un(?!der|i|til|cert)\w{3,}|in(?:capable|sufficient|ability|accurate|efficient|sensitive|tractable)\w*"
    r"|non\w*|obviat\w*|dispens\w*|neglect\w*|little|im(?:possible|practical|plausible)\w*|overlook\w*|miss\w*|zero|circumvent\w*"
    r"|bypass\w*|beyond|alone|solely|discard\w*|reject\w*|challeng\w*|outside|independent\w*|agnostic|self|rarely|preserv\w*|maintain\w*|retain\w*"
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """An axis, and which way on it."""

    axis: str
    sign: int  #: +1 or -1

    @property
    def opposite(self) -> Polarity:
        return Polarity(self.axis, -self.sign)


# Beginnings of words; a full stop closes a word that must stand exactly so.
AXES: dict[str, tuple[str, str]] = {
    "quality": (
        "better. best. improv outperform superior exceed surpass enhanc boost gain. gains. benefi advantag beat. beats. strengthen stronger. strong. strongly.",
        "worse. worst. degrad underperform inferior deteriorat worsen hurt harm damag weaken weaker. weak. weakly. impair",
    ),
    "amount": (
        "increas grow. grows. growing. growth. more. higher. high. highly. greater. larger. large. longer. long. rais. raises. raising. expand amplif many. big. bigger. maximi wider. deeper. richer.",
        "decreas reduc less. fewer. few. lower. lowers. lowering. low. smaller. small. shorter. short. shrink drop. drops. dropped. diminish minimi mitigat alleviat cut. cuts. cutting. tiny. lessen",
    ),
    "speed": (
        "faster. fast. speed. speeds. speedup. speedups. accelerat quick quicker.",
        "slow. slower. slows. slowing. slowed. slowdown. decelerat",
    ),
    "ease": ("easier. easy. easily. eas. eases. simpler.", "harder. hard. difficult"),
    "stability": (
        "stable. stably. stability. stabiliz stabilis robust",
        "unstable. instabil destabil vulnerab fragil brittle",
    ),
    "frequency": ("always. often.", "never. rarely. seldom."),
}  # fmt: skip
_EXACT: dict[str, Polarity] = {}
_BEGINNINGS: dict[str, Polarity] = {}
for _axis, _sides in AXES.items():
    for _sign, _side in zip((1, -1), _sides, strict=True):
        for _word in _side.split():
            (_EXACT if _word.endswith(".") else _BEGINNINGS)[_word.rstrip(".")] = Polarity(_axis, _sign)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def polarity(word: str) -> Polarity | None:
    """Which way ``word`` (lower case) points; None where it points none."""
    if word in _EXACT:
        return _EXACT[word]
    return next((_BEGINNINGS[b] for b in _BEGINNINGS if word.startswith(b)), None)


def is_denial(word: str) -> bool:
    """A plain "not" in one of its forms."""
    return word in _DENIALS or word.endswith("n't")


@lru_cache(maxsize=1 << 14)
def is_soft_denial(word: str) -> bool:
    """A word that may carry a "not" within it: avoid, limited, unlabeled."""
    return _SOFT.fullmatch(word) is not None
