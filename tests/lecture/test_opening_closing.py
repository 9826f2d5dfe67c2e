"""Greeting, recap, theme and sign-off are computed from the calendar and from stored issues."""

from __future__ import annotations

from datetime import date

import pytest

from digest.lecture import closing, opening
from digest.lecture.syllabus import Holiday, Lecture, Syllabus
from digest.types import Selection
from digest.week import Week
from tests.lecture.make import item, ranked

WEEK = Week.parse("2021-W06")
DAY = date(2021, 2, 13)


def selection(*topics):
    return Selection(full=tuple(ranked(item(id_=f"x:{i}"), topics=t) for i, t in enumerate(topics)), brief=(), left_out=())  # fmt: skip


def test_the_greeting_numbers_and_dates_the_issue():
    assert (
        "Welcome to Deep Learning News no. 3, for the week to Saturday 13 February 2021."
        == opening.greeting("Deep Learning News", 3, DAY)
    )


@pytest.mark.parametrize(
    ("topics", "theme"),
    [
        ([("vision",), ("vision",), ("language",)], "computer vision"),
        ([("vision",), ("language",)], ""),
        ([("vision",)], ""),
        ([(), ()], ""),
        ([("theory", "vision"), ("vision", "theory"), ("vision",)], "computer vision"),
    ],
)
def test_a_theme_is_a_topic_that_stands_out(topics, theme):
    assert theme == opening.theme_of(selection(*topics))


def test_the_theme_is_weighed_against_last_weeks(issue_two):
    assert (
        "After a week of language models, this week is more about computer vision."
        == opening.theme_sentence("computer vision", (issue_two,), WEEK)
    )
    assert "This week is again mostly about language models." == opening.theme_sentence(
        "language models", (issue_two,), WEEK
    )
    assert "This week is mostly about robotics." == opening.theme_sentence("robotics", (), WEEK)
    assert "" == opening.theme_sentence("", (issue_two,), WEEK)


def test_the_recap_is_of_the_stored_issue_before(issue_two):
    recap = opening.recap((issue_two,), WEEK)

    assert (
        "Last week was mostly about language models; the main story was “Why do nets learn?”"
        == recap.sentence.removesuffix(".")
    )
    assert (2, issue_two.date) == (recap.issue_number, recap.date)


def test_an_older_issue_is_not_called_last_week(issue_two):
    assert opening.recap((issue_two,), Week.parse("2021-W09")).sentence.startswith(
        "The last issue, no. 2 of Thursday 4 February, was mostly about"
    )


def test_without_an_issue_before_there_is_no_recap():
    assert None is opening.recap((), WEEK)


def test_openings_vary_and_suit_the_kind():
    line = opening.Openings(WEEK, {"blog": "The Blog", "r/ML": "r/ML"}, 5).line
    lines = [
        line(ranked(item(title="One", authors=("Ann", "Bob")))),
        line(ranked(item(id_="reddit:1", title="[D] Why?", kind="thread", source="r/ML"))),
        line(ranked(item(id_="feed:1", title="Two", kind="post", source="blog"), topics=())),
        line(ranked(item(id_="arxiv:1", title="Three", authors=("A", "B", "C", "D")))),
        line(ranked(item(id_="arxiv:2", title="Four", authors=("Eve",)))),
    ]

    assert [
        "We start with computer vision. The title of the paper is “One”, by Ann and Bob.",
        "This one is not so much news as a discussion on r/ML: “Why?”",
        "An article on the Blog: “Two”.",
        "The title of the next paper is “Three”, by A and colleagues.",
        "One last story. Staying with computer vision, another paper from Eve: “Four”.",
    ] == lines


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"id_": "doi:10.1371/x", "doi": "10.1371/x"}, "An article in The Source: “T”."),
        ({"id_": "doi:10.1101/x", "doi": "10.1101/x"}, "The title of the next paper is “T”."),
        ({"id_": "openreview:abc"}, "The title of the next paper is “T”."),
        (
            {"kind": "post", "url": "https://www.youtube.com/watch?v=a"},
            "A video by The Source: “T”.",
        ),
        ({"kind": "post", "url": "https://x.org/a"}, "An article on the Source: “T”."),
    ],
)
def test_only_a_journal_is_called_one_and_a_video_is_no_article(fields, line):
    one = item(title="T", source="s", **fields)

    assert line == opening.Openings(WEEK, {"s": "The Source"}, 3).line(ranked(one, topics=()))


@pytest.mark.parametrize(
    ("name", "day", "sentence"),
    [
        ("Lunar New Year", date(2021, 2, 12), "Happy Lunar New Year."),
        ("Presidents' Day", date(2021, 2, 15), "Presidents' Day is on Monday 15 February."),
        ("New Year's Day", date(2021, 2, 15), "Happy New Year."),
        ("Founders' Day", date(2021, 2, 13), "Today is Founders' Day."),
        ("Easter Monday", date(2021, 2, 14), "Easter Monday is on Sunday 14 February."),
        ("Spring recess", date(2021, 2, 16), "Spring recess is on Tuesday 16 February."),
        ("Memorial Day", date(2021, 2, 11), "Memorial Day was on Thursday 11 February."),
        ("Happy Founders’ Day", date(2021, 2, 13), "Happy Founders' Day."),
    ],
)
def test_a_holiday_near_the_day_is_thought_of(name, day, sentence):
    assert f"{sentence} Have a nice weekend." == closing.closing(DAY, None, [Holiday(day, name)])


def test_a_holiday_far_off_is_not():
    assert "Have a nice weekend." == closing.closing(
        DAY, None, [Holiday(date(2021, 2, 17), "Far Day")]
    )


def test_the_sign_off_names_the_next_class():
    lecture = Lecture(number=7, title="Automatic differentiation", date=date(2021, 2, 16))
    ahead = closing.next_class(Syllabus(lectures=(lecture,)), DAY)

    assert (
        "Have a nice weekend. See you back in class on Tuesday 16 February: lecture 7, “Automatic differentiation”."
        == closing.closing(DAY, ahead, ())
    )


def test_without_a_syllabus_there_is_no_next_class():
    assert None is closing.next_class(None, DAY)
    assert "Have a good week." == closing.closing(date(2021, 2, 15), None, ())
