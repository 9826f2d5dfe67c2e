"""Corrections by hand: they hold in every later run, and of two that contradict each other the later one holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.group import group
from digest.group.corrections import constraints
from digest.types import Correction, Item

DAY = datetime(2021, 2, 9, tzinfo=UTC)
LONG = "Words of its own that go on for quite some time and name no work at all. " * 5


def paper(number, title):
    return Item(
        id=f"arxiv:2102.0000{number}", source="arXiv", kind="paper", title=title, text=LONG,
        url=f"http://arxiv.org/abs/2102.0000{number}v1", published=DAY, authors=(f"Author {number}",),
    )  # fmt: skip


def thread(name, title, *links):
    return Item(
        id=f"reddit:{name}", source="r/MachineLearning", kind="thread", title=title, links=links, published=DAY,
        url=f"https://www.reddit.com/r/MachineLearning/comments/{name}/x/",
    )  # fmt: skip


ONE, TWO = paper(1, "How to Fold a Protein Twice"), paper(2, "Sorting Without Any Comparison")
TALK = thread("aaaaaa", "[D] Folding things", "https://arxiv.org/abs/2102.00001")
ECHO = thread("bbbbbb", "[D] Folding more things", "https://arxiv.org/abs/2102.00001")
ITEMS = (ONE, TWO, TALK, ECHO)


def merge(number, *items):
    ids = tuple(getattr(i, "id", i) for i in items)
    return Correction(number=number, kind="merge", item_ids=ids, made=DAY)


def split(number, items, rest):
    ids, rest_ids = (tuple(getattr(i, "id", i) for i in side) for side in (items, rest))
    return Correction(number=number, kind="split", item_ids=ids, rest_ids=rest_ids, made=DAY)


def parts(*corrections, items=ITEMS):
    return {frozenset(i.id for i in story.items) for story in group(items, corrections)}


def sets(*groups):
    return {frozenset(i.id for i in items) for items in groups}


def test_without_corrections_the_threads_tell_of_the_paper_that_they_link_to():
    assert sets((ONE, TALK, ECHO), (TWO,)) == parts()


def test_what_is_merged_by_hand_is_one_story_that_says_so():
    stories = group(ITEMS, [merge(1, TALK, TWO)])

    (story,) = (s for s in stories if TWO in s.items)
    assert {TWO, TALK} <= set(story.items)
    assert "joined by hand" in [link.reason for link in story.links]


def test_even_two_papers_are_merged_where_a_reader_says_so():
    assert sets((ONE, TWO, TALK, ECHO)) == parts(merge(1, ONE, TWO))


def test_what_is_split_by_hand_stays_out():
    assert sets((ONE, ECHO), (TWO,), (TALK,)) == parts(split(1, [TALK], [ONE, ECHO]))


def test_two_items_that_are_taken_out_together_may_stay_together():
    both = split(1, [TALK, ECHO], [ONE])

    assert sets((ONE,), (TWO,), (TALK, ECHO)) == parts(both, merge(2, TALK, ECHO))


def test_what_was_split_does_not_come_back_by_way_of_another_item():
    apart = split(1, [TALK], [ONE])

    assert all(not {TALK.id, ONE.id} <= ids for ids in parts(apart, merge(2, TALK, ECHO)))


def test_a_later_merge_takes_back_a_split():
    apart, together = split(1, [TALK], [ONE, ECHO]), merge(2, TALK, ONE)

    assert sets((ONE, TALK, ECHO), (TWO,)) == parts(apart, together)
    assert {1} == constraints([apart, together]).overruled


def test_a_later_split_takes_back_a_merge():
    together, apart = merge(1, ONE, TWO), split(2, [TWO], [ONE, TALK, ECHO])

    assert sets((ONE, TALK, ECHO), (TWO,)) == parts(together, apart)
    assert {1} == constraints([together, apart]).overruled


def test_of_a_merge_of_three_only_what_was_split_later_comes_out():
    together, apart = merge(1, ONE, TWO, TALK), split(2, [TWO], [ONE])

    assert sets((ONE, TALK, ECHO), (TWO,)) == parts(together, apart)


def test_items_that_are_not_of_this_week_change_nothing_but_join_those_that_are():
    gone = [merge(1, "reddit:old", TWO), merge(2, "reddit:old", TALK), split(3, ["x:1"], [ONE])]

    assert any({TWO.id, TALK.id} <= ids for ids in parts(*gone))


@pytest.mark.parametrize("corrections", [[], [merge(1, ONE, TWO)], [split(1, [TALK], [ONE])]])
def test_the_order_of_the_items_does_not_matter(corrections):
    assert group(ITEMS, corrections) == group(ITEMS[::-1], corrections)


names = st.sampled_from([i.id for i in ITEMS])
kinds = st.tuples(
    st.booleans(), st.lists(names, min_size=2, max_size=4, unique=True), st.integers(1, 3)
)


@given(st.lists(kinds, max_size=6))
def test_the_latest_correction_always_holds_and_no_item_is_lost(rows):
    corrections = [
        merge(n, *ids) if is_merge else split(n, ids[:at], ids[at:] or ids[:0])
        for n, (is_merge, ids, at) in enumerate(rows, start=1)
    ]
    found = parts(*corrections)

    assert sorted(i.id for i in ITEMS) == sorted(i for ids in found for i in ids)
    if corrections:
        last = corrections[-1]
        if last.kind == "merge":
            assert any(set(last.item_ids) <= ids for ids in found)
        else:
            pairs = [{a, b} for a in last.item_ids for b in last.rest_ids]
            assert not any(pair <= ids for pair in pairs for ids in found)
