"""Praise, firsts and certainty: a summary may repeat what the source claims, never add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.verify.reading import Source, Word, read

# Beside each claim, what in the source is ground enough for it.
_CLAIMS = tuple(
    (re.compile(rf"\b(?:{made})", re.IGNORECASE), re.compile(rf"\b(?:{made}|{also})", re.IGNORECASE))
    for made, also in (
        (r"first\b(?! (?:and|step|stage|order|layer|then|learn|train|second|we)|[- ](?:order|person))|never before\b", r"novel|new\b|no (?:prior|previous|existing)"),
        (r"first ever\b|the very first\b", r"$^"),
        (r"state[- ]of[- ]the[- ]art\b|sota\b", r"best|outperform|superior|record|better|improv|competitive|baseline|benchmark|state of"),
        (r"outperform|surpass|superior|exceed|beat", r"better|improv|state[- ]of[- ]the[- ]art|sota|than|gain|higher|best|advantage|faster"),
        (r"groundbreaking|revolution|unprecedented|breakthrough|remarkabl|game[- ]chang|cutting[- ]edge", r"$^"),
        (r"guarantee|provabl|prov(?:e|es|en|ing)\b|proof", r"theor|bound|converg|lower bound|analy[sz]|guarant|optimal|necessary"),
        (r"human[- ]level|superhuman", r"human"),
        (r"(?:is|are) certain to|always\b|without exception", r"(?:always|never|invariably|guarantee)"),
        # what kind of thing it is: a data set is no algorithm
        (r"algorithms?\b", r"algorithm|procedure|heuristic|search|solver|optimi[sz]|iterat|learning rule|scheme|sampl|gradient|polic|train"),
        (r"surveys?\b", r"survey|review|overview|literature|taxonom"),
        (r"(?:library|toolkit|toolbox)\b", r"librar|tool|package|framework|software|open[- ]source|code\b"),
        (r"theorems?\b", r"theor|prov|bound|guarant|converg"),
        (r"all (?!(?:of|the|these|those|our|existing|other|possible)\b)[a-z]+s\b", r"(?:all|every|each|any|entire|whole|both|always|universal|arbitrary)\b"),
    )
)  # fmt: skip
_HEDGES = frozenset(
    "may might could suggest suggests suggested possibly potentially potential perhaps likely often sometimes usually typically"
    " partially partly hypothesize conjecture believe seem seems appear appears tend tends indicate indicates can"
    " almost nearly approximately roughly aim aims attempt attempts try tries hint hints some".split()
)
_WEAK = frozenset(
    "may might could suggest suggests possibly potentially perhaps likely often sometimes usually typically partially"
    " partly hypothesize conjecture believe seem seems appear appears tend tends almost nearly approximately roughly".split()
)
#: What is brought here, and the words for it; what was there before, and the words for that.
_BRINGS = re.compile(
    r"\b(?:we|authors|paper|work)\s+(?:\w+ly\s+)?(?:propose|introduce|present|develop|design|devise|create)s?d?\s+(?!to\b)(?P<what>.+)",
    re.IGNORECASE,
)
_BROUGHT = re.compile(
    r"\b(?:propos|introduc|present|develop|design|devis|novel|new|first|buil[dt]|construct|creat|contribut|offer|provid|formulat|establish"
    r"|describ|call|nam|releas|deriv|invent|our)",
    re.IGNORECASE,
)
_TAKEN_UP = frozenset(
    "apply applies applied employ employs employed adopt adopts adopted use uses used utilize utilizes utilized".split()
)
_OBJECT_WORDS = 3  #: by so many content words a thing is known again
#: A collection that would have to be a method for what is said of it.
_COLLECTION_DOES = re.compile(
    r"\b(?:data ?sets?|benchmarks?|corpus|surveys?)\b(?P<between>[^.;:]*?),? (?:which|that) (?:also )?"
    r"(?P<does>(?:achiev|outperform|surpass|exceed|beat)\w*[^.,;]*)",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:method|model|approach|algorithm|framework|network|system|architecture|pipeline|technique|detector|agent|baseline)s?\b",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:prov(?:es?|en)|is certain to|does|succeeds? (?:to|in))\b", re.IGNORECASE)  # fmt: skip


def claims(sentence: str, source: Source) -> Iterator[str]:
    """Claims without ground in the source."""
    for claim, ground in _CLAIMS:
        if (made := claim.search(sentence)) and not ground.search(source.everything):
            yield f"{made[0]!r} is not claimed by the source"
    if (made := _COLLECTION_DOES.search(sentence)) and not _METHOD.search(made["between"]):
        yield f"{made['does']!r} is said of what achieves nothing itself"
    if taken := _taken_up(sentence, source):
        yield f"is brought here, where the source says {taken!r}"


def _taken_up(sentence: str, source: Source) -> str:
    """The source's word for using what ``sentence`` says is proposed, where no sentence that names it says that it is new."""
    made = _BRINGS.search(sentence)
    what = [w.root for w in read(made["what"]).words if w.root][:_OBJECT_WORDS] if made else []
    if len(what) < _OBJECT_WORDS:
        return ""
    naming = [
        (piece, told)
        for piece, told in zip((source.title, *source.pieces), source.sentences, strict=True)
        if set(what) <= told.roots
    ]
    if any(_BROUGHT.search(piece) for piece, _ in naming):
        return ""
    for _, told in naming:
        first = next(i for i, w in enumerate(told.words) if w.root == what[0])
        if used := [w.text for w in told.words[max(0, first - 3) : first] if w.text in _TAKEN_UP]:
            return used[-1]
    return ""


def lost_hedges(sentence: str, source: Source) -> Iterator[str]:
    """A "may" that stands right before what the sentence says without one, and that the source never says without one."""
    told = read(sentence)
    if any(w.text in _HEDGES for w in told.words):
        return
    for one in source.sentences:
        for i, word in enumerate(one.words):
            if word.text not in _WEAK:
                continue
            following = [w.root for w in one.words[i + 1 : i + 6] if w.root][:2]
            if len(following) < 2 or not set(following) <= told.roots:
                continue
            if not any(_says_plainly(following[0], other.words) for other in source.sentences):
                yield f"drops {word.text!r} before {' '.join(following)!r}"
                return
    if (strong := _STRONG.search(sentence)) and not re.search(rf"\b{strong[0]}\b", source.everything, re.IGNORECASE):  # fmt: skip
        after = read(sentence[strong.end() :]).words
        heads = {w.root for w in after if w.root}
        for one in source.sentences:
            weak = [i for i, w in enumerate(one.words) if w.text in _WEAK]
            if any(len(heads & {w.root for w in one.words[i + 1 : i + 8] if w.root}) >= 2 for i in weak):  # fmt: skip
                yield f"{strong[0]!r} where the source is not so sure"
                return


def _says_plainly(root: str, words: Sequence[Word]) -> bool:
    return any(
        w.root == root and not any(b.text in _WEAK for b in words[max(0, i - 4) : i])
        for i, w in enumerate(words)
    )
