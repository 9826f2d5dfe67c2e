"""The feed: valid, with ids that never change, and links that a reader can follow."""

import dataclasses

import feedparser
import pytest
from lxml import etree

from digest.render.atom import render_atom
from tests.render.page import active_content, parse
from tests.render.sample_issue import minimal_issue, sample_issue

SITE = "https://digest.example.org"


@pytest.fixture(scope="module")
def feed():
    data = render_atom([minimal_issue(), sample_issue()], title="News & more", site_url=SITE)
    return feedparser.parse(data)


def test_feedparser_reads_it_without_complaint(feed):
    assert False is bool(feed.bozo)
    assert "News & more" == feed.feed.title
    assert ["Weekly ML News no. 1", "Deep Learning News no. 3: computer vision"] == [
        e.title for e in feed.entries
    ]


def test_ids_are_tag_uris_that_an_older_or_newer_feed_repeats(feed):
    alone = feedparser.parse(render_atom([sample_issue()], title="Other", site_url=SITE + "/"))

    assert ["tag:digest.example.org,2026:2026-W01", "tag:digest.example.org,2021:2021-W06"] == [
        e.id for e in feed.entries
    ]
    assert alone.entries[0].id == feed.entries[1].id
    assert alone.feed.id == feed.feed.id


def test_the_feed_is_as_new_as_its_newest_issue(feed):
    assert "2026-01-05T07:00:00Z" == feed.feed.updated
    assert ["2026-01-05T07:00:00Z", "2021-02-13T18:04:05Z"] == [e.updated for e in feed.entries]


def test_links_are_absolute_with_a_site_and_relative_without(feed):
    without = feedparser.parse(render_atom([minimal_issue()], title="News", site_url=""))

    assert [f"{SITE}/2026/w01/index.html", f"{SITE}/2021/w06/"] == [e.link for e in feed.entries]
    assert f"{SITE}/atom.xml" == next(x.href for x in feed.feed.links if x.rel == "self")
    assert "2026/w01/index.html" == without.entries[0].link
    assert [] == [x for x in without.feed.links if x.rel == "self"]
    assert False is bool(without.bozo)


def test_the_content_is_html_with_every_story(feed):
    content = feed.entries[1].content[0]
    tree = parse(content.value.encode())

    assert "text/html" == content.type
    assert 4 == len(tree.xpath("//h3"))
    assert "Bounds of Order Õ(√T) for x < y & z" in [li.text_content() for li in tree.xpath("//li")]
    assert [] == active_content(tree)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800", "\u202e"])
def test_characters_that_xml_forbids_do_not_break_the_feed(character):
    issue = dataclasses.replace(sample_issue(), theme=f"a{character}b", closing=f"<{character}&>")
    data = render_atom([issue], title=f"News{character}", site_url="")

    assert "News" == etree.fromstring(data).findtext("{*}title")
    assert feedparser.parse(data).entries[0].title.endswith(": ab")


def test_a_feed_of_nothing_is_a_feed():
    assert False is bool(feedparser.parse(render_atom([], title="News", site_url="")).bozo)
