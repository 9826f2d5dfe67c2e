"""MiniLM with a layer that reads off each sentence's role and a chain that knows which role follows which.

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

from digest.summarize.roles.windows import FEATURES, Window
from digest.types import Role

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows side by side, padded: B windows of at most T tokens and S sentences."""

    ids: torch.Tensor  #: (B, T)
    mask: torch.Tensor  #: (B, T), 1 where there is a token
    ends: torch.Tensor  #: (B, S), where each sentence's [SEP] stands
    is_sentence: torch.Tensor  #: (B, S), bool
    features: torch.Tensor  #: (B, S, FEATURES)
    members: torch.Tensor  #: (B, S, T), the share of each token in its sentence's mean


def collate(found: Sequence[Window], pad: int, device: str) -> Batch:
    """The windows as one batch on ``device``."""
    tokens = max(len(w.ids) for w in found)
    sentences = max(len(w.ends) for w in found)
    ids = torch.full((len(found), tokens), pad)
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


class RoleNetwork(nn.Module):  # type: ignore[misc]  # torch is Any here
    """Token states -> a score for each sentence and role; the chain's scores lie in ``transitions``, ``starts``, ``stops``."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.head = nn.Linear(2 * width + FEATURES, len(ROLES))
        self.transitions = nn.Parameter(torch.zeros(len(ROLES), len(ROLES)))  #: from row to column
        self.starts = nn.Parameter(torch.zeros(len(ROLES)))
        self.stops = nn.Parameter(torch.zeros(len(ROLES)))
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch: Batch) -> torch.Tensor:
        """(B, S, roles), in float32: how well each role suits each sentence, before the chain."""
        states = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        states = states.float()
        at = batch.ends.unsqueeze(-1).expand(-1, -1, states.shape[-1])
        marks = states.gather(1, at)
        means = batch.members @ states
        return self.head(torch.cat((self.dropout(marks), self.dropout(means), batch.features), -1))


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
