"""The back end that runs a language model on this machine, through transformers."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
from collections.abc import Sequence
from typing import Any

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, SummarizeError
from digest.models.weights import converted, find_weights, model_cache
from digest.salience import extract
from digest.sentences import split
from digest.types import Summary, SummaryRequest, SummarySentence

log = logging.getLogger(__name__)

SALIENT_SENTENCES = 2  #: of the text that the model reads; see `prompt`
MAX_TEXT_TOKENS = 256  #: of these together
MAX_TITLE = 300  #: characters

_SPECIAL = re.compile(r"<\|[^|<>]{0,40}\|>|</?s>")


class LocalSummarizer:
    """One sentence a text, written greedily by a causal language model.

    The weights are looked for at once, and loaded on the first call. ``prompt_version`` "4": a TL;DR completion of
    the title and two salient sentences that has to go on from "The authors"; see ``prompt``.
    """

    prompt_version = "4"

    def __init__(self, config: SummarizerConfig) -> None:
        """BackendUnavailable where torch, transformers or the weights are missing."""
        for package in ("torch", "transformers"):
            if importlib.util.find_spec(package) is None:
                raise BackendUnavailable(
                    f"the package {package!r} is not installed",
                    hint="install it, or set `summarizer: {backend: extractive}`",
                )
        self._config = config
        self._weights = find_weights(config.model)
        self._loaded: tuple[Any, Any] | None = None
        self.model_id = self._weights.model_id
        self.batch_size = config.batch_size
        # The batch size is no part of it: summaries stay valid when a smaller machine takes over.
        self.parameters = (
            f"dtype={config.dtype} max_new_tokens={config.max_new_tokens}"
            f" sentences={SALIENT_SENTENCES} max_text_tokens={MAX_TEXT_TOKENS}"
        )

    def summarize(self, batch: Sequence[SummaryRequest]) -> Sequence[Summary | SummarizeError]:
        """See the protocol. Out of memory, a batch is halved until it fits; a single text that does not fit fails."""
        tokenizer, model = self._load()
        return self._summarize(batch, tokenizer, model)

    def _summarize(
        self, batch: Sequence[SummaryRequest], tokenizer: Any, model: Any
    ) -> list[Summary | SummarizeError]:
        try:
            texts = self._complete([prompt(r, tokenizer) for r in batch], tokenizer, model)
        except (MemoryError, RuntimeError) as e:
            if not _is_out_of_memory(e):
                raise BackendUnavailable(f"{self.model_id} failed: {_first_line(e)}") from e
            _free_memory()
            if len(batch) == 1:
                return [SummarizeError(f"out of memory on {len(batch[0].text)} characters")]
            half = len(batch) // 2
            return [
                *self._summarize(batch[:half], tokenizer, model),
                *self._summarize(batch[half:], tokenizer, model),
            ]
        return [self._summary(r, t) for r, t in zip(batch, texts, strict=True)]

    def _summary(self, request: SummaryRequest, text: str) -> Summary:
        # A model that writes nothing has answered, too: the check refuses the empty sentence, and the cache keeps it.
        sentence = in_third_person(first_sentence(opening(request) + text))
        return Summary(
            item_id=request.item_id,
            sentences=(SummarySentence(text=sentence, origin="model"),),
            model_id=self.model_id,
            prompt_version=self.prompt_version,
        )

    def _complete(self, prompts: list[str], tokenizer: Any, model: Any) -> list[str]:
        """What the model writes after each prompt, up to its first complete sentence."""
        import torch
        from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteriaList

        from digest.summarize.generation import NoRepeatedNgram, SentenceEnded

        inputs = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
        inputs = inputs.to(model.device)
        length = inputs["input_ids"].shape[1]
        settings = GenerationConfig(
            max_new_tokens=self._config.max_new_tokens,
            do_sample=False,
            eos_token_id=model.generation_config.eos_token_id or tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
        with torch.inference_mode():
            output = model.generate(
                **inputs,
                generation_config=settings,
                stopping_criteria=StoppingCriteriaList([SentenceEnded(tokenizer, length)]),
                logits_processor=LogitsProcessorList([NoRepeatedNgram(length)]),
            )
        return list(tokenizer.batch_decode(output[:, length:], skip_special_tokens=True))

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                self._loaded = self._load_now()
            except BackendUnavailable:
                raise
            except (
                Exception
            ) as e:  # whatever transformers, safetensors or the hub raise for bad weights
                raise BackendUnavailable(
                    f"{self.model_id} cannot be loaded: {_first_line(e)}",
                    hint="check `summarizer: {model: ...}`, or set `backend: extractive`",
                ) from e
        return self._loaded

    def _load_now(self) -> tuple[Any, Any]:
        # Read when torch is first imported. Threads that spin while they wait for each other take 37 s for 16 texts on
        # two cores of which another program uses one, threads that sleep 23 s.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch
        import transformers
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from digest.models.device import choose_device, choose_dtype

        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()  # one bar a stage is ours
        cache = model_cache()
        place = converted(self._weights, cache) if self._weights.path else self._weights.hub_name
        device = choose_device(self._config.device)
        dtype = choose_dtype(self._config.dtype, device, cache)
        revision = {"revision": self._weights.revision} if self._weights.revision else {}
        tokenizer = AutoTokenizer.from_pretrained(place, padding_side="left", **revision)
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token
        model = AutoModelForCausalLM.from_pretrained(place, dtype=dtype, **revision)
        model = model.to(torch.device(device)).eval()
        log.info("%s on %s in %s", self.model_id, device, str(dtype).removeprefix("torch."))
        return tokenizer, model


def prompt(request: SummaryRequest, tokenizer: Any) -> str:
    """The text that the model continues; markers that a tokenizer would take for its own are removed from the source.

    The model reads the two most telling sentences, in their order, not the whole text: read by hand, some half of 24
    summaries made from whole abstracts mixed up who does what, of 30 made from two sentences a fifth, in half the time.
    Of five wordings tried on 12 papers of SciTLDR train this one drifted least: asked in the chat format the model repeated
    the title or described its task, and after "This paper" it explored topics.
    """
    chosen = sorted(extract(request, count=SALIENT_SENTENCES), key=lambda s: s.spans[0].start)
    text = _plain(" ".join(s.text for s in chosen))[: MAX_TEXT_TOKENS * 12]
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)[
        "offset_mapping"
    ]
    if len(offsets) > MAX_TEXT_TOKENS:
        text = text[: offsets[MAX_TEXT_TOKENS][0]]
    title = _plain(request.title)[:MAX_TITLE]
    return f"Title: {title}\n{_label(request)}: {text}\nTL;DR: {opening(request)}".rstrip()


def opening(request: SummaryRequest) -> str:
    """The words that the summary begins with, so that a small model reports instead of talking about its task.

    Of a paper the first words of what its authors say they do, in the third person: left to choose a verb of its own, the
    model chose a claim of its own as well. Of 28 papers of the sample weeks 15 summaries then passed the checks, 6 before. None for posts
    and articles: "the authors of the article" is what it would write of a company's news.
    """
    if request.is_thread:
        return "" if request.title.startswith(("Show HN", "Launch HN")) else "The post asks"
    if not request.item_id.startswith("arxiv:"):
        return ""
    key = next((s.text for s in extract(request)), "")
    we_do = _WE_DO.match(key)
    return f"The authors {we_do[1]}" if we_do else "The authors"


_WE_DO = re.compile(
    r"(?:(?:In this|To) [^,]{1,60}, |Here,? )?we (?!can\b|also\b)(\w+ (?:and \w+ )?[\w-]+)\b",
    re.IGNORECASE,
)


def first_sentence(text: str) -> str:
    """The first sentence of ``text``, in one line; all of it where none is complete."""
    line = next((s for s in text.strip().splitlines() if s.strip()), "")
    spans = split(line)
    return line[slice(*spans[0])] if spans else ""


def in_third_person(sentence: str) -> str:
    """A model's sentence about "the authors" without its relapses into "we", which stands in what it has read."""
    sentence = re.sub(r"^We\b", "The authors", sentence)
    if sentence.startswith("The authors"):
        sentence = re.sub(r"\bwe\b", "they", sentence)
        sentence = re.sub(r"\bour\b", "their", sentence)
    return sentence


def _plain(text: str) -> str:
    return " ".join(_SPECIAL.sub(" ", text).split())


def _label(request: SummaryRequest) -> str:
    return "Abstract" if request.item_id.startswith("arxiv:") else "Text"


def _is_out_of_memory(error: Exception) -> bool:
    # torch.OutOfMemoryError is a RuntimeError; the CPU's allocator raises a plain one.
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "allocate memory" in text


def _free_memory() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
