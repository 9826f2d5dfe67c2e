"""*In this course*: the lecture a story belongs to, in the right tense; no link where the evidence is thin."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digest.issue import CourseLink
from digest.lecture import frame
from digest.lecture.syllabus import Lecture
from digest.lecture.texts import StoryText, count_phrase, has_phrase, singulars
from digest.words import stems

#: Below this there is no link. One rare keyword in the title reaches it, or one that the text keeps coming back to; a
#: single mention in passing does not.
THRESHOLD = 2.0
IN_TITLE = 3.0
IN_HEADLINE = 2.0  #: the sentence that says what is new
IN_TEXT = 0.75  #: for each mention, up to three
MAX_MENTIONS = 3
#: A lecture on the story's first or second topic; a factor, so that the topic alone is never enough.
TOPIC_FACTORS = (1.3, 1.15)
_FEW_STORIES = 12  #: with fewer, nothing is known of how common a keyword is


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword of a lecture. A phrase is found in every inflection, a single word only as it is and in the plural:
    "presentation" must not be found in "we present".
    """

    text: str
    words: tuple[str, ...]
    is_single: bool

    @classmethod
    def of(cls, text: str) -> Keyword:
        words = stems(text)
        return cls(text, words if len(words) > 1 else singulars(text), len(words) == 1)

    def in_title(self, text: StoryText) -> bool:
        return has_phrase(text.title_words if self.is_single else text.title_stems, self.words)

    def in_headline(self, headline: str) -> bool:
        return has_phrase(singulars(headline) if self.is_single else stems(headline), self.words)

    def mentions(self, text: StoryText) -> int:
        return count_phrase(text.text_words if self.is_single else text.text_stems, self.words)

    def is_defined_with(self, acronyms: Sequence[Keyword], text: StoryText) -> bool:
        """The text writes it out with its acronym: "generative adversarial networks (GANs)"."""
        return not self.is_single and any(
            other.is_single and has_phrase(text.text_stems, (*self.words, *stems(other.text)))
            for other in acronyms
        )


class CourseMatcher:
    """The lectures of a course with how telling each of their keywords is in this week's stories."""

    def __init__(self, lectures: Sequence[Lecture], corpus: Sequence[StoryText]) -> None:
        self._lectures = lectures
        self._keywords = {x.number: tuple(map(Keyword.of, x.keywords)) for x in lectures}
        listed = Counter(k for keywords in self._keywords.values() for k in set(keywords))
        self._weights = {k: _telling(k, corpus) / times for k, times in listed.items()}

    def link(
        self, text: StoryText, headline: str, topics: Sequence[str], day: date
    ) -> CourseLink | None:
        """The lecture that fits best, spoken of as on ``day``; None below the threshold."""
        best: tuple[float, Lecture, str] | None = None
        for lecture in self._lectures:
            score, keyword = self.score(lecture, text, headline)
            for topic, factor in zip(topics, TOPIC_FACTORS, strict=False):
                if topic in lecture.topics:
                    score *= factor
                    break
            if score >= THRESHOLD and (best is None or score > best[0]):
                best = (score, lecture, keyword)
        return course_link(best[1], best[2], day) if best else None

    def score(self, lecture: Lecture, text: StoryText, headline: str) -> tuple[float, str]:
        """The evidence for a lecture, and the keyword that gives most of it."""
        keywords = self._keywords[lecture.number]
        found: dict[Keyword, float] = {}
        for keyword in sorted(keywords, key=lambda k: -len(k.words)):
            if any(has_phrase(longer.words, keyword.words) for longer in found):
                continue  # "gradient descent" adds nothing to "stochastic gradient descent"
            is_central = keyword.in_headline(headline) or keyword.is_defined_with(keywords, text)
            evidence = (
                IN_TITLE * keyword.in_title(text)
                + IN_HEADLINE * is_central
                + IN_TEXT * min(keyword.mentions(text), MAX_MENTIONS)
            )
            if evidence:
                found[keyword] = evidence * self._weights[keyword]
        if not found:
            return 0.0, ""
        best = max(found, key=lambda k: (found[k], len(k.text)))
        return sum(found.values()), best.text


def _telling(keyword: Keyword, corpus: Sequence[StoryText]) -> float:
    """1 for a keyword that one story has, down to 0 for one that all have."""
    if len(corpus) < _FEW_STORIES:
        return 1.0
    holders = sum(keyword.in_title(t) or keyword.mentions(t) > 0 for t in corpus)
    return 1 - math.log(max(1, holders)) / math.log(len(corpus))


def course_link(lecture: Lecture, keyword: str, day: date) -> CourseLink:
    """The link as a lecturer says it on ``day``: "We cover this on Tuesday: lecture 6, ..."."""
    tense = lecture.tense_at(day)
    template = {"past": frame.COVERED, "today": frame.TODAY, "undated": frame.UNDATED}.get(tense)
    when, weekday = "", ""
    if lecture.date:
        days_away = (lecture.date - day).days
        template = template or (frame.SOON if days_away < 7 else frame.LATER)
        weekday = frame.weekday(lecture.date)
        is_near = abs(days_away) < 28
        when = frame.full_day(lecture.date) if is_near else frame.day_month(lecture.date)
    assert template is not None
    title = lecture_title(lecture.title)
    sentence = template.format(
        what=spoken_keyword(keyword), number=lecture.number, title=f", {title}", day=when, weekday=weekday
    )  # fmt: skip
    return CourseLink(
        sentence=frame.finished(sentence),
        lecture=lecture.number,
        title=lecture.title,
        date=lecture.date,
        tense=tense,
        url=lecture.url,
    )


def lecture_title(title: str) -> str:
    """The title as it stands in a sentence: quoted where its own punctuation would tear the sentence apart."""
    return frame.quoted(title) if re.search(r"[,:;?!—–]", title) else title.rstrip(".")


_MASS = re.compile(r"(?:[ts]ion|ing|ity|ment|ness|descent|bias|entropy|propagation|data|accuracy|attention)$")  # fmt: skip
_COUNT = re.compile(
    r"(?:network|model|algorithm|machine|autoencoder|encoder|decoder|function|unit|tree|method|classifier|optimizer"
    r"|perceptron|graph|connection|attribute|embedding|transformer|agent|kernel)$"
)


def spoken_keyword(keyword: str) -> str:
    """The keyword as the object of "we cover": a phrase that needs no article, else "this"."""
    if " " not in keyword.strip():
        return frame.THIS
    last = keyword.rsplit(maxsplit=1)[-1].lower()
    if _COUNT.search(last):
        return f"{keyword}s"
    return keyword if _MASS.search(last) else frame.THIS
