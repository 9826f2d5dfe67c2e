"""Ratings: one an item, the reader's latest word, and gone with what is deleted at its source."""

from dataclasses import replace
from datetime import timedelta

from digest.rating import Rating
from digest.redact import INSTEAD
from digest.types import Deletions
from digest.week import Week
from tests.store.make import NOW, fetched, issue, item

LATER = NOW + timedelta(hours=1)


def rating(item_id="arxiv:2102.06171", value=1, at=NOW, **fields):
    given = {"title": "Without Normalization", "text": "Without Normalization. A text."}
    return Rating(item_id=item_id, value=value, at=at, **(given | fields))


def test_what_was_rated_is_read_back_latest_first(store):
    first, second = rating(), rating("arxiv:1", -1, LATER, origin="library")

    assert (first, second) == store.save_ratings([first, second])
    assert (second, first) == store.ratings()


def test_the_later_word_counts_and_an_older_mail_does_not_overrule_it(store):
    later = rating(value=-1, at=LATER)

    store.save_ratings([rating()])
    assert (later,) == store.save_ratings([later])
    assert () == store.save_ratings([rating()])
    assert (later,) == store.ratings()


def test_a_library_never_overrules_the_reader(store):
    store.save_ratings([rating(value=-1)])

    assert () == store.save_ratings([rating(at=LATER, origin="library")])
    assert [-1] == [r.value for r in store.ratings()]


def test_a_cleared_rating_is_gone_and_neither_an_old_mail_nor_a_library_brings_it_back(store):
    store.save_ratings([rating()])

    assert store.clear_rating("arxiv:2102.06171", now=LATER)
    assert not store.clear_rating("arxiv:2102.06171", now=LATER), "nothing is left to clear"
    store.save_ratings([rating(), rating(at=LATER, origin="library")])
    assert () == store.ratings()

    store.save_ratings([again := rating(at=LATER + timedelta(hours=1))])
    assert (again,) == store.ratings()


def test_clearing_leaves_none_of_the_words(store):
    store.save_ratings([rating()])
    store.clear_rating("arxiv:2102.06171", now=LATER)

    rows = store._connection.rows("SELECT * FROM ratings")
    assert [("", "", 0)] == [(r["title"], r["text"], r["value"]) for r in rows]


def test_a_rating_outlives_its_item_but_not_a_deletion_at_the_source(store):
    post = item("reddit:abc", title="A question that was deleted", url="https://reddit.com/abc")
    store.save_fetched(fetched(post), now=NOW)
    store.save_ratings([rating(), rating("reddit:abc", title=post.title)])

    store.purge(Deletions(items=("reddit:abc",)), now=LATER)
    store.save_ratings([rating("reddit:abc", at=LATER)])

    assert (rating(),) == store.ratings()


def test_an_issue_that_named_a_deleted_post_as_a_reason_names_it_no_more(store):
    post = item("reddit:abc", title="A question that was deleted", url="https://reddit.com/abc")
    store.save_fetched(fetched(post), now=NOW)
    store.save_ratings([rating("reddit:abc", title=post.title)])
    told = issue()
    story = replace(told.stories[0], reasons=(f"because you liked “{post.title}”",))
    store.save_issue(replace(told, stories=(story,)))

    purged = store.purge(Deletions(items=("reddit:abc",)), now=LATER)

    assert ("2021-W06",) == purged.weeks
    reasons = store.issue(Week(2021, 6)).stories[0].reasons
    assert (f"because you liked “{INSTEAD}”",) == reasons


def test_items_are_found_by_part_of_their_url_by_doi_and_by_title(store):
    paper = item(doi="10.1371/Journal.X")
    store.save_fetched(fetched(paper, item("arxiv:1", title="Another")), now=NOW)

    assert (paper,) == store.find_items(url="/abs/2102.06171")
    assert (paper,) == store.find_items(dois=["10.1371/journal.x"])
    assert (paper,) == store.find_items(titles=["without normalization"])
    assert () == store.find_items()
