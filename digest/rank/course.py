"""The lecture a story is close to, by the lecture's terms in the story's titles and text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from digest.rank.story_words import StoryWords
from digest.types import ScorePart
from digest.words import TermIndex

COURSE = 1.5  #: a digest for a course prefers what the course treats, yet news comes first
IN_TITLE, IN_TEXT, AGAIN_IN_TEXT = 2.0, 1.0, 0.5
SAME_FIELD = 0.5  #: the same topic makes a shared term more telling, but is no evidence alone
LEAST_EVIDENCE = 2.0  #: a term in the title, or two in the text; less is chance
FULL_EVIDENCE = 4.0


class Lecture(Protocol):
    """What ranking reads of a lecture; see digest/lecture/syllabus.py."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def topics(self) -> tuple[str, ...]: ...
    @property
    def keywords(self) -> tuple[str, ...]: ...


L = TypeVar("L", bound=Lecture)


class Course(Generic[L]):
    """The lectures, made ready to be looked for in many stories; ``all_words`` tells which terms are common there."""

    def __init__(self, lectures: Sequence[L], all_words: Sequence[StoryWords]) -> None:
        self._lectures = lectures
        self._index = TermIndex({term for lecture in lectures for term in _terms(lecture)})
        frequency = Counter(term for words in all_words for term in words.find(self._index))
        # A term of every third story ("loss", "training") points to no lecture in particular.
        most = math.log(len(all_words) + 1)
        self._weights = {
            term: math.log((len(all_words) + 1) / count) / most for term, count in frequency.items()
        }

    def part(self, words: StoryWords, topics: Sequence[str]) -> ScorePart:
        """The share of the score, by the evidence for the closest lecture."""
        found = self.closest(words, topics)
        if found is None:
            return ScorePart(name="course", value=0.0)
        lecture, evidence = found
        return ScorePart(
            name="course",
            value=COURSE * min(1.0, evidence / FULL_EVIDENCE),
            reason=f"close to lecture {lecture.number}, {lecture.title}",
        )

    def closest(self, words: StoryWords, topics: Sequence[str]) -> tuple[L, float] | None:
        """The lecture that most of the story's terms belong to, with its evidence; None where that is too little."""
        in_title, in_text = self._index.count(words.title), self._index.count(words.text)
        best: L | None = None
        most = 0.0
        for lecture in self._lectures:
            evidence = self._evidence(lecture, in_title, in_text, topics)
            if evidence > most:
                best, most = lecture, evidence
        return (best, most) if best is not None and most >= LEAST_EVIDENCE else None

    def _evidence(
        self,
        lecture: Lecture,
        in_title: Mapping[str, int],
        in_text: Mapping[str, int],
        topics: Sequence[str],
    ) -> float:
        evidence = 0.0
        for term in _terms(lecture):
            found = IN_TITLE if in_title.get(term) else 0.0
            if count := in_text.get(term):
                found += IN_TEXT + (AGAIN_IN_TEXT if count > 1 else 0.0)
            evidence += found * self._weights.get(term, 0.0)
        is_same_field = bool(topics) and topics[0] in lecture.topics
        return evidence + SAME_FIELD if evidence and is_same_field else evidence


def _terms(lecture: Lecture) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*lecture.keywords, lecture.title)))
