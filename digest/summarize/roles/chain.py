"""The likeliest sequence of roles under a linear chain, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def likeliest(
    scores: NDArray[np.float32],
    transitions: NDArray[np.float32],
    starts: NDArray[np.float32],
    stops: NDArray[np.float32],
) -> tuple[int, ...]:
    """The role of each sentence that is likeliest given all others' scores, by its place in ``scores``' second axis.

    ``scores`` is (sentences, roles). The most probable role of each, not the most probable sequence (Viterbi): what counts is
    how many sentences are right.
    """
    import numpy as np

    n = len(scores)
    if not n:
        return ()
    scores, transitions = scores.astype(np.float64), transitions.astype(np.float64)
    ahead, back = np.zeros(scores.shape), np.zeros(scores.shape)
    ahead[0] = starts + scores[0]
    for i in range(1, n):
        ahead[i] = np.logaddexp.reduce(ahead[i - 1][:, None] + transitions, axis=0) + scores[i]
    back[-1] = stops
    for i in range(n - 2, -1, -1):
        back[i] = np.logaddexp.reduce(transitions + scores[i + 1] + back[i + 1], axis=1)
    return tuple(int(role) for role in (ahead + back).argmax(axis=1))
