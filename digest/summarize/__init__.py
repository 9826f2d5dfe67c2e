"""Texts -> checked summaries: one protocol, a table of back ends, and ``condense`` around them.

    requests -> cache -> batches of equal length -> back end -> cache -> verify -> Checked

Batching, caching, progress and fallbacks live once, in ``batching.py``; a back end only turns a batch of requests into
summaries. A new back end is one file and one row in ``BACKENDS``. Nothing here imports torch or transformers before the
first text is really summarized.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable
from digest.summarize.batching import Condensed, SummaryCache, condense_with, request_for
from digest.summarize.protocol import OnProgress, Summarizer
from digest.types import SummaryRequest

__all__ = [
    "BACKENDS",
    "Condensed",
    "Summarizer",
    "SummaryCache",
    "condense",
    "make_summarizer",
    "request_for",
]

log = logging.getLogger(__name__)

BACKENDS = {
    "extractive": "digest.summarize.extractive:ExtractiveSummarizer",
    "local": "digest.summarize.local:LocalSummarizer",
    "remote": "digest.summarize.remote:RemoteSummarizer",
    "cluster": "digest.summarize.cluster:ClusterSummarizer",
}
"""Back end -> "module:class"; the class takes the configuration. Imported on first use."""


def make_summarizer(config: SummarizerConfig) -> Summarizer:
    """The configured back end, not yet loaded: weights are looked for, torch is not imported.

    BackendUnavailable where it cannot work: no weights, no torch.
    """
    module, name = BACKENDS[config.backend].split(":")
    summarizer: Summarizer = getattr(import_module(module), name)(config)
    return summarizer


def condense(
    requests: Sequence[SummaryRequest],
    config: SummarizerConfig,
    cache: SummaryCache,
    *,
    written: date | None = None,
    on_progress: OnProgress | None = None,
) -> Condensed:
    """Every request summarized and checked, in the order of the requests; see ``Condensed``.

    Where the configured back end cannot run, all summaries are extractive and ``fallback_reason`` says why: one issue
    is written by one model. The model is not even loaded where the cache holds all. ``written`` is today, in UTC.
    """
    try:
        return condense_with(
            make_summarizer(config), requests, cache, written=written, on_progress=on_progress
        )
    except BackendUnavailable as e:
        log.warning("%s", e)
        fallback = make_summarizer(SummarizerConfig(backend="extractive"))
        condensed = condense_with(
            fallback, requests, cache, written=written, on_progress=on_progress
        )
        return replace(condensed, fallback_reason=str(e))
