"""Two readers of abstracts: a model, a head that reads off each sentence's role, and a chain that knows which role follows which.

The only module here that imports torch; ``tagger.py`` imports it when the first text comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import torch
from safetensors import safe_open
from torch import nn
from torch.nn.functional import gelu, pad

from digest.summarize.roles.windows import FEATURES, Window
from digest.types import Role

ROLES: tuple[Role, ...] = get_args(Role)
#: Layers of SmolLM2 that are run, of 30: the last ones serve the choice of the next word.
LAYERS = 18
#: Values a sentence's vector is squeezed to, and values between it and its neighbours and the roles.
VECTOR, HIDDEN = 192, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows side by side, padded on the right: B windows of at most T tokens and S sentences."""

    ids: torch.Tensor  #: (B, T), 0 where there is no token
    mask: torch.Tensor  #: (B, T), 1 where there is a token
    ends: torch.Tensor  #: (B, S), where the token that ends each sentence stands
    is_sentence: torch.Tensor  #: (B, S), bool
    features: torch.Tensor  #: (B, S, FEATURES)
    members: torch.Tensor  #: (B, S, T), the share of each token in its sentence's mean


def collate(found: Sequence[Window], device: str) -> Batch:
    """The windows as one batch on ``device``."""
    tokens = max(len(w.ids) for w in found)
    sentences = max(len(w.ends) for w in found)
    ids = torch.zeros(len(found), tokens, dtype=torch.long)
    mask = torch.zeros(len(found), tokens, dtype=torch.long)
    ends = torch.zeros(len(found), sentences, dtype=torch.long)
    is_sentence = torch.zeros(len(found), sentences, dtype=torch.bool)
    features = torch.zeros(len(found), sentences, FEATURES)
    members = torch.zeros(len(found), sentences, tokens)
    for row, window in enumerate(found):
        n = len(window.ends)
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        ends[row, :n] = torch.tensor(window.ends)
        is_sentence[row, :n] = True
        features[row, :n] = torch.tensor(window.features)
        start = 1
        for at, end in enumerate(window.ends):
            members[row, at, start : end + 1] = 1 / (end + 1 - start)
            start = end + 1
    return Batch(
        ids=ids.to(device),
        mask=mask.to(device),
        ends=ends.to(device),
        is_sentence=is_sentence.to(device),
        features=features.to(device),
        members=members.to(device),
    )


def sentence_vectors(states: torch.Tensor, batch: Batch) -> torch.Tensor:
    """(B, S, 2 width) float32: the state of the token that ends a sentence, and the mean over its tokens."""
    states = states.float()
    at = batch.ends.unsqueeze(-1).expand(-1, -1, states.shape[-1])
    return torch.cat((states.gather(1, at), batch.members @ states), -1)


class PlainHead(nn.Linear):  # type: ignore[misc]  # torch is Any here
    """For a model that reads in both directions: each sentence's vector has seen all others."""

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__(2 * width + FEATURES, len(ROLES))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, batch: Batch) -> torch.Tensor:
        """(B, T, width) -> (B, S, roles) float32."""
        vectors = self.dropout(sentence_vectors(states, batch))
        return super().forward(torch.cat((vectors, batch.features), -1))


class NeighborHead(nn.Module):  # type: ignore[misc]
    """For a causal model, which has not read on: what follows a sentence is seen in the next sentence's vector."""

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(2 * width)
        self.squeeze = nn.Linear(2 * width, VECTOR)
        self.mix = nn.Linear(3 * VECTOR + FEATURES, HIDDEN)
        self.score = nn.Linear(HIDDEN, len(ROLES))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: torch.Tensor, batch: Batch) -> torch.Tensor:
        """(B, T, width) of any type -> (B, S, roles) float32."""
        both = self.norm(sentence_vectors(states, batch))
        own = gelu(self.squeeze(self.dropout(both))) * batch.is_sentence.unsqueeze(-1)
        before, after = pad(own, (0, 0, 1, 0))[:, :-1], pad(own, (0, 0, 0, 1))[:, 1:]
        seen = [self.dropout(v) for v in (own, before, after)]
        mixed = gelu(self.mix(torch.cat((*seen, batch.features), -1)))
        return self.score(self.dropout(mixed))


class RoleNetwork(nn.Module):  # type: ignore[misc]
    """How well each role suits each sentence, before the chain, whose scores lie in ``transitions``, ``starts``, ``stops``."""

    def __init__(self, encoder: Any, head: nn.Module, *, is_causal: bool) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.transitions = nn.Parameter(torch.zeros(len(ROLES), len(ROLES)))  #: from row to column
        self.starts = nn.Parameter(torch.zeros(len(ROLES)))
        self.stops = nn.Parameter(torch.zeros(len(ROLES)))
        self._is_causal = is_causal

    def forward(self, batch: Batch) -> torch.Tensor:
        """(B, S, roles) float32."""
        # read causally, a token never sees the padding, which stands after it
        mask = {} if self._is_causal else {"attention_mask": batch.mask}
        states = self.encoder(input_ids=batch.ids, **mask).last_hidden_state
        return self.head(states, batch)


def load_smollm2(place: Path, dtype: torch.dtype, dropout: float = 0.0) -> RoleNetwork:
    """The lower ``LAYERS`` layers of the model in the folder ``place``, the others are not read; the head is untrained."""
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(place)
    config.num_hidden_layers = LAYERS
    config.use_cache = False
    encoder = AutoModel.from_pretrained(place, config=config, dtype=dtype)
    encoder.norm = nn.Identity()  # it belongs to the last layer
    return RoleNetwork(encoder, NeighborHead(config.hidden_size, dropout), is_causal=True)


def load_minilm(place: Path, dtype: torch.dtype, dropout: float = 0.0) -> RoleNetwork:
    """The whole model in the folder ``place`` but its pooler; the head is untrained."""
    from transformers import AutoModel

    # without dropout in the attention a CPU has a fused kernel for it: training is twice as fast
    encoder = AutoModel.from_pretrained(
        place, dtype=dtype, add_pooling_layer=False,
        attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0,
    )  # fmt: skip
    return RoleNetwork(encoder, PlainHead(encoder.config.hidden_size, dropout), is_causal=False)


def load_adapter(network: RoleNetwork, path: Path, *, base: str) -> None:
    """Put the trained tensors of ``path`` into ``network``, the low-rank ones added to the layers they belong to.

    ValueError where they were trained on other weights than those with the fingerprint ``base``, or for other roles.
    """
    with safe_open(path, framework="pt") as saved:
        about = saved.metadata() or {}
        tensors = {name: saved.get_tensor(name).float() for name in saved.keys()}  # noqa: SIM118
    if about.get("base_fingerprint") != base:
        raise ValueError(f"{path.name} belongs to {about.get('base')}, but to other weights of it")
    if about.get("roles") != " ".join(ROLES):
        raise ValueError(f"{path.name} was trained for other roles")
    down = {n.removesuffix(".lora_A"): t for n, t in tensors.items() if n.endswith(".lora_A")}
    own = {n: t for n, t in tensors.items() if ".lora_" not in n}
    with torch.no_grad():
        for name, low in down.items():
            weight = network.get_submodule(name).get_parameter("weight")
            weight += float(about["scale"]) * tensors[f"{name}.lora_B"] @ low
    missing = network.load_state_dict(own, strict=False)
    lacks = [n for n in missing.missing_keys if not n.startswith("encoder.")]
    if lacks or missing.unexpected_keys:
        raise ValueError(f"{path.name} does not fit: {(lacks + missing.unexpected_keys)[0]}")
