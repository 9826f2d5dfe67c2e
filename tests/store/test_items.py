"""Items: what comes back is what went in, and what was known is never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.records import SaveCounts
from digest.store import Store
from digest.store.items import merge
from digest.types import Comment, Signal
from tests.store.make import NOW, fetched, full_item, item

MONDAY = datetime(2021, 2, 8, tzinfo=UTC)


def stored(store, item_id="arxiv:2102.06171"):
    return store.items_by_id([item_id])[0]


def test_an_item_comes_back_as_it_went_in_with_every_field(store):
    store.save_fetched(fetched(full_item()), now=NOW)

    assert full_item() == stored(store)


def test_new_changed_and_unchanged_are_counted(store):
    first, second = item("arxiv:1"), item("arxiv:2")

    assert SaveCounts(new=2) == store.save_fetched(fetched(first, second), now=NOW)
    assert SaveCounts(new=1, changed=1, unchanged=1) == store.save_fetched(
        fetched(first, replace(second, text="Another text."), item("arxiv:3")), now=NOW
    )


def test_a_score_that_moves_is_no_change_but_is_stored(store):
    store.save_fetched(fetched(item(score=10)), now=NOW)

    assert SaveCounts(unchanged=1) == store.save_fetched(
        fetched(item(score=8, comment_count=2)), now=NOW
    )
    assert (8, 2) == (stored(store).score, stored(store).comment_count)


def test_trap_42_67_a_source_without_scores_erases_none(store):
    answer = Comment(id="c", author="a", text="Yes.", url="https://x.org/c")
    store.save_fetched(fetched(item(score=10, comment_count=3, comments=(answer,))), now=NOW)
    store.save_fetched(fetched(item()), now=NOW)

    assert (10, 3, (answer,)) == (
        stored(store).score,
        stored(store).comment_count,
        stored(store).comments,
    )


def test_trap_68_an_item_with_next_to_nothing_is_stored_and_erases_none(store):
    store.save_fetched(fetched(item(text="An abstract.")), now=NOW)

    assert SaveCounts(unchanged=1) == store.save_fetched(fetched(item(text="")), now=NOW)
    assert "An abstract." == stored(store).text


def test_the_date_of_publication_stays_the_first_known_one():
    known = item(published=MONDAY)

    assert MONDAY == merge(known, item(published=NOW)).published
    assert NOW == merge(item(published=None), item(published=NOW)).published


def test_another_source_fills_gaps_and_overwrites_no_text(store):
    store.save_fetched(fetched(item(text="The abstract.")), now=NOW)
    store.save_fetched(
        fetched(item(source="Papers", text="A teaser.", doi="10.1/x", score=5)), now=NOW
    )

    assert ("arXiv", "The abstract.", "10.1/x", 5) == (
        stored(store).source, stored(store).text, stored(store).doi, stored(store).score,
    )  # fmt: skip


def test_two_sources_with_different_texts_do_not_take_turns(store):
    store.save_fetched(fetched(item(text="The abstract.")), now=NOW)
    store.save_fetched(fetched(item(source="Papers", text="A teaser.")), now=NOW)

    assert SaveCounts(unchanged=1) == store.save_fetched(
        fetched(item(text="The abstract.")), now=NOW
    )


def test_a_higher_version_brings_its_text_whoever_sends_it_and_a_lower_one_does_not():
    known = item(version=2, text="Second.")

    assert "Third." == merge(known, item(source="Papers", version=3, text="Third.")).text
    assert (2, "Second.") == (
        (merged := merge(known, item(version=1, text="First."))).version,
        merged.text,
    )


@pytest.mark.parametrize("is_listed_first", [True, False])
def test_a_paper_of_a_list_and_of_arxiv_has_what_each_of_them_knows(is_listed_first):
    votes = (Signal(name="upvotes", source="Papers", value=42),)
    of_arxiv = item(version=1, text="The abstract.", links=("https://a.org/1",))
    listed = item(source="Papers", text="An abstract.", signals=votes, links=("https://a.org/2",))
    sights = (listed, of_arxiv) if is_listed_first else (of_arxiv, listed)

    merged = merge(*sights)

    assert ("The abstract.", 1, votes) == (merged.text, merged.version, merged.signals)
    assert {"https://a.org/1", "https://a.org/2"} == set(merged.links)
    assert set(merged.links) == set(merge(merged, of_arxiv).links), (
        "whoever is asked last next time"
    )


def test_links_of_what_is_no_paper_are_those_of_the_later_sight():
    post = item("feed:1", kind="post", links=("https://a.org/1",))

    assert ("https://a.org/2",) == merge(post, replace(post, links=("https://a.org/2",))).links


def test_an_item_of_two_sources_counts_for_both(store):
    store.save_fetched(fetched(item()), now=NOW)
    store.save_fetched(fetched(item(source="Papers"), source="Papers"), now=NOW)

    statuses = store.source_statuses(["Papers", "arXiv"], MONDAY, NOW)

    assert [("Papers", 1), ("arXiv", 1)] == [(s.name, s.item_count) for s in statuses]


def test_the_window_holds_its_start_and_not_its_end(store):
    at = {
        "a": MONDAY - timedelta(microseconds=1),
        "b": MONDAY,
        "c": NOW - timedelta(microseconds=1),
        "d": NOW,
    }
    store.save_fetched(fetched(*(item(i, published=t) for i, t in at.items())), now=NOW)

    assert ["b", "c"] == [i.id for i in store.items(MONDAY, NOW)]


def test_times_of_other_zones_fall_into_the_window_by_their_moment(store):
    tokyo = datetime.fromisoformat("2021-02-08T08:59:59+09:00")  # Sunday in UTC
    store.save_fetched(fetched(item(published=tokyo)), now=NOW)

    assert () == store.items(MONDAY, NOW)


def test_an_item_without_a_date_counts_from_when_it_was_first_seen(store):
    store.save_fetched(fetched(item(published=None)), now=NOW)
    store.save_fetched(fetched(item(published=None)), now=NOW + timedelta(days=7))

    assert 1 == len(store.items(MONDAY, NOW)), "a run finds what it stored at its own `now`"
    assert () == store.items(NOW + timedelta(days=1), NOW + timedelta(days=7))


def test_items_come_in_the_order_of_their_ids(store):
    store.save_fetched(fetched(*(item(i) for i in ("c", "a", "B", "b"))), now=NOW)

    assert ["B", "a", "b", "c"] == [i.id for i in store.items(MONDAY, NOW)]
    assert ["a", "c"] == [i.id for i in store.items_by_id(["c", "x", "a", "a"])]


def test_known_ids_are_those_stored_also_among_thousands(store):
    store.save_fetched(fetched(*(item(f"n{i}") for i in range(1200))), now=NOW)

    assert {f"n{i}" for i in range(1200)} == store.known_ids(f"n{i}" for i in range(5000))


def test_an_item_twice_in_one_fetch_is_stored_once_with_all_that_is_known(store):
    store.save_fetched(fetched(item(score=5), item(text="")), now=NOW)

    assert [(5, "A text.")] == [(i.score, i.text) for i in store.items(MONDAY, NOW)]


def test_a_time_without_zone_is_refused_and_nothing_is_stored(store):
    with pytest.raises(ValueError, match="no time zone"):
        store.save_fetched(fetched(item("a"), item("b", published=datetime(2021, 2, 9))), now=NOW)  # noqa: DTZ001

    assert frozenset() == store.known_ids(["a", "b"])


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
any_items = st.builds(
    item,
    st.integers(0, 10**6).map("x:{}".format),
    title=texts,
    text=texts,
    authors=st.tuples(texts),
    links=st.tuples(texts),
)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(any_items, max_size=20, unique_by=lambda i: i.id))
def test_any_text_comes_back_unchanged(tmp_path_factory, items):
    with Store(tmp_path_factory.mktemp("any") / "d.db") as store:
        store.save_fetched(fetched(*items), now=NOW)

        assert tuple(sorted(items, key=lambda i: i.id)) == store.items_by_id(i.id for i in items)


maybe = st.one_of(st.none(), st.integers(0, 100))


@given(
    st.lists(st.tuples(maybe, maybe, st.sampled_from(["", "One.", "Two."])), min_size=1, max_size=6)
)
def test_merging_never_forgets_a_figure_or_a_text(sights):
    known = None
    for score, count, text in sights:
        seen = item(score=score, comment_count=count, text=text)
        known = merge(known, seen) if known else seen

    last = [[s[k] for s in sights if s[k] not in (None, "")] for k in range(3)]
    assert [s[-1] if s else empty for s, empty in zip(last, (None, None, ""), strict=True)] == [
        known.score, known.comment_count, known.text,
    ]  # fmt: skip


@pytest.mark.parametrize("order", [1, -1])
def test_a_paper_belongs_to_arxiv_whoever_named_it_first(store, order):
    votes = Signal(name="upvotes", source="Hugging Face papers", value=42)
    listed = item(source="Hugging Face papers", title="Of the list", signals=(votes,))
    sights = [listed, item(version=1, license="https://l.example.org/by")]
    for sight in sights[::order]:
        store.save_fetched(fetched(sight, source=sight.source), now=NOW)

    (stored,) = store.items_by_id([item().id])
    assert ("arXiv", (votes,)) == (stored.source, stored.signals)
    assert (1, "https://l.example.org/by", item().title) == (
        stored.version,
        stored.license,
        stored.title,
    )


def test_trap_67_items_that_know_different_things_lose_nothing_in_one_write(store):
    """``upsert_all`` writes NULL into the columns that a row of its batch leaves out."""
    known = [full_item(), item("arxiv:2", score=7, doi="10.1/x", note="a note")]
    store.save_fetched(fetched(*known), now=NOW)
    bare = [replace(i, score=None, doi=None, note="", authors=(), comments=()) for i in known]

    store.save_fetched(fetched(bare[0], item("arxiv:3", score=3), bare[1]), now=NOW)

    assert sorted(known, key=lambda i: i.id) == list(store.items_by_id(i.id for i in known))
