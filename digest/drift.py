"""How a small language model goes astray where it is not trained for the task: demands on its sentences beyond truth.

Human writers join two sentences of a source freely, and most human references would fail here. A small model that does so
mixes up who does what: "GANs can invent portraits", where the source says that of networks in general and of GANs
something else. Until a trained adapter is there, its sentences are therefore held to one sentence of the source.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from digest.alignment import content_words, togetherness
from digest.salience import leans
from digest.sentences import split
from digest.types import Problem, SummaryRequest

# Set on 24 abstracts of one week. On 34 other texts of it read by hand, 16 of SmolLM2-135M's sentences had at least this
# togetherness and passed ``find_problems``: 12 true, 4 imprecise, none false; 6 of the 18 refused ones were false.
MIN_TOGETHERNESS = 0.75
# Set after two wrong sentences of the sample week that drew on two source sentences at once (0.8 refuses both); not measured
# on texts apart.
MIN_FROM_ONE = 0.8

_FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us|my|mine)\b|\bI\b(?!\.|-)", re.IGNORECASE)


def drift_problems(sentence: str, request: SummaryRequest) -> tuple[Problem, ...]:
    """The first sign of drift in a model's ``sentence`` about ``request``; empty where there is none.

    Kinds: recombined (its neighbouring words are strangers in the source, or it draws on two sentences), voice (it says
    "we" for the source), leaning ("which learns to do so"), repetition ("turns image inpainting into image inpainting").
    """
    problem = _drift(sentence, request)
    return (Problem(kind=problem[0], detail=problem[1], sentence=sentence),) if problem else ()


def _drift(sentence: str, request: SummaryRequest) -> tuple[str, str] | None:
    pieces = [request.text[a:b] for a, b in split(request.text)]
    share = togetherness(sentence, [request.title, *pieces])
    if share < MIN_TOGETHERNESS:
        return "recombined", f"{share:.0%} of its neighbouring words belong together in the source"
    share = _from_one(sentence, request.title, pieces)
    if share < MIN_FROM_ONE:
        return "recombined", f"{share:.0%} of its words are in any one sentence of the source"
    if ours := _FIRST_PERSON.search(sentence):
        return "voice", f"{ours[0]!r} speaks for the source"
    if leans(sentence):
        return "leaning", "it points back to a sentence that is not there"
    pairs = Counter(pairwise(content_words(sentence)))
    if twice := next((pair for pair, n in pairs.items() if n > 1), None):
        return "repetition", f"repeats {' '.join(twice)!r}"
    return None


def _from_one(sentence: str, title: str, pieces: list[str]) -> float:
    """The largest share of the sentence's content words, those of the title aside, that one source sentence holds."""
    told = set(content_words(sentence)) - set(content_words(title))
    if not told:
        return 1.0
    return max((len(told & set(content_words(p))) / len(told) for p in pieces), default=0.0)
