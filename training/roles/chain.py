"""What is to be learned under the linear chain (Lafferty et al. 2001): the loss of a sequence, and of each sentence.

``scores`` is (B, S, roles), ``mask`` (B, S) tells sentences from padding, ``chain`` holds the scores of each pair of roles, of
the first role and of the last.
"""

from __future__ import annotations

import torch
from torch.nn.functional import log_softmax

Chain = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def sequence_loss(
    scores: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor, chain: Chain
) -> torch.Tensor:
    """Nats a text, (B,): how unlikely the ``labels`` (B, S) are among all sequences."""
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


def log_chances(scores: torch.Tensor, mask: torch.Tensor, chain: Chain) -> torch.Tensor:
    """Nats, (B, S, roles): as ``digest.summarize.roles.chain`` computes them for one text."""
    transitions, starts, stops = chain
    ahead = [starts + scores[:, 0]]
    for at in range(1, scores.shape[1]):
        step = torch.logsumexp(ahead[-1].unsqueeze(2) + transitions, 1) + scores[:, at]
        ahead.append(torch.where(mask[:, at, None], step, ahead[-1]))
    rest = stops.expand(len(scores), -1)
    back = []
    for at in range(scores.shape[1] - 1, -1, -1):
        back.append(rest)
        step = torch.logsumexp(transitions + (scores[:, at] + rest).unsqueeze(1), 2)
        rest = torch.where(mask[:, at, None], step, rest)
    return log_softmax(torch.stack(ahead, 1) + torch.stack(back[::-1], 1), -1)
