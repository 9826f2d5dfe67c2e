"""Keys and values of many texts and of their continuations: those of a prompt once, those of each continuation apart.

transformers' ``generate`` keeps a full copy of the prompt for each beam or sample, joins old and new by copying at each step, and
pads every prompt to the longest. Here all continuations of a text attend to one copy of its prompt, in one product (as in
Hydragen, Juravsky et al. 2024, arXiv:2402.05099), and each to its own few tokens; one that has ended is dropped at once.
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
#: By so many tokens the memory of the continuations grows. All of it is attended to, under a mask: for each new shape of a
#: product oneDNN writes a program of half a megabyte and keeps it.
_STEPS = 16


class SharedLayer(CacheLayerMixin):  # type: ignore[misc]
    """One layer: ``keys`` and ``values`` of the prompts, ``(texts, heads, width, size)``, and of the continuations, ``own_keys``
    and ``own_values``, ``(rows, heads, room, size)``, of which the first ``steps`` are written and the rest is zero.
    """

    is_sliding = False

    def __init__(self, texts: int, width: int) -> None:
        super().__init__()
        self._texts = texts
        self._width = width
        self.texts: slice | None = (
            None  #: whose prompts are being read; None while they are continued
        )
        self.steps = 0

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        self.keys, self.values = _room(key_states, value_states, self._texts, self._width)
        self.own_keys, self.own_values = _room(key_states, value_states, 0, 0)
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The keys and values to attend to: of the prompts themselves while they are read, then those of the continuations."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        if self.texts is not None:
            count = key_states.shape[2]
            for ours, states in ((self.keys, key_states), (self.values, value_states)):
                ours[self.texts, :, :count] = states
            return key_states, value_states
        if self.steps == self.own_keys.shape[2]:
            more = _room(key_states, value_states, len(key_states), self.steps + _STEPS)
            if self.steps:
                for ours, wider in zip((self.own_keys, self.own_values), more, strict=True):
                    wider[:, :, : self.steps] = ours
            self.own_keys, self.own_values = more
        self.own_keys[:, :, self.steps] = key_states[:, :, 0]
        self.own_values[:, :, self.steps] = value_states[:, :, 0]
        self.steps += 1
        return self.own_keys, self.own_values

    def take_rows(self, rows: torch.Tensor) -> None:
        """Continuation ``n`` becomes the one at ``rows[n]``; those that are not named are dropped."""
        if not self.steps:
            return
        self.own_keys, self.own_values = (
            _taken(states, rows, self.steps) for states in (self.own_keys, self.own_values)
        )

    def take_texts(self, texts: torch.Tensor) -> None:
        """The same with the prompts."""
        self.keys, self.values = (
            _taken(states, texts, self._width) for states in (self.keys, self.values)
        )

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self.get_seq_length() + query_length, 0

    def get_seq_length(self) -> int:
        return self._width + self.steps if self.texts is None else 0

    def get_max_length(self) -> int:
        return -1


def _room(
    key_states: torch.Tensor, value_states: torch.Tensor, rows: int, columns: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Memory for keys and values of the kind of those given."""
    heads, size = key_states.shape[1], key_states.shape[3]
    if key_states.device.type == "cpu":  # columns side by side, as a CPU's products read them
        keys = key_states.new_zeros((rows, heads, size, columns)).mT
    else:
        keys = key_states.new_zeros((rows, heads, columns, size))
    return keys, value_states.new_zeros((rows, heads, columns, value_states.shape[3]))


def _taken(states: torch.Tensor, rows: torch.Tensor, columns: int) -> torch.Tensor:
    """``states[rows]``, in place; only what moves is copied."""
    to = (rows != torch.arange(len(rows), device=rows.device)).nonzero().flatten()
    states[to, :, :columns] = states[rows[to], :, :columns]
    return states[: len(rows)]


class SharedCache(Cache):  # type: ignore[misc]
    """The layers of a model; first the prompts are read, a few texts at a time, then all are continued together.

    Continued is a row a continuation, with one token a step; give the model ``shared=`` this cache, which it hands on to
    ``grouped_attention``.
    """

    def __init__(self, layers: int, texts: int, width: int) -> None:
        super().__init__(layers=[SharedLayer(texts, width) for _ in range(layers)])
        self._width = width

    def read_into(self, first: int, count: int) -> None:
        """The next forward pass reads the prompts of ``count`` texts, padded on the right."""
        for layer in self.layers:
            layer.texts = slice(first, first + count)

    def begin_writing(self, lengths: torch.Tensor, versions: int) -> None:
        """All prompts are read, of ``lengths`` (texts,) tokens; each will be continued ``versions`` times, row by row."""
        for layer in self.layers:
            layer.texts = None
        #: True where a prompt has a column, (texts, width)
        self._has = torch.arange(self._width, device=lengths.device) < lengths[:, None]
        self.text_of = torch.arange(len(lengths), device=lengths.device).repeat_interleave(versions)
        self._arrange()

    def keep(self, rows: torch.Tensor) -> None:
        """Go on with the continuations at ``rows``, each named once; a text that has none left is dropped."""
        for layer in self.layers:
            layer.take_rows(rows)
        self.text_of = self.text_of[rows]
        has_rows = torch.zeros(len(self._has), dtype=torch.bool, device=rows.device)
        has_rows[self.text_of] = True
        if not has_rows.all():
            texts = closed_up(has_rows)
            for layer in self.layers:
                layer.take_texts(texts)
            new = torch.empty_like(has_rows, dtype=torch.long)
            new[texts] = torch.arange(len(texts), device=rows.device)
            self._has, self.text_of = self._has[texts], new[self.text_of]
        self._arrange()

    def reorder(self, parents: torch.Tensor) -> None:
        """Continuation ``n`` goes on from the one at ``parents[n]``, of the same text; one may be named twice, another never."""
        for layer in self.layers:
            layer.take_rows(parents)

    def _arrange(self) -> None:
        """Give each row a place in a rectangle of texts with equally many places."""
        counts = self.text_of.bincount(minlength=len(self._has))
        self._most = int(counts.max())
        by_text = self.text_of.argsort(stable=True)
        starts = counts.cumsum(0) - counts
        ranks = torch.arange(len(by_text), device=by_text.device) - starts[self.text_of[by_text]]
        places = torch.empty_like(by_text)
        places[by_text] = self.text_of[by_text] * self._most + ranks
        is_orderly = len(places) == len(self._has) * self._most and bool((places.diff() == 1).all())
        self._places = None if is_orderly else places
        self._mask: torch.Tensor | None = None

    def attend(
        self, query: torch.Tensor, layer: int, keys: torch.Tensor, values: torch.Tensor,
        scaling: float,
    ) -> torch.Tensor:  # fmt: skip
        """What one query a row, (rows, heads, 1, size), sees of its prompt and of the ``keys`` and ``values`` written after it;
        (rows, 1, heads, size).
        """
        read = self.layers[layer]
        rows, heads = query.shape[:2]
        shared = keys.shape[1]  # heads that have keys
        query = (query * scaling).view(rows, shared, heads // shared, -1)
        scores = query.new_empty((*query.shape[:3], self._width + keys.shape[2]))
        on_prompt = torch.bmm(self._by_text(query), read.keys.flatten(0, 1).mT)
        torch.add(self._by_row(on_prompt, heads // shared), self._masked(query), out=scores[..., : self._width])  # fmt: skip
        on_own = torch.bmm(query.flatten(0, 1), keys.flatten(0, 1).mT)
        scores[..., self._width :] = on_own.view(*query.shape[:3], -1)
        scores[..., self._width + read.steps :] = float("-inf")
        shares = scores.softmax(-1)
        told = torch.bmm(self._by_text(shares[..., : self._width]), read.values.flatten(0, 1))
        own = torch.bmm(shares[..., self._width :].flatten(0, 1), values.flatten(0, 1))
        attended = self._by_row(told, heads // shared) + own.view(*query.shape[:3], -1)
        return attended.reshape(rows, 1, heads, -1)

    def _masked(self, like: torch.Tensor) -> torch.Tensor:
        """Minus infinity where a row's prompt has no column, (rows, 1, 1, width)."""
        if self._mask is None:
            lacking = torch.zeros(self._has.shape, dtype=like.dtype, device=like.device)
            lacking.masked_fill_(~self._has, float("-inf"))
            self._mask = lacking[self.text_of][:, None, None]
        return self._mask

    def _by_text(self, x: torch.Tensor) -> torch.Tensor:
        """(rows, heads, groups, n) to (texts * heads, places * groups, n)."""
        if self._places is not None:
            padded = x.new_zeros((len(self._has) * self._most, *x.shape[1:]))
            x = padded.index_copy_(0, self._places, x)
        x = x.unflatten(0, (len(self._has), self._most)).transpose(1, 2)
        return x.flatten(0, 1).flatten(1, 2)

    def _by_row(self, x: torch.Tensor, groups: int) -> torch.Tensor:
        """The reverse."""
        x = x.unflatten(1, (self._most, groups)).unflatten(0, (len(self._has), -1)).transpose(1, 2)
        x = x.flatten(0, 1)
        return x if self._places is None else x[self._places]


def closed_up(is_going: torch.Tensor) -> torch.Tensor:
    """The rows that go on, those from the end in the places of those that do not: so few have to be moved."""
    count = int(is_going.sum())
    order = torch.arange(count, device=is_going.device)
    order[~is_going[:count]] = is_going[count:].nonzero().flatten() + count
    return order


def grouped_attention(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
    attention_mask: torch.Tensor | None, *, shared: SharedCache | None = None,
    scaling: float | None = None, **options: Any,
) -> tuple[torch.Tensor, None]:  # fmt: skip
    """Attention of continuations where ``shared`` is given, else of prompts, of which each token sees itself and those before.

    ``query`` (texts or rows, heads, queries, size), ``key`` and ``value`` with fewer heads; returns (texts or rows, queries,
    heads, size). In bfloat16 on a CPU the heads that share keys are one product, and keys are not
    repeated for each.
    """
    scaling = scaling or query.shape[-1] ** -0.5
    if shared is not None:
        return shared.attend(query, module.layer_idx, key, value, scaling), None
    if (
        query.device.type == "cpu"
        and query.dtype == torch.bfloat16
        and query.shape[2] <= _MOST_QUERIES
    ):
        return _causal_on_cpu(query, key, value, scaling), None
    found: tuple[torch.Tensor, None] = sdpa_attention_forward(
        module, query, key, value, attention_mask, scaling=scaling, **options
    )
    return found


def _causal_on_cpu(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scaling: float
) -> torch.Tensor:
    """Two plain products: in bfloat16 half of the time of torch's own kernel, for an abstract; in float32 it would be twice."""
    texts, heads, queries, size = query.shape
    packed = (query * scaling).reshape(-1, heads // key.shape[1] * queries, size)
    scores = torch.bmm(packed, key.flatten(0, 1).mT)
    scores.view(-1, queries, queries).add_(_future(queries, query.dtype))
    attended = torch.bmm(scores.softmax(-1), value.flatten(0, 1))
    return attended.view(texts, heads, queries, -1).transpose(1, 2)


@lru_cache(maxsize=8)
def _future(queries: int, dtype: torch.dtype) -> torch.Tensor:
    """(queries, queries): minus infinity where a column comes after the query."""
    return torch.full((queries, queries), float("-inf"), dtype=dtype).triu_(1)


AttentionInterface.register(ATTENTION, grouped_attention)
