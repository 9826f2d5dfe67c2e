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
IN_TITLE = 3.0
IN_TEXT, MAX_MENTIONS = (
    0.75,
    3,
)  #: what the text keeps coming back to is its subject, a mention in passing is not
SAME_TOPIC = 0.5  #: the same field makes a shared term more telling, but is no evidence alone
LEAST_EVIDENCE = 2.0  #: a term in the title, or one that the text comes back to; less is chance
FULL_EVIDENCE = 5.0
#: A term that more than this share of the week's stories has ("loss", "data set") says little about any of them.
BROAD_SHARE, BROAD_FACTOR = 0.12, 0.3
FEW_STORIES = 12  #: with fewer, shares say nothing


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
        listed = Counter(term for lecture in lectures for term in set(lecture.keywords))
        self._index = TermIndex(listed)
        frequency = Counter(term for words in all_words for term in words.find(self._index))
        most = BROAD_SHARE * len(all_words) if len(all_words) >= FEW_STORIES else math.inf
        self._weights = {
            term: (BROAD_FACTOR if frequency[term] > most else 1.0) / lecture_count
            for term, lecture_count in listed.items()
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
        evidence = sum(
            self._weights[term]
            * (IN_TITLE * (term in in_title) + IN_TEXT * min(in_text.get(term, 0), MAX_MENTIONS))
            for term in set(lecture.keywords)
        )
        is_same_topic = bool(topics) and topics[0] in lecture.topics
        return evidence + SAME_TOPIC if evidence and is_same_topic else evidence
