"""A story is tied to a lecture only on clear evidence, and the sentence has the tense of the day."""

from __future__ import annotations

from datetime import date

import pytest

from digest.lecture.course import CourseMatcher, course_link, lecture_title, spoken_keyword
from digest.lecture.syllabus import Lecture
from digest.lecture.texts import StoryText
from tests.lecture.make import item, ranked

DAY = date(2021, 2, 13)
NORM = Lecture(
    number=11,
    title="Batch normalization",
    date=date(2021, 3, 2),
    topics=("optimization",),
    keywords=("batch normalization", "gradient clipping"),
)
VISION = Lecture(
    number=2,
    title="History",
    date=date(2021, 1, 28),
    topics=("vision",),
    keywords=("ImageNet", "image recognition", "data set"),
)
TRANSFORMER = Lecture(
    number=20,
    title="Attention",
    date=date(2021, 4, 8),
    topics=("language",),
    keywords=("attention",),
)
COURSE = (VISION, NORM, TRANSFORMER)


def link(title, text="", topics=("vision",), corpus=(), headline=""):
    story = StoryText.of(ranked(item(title=title, text=text)).story)
    found = CourseMatcher(COURSE, corpus).link(story, headline, topics, DAY)
    return found.lecture if found else None


def test_a_keyword_in_the_title_is_a_link():
    assert 20 == link("Is attention all you need?")


def test_a_single_mention_in_passing_is_no_link():
    assert None is link("Better sound", "We start from a network trained on ImageNet.")


def test_the_topic_alone_is_no_link():
    assert None is link("Better sound", "Nothing of the course is named.", topics=("vision",))


def test_a_keyword_that_the_text_comes_back_to_is_a_link():
    text = "Batch normalization costs memory. Without batch normalization training fails. Gradient clipping helps."

    assert 11 == link("Networks without it", text)


def test_inflected_keywords_are_found():
    assert 11 == link("Batch-normalized networks", "")


def test_the_more_specific_lecture_wins_over_the_broad_one():
    text = "Batch normalization is removed. Gradient clipping replaces batch normalization. We use ImageNet once."

    assert 11 == link("Image recognition without batch normalization", text)


def test_a_keyword_of_the_headline_is_a_link():
    assert 11 == link(
        "Big networks",
        "Adaptive gradient clipping is new.",
        headline="They propose gradient clipping.",
    )


def test_a_single_word_is_not_found_in_other_forms_of_it():
    projects = Lecture(number=26, title="Projects", keywords=("presentation",))
    text = "We present a net. We present it here. We present it again."
    story = StoryText.of(ranked(item(title="Present", text=text)).story)

    assert None is CourseMatcher([projects], ()).link(story, text, (), DAY)


def test_a_term_written_out_with_its_acronym_is_central():
    gans = Lecture(number=24, title="GANs", keywords=("generative adversarial network", "GAN"))
    text = "We train generative adversarial networks (GANs) on genomes."
    story = StoryText.of(ranked(item(title="Genomes", text=text)).story)

    assert 24 == CourseMatcher([gans], ()).link(story, "", (), DAY).lecture


def test_a_keyword_of_half_the_week_counts_for_little():
    corpus = [StoryText.of(ranked(item(text="a data set")).story) for _ in range(14)]

    assert 2 == link("A data set", "The data set is new.")
    assert None is link("A data set", "The data set is new.", corpus=corpus, topics=("audio",))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            None,
            "In this course batch normalization belongs to lecture 11, “Batch normalization”.",
        ),
        (
            date(2021, 2, 4),
            "We covered batch normalization in lecture 11, “Batch normalization”, on Thursday 4 February.",
        ),
        (DAY, "Today we cover batch normalization: lecture 11, “Batch normalization”."),
        (
            date(2021, 2, 16),
            "We cover batch normalization on Tuesday: lecture 11, “Batch normalization”.",
        ),
        (
            date(2021, 2, 20),
            "We come to batch normalization later this term: lecture 11, “Batch normalization”, on Saturday 20 February.",
        ),
        (
            date(2021, 3, 23),
            "We come to batch normalization later this term: lecture 11, “Batch normalization”, on 23 March.",
        ),
    ],
)
def test_the_sentence_has_the_tense_of_the_day(day, sentence):
    lecture = Lecture(number=11, title="Batch normalization", date=day)

    assert sentence == course_link(lecture, "batch normalization", DAY).sentence


@pytest.mark.parametrize(
    ("keyword", "spoken"),
    [
        ("batch normalization", "batch normalization"),
        ("residual network", "residual networks"),
        ("GAN", "this"),
        ("fairness", "this"),
        ("top-1 accuracy", "top-1 accuracy"),
        ("model capacity", "model capacity"),
        ("what is learned", "this"),
    ],
)
def test_a_keyword_is_spoken_only_where_it_needs_no_article(keyword, spoken):
    assert spoken == spoken_keyword(keyword)


def test_a_title_is_quoted():
    assert "“Attention, please”" == lecture_title("Attention, please.")
    assert "“Attention”" == lecture_title("Attention")
