"""A syllabus is read as written; whatever is wrong with it is one line that names the key."""

from __future__ import annotations

from datetime import date

import pytest

from digest.errors import ConfigError
from digest.lecture.syllabus import Holiday, Lecture, load_syllabus

GOOD = """
course: STAT 453
term: Spring 2021
lecturer: Dr. Ada Example
url: https://example.org/stat453
class_days: [tue, thu]
holidays:
  - {date: 2021-02-12, name: Lunar New Year}
lectures:
  - {number: 2, title: Perceptrons, date: 2021-02-16, keywords: [perceptron]}
  - {number: 1, title: History, date: 2021-02-11, topics: [theory], url: "https://example.org/1"}
  - {number: 3, title: A guest}
"""


def load(tmp_path, text):
    path = tmp_path / "syllabus.yaml"
    path.write_text(text)
    return load_syllabus(path)


def error(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{tmp_path / 'syllabus.yaml'}: ")


def test_lectures_come_by_number_with_all_they_have(tmp_path):
    syllabus = load(tmp_path, GOOD)

    assert ("STAT 453", "Spring 2021", "Dr. Ada Example") == (
        syllabus.course,
        syllabus.term,
        syllabus.lecturer,
    )
    assert (Holiday(date(2021, 2, 12), "Lunar New Year"),) == syllabus.holidays
    assert (
        Lecture(
            number=1, title="History", date=date(2021, 2, 11), topics=("theory",), url="https://example.org/1"
        ),
        Lecture(number=2, title="Perceptrons", date=date(2021, 2, 16), keywords=("perceptron",)),
        Lecture(number=3, title="A guest"),
    ) == syllabus.lectures  # fmt: skip


@pytest.mark.parametrize(
    ("day", "number"),
    [("2021-02-10", 1), ("2021-02-11", 2), ("2021-02-13", 2), ("2021-02-16", None)],
)
def test_the_next_class_is_the_first_after_the_day(tmp_path, day, number):
    lecture = load(tmp_path, GOOD).next_class(date.fromisoformat(day))

    assert number == (lecture.number if lecture else None)


@pytest.mark.parametrize(
    ("day", "tenses"),
    [
        ("2021-02-13", ("past", "future", "undated")),
        ("2021-02-11", ("today", "future", "undated")),
    ],
)
def test_the_tense_of_a_lecture_follows_the_day(tmp_path, day, tenses):
    lectures = load(tmp_path, GOOD).lectures

    assert tenses == tuple(x.tense_at(date.fromisoformat(day)) for x in lectures)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty (it needs at least 'lectures:')"),
        ("[1, 2]", "must be a mapping, not a list (it needs at least 'lectures:')"),
        ("course: X", "lectures: is missing"),
        ("lectures: [{title: A}]", "lectures[0].number: is missing"),
        ("lectures: [{number: 1, title: ''}]", "lectures[0].title: got ''; "),
        (
            "lectures: [{number: 1, title: A, keyword: [x]}]",
            "lectures[0].keyword: unknown key; did you mean 'keywords'? allowed: date, keywords, number, title, topics, url",
        ),
        (
            "lecturs: []\nlectures: [{number: 1, title: A}]",
            "lecturs: unknown key; did you mean 'lectures'?",
        ),
        ("lectures: [{number: 1, title: A, date: soon}]", "lectures[0].date: got 'soon'; "),
        ("lectures: [{number: 1, title: A, date: 2021-02-30}]", "not YAML: "),
        ("lectures: [{number: 1, title: A, url: 'javascript:x'}]", "lectures[0].url: got "),
        ("class_days: [tuesday]\nlectures: [{number: 1, title: A}]", "class_days[0]: got 'tuesday'; "),
        (
            "lectures: [{number: 1, title: A}, {number: 1, title: B}]",
            "lectures[1].number: 1 is used twice, also by lectures[0]",
        ),
        (
            "lectures: [{number: 1, title: A, date: 2021-02-11}, {number: 2, title: B, date: 2021-02-11}]",
            "lectures[1].date: 2021-02-11 is taken by lectures[0]",
        ),
        (
            "class_days: [tue]\nlectures: [{number: 1, title: A, date: 2021-02-11}]",
            "lectures[0].date: 2021-02-11 is a thu, not one of class_days: tue",
        ),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line(tmp_path, text, message):
    assert error(tmp_path, text).startswith(message)


def test_a_line_that_is_no_yaml_is_named(tmp_path):
    assert "line 2, column" in error(tmp_path, "course: X\nlectures: [")


def test_a_missing_file_says_where_it_was_named(tmp_path):
    with pytest.raises(ConfigError, match=r"no such file \(course\.syllabus in feeds\.yaml"):
        load_syllabus(tmp_path / "none.yaml")
