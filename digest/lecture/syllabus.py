"""syllabus.yaml -> ``Syllabus``: what the course covers and when.

    course: STAT 453
    term: Spring 2021
    lecturer: Dr. Ada Example
    url: https://example.org/stat453
    class_days: [tue, thu]
    holidays: [{date: 2021-02-12, name: Lunar New Year}]
    lectures:
      - {number: 1, title: What is machine learning?, date: 2021-01-26, topics: [], keywords: [supervised learning]}

Only ``lectures`` is needed. A lecture without a date is matched to stories but has no place in the calendar.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from digest.config import Config
from digest.errors import ConfigError
from digest.issue import Tense
from digest.sources import HttpUrl

Day = date  # inside the classes below ``date`` is a field
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Holiday(NamedTuple):
    """A day that the sign-off thinks of."""

    date: Day
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecture:
    """One class meeting."""

    number: int
    title: str
    date: Day | None = None
    topics: tuple[str, ...] = ()  #: names of digest/topics.py, such as "vision"
    keywords: tuple[str, ...] = ()  #: words and phrases that a story about it uses
    url: str = ""

    def tense_at(self, day: Day) -> Tense:
        """How the lecture is spoken of on ``day``."""
        if self.date is None:
            return "undated"
        if self.date == day:
            return "today"
        return "past" if self.date < day else "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Syllabus:
    """A course: its lectures by number, and the days that are free."""

    course: str = ""
    term: str = ""
    lecturer: str = ""
    url: str = ""
    class_days: tuple[str, ...] = ()
    lectures: tuple[Lecture, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    def next_class(self, day: date) -> Lecture | None:
        """The first lecture after ``day``; None where the term is over or no lecture has a date."""
        ahead = [lecture for lecture in self.lectures if lecture.date and lecture.date > day]
        return min(ahead, key=lambda x: (x.date or date.max, x.number), default=None)


def load_syllabus(path: Path) -> Syllabus:
    """The checked syllabus at ``path``; ConfigError (one line) where it is missing or wrong."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file",
            hint="course.syllabus in feeds.yaml names it; remove that line to do without",
        ) from None
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: cannot be read: {e}") from e
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ConfigError(f"{path}:{place}: not YAML: {e.problem or e}") from e
    except (
        yaml.YAMLError,
        ValueError,
    ) as e:  # ValueError: PyYAML's own of a date such as 2021-02-30
        raise ConfigError(f"{path}: not YAML: {' '.join(str(e).split())}") from e
    if not isinstance(data, dict):
        got = "is empty" if data is None else f"must be a mapping, not a {type(data).__name__}"
        raise ConfigError(f"{path}: {got}", hint="it needs at least 'lectures:'")
    try:
        file = _File.model_validate(data)
    except ValidationError as e:
        raise ConfigError(f"{path}: {_explain(e)}") from e
    if fault := _contradiction(file):
        raise ConfigError(f"{path}: {fault}")
    return Syllabus(
        course=file.course,
        term=file.term,
        lecturer=file.lecturer,
        url=file.url or "",
        class_days=file.class_days,
        lectures=tuple(
            Lecture(**(entry.model_dump() | {"url": entry.url or ""}))
            for entry in sorted(file.lectures, key=lambda x: x.number)
        ),
        holidays=tuple(sorted(Holiday(h.date, h.name) for h in file.holidays)),
    )


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(values):
        raise ValueError("must not hold an empty word")
    return values


_Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n]+$")]
_Words = Annotated[tuple[str, ...], AfterValidator(_words)]


class _Lecture(_Section):
    number: int = Field(ge=1)
    title: _Title
    date: Day | None = None
    topics: _Words = ()
    keywords: _Words = ()
    url: HttpUrl | None = None


class _Holiday(_Section):
    date: Day
    name: _Title


class _File(_Section):
    course: str = ""
    term: str = ""
    lecturer: str = ""
    url: HttpUrl | None = None
    class_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    holidays: tuple[_Holiday, ...] = ()
    lectures: tuple[_Lecture, ...] = Field(min_length=1)


def _contradiction(file: _File) -> str:
    """What no single key shows: numbers or days used twice, a lecture on a day without class."""
    numbers: dict[int, int] = {}
    days: dict[date, int] = {}
    for at, lecture in enumerate(file.lectures):
        where = f"lectures[{at}]"
        if lecture.number in numbers:
            return f"{where}.number: {lecture.number} is used twice, also by lectures[{numbers[lecture.number]}]"
        numbers[lecture.number] = at
        if lecture.date is None:
            continue
        if lecture.date in days:
            return f"{where}.date: {lecture.date} is taken by lectures[{days[lecture.date]}]"
        days[lecture.date] = at
        name = DAY_NAMES[lecture.date.weekday()]
        if file.class_days and name not in file.class_days:
            return (
                f"{where}.date: {lecture.date} is a {name}, not one of class_days: {', '.join(file.class_days)};"
                " correct it, or add the day to class_days"
            )
    return ""


def _explain(error: ValidationError) -> str:
    """Every fault in one line: key path, value, what is allowed."""
    faults = []
    for fault in error.errors(include_url=False):
        loc = fault["loc"]
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc).lstrip(".")
        if fault["type"] == "extra_forbidden":
            sections: dict[str, type[BaseModel]] = {"lectures": _Lecture, "holidays": _Holiday}
            section = sections.get(str(loc[0]), _File) if len(loc) > 1 else _File
            allowed = sorted(section.model_fields)
            close = difflib.get_close_matches(str(loc[-1]), allowed, n=1)
            guess = f"did you mean {close[0]!r}? " if close else ""
            faults.append(f"{path}: unknown key; {guess}allowed: {', '.join(allowed)}")
        elif fault["type"] == "missing":
            faults.append(f"{path}: is missing")
        else:
            shown = repr(fault.get("input"))
            shown = shown if len(shown) <= 60 else shown[:57] + "..."
            faults.append(f"{path}: got {shown}; {fault['msg'].removeprefix('Value error, ')}")
    return "; ".join(faults)


def load_course(config: Config) -> Syllabus | None:
    """The configured syllabus; None where there is none."""
    return load_syllabus(config.course.syllabus) if config.course.syllabus else None
