"""JSON Feed makes the same items as RSS and Atom, by the same rules, and nothing in it stops the program."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import collect, json_feed
from digest.errors import DigestError, ParseError
from digest.sources import FeedSource
from digest.types import Figure
from tests.collect.conftest import SINCE, UNTIL
from tests.loopback import Answer

PATH = "/feed.json"
ENTRY = {
    "id": "https://blog.example.org/p/1",
    "url": "https://blog.example.org/p/1",
    "title": "A post",
    "content_html": "<p>We show <b>two</b> things.</p><p>See <a href='/q'>this</a>.</p>",
    "date_published": "2021-02-08T10:00:00-05:00",
}


@pytest.fixture
def fetch(site, http):
    def fetch(*entries, version="https://jsonfeed.org/version/1.1", body=None, **fields):
        feed = {"version": version, "title": "A blog", "items": list(entries)} | fields
        site.routes[PATH] = Answer(json.dumps(feed) if body is None else body)
        source = FeedSource(kind="feed", name="a blog", url=site.url + PATH)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


@pytest.fixture
def one(fetch):
    def one(entry, **fields):
        fetched = fetch(ENTRY | entry, **fields)
        assert fetched.error is None
        assert fetched.skipped == 0
        (item,) = fetched.items
        return item

    return one


@pytest.mark.parametrize(
    "version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1", None]
)
def test_an_entry_becomes_an_item_whatever_the_version(one, site, version):
    item = one({"tags": ["Vision", "Vision"], "authors": [{"name": "Ada"}]}, version=version)
    assert ("a blog", "post", "A post") == (item.source, item.kind, item.title)
    assert "https://blog.example.org/p/1" == item.url
    assert "We show two things.\n\nSee this." == item.text
    assert (f"{site.url}/q",) == item.links
    assert datetime(2021, 2, 8, 15, tzinfo=UTC) == item.published
    assert (("Vision",), ("Ada",)) == (item.categories, item.authors)


def test_the_id_is_that_of_the_same_entry_in_rss(one, site, http):
    rss = """<rss version="2.0"><channel><title>t</title><item><title>A post</title><guid isPermaLink="false">tag:1</guid>
    <link>https://blog.example.org/p/1</link></item></channel></rss>"""
    site.routes["/feed.xml"] = Answer(rss)
    source = FeedSource(kind="feed", name="a blog", url=f"{site.url}/feed.xml")
    (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
    assert fetched.items[0].id == one({"id": "tag:1"}).id


def test_plain_text_is_not_read_as_html(one):
    said = "If $a<b$ then <b>this</b> &amp; that.\n\nA second paragraph."
    item = one({"content_html": None, "content_text": said, "title": "On <b> and &amp;"})
    assert (said, "On <b> and &amp;") == (item.text, item.title)


def test_the_summary_stands_in_for_a_missing_body_and_a_body_for_a_missing_title(one):
    assert "It is short." == one({"content_html": None, "summary": "It is short."}).text
    assert "We show two things. See this." == one({"title": None}).title


def test_an_entry_that_points_elsewhere_keeps_both_addresses(one):
    there = "https://arxiv.org/abs/2102.06171"
    item = one({"external_url": there})
    assert ("https://blog.example.org/p/1", there) == (item.url, item.links[-1])
    assert there == one({"url": None, "id": "7", "external_url": there}).url


def test_an_id_that_is_an_address_stands_in_for_a_missing_one(one, fetch):
    assert "https://blog.example.org/p/1" == one({"url": None}).url
    assert "no link in" in fetch(ENTRY | {"url": None, "id": 7}).warnings[0]


def test_the_authors_of_the_feed_are_those_of_an_entry_without(one):
    assert ("Bo",) == one({}, author={"name": "Bo"}).authors
    assert ("Ada",) == one({"author": {"name": "Ada"}}, author={"name": "Bo"}).authors


def test_pictures_are_figures_and_other_attachments_are_not(one):
    attachments = [
        {"url": "https://a.org/1.png", "mime_type": "image/png"},
        {"url": "https://a.org/2.mp3", "mime_type": "audio/mpeg"},
        "none",
        {"mime_type": "image/png"},
    ]
    body = '<p>Text.</p><img src="https://a.org/0.png" alt="Zero">'
    item = one({"content_html": body, "image": "https://a.org/3", "attachments": attachments})
    expected = (
        Figure(url="https://a.org/0.png", caption="Zero"),
        Figure(url="https://a.org/1.png"),
        Figure(url="https://a.org/3"),
    )
    assert expected == item.figures


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-02-08T10:00:00Z", datetime(2021, 2, 8, 10, tzinfo=UTC)),
        ("2021-02-08T10:00:00.123+01:00", datetime(2021, 2, 8, 9, tzinfo=UTC)),
        ("2021-02-08", datetime(2021, 2, 8, tzinfo=UTC)),
        ("February 8, 2021", datetime(2021, 2, 8, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("soon", None),
        (1612778400, None),
        (None, None),
    ],
)
def test_trap_48_dates_in_all_forms_and_none(one, written, expected):
    item = one({"date_published": written})
    assert expected == (item.published and item.published.replace(microsecond=0))


def test_an_entry_that_was_only_changed_is_dated_by_the_change(one):
    item = one({"date_published": None, "date_modified": "2021-02-09T00:00:00Z"})
    assert datetime(2021, 2, 9, tzinfo=UTC) == item.published == item.updated


def test_entries_of_the_wrong_shape_are_skipped_and_counted(fetch):
    wrong = [
        7,
        None,
        "text",
        [],
        {},
        {"url": {}, "title": []},
        ENTRY | {"url": "no url", "id": "x"},
    ]
    fetched = fetch(*wrong, ENTRY)
    assert (["A post"], None) == ([item.title for item in fetched.items], fetched.error)
    assert len(wrong) == fetched.skipped


def test_half_a_character_harms_nothing(one):
    assert "A \ufffd post" == one({"title": "A \ud83d post"}).title


def test_a_mark_of_byte_order_is_no_obstacle(fetch):
    body = b"\xef\xbb\xbf" + json.dumps({"items": [ENTRY]}).encode()
    assert 1 == len(fetch(body=body).items)


@pytest.mark.parametrize(
    "body",
    [
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"',
        '{"version": "https://jsonfeed.org/version/1", "items": {"id": "1"}}',
        '{"version": "https://jsonfeed.org/version/1"}',
        '{"items": ' + "[" * 100_000,
        '{"items": [' + "9" * 5000 + "]}",
        '{"message": "not found"}',
        "{",
    ],
    ids=["cut", "object", "none", "deep", "number", "other", "brace"],
)
def test_what_is_no_whole_json_feed_is_an_error(fetch, body):
    fetched = fetch(body=body)
    assert isinstance(fetched.error, ParseError)
    assert () == fetched.items


def test_a_feed_without_entries_is_no_error(fetch):
    fetched = fetch()
    assert ((), None) == (fetched.items, fetched.error)
    assert "no entries" in fetched.warnings[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "name", "items", "id"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [*ENTRY, "external_url", "content_text", "authors", "author", "tags", "image", "attachments"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3), VALUES)
def test_no_value_of_any_type_is_more_than_a_bad_entry(entries, other):
    feed = {"version": json_feed.VERSION + "1", "items": entries, "authors": other, "author": other}
    try:
        parsed = json_feed.parse(json.dumps(feed).encode(), "a blog")
    except DigestError:
        return
    assert parsed is not None
    assert len(entries) == len(parsed[0])
