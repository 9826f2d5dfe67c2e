"""No story twice, unless it brings news; and then it says what it goes on with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.config import parse_config
from digest.followups import is_news, without_told
from digest.group import group
from digest.identity import normal_title
from digest.pipeline import make_issue
from digest.records import Shown
from digest.shortlist import shortlist
from digest.store import Store
from digest.types import Fetched, Item
from digest.week import Week
from tests.test_collection import Lines

FIRST, SECOND = Week(2021, 5), Week(2021, 6)
TEXT = "We train sparse networks and measure their speed on eight data sets. " * 6
SHOWN_LONG = Shown(
    issue_number=3, week="2019-W05", key="arxiv:1", title="Sparse networks learn faster than dense"
)
SHOWN = Shown(issue_number=12, week=str(FIRST), key="arxiv:2102.00001", title="Sparse nets")


def paper(n=1, **fields):
    given = {
        "id": f"arxiv:2102.{n:05d}",
        "source": "arXiv",
        "kind": "paper",
        "title": f"Sparse networks of kind {n} learn faster than dense ones",
        "url": f"https://arxiv.org/abs/2102.{n:05d}",
        "text": TEXT,
        "authors": ("Ada Example",),
        "published": FIRST.start + timedelta(days=1),
        "categories": ("cs.LG",),
    }
    return Item(**(given | fields))


def post(n=1, title="How our sparse networks came about", **fields):
    return paper(
        n,
        id=f"feed:{n}",
        source="a lab's blog",
        kind="post",
        title=title,
        url=f"https://lab.example.org/{n}",
        published=SECOND.start + timedelta(days=2),
        links=("https://arxiv.org/abs/2102.00001",),
        **fields,
    )


def thread(n=1, comments=3):
    return replace(
        post(n, title=f"[D] Thoughts on sparse networks, {n}"),
        id=f"reddit:{n}",
        source="r/MachineLearning",
        kind="thread",
        text="",
        url=f"https://www.reddit.com/r/MachineLearning/comments/{n}/",
        comment_count=comments,
        score=5,
    )


def told_and_fresh(*items, shown=None):
    shown = {paper().id: SHOWN} if shown is None else shown
    fresh, told = without_told(group(items), shown)
    return [s.key for s in fresh], [s.key for s, _ in told]


def test_a_story_of_old_items_alone_is_neither_told_again_nor_counted():
    assert ([], []) == told_and_fresh(paper())


def test_a_post_about_a_paper_that_was_told_is_a_follow_up_led_by_the_post():
    (story,), told = without_told(group([paper(), post()]), {paper().id: SHOWN})

    assert () == told
    assert (post().id, (post(),)) == (story.key, story.items)
    assert (12, "Sparse nets", paper().id) == (
        story.follows.issue_number,
        story.follows.title,
        story.follows.key,
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (post(), True),
        (post(title=paper().title), False),
        (post(title=f"{paper().title.upper()}!"), False),
        (thread(comments=3), False),
        (thread(comments=40), True),
        (replace(thread(), comment_count=None), False),
        (replace(post(), kind="code"), True),
    ],
)
def test_news_is_what_says_something_new(item, expected):
    assert expected == is_news(item, {normal_title(paper().title)})


def test_what_brings_nothing_new_is_left_out_and_told_of():
    fresh, told = told_and_fresh(paper(), thread(comments=2))

    assert ([], 1) == (fresh, len(told))


def test_another_story_is_not_touched():
    assert ([paper(2).id], []) == told_and_fresh(paper(2), paper())


def test_a_title_is_remembered_however_long_ago_it_was_told():
    again = post(title=SHOWN_LONG.title)

    assert ([], [again.id]) == told_and_fresh(again, shown={"arxiv:1": SHOWN_LONG})


@pytest.mark.parametrize("title", ["Reply", "0", "Sparse nets again"])
def test_a_short_title_is_no_sign_of_the_same_story(title):
    place = replace(SHOWN, title=title)

    assert ([post().id], []) == told_and_fresh(post(title=title), shown={"arxiv:1": place})


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        yield store


CONFIG = parse_config(
    {
        "sources": [
            {"kind": "arxiv", "categories": ["cs.LG"], "url": "http://127.0.0.1:9/"},
            {"kind": "feed", "name": "a lab's blog", "url": "http://127.0.0.1:9/feed"},
        ],
        "summarizer": {"backend": "extractive"},
    }
)


def save(store, *items, week):
    for source in {i.source for i in items}:
        mine = tuple(i for i in items if i.source == source)
        store.save_fetched(
            Fetched(source=source, items=mine, since=week.since, until=week.end), now=week.end
        )


def test_the_next_issue_tells_the_news_and_names_the_issue_that_told_it_first(store):
    save(store, paper(1), paper(2), week=FIRST)
    first, _ = make_issue(FIRST, CONFIG, store, now=FIRST.end, watch=Lines())
    save(store, post(1), week=SECOND)

    second, _ = make_issue(SECOND, CONFIG, store, now=SECOND.end, watch=Lines())

    assert [paper(1).id, paper(2).id] == sorted(s.key for s in first.stories)
    (story,) = second.stories
    assert post(1).id == story.key
    assert f"goes on with a story of issue {first.number}" in story.reasons
    connection = story.connections[0]
    assert f"a story of issue {first.number}" in connection.sentence
    assert (first.number, paper(1).id) == (connection.issue_number, connection.target_key)


def test_the_look_back_does_not_bring_a_story_a_second_time(store):
    late = paper(3, published=SECOND.since + timedelta(days=1))
    save(store, late, paper(4, published=SECOND.start), week=FIRST)
    make_issue(FIRST, CONFIG, store, now=datetime(2021, 2, 9, tzinfo=UTC), watch=Lines())

    found = shortlist(SECOND, CONFIG, store, None, now=SECOND.end)

    assert late.id in {i.id for i in found.items}
    assert [paper(4).id] == [r.story.key for r in found.selection.full]
