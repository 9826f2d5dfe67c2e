"""Whatever a service answers, a collector ends in items and at most one error of one line, never in another exception."""

import json
from copy import deepcopy
from dataclasses import asdict
from email.utils import format_datetime

import pytest

from digest.collect import COLLECTORS, _collector, _gather
from digest.collect.markup import is_http
from digest.collect.visit import Visit
from digest.config import parse_config
from digest.errors import CollectError
from digest.net import Response
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import arxiv_entry, arxiv_feed, reddit_entry, reddit_feed, rss, rss_item
from tests.collect.fakes_json import (
    NO_PREPRINTS,
    channel,
    hf_entry,
    hn_comment,
    hn_hit,
    hn_hits,
    note,
    preprint,
    preprints,
    s2_paper,
    video,
)
from tests.loopback import Answer

WANTED = ("2102.06171",)
WORDS = "A comment of some length on the matter."

#: What each kind of source needs beside its name and address.
FIELDS = {
    "arxiv": {"categories": ["cs.LG"]},
    "feed": {"name": "a blog"},
    "reddit": {"subreddit": "MachineLearning"},
    "youtube": {"name": "a channel", "channel_id": "UC1234567890"},
    "huggingface": {},
    "hackernews": {"queries": ["LLM"]},
    "openreview": {"venues": ["ICLR.cc/2021/Conference"]},
    "biorxiv": {},
    "semanticscholar": {},
}

#: A good answer of each, which gives one item.
GOOD = {
    "arxiv": arxiv_feed([arxiv_entry()], 1),
    "feed": rss(rss_item()).encode(),
    "reddit": reddit_feed(reddit_entry()).encode(),
    "youtube": channel(video()).encode(),
    "huggingface": [hf_entry()],
    "hackernews": hn_hits(hn_hit(num_comments=9, story_text="A <i>text</i>.")),
    "openreview": {"notes": [note(pdate=None)]},
    "biorxiv": preprints(preprint()),
    "semanticscholar": [s2_paper()],
}
#: The JSON answers to all calls after the first.
THEN = {
    "huggingface": [],
    "hackernews": {"children": [hn_comment(1, WORDS, hn_comment(2, WORDS))]},
    "openreview": {"notes": []},
    "biorxiv": NO_PREPRINTS,
    "semanticscholar": [],
}


def source_of(kind, url):
    given = {"kind": kind, "url": url, **FIELDS[kind]}
    (source,) = parse_config({"sources": [given]}).sources
    return source


def gather(source, session):
    visit = Visit(http=session, since=SINCE, until=UNTIL, now=NOW, wanted=WANTED)
    return _gather(source, visit, _collector(source))


def check(fetched):
    """Nothing but items that can be stored and shown, and at most one error, in one line."""
    assert fetched.error is None or isinstance(fetched.error, CollectError)
    for line in (str(fetched.error or ""), *fetched.warnings):
        assert not set(line) & set("\n\r\x00"), line
        assert len(line) < 1000
        line.encode()
    for item in fetched.items:
        assert item.content_hash
        assert is_http(item.url)
        assert item.title == " ".join(item.title.split()) != ""
        assert item.published is None or item.published.utcoffset() is not None
        check_values(asdict(item))


def check_values(value):
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for inner in value:
            check_values(inner)
    elif isinstance(value, str):
        assert "\x00" not in value
        value.encode()
    elif isinstance(value, int):
        assert abs(value) < 2**63


# -- whole answers ----------------------------------------------------------------------------------------------------

BROKEN = {
    "429 in seconds": Answer("slow down", 429, {"Retry-After": "1"}),
    "429 until a date": Answer(
        "slow down", 429, {"Retry-After": format_datetime(NOW, usegmt=True)}
    ),
    "429 for an hour": Answer("slow down", 429, {"Retry-After": "3600"}),
    "429 nonsense": Answer("slow down", 429, {"Retry-After": "soon"}),
    "400": Answer("no", 400),
    "403": Answer("<html>no</html>", 403),
    "404": Answer("no", 404),
    "500": Answer("no", 500),
    "redirect to nowhere": Answer("", 302, {"Location": "ftp://x"}),
    "web page": Answer("<!doctype html><html><body>Log in</body></html>"),
    "empty": Answer(""),
    "blank": Answer("  \n"),
    "null": Answer("null"),
    "number": Answer("7"),
    "string": Answer('"sorry"'),
    "message": Answer('{"message": "try\\nlater"}'),
    "list of numbers": Answer("[1, 2]"),
    "deep list": Answer("[" * 100_000),
    "deep object": Answer('{"hits":' * 100_000),
    "closed deep list": Answer("[" * 100_000 + "]" * 100_000),
    "digits": Answer("9" * 10_000),
    "no text": Answer(b"\xff\xfe\x00\x81\x00"),
    "nan": Answer("NaN"),
}


def test_every_collector_of_the_web_is_tried():
    assert set(COLLECTORS) - {"file"} == set(FIELDS) == set(GOOD)


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("kind", FIELDS)
def test_a_broken_answer_is_one_error_in_one_line(site, http, kind, fault):
    class Everywhere(dict):
        def get(self, path, other=None):
            return BROKEN[fault]

    site.routes = Everywhere()
    source = source_of(kind, site.url)
    fetched = gather(source, http.session(source.name))

    check(fetched)
    assert isinstance(fetched.error, CollectError)
    assert () == fetched.items


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", FIELDS)
def test_an_answer_that_is_cut_short_is_an_error(kind, share):
    whole = GOOD[kind] if isinstance(GOOD[kind], bytes) else json.dumps(GOOD[kind]).encode()
    fetched = gather(source_of(kind, "https://x.org"), Canned(whole[: int(share * len(whole))]))

    check(fetched)
    assert isinstance(fetched.error, CollectError)


# -- single fields ----------------------------------------------------------------------------------------------------

JUNK = [
    None, True, 0, -1, 1.5, 1e308, 10**30, "", " ", "x", "7", "9" * 400, "\ud800", "\x00", "<b>", "a\nb",
    "https://[", "0001-01-01T00:00:00+14:00", [], {}, [None], [[]], [{}], {"value": None}, {"value": [1]}, {"text": 7},
]  # fmt: skip


class Canned:
    """A session that gives ``first``, and ``then`` to all later calls."""

    user_agent = "test"

    def __init__(self, first, then=None):
        self.source = "a source"
        self.receipts = []
        self._first, self._then, self._calls = first, then, 0

    def send(self, method, url, **_):
        self._calls += 1
        value = self._first if self._calls == 1 or self._then is None else self._then
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        return Response(url=url, status=200, content=content)

    def get(self, url, **options):
        return self.send("GET", url, **options)


def places(value, path=()):
    """The path of every value in a document, the document itself first."""
    yield path
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield from places(inner, (*path, key))


def changed(document, path, junk):
    if not path:
        return junk
    document = deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return document


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_answer_gives_an_item(kind):
    fetched = gather(source_of(kind, "https://x.org"), Canned(GOOD[kind], THEN.get(kind)))

    check(fetched)
    assert (1, None) == (len(fetched.items), fetched.error)


@pytest.mark.parametrize("kind", THEN)
def test_any_value_in_the_place_of_any_other_does_no_harm(kind):
    source = source_of(kind, "https://x.org")
    for path in places(GOOD[kind]):
        for junk in JUNK:
            check(gather(source, Canned(changed(GOOD[kind], path, junk), THEN[kind])))


def test_any_value_in_the_place_of_any_other_of_a_thread_does_no_harm():
    source = source_of("hackernews", "https://x.org")
    for path in places(THEN["hackernews"]):
        for junk in JUNK:
            thread = changed(THEN["hackernews"], path, junk)
            fetched = gather(source, Canned(GOOD["hackernews"], thread))
            check(fetched)
            assert (1, None) == (len(fetched.items), fetched.error)


@pytest.mark.parametrize("kind", THEN)
def test_a_field_that_is_absent_does_no_harm(kind):
    source = source_of(kind, "https://x.org")
    for path in places(GOOD[kind]):
        if path:
            document = deepcopy(GOOD[kind])
            inner = document
            for key in path[:-1]:
                inner = inner[key]
            del inner[path[-1]]
            check(gather(source, Canned(document, THEN[kind])))
