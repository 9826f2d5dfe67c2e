"""From a page to its feed, against real servers on this machine."""

from __future__ import annotations

import pytest

from digest.collect.discover import (
    MAX_TRIES,
    FoundFeed,
    discover,
    feed_title,
    find_feeds,
    usual_places,
)
from digest.errors import FetchError
from tests.loopback import Answer

URL = "https://blog.example/posts/one.html"
FEED = (
    "<rss version='2.0'><channel><title>The &amp; Blog</title><item><title>One</title>"
    "<link>https://blog.example/1</link></item></channel></rss>"
)
EMPTY = "<rss version='2.0'><channel><title>Nothing yet</title></channel></rss>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(*links, body=""):
    return f"<!doctype html><html><head>{''.join(links)}</head><body>{body}</body></html>"


def link(href, media="application/rss+xml", title="", rel="alternate"):
    return f'<link rel="{rel}" type="{media}" title="{title}" href="{href}">'


def html(*links, **fields):
    return Answer(page(*links, **fields), headers=HTML)


def named(*links):
    return find_feeds(page(*links).encode(), URL)[0]


@pytest.fixture
def session(http):
    return http.session("a page")


def test_feeds_of_the_page_come_in_its_order_with_absolute_urls_and_json_last():
    assert [
        FoundFeed(url="https://blog.example/atom.xml", title="Atom & more"),
        FoundFeed(url="https://other.example/rss"),
        FoundFeed(url="https://blog.example/posts/feed.json"),
    ] == list(
        named(
            link("feed.json", "application/feed+json"),
            link("/atom.xml", "application/atom+xml; charset=utf-8", title="Atom &amp; more"),
            link("https://other.example/rss", rel="ALTERNATE nofollow"),
            link("/atom.xml"),
        )
    )


def test_what_is_no_feed_is_not_taken_for_one():
    assert () == named(
        link("/style.css", "text/css", rel="stylesheet"),
        link("/de", "text/html"),
        link("/feed", rel="self"),
        link("javascript:alert(1)"),
        link("http://[broken"),
        "<link rel='alternate' type='application/rss+xml'>",
    )


def test_links_are_resolved_against_the_base_of_the_page():
    [found] = named("<base href='https://cdn.example/x/'>", link("feed"))

    assert "https://cdn.example/x/feed" == found.url


@pytest.mark.parametrize(
    ("href", "title"),
    [("/comments/feed/", ""), ("/feed2", "Blog » Comments Feed"), ("/a/replies-feed", "")],
)
def test_a_feed_of_comments_is_told_from_one_of_posts(href, title):
    assert [True, False] == [f.is_comments for f in named(link(href, title=title), link("/feed"))]


@pytest.mark.parametrize("content", [b"", b" ", b"\x00\x01", b"<", b"%PDF-1.7", b"<html>"])
def test_what_is_no_page_names_no_feed(content):
    assert ((), ()) == find_feeds(content, URL)


def test_places_are_near_first_few_and_all_on_the_same_host():
    places = usual_places("https://lab.example/blog/", ("https://lab.example/blog/index.xml",))

    assert "https://lab.example/blog/index.xml" == places[0]
    assert {"https://lab.example/blog/feed", "https://lab.example/feed"} <= set(places)
    assert MAX_TRIES >= len(places) == len(set(places))
    assert all(place.startswith("https://lab.example/") for place in places)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (FEED.encode(), "The & Blog"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title> A\n b</title></feed>', "A b"),
        (
            b"<r:RDF xmlns:r='x' xmlns='http://purl.org/rss/1.0/'><channel><title>R</title></channel></r:RDF>",
            "R",
        ),
        (b'{"version": "https://jsonfeed.org/version/1.1", "title": "J"}', "J"),
        (b'{"title": "\\u001b[31mred\\n"}', "[31mred"),
        (b"{", ""),
        (b"{}", ""),
        (b"no feed", ""),
        (b"<rss><channel><item><title>not this</title></item></channel></rss>", ""),
    ],
)
def test_a_feed_is_called_what_it_calls_itself(content, title):
    assert title == feed_title(content)


def test_the_address_of_a_feed_is_that_feed(site, session):
    site.routes["/f"] = Answer(FEED)
    found = discover(f"{site.url}/f", session)

    assert (f"{site.url}/f", "The & Blog", 1, True) == (
        found.feed_url,
        found.title,
        found.entry_count,
        found.is_itself,
    )


@pytest.mark.parametrize(("status", "path"), [(301, "/new"), (308, "/new"), (302, "/old")])
def test_a_feed_that_moved_for_good_is_taken_at_its_new_address_only(site, session, status, path):
    site.routes |= {
        "/old": Answer(status=status, headers={"Location": "/new"}),
        "/new": Answer(FEED),
    }

    assert site.url + path == discover(f"{site.url}/old", session).feed_url


def test_the_first_feed_that_is_not_of_comments_is_taken_and_all_are_told(site, session):
    site.routes |= {
        "/": html(link("/comments/feed"), link("/a", title="A"), link("/b", title="B")),
        "/a": Answer(FEED),
    }
    found = discover(site.url, session)

    assert f"{site.url}/a" == found.feed_url
    assert ["/comments/feed", "/a", "/b"] == [f.url.removeprefix(site.url) for f in found.named]
    assert ["/", "/a"] == site.paths()


def test_a_dead_link_or_an_empty_feed_gives_way_to_the_next(site, session):
    site.routes |= {
        "/": html(link("/dead"), link("/page"), link("/empty"), link("/good")),
        "/page": html(),
        "/empty": Answer(EMPTY),
        "/good": Answer(FEED),
    }

    assert f"{site.url}/good" == discover(f"{site.url}/", session).feed_url
    site.routes["/good"] = Answer(b"gone", 410)
    found = discover(f"{site.url}/", session)
    assert (f"{site.url}/empty", 0) == (found.feed_url, found.entry_count)


def test_a_page_that_names_none_is_asked_in_the_usual_places_until_one_answers(site, session):
    site.routes |= {
        "/blog/": html(body="<a href='/blog/rss.xml'>RSS</a>"),
        "/atom.xml": Answer(FEED),
    }
    found = discover(f"{site.url}/blog/", session)

    assert f"{site.url}/atom.xml" == found.feed_url
    assert ["/blog/", "/blog/rss.xml"] == site.paths()[:2]
    assert "/atom.xml" == site.paths()[-1]
    assert MAX_TRIES >= len(site.paths()) - 1


def test_a_site_that_answers_everything_with_a_page_has_no_feed_and_is_soon_left_alone(
    site, session
):
    site.answer = lambda asked: site.asked.append(asked) or html()
    found = discover(f"{site.url}/a/b", session)

    assert ("", MAX_TRIES) == (found.feed_url, len(found.tried))
    assert MAX_TRIES + 1 == len(site.asked)


def test_a_host_that_has_had_enough_is_not_asked_again(site):
    from digest.net import Http

    site.answer = lambda asked: (
        site.asked.append(asked) or (html() if asked.path == "/" else Answer(b"slow down", 429))
    )
    with Http(sleep=lambda _: None, retries=0) as http:
        found = discover(f"{site.url}/", http.session("a page"))

    assert "" == found.feed_url
    assert 2 == len(site.asked)


def test_a_file_that_is_no_page_is_not_searched_for_on_its_host(site, session):
    site.routes["/x.pdf"] = Answer(b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"})

    assert ("", ()) == ((found := discover(f"{site.url}/x.pdf", session)).feed_url, found.tried)
    assert ["/x.pdf"] == site.paths()


def test_only_comments_is_not_enough(site, session):
    site.routes |= {"/": html(link("/comments/feed")), "/comments/feed": Answer(FEED)}

    assert "" == discover(f"{site.url}/", session).feed_url


def test_an_address_that_does_not_answer_is_an_error(site, session):
    with pytest.raises(FetchError, match="HTTP 404"):
        discover(f"{site.url}/none", session)
