"""Traps that no single collector falls into alone; the numbers are those of the list of traps."""

import pytest

from digest.collect import collect
from digest.collect.article import read_articles, wants_article
from digest.net import Http
from digest.sources import ArxivSource, FeedSource, RedditSource
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import arxiv_entry, arxiv_feed, reddit_entry, reddit_feed, rss, rss_item
from tests.collect.pages import page
from tests.loopback import Answer

HTML = {"Content-Type": "text/html"}


def run(http, *sources):
    return list(collect(sources, http, since=SINCE, until=UNTIL, environ={}))


@pytest.mark.parametrize("contact", ["", "me@example.org", "Jürgen (Zoë)\r\nX-Evil: 1"])
def test_trap_43_every_call_names_the_program_in_at_least_7_characters(site, contact):
    entry = rss_item(link=f"{site.url}/p", description="")
    site.routes |= {
        "/old.xml": Answer(status=301, headers={"Location": "/feed.xml"}),
        "/feed.xml": Answer(rss(entry)),
        "/api": Answer(arxiv_feed([arxiv_entry()], 1)),
        "/r/MachineLearning/top/.rss": Answer(reddit_feed(reddit_entry())),
        "/p": Answer(page(), headers=HTML),
    }
    feed = FeedSource(kind="feed", name="a blog", url=f"{site.url}/old.xml")
    arxiv = ArxivSource(kind="arxiv", categories=("cs.LG",), url=f"{site.url}/api")
    reddit = RedditSource(kind="reddit", subreddit="MachineLearning", url=site.url)
    with Http(contact=contact, sleep=lambda _: None, wall_clock=NOW.timestamp) as http:
        found = {fetched.source: fetched for fetched in run(http, feed, arxiv, reddit)}
        (article,) = read_articles(found["a blog"].items, http)
    assert [None] * 3 == [fetched.error for fetched in found.values()]
    assert article.text
    assert set(site.routes) == set(site.paths())
    names = {asked.headers.get("user-agent", "") for asked in site.asked}
    assert [True] == [name.startswith("ml-digest/") and len(name) >= 7 for name in names]
    assert not any("x-evil" in asked.headers for asked in site.asked)


def test_trap_44_a_feed_that_gives_a_rubric_for_a_text_has_its_pages_read(site, http):
    item = rss_item(link=f"{site.url}/p", description="Algorithms & Theory")
    site.routes |= {"/feed.xml": Answer(rss(item)), "/p": Answer(page(), headers=HTML)}
    source = FeedSource(kind="feed", name="a blog", url=f"{site.url}/feed.xml")
    (fetched,) = run(http, source)
    (item,) = fetched.items
    assert "" == item.text
    assert wants_article(item, source)
    assert next(read_articles([item], http)).text.startswith("We present a method")


def whole_history(site, count):
    """A feed of all that a blog ever published, without link and description, as Hugging Face's is."""
    items = "".join(
        f"<item><title>Post {n}</title><guid isPermaLink='true'>{site.url}/blog/{n}</guid>"
        f"<pubDate>Mon, {1 + n % 28:02d} Feb {2021 - n // 28:04d} 10:00:00 GMT</pubDate></item>"
        for n in range(count)
    )
    return Answer(rss(items))


def test_trap_47_a_whole_history_without_links_is_read_and_its_pages_a_few_at_a_time(site, http):
    site.routes["/feed.xml"] = whole_history(site, 726)
    for n in range(726):
        site.routes[f"/blog/{n}"] = Answer(page(), headers=HTML)
    source = FeedSource(kind="feed", name="a blog", url=f"{site.url}/feed.xml")
    (fetched,) = run(http, source)
    assert (726, None, ()) == (len(fetched.items), fetched.error, fetched.warnings)
    assert {f"{site.url}/blog/{n}" for n in range(726)} == {item.url for item in fetched.items}
    assert all(item.text == "" and wants_article(item, source) for item in fetched.items)
    assert 15 == len(list(read_articles(fetched.items, http)))
    assert 1 + 15 == len(site.asked)


def test_trap_47_of_a_whole_history_the_newest_are_kept_where_a_bound_is_set(site, http):
    site.routes["/feed.xml"] = whole_history(site, 726)
    source = FeedSource(kind="feed", name="a blog", url=f"{site.url}/feed.xml", max_items=15)
    (fetched,) = run(http, source)
    assert {f"Post {n}" for n in range(13, 28)} == {item.title for item in fetched.items}
    assert "only the newest 15 of 726" in fetched.warnings[0]
