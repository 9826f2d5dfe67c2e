"""The sign-off: what to read if one reads one thing, the next class, and a holiday near it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from digest.issue import FullStory, NextClass
from digest.lecture import frame
from digest.lecture.course import lecture_title
from digest.lecture.syllabus import Holiday, Syllabus

NEAR_DAYS = 3  #: a holiday this many days before or after the issue is thought of


def read_one(stories: Sequence[FullStory]) -> str:
    """The first story that is a text to read; "" where there is none."""
    story = next((s for s in stories if any(x.kind != "thread" for x in s.links)), None)
    if story is None:
        return ""
    return frame.READ_ONE.format(title=frame.quoted(story.title), badge=story.badge)


def next_class(syllabus: Syllabus | None, day: date) -> NextClass | None:
    """The class meeting after ``day``."""
    lecture = syllabus.next_class(day) if syllabus else None
    if lecture is None or lecture.date is None:
        return None
    return NextClass(
        date=lecture.date, lecture=lecture.number, title=lecture.title, url=lecture.url
    )


def closing(day: date, ahead: NextClass | None, holidays: Sequence[Holiday]) -> str:
    """The last words: a holiday near, the weekend or the week, and when one meets again."""
    said = []
    if holiday := near_holiday(day, holidays):
        said.append(wish(holiday, day))
    said.append(frame.WEEKEND if day.weekday() in (4, 5) else frame.WEEK)
    if ahead:
        sentence = frame.NEXT_CLASS.format(
            day=frame.full_day(ahead.date), number=ahead.lecture, title=lecture_title(ahead.title)
        )
        said.append(frame.finished(sentence))
    return " ".join(said)


def near_holiday(day: date, holidays: Sequence[Holiday]) -> Holiday | None:
    """The nearest holiday within three days; of two equally near, the one to come, then the one named first."""
    near = [h for h in holidays if abs((h.date - day).days) <= NEAR_DAYS]
    return min(near, key=lambda h: (abs((h.date - day).days), h.date < day), default=None)


_FESTIVE, _SOLEMN = (
    re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    for words in (frame.FESTIVE, frame.SOLEMN)
)


def wish(holiday: Holiday, day: date) -> str:
    """A wish for a feast, for any other day the plain fact; who writes "Happy ..." in the syllabus gets it."""
    name, happy = re.subn(r"^Happy\s+", "", holiday.name.replace("’", "'"))
    if wished := frame.WISHES.get(name.casefold()):
        return wished
    if happy or (_FESTIVE.search(name) and not _SOLEMN.search(name)):
        return frame.HAPPY_HOLIDAY.format(name=name)
    if holiday.date == day:
        return frame.HOLIDAY_TODAY.format(name=name)
    template = frame.HOLIDAY if holiday.date > day else frame.HOLIDAY_PAST
    return template.format(name=name, day=frame.full_day(holiday.date))
