"""The embedded sample: its files are well formed, hang together, and are written in our own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import feedparser
import pytest
import yaml
from lxml import etree

from digest.demo import DEMO_WEEKS, demo_config
from digest.demo.make_sample import wire_files
from digest.demo.wire import ARXIV, ATOM
from digest.paths import CHECKOUT, sample_week
from digest.sources import ArxivSource, RedditSource
from digest.week import Week

WEEKS = [w.week for w in DEMO_WEEKS]
CORPUS = CHECKOUT.parent / "shared" / "data"
TOPICS = {
    "vision", "language", "audio", "rl", "generative", "theory", "optimization", "fairness", "interpretability",
    "systems", "robotics", "science", "graphs", "data", "multimodal", "privacy",
}  # fmt: skip


@cache
def source(week: str) -> dict[str, Any]:
    return yaml.safe_load((sample_week() / "source" / f"{week}.yaml").read_text("utf-8"))


def wire(week: str, name: str) -> bytes:
    return (sample_week() / week / name).read_bytes()


def arxiv_entries(week: str) -> list[etree._Element]:
    return etree.fromstring(wire(week, "arxiv.xml")).findall(f"{{{ATOM}}}entry")


def arxiv_id(entry: etree._Element) -> str:
    return entry.findtext(f"{{{ATOM}}}id").removeprefix("http://arxiv.org/abs/")


def published(entry: etree._Element) -> datetime:
    return datetime.fromisoformat(entry.findtext(f"{{{ATOM}}}published"))


def posts(week: str) -> list[dict[str, Any]]:
    return [c["data"] for c in json.loads(wire(week, "reddit/top.json"))["data"]["children"]]


def texts(value: Any) -> Iterator[str]:
    """Every running text of a source file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("abstract", "text", "html"):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_the_wire_files_are_what_the_sources_make_now_and_nothing_else():
    on_disk = {
        f"{week}/{path.relative_to(sample_week() / week).as_posix()}": path.read_bytes()
        for week in WEEKS
        for path in (sample_week() / week).rglob("*")
        if path.is_file()
    }
    made = wire_files()
    assert sorted(made) == sorted(on_disk)
    assert [name for name in made if made[name] != on_disk[name]] == []


def test_every_xml_file_is_a_feed_that_feedparser_reads_without_complaint():
    for path in sample_week().rglob("*.xml"):
        feed = feedparser.parse(path.read_bytes())
        assert (path.name, feed.bozo) == (path.name, False)
        assert feed.entries


def test_every_week_was_read_when_the_demo_says_and_in_that_week():
    for week, now, _ in DEMO_WEEKS:
        assert source(week)["as_of"] == now
        assert Week.of(now) in (Week.parse(week), Week.of(Week.parse(week).end))


@pytest.mark.parametrize("week", WEEKS)
def test_arxiv_ids_are_genuine_in_form_and_occur_once(week):
    ids = [arxiv_id(e) for e in arxiv_entries(week)]
    assert all(re.fullmatch(r"\d{4}\.\d{5}v[1-9]", i) for i in ids)
    assert len(ids) == len(set(ids))


def test_no_paper_is_in_two_weeks():
    ids = [re.sub(r"v\d+$", "", arxiv_id(e)) for week in WEEKS for e in arxiv_entries(week)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("week", WEEKS)
def test_a_primary_category_is_the_first_category(week):
    for entry in arxiv_entries(week):
        first = entry.find(f"{{{ATOM}}}category").get("term")
        assert entry.find(f"{{{ARXIV}}}primary_category").get("term") == first


@pytest.mark.parametrize(("week", "now"), [w[:2] for w in DEMO_WEEKS])
def test_papers_are_of_the_window_unless_a_post_names_them(week, now):
    named = " ".join(texts(source(week)))
    outside = [
        arxiv_id(e)
        for e in arxiv_entries(week)
        if not Week.parse(week).since <= published(e) <= now
    ]
    assert outside == (["2002.08484v3"] if week == "2021-W06" else [])
    assert all(f"arxiv.org/abs/{i[:10]}" in named for i in outside)


@pytest.mark.parametrize(("week", "now"), [w[:2] for w in DEMO_WEEKS])
def test_reddit_posts_are_of_the_window(week, now):
    since = Week.parse(week).since
    assert all(since <= datetime.fromtimestamp(p["created_utc"], UTC) <= now for p in posts(week))


@pytest.mark.parametrize(("week", "now"), [w[:2] for w in DEMO_WEEKS])
@pytest.mark.parametrize("name", ["google-ai-blog", "the-batch", "plos-genetics"])
def test_a_feed_lists_newest_first_and_nothing_from_the_future(week, now, name):
    root = etree.fromstring(wire(week, f"feeds/{name}.xml"))
    dates = [
        datetime.fromisoformat(e.text)
        for e in root.findall(f".//{{{ATOM}}}entry/{{{ATOM}}}published")
    ]
    dates += [parsedate_to_datetime(e.text) for e in root.findall(".//pubDate")]
    assert dates == sorted(dates, reverse=True)
    assert max(dates) <= now


def test_feeds_pile_up_from_week_to_week():
    titles = [
        {e.title for e in feedparser.parse(wire(week, "feeds/the-batch.xml")).entries}
        for week in WEEKS
    ]
    assert titles[0] < titles[1] < titles[2]


def test_the_reference_week_holds_enough_and_leans_to_computer_vision():
    data = source("2021-W06")
    in_week = [p for p in data["papers"] if p["id"] != "2002.08484v3"]
    visible = [p for p in data["reddit"] if not p.get("is_stickied")]
    others = data["google_ai_blog"] + data["the_batch"] + data["plos_genetics"]
    assert len(in_week) + len(visible) + len(others) >= 32
    assert sum(p["categories"][0] == "cs.CV" for p in in_week) > len(in_week) / 2


def test_the_week_before_leans_to_language():
    papers = source("2021-W05")["papers"]
    assert sum("cs.CL" in p["categories"] for p in papers) > len(papers) / 2


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("arxiv.xml", "http://arxiv.org/abs/2102.06171v1"),
        ("arxiv.xml", "http://arxiv.org/abs/2102.03054v1"),
        ("arxiv.xml", "http://arxiv.org/abs/2002.08484v3"),
        ("feeds/google-ai-blog.xml", "http://ai.googleblog.com/2021/02/tracin-simple-method-to-estimate.html"),
        ("feeds/google-ai-blog.xml", "https://arxiv.org/abs/2002.08484"),
        ("feeds/plos-genetics.xml", "10.1371/journal.pgen.1009303"),
        ("feeds/the-batch.xml", "https://www.deeplearning.ai/the-batch/issue-78"),
        ("reddit/top.json", "https://thispersondoesnotexist.com"),
        ("reddit/top.json", "https://thiscatdoesnotexist.com"),
        ("reddit/top.json", "lottery ticket hypothesis"),
    ],
)  # fmt: skip
def test_each_story_of_the_lecture_is_in_the_reference_week(file, address):
    assert address in wire("2021-W06", file).decode()


def test_the_theory_thread_holds_many_positions_with_replies_and_scores():
    tree = json.loads(wire("2021-W06", "reddit/comments/zzdlth1.json"))
    comments = list(flat(tree[1]["data"]["children"]))
    assert 12 <= len(comments) <= 16
    assert {c["depth"] for c in comments} == {0, 1, 2}
    assert all(isinstance(c["score"], int) for c in comments)
    assert tree[1]["data"]["children"][-1]["kind"] == "more"
    said = " ".join(c["body"].lower() for c in comments)
    for topic in (
        "lottery ticket",
        "double descent",
        "tangent kernel",
        "implicit bias",
        "loss landscape",
        "bug",
    ):
        assert topic in said


def flat(children: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for child in children:
        if child["kind"] == "t1":
            yield child["data"]
            if child["data"]["replies"]:
                yield from flat(child["data"]["replies"]["data"]["children"])


@pytest.mark.parametrize("week", WEEKS)
def test_each_post_has_its_tree_and_a_reply_names_its_parent(week):
    for post in posts(week):
        tree = json.loads(wire(week, f"reddit/comments/{post['id']}.json"))
        assert tree[0]["data"]["children"][0]["data"] == post
        comments = list(flat(tree[1]["data"]["children"]))
        names = {post["name"], *(c["name"] for c in comments)}
        assert all(c["parent_id"] in names for c in comments)
        assert len(names) == len(comments) + 1


@pytest.mark.parametrize("week", WEEKS)
def test_every_arxiv_paper_that_is_linked_is_in_the_sample(week):
    known = {arxiv_id(e)[:10] for e in arxiv_entries(week)}
    data = source(week)
    linked = set(re.findall(r"arxiv\.org/\w+/(\d{4}\.\d{5})", json.dumps(data, default=str)))
    assert linked <= known


@pytest.mark.parametrize("week", WEEKS)
def test_abstracts_have_the_length_of_abstracts(week):
    lengths = {p["id"]: len(p["abstract"].split()) for p in source(week)["papers"]}
    assert {i: n for i, n in lengths.items() if not 75 <= n <= 170} == {}


def test_the_sample_holds_what_readers_of_wire_formats_stumble_over():
    papers = [p for week in WEEKS for p in source(week)["papers"]]
    abstracts = " ".join(p["abstract"] for p in papers)
    assert r"$O(n\log n)$" in abstracts
    assert "$0<" in abstracts
    assert any('\\"o' in p["title"] for p in papers)
    assert any(not name.isascii() for p in papers for name in p["authors"])
    assert any(p["id"].endswith("v2") for p in papers)
    assert any(p.get("is_stickied") for p in source("2021-W06")["reddit"])


def test_the_configuration_points_every_source_at_the_server():
    config = demo_config("http://127.0.0.1:4711/")
    urls = [s.url for s in config.sources]
    urls += [
        u
        for s in config.sources
        if isinstance(s, RedditSource)
        for u in (s.reddit_url, s.oauth_url)
    ]
    assert all(u.startswith("http://127.0.0.1:4711") and "//" not in u[7:] for u in urls)
    assert {type(s) for s in config.sources} >= {ArxivSource, RedditSource}
    assert config.course.syllabus.is_file()
    assert not config.delivery.recipients


def test_the_course_meets_on_its_class_days_and_never_on_a_holiday():
    course = yaml.safe_load((sample_week() / "syllabus.yaml").read_text("utf-8"))
    lectures = course["lectures"]
    days = [lecture["date"] for lecture in lectures]
    assert {d.strftime("%a").lower() for d in days} == set(course["class_days"])
    assert not {h["date"] for h in course["holidays"]} & set(days)
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2021, 1, 26), date(2021, 4, 29))
    assert [lecture["number"] for lecture in lectures] == list(range(1, len(lectures) + 1))
    assert {t for lecture in lectures for t in lecture["topics"]} <= TOPICS


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    """All runs of ``size`` words, without tags, addresses and formulas."""
    text = re.sub(r"<[^>]*>|https?://\S+( \S+/\S+)?|\$[^$]*\$", " ", text)
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_shingles_see_a_borrowed_sentence():
    borrowed = shingles("We <b>show</b> that one two three four five six seven eight nine")
    assert shingles("Here: one two three four five six seven, eight.") & borrowed


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"{CORPUS} is absent")
def test_no_eight_words_in_a_row_are_those_of_the_originals():
    foreign: set[tuple[str, ...]] = set()
    with (CORPUS / "hot_papers_to_2021-05.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            foreign |= shingles(json.loads(line)["abstract"])
    for path in (CORPUS / "replay" / "2021-W06").rglob("*.xml"):
        for element in etree.parse(str(path)).iter("{*}summary", "{*}description", "{*}content"):
            foreign |= shingles(element.text or "")
    assert len(foreign) > 100_000
    for week in WEEKS:
        for text in texts(source(week)):
            assert sorted(shingles(text) & foreign) == []


def test_the_repository_says_what_is_true_and_what_is_not():
    readme = (sample_week() / "README.md").read_text("utf-8")
    invented = [p["id"] for week in WEEKS for p in posts(week) if p["id"].startswith("zz")]
    assert invented
    assert "begins with `zz`" in readme
    assert "our own" in readme
