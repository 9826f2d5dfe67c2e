"""*In this course*: the lecture a story belongs to, in the right tense; no link where the evidence is thin."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digest.issue import CourseLink
from digest.lecture import frame
from digest.lecture.syllabus import Lecture
from digest.lecture.texts import StoryText, beginning, count_phrase, has_phrase, singulars
from digest.words import stems

#: Below this there is no link. One rare keyword in the title reaches it, or one that the text keeps coming back to; a
#: single mention in passing does not. docs/checks/syllabus_links.tsv holds what the numbers here were judged by.
THRESHOLD = 2.0
IN_TITLE = 3.0
IN_HEADLINE = 1.5  #: the sentence that says what is new
IN_TEXT = 0.75  #: for each mention, up to three
MAX_MENTIONS = 3
#: A lecture on the story's first or second topic; a factor, so that the topic alone is never enough.
TOPIC_FACTORS = (1.3, 1.15)
#: With vectors at hand, a cosine of NEAR adds nothing to the words, NEAR_STEP above or below it NEAR_POINTS, and no cosine
#: more. Where no keyword is found at all, the cosine must be ALONE.
NEAR, NEAR_STEP, NEAR_POINTS = 0.36, 0.2, 3.0
ALONE = 0.55
#: A story that is farther away than this is not about the lecture, unless its title says so.
FAR = 0.3
#: What a text is about stands at its beginning; a long one names half of a course before it ends.
BEGINNING_WORDS = 400
_FEW_STORIES = 12  #: with fewer, nothing is known of how common a keyword is
#: With one of these before it a term is another one: "semi-supervised learning" is no supervised learning.
_TURNED = ("self", "semi", "non", "un", "weakly")
_IS_ACRONYM = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword of a lecture. A phrase is found in every inflection, a single word only as it is and in the plural:
    "presentation" must not be found in "we present". An acronym needs its capitals: a clip of a film is no CLIP.
    """

    text: str
    words: tuple[str, ...]
    is_single: bool
    acronym: re.Pattern[str] | None = None

    @classmethod
    def of(cls, text: str) -> Keyword:
        words = stems(text)
        if len(words) > 1:
            return cls(text, words, is_single=False)
        acronym = None
        if _IS_ACRONYM.search(text):
            acronym = re.compile(rf"(?<![^\W_]){re.escape(text)}s?(?![^\W_])")
        return cls(text, singulars(text), is_single=True, acronym=acronym)

    def in_title(self, text: StoryText) -> bool:
        return self._count(text.title, text.title_words, text.title_stems) > 0

    def in_headline(self, headline: str) -> bool:
        return self._count(headline, singulars(headline), stems(headline)) > 0

    def mentions(self, text: StoryText) -> int:
        return self._count(text.text, text.text_words, text.text_stems)

    def _count(self, raw: str, words: tuple[str, ...], word_stems: tuple[str, ...]) -> int:
        found_in = words if self.is_single else word_stems
        count = count_phrase(found_in, self.words)
        if count and self.acronym:
            return len(self.acronym.findall(raw))
        return count - sum(count_phrase(found_in, (p, *self.words)) for p in _TURNED if count)

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
        holders = _holders(listed, corpus)
        self._weights = {k: _telling(holders[k], len(corpus)) / n for k, n in listed.items()}

    def link(
        self,
        text: StoryText,
        headline: str,
        topics: Sequence[str],
        day: date,
        near: Mapping[int, float] | None = None,
    ) -> CourseLink | None:
        """The lecture that fits best, spoken of as on ``day``; None below the threshold.

        ``near`` are cosines of the story to the lectures by number; without them words and topics decide.
        """
        text = beginning(text, BEGINNING_WORDS)
        best: tuple[float, Lecture, str] | None = None
        for lecture in self._lectures:
            score, keyword = self.score(lecture, text, headline)
            for topic, factor in zip(topics, TOPIC_FACTORS, strict=False):
                if topic in lecture.topics:
                    score *= factor
                    break
            if near and lecture.number in near:
                score = self._weighed(lecture, text, score, near[lecture.number])
            if score >= THRESHOLD and (best is None or score > best[0]):
                best = (score, lecture, keyword)
        return course_link(best[1], best[2], day) if best else None

    def _weighed(self, lecture: Lecture, text: StoryText, score: float, cosine: float) -> float:
        """The evidence of the words together with that of the vectors."""
        if not score and cosine < ALONE:
            return 0.0
        is_in_title = any(k.in_title(text) for k in self._keywords[lecture.number])
        if cosine < FAR and not is_in_title:
            return 0.0
        # a lecture that is near in general is not the one whose terms a text merely touches
        return score + min(nearness_points(cosine), max(score, THRESHOLD * (cosine >= ALONE)))

    def score(self, lecture: Lecture, text: StoryText, headline: str) -> tuple[float, str]:
        """The evidence of the words for a lecture, and the keyword that gives most of it."""
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


def nearness_points(cosine: float) -> float:
    """What a cosine adds to the evidence of the words, or takes from it."""
    return NEAR_POINTS * max(-1.0, min(1.0, (cosine - NEAR) / NEAR_STEP))


def _holders(keywords: Iterable[Keyword], corpus: Sequence[StoryText]) -> Counter[Keyword]:
    """In how many stories each keyword stands. One pass over the words: a week has thousands of stories."""
    singles: dict[str, list[Keyword]] = {}
    phrases: dict[str, list[Keyword]] = {}
    for keyword in keywords:
        if keyword.words:
            (singles if keyword.is_single else phrases).setdefault(keyword.words[0], []).append(
                keyword
            )
    holders: Counter[Keyword] = Counter()
    for text in corpus:
        words = {*text.title_words, *text.text_words}
        near = {k for w in singles.keys() & words for k in singles[w]}
        word_stems = {*text.title_stems, *text.text_stems}
        near |= {k for w in phrases.keys() & word_stems for k in phrases[w]}
        holders.update(k for k in near if k.in_title(text) or k.mentions(text))
    return holders


def _telling(holders: int, stories: int) -> float:
    """1 for a keyword that one story has, 0.7 where one in ten has it (of 1,000), 0 where all have."""
    if stories < _FEW_STORIES:
        return 1.0
    return 1 - (math.log(max(1, holders)) / math.log(stories)) ** 3


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
    """The title as it stands in a sentence."""
    return frame.quoted(title)


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
