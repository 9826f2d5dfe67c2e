"""A text's sentences as token sequences that a model can read: a start, then each sentence with a token that ends it; long texts in overlapping windows.

All sentences of an abstract stand in one sequence, so that each is read in the light of the others, as in Cohan et al.
2019, "Pretrained Language Models for Sequential Sentence Classification" (arXiv:1909.04054).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_TOKENS = 512  #: as many positions as MiniLM has; twice the usual abstract
#: Of a sentence; its role is told long before. The longest of CSAbstruct train has 333, one in a thousand more than 128.
MAX_SENTENCE_TOKENS = 128
OVERLAP = 3  #: sentences that two neighbouring windows share, where they are short enough
FEATURES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some neighbouring sentences of one text."""

    ids: tuple[int, ...]  #: with the start in front and the ending token after each sentence
    ends: tuple[int, ...]  #: where in ``ids`` the ending token of each sentence stands
    first: int  #: the place of the window's first sentence in the text
    total: int  #: sentences of the text

    @property
    def features(self) -> tuple[tuple[float, ...], ...]:
        """Of each sentence: where it stands in the whole text; all between 0 and 1."""
        places = range(self.first, self.first + len(self.ends))
        return tuple(place(i, self.total) for i in places)


def place(index: int, total: int) -> tuple[float, ...]:
    """``FEATURES`` numbers, between 0 and 1, on where the sentence stands in a text of ``total``."""
    left = total - 1 - index
    return (
        index / max(total - 1, 1),
        float(index == 0),
        float(left == 0),
        min(index, 10) / 10,
        min(left, 10) / 10,
        1 / total,
    )


def windows(sentences: Sequence[Sequence[int]], start_id: int, end_id: int) -> tuple[Window, ...]:
    """The windows of a text of ``sentences``, each given by its tokens; every sentence lies in at least one, all in order.

    None for a text without sentences. A sentence without tokens has its ending token alone.
    """
    cut = [tuple(s[:MAX_SENTENCE_TOKENS]) for s in sentences]
    found: list[Window] = []
    start = 0
    while start < len(cut):
        ids, ends = [start_id], []
        for tokens in cut[start:]:
            if len(ids) + len(tokens) + 1 > MAX_TOKENS:
                break
            ids += [*tokens, end_id]
            ends.append(len(ids) - 1)
        found.append(Window(ids=tuple(ids), ends=tuple(ends), first=start, total=len(cut)))
        stop = start + len(ends)
        if stop == len(cut):
            break
        # Back by the overlap, but always on by one: long sentences leave room for few.
        start = max(start + 1, stop - OVERLAP)
    return tuple(found)


def owners(found: Sequence[Window]) -> tuple[tuple[int, int], ...]:
    """(window, place in it) for each sentence of a text: the window in which it stands farthest from an open edge."""
    if not found:
        return ()
    best: list[tuple[int, int, int]] = [(-1, 0, 0)] * found[0].total
    for number, window in enumerate(found):
        last = len(window.ends) - 1
        for at in range(last + 1):
            before = at if window.first else found[0].total
            after = last - at if window.first + last + 1 < window.total else found[0].total
            room = min(before, after)
            if room > best[window.first + at][0]:
                best[window.first + at] = (room, number, at)
    return tuple((number, at) for _, number, at in best)
