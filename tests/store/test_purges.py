"""What was deleted at its source goes from items and issues, and stays away."""

from dataclasses import replace
from datetime import timedelta

from digest.issue import Discussion, Position, Recap, Reply
from digest.records import Purged
from digest.redact import INSTEAD
from digest.types import Comment, Deletions
from digest.week import Week
from tests.store.make import NOW, fetched, issue, item

LATER = NOW + timedelta(days=7)
URL = "https://www.reddit.com/r/MachineLearning/comments/abc/"


def thread(**fields):
    comments = tuple(
        Comment(id=f"reddit:c{n}", author=f"user{n}", text=f"Text {n}.", url=f"{URL}c{n}/")
        for n in range(3)
    )
    given = {
        "source": "r/MachineLearning",
        "kind": "thread",
        "title": "[D] A question that nobody answers",
        "url": URL,
        "authors": ("somebody",),
        "comments": comments,
    }
    return item("reddit:abc", **(given | fields))


def told(week="2021-W06", number=1):
    """An issue whose first story is the thread with three positions."""
    plain = issue(week, number, full=("reddit:abc", "arxiv:1"), brief=("arxiv:2",))
    positions = tuple(
        Position(text=f"Text {n}.", author="x", url=f"{URL}c{n}/", comment_count=1, score=1)
        for n in range(3)
    )
    talk = Discussion(where="r/MachineLearning", url=URL, question=None, positions=positions)
    first = replace(
        plain.stories[0],
        item_ids=("reddit:abc",),
        title=thread().title,
        authors=("somebody",),
        discussion=talk,
    )
    return replace(
        plain,
        stories=(first, *plain.stories[1:]),
        read_one=f"If you read one thing: {thread().title}.",
    )


def test_a_deleted_post_is_gone_and_does_not_come_back(store):
    store.save_fetched(fetched(thread(), item(), source="r/MachineLearning"), now=NOW)

    purged = store.purge(Deletions(items=("reddit:abc", "reddit:never-stored")), now=LATER)
    store.save_fetched(fetched(thread(), source="r/MachineLearning"), now=LATER)

    assert Purged(deletions=Deletions(items=("reddit:abc",))) == purged
    assert (item(),) == store.items_by_id(["reddit:abc", item().id])


def test_a_deleted_account_loses_its_name_and_a_deleted_comment_its_text(store):
    store.save_fetched(fetched(thread()), now=NOW)

    store.purge(Deletions(authors=("reddit:abc",), comments=("reddit:c1", "reddit:c9")), now=LATER)

    (kept,) = store.items_by_id(["reddit:abc"])
    assert () == kept.authors
    assert ["reddit:c0", "reddit:c2"] == [c.id for c in kept.comments]


def test_an_issue_no_longer_tells_what_was_deleted(store):
    store.save_fetched(fetched(thread()), now=NOW)
    before = told()
    store.save_issue(before)
    recap = Recap(
        issue_number=1,
        date=before.date,
        theme="",
        main_title=thread().title,
        url="",
        sentence=f"The main story was {thread().title}.",
    )
    store.save_issue(replace(issue("2021-W07", 2), recap=recap))

    purged = store.purge(Deletions(items=("reddit:abc",)), now=LATER)

    first, second = store.issue(Week(2021, 6)), store.issue(Week(2021, 7))
    assert ("2021-W06", "2021-W07") == purged.weeks
    assert thread().title not in repr((first, second))
    assert URL not in repr(first)
    assert "somebody" not in repr(first)
    assert INSTEAD == first.stories[0].title
    assert before.stories[1:] == first.stories[1:]
    assert f"The main story was {INSTEAD}." == second.recap.sentence


def test_a_deleted_comment_leaves_the_other_positions(store):
    store.save_fetched(fetched(thread()), now=NOW)
    store.save_issue(told())

    purged = store.purge(Deletions(comments=("reddit:c1",)), now=LATER)

    (talk, *_) = (s.discussion for s in store.issue(Week(2021, 6)).stories)
    assert [f"{URL}c0/", f"{URL}c2/"] == [p.url for p in talk.positions]
    assert ("2021-W06",) == purged.weeks


def test_a_deleted_objection_leaves_the_position_that_it_was_made_to(store):
    store.save_fetched(fetched(thread()), now=NOW)
    plain = told()
    against = Reply(text="Text 2.", author="x", url=f"{URL}c2/")
    first, *others = plain.stories[0].discussion.positions
    talk = replace(
        plain.stories[0].discussion, positions=(replace(first, objection=against), *others[:1])
    )
    changed = (replace(plain.stories[0], discussion=talk), *plain.stories[1:])
    store.save_issue(replace(plain, stories=changed))

    store.purge(Deletions(comments=("reddit:c2",)), now=LATER)

    kept = store.issue(Week(2021, 6)).stories[0].discussion.positions
    assert [(f"{URL}c0/", None), (f"{URL}c1/", None)] == [(p.url, p.objection) for p in kept]


def test_an_issue_that_shows_nothing_of_it_stays_as_it_was(store):
    store.save_fetched(fetched(thread()), now=NOW)
    store.save_issue(issue())
    before = store.issue(Week(2021, 6))

    assert () == store.purge(Deletions(items=("reddit:abc",)), now=LATER).weeks
    assert before == store.issue(Week(2021, 6))


def test_what_was_not_seen_lately_is_to_be_checked_newest_first(store):
    old, older = thread(), replace(thread(), id="reddit:old", comments=())
    store.save_fetched(fetched(older), now=NOW - timedelta(days=1))
    store.save_fetched(fetched(old, item()), now=NOW)
    store.save_fetched(fetched(replace(old, id="reddit:new")), now=LATER)

    comments = ("reddit:c0", "reddit:c1", "reddit:c2")
    assert (("reddit:abc", comments), ("reddit:old", ())) == store.unseen_since("reddit:", LATER)
