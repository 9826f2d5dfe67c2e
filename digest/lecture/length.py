"""As many full stories as the minutes allow; what does not fit gets one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from digest.config import Length
from digest.issue import FullStory
from digest.types import Ranked, Selection

FRAME_SECONDS = 45  #: greeting, recap, theme and sign-off; those of the demo take 35 to 50


def within_minutes(
    selection: Selection,
    length: Length,
    tell: Callable[[Sequence[Ranked]], tuple[FullStory, ...]],
) -> tuple[Selection, tuple[FullStory, ...]]:
    """The selection whose full stories can be said in ``length.minutes``, and these stories; at least one is told.

    The weakest go first, but not the only discussion or the only story that is no paper, where ``length`` keeps them.
    """
    stories = tell(selection.full)
    if length.minutes is None:
        return selection, stories
    budget = 60 * length.minutes - FRAME_SECONDS
    dropped: list[Ranked] = []
    kept = list(selection.full)
    while len(kept) > 1 and (over := sum(s.speaking_seconds for s in stories) - budget) > 0:
        seconds = {s.key: s.speaking_seconds for s in stories}
        while len(kept) > 1 and over > 0:
            one = _weakest(kept, length)
            kept.remove(one)
            dropped.append(one)
            over -= seconds[one.story.key]
        stories = tell(kept)  # who is told first explains the terms: the times change a little
    dropped.sort(key=lambda r: (-r.score, r.story.key))
    return replace(selection, full=tuple(kept), brief=(*dropped, *selection.brief)), stories


def _weakest(kept: Sequence[Ranked], length: Length) -> Ranked:
    """The story with the least score that may go."""
    kinds = [_kind(r) for r in kept]
    is_kept = {"thread": length.keep_discussion, "other": length.keep_non_paper, "paper": False}
    free = [r for r, k in zip(kept, kinds, strict=True) if not (is_kept[k] and kinds.count(k) == 1)]
    return min(free or kept, key=lambda r: (r.score, r.story.key))


def _kind(ranked: Ranked) -> str:
    if ranked.story.lead.kind == "thread":
        return "thread"
    return "paper" if any(i.kind == "paper" for i in ranked.story.items) else "other"
