"""Around the back end: what is cached is not asked for again, what is asked for goes in batches, what fails is replaced.

**A killed run, taken up again, gives the same texts.** Padding makes a model's arithmetic depend a little on the batch (in
float32 one text of some hundred came out otherwise in another batch), so the batches must not depend on how far the run
came. They are cut from *all* requests of the stage, in one fixed order, before the cache is looked at; of each batch the
texts that the cache lacks go to the model together, and are saved together, in one transaction. So a batch is either cached
as a whole or asked for again with exactly the same texts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from digest.errors import SummarizeError
from digest.language import foreign_language
from digest.summarize.extractive import ExtractiveSummarizer
from digest.summarize.protocol import OnProgress, StreamingSummarizer, Summarizer
from digest.types import Checked, Problem, Summary, SummaryRequest
from digest.verify import check

log = logging.getLogger(__name__)

MIN_WORDS = 12  #: a text shorter than this is its own summary: a model could only make something up around it


class SummaryCache(Protocol):
    """Where summaries of earlier runs lie; the Store is one."""

    def summaries(self, keys: Sequence[str]) -> dict[str, Summary]:
        """The known ones among ``keys``."""

    def save_summaries(self, summaries: Mapping[str, Summary]) -> None:
        """Save all of ``summaries`` or, when killed, none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condensed:
    """The outcome of the stage."""

    checked: dict[str, Checked]  #: by item id, in the order of the requests
    model_id: str  #: of the back end that was used in the end
    model_calls: int  #: texts that a model was run on; 0 where all were cached, and without a model
    fallback_reason: str = ""  #: why the configured back end was not used; "" where it was


def request_for(item_id: str, title: str, text: str) -> SummaryRequest:
    """The request to condense ``text``; its hash covers what a back end reads, and nothing that may change beside it."""
    content_hash = hashlib.sha256(f"{title}\x00{text}".encode()).hexdigest()[:16]
    return SummaryRequest(item_id=item_id, title=title, text=text, content_hash=content_hash)


def cache_key(request: SummaryRequest, summarizer: Summarizer) -> str:
    """64 hex digits over all that the text of a summary depends on.

    The item's id is part of it: back ends ask a thread otherwise than a paper, and spans name the item.
    """
    parts = (
        request.item_id,
        request.content_hash,
        summarizer.model_id,
        summarizer.prompt_version,
        summarizer.parameters,
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def batches(
    requests: Sequence[SummaryRequest], batch_size: int
) -> Iterator[tuple[SummaryRequest, ...]]:
    """The requests by length, longest first, in batches of nearly equal size.

    Equal lengths waste no padding; the longest first shows at once whether a batch fits into memory; 18 texts make two
    batches of 9, not 16 and 2.
    """
    ordered = sorted(requests, key=lambda r: (-len(r.title) - len(r.text), r.item_id))
    count = -(-len(ordered) // batch_size)
    for i in range(count):
        yield tuple(ordered[len(ordered) * i // count : len(ordered) * (i + 1) // count])


def set_aside(request: SummaryRequest, summarizer: Summarizer) -> tuple[Problem, ...] | None:
    """None for a text that ``summarizer`` is asked for; else the problem to tell of, or () where there is none.

    There is none where the text is too short, and where it is a post that opens a discussion before a model of abstracts:
    asked why something took three years, such a model said that it was a bad idea.
    """
    if language := foreign_language(request.text):
        detail = f"the text is in {language} and stays in its own words"
        return (Problem(kind="language", detail=detail, sentence=""),)
    is_unfit = request.is_thread and not summarizer.reads_threads
    return () if is_unfit or len(request.text.split()) < MIN_WORDS else None


def judge(
    request: SummaryRequest,
    outcome: Summary | SummarizeError | None,
    *,
    aside: tuple[Problem, ...] = (),
    written: date | None = None,
) -> Checked:
    """What a back end said of a text, checked; where it said nothing, the text's own best sentence, with the reason.

    ``aside`` is what ``set_aside`` said of a text that no back end was asked for.
    """
    if isinstance(outcome, SummarizeError):
        aside = (*aside, Problem(kind="failed", detail=str(outcome), sentence=""))
        outcome = None
    if outcome is None:
        outcome = replace(ExtractiveSummarizer().summarize_one(request), written=written)
    checked = check(outcome, request)
    return replace(checked, problems=(*aside, *checked.problems))


def condense_with(
    summarizer: Summarizer,
    requests: Sequence[SummaryRequest],
    cache: SummaryCache,
    *,
    written: date | None = None,
    on_progress: OnProgress | None = None,
) -> Condensed:
    """Every request summarized by ``summarizer`` and checked; BackendUnavailable passes through.

    A text that the back end fails on gets an extractive summary with a problem of kind "failed"; one in another language
    than English keeps its own words, with a problem of kind "language". What is new bears the day ``written``.
    """
    requests = tuple({r.item_id: r for r in requests}.values())
    aside = {r.item_id: why for r in requests if (why := set_aside(r, summarizer)) is not None}
    for_model = [r for r in requests if r.item_id not in aside]
    keys = {r.item_id: cache_key(r, summarizer) for r in for_model}
    cached = cache.summaries(tuple(keys.values()))
    found: dict[str, Summary | SummarizeError] = {
        r.item_id: cached[k] for r in for_model if (k := keys[r.item_id]) in cached
    }
    calls = 0
    done = len(aside) + len(found)
    report = on_progress or _say_nothing
    report(done, len(requests))
    cut = batches(for_model, summarizer.batch_size)
    pending = [p for b in cut if (p := [r for r in b if r.item_id not in found])]
    for wanted, outcomes in ask(summarizer, pending):
        fresh: dict[str, Summary] = {}
        for request, outcome in zip(wanted, outcomes, strict=True):
            if isinstance(outcome, SummarizeError):
                found[request.item_id] = outcome
                log.warning("%s: %s", request.item_id, outcome)
            else:
                new = replace(outcome, written=written)
                found[request.item_id] = fresh[keys[request.item_id]] = new
        cache.save_summaries(fresh)
        calls += len(wanted)
        done += len(wanted)
        report(done, len(requests))
    checked = {
        r.item_id: judge(r, found.get(r.item_id), aside=aside.get(r.item_id, ()), written=written)
        for r in requests
    }
    is_model = summarizer.model_id != ExtractiveSummarizer.model_id
    return Condensed(
        checked=checked, model_id=summarizer.model_id, model_calls=calls if is_model else 0
    )


def ask(
    summarizer: Summarizer, pending: Sequence[Sequence[SummaryRequest]]
) -> Iterator[tuple[Sequence[SummaryRequest], Sequence[Summary | SummarizeError]]]:
    """Each batch with its outcomes, as soon as there are any; in the order of the batches unless the back end streams."""
    if isinstance(summarizer, StreamingSummarizer):
        with closing(summarizer.summarize_stream(pending)) as stream:
            yield from ((pending[i], outcomes) for i, outcomes in stream)
    else:
        yield from ((wanted, summarizer.summarize(wanted)) for wanted in pending)


def _say_nothing(_done: int, _total: int) -> None:
    pass
