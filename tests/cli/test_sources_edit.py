"""``sources add``, ``import`` and ``export``: the file changes by what was asked for, and by nothing else."""

from __future__ import annotations

import difflib
import json

import pytest

from digest.collect import COLLECTORS
from digest.config import load_config
from digest.opml import read_opml
from digest.paths import default_feeds
from tests.cli.feeds import blog, feed, page, write
from tests.collect.fakes import arxiv_entry, arxiv_feed
from tests.loopback import Answer

CLOSED = "http://127.0.0.1:9/feed"  # the discard port: nothing listens there
OLD = blog("Old", "https://old.example/feed")
CHANNEL = "UCabcdefghijklmnopqrstuv"


@pytest.fixture
def path(folder):
    return write(folder / "feeds.yaml", OLD)


def lines_added(path, before):
    """The lines of the file that are new; the others must be there as they were."""
    diff = list(difflib.ndiff(before.splitlines(), path.read_text().splitlines()))
    assert [] == [line for line in diff if line.startswith("-")]
    return [line[2:].strip() for line in diff if line.startswith("+")]


# -- add --------------------------------------------------------------------------------------------------------------


def test_the_feed_of_a_page_is_tried_and_written_behind_the_last_source(path, sources, site):
    before = path.read_text()
    site.routes |= {"/": page("/f"), "/f": feed(2, "A &amp; B: the blog")}
    code, out, err = sources("add", site.url)

    assert (0, "") == (code, err)
    assert [
        "- kind: feed",
        "name: 'A & B: the blog'",
        f"url: {site.url}/f",
    ] == lines_added(path, before)
    assert f"the feed of the page: {site.url}/f" in out
    assert "2 items" in out
    assert out.endswith("added to feeds.yaml: A & B: the blog (feed)\n")


def test_of_several_feeds_the_first_that_is_not_of_comments_is_taken_and_all_are_listed(
    path, sources, site
):
    site.routes |= {"/": page("/comments/feed", "/f", "/g"), "/f": feed()}
    code, out, _ = sources("add", site.url, "--name", "Mine")

    assert 0 == code
    assert "the page names 3 feeds; this one is taken (*):" in out
    added = load_config(path).sources[1]
    assert ("Mine", f"{site.url}/f") == (added.name, added.url)


@pytest.mark.parametrize(
    "case",
    [
        ({}, 3, "HTTP 404"),
        ({"/": page()}, 1, "names no feed, and there is none at"),
        ({"/": page("/comments/feed")}, 1, "names only a feed of comments"),
        ({"/": page("/f")}, 1, "where no feed can be read"),
        ({"/": feed(0)}, 1, "not added to feeds.yaml: it gives no item"),
        ({"/": Answer(b"\x89PNG", headers={"Content-Type": "image/png"})}, 1, "neither a feed"),
    ],
)
def test_what_gives_nothing_is_refused_with_what_was_found(path, sources, site, case):
    routes, code, said = case
    before = path.read_bytes()
    site.routes |= routes
    got, out, err = sources("add", f"{site.url}/")

    assert code == got
    assert said in out + err
    assert before == path.read_bytes()


@pytest.mark.parametrize(
    ("address", "argv", "said"),
    [
        ("https://www.old.example/feed/", (), "is in feeds.yaml already, as 'Old'"),
        ("no-such-folder", (), "is no URL"),
        ("file:no-such-folder", (), "is no folder"),
        ("nowhere", ("--kind", "file"), "is no folder"),
        ("https://example.org/", ("--kind", "reddit"), "names no reddit source"),
        ("https://new.example/", ("--name", "old"), "the name 'old' is used already"),
        ("https://www.reddit.com/r/MachineLearning", ("--name", ""), None),
    ],
)
def test_what_cannot_be_meant_ends_2_without_a_call(path, sources, address, argv, said):
    if said is None:
        write(path, {"kind": "reddit", "subreddit": "machinelearning", "enabled": False})
        said = "as 'r/machinelearning' (set 'enabled: true' on it)"
    before = path.read_bytes()
    code, out, err = sources("add", address, *argv)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err
    assert before == path.read_bytes()


def test_a_page_whose_feed_is_there_already_is_refused(path, sources, site):
    site.routes |= {"/": page("/f"), "/f": feed()}
    assert 0 == sources("add", site.url)[0]
    code, _, err = sources("add", site.url)

    assert 2 == code
    assert "already, as 'The Blog'" in err


def test_a_title_that_is_taken_asks_for_another_name(path, sources, site):
    site.routes["/f"] = feed(1, "Old")
    code, _, err = sources("add", f"{site.url}/f")

    assert 2 == code
    assert "the name 'Old' is used already (give another with --name)" in err


def test_without_a_file_of_ones_own_the_shipped_one_is_copied_first(folder, sources, site):
    site.routes["/f"] = feed()
    code, out, _ = sources("add", f"{site.url}/f")
    mine = folder / "feeds.yaml"

    assert 0 == code
    assert "feeds.yaml was not here: the shipped one has been copied" in out
    assert 3 == len(lines_added(mine, default_feeds().read_text()))


def test_where_nothing_is_added_nothing_is_copied(folder, sources, site):
    site.routes["/f"] = feed(0)

    assert 1 == sources("add", f"{site.url}/f")[0]
    assert 1 == sources("add", f"{site.url}/f", "--json")[0]
    assert [] == list(folder.iterdir())


def test_a_file_named_is_the_one_that_is_changed(folder, path, sources, site):
    site.routes["/f"] = feed()
    mine = write(folder / "mine.yaml", OLD)
    before = path.read_bytes()
    code, out, _ = sources("add", f"{site.url}/f", "--feeds", mine, "--json")
    done = json.loads(out)

    assert (0, True, 3) == (code, done["is_added"], done["trial"]["items"])
    assert "The Blog" == load_config(mine).sources[1].name
    assert before == path.read_bytes()


def test_a_category_of_arxiv_is_asked_for_the_last_days(path, sources, site):
    site.routes["/api/query"] = Answer(arxiv_feed([arxiv_entry(1, day=12)], 1))
    before = path.read_text()
    code, out, _ = sources(
        "add", f"{site.url}/list/cs.LG/recent", "--kind", "arxiv", "--now", "2021-02-13T18:00Z"
    )

    assert 0 == code, out
    assert ["- kind: arxiv", "name: arXiv cs.LG", "categories: [cs.LG]", f"url: {site.url}/api/query"] == lines_added(path, before)  # fmt: skip
    assert "[202102091800 TO 202102131759]" in site.asked[0].query["search_query"]


def test_a_subreddit_of_a_mirror_is_added(path, sources, site):
    site.routes["/r/MachineLearning/top/.rss"] = Answer(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>t3_lg1xyz</id><title>[D] A thread</title>'
        '<link href="https://www.reddit.com/r/MachineLearning/comments/lg1xyz/a_thread/"/>'
        "<updated>2021-02-12T10:00:00+00:00</updated><published>2021-02-12T10:00:00+00:00</published>"
        "</entry></feed>"
    )
    code, out, _ = sources(
        "add", f"{site.url}/r/MachineLearning", "--kind", "reddit", "--now", "2021-02-13T18:00Z"
    )

    assert 0 == code, out
    added = load_config(path).sources[1]
    assert ("reddit", "r/MachineLearning", site.url) == (added.kind, added.name, added.url)


def test_a_channel_is_called_what_its_videos_are_by(path, sources, site):
    site.routes["/feeds/videos.xml"] = Answer(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Uploads</title><entry><id>yt:video:a</id>'
        '<title>A lecture</title><link rel="alternate" href="https://www.youtube.com/watch?v=a"/>'
        "<author><name>A Lecturer</name></author><published>2021-02-12T10:00:00+00:00</published>"
        "</entry></feed>"
    )
    code, out, _ = sources("add", f"{site.url}/channel/{CHANNEL}", "--kind", "youtube")

    assert 0 == code, out
    added = load_config(path).sources[1]
    assert ("youtube", "A Lecturer", CHANNEL) == (added.kind, added.name, added.channel_id)


def test_a_folder_is_written_as_seen_from_the_file(folder, sources, monkeypatch):
    monkeypatch.setitem(COLLECTORS, "file", "tests.cli.feeds:collect_folder")
    (folder / "course" / "to read").mkdir(parents=True)
    (folder / "course" / "to read" / "page.html").touch()
    mine = write(folder / "course" / "mine.yaml", OLD)
    code, out, _ = sources("add", "course/to read", "--feeds", mine)

    assert (0, True) == (code, "1 item" in out)
    assert "path: to read" in mine.read_text()
    assert folder / "course" / "to read" == load_config(mine).sources[1].path.resolve()
    assert 2 == sources("add", f"file://{folder}/course/to%20read", "--feeds", mine)[0]


# -- import and export ------------------------------------------------------------------------------------------------


def opml(folder, *feeds):
    outlines = "".join(f'<outline text="{text}" xmlUrl="{url}"/>' for text, url in feeds)
    path = folder / "list.opml"
    path.write_text(
        f'<opml version="2.0"><body><outline text="All">{outlines}</outline></body></opml>'
    )
    return path


def test_feeds_that_are_not_there_yet_are_added_each_with_a_name_of_its_own(folder, path, sources):
    before = path.read_text()
    listed = opml(
        folder,
        ("Old one", "http://old.example/feed/"),
        ("Old", "https://a.example/feed"),
        ("", "https://www.b.example/feed"),
        ("old", "https://a.example/other"),
        ("Again", "https://a.example/feed"),
        ("Not a URL", "javascript:alert(1)"),
        ("x" * 200, "https://c.example/feed"),
    )
    code, out, err = sources("import", listed)

    assert (0, "") == (code, err)
    assert [
        "4 feeds added to feeds.yaml, 2 there already, 1 refused",
        "    javascript:alert(1): is no http(s) URL",
    ] == out.splitlines()
    assert ["Old", "Old (a.example)", "b.example", "old (2)", "x" * 80] == [
        s.name for s in load_config(path).sources
    ]
    assert 12 == len(lines_added(path, before))


def test_what_is_all_there_changes_nothing(folder, path, sources):
    before = path.read_bytes()
    code, out, _ = sources("import", opml(folder, ("Old", OLD["url"])), "--json")

    assert (0, 1, []) == (code, json.loads(out)["duplicates"], json.loads(out)["added"])
    assert before == path.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"<opml><body><outline", "no whole OPML file"),
        (b"<html></html>", "is no OPML file"),
        (b"<opml><body><outline text='a'/></body></opml>", "names no feed"),
    ],
)
def test_a_file_that_is_no_list_ends_2_with_one_line(folder, path, sources, content, said):
    if content is not None:
        (folder / "list.opml").write_bytes(content)
    before = path.read_bytes()
    code, out, err = sources("import", folder / "list.opml")

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err
    assert before == path.read_bytes()


def test_with_check_only_what_gives_items_is_added(folder, path, sources, site):
    site.routes |= {"/good": feed(), "/empty": feed(0)}
    feeds = [(name, f"{site.url}/{name}") for name in ("good", "empty", "dead")]
    code, out, _ = sources("import", opml(folder, *feeds), "--check")

    assert 3 == code
    assert out.startswith("1 feed added to feeds.yaml, 2 refused\n")
    assert f"    {site.url}/empty: gives no item" in out.splitlines()
    assert "HTTP 404" in out
    assert ["Old", "good"] == [s.name for s in load_config(path).sources]


def test_without_check_nobody_is_called(folder, path, sources, site):
    assert 0 == sources("import", opml(folder, ("a", f"{site.url}/a")))[0]
    assert [] == site.asked


def test_an_export_holds_every_feed_and_imports_into_another_file_and_not_into_this_one(
    folder, sources
):
    mine = write(
        folder / "mine.yaml",
        {"kind": "arxiv", "categories": ["cs.LG", "cs.CV"]},
        blog("A & <B>", "https://a.example/feed?x=1&y=2"),
        blog("Off", "https://off.example/feed", enabled=False),
        {"kind": "reddit", "subreddit": "MachineLearning"},
        {"kind": "youtube", "name": "Videos", "channel_id": CHANNEL},
        {"kind": "hackernews"},
    )
    at = ("--feeds", mine, "--now", "2021-02-13")
    code, out, _ = sources("export", folder / "list.opml", *at)
    assert (0, f"6 feeds written to {folder}/list.opml\n") == (code, out)
    assert (0, (folder / "list.opml").read_text()) == sources("export", *at)[:2]

    code, out, _ = sources("import", folder / "list.opml", "--feeds", mine)
    assert (0, "0 feeds added to") == (code, out[:16]), out
    other = write(folder / "other.yaml", OLD)
    assert 0 == sources("import", folder / "list.opml", "--feeds", other)[0]
    exported = sources("export", "--feeds", other)[1].encode()
    assert read_opml((folder / "list.opml").read_bytes(), "") == read_opml(exported, "")[1:]


def test_an_export_that_cannot_be_written_ends_2_and_leaves_no_file(folder, path, sources):
    code, out, err = sources("export", folder / "none" / "list.opml")

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert "list.opml: cannot be written" in err
    assert ["feeds.yaml"] == [p.name for p in folder.iterdir()]
