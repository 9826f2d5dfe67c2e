"""Of several versions of a summary the one that most of them agree on comes first."""

from digest.summarize.choice import best_first, features

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


def test_a_version_in_words_of_its_own_gives_way_to_one_in_those_of_the_source(monkeypatch):
    loose = "Gradients tell which pieces of a vision model are useless, and half of the pieces are."
    versions = [*[loose] * 7, AGREED]

    assert loose != best_first(versions, TITLE, TEXT)[0]
    for name in ("LOOSE", "TORN"):
        monkeypatch.setattr(f"digest.summarize.choice.{name}", 0.0)
    assert loose == best_first(versions, TITLE, TEXT)[0]


def test_a_version_that_ties_words_of_the_source_together_anew_gives_way(monkeypatch):
    torn = "We prune accuracy by the flow of vision heads through the loss of gradients."
    versions = [*[torn] * 9, AGREED]

    assert AGREED == best_first(versions, TITLE, TEXT)[0]
    for name in ("LOOSE", "TORN"):
        monkeypatch.setattr(f"digest.summarize.choice.{name}", 0.0)
    assert torn == best_first(versions, TITLE, TEXT)[0]
