"""The back end without a model: the source's own best sentence."""

from __future__ import annotations

from collections.abc import Sequence

from digest.config import SummarizerConfig
from digest.errors import SummarizeError
from digest.salience import extract
from digest.types import Summary, SummaryRequest


class ExtractiveSummarizer:
    """Says of each text its most telling sentence, word for word, with its span; needs no weights."""

    model_id = "extractive"
    prompt_version = "1"
    parameters = ""
    batch_size = 256
    reads_threads = True

    def __init__(self, config: SummarizerConfig | None = None) -> None:
        """``config`` has nothing that this back end could use."""

    def summarize(self, batch: Sequence[SummaryRequest]) -> Sequence[Summary | SummarizeError]:
        return [self.summarize_one(request) for request in batch]

    def summarize_one(self, request: SummaryRequest) -> Summary:
        """The summary of one text; without sentences where the text has none."""
        return Summary(
            item_id=request.item_id,
            sentences=extract(request),
            model_id=self.model_id,
            prompt_version=self.prompt_version,
        )
