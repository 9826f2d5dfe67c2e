"""Pages behind entries of feeds: read once, laid over their items, and never taken for what the feed says."""

from datetime import timedelta

from digest.types import Article, Figure
from tests.store.make import NOW, fetched, item

LATER = NOW + timedelta(hours=1)


def post(**fields):
    given = {"kind": "post", "source": "a blog", "text": "", "url": "https://x.org/p"}
    return item("feed:1", **(given | fields))


def page(**fields):
    given = {"item_id": "feed:1", "url": "https://x.org/p", "text": "The whole story."}
    return Article(**(given | fields))


def test_a_page_fills_in_what_the_feed_left_out(store):
    figure, other = Figure(url="https://x.org/a.png", caption="A"), Figure(url="https://x.org/b")
    store.save_fetched(fetched(post(links=("https://x.org/1",), figures=(figure,))), now=NOW)
    read = page(links=("https://x.org/1", "https://x.org/2"), figures=(figure, other))
    store.save_articles([read], now=NOW)

    (by_id,) = store.items_by_id(["feed:1"])
    (in_window,) = store.items(NOW - timedelta(days=7), NOW)

    assert "The whole story." == by_id.text
    assert ("https://x.org/1", "https://x.org/2") == by_id.links
    assert (figure, other) == by_id.figures
    assert by_id == in_window


def test_the_next_sight_of_the_feed_takes_nothing_away(store):
    store.save_fetched(fetched(post(text="A teaser.")), now=NOW)
    store.save_articles([page()], now=NOW)
    counts = store.save_fetched(fetched(post(text="A teaser.")), now=LATER)

    assert (0, 1) == (counts.changed, counts.unchanged)
    assert "The whole story." == store.items_by_id(["feed:1"])[0].text


def test_a_longer_text_of_the_feed_goes_first(store):
    store.save_fetched(fetched(post(text="The whole story, and more of it.")), now=NOW)
    store.save_articles([page()], now=NOW)

    assert "The whole story, and more of it." == store.items_by_id(["feed:1"])[0].text


def test_a_page_is_fetched_until_it_is_settled(store):
    failed = page(text="", error="HTTP 503", is_final=False)
    assert frozenset() == store.settled_articles(["feed:1"])

    for tries, settled in ((1, set()), (2, set()), (3, {"feed:1"})):
        store.save_articles([failed], now=NOW)
        assert settled == store.settled_articles(["feed:1"]), tries

    store.save_articles([page(item_id="feed:2", text="", error="HTTP 403")], now=NOW)
    assert {"feed:2"} == store.settled_articles(["feed:2"])


def test_a_failure_does_not_forget_the_page_that_was_read(store):
    store.save_fetched(fetched(post()), now=NOW)
    store.save_articles([page()], now=NOW)
    store.save_articles([page(text="", error="HTTP 503", is_final=False)], now=LATER)

    assert "The whole story." == store.items_by_id(["feed:1"])[0].text
    assert {"feed:1"} == store.settled_articles(["feed:1"])
