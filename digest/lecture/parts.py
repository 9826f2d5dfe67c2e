"""A story in the talk's order, from the source's own sentences; each is used once, and a part without one is left out.

    objective -> What's new     background -> Before this     method -> How it works     result -> How it was tested

Why it matters is filled only from words that say so. Caveats are in ``caveats.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.issue import Part, PartKind, Sentence
from digest.lecture import frame
from digest.lecture.candidates import SAME, Candidate, content_of, is_covered, overlap
from digest.lecture.caveats import sounds_like_a_limit
from digest.types import Checked

#: Sentences a part may have where the paper or the thread tells alone, and where a post tells too.
LIMITS: dict[PartKind, tuple[int, int]] = {
    "whats_new": (1, 2),
    "before": (2, 2),
    "how": (2, 3),
    "tested": (2, 3),
    "why": (1, 2),
}
MAX_HOW = 3
EARLY = (
    3  #: sentences; so early, background is background even where the first sentence says it all
)
SHORT_PART = 70  #: words; one sentence more is allowed where all of them together stay below
LONG = 45  #: words; a shorter sentence is preferred where one serves, and needed where the headline has told it

_WHY = re.compile(
    r"\b(?:useful|helpful|enabl(?:es?|ing) (?:\w+ )?(?:users?|people|practitioners|researchers|clinicians|doctors|engineers"
    r"|developers|students|teachers|everyone|anyone|the community|deployment|applications?|use|privacy)"
    r"|applications? (?:in|such|like|include|of)|practical(?:ly)?|important(?:ly)? (?:for|because|to|in)|is important"
    r"|privacy|anonymous|makes? it (?:possible|easier|feasible)|become feasible|we hope|hopes? that"
    r"|could (?:help|give|make|allow|lead|serve|be used)|(?:may|can|would) help|implications?|for anyone who|on[- ]device"
    r"|mobile (?:phones?|devices?)|real[- ]world (?:use|impact|deployment)|facilitat\w+|accessible|valuable (?:for|to|tool|resource)"
    r"|saves?|safety[- ]critical|substitute for|are often enough|opens? (?:up|the door)|at an affordable cost"
    r"|(?:provid|offer)\w+ (?:\w+ )?(?:guidance|guidelines|a foundation|a roadmap|a path)|promising (?:path|direction|step)"
    r"|pav(?:e|es|ing) the way|guid(?:e|es|ing) (?:for|researchers|practitioners|future))\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\b(?:evaluat\w+|experiments?|benchmarks?|test(?:ed|s)? (?:on|the idea|it)|compared? (?:with|to)|outperform\w*|surpass\w*"
    r"|accurac\w+|state[- ]of[- ]the[- ]art|data ?sets?|baselines?|measured?|(?:more|much) accurate|faster|quicker|raters"
    r"|(?:scores?|reach(?:es)?|obtains?|achieves?) (?:a |an |the )?(?:\w+ )?(?:\d|best|highest|better|lower|higher|state)|validation set"
    r"|improv(?:es?|ed|ing|ement)\b(?! the training)|results? (?:on|to date|are|contain)|beats?|(?:better|higher|lower|worse|fewer|less) (?:\w+ ){0,3}than"
    r"|as (?:good|well|fast|accurate) as|reproduces?|tried it|demonstrate|in our tasks|prefer)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:measured|evaluat\w+|experiments|outperform\w*|beats?|better than|raters)\b"
)
_NEW = re.compile(
    r"\b(?:[Ww]e|I|[Tt]his (?:paper|work|article|study|post))\b(?:[^.;:]{0,80}\band)?(?: then| also| therefore| here| instead)? "
    r"(?:propose|present|introduce|describe|develop|release|announce|launch)s?\b"
    r"|\b(?:is|are) (?:proposed|presented|introduced)\b"
)
_GAP = re.compile(
    r"\b(?:however|but|yet|although|despite|usually|until now|so far|most|unfortunately|only|expensive|costly|slow"
    r"|fails?|cannot|unstable|difficult|hard|lack|rare|too|nobody|instead of|pay|neither)\b",
    re.IGNORECASE,
)
_COULD = re.compile(r"\b(?:could|can|would|may) |\benabl|\buseful\b|\bhope\b", re.IGNORECASE)
#: A figure, and no part of a name: "86.5%", "8.7x", "1356", but not "Mamba2" or "GPT-4".
_FIGURE = re.compile(r"(?<![\w.-])[+-]?\d[\d.,]*(?:x\b|×|(?![\w-]))")
#: What was there before, said after the authors have spoken.
_PRIOR = re.compile(
    r"\b(?:existing|previous(?:ly)?|prior|earlier|current(?:ly)?|traditional(?:ly)?|conventional(?:ly)?|recent(?:ly)?|often"
    r"|usually|until now|so far|most|many|typically|commonly|despite|however|although|remains?|challeng\w+|state[- ]of[- ]the[- ]art)\b",
    re.IGNORECASE,
)
#: The work itself: what it is or does was not there before.
_OWN = re.compile(
    r"(?:The|This|Our) (?:proposed |resulting |new )?(?:approach|method|framework|model|system|algorithm|architecture"
    r"|paradigm|pipeline|benchmark|data ?set|technique|rule|network|strategy)\b"
)
_OPINION = re.compile(r"\b(?:I|my|me)\b")


def tell(found: Sequence[Candidate], checked: Checked | None) -> tuple[Part, ...]:
    """What's new, Before this, How it works, How it was tested, Why it matters, as far as the source says it."""
    has_post = any(not c.is_lead for c in found) or any(c.item.kind == "post" for c in found)
    free = [c for c in found if c.is_tellable and not repeats_headline(c, checked)]
    kinds = {id(c): kind for c in free if (kind := part_of(c))}
    chosen: list[Candidate] = []
    parts = []
    for kind, limits in LIMITS.items():
        fit = [c for c in free if kinds.get(id(c)) == kind]
        picked = pick(fit, kind, limits[has_post], chosen)
        chosen += picked
        if picked:
            parts.append(Part(kind=kind, title=frame.PART_TITLES[kind], sentences=say(picked)))
    return tuple(parts)


def part_of(candidate: Candidate) -> PartKind | None:
    """The part that the sentence belongs to; None where it tells nothing that a part asks for.

    The role decides where the words do not: authors who say what they tested, or why it matters, say so in few phrases.
    """
    text, role = candidate.text, candidate.role
    if sounds_like_a_limit(candidate):
        return None  # caveats.py takes it
    if candidate.item.kind in ("post", "article") and _OPINION.search(text):
        return None  # what one writer does or thinks is no part of the work
    if _NEW.search(text):
        return "whats_new"
    if candidate.is_after_claim and candidate.is_at_figure:
        return "tested"
    if not candidate.is_claim:
        if not candidate.is_after_claim:
            return "how" if role == "method" else "before"
        if role == "background" and candidate.index < EARLY and _is_of_before(candidate):
            return "before"
    has_figure = _FIGURE.search(text) is not None
    says_why = _WHY.search(text) and (role != "method" or _COULD.search(text))
    is_shown = role == "result" or has_figure or _MEASURED.search(text)
    if is_shown and _TESTED.search(text) and (has_figure or not says_why):
        return "tested"
    if says_why:
        return "why"
    if role == "result" and candidate.item.kind == "paper":
        return "tested"
    return "whats_new" if role == "objective" else "how"


def _is_of_before(candidate: Candidate) -> bool:
    """It speaks of what was there, not of the work that has been named already."""
    text = candidate.text
    if candidate.stands_as or _OWN.match(text) or (candidate.name and candidate.name in text):
        return False
    return _PRIOR.search(text) is not None


def pick(
    fit: Sequence[Candidate], kind: PartKind, limit: int, taken: Sequence[Candidate]
) -> list[Candidate]:
    """The best of ``fit``, at most ``limit``, in the order of the source.

    A sentence that leans on the one before it comes only right after that one.
    """
    order = sorted(fit, key=lambda c: (-_value(c, kind), not c.is_lead, c.index))
    picked: list[Candidate] = []
    may_grow = kind == "tested" or (kind == "how" and limit < MAX_HOW)
    for candidate in order:
        if len(picked) >= limit + may_grow:
            break
        if candidate.word_count > LONG and kind in ("whats_new", "why"):
            continue
        if len(picked) >= limit and _words(picked) + candidate.word_count > SHORT_PART:
            break
        if any(overlap(candidate.content, other.content) >= SAME for other in (*taken, *picked)):
            continue
        if candidate.leans:
            pair = next((c for c in fit if candidate.follows(c)), None)
            if pair is None or (pair.leans and pair not in picked):
                continue
            if pair not in picked:
                if len(picked) + 2 > limit:
                    continue
                picked.append(pair)
        if candidate not in picked:
            picked.append(candidate)
    return sorted(picked, key=lambda c: (not c.is_lead, c.item.id, c.index))


def say(picked: Sequence[Candidate]) -> tuple[Sentence, ...]:
    """The sentences as the digest tells them one after the other."""
    said: list[Sentence] = []
    previous: Candidate | None = None
    for candidate in picked:
        said.append(candidate.said(previous, said[-1].text if said else ""))
        previous = candidate
    return tuple(said)


def repeats_headline(candidate: Candidate, checked: Checked | None) -> bool:
    """The headline is this sentence, or says what it says."""
    if checked is None:
        return False
    for sentence in checked.summary.sentences:
        if sentence.origin != "model" and is_covered(candidate, sentence.spans):
            return True
        if overlap(content_of(sentence.text), candidate.content) >= SAME:
            return True
    return False


def _words(picked: Sequence[Candidate]) -> int:
    return sum(c.word_count for c in picked)


def _value(candidate: Candidate, kind: PartKind) -> float:
    """How well the sentence serves its part."""
    text = candidate.text
    value = 1.0 if candidate.is_lead else 0.7
    if candidate.word_count > LONG:
        value -= 1.0
    if candidate.leans:
        value -= 0.3
    if kind == "tested":
        value += 0.6 * candidate.is_at_figure
        value += 0.8 * bool(_FIGURE.search(text)) + 0.4 * bool(_TESTED.search(text))
        value += 0.2 * bool(_MEASURED.search(text)) + 0.2 * (candidate.role == "result")
    elif kind == "before":
        value += 0.6 * bool(_GAP.search(text)) - 0.5 * candidate.is_after_claim
    elif kind == "how":
        value -= 0.03 * candidate.index
    elif kind == "why":
        value += 0.3 * bool(_COULD.search(text))
    elif kind == "whats_new":
        value += 0.5 * bool(_NEW.search(text))
    return value
