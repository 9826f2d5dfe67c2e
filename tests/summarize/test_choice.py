"""Of several versions of a summary the one that most of them agree on comes first."""

import pytest

from digest.alignment import fragments
from digest.summarize.choice import (
    FRAGMENT,
    MOST_SENTENCES,
    UNKNOWN,
    best_first,
    candidates,
    features,
    nearest_sentences,
    penalties,
)

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

    assert found.index(AGREED) < found.index(STRAY)
    assert STRAY == found[-1]


def test_each_version_comes_once_and_empty_ones_do_not_come():
    assert [AGREED] == best_first([AGREED, "", AGREED, "  "], TITLE, "")
    assert [] == best_first(["", " "], TITLE, TEXT)


def test_the_sentences_of_the_text_stand_for_choice_and_win_where_the_versions_agree_on_them():
    said = "We prune vision transformers by the flow of gradients through their heads."
    loose = "We prune the heads of transformers by gradients that flow through heads in vision."

    assert said in candidates([loose], nearest_sentences([loose], TEXT))
    assert said == best_first([loose, AGREED], TITLE, TEXT)[0]
    assert STRAY == best_first([STRAY] * 3, STRAY, f"{STRAY} {TEXT}")[0]


@pytest.mark.parametrize(
    ("sentence", "offered"),
    [
        ("In this paper, we prune the heads of transformers.", "We prune the heads of transformers."),
        ("To close this gap between them, we prune the heads of transformers.", "We prune the heads of transformers."),
        ("To fill such a gap, a pruning of heads is proposed.", "A pruning of heads is proposed."),
        ("For this we prune the heads of transformers.", "We prune the heads of transformers."),
        ("To improve it we prune the heads of transformers.", None),
        ("We prune the heads of transformers; code is there.", "We prune the heads of transformers."),
        ("The proposed method prunes the heads of transformers.", None),
        ("However, heads of transformers are many and slow.", None),
        ("It prunes the heads of such vision transformers.", None),
        ("Can the heads of a transformer be pruned at once?", None),
        ("Code is here.", None),
    ],
)  # fmt: skip
def test_a_sentence_is_offered_without_its_opener_if_it_stands_alone(sentence, offered):
    text = f"Transformers have heads of many kinds. {sentence}"

    found = candidates([], nearest_sentences([], text))

    assert (offered in found) if offered else (len(found) == 1)


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
    "stray",
    [
        "Gradients tell which pieces of a vision model are useless, and half of the pieces are.",
        "We prune accuracy by the flow of half of the vision heads without loss of gradients.",
    ],
)
def test_a_version_that_strays_from_the_source_gives_way(monkeypatch, stray):
    versions = [*[stray] * 3, AGREED]

    found = best_first(versions, TITLE, TEXT)
    for name in ("UNKNOWN", "FRAGMENT"):
        monkeypatch.setattr(f"digest.summarize.choice.{name}", 0.0)
    unpenalized = best_first(versions, TITLE, TEXT)

    assert found.index(AGREED) < found.index(stray)
    assert unpenalized.index(stray) < unpenalized.index(AGREED)


def test_unknown_words_and_pieces_are_penalized():
    quoted = "We prune vision transformers by the flow of gradients through their heads."
    joined = "We prune vision transformers without loss of accuracy."
    foreign = "We prune vision transformers with bees."

    losses = penalties([quoted, joined, foreign], TITLE, TEXT, nearest_sentences([], TEXT))

    assert [FRAGMENT, 2 * FRAGMENT, UNKNOWN + 3 * FRAGMENT] == losses


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "We prune vision transformers by the flow of gradients"),
        (1, "we prune, vision transformers!"),
        (2, "half of the heads prune vision transformers"),
        (4, "gradients of vision flow"),
        (3, "bees prune wasps"),
        (0, "..."),
    ],
)
def test_fragments_are_counted_from_the_left_longest_first(count, sentence):
    assert count == fragments(sentence, TEXT.split(". "))


def test_a_beginning_takes_the_place_of_a_version_that_ends_in_what_the_source_does_not_say():
    begun = "We prune the heads of vision transformers by the flow of gradients."
    gone_on = f"{begun[:-1]}, which a camera and a compass on bees in the rain confirm."

    found = best_first([gone_on] * 3, TITLE, TEXT)
    with_beginning = best_first([gone_on] * 3, TITLE, TEXT, beginnings=[begun, begun])

    assert [v for v in with_beginning if v != begun] == found
    assert with_beginning.index(begun) < with_beginning.index(gone_on)


def test_beginnings_do_not_vote():
    begun = [f"{STRAY.removesuffix('.')[:n]}." for n in range(30, 60)]

    found = best_first([STRAY, AGREED, ALIKE], TITLE, TEXT, beginnings=begun)

    assert max(found.index(AGREED), found.index(ALIKE)) < min(found.index(b) for b in begun)


def test_of_a_long_text_the_sentences_nearest_to_the_versions_are_looked_at():
    noise = [f"Room {i} of the hotel has a window with a view of lake {i}." for i in range(500)]
    told = "We prune vision transformers by the flow of gradients through their heads."
    text = " ".join([*noise[:400], told, *noise[400:]])

    found = nearest_sentences([AGREED, ALIKE], text)

    assert told in found
    assert found == [s for s in [*noise[:400], told, *noise[400:]] if s in found], "in order"
    assert MOST_SENTENCES == len(found)
    assert told == best_first([AGREED, ALIKE], TITLE, text)[0]
