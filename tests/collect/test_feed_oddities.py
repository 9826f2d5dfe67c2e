"""Feeds with one oddity each that cost entries when a large collection of odd feeds was measured."""

import pytest

from digest.collect import collect, feed
from digest.collect.markup import to_plain
from digest.sources import FeedSource
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes import rss, rss_item
from tests.loopback import Answer


@pytest.fixture
def fetch(site, http):
    def fetch(body, content_type="application/rss+xml", **fields):
        site.routes["/feed.xml"] = Answer(body, headers={"Content-Type": content_type})
        source = FeedSource(kind="feed", name="a blog", url=site.url + "/feed.xml", **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


@pytest.mark.parametrize("coding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("content_type", ["text/xml", "Text/XML", "application/xml", "text/html"])
def test_wide_characters_are_read_whatever_kind_of_text_the_server_says_it_is(
    fetch, coding, content_type
):
    feed = rss(rss_item("In plain ASCII")).replace('"UTF-8"', f'"{coding}"')
    assert [i.title for i in fetch(feed.encode(coding), content_type).items] == ["In plain ASCII"]


def test_a_charset_of_the_header_still_counts(fetch):
    feed = rss(rss_item("Größe")).replace('encoding="UTF-8"', "")
    (item,) = fetch(feed.encode("latin-1"), "text/xml; charset=iso-8859-1").items
    assert item.title == "Größe"


def test_a_podcast_without_a_page_is_found_at_its_file(fetch):
    sound = '<item><title>Episode 7</title><enclosure url="https://pod.example.org/7.mp3" type="audio/mpeg"/></item>'
    (item,) = fetch(rss(sound)).items
    assert (item.title, item.url) == ("Episode 7", "https://pod.example.org/7.mp3")


def test_an_entry_with_a_text_and_no_address_is_found_at_the_page_of_its_feed(fetch):
    news = [
        rss_item("One", link=None, description="The group has moved to another building."),
        rss_item("Two", link=None, description="The group has two new members."),
    ]
    items = fetch(rss(*news)).items
    assert [i.title for i in items] == ["One", "Two"]
    assert {i.url for i in items} == {"https://blog.example.org/"}
    assert items == fetch(rss(*news)).items


def test_entries_that_all_link_to_the_front_page_are_several(fetch):
    front = "https://blog.example.org/"
    assert len(fetch(rss(rss_item("One", link=front), rss_item("Two", link=front))).items) == 2


def test_a_feed_that_lacks_its_last_character_is_whole(fetch):
    fetched = fetch(rss(rss_item("One"), rss_item("Two", link="https://blog.example.org/2"))[:-1])
    assert fetched.error is None
    assert len(fetched.items) == 2


def test_of_a_feed_cut_between_entries_every_entry_is_whole(fetch):
    feed = rss(rss_item("One"), rss_item("Two", link="https://blog.example.org/2"))
    fetched = fetch(feed[: feed.rindex("</channel>")])
    assert fetched.error is not None
    assert [i.title for i in fetched.items] == ["One", "Two"]
    fetched = fetch(feed[: feed.rindex("<pubDate>")])
    assert [i.title for i in fetched.items] == ["One"]


def test_a_root_with_a_prefix_ends_a_feed_too(fetch):
    entry = "<a:entry><a:title>A & B</a:title><a:link href='https://blog.example.org/1'/></a:entry>"
    fetched = fetch(f'<a:feed xmlns:a="http://www.w3.org/2005/Atom">{entry}</a:feed>')
    assert fetched.error is None
    assert len(fetched.items) == 1


def test_a_feed_of_very_many_entries_is_read_in_part(fetch, monkeypatch):
    monkeypatch.setattr(feed, "MAX_ENTRIES", 2)
    several = [rss_item(f"No {n}", link=f"https://blog.example.org/{n}") for n in range(5)]
    fetched = fetch(rss(*several), max_items=2)
    assert fetched.error is None
    assert [i.title for i in fetched.items] == ["No 0", "No 1"]
    assert fetched.warnings == ("only the first 2 entries of the feed are read",)
    monkeypatch.setattr(feed, "MAX_ENTRIES", 5)
    assert len(fetch(rss(*several)).items) == 5


@pytest.mark.parametrize(
    "markup",
    [
        'seen<embed src="https://pod.example.org/x"> and heard',
        'seen<object classid="clsid:1"></object> and heard',
        'seen<input type="text" onfocus="x()"> and heard',
        '<body onload="x()" class=a>seen and heard',
    ],
)
def test_rare_tags_do_not_show_as_text(markup):
    assert to_plain(markup).text == "seen and heard"


def test_a_word_in_angle_brackets_is_no_tag():
    assert to_plain("the tokens <input> and <body>").text == "the tokens <input> and <body>"
