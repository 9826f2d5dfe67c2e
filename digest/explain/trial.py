"""What would become of a story if something were otherwise: tried, by ranking and choosing once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from digest.config import Interests, Length
from digest.rank import choose
from digest.shortlist import Ranker
from digest.types import Place, Ranked, Rule, ScorePart, Story

#: From the worst to the best.
ORDER: tuple[Place, ...] = ("left_out", "brief", "full")
#: More than any real story has: a place that this score does not give, no score gives.
OUT_OF_REACH = 40.0
PRECISION = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a story stands after a trial."""

    place: Place
    rule: Rule
    position: int  #: by score, from 1
    score: float

    def is_at_least(self, place: Place) -> bool:
        return ORDER.index(self.place) >= ORDER.index(place)


class Trial:
    """One story among all of its week, and what may be changed about it.

    The quick trials put other parts into the story's score and choose again; the whole ones rank all stories anew.
    """

    def __init__(
        self,
        key: str,
        ranked: Iterable[Ranked],
        *,
        length: Length,
        interests: Interests,
        ranker: Ranker,
    ) -> None:
        self.ranked = tuple(ranked)
        self.length = length
        self.interests = interests
        self._ranker = ranker
        self.one = next(r for r in self.ranked if r.story.key == key)
        self.now = self._outcome(self.ranked, length)

    # -- quick --------------------------------------------------------------------------------------------------------

    def with_parts(self, parts: Mapping[str, ScorePart], *, story: Story | None = None) -> Outcome:
        """The story with ``parts`` in place of those of the same names."""
        own = tuple(parts.get(p.name, p) for p in self.one.parts)
        return self._with(
            replace(
                self.one,
                story=story or self.one.story,
                score=round(sum(p.value for p in own), 6),
                parts=own,
            )
        )

    def with_points(self, points: float) -> Outcome:
        """The story with so many points of score more."""
        return self._with(replace(self.one, score=self.one.score + points))

    def with_length(self, **changes: int | bool) -> Outcome:
        """The issue with another length or other limits."""
        return self._outcome(self.ranked, self.length.model_copy(update=changes))

    def missing(self, place: Place) -> float | None:
        """The least points of score that bring the story to ``place`` or above it; None where none do."""
        if not self.with_points(OUT_OF_REACH).is_at_least(place):
            return None
        return least(lambda x: self.with_points(x).is_at_least(place), OUT_OF_REACH, PRECISION)

    def to_spare(self) -> float | None:
        """The points that the story may lose before it has a worse place; None where it may lose all."""
        place = self.now.place
        if self.with_points(-OUT_OF_REACH).is_at_least(place):
            return None
        return least(lambda x: not self.with_points(-x).is_at_least(place), OUT_OF_REACH, PRECISION)

    # -- whole --------------------------------------------------------------------------------------------------------

    def with_interests(self, interests: Interests) -> tuple[Outcome, Ranked]:
        """Readers who care for something else: all stories gain or lose by it. The story as it is then comes too."""
        stories = [r.story for r in self.ranked]
        ranked = self._ranker(stories, interests=interests)
        one = next(r for r in ranked if r.story.key == self.one.story.key)
        return self._outcome(ranked, self.length), one

    def with_story(self, story: Story) -> Outcome:
        """The same story with other items."""
        stories = [story if r is self.one else r.story for r in self.ranked]
        return self._outcome(self._ranker(stories, interests=self.interests), self.length)

    # -----------------------------------------------------------------------------------------------------------------

    def _with(self, one: Ranked) -> Outcome:
        others = [r for r in self.ranked if r is not self.one]
        ranked = sorted([*others, one], key=lambda r: (-r.score, r.story.key))
        return self._outcome(ranked, self.length)

    def _outcome(self, ranked: Iterable[Ranked], length: Length) -> Outcome:
        ranked = tuple(ranked)
        key = self.one.story.key
        position = next(n for n, r in enumerate(ranked, start=1) if r.story.key == key)
        placing = choose(ranked, length).placing(key)
        return Outcome(
            place=placing.place,
            rule=placing.rule,
            position=position,
            score=ranked[position - 1].score,
        )


def least(is_enough: Callable[[float], bool], most: float, precision: float) -> float:
    """The least number up to ``most``, to ``precision``, from which on ``is_enough``; ``most`` must be."""
    low, high = 0.0, most
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
