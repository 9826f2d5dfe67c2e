"""Keys and values of many texts, laid out so that all continuations of a text share those of its prompt.

transformers' ``generate`` keeps a full copy for each beam, joins old and new by copying at each step, and pads every prompt to the
longest. Here a text has one row: its prompt from the left, then one column a token that any of its continuations has written;
which columns a continuation may see is the business of the mask. So a step copies nothing, and beams are told apart by reordering
a mask of some kB (tree attention, as in SpecInfer, Miao et al. 2023, arXiv:2305.09781).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from transformers import AttentionInterface
from transformers.cache_utils import Cache, CacheLayerMixin
from transformers.integrations.sdpa_attention import sdpa_attention_forward

ATTENTION = "digest_shared"
#: On a CPU all scores of longer prompts would take too much memory: 18 MiB a text of 1,024 tokens for nine heads.
_MOST_QUERIES = 1024


class SharedLayer(CacheLayerMixin):  # type: ignore[misc]
    """One layer: keys and values ``(texts, heads, capacity, size)``; memory is only taken up as far as it is written."""

    is_sliding = False

    def __init__(self, texts: int, capacity: int) -> None:
        super().__init__()
        self._texts = texts
        self._capacity = capacity
        self.rows = slice(0, texts)  #: the texts whose prompts are being read
        self.width = 0  #: columns that prompts take up
        self.length: int | None = None  #: columns in use; None while prompts are being read

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        _, heads, _, size = key_states.shape
        if key_states.device.type == "cpu":  # columns side by side, as the products of ``_on_cpu`` read them
            self.keys = key_states.new_empty((self._texts, heads, size, self._capacity)).mT
        else:
            self.keys = key_states.new_empty((self._texts, heads, self._capacity, size))
        _, heads, _, size = value_states.shape
        self.values = value_states.new_empty((self._texts, heads, self._capacity, size))
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The keys and values to attend to: of the prompts themselves while they are read, of all columns after."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        count = key_states.shape[2]
        if self.length is None:
            for ours, states in ((self.keys, key_states), (self.values, value_states)):
                ours[self.rows, :, :count] = states
                ours[self.rows, :, count : self.width] = 0  # masked, but a NaN would come through
            return key_states, value_states
        end = self.length + count
        self.keys[:, :, self.length : end] = key_states
        self.values[:, :, self.length : end] = value_states
        self.length = end
        return self.keys[:, :, :end], self.values[:, :, :end]

    def keep(self, rows: torch.Tensor) -> None:
        """Text ``n`` becomes the one at ``rows[n]``; all others are dropped. Only those that move are copied."""
        to = (rows != torch.arange(len(rows), device=rows.device)).nonzero().flatten()
        for states in (self.keys, self.values):
            states[to, :, : self.length] = states[rows[to], :, : self.length]
        self.keys, self.values = self.keys[: len(rows)], self.values[: len(rows)]

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return (self.length or 0) + query_length, 0

    def get_seq_length(self) -> int:
        return self.length or 0

    def get_max_length(self) -> int:
        return self._capacity


class SharedCache(Cache):  # type: ignore[misc]
    """The layers of a model; first the prompts are read, a few texts at a time, then all are written on together."""

    def __init__(self, layers: int, texts: int, capacity: int) -> None:
        super().__init__(layers=[SharedLayer(texts, capacity) for _ in range(layers)])

    def read_into(self, first: int, count: int, width: int) -> None:
        """The next forward pass reads the prompts of ``count`` texts, padded on the right; the longest of all has ``width``."""
        for layer in self.layers:
            layer.rows = slice(first, first + count)
            layer.width = width

    def begin_writing(self, width: int) -> None:
        """All prompts are read; the longest has ``width`` tokens."""
        for layer in self.layers:
            layer.length = width

    def keep(self, rows: torch.Tensor) -> None:
        """See ``SharedLayer.keep``."""
        for layer in self.layers:
            layer.keep(rows)


def grouped_attention(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
    attention_mask: torch.Tensor | None, **options: Any,
) -> tuple[torch.Tensor, None]:  # fmt: skip
    """Attention without repeating the keys for each query head, as transformers' own does: three heads of a 135M model that
    share their keys become three queries of one head.

    ``query`` (texts, heads, queries, size), the mask (texts, 1, queries, columns) or None where each query sees itself and
    what stands before it; returns (texts, queries, heads, size).
    """
    groups = getattr(module, "num_key_value_groups", 1)
    if query.device.type == "cpu" and query.shape[2] <= _MOST_QUERIES:
        scaling = options.get("scaling") or query.shape[-1] ** -0.5
        return _on_cpu(query, key, value, attention_mask, groups, scaling), None
    if attention_mask is None or groups == 1:
        found: tuple[torch.Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **options
        )
        return found
    texts, heads, queries, size = query.shape
    packed = query.reshape(texts, heads // groups, groups * queries, size)
    attended = torch.nn.functional.scaled_dot_product_attention(
        packed, key, value,
        attn_mask=attention_mask.repeat(1, 1, groups, 1), scale=options.get("scaling"),
    )  # fmt: skip
    return attended.reshape(texts, heads, queries, size).transpose(1, 2).contiguous(), None


def _on_cpu(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor | None,
    groups: int, scaling: float,
) -> torch.Tensor:  # fmt: skip
    """Two plain products. torch's own kernel for CPUs takes twice as long for an abstract, four times for a token after it."""
    texts, heads, queries, size = query.shape
    columns = key.shape[2]
    packed = query.reshape(-1, groups * queries, size) * scaling
    scores = torch.bmm(packed, key.flatten(0, 1).mT)
    by_head = scores.view(texts, heads // groups, groups, queries, columns)
    if mask is not None:
        by_head += mask[:, :, None]
    elif queries > 1:
        by_head += _future(queries, query.dtype)
    attended = torch.bmm(scores.softmax(-1), value.flatten(0, 1))
    return attended.view(texts, heads, queries, -1).transpose(1, 2).contiguous()


@lru_cache(maxsize=8)
def _future(queries: int, dtype: torch.dtype) -> torch.Tensor:
    """(queries, queries): minus infinity where a column comes after the query."""
    return torch.full((queries, queries), float("-inf"), dtype=dtype).triu_(1)


AttentionInterface.register(ATTENTION, grouped_attention)
