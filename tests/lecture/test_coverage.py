"""What became of everything collected: the numbers add up, whatever was collected."""

from hypothesis import given
from hypothesis import strategies as st

from digest.lecture.coverage import coverage_of
from digest.types import Item, Ranked, Selection, Story

PLACES = ("full", "brief", "left_out", "told_before")


def item(number, source):
    return Item(
        id=f"x:{number}", source=source, kind="post", title="A", url=f"https://x.org/{number}"
    )


def selection(placed):
    """Each place's items as stories of one or two items."""
    stories = {place: [] for place in PLACES}
    for place in PLACES[:3]:
        items = [one for one, where in placed if where == place]
        for at in range(0, len(items), 2):
            told = tuple(items[at : at + 2])
            ranked = Ranked(story=Story(key=told[0].id, items=told), score=1.0, parts=())
            stories[place].append(ranked)
    return Selection(**{place: tuple(stories[place]) for place in PLACES[:3]})


@given(st.lists(st.tuples(st.sampled_from(["arXiv", "A blog", "r/ML"]), st.sampled_from(PLACES))))
def test_the_numbers_of_each_source_and_of_all_add_up(rows):
    placed = [(item(n, source), place) for n, (source, place) in enumerate(rows)]
    found = coverage_of([one for one, _ in placed], selection(placed))

    assert found.stories == found.full + found.brief + found.left_out
    assert len(rows) == found.items == sum(row.collected for row in found.by_source)
    for row in found.by_source:
        assert row.collected == row.full + row.brief + row.left_out + row.told_before
        for place in PLACES:
            assert getattr(row, place) == rows.count((row.name, place))
    assert sorted(found.by_source, key=lambda r: (-r.collected, r.name)) == list(found.by_source)
