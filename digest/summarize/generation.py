"""When to stop writing, and what not to write again."""

from __future__ import annotations

from typing import Any

import torch
from transformers import LogitsProcessor, StoppingCriteria

from digest.sentences import split

_NGRAM = 4


class SentenceEnded(StoppingCriteria):  # type: ignore[misc]
    """Ends a row once its first sentence is complete: a second one has begun, or a line has ended."""

    def __init__(self, tokenizer: Any, prompt_length: int) -> None:
        self._tokenizer = tokenizer
        self._prompt_length = prompt_length
        self._is_done: list[bool] = []

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        """One flag per row of ``input_ids``, bool on its device."""
        rows = input_ids[:, self._prompt_length :]
        if not self._is_done:
            self._is_done = [False] * len(rows)
        for i, text in enumerate(self._tokenizer.batch_decode(rows, skip_special_tokens=True)):
            self._is_done[i] = self._is_done[i] or "\n" in text.strip(" ") or len(split(text)) > 1
        return torch.tensor(self._is_done, device=input_ids.device)


class NoRepeatedNgram(LogitsProcessor):  # type: ignore[misc]
    """Forbids a row to write four tokens in a row that it has written before.

    transformers' own ``no_repeat_ngram_size`` looks at the prompt too, and so forbids to quote the abstract.
    """

    def __init__(self, prompt_length: int) -> None:
        self._prompt_length = prompt_length

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """``scores``, (rows, vocabulary), with minus infinity where a token would complete a repetition."""
        scores = scores.clone()
        for row, tokens in enumerate(input_ids[:, self._prompt_length :].tolist()):
            tail = tokens[1 - _NGRAM :]
            for start in range(len(tokens) - _NGRAM + 1):
                if tokens[start : start + _NGRAM - 1] == tail:
                    scores[row, tokens[start + _NGRAM - 1]] = float("-inf")
        return scores
