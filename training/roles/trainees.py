"""The two networks in training: how each is adapted, computed and what it loses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from chain import Chain, log_chances, sequence_loss
from lora import add_lora

from digest.models.device import choose_dtype
from digest.models.weights import model_cache
from digest.summarize.roles.network import Batch, RoleNetwork, collate, load_minilm, load_smollm2
from digest.summarize.roles.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstract:
    """One window of an abstract, with the role of each of its sentences and how sure its annotators were of it."""

    window: Window
    labels: tuple[int, ...]
    confidences: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the trainees differ in, tuned on a tenth of train."""

    rank: int
    alpha: float
    first_layer: int  #: the lowest with adapters, from 0
    dropout: float  #: in the head
    rate: float
    head_rate: float
    epochs: int


class SmolLM2:
    """A causal model. What the layers below the first adapted one give is computed once, not in every pass.

    A sentence counts as much as its annotators agreed on it.
    """

    recipe = Recipe(
        rank=8, alpha=16.0, first_layer=8, dropout=0.2, rate=6e-4, head_rate=1.5e-3, epochs=3
    )

    def __init__(self, place: Path, device: str, tokenizer: Any) -> None:  # noqa: ARG002
        self._device = device
        self._dtype = choose_dtype("auto", device, model_cache())
        self.network = load_smollm2(place, self._dtype, self.recipe.dropout)
        self.network.encoder.requires_grad_(requires_grad=False)
        self._layers = self.network.encoder.layers
        add_lora(self._layers[self.recipe.first_layer :], self.recipe.rank, self.recipe.alpha)
        self.network.to(device)
        self._below: dict[Window, torch.Tensor] = {}

    def loss(self, abstracts: list[Abstract]) -> torch.Tensor:
        """Nats a sentence."""
        told = self.log_chances(abstracts)
        labels, weights = _targets(abstracts, self._device)
        right = told.gather(2, labels.unsqueeze(-1)).squeeze(-1)
        return -(right * weights).sum() / weights.sum()

    def log_chances(self, abstracts: list[Abstract]) -> torch.Tensor:
        """(B, S, roles), nats."""
        found = [a.window for a in abstracts]
        batch = collate(found, self._device)
        width = self.network.encoder.config.hidden_size
        below = torch.zeros(*batch.ids.shape, width, dtype=self._dtype, device=self._device)
        for row, states in zip(below, self._lower(found), strict=True):
            row[: len(states)] = states
        is_half = self._dtype == torch.bfloat16
        with torch.autocast(self._device, dtype=torch.bfloat16, enabled=is_half):
            states = self._run(self._layers[self.recipe.first_layer :], inputs_embeds=below)
        scores = self.network.head(states, batch)
        return log_chances(scores, batch.is_sentence, _chain(self.network))

    @torch.no_grad()
    def _lower(self, found: list[Window]) -> list[torch.Tensor]:
        fresh = [w for w in found if w not in self._below]
        if fresh:
            ids = collate(fresh, self._device).ids
            states = self._run(self._layers[: self.recipe.first_layer], input_ids=ids)
            for window, own in zip(fresh, states, strict=True):
                self._below[window] = own[: len(window.ids)].clone()
        return [self._below[w] for w in found]

    def _run(self, layers: Any, **given: torch.Tensor) -> torch.Tensor:
        encoder = self.network.encoder
        encoder.layers = layers
        try:
            states: torch.Tensor = encoder(**given).last_hidden_state
        finally:
            encoder.layers = self._layers
        return states


class MiniLM:
    """A model that reads in both directions; a tenth of the tokens is hidden from it in training."""

    recipe = Recipe(
        rank=16, alpha=32.0, first_layer=2, dropout=0.1, rate=1e-3, head_rate=3e-3, epochs=4
    )
    masked = 0.1

    def __init__(self, place: Path, device: str, tokenizer: Any) -> None:
        self._device, self._tokenizer = device, tokenizer
        self.network = load_minilm(place, torch.float32, self.recipe.dropout)
        self.network.encoder.requires_grad_(requires_grad=False)
        layers = self.network.encoder.encoder.layer[self.recipe.first_layer :]
        targets = ("query", "key", "value", "dense")
        add_lora(layers, self.recipe.rank, self.recipe.alpha, targets)
        self.network.to(device)

    def loss(self, abstracts: list[Abstract]) -> torch.Tensor:
        """Nats a sentence."""
        batch = collate([a.window for a in abstracts], self._device)
        hidden = torch.rand(batch.ids.shape).to(self._device) < self.masked
        for special in (self._tokenizer.sep_token_id, self._tokenizer.cls_token_id):
            hidden &= batch.ids != special
        batch.ids[hidden] = self._tokenizer.mask_token_id
        labels, _ = _targets(abstracts, self._device)
        mask = batch.is_sentence
        losses = sequence_loss(self.network(batch), labels, mask, _chain(self.network))
        return losses.sum() / mask.sum()

    def log_chances(self, abstracts: list[Abstract]) -> torch.Tensor:
        """(B, S, roles), nats."""
        batch: Batch = collate([a.window for a in abstracts], self._device)
        return log_chances(self.network(batch), batch.is_sentence, _chain(self.network))


Trainee = SmolLM2 | MiniLM


def _chain(network: RoleNetwork) -> Chain:
    return network.transitions, network.starts, network.stops


def _targets(abstracts: list[Abstract], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Labels and confidences, (B, S) each, 0 where there is no sentence."""
    width = max(len(a.labels) for a in abstracts)
    labels = [a.labels + (0,) * (width - len(a.labels)) for a in abstracts]
    sure = [a.confidences + (0.0,) * (width - len(a.labels)) for a in abstracts]
    return torch.tensor(labels, device=device), torch.tensor(sure, device=device)
