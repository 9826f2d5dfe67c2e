"""What an address asks for, and when two sources are one."""

from __future__ import annotations

import pytest

from digest.addresses import feed_urls, find, folder_entry, recognize, twin, url_key
from digest.config import parse_config
from digest.errors import ConfigError


def sources(*entries):
    return parse_config({"sources": list(entries)}).sources


def blog(url, name="Blog"):
    return {"kind": "feed", "name": name, "url": url}


ARXIV = {"kind": "arxiv", "name": "arXiv cs.LG", "categories": ["cs.LG"]}
REDDIT = {"kind": "reddit", "name": "r/MachineLearning", "subreddit": "MachineLearning"}
CHANNEL = "UCabcdefghijklmnopqrstuv"
YOUTUBE = {"kind": "youtube", "channel_id": CHANNEL}


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://arxiv.org/list/cs.LG/recent", ARXIV),
        ("http://www.arxiv.org/list/cs.LG/new?show=500", ARXIV),
        ("https://rss.arxiv.org/rss/cs.lg", ARXIV),
        ("https://arxiv.org/archive/cs", ARXIV | {"name": "arXiv cs", "categories": ["cs"]}),
        (
            "https://rss.arxiv.org/atom/cs.LG+stat.ML",
            ARXIV | {"name": "arXiv cs.LG, stat.ML", "categories": ["cs.LG", "stat.ML"]},
        ),
        ("https://arxiv.org/abs/2102.06171", None),
        ("https://www.reddit.com/r/MachineLearning", REDDIT),
        ("https://old.reddit.com/r/MachineLearning/top/?t=week", REDDIT),
        ("https://www.reddit.com/r/MachineLearning/.rss", REDDIT),
        ("https://www.reddit.com/r/MachineLearning/comments/lg1xyz/a_thread/", None),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", YOUTUBE),
        (f"https://youtube.com/feeds/videos.xml?channel_id={CHANNEL}", YOUTUBE),
        (
            "https://www.youtube.com/playlist?list=PL123",
            {"kind": "youtube", "playlist_id": "PL123"},
        ),
        ("https://www.youtube.com/@somebody", None),
        ("https://notreddit.com/r/MachineLearning", None),
        ("https://example.org/blog/", None),
    ],
)
def test_an_address_of_a_provider_is_recognized_and_any_other_left_to_its_server(url, entry):
    assert entry == recognize(url)


@pytest.mark.parametrize(
    ("kind", "url", "mirror"),
    [
        ("arxiv", "http://mirror.example/list/cs.LG/new", "http://mirror.example/api/query"),
        ("reddit", "http://mirror.example:81/r/MachineLearning/", "http://mirror.example:81"),
        (
            "youtube",
            f"http://mirror.example/channel/{CHANNEL}",
            "http://mirror.example/feeds/videos.xml",
        ),
    ],
)
def test_with_a_kind_another_host_is_a_mirror_and_nothing_else_is_called(kind, url, mirror):
    entry = recognize(url, kind)

    assert (kind, mirror) == (entry["kind"], entry["url"])
    sources({"name": "x"} | entry)  # it loads


def test_the_kind_feed_takes_an_address_of_a_provider_as_a_feed():
    assert recognize("https://rss.arxiv.org/rss/cs.LG", "feed") is None


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("example.org/feed", None, "no URL"),
        ("ftp://example.org/feed", None, "no URL"),
        ("https://", None, "no URL"),
        ("https://x.org:port/", None, "no URL"),
        ("https://x.org/a b", None, "no URL"),
        ("https://x.org/blog", "reddit", "names no reddit source"),
        ("https://arxiv.org/abs/2102.06171", "arxiv", "names no arxiv source"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_in_one_line(url, kind, said):
    with pytest.raises(ConfigError, match=said) as caught:
        recognize(url, kind)

    assert "\n" not in str(caught.value)


def test_a_folder_is_written_relative_to_feeds_yaml_where_it_lies_beside_it(tmp_path):
    (tmp_path / "papers to read").mkdir()
    entry = {"kind": "file", "name": "papers to read", "path": "papers to read"}

    assert entry == folder_entry(str(tmp_path / "papers to read"), tmp_path)
    assert entry == folder_entry(f"file://{tmp_path}/papers%20to%20read", tmp_path)
    assert str(tmp_path) == folder_entry(str(tmp_path), tmp_path / "papers to read")["path"]
    assert folder_entry("https://example.org", tmp_path) is None
    with pytest.raises(ConfigError, match="is no folder"):
        folder_entry(f"file:{tmp_path}/none", tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/feed.xml",
        "https://www.example.org/feed.xml/",
        "https://EXAMPLE.org:443/feed.xml#top",
    ],
)
def test_one_feed_under_several_spellings_has_one_key(url):
    assert url_key("https://example.org/feed.xml") == url_key(url)


def test_another_query_or_port_is_another_feed():
    urls = ("http://a.org/f", "http://a.org/f?x=1", "http://a.org:8000/f", "http://a.org/F")

    assert len(urls) == len(set(map(url_key, urls)))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (blog("http://www.example.org/feed/"), blog("https://example.org/feed", "Other")),
        (ARXIV, {"kind": "arxiv", "categories": ["cs.CV", "cs.LG"]}),
        (blog("https://rss.arxiv.org/rss/cs.LG"), ARXIV),
        (ARXIV, blog("https://rss.arxiv.org/rss/cs.LG")),
        (REDDIT, {"kind": "reddit", "subreddit": "machinelearning"}),
        (blog("https://www.reddit.com/r/MachineLearning/top/.rss?t=week"), REDDIT),
        (blog(f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"), YOUTUBE),
        ({"kind": "file", "path": "/tmp/../tmp/x"}, {"kind": "file", "path": "/tmp/x"}),
    ],
)
def test_a_source_whose_all_is_collected_already_has_a_twin(new, old):
    [new] = sources({"name": "new"} | new)
    others = sources(blog("https://unrelated.org/", "unrelated"), {"name": "old"} | old)

    assert others[1] == twin(new, others)


def test_a_source_that_brings_something_more_has_no_twin():
    [new] = sources({"kind": "arxiv", "categories": ["cs.LG", "stat.ML"]})

    assert twin(new, sources(ARXIV)) is None
    assert twin(new, sources(ARXIV, {"kind": "arxiv", "categories": ["stat.ML", "cs.CV"]}))


def test_every_feed_of_a_source_has_its_url_and_what_has_no_feed_has_none():
    found = sources(
        {"kind": "arxiv", "categories": ["cs.LG", "cs.CV"]},
        blog("https://example.org/feed"),
        REDDIT,
        YOUTUBE | {"name": "Channel"},
        {"kind": "hackernews"},
        {"kind": "arxiv", "name": "Mirror", "categories": ["cs.LG"], "url": "http://m.example/q"},
    )

    assert [
        ("arXiv cs.LG", "https://rss.arxiv.org/rss/cs.LG"),
        ("arXiv cs.CV", "https://rss.arxiv.org/rss/cs.CV"),
        ("Blog", "https://example.org/feed"),
        ("r/MachineLearning", "https://www.reddit.com/r/MachineLearning/top/.rss?t=week"),
        ("Channel", f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"),
    ] == [pair for source in found for pair in feed_urls(source)]


def test_a_person_may_name_a_source_in_any_case_or_by_its_address():
    found = sources(
        ARXIV, blog("https://example.org/feed"), blog("https://b.example/feed", "blog 2"), REDDIT
    )

    assert found[1] == find("blog", found)
    assert found[1] == find("http://example.org/feed/", found)
    assert found[3] == find("https://www.reddit.com", found)
    assert find("Blo", found) is None
    assert find("https://example.org/other", found) is None
