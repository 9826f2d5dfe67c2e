"""Chance, for texts that are written several times: the same for the same prompt, whatever else is in the batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch

TEMPERATURE = 0.7  #: below 1: likelier words become likelier still
TOP_P = 0.95  #: the share of the probability that is drawn from (Holtzman et al. 2020, arXiv:1904.09751)
TOP_K = 32  #: tokens that are looked at
MAY_END = 0.05  #: a sentence may end where it does so with this probability


def chances(prompts: Sequence[Sequence[int]], samples: int, steps: int) -> torch.Tensor:
    """``(prompts, samples, steps)`` float32 in [0, 1), drawn for each prompt from its own tokens."""
    rows = []
    for prompt in prompts:
        seed = hashlib.sha256(",".join(map(str, prompt)).encode()).digest()[:7]
        chance = torch.Generator().manual_seed(int.from_bytes(seed, "big"))
        rows.append(torch.rand((samples, steps), generator=chance))
    return torch.stack(rows)


def draw(values: torch.Tensor, places: torch.Tensor, chance: torch.Tensor) -> torch.Tensor:
    """One token a row: of ``places`` (rows, k), whose logits are ``values``, largest first, the one at ``chance`` (rows,).

    Rows with a negative chance get the likeliest token.
    """
    shares = (values / TEMPERATURE).softmax(-1)
    before = shares.cumsum(-1) - shares
    shares = shares.masked_fill(before >= TOP_P, 0.0)
    sums = shares.cumsum(-1)
    # clamped: rounding may leave the last sum a little below the chance
    at = (sums <= chance[:, None] * sums[:, -1:]).sum(-1).clamp(max=values.shape[-1] - 1)
    at = torch.where(chance < 0, torch.zeros_like(at), at)
    at = torch.minimum(at, (shares > 0).sum(-1) - 1)
    return places.gather(1, at[:, None]).squeeze(1)


def share_of(tokens: torch.Tensor, values: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """The probability of all ``tokens`` (n,) together among ``places`` (rows, k), whose logits are ``values``; (rows,)."""
    return values.softmax(-1).masked_fill(~torch.isin(places, tokens), 0.0).sum(-1)
