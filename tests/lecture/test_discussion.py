"""A thread is reported as question and positions, with how many hold them, in brief quotations."""

from __future__ import annotations

import pytest

from digest.lecture.discussion import brief_quote, discussion_of, plain
from digest.types import Span, Story
from tests.lecture.make import comment, item

POST = "I teach statistics. Which results of deep learning theory still stand today?"


def thread(*comments, text=POST, title="[D] Deep learning theory", **kw):
    kw = {"score": 12, "comment_count": 7} | kw
    return item(
        "reddit:1", title, text, kind="thread", source="r/ML", comments=tuple(comments), **kw
    )


def discussion(*comments, told=(), **kw):
    one = thread(*comments, **kw)
    return discussion_of(Story(key=one.id, items=(one,)), {"r/ML": "r/MachineLearning"}, told=told)


def test_the_question_is_the_posts_own_with_its_place():
    question = discussion().question

    assert "Which results of deep learning theory still stand today?" == question.text
    (span,) = question.spans
    assert question.text == POST[span.start : span.end]


def test_a_question_that_is_the_headline_already_is_not_asked_twice():
    start = POST.index("Which")

    assert None is discussion(told={Span(item_id="reddit:1", start=start, end=len(POST))})


def test_without_comments_there_are_no_positions_and_no_counts_are_made_up():
    found = discussion(score=None, comment_count=None)

    assert ((), None, None) == (found.positions, found.score, found.comment_count)


def test_each_position_comes_with_its_best_comment_and_how_many_hold_it():
    found = discussion(
        comment("Double descent is real and shows up in wide networks on CIFAR.", score=5, id_="a"),
        comment("Lottery tickets fail on large networks unless you rewind them early.", score=9, id_="b"),
        comment("In wide networks on CIFAR double descent is real and shows up.", score=3, id_="c"),
    )  # fmt: skip

    assert [("https://r.org/b", 1, 9), ("https://r.org/a", 2, 5)] == [
        (p.url, p.comment_count, p.score) for p in found.positions
    ]


def test_a_comment_that_dissents_is_a_position_of_its_own():
    found = discussion(
        comment("Double descent is real and shows up in wide networks.", id_="a"),
        comment("Double descent is not real, it shows up in wide networks by a bug.", id_="b"),
    )

    assert [1, 1] == [p.comment_count for p in found.positions]


@pytest.mark.parametrize(
    "noise",
    [
        comment("[removed]"),
        comment("Thanks, great post!"),
        comment("I am a bot, and this action was performed automatically today.", author="AutoModerator"),
    ],
)  # fmt: skip
def test_noise_is_no_position(noise):
    assert () == discussion(noise).positions


def test_what_commenters_call_open_is_an_open_question():
    found = discussion(
        comment("It is a nice idea. Nobody knows whether it holds for language models at all.")
    )

    assert ["Nobody knows whether it holds for language models at all."] == [
        q.text for q in found.open_questions
    ]


def test_a_link_post_without_text_has_positions_and_no_question():
    found = discussion(
        comment("The clipping threshold is a new knob that one has to set."), text=""
    )

    assert (None, 1) == (found.question, len(found.positions))


def test_a_story_without_a_thread_has_no_discussion():
    assert None is discussion_of(Story(key="a", items=(item(),)), {})


def test_a_quotation_ends_with_a_sentence():
    text = "One two three four. Then " + "word " * 38 + "end."

    assert "One two three four." == brief_quote(text)
    assert "word " * 39 + "word …" == brief_quote("word " * 60)


def test_markdown_and_quotations_of_others_are_taken_off():
    assert "See the paper, it is bold." == plain(
        "> what others said\n\nSee [the paper](https://x.org/p), it is **bold**."
    )
