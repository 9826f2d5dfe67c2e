"""Is a summary true to its source? Pure checks of each sentence; what fails is replaced by the source's own words.

Nothing here understands language. A sentence passes when its numbers, names and claims can be found in the source, when it
shares enough telling words with it, and when no "not" or "better" of it seems turned round; the last three are weighed by small
linear models over explained features (training/verify/). What is caught, by kind of error, and what is refused wrongly:
docs/verification.md, made by bench/verification.py.

    form.py names.py claims.py support.py polarity.py   the checks       reading.py   a text taken apart for them
    lexicon.py usage.py weighing.py                      words, counts and weights
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from digest.alignment import align
from digest.drift import drift_problems
from digest.quantities import missing, unstated
from digest.salience import extract
from digest.sentences import split
from digest.types import (
    Checked,
    Problem,
    Span,
    Summary,
    SummaryRequest,
    SummarySentence,
)
from digest.verify.claims import claims, lost_hedges
from digest.verify.form import echo, language, length, repetition, torn_words, truncation
from digest.verify.names import foreign_months, foreign_names, strange_expansions, torn_lists
from digest.verify.polarity import (
    Candidate,
    added_denials,
    lost_denials,
    swapped_opposites,
    turned_prefixes,
    turns,
)
from digest.verify.reading import Source, read, read_source
from digest.verify.support import support_features
from digest.verify.weighing import Kind, weights

_PREFIX = re.compile(
    r"^(?:[-*•>#]+\s+|(?:\*\*)?(?:one[- ]sentence )?(?:summary|tl;?dr|headline)(?:\*\*)?\s*:(?:\*\*)?\s*)+",
    re.IGNORECASE,
)


def check(summary: Summary, request: SummaryRequest) -> Checked:
    """The summary with every refused sentence replaced, by another version of the model's or by the source's best.

    A sentence of a model is first cleaned: markdown, a leading "Summary:" and doubled white space go. It passes where
    ``find_problems`` finds none; it then gets the spans of the source sentences it rests on. Where the only sentence is refused,
    the first of ``summary.alternatives`` that passes takes its place, else the source's best sentence that the summary does not
    yet hold; where the source has none left, it is dropped. A refused sentence (the first version, not each alternative) leaves a
    ``Problem`` for each reason. Sentences of origin "extractive" must be the source's words at their spans, and are not judged otherwise.
    """
    kept: list[SummarySentence] = []
    problems: list[Problem] = []
    alternatives = summary.alternatives if len(summary.sentences) == 1 else ()
    for sentence in summary.sentences:
        sentence, found = _judged(sentence, summary, request)  # noqa: PLW2901
        if not found:
            kept.append(sentence)
            continue
        problems.extend(found)
        others = (_judged(other, summary, request) for other in alternatives)
        if held := next((other for other, wrong in others if not wrong), None):
            kept.append(held)
            continue
        taken = {s for k in kept for s in k.spans}
        spare = (s for s in extract(request, count=len(taken) + 1) if s.spans[0] not in taken)
        kept.extend(islice(spare, 1))
    checked = replace(summary, sentences=tuple(kept), alternatives=())
    return Checked(summary=checked, problems=tuple(problems))


def clean(sentence: str) -> str:
    """``sentence`` without markdown emphasis, list markers, a leading "Summary:" and doubled white space."""
    text = " ".join(sentence.split())
    text = _PREFIX.sub("", text)
    return re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text).strip()


def find_problems(sentence: str, source: str, title: str) -> tuple[Problem, ...]:
    """Everything wrong with ``sentence`` as a summary of ``source``, which has ``title``; empty where it holds.

    Kinds, in order: length, truncated, language, echo, repetition, number, name, date, expansion, claim, hedge, unsupported,
    direction, negation.
    """
    known, told = read_source(title, source), read(sentence)
    checks: tuple[tuple[str, Iterator[str]], ...] = (
        ("length", length(sentence)),
        ("truncated", truncation(sentence)),
        ("truncated", torn_words(sentence, known.everything)),
        ("language", language(sentence)),
        ("echo", echo(sentence, source, title)),
        ("repetition", repetition(sentence)),
        ("number", _numbers(sentence, known.everything)),
        ("name", (f"{n} is not in the source" for n in foreign_names(sentence, known))),
        ("name", torn_lists(sentence, known)),
        ("date", (f"{m} is not in the source" for m in foreign_months(sentence, known))),
        ("expansion", strange_expansions(sentence, known)),
        ("claim", claims(sentence, known)),
        ("hedge", lost_hedges(sentence, known)),
        ("unsupported", _unsupported(sentence, known)),
        ("direction", _weighed("direction", turns(told, known))),
        ("direction", swapped_opposites(told, known)),
        ("negation", _weighed("negation_added", added_denials(told, known))),
        ("negation", _weighed("negation_lost", lost_denials(told, known))),
        ("negation", turned_prefixes(sentence, known)),
    )
    return tuple(
        Problem(kind=kind, detail=detail, sentence=sentence)
        for kind, details in checks
        for detail in details
    )


def _judged(
    sentence: SummarySentence, summary: Summary, request: SummaryRequest
) -> tuple[SummarySentence, tuple[Problem, ...]]:
    """The sentence, cleaned and with its spans if a model wrote it, and what is wrong with it."""
    if sentence.origin == "extractive":
        return sentence, _misquotations(sentence, request)
    sentence = replace(sentence, text=clean(sentence.text))
    found = find_problems(sentence.text, request.text, request.title)
    if not found and _is_untrained(summary.model_id):
        found = drift_problems(sentence.text, request)
    if not found:
        sentence = _with_spans(sentence, request)
        if not sentence.spans:  # of the title alone, or of a text that says nothing
            detail = "rests on no sentence of the source"
            found = (Problem(kind="unsupported", detail=detail, sentence=sentence.text),)
    return sentence, found


def _is_untrained(model_id: str) -> bool:
    """A model of this machine without an adapter: small, and not made for summaries."""
    return "+" not in model_id and not model_id.startswith("remote:")


def _with_spans(sentence: SummarySentence, request: SummaryRequest) -> SummarySentence:
    if sentence.spans:
        return sentence
    offsets = split(request.text)
    aligned = align(sentence.text, [request.text[a:b] for a, b in offsets], request.title)
    spans = tuple(
        Span(item_id=request.item_id, start=offsets[i][0], end=offsets[i][1])
        for i in aligned.sentences
    )
    return replace(sentence, spans=spans)


def _misquotations(sentence: SummarySentence, request: SummaryRequest) -> tuple[Problem, ...]:
    quoted = " ".join(" ".join(request.text[s.start : s.end].split()) for s in sentence.spans)
    if quoted and quoted == sentence.text:
        return ()
    detail = "is not the source's words at its spans"
    return (Problem(kind="quotation", detail=detail, sentence=sentence.text),)


def _numbers(sentence: str, everything: str) -> Iterator[str]:
    absent = dict.fromkeys(q.text for q in missing(sentence, everything))
    yield from (f"{text} is not in the source" for text in absent)
    if not absent:
        yield from (f"{text} is not so written in the source" for text in unstated(sentence, everything))  # fmt: skip


def _unsupported(sentence: str, source: Source) -> Iterator[str]:
    features = support_features(sentence, source)
    if weights("unsupported").excess(features) > 0:
        yield f"{features[0]:.0%} of its telling words are in the source, {features[1]:.0%} in one sentence of it"


def _weighed(kind: Kind, candidates: Iterator[Candidate]) -> Iterator[str]:
    """The reason against the worst of ``candidates``, if it is bad enough."""
    model = weights(kind)
    worst = max(((model.excess(c.features), c.detail) for c in candidates), default=(0.0, ""))
    if worst[0] > 0:
        yield worst[1]
