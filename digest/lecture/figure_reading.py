"""How to read a figure, from its caption alone: what is set against what, in which unit, and which way is better.

    "Top-1 accuracy vs. latency (ms)." -> "It sets top-1 accuracy against latency (ms)."
                                          "Higher top-1 accuracy is better and lower latency is better."

Nothing is said that the caption does not: no axis is guessed, and a direction is only told of measures that have one.
"""

from __future__ import annotations

import re

from digest.lecture import frame
from digest.lecture.figure_choice import without_label
from digest.lecture.metrics import Metric, metrics
from digest.sentences import split

_STOP = r"(?=\s*(?:[.,;:]|$)|\s+(?:for|of the|on|in|with|when|where|across|using|between|at|by|under|during|from|after|before|as|and|while|is|are)\b)"
_WORD = r"[A-Za-z$\\#@%][\w$\\^{}/+@%#-]*"
_UNIT = r"(?:\s\([^()]{1,24}\))?"
_AGAINST = re.compile(
    rf"(?P<y>(?:{_WORD}\s){{0,3}}{_WORD}{_UNIT})\s(?:vs\.?|versus|against|as (?:a )?functions? of)\s(?:the\s)?"
    rf"(?P<x>(?:{_WORD}\s){{0,4}}?{_WORD}{_UNIT}){_STOP}"
)
#: What may stand before the quantity itself: "Comparison of accuracy vs. size", "We plot accuracy against size".
_BEFORE = re.compile(
    r"^(?:.*\b(?:comparison|comparing|plots?|plotting|show(?:s|ing|n)?|results?|curves?|trade-?offs?|of|the|our|reports?|and|in|on|for|models?|method|we)\s)+",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:(?:higher|lower|left|right|up|down|bottom|top|upper|smaller|larger|closer)[\w -]{0,30} (?:is|are) (?:better|cheaper|faster|best|more accurate)"
    r"|(?:x|y|horizontal|vertical)[- ]ax[ie]s)\b",
    re.IGNORECASE,
)
#: What an axis can bear; "our method vs. ResNet" compares two things, and sets no quantity against another.
_QUANTITY = re.compile(
    r"\((?:[^()]*)\)|\b(?:sizes?|parameters?|params|memory|lengths?|steps?|epochs?|iterations?|times?|tokens?|compute|FLOPs|loss(?:es)?|number|fraction"
    r"|ratio|rates?|depth|width|speed|frequency|dimensions?|temperature|budget|cost|noise|scale|examples|samples|layers|scores?|returns?|rewards?)\b",
    re.IGNORECASE,
)
MAX_SAID_WORDS = 25  #: of a sentence of the caption that is quoted for its axes


def reading(caption: str) -> tuple[str, ...]:
    """Sentences of ours that say how the figure is read; none where the caption does not tell."""
    said = without_label(caption)
    quoted = [said[a:b] for a, b in split(said) if _SAID.search(said[a:b])]
    own = tuple(
        frame.FIGURE_SAYS.format(sentence=frame.quoted(q))
        for q in quoted[:2]
        if len(q.split()) <= MAX_SAID_WORDS
    )
    axes = _AGAINST.search(said)
    if axes is None:
        return own
    y, x = _BEFORE.sub("", axes["y"]), axes["x"]
    if not y or y.casefold() == x.casefold() or not (_is_quantity(y) and _is_quantity(x)):
        return own
    against = frame.FIGURE_AGAINST.format(y=_lowered(y), x=_lowered(x))
    if any(re.search(r"better|best|cheaper|faster", q) for q in quoted):
        return (against, *own)
    ways = [_way(m) for side in (y, x) for m in list(metrics(side))[:1]]
    better = frame.FIGURE_BETTER.format(ways=frame.joined(ways)) if ways else ""
    return tuple(filter(None, (against, frame.capitalized(better), *own)))


def _is_quantity(words: str) -> bool:
    return bool(_QUANTITY.search(words)) or any(True for _ in metrics(words))


def _way(metric: Metric) -> str:
    return frame.FIGURE_WAYS[metric.direction].format(metric=_lowered(metric.name))


def _lowered(words: str) -> str:
    """Without the capital that only the start of a sentence gave it: "Accuracy", but "BLEU" and "F1"."""
    first = words.split(" ", 1)[0]
    has_own_capital = len(first) == 1 or re.search("[A-Z]", first[1:]) is not None
    return words if has_own_capital or re.search(r"\d$", first) else words[:1].lower() + words[1:]
