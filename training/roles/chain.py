"""The loss of the linear chain (Lafferty et al. 2001): how unlikely the right sequence of roles is among all."""

from __future__ import annotations

import torch


def chain_loss(
    scores: torch.Tensor,
    labels: torch.Tensor,
    mask: torch.Tensor,
    chain: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Nats a text, (B,): of the labels (B, S) given scores (B, S, roles); ``mask`` (B, S) tells sentences from padding,
    ``chain`` holds the scores of each pair of roles, of the first role and of the last.
    """
    transitions, starts, stops = chain
    rows = torch.arange(len(labels), device=labels.device)
    last = mask.sum(1) - 1
    right = starts[labels[:, 0]] + scores[rows, 0, labels[:, 0]]
    total = starts + scores[:, 0]
    for at in range(1, labels.shape[1]):
        there = mask[:, at]
        step = transitions[labels[:, at - 1], labels[:, at]] + scores[rows, at, labels[:, at]]
        right = right + step * there
        ahead = torch.logsumexp(total.unsqueeze(2) + transitions, 1) + scores[:, at]
        total = torch.where(there.unsqueeze(1), ahead, total)
    right = right + stops[labels[rows, last]]
    return torch.logsumexp(total + stops, 1) - right
