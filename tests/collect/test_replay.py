"""Real weeks in the sources' own formats, served on loopback: everything comes, and every fault is survived."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest

from digest.collect import collect, collect_linked
from digest.collect.arxiv_api import parse_entry, parse_page
from digest.collect.visit import Visit
from digest.collection import collect_week
from digest.config import parse_config
from digest.net import Http
from digest.store import Store
from digest.types import Validator
from digest.week import Week
from tests.collect.conftest import NOW
from tests.loopback import Answer

pytestmark = pytest.mark.corpus

WEEK = Week.parse("2025-W16")
CREDENTIALS = {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}
ATOM, ARXIV = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"


@contextmanager
def replay(corpus, *faults, week=WEEK):
    """The address of a replay server for a week, and the names of its feeds."""
    server = corpus.parent / "tools" / "replay_server.py"
    flags = [flag for fault in faults for flag in ("--fault", fault)]
    with subprocess.Popen(
        [sys.executable, server, corpus / "replay" / str(week), "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url = process.stdout.readline().strip()
            yield url, process.stderr.readline().partition("feeds: ")[2].split()
        finally:
            process.kill()


def config(url, feeds):
    reddit = dict.fromkeys(("url", "reddit_url", "oauth_url"), url)
    sources = [
        {"kind": "arxiv", "categories": ["cs.CV", "cs.CL"], "url": f"{url}/api/query"},
        {"kind": "reddit", "subreddit": "MachineLearning", **reddit},
        *({"kind": "feed", "name": name, "url": f"{url}/feeds/{name}"} for name in feeds),
    ]
    return parse_config({"sources": sources})


def run(url, feeds, *, environ=CREDENTIALS, **options):
    sources = config(url, feeds).sources
    with Http(sleep=lambda _: None, **options) as http:
        found = collect(sources, http, since=WEEK.since, until=WEEK.end, environ=environ)
        return {fetched.source: fetched for fetched in found}


class Silent:
    """A ``report.Watch`` for nobody."""

    def stage(self, name, total=None):
        pass

    def advance(self, done, total):
        pass

    def line(self, text, *, is_bad=False):
        pass


def served(url):
    """What the server was asked so far."""
    with urlopen(f"{url}/_log") as answer:
        return [json.loads(line) for line in answer.read().splitlines()]


def papers_of_the_week(corpus):
    """Ids of all papers of the configured categories in the window, read without the code under test."""
    found = set()
    for file in (corpus / "replay" / str(WEEK) / "arxiv").glob("*.xml"):
        for entry in ET.parse(file).getroot().iter(f"{ATOM}entry"):
            published = datetime.fromisoformat(entry.findtext(f"{ATOM}published"))
            categories = {c.get("term") for c in entry.iter(f"{ATOM}category")}
            if WEEK.since <= published < WEEK.end and categories & {"cs.CV", "cs.CL"}:
                found.add(
                    "arxiv:" + entry.findtext(f"{ATOM}id").rpartition("/")[2].rpartition("v")[0]
                )
    return found


@pytest.mark.parametrize("environ", [CREDENTIALS, {}], ids=["praw", "atom"])
def test_a_real_week_is_collected_whole(corpus, environ):
    with replay(corpus) as (url, feeds):
        fetched = run(url, feeds, environ=environ)
    assert [f.error for f in fetched.values() if f.error] == []
    assert {item.id for item in fetched["arXiv"].items} == papers_of_the_week(corpus)
    assert len(fetched["r/MachineLearning"].items) == 18
    has_scores = {item.score is not None for item in fetched["r/MachineLearning"].items}
    assert has_scores == {bool(environ)}
    expected = {
        path.name: path.read_text("utf-8").count("<item>")
        for path in (corpus / "replay" / str(WEEK) / "rss").glob("*.xml")
    }
    assert {name: len(fetched[name].items) for name in feeds} == expected
    assert sum(f.skipped for f in fetched.values()) == 0


def test_a_second_collect_is_told_that_the_feeds_are_unchanged(corpus):
    with replay(corpus) as (url, feeds):
        first = run(url, feeds)
        receipts = [r for f in first.values() for r in f.receipts if r.etag]
        validators = {r.url: Validator(etag=r.etag) for r in receipts}
        second = run(url, feeds, validators=validators)
    assert all(second[name].is_unchanged for name in feeds)
    assert all(r.status == 304 for name in feeds for r in second[name].receipts)


def test_a_second_collect_stores_nothing_new_and_asks_with_conditions(corpus, tmp_path):
    with replay(corpus) as (url, feeds), Store(tmp_path / "digest.db") as store:
        settings = config(url, feeds)
        first, second = (
            collect_week(WEEK, settings, store, now=WEEK.end, environ=CREDENTIALS, watch=Silent())
            for _ in range(2)
        )
        log = served(url)

    assert {0} == {s.new + s.changed for s in second.sources}
    assert {s.name: s.items for s in first.sources if s.name not in feeds} == {
        s.name: s.items for s in second.sources if s.name not in feeds
    }
    assert {s.name for s in second.sources if s.is_unchanged} == set(feeds)
    statuses = [line["status"] for line in log if line["path"].startswith("/feeds/")]
    assert [200] * len(feeds) + [304] * len(feeds) == statuses


def test_the_pace_of_arxiv_holds_over_ten_pages(corpus):
    pace_s = 0.3
    with replay(corpus) as (url, _):
        source = config(url, []).sources[0].model_copy(update={"page_size": 130})
        with Http(pace_s={"127.0.0.1": pace_s}) as http:
            (fetched,) = collect([source], http, since=WEEK.since, until=WEEK.end, environ={})
        moments = [line["t"] for line in served(url) if line["path"].startswith("/api/query")]

    assert {item.id for item in fetched.items} == papers_of_the_week(corpus)
    assert len(moments) >= 10
    assert min(after - before for before, after in pairwise(moments)) >= pace_s


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        "429",
        "429date",
        "503",
        "500",
        "404",
        "html",
        "empty",
        "truncate",
        "short",
        "badgzip",
        "loop",
        "hang",
        "drip",
    ],
)
def test_every_fault_on_every_path_is_an_error_and_the_other_sources_items_are_there(corpus, kind):
    paths = ("/api/query", "/r/MachineLearning/top", "/feeds/the-batch")
    with replay(corpus, *(f"{path}={kind}" for path in paths)) as (url, feeds):
        fetched = run(url, feeds, deadline_s=2)
    failed = {name for name, f in fetched.items() if f.error}
    assert failed == {"arXiv", "r/MachineLearning", "the-batch.xml"}
    assert all("\n" not in str(f.error) for f in fetched.values())
    assert all(fetched[name].items for name in feeds if name != "the-batch.xml")


@pytest.mark.slow
def test_a_fault_that_passes_costs_nothing(corpus):
    paths = ("/api/query", "/r/MachineLearning/top", "/feeds/")
    for kind in ("429date", "short"):
        with replay(corpus, *(f"{path}={kind}:2" for path in paths)) as (url, feeds):
            fetched = run(url, feeds)
        assert [f.error for f in fetched.values() if f.error] == []
        assert len(fetched["r/MachineLearning"].items) == 18


def test_papers_named_by_others_are_fetched_by_id(corpus):
    week = Week.parse("2021-W06")
    with replay(corpus, week=week) as (url, feeds), Http() as http:
        arxiv = config(url, feeds).sources[0]
        fetched = collect_linked(["2102.06171", "2002.08484", "0704.0001"], arxiv, http)
    assert [item.id for item in fetched.items] == ["arxiv:2102.06171", "arxiv:2002.08484"]
    assert "0704.0001" in fetched.warnings[0]


def test_every_recorded_answer_of_arxiv_is_read(corpus, http):
    visit = Visit(http=http.session("arXiv"), since=NOW, until=NOW, now=datetime.now(NOW.tzinfo))
    counts = Counter()
    for file in sorted((corpus / "format-samples").glob("arxiv-api-*.xml")):
        for entry in parse_page(file.read_bytes(), "arXiv").entries:
            item = parse_entry(entry, "arXiv", visit)
            assert item.published is not None
            assert item.text
            assert item.authors
            assert item.categories
            counts[file.name] += 1
    assert counts == {
        "arxiv-api-legacy-2007.xml": 1,
        "arxiv-api-one-entry.xml": 1,
        "arxiv-api-query-10.xml": 10,
        "arxiv-api-query-100.xml": 100,
    }


def test_a_recorded_feed_of_a_blogger_blog_is_read(corpus, site):
    """Full bodies, true addresses behind feedburner, papers named in the text."""
    content = (corpus / "format-samples" / "google-ai-blog-atom-2021-07-29.xml").read_bytes()
    site.routes["/feed"] = Answer(content)
    feed = {"kind": "feed", "name": "a blog", "url": f"{site.url}/feed"}
    sources = parse_config({"sources": [feed]}).sources
    with Http() as http:
        (fetched,) = collect(sources, http, since=NOW, until=NOW, environ={})
    items = fetched.items
    assert len(items) == 25
    assert all(item.url.startswith("http://ai.googleblog.com/2021/") for item in items)
    assert all(len(item.text) > 1000 and item.published for item in items)
    assert all(item.authors == ("Google AI",) for item in items)
    assert all(item.note.startswith("Posted by ") for item in items)
    assert not any(item.text.startswith("Posted by") for item in items)
    assert any("arxiv.org" in link for item in items for link in item.links)
    assert not any(link.endswith(".png") for item in items for link in item.links)
    assert not any("<" in item.title or "&#" in item.text for item in items)
