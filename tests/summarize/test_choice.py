"""Of several versions of a summary the one that most of them agree on comes first."""

import pytest

from digest.summarize.choice import SCATTERED, UNKNOWN, best_first, features, penalties

TITLE = "Pruning of vision transformers by gradient flow"
TEXT = (
    "We prune vision transformers by the flow of gradients through their heads. Half of the heads can go without"
    " loss of accuracy."
)
AGREED = "We prune the heads of vision transformers by the flow of gradients through them."
ALIKE = "We prune heads of vision transformers by the flow of gradients through their heads."
STRAY = "A study of how bees find their way home after rain, with a camera and a compass."


def test_what_the_versions_agree_on_comes_before_what_one_of_them_says():
    found = best_first([STRAY, AGREED, ALIKE], TITLE, TEXT)

    assert {AGREED, ALIKE, STRAY} == set(found)
    assert STRAY == found[-1]


def test_each_version_comes_once_and_empty_ones_do_not_come():
    assert [AGREED] == best_first([AGREED, "", AGREED, "  "], TITLE, TEXT)
    assert [] == best_first(["", " "], TITLE, TEXT)


def test_the_order_of_the_versions_does_not_matter():
    assert best_first([AGREED, STRAY, ALIKE], TITLE, TEXT) == best_first([ALIKE, AGREED, STRAY], TITLE, TEXT)  # fmt: skip


def test_what_was_written_more_often_counts_more_often():
    once = features([AGREED, STRAY], [AGREED, STRAY], TITLE, TEXT)
    thrice = features([AGREED, STRAY, STRAY, STRAY], [AGREED, STRAY], TITLE, TEXT)

    assert thrice[1][0] > once[1][0] > 0.5
    assert thrice[0][0] < once[0][0]


def test_words_of_the_source_and_the_title_are_counted_as_such():
    (row,) = features([AGREED], [AGREED], AGREED, AGREED)

    assert (1.0, 1.0, 1.0) == row[:3]
    assert (0.0, 0.0) == features([STRAY], [STRAY], "", "")[0][1:3]


@pytest.mark.parametrize(
    ("stray", "times"),
    [
        (
            "Gradients tell which pieces of a vision model are useless, and half of the pieces are.",
            5,
        ),
        ("We prune accuracy by the flow of half of the vision heads without loss of gradients.", 2),
    ],
)
def test_a_version_that_strays_from_the_source_gives_way(monkeypatch, stray, times):
    versions = [*[stray] * times, AGREED]

    assert AGREED == best_first(versions, TITLE, TEXT)[0]
    for name in ("UNKNOWN", "SCATTERED"):
        monkeypatch.setattr(f"digest.summarize.choice.{name}", 0.0)
    assert stray == best_first(versions, TITLE, TEXT)[0]


def test_unknown_words_and_words_from_several_sentences_are_penalized():
    quoted = "We prune vision transformers by the flow of gradients through their heads."
    joined = "We prune vision transformers without loss of accuracy."
    foreign = "We prune vision transformers with bees."

    losses = penalties([quoted, joined, foreign], TITLE, TEXT)

    assert 0.0 == losses[0]
    told = 5  # prune, vision, transformers; loss and accuracy stand elsewhere
    assert [SCATTERED * 2 / told, UNKNOWN + SCATTERED / 4] == pytest.approx(losses[1:])


def test_a_beginning_takes_the_place_of_a_version_that_ends_in_what_the_source_does_not_say():
    begun = "We prune vision transformers by the flow of gradients through their heads."
    gone_on = f"{begun[:-1]}, which a camera and a compass on bees in the rain confirm."

    assert gone_on == best_first([gone_on] * 3, TITLE, TEXT)[0]
    assert [begun, gone_on] == best_first([gone_on] * 3, TITLE, TEXT, beginnings=[begun, begun])


def test_beginnings_do_not_vote():
    begun = [f"{STRAY.removesuffix('.')[:n]}." for n in range(30, 60)]

    found = best_first([STRAY, AGREED, ALIKE], TITLE, TEXT, beginnings=begun)

    assert {AGREED, ALIKE} == set(found[:2])
