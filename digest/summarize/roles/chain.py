"""The probability of each role under a linear chain, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def log_chances(
    scores: NDArray[np.float32],
    transitions: NDArray[np.float32],
    starts: NDArray[np.float32],
    stops: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Nats, (sentences, roles): how probable each role of each sentence is given all scores, which have the same shape.

    The most probable role of each is what counts here, not the most probable sequence (Viterbi): as many sentences as possible
    shall be right.
    """
    import numpy as np

    n = len(scores)
    scores, transitions = scores.astype(np.float64), transitions.astype(np.float64)
    ahead, back = np.zeros(scores.shape), np.zeros(scores.shape)
    if not n:
        return ahead
    ahead[0] = starts + scores[0]
    for i in range(1, n):
        ahead[i] = np.logaddexp.reduce(ahead[i - 1][:, None] + transitions, axis=0) + scores[i]
    back[-1] = stops
    for i in range(n - 2, -1, -1):
        back[i] = np.logaddexp.reduce(transitions + scores[i + 1] + back[i + 1], axis=1)
    found: NDArray[np.float64] = ahead + back
    return found - np.logaddexp.reduce(found, axis=1, keepdims=True)
