"""*In this course*: the lecture a story belongs to, in the right tense; no link where the evidence is thin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from digest.issue import CourseLink
from digest.lecture import frame
from digest.lecture.syllabus import Lecture
from digest.lecture.texts import StoryText, count_phrase, share_with
from digest.words import stems

#: Below this there is no link. One keyword in the title reaches it, or one that the text keeps coming back to; a single
#: mention in passing does not.
THRESHOLD = 2.0
IN_TITLE = 3.0
IN_TEXT = 0.75  #: for each mention, up to three
MAX_MENTIONS = 3
SAME_TOPIC = 0.5  #: a story of the lecture's topic; never enough alone
#: A keyword that so large a share of the week's stories has ("loss", "data set") says little about any of them.
BROAD_SHARE = 0.12
BROAD_FACTOR = 0.3
_FEW_STORIES = 12  #: with fewer, shares say nothing


class CourseMatcher:
    """The lectures of a course with how telling each of their keywords is in this week's stories."""

    def __init__(self, lectures: Sequence[Lecture], corpus: Sequence[StoryText]) -> None:
        self._lectures = lectures
        self._keywords = {
            lecture.number: [(keyword, stems(keyword)) for keyword in lecture.keywords]
            for lecture in lectures
        }
        listed = Counter(s for pairs in self._keywords.values() for _, s in set(pairs))
        self._weights: dict[tuple[str, ...], float] = {}
        for phrase, lecture_count in listed.items():
            is_broad = len(corpus) >= _FEW_STORIES and share_with(phrase, corpus) > BROAD_SHARE
            self._weights[phrase] = (BROAD_FACTOR if is_broad else 1.0) / lecture_count

    def link(self, text: StoryText, topics: Sequence[str], day: date) -> CourseLink | None:
        """The lecture that fits best, spoken of as on ``day``; None below the threshold."""
        best: tuple[float, Lecture, str] | None = None
        for lecture in self._lectures:
            score, keyword = self._score(lecture, text)
            if score and topics and topics[0] in lecture.topics:
                score += SAME_TOPIC
            if score >= THRESHOLD and (best is None or score > best[0]):
                best = (score, lecture, keyword)
        return course_link(best[1], best[2], day) if best else None

    def _score(self, lecture: Lecture, text: StoryText) -> tuple[float, str]:
        """The evidence for a lecture, and the keyword that gives most of it."""
        found: list[tuple[float, str]] = []
        for keyword, phrase in self._keywords[lecture.number]:
            evidence = IN_TITLE * (count_phrase(text.title_stems, phrase) > 0)
            evidence += IN_TEXT * min(count_phrase(text.text_stems, phrase), MAX_MENTIONS)
            if evidence:
                found.append((evidence * self._weights[phrase], keyword))
        if not found:
            return 0.0, ""
        return sum(value for value, _ in found), max(found, key=lambda f: (f[0], len(f[1])))[1]


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
