"""``sources check``: what a source would bring, tried against real servers, and nothing stored."""

from __future__ import annotations

import json

import pytest

from tests.cli.feeds import blog, feed, page, write
from tests.loopback import Answer

CLOSED = "http://127.0.0.1:9/feed"  # the discard port: nothing listens there


@pytest.fixture
def two(folder, site):
    """A source that gives items and one that is off; the site's routes are the test's."""
    site.routes["/blog"] = feed(7)
    write(
        folder / "feeds.yaml",
        blog("Blog", f"{site.url}/blog"),
        blog("Off", f"{site.url}/off", enabled=False),
    )
    return folder


def test_the_count_the_newest_five_and_the_cost_are_told_and_nothing_is_stored(two, sources):
    code, out, err = sources("check", "Blog")
    head, *titles = out.splitlines()

    assert (0, "") == (code, err)
    assert head.startswith("✓ Blog (feed): 7 items in ")
    assert head.endswith(" bytes, HTTP 200")
    assert [f"    2021-02-0{n}  Post {n}" for n in (7, 6, 5, 4, 3)] == titles
    assert ["feeds.yaml"] == [p.name for p in two.iterdir()]


def test_as_json_it_says_the_same(two, sources, site):
    code, out, _ = sources("check", "blog", "--json")
    [trial] = json.loads(out)

    assert (0, "Blog", "feed", True, 7, 200, 0) == (
        code,
        *(trial[k] for k in ("name", "kind", "is_ok", "items", "http_status", "skipped")),
    )
    assert {
        "title": "Post 7",
        "published": "2021-02-07T12:00:00+00:00",
        "url": "https://blog.example/7",
    } == trial["newest"][0]
    assert trial["byte_count"] == len(site.routes["/blog"].body)
    assert trial["elapsed_s"] >= 0


def test_what_is_skipped_and_why_is_told(two, sources, site):
    site.routes["/blog"] = Answer(
        "<rss version='2.0'><channel><title>B</title>"
        "<item><title>Good</title><link>https://x.example/1</link></item>"
        "<item><title>Lost</title></item></channel></rss>"
    )
    code, out, _ = sources("check", "Blog")

    assert 0 == code
    assert "    no date     Good" in out.splitlines()
    assert "    1 entry skipped: no link in 'Lost'" in out.splitlines()


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer(b"gone", 404), 3, "✗ Blog (feed): failed: "),
        (page(), 3, "the answer is a web page, no feed"),
        (feed(0), 1, "– Blog (feed): 0 items in "),
    ],
)
@pytest.mark.usefixtures("two")
def test_the_exit_code_tells_a_dead_source_from_an_empty_one(sources, site, answer, code, said):
    site.routes["/blog"] = answer
    got, out, _ = sources("check", "Blog")

    assert code == got
    assert said in out


def test_without_a_name_all_that_are_enabled_are_tried_and_one_dead_one_ends_3(
    folder, sources, site
):
    site.routes |= {"/a": feed(2), "/b": feed(1)}
    entries = [blog(n, f"{site.url}/{n}") for n in "abc"]
    write(folder / "feeds.yaml", *entries, blog("d", CLOSED, enabled=False))
    code, out, _ = sources("check")

    assert 3 == code
    assert ["✓ a", "✓ b", "✗ c"] == [line[:3] for line in out.splitlines() if line[0] != " "]
    assert {"/a", "/b", "/c"} == set(site.paths())


def test_a_source_that_is_off_can_be_tried_by_name(two, sources, site):
    site.routes["/off"] = feed(1)

    assert 0 == sources("check", "off")[0]


def test_a_feed_that_has_moved_says_where_to(two, sources, site):
    site.routes["/blog"] = Answer(status=301, headers={"Location": "/new"})
    site.routes["/new"] = feed(1)
    _, out, _ = sources("check", "Blog")

    assert f"    moved to {site.url}/new: change it in feeds.yaml" in out.splitlines()


def test_an_address_that_is_not_in_the_file_is_tried_as_a_feed_or_as_a_page(two, sources, site):
    site.routes |= {"/": page("/comments/feed", "/f", "/g"), "/f": feed(2, "Found")}
    code, out, _ = sources("check", site.url)
    lines = out.splitlines()

    assert 0 == code
    assert "the page names 3 feeds; this one is taken (*):" == lines[0]
    assert f"    {site.url}/comments/feed  feed of /comments/feed (comments)" in lines
    assert f"  * {site.url}/f  feed of /f" in lines
    assert any(line.startswith("✓ Found (feed): 2 items") for line in lines)
    assert 0 == sources("check", f"{site.url}/f")[0]


def test_the_address_of_a_configured_source_is_that_source(two, sources, site):
    _, out, _ = sources("check", f"{site.url}/blog/")

    assert out.startswith("✓ Blog (feed)")


def test_an_address_without_a_feed_ends_1_and_one_that_is_dead_3(two, sources, site):
    site.routes["/"] = page()
    code, out, err = sources("check", site.url)
    assert (1, "", 1) == (code, out, err.count("\n"))
    assert "names no feed, and there is none at /feed.xml, /index.xml, /feed, /rss" in err

    code, out, _ = sources("check", CLOSED, "--json")
    assert (3, [False]) == (code, [t["is_ok"] for t in json.loads(out)])
    assert 3 == sources("check", f"{site.url}/none")[0]


@pytest.mark.parametrize(
    ("name", "said"), [("Blogg", "did you mean 'Blog'?"), ("zzzz", "there are Blog, Off")]
)
def test_a_name_that_is_not_there_ends_2_and_says_which_are(two, sources, name, said):
    code, out, err = sources("check", name)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err


def test_what_only_says_more_of_others_is_left_out(folder, sources):
    write(folder / "feeds.yaml", {"kind": "semanticscholar", "name": "S2"})

    assert (0, "") == sources("check")[:2]
    assert (0, "S2: only says more of what other sources bring; not tried\n") == sources(
        "check", "S2"
    )[:2]


def test_a_file_in_which_all_is_off_has_nothing_to_try(folder, sources):
    write(folder / "feeds.yaml", blog("Off", CLOSED, enabled=False))
    code, _, err = sources("check")

    assert 2 == code
    assert "every source is disabled" in err


def test_arxiv_is_asked_for_the_week_that_a_run_would_ask_for(folder, sources, site):
    from tests.collect.fakes import arxiv_entry, arxiv_feed

    site.routes["/q"] = Answer(arxiv_feed([arxiv_entry(1, day=9)], 1))
    write(folder / "feeds.yaml", {"kind": "arxiv", "categories": ["cs.LG"], "url": f"{site.url}/q"})
    code, out, _ = sources("check", "arXiv", "--week", "2021-W06")

    assert 0 == code
    assert "✓ arXiv (arxiv): 1 item in" in out
    assert "[202102040000 TO 202102142359]" in site.asked[0].query["search_query"]
