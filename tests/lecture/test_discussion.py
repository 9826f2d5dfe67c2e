"""A thread is reported as question and positions, with how many hold them, in brief quotations."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

from digest.embeddings import Embeddings
from digest.lecture.comments import MAX_READ, plain, sift, stance
from digest.lecture.discussion import brief_quote, discussion_of
from digest.types import Span, Story
from tests.lecture.make import comment, item

POST = "I teach statistics. Which results of deep learning theory still stand today?"


def thread(*comments, text=POST, title="[D] Deep learning theory", **kw):
    kw = {"score": 12, "comment_count": 7} | kw
    return item(
        "reddit:1", title, text, kind="thread", source="r/ML", comments=tuple(comments), **kw
    )


def discussion(*comments, told=(), vectors=None, **kw):
    one = thread(*comments, **kw)
    story = Story(key=one.id, items=(one,))
    return discussion_of(story, {"r/ML": "r/MachineLearning"}, told=told, vectors=vectors)


def vectors_of(rows):
    """Unit vectors in a plane, by comment id and angle in degrees."""
    angles = np.radians(list(rows.values()))
    matrix = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    return Embeddings(row_of={i: n for n, i in enumerate(rows)}, matrix=matrix)


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
        comment("Double descent is real and shows up in wide networks on CIFAR.", "ann", 5, id_="a"),
        comment("Lottery tickets fail on large networks unless you rewind them early.", "bob", 9, id_="b"),
        comment("In wide networks on CIFAR double descent is real and shows up.", "cyd", 3, id_="c"),
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


PLAIN_WORDS = "The kernel limit explains wide networks well enough for me."
OTHER_WORDS = "I trust infinite width: it tells why gradient descent works here."


def test_comments_that_say_the_same_in_other_words_are_one_position_where_vectors_tell():
    said = (comment(PLAIN_WORDS, "ann", 9, id_="a"), comment(OTHER_WORDS, "bob", 4, id_="b"))

    (held,) = discussion(*said, vectors=vectors_of({"a": 0, "b": 20})).positions

    assert (2, 9, 13, "ann") == (held.comment_count, held.score, held.total_score, held.author)
    assert 2 == len(discussion(*said, vectors=vectors_of({"a": 0, "b": 60})).positions)
    assert 2 == len(discussion(*said).positions)


def test_near_vectors_do_not_join_a_comment_and_its_denial():
    said = (
        comment(PLAIN_WORDS, "ann", id_="a"),
        comment("The kernel limit does not explain wide networks well enough.", "bob", id_="b"),
    )

    assert 2 == len(discussion(*said, vectors=vectors_of({"a": 0, "b": 1})).positions)


def test_who_says_it_twice_is_one_voice():
    said = (comment(PLAIN_WORDS, "ann", id_="a"), comment(OTHER_WORDS, "ann", id_="b"))

    assert [1] == [
        p.comment_count for p in discussion(*said, vectors=vectors_of({"a": 0, "b": 5})).positions
    ]


def test_an_answer_is_not_counted_with_what_it_answers():
    said = (
        comment(PLAIN_WORDS, "ann", 9, id_="a"),
        comment(OTHER_WORDS, "bob", 3, depth=1, id_="b", parent_id="a"),
    )
    found = discussion(*said, vectors=vectors_of({"a": 0, "b": 5})).positions

    assert [1, 1] == [p.comment_count for p in found]


def test_replies_that_agree_or_object_are_counted_and_the_best_objection_is_quoted():
    found = discussion(
        comment(PLAIN_WORDS, "ann", 9, id_="a"),
        comment("Exactly.", "bob", 3, depth=1, id_="b", parent_id="a"),
        comment("I disagree: no features are learned in that limit at all.", "cyd", 5, depth=1, id_="c", parent_id="a"),
        comment("Not convinced.", "dan", 2, depth=1, id_="d", parent_id="a"),
    )  # fmt: skip
    held = found.positions[0]

    assert (1, 2, "https://r.org/c") == (held.agreeing, held.objecting, held.objection.url)
    assert (
        "This is disputed: 2 comments object to what they answer, and one agrees."
        == found.agreement.text
    )
    assert ("digest", ()) == (found.agreement.origin, found.agreement.spans)


def test_single_voices_are_not_called_more():
    said = [comment(PLAIN_WORDS, "ann", id_="a"), comment(OTHER_WORDS, "bob", id_="b")]
    assert None is discussion(*said).agreement

    found = discussion(
        *said,
        comment("Most gains on this benchmark come from longer training.", "cyd", id_="c"),
        comment("Somebody has to publish the seeds before I believe a word.", "dan", id_="d"),
    )

    assert "No two of the 4 comments read say the same, so each of these is one voice." == (
        found.agreement.text
    )


def test_one_comment_alone_says_nothing_of_agreement():
    assert None is discussion(comment(PLAIN_WORDS)).agreement


@pytest.mark.parametrize(
    ("text", "parent", "expected"),
    [
        ("I completely agree, and so does my group.", "It works.", "agrees"),
        ("This. We saw it too.", "It works.", "agrees"),
        ("Exactly what do you mean by width?", "It works.", ""),
        ("I agree, but only for small networks.", "It works.", ""),
        ("That's not true for transformers.", "It works.", "objects"),
        ("I don't think so.", "It works.", "objects"),
        ("No, it fails on large networks.", "It works.", "objects"),
        ("No, it fails on large networks.", "Does it work?", ""),
        ("Yes, on my data too.", "Does it work?", ""),
        ("Yeah, same with ours.", "It works.", "agrees"),
        ("The agreement between runs is high.", "It works.", ""),
    ],
)
def test_a_stance_is_what_a_reply_begins_with(text, parent, expected):
    assert expected == stance(comment(text, depth=1), comment(parent, id_="p"))


@pytest.mark.parametrize(
    ("text", "author", "reason"),
    [
        ("[deleted]", "ann", "deleted"),
        ("This paper is summarized in the table below for you all.", "paper-bot", "bot"),
        ("RemindMe! one week, I want to read this later on", "ann", "bot"),
        ("https://example.org/a/long/path/to/some/page.html", "ann", "link"),
        ("See [the paper](https://example.org/paper).", "ann", "link"),
        ("So true.", "ann", "short"),
        ("Thank you so much for sharing, I will read it on the train.", "ann", "cheer"),
        ("My loss went to NaN so it is clearly sentient by now lol", "ann", "joke"),
        ("Das Verfahren ist auf großen Netzen leider viel zu langsam gewesen", "ann", "foreign"),
        ("这个方法在大模型上不起作用", "ann", "foreign"),
    ],
)
def test_what_holds_no_position_is_left_out_and_counted(text, author, reason):
    sifted = sift([comment(text, author)])

    assert ((), ((reason, 1),)) == (sifted.kept, sifted.left_out)


def test_the_same_comment_posted_twice_is_read_once():
    sifted = sift([comment(PLAIN_WORDS, id_="a"), comment(PLAIN_WORDS, id_="b")])

    assert (1, (("repeated", 1),)) == (len(sifted.kept), sifted.left_out)


def test_a_thread_of_two_thousand_comments_is_read_from_the_top_in_bounded_time():
    many = [
        comment(f"Point {n} of mine is that method {n * 7} beats baseline {n * 3} on task {n * 5}.",
                f"user{n}", n, depth=n % 40, id_=f"c{n}", parent_id=f"c{n - 1}" if n % 40 else "")
        for n in range(2000)
    ]  # fmt: skip
    vectors = vectors_of({f"c{n}": n % 180 for n in range(2000)})
    start = process_time()
    found = discussion(*many, vectors=vectors)

    assert MAX_READ == found.read_count
    assert [("of fewer points, beyond the 150 best", 1850)] == list(found.left_out)
    assert process_time() - start < 1


def test_what_only_asks_is_no_position_and_may_be_an_open_question():
    found = discussion(comment("Has anybody tried this on graphs with noisy node labels?"))

    assert ((), 1) == (found.positions, len(found.open_questions))


def test_an_answer_in_the_middle_of_a_talk_does_not_speak_for_a_position():
    found = discussion(
        comment("And that is why nobody in my group uses it at all.", depth=2, parent_id="x")
    )

    assert () == found.positions
