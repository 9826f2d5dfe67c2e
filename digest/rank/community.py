"""What readers made of a story: points of threads, upvotes of lists, and comments, on one scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

from digest.types import Item, ScorePart, Story

COMMUNITY = 3.0  #: the strongest outside evidence there is: many readers singled it out
COMMUNITY_FULL = 1000  #: points at which the scale ends; a good week's best thread on r/MachineLearning has about so many
COMMENT_POINTS = 2  #: a comment costs its writer more than an upvote
COMMUNITY_UNKNOWN = 0.6  #: what about 3 points give: unknown is neither praise nor blame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Echo:
    """What one community made of an item, in its own counts; None: unknown."""

    item_id: str
    source: str
    votes: int | None
    comments: int | None
    vote: str  #: what it calls a vote

    @property
    def points(self) -> int:
        return max(0, self.votes or 0) + COMMENT_POINTS * (self.comments or 0)

    @property
    def order(self) -> tuple[int, int, str]:
        return max(0, self.votes or 0), self.comments or 0, self.item_id

    def in_words(self) -> str:
        counts = ((self.votes, self.vote), (self.comments, "comment"))
        return (
            f"{' and '.join(_count(n, one) for n, one in counts if n and n > 0)} on {self.source}"
        )


def community(story: Story) -> ScorePart:
    """Points, upvotes and comments on a logarithmic scale; neutral, without a reason, where no source gave a count.

    A list that readers vote on counts like a thread, but a paper on it is worth no less than one that is on none: two
    upvotes are no sign of indifference. Citations are of years, not of the week, and do not count.
    """
    threads = [echo for item in story.items for echo in _threads(item)]
    lists = [echo for item in story.items for echo in _lists(item)]
    if not threads and not lists:
        return ScorePart(name="community", value=COMMUNITY_UNKNOWN)
    points = sum(echo.points for echo in (*threads, *lists))
    value = COMMUNITY * min(1.0, math.log1p(points) / math.log1p(COMMUNITY_FULL))
    if not threads:
        value = max(value, COMMUNITY_UNKNOWN)
    return ScorePart(name="community", value=value, reason=_in_words(threads, lists))


def _threads(item: Item) -> list[_Echo]:
    """The echo of an item that has counts of its own."""
    if item.score is None and item.comment_count is None:
        return []
    counts = {"votes": item.score, "comments": item.comment_count}
    return [_Echo(item_id=item.id, source=item.source, vote="point", **counts)]


def _lists(item: Item) -> list[_Echo]:
    """The echoes of an item on lists, which its signals tell of."""
    told = [s for s in item.signals if s.name in ("upvotes", "comments") and s.value is not None]
    echoes = []
    for source in dict.fromkeys(signal.source for signal in told):
        counts = {signal.name: signal.value for signal in told if signal.source == source}
        votes, comments = counts.get("upvotes"), counts.get("comments")
        echoes.append(
            _Echo(item_id=item.id, source=source, votes=votes, comments=comments, vote="upvote")
        )
    return echoes


def _in_words(threads: list[_Echo], lists: list[_Echo]) -> str:
    """The biggest thread by its figures, the others by their number, lists by their figures; "" where all are zero."""
    said = []
    if threads and (biggest := max(threads, key=lambda echo: echo.order)).points:
        said.append(biggest.in_words())
        if len(threads) > 1:
            said.append(_count(len(threads) - 1, "other thread"))
    lists = sorted(lists, key=lambda echo: echo.order, reverse=True)
    said += [echo.in_words() for echo in lists if echo.points]
    *before, last = said or [""]
    return f"{', '.join(before)}, and {last}" if before else last


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
