"""Is a "not" lost, added, or a "better" turned round? Each such word of a summary as numbers that say how the source backs it.

The numbers are shares (0..1) or yes and no; ``digest/verify/weights.json`` weighs them (training/verify/). Each candidate
comes with the sentence that tells a reader why it was refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from digest.verify.reading import Denial, Sentence, Source, Turn, Word
from digest.verify.usage import usage

_AUXILIARIES = frozenset("do does did is are was were be can could will would should may".split())
# "without any training", "without sacrificing speed": said freely of a method that does not mention it.
_IDIOMS = ("requir", "need", "access", "sacrific", "explicit", "addition", "extra", "loss", "los", "compromis", "relying", "rely", "assum", "hurt", "supervis", "prior", "domain")  # fmt: skip
_FOILS = frozenset(
    "however existing previous current traditional prior unlike often most typically conventional recent many although despite while standard".split()
)
_OURS = frozenset(("we", "our"))
_REACH = 6  #: words between a "not" and what it denies


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may be wrong."""

    features: tuple[float, ...]
    detail: str  #: what to say if it is


# -- a "not" that the source does not have ----------------------------------------------------------------------------

ADDED = (
    "any_hard", "same_cue", "hard_scope", "hard_first", "soft_scope", "soft_first", "hard_sentence", "soft_sentence",
    "plain", "known", "is_without", "is_no", "is_never", "not_only", "auxiliary", "idiom", "any", "plain_run", "with_run",
    "usual",
)  # fmt: skip


def added_denials(sentence: Sentence, source: Source) -> Iterator[Candidate]:
    """One candidate for each plain "not" of ``sentence``."""
    for denial in sentence.denials:
        if denial.is_hard:
            target = denial.scope[0] if denial.scope else "it"
            yield Candidate(
                features=_added_features(denial, sentence.words, source),
                detail=f"{denial.text!r} is not said of {target!r} in the source",
            )


def _added_features(denial: Denial, words: Sequence[Word], source: Source) -> tuple[float, ...]:
    scope, around = denial.scope[:3], denial.scope[:3] + denial.before
    following = words[denial.at + 1].text if denial.at + 1 < len(words) else ""
    preceding = words[denial.at - 1].text if denial.at else ""
    hard_scope = hard_first = soft_scope = soft_first = hard_sentence = soft_sentence = 0.0
    any_hard = same_cue = False
    for told in source.sentences:
        for other in told.denials:
            near = other.scope + other.before
            share, first = _share(scope, near), float(bool(scope) and scope[0] in near)
            whole = _share(around, told.roots)
            if other.is_hard:
                any_hard = True
                same_cue |= _family(other.text) == _family(denial.text)
                hard_scope, hard_first = max(hard_scope, share), max(hard_first, first)
                hard_sentence = max(hard_sentence, whole)
            else:
                soft_scope, soft_first = max(soft_scope, share), max(soft_first, first)
                soft_sentence = max(soft_sentence, whole)
    plain, run = _plain_support(denial, source)
    return (
        float(any_hard),
        float(same_cue),
        hard_scope,
        hard_first,
        soft_scope,
        soft_first,
        hard_sentence,
        soft_sentence,
        plain,
        sum(source.knows(r) for r in around) / max(1, len(around)),
        float(denial.text == "without"),
        float(denial.text in ("no", "none")),
        float(denial.text in ("never", "fails", "fail", "unable", "lack", "lacks")),
        float(following in ("only", "just", "necessarily", "yet")),
        float(preceding in _AUXILIARIES),
        float(bool(scope) and scope[0].startswith(_IDIOMS)),
        float(following in ("any", "the", "a", "an")),
        run,
        _with_run(denial, source),
        usage().denial(scope[0], is_without=denial.text == "without") if scope else 0.0,
    )


def _family(text: str) -> str:
    return text if text in ("without", "no", "never") else "not"


def _share(wanted: Sequence[str], found: Collection[str]) -> float:
    return sum(w in found for w in wanted) / len(wanted) if wanted else 0.0


def _plain_support(denial: Denial, source: Source) -> tuple[float, float]:
    """How much of what stands around the "not" the source says without one, and whether as one run of two words."""
    if not denial.scope:
        return 0.0, 0.0
    head, around = denial.scope[0], (*denial.scope[1:3], *denial.before)
    best, run = 0.0, 0.0
    for told in source.sentences:
        if head not in told.roots:
            continue
        content = [(i, w.root) for i, w in enumerate(told.words) if w.root]
        for k, (at, root) in enumerate(content):
            if root != head or any(0 <= at - d.at <= _REACH for d in told.denials):
                continue
            near = {r for _, r in content[max(0, k - 4) : k + 5]}
            best = max(best, (1 + len(near.intersection(around))) / (1 + len(around)))
            following = content[k + 1][1] if k + 1 < len(content) else ""
            if len(denial.scope) > 1 and following == denial.scope[1]:
                run = 1.0
    return best, run


def _with_run(denial: Denial, source: Source) -> float:
    """The source says "with" or "using" right before what the summary says "without" of."""
    if denial.text != "without" or not denial.scope:
        return 0.0
    for told in source.sentences:
        for i, word in enumerate(told.words[:-1]):
            if word.text in ("with", "using", "via", "through", "by", "use", "uses"):
                following = [w.root for w in told.words[i + 1 : i + 5] if w.root][:2]
                if denial.scope[0] in following:
                    return 1.0
    return 0.0


# -- a "not" of the source's that is lost -----------------------------------------------------------------------------

LOST = (
    "scope", "first", "run", "before", "sentence_of_summary", "summary_of_sentence", "also_plain", "soft_in_summary",
    "foil", "ours", "is_title", "is_without", "is_not", "is_no", "any", "not_only", "clause", "order",
)  # fmt: skip


def lost_denials(sentence: Sentence, source: Source) -> Iterator[Candidate]:
    """One candidate for each plain "not" of the source's whose words ``sentence`` has without one."""
    denied = {r for d in sentence.denials if d.is_hard for r in d.scope + d.before}
    soft = {r for d in sentence.denials if not d.is_hard for r in d.scope + d.before}
    content = [w.root for w in sentence.words if w.root]
    if not content:
        return
    for number, told in enumerate(source.sentences):
        for denial in told.denials:
            scope = denial.scope[:3]
            if not denial.is_hard or not scope or scope[0] not in sentence.roots:
                continue
            if scope[0] in denied:
                continue
            following = told.words[denial.at + 1].text if denial.at + 1 < len(told.words) else ""
            texts = {w.text for w in told.words}
            at = content.index(scope[0])
            yield Candidate(
                features=(
                    _share(scope, sentence.roots),
                    float(told.words[min(denial.at + 1, len(told.words) - 1)].root == scope[0]),
                    float(len(scope) > 1 and content[at + 1 : at + 2] == [scope[1]]),
                    _share(denial.before, sentence.roots),
                    len(sentence.roots & told.roots) / len(sentence.roots),
                    len(sentence.roots & told.roots) / max(1, len(told.roots)),
                    _plain_support(denial, source)[0],
                    float(bool(soft.intersection(scope))),
                    float(bool(texts & _FOILS)),
                    float(bool(texts & _OURS)),
                    float(number == 0),
                    float(denial.text == "without"),
                    float(_family(denial.text) == "not"),
                    float(denial.text == "no"),
                    float(following in ("any", "the", "a", "an")),
                    float(following in ("only", "just", "necessarily", "yet")),
                    float(len(denial.before) > 0 and denial.before[0] in content[max(0, at - 2) : at]),
                    number / len(source.sentences),
                ),
                detail=f"drops {denial.text!r} before {' '.join(scope[:2])!r}",
            )  # fmt: skip


_PREFIXED = re.compile(r"\b(?:un|non-?)([a-z]{5,})\b")


def turned_prefixes(sentence: str, source: Source) -> Iterator[str]:
    """Words that have won or lost an "un-" or "non-" on the way: "supervised", where the source has "unsupervised" only."""
    told, known = sentence.lower(), source.everything.lower()
    for match in _PREFIXED.finditer(known):
        bare = match[1]
        if not _stands_alone(bare, told) or _stands_alone(bare, known):
            continue
        if not re.search(rf"\b(?:not|non|no|without|less|n't)\W+(?:\w+\W+){{0,2}}{bare}", told):
            yield f"{bare!r} where the source has {match[0]!r}"
            return
    for match in _PREFIXED.finditer(told):
        bare = match[1]
        if match[0].startswith("un") and match[0] not in known and _stands_alone(bare, known):
            yield f"{match[0]!r} where the source has {bare!r}"
            return


#: Words of which one thing is not both. "New" and "existing" are no such pair: a new method stands beside existing methods.
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("online", "offline"), ("discrete", "continuous"), ("synthetic simulated artificial", "real natural"), ("static", "dynamic"),
        ("local", "global"), ("sparse", "dense"), ("open", "closed"), ("forward", "backward inverse reverse"), ("early", "late"),
        ("short", "long"), ("internal", "external"), ("explicit", "implicit"), ("deterministic", "stochastic"), ("convex", "concave"),
        ("left", "right"), ("minimum minimal", "maximum maximal"), ("positive", "negative"), ("public", "private"),
    )
)  # fmt: skip
_BESIDE = 4  #: words between a noun and what is said of it


def swapped_opposites(sentence: Sentence, source: Source) -> Iterator[str]:
    """A word of a pair of opposites right before a noun, of which the source says the other one, and never this one near it."""
    for word, noun in pairwise(sentence.words):
        if not noun.root or word.clause != noun.clause:
            continue
        for pair in _OPPOSITES:
            for own, other in (pair, pair[::-1]):
                if word.text in own and (said := _said_of(noun.root, other, source)) and not _is_near(noun.root, own, source):  # fmt: skip
                    yield f"'{word.text} {noun.text}' where the source says {said!r} of it"
                    return


def _said_of(noun: str, of: frozenset[str], source: Source) -> str:
    """The one of the words ``of`` that stands right before ``noun``, or ""."""
    pairs = (pair for told in source.sentences for pair in pairwise(told.words))
    return next((a.text for a, b in pairs if a.text in of and b.root == noun), "")


def _is_near(noun: str, of: frozenset[str], source: Source) -> bool:
    return any(
        w.root == noun and any(b.text in of for b in told.words[max(0, i - _BESIDE) : i + _BESIDE])
        for told in source.sentences
        for i, w in enumerate(told.words)
    )


def _stands_alone(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}\b", text) is not None


# -- a comparison turned round ----------------------------------------------------------------------------------------

TURNED = (
    "exact", "synonym", "exact_near", "synonym_near", "opposite", "opposite_near", "balance", "negative",
    "negative_quality", "known", "exact_run", "opposite_run", "same_sign_near", "other_sign_near", "is_comparison",
    "exact_before", "opposite_before", "denied", "is_quality", "is_level", "usual",
)  # fmt: skip


def turns(sentence: Sentence, source: Source) -> Iterator[Candidate]:
    """One candidate for each word of ``sentence`` that says which way."""
    others = [t for told in source.sentences for t in told.turns]
    denied = [d.at for d in sentence.denials if d.is_hard]
    for turn in sentence.turns:
        opposite = max(
            (o for o in others if o.polarity == turn.polarity.opposite),
            key=lambda o: _near(turn, o),
            default=None,
        )
        where = f"where the source has {opposite.text!r}" if opposite else "is not said in the source"  # fmt: skip
        yield Candidate(
            features=_turn_features(turn, others, source, denied), detail=f"{turn.text!r} {where}"
        )


def _turn_features(
    turn: Turn, others: Sequence[Turn], source: Source, denied: Sequence[int]
) -> tuple[float, ...]:
    exact = [o for o in others if o.root == turn.root]
    same = [o for o in others if o.polarity == turn.polarity]
    against = [o for o in others if o.polarity == turn.polarity.opposite]

    def best(found: Sequence[Turn]) -> float:
        return max((_near(turn, o) for o in found), default=0.0)

    def follows(found: Sequence[Turn]) -> float:
        return float(any(turn.after[:1] and turn.after[:1] == o.after[:1] for o in found))

    def precedes(found: Sequence[Turn]) -> float:
        return float(any(turn.before[:1] and turn.before[:1] == o.before[:1] for o in found))

    return (
        float(bool(exact)),
        float(bool(same)),
        best(exact),
        best(same),
        float(bool(against)),
        best(against),
        best(against) - best(same),
        float(turn.polarity.sign < 0),
        float(turn.polarity.sign < 0 and turn.polarity.axis == "quality"),
        _share(tuple(turn.around), source.roots),
        follows(exact),
        follows(against),
        best([o for o in others if o.polarity.sign == turn.polarity.sign]),
        best([o for o in others if o.polarity.sign != turn.polarity.sign]),
        float(turn.text in ("more", "less", "fewer") or turn.text.endswith("er")),
        precedes(exact),
        precedes(against),
        float(any(0 < turn.at - at <= 3 for at in denied)),
        float(turn.polarity.axis == "quality"),
        float(turn.text in ("high", "low", "large", "small", "fast", "strong", "weak")),
        usage().leaning(turn.polarity, turn.after[0]) if turn.after else 0.0,
    )


def _near(turn: Turn, other: Turn) -> float:
    """The share of what stands around ``turn`` that stands around ``other``; what follows counts double."""
    if not turn.around:
        return 0.0
    after = sum(r in other.around for r in turn.after[:2])
    every = sum(r in other.around for r in turn.around)
    return (after + every) / (len(turn.after[:2]) + len(turn.around))
