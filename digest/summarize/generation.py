"""How a text is written: the settings, when to stop, what not to write again, and the library's own way of doing it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
)

from digest.sentences import split

_NGRAM = 4

Ended = Callable[[list[list[int]]], list[bool]]
"""Of rows of token ids, written after their prompts: which are complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """The settings of one call that can change the text."""

    max_new_tokens: int
    beams: int = 1  #: 1: the likeliest token each time
    length_penalty: float = 1.0  #: power of the length by which a beam's log probability is divided
    samples: int = 0  #: above 1: so many texts, the likeliest and others by chance, instead of beams; see sampling.py
    #: Tokens that end a sentence: where one is likely, a sample's beginning is a version too.
    stops: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """Texts that are written after one prompt at once."""
        return self.samples if self.samples > 1 else self.beams


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What fits into the memory of a device."""

    read_tokens: int  #: of the prompts that are read together, padding included
    cache_bytes: int  #: of the keys and values of the texts that are written together


def room_on(device: str) -> Room:
    """The room on ``device``; by its size and not by what is free of it, so that a run taken up again has the same batches.

    On a CPU batches of 4 abstracts are read as fast as any (16 no faster), and 384 MiB hold 50 of a
    135M model in bfloat16, or 20 in 16 versions each; what is written at once need not be more to be as fast.
    """
    if device.startswith("cuda"):
        total = torch.cuda.get_device_properties(torch.device(device)).total_memory
        return Room(read_tokens=32_768, cache_bytes=total // 2)
    if device == "mps":
        return Room(read_tokens=4096, cache_bytes=int(torch.mps.recommended_max_memory()) // 3)
    return Room(read_tokens=1024, cache_bytes=3 << 27)


class Writer(Protocol):
    """A loaded model that continues texts."""

    def write(self, prompts: Sequence[Sequence[int]], how: Decoding) -> list[list[list[int]]]:
        """For each prompt (token ids, at least one) what the model writes, best first: one or up to ``how.rows``; of samples all
        of them, and then their beginnings that ``how.stops`` asks for.
        """


def sentence_ended(tokenizer: Any) -> Ended:
    """Complete is what holds a whole sentence: a second one has begun, or a line has ended."""

    def ended(rows: list[list[int]]) -> list[bool]:
        texts = tokenizer.batch_decode(rows, skip_special_tokens=True)
        return ["\n" in text.strip(" ") or len(split(text)) > 1 for text in texts]

    return ended


def forbid_repetitions(written: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
    """``scores``, (rows, vocabulary), with minus infinity where a token would complete four in a row that the row has.

    ``written`` (rows, length) is what stands after the prompt. transformers' own ``no_repeat_ngram_size`` looks at the prompt
    too, and so forbids to quote the abstract.
    """
    if written.shape[1] < _NGRAM:
        return scores
    tail = written[:, 1 - _NGRAM :]
    starts = written[:, :-1].unfold(1, _NGRAM - 1, 1)
    row, place = (starts == tail[:, None]).all(-1).nonzero(as_tuple=True)
    if not len(row):
        return scores
    scores = scores.clone()
    scores[row, written[row, place + _NGRAM - 1]] = float("-inf")
    return scores


class LibraryWriter:
    """Any model that transformers can generate with: causal or sequence to sequence."""

    def __init__(
        self, model: Any, *, pad_id: int, end_ids: Sequence[int], room: Room, ended: Ended | None
    ) -> None:
        self._model = model
        self._pad_id = pad_id
        self._end_ids = list(end_ids)
        self._room = room
        self._ended = ended
        self._is_encoder_decoder = bool(model.config.is_encoder_decoder)

    def write(self, prompts: Sequence[Sequence[int]], how: Decoding) -> list[list[list[int]]]:
        written: list[list[list[int]]] = [[] for _ in prompts]
        how = replace(how, samples=0)  # what the library draws depends on the batch
        order = sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
        for batch in self._batches([len(prompts[i]) for i in order], how):
            texts = [order[i] for i in batch]
            found = self._generate([prompts[i] for i in texts], how)
            for n, i in enumerate(texts):
                written[i] = found[n * how.beams : (n + 1) * how.beams]
        return written

    def _batches(self, lengths: list[int], how: Decoding) -> Iterator[range]:
        """Ranges of the texts, longest first: as many as may be read, with their beams, at once."""
        start = 0
        while start < len(lengths):
            count = max(1, self._room.read_tokens // ((lengths[start] + 1) * how.beams))
            yield range(start, min(len(lengths), start + count))
            start += count

    def _generate(self, prompts: list[Sequence[int]], how: Decoding) -> list[list[int]]:
        width = max(len(p) for p in prompts)
        pads = [[self._pad_id] * (width - len(p)) for p in prompts]
        masks = [([0] * len(pad), [1] * len(p)) for pad, p in zip(pads, prompts, strict=True)]
        if self._is_encoder_decoder:
            ids = [[*p, *pad] for pad, p in zip(pads, prompts, strict=True)]
            mask = [[*ones, *zeros] for zeros, ones in masks]
        else:
            ids = [[*pad, *p] for pad, p in zip(pads, prompts, strict=True)]
            mask = [[*zeros, *ones] for zeros, ones in masks]
        device = self._model.device
        skipped = 0 if self._is_encoder_decoder else width
        stops = [_Stop(self._ended, skipped)] if self._ended else []
        rules = [] if self._is_encoder_decoder else [NoRepetition(skipped)]
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=torch.tensor(ids, device=device),
                attention_mask=torch.tensor(mask, device=device),
                generation_config=self._settings(how),
                stopping_criteria=StoppingCriteriaList(stops),
                logits_processor=LogitsProcessorList(rules),
            )
        return [self._trimmed(row) for row in output[:, skipped:].tolist()]

    def _settings(self, how: Decoding) -> GenerationConfig:
        # A sequence-to-sequence model comes with the settings it was tuned for (BART's forced first token, lengths).
        own = copy.deepcopy(self._model.generation_config) if self._is_encoder_decoder else None
        settings = own or GenerationConfig()
        settings.update(
            max_length=None,
            max_new_tokens=how.max_new_tokens,
            do_sample=False,
            num_beams=how.beams,
            num_return_sequences=how.beams,
            length_penalty=how.length_penalty,
            early_stopping=False,
            eos_token_id=self._end_ids,
            pad_token_id=self._pad_id,
        )
        return settings

    def _trimmed(self, row: list[int]) -> list[int]:
        """Without the padding after its end."""
        first = (
            1 if self._is_encoder_decoder else 0
        )  # T5 starts with its padding, BART with its end
        ends = [n for n, t in enumerate(row) if n >= first and t in self._end_ids]
        return row[first : ends[0]] if ends else row[first:]


class _Stop(StoppingCriteria):  # type: ignore[misc]
    def __init__(self, ended: Ended, prompt_length: int) -> None:
        self._ended = ended
        self._prompt_length = prompt_length

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        """One flag per row of ``input_ids``, bool on its device."""
        rows = input_ids[:, self._prompt_length :].tolist()
        return torch.tensor(self._ended(rows), device=input_ids.device)


class NoRepetition(LogitsProcessor):  # type: ignore[misc]
    """``forbid_repetitions`` as the library wants it."""

    def __init__(self, prompt_length: int) -> None:
        self._prompt_length = prompt_length

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return forbid_repetitions(input_ids[:, self._prompt_length :], scores)
