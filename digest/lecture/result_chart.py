"""The result of a story as a chart of our own: the numbers are the source's, the drawing is not."""

from __future__ import annotations

from collections.abc import Iterable

from digest.issue import ResultBar, ResultChart, Sentence
from digest.lecture import frame
from digest.lecture.candidates import Candidate
from digest.lecture.results import KINDS, Result, Value, result_in


def chart_of(found: Iterable[Candidate]) -> ResultChart | None:
    """The clearest result that the sentences report of the work itself; None where none is clear.

    What stands before the authors have said what they did is about others, and what a thread says is no result.
    """
    best: tuple[tuple[int, bool, int], Candidate, Result] | None = None
    for candidate in found:
        if candidate.item.kind == "thread" or not (candidate.is_claim or candidate.is_after_claim):
            continue
        result = result_in(candidate.text)
        if result is None:
            continue
        order = (KINDS.index(result.kind), not candidate.is_lead, candidate.index)
        if best is None or order < best[0]:
            best = order, candidate, result
    return _chart(best[1], best[2]) if best else None


def _chart(candidate: Candidate, result: Result) -> ResultChart:
    ours = candidate.name or frame.RESULT_OURS
    bars = tuple(_bar(v, ours) for v in result.values)
    if result.kind == "changed":
        before, after = result.values
        bars = (_bar(before, frame.RESULT_BEFORE), _bar(after, frame.RESULT_AFTER))
    title = frame.capitalized(result.measure)
    if result.kind == "factor":
        baseline = next(b.label for b in bars if b.value == "1x")
        title = frame.RESULT_FACTOR.format(measure=title, baseline=baseline)
    better = frame.RESULT_BETTER[result.direction]
    return ResultChart(
        title=title,
        better=better,
        bars=bars,
        description=frame.RESULT_IN_WORDS.format(
            title=title,
            better=f" ({better})" if better else "",
            values=frame.joined([f"{b.label} {b.value}" for b in bars]),
        ),
        sentence=Sentence(
            text=" ".join(candidate.text.split()),
            origin="extractive",
            spans=(candidate.span,),
            url=candidate.item.url,
        ),
    )


def _bar(value: Value, ours: str) -> ResultBar:
    return ResultBar(
        label=value.label or ours, value=value.text, amount=value.amount, is_main=value.is_main
    )
