"""A folder of saved pages, links and PDFs: each becomes an item with an address, and what cannot be read says why."""

import os
import plistlib
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from digest.collect import collect, folder
from digest.errors import CollectError
from digest.sources import FolderSource
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.pages import PARAGRAPH, SECOND, page, pdf
from tests.loopback import Answer

TEXT = f"{PARAGRAPH}\n\n{SECOND}"
CHANGED = datetime(2021, 2, 10, 9, tzinfo=UTC)
CANONICAL = '<link rel="canonical" href="https://blog.example.org/p/1">'
PAPER = (
    "A Paper on Things",
    "Abstract",
    "We show that things are as they are, on a first page that has few lines, and no more words",
    "than it takes to fill an abstract of a paper of two hundred characters, which is not at all",
    "as short as it sounds, since a line has less than a hundred of them.",
    "1 Introduction",
    "Things are known.",
)


@pytest.fixture
def drop(tmp_path):
    """Puts a file into the folder."""

    def drop(name, content, changed=CHANGED):
        path = tmp_path / "dropped" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (changed.timestamp(), changed.timestamp()))
        return path

    (tmp_path / "dropped").mkdir()
    return drop


@pytest.fixture
def fetch(tmp_path, http):
    def fetch(**fields):
        source = FolderSource(kind="file", path=tmp_path / "dropped", **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


@pytest.fixture
def one(fetch):
    def one(**fields):
        fetched = fetch(**fields)
        assert (fetched.error, fetched.warnings) == (None, ())
        (item,) = fetched.items
        return item

    return one


# -- pages ------------------------------------------------------------------------------------------------------------


def test_a_saved_page_becomes_an_item(drop, one):
    drop("post.html", page(head=CANONICAL))
    item = one()
    assert ("folder", "article", "A post about things") == (item.source, item.kind, item.title)
    assert ("https://blog.example.org/p/1", TEXT) == (item.url, item.text)
    assert CHANGED == item.published
    assert (True, 21) == (item.id.startswith("file:"), len(item.id))
    assert "post" == one(item_kind="post").kind


def test_the_date_of_a_page_goes_before_that_of_its_file(drop, one):
    drop(
        "post.html",
        page(head=CANONICAL + '<meta property="article:published_time" content="2021-02-08">'),
    )
    assert datetime(2021, 2, 8, tzinfo=UTC) == one().published


def test_an_old_article_that_was_dropped_today_is_for_the_next_issue(drop, one):
    """Without a date it counts from when it was first seen; its own one is told."""
    old = '<meta property="article:published_time" content="2020-06-03">'
    drop("a.html", page(head=CANONICAL + old))

    item = one()

    assert (None, "published on 3 June 2020") == (item.published, item.note)


@pytest.mark.parametrize(
    "markup",
    [
        page(head=CANONICAL),
        page(head='<meta property="og:url" content="https://blog.example.org/p/1">'),
        "<!-- saved from url=(0028)https://blog.example.org/p/1 -->" + page(),
    ],
    ids=["canonical", "og:url", "saved from"],
)
def test_a_page_tells_its_address_in_several_ways(drop, one, markup):
    drop("post.htm", markup)
    assert "https://blog.example.org/p/1" == one().url


def test_links_of_a_saved_page_are_relative_to_its_address(drop, one):
    drop("post.html", page(f'<p>{PARAGRAPH} <a href="/code">Code</a>.</p>', head=CANONICAL))
    assert ("https://blog.example.org/code",) == one().links


@pytest.mark.parametrize("name", ["post.url", "post.html.url"])
@pytest.mark.parametrize(
    "content", ["https://blog.example.org/p/1\n", "[InternetShortcut]\r\nURL=https://blog.example.org/p/1\r\n"]
)  # fmt: skip
def test_the_address_of_a_page_may_stand_beside_it(drop, one, site, name, content):
    drop("post.html", page())
    drop(name, content)
    assert "https://blog.example.org/p/1" == one().url
    assert [] == site.paths()


def test_a_page_without_an_address_is_skipped_and_told_what_to_do(drop, fetch):
    drop("post.html", page())
    fetched = fetch()
    assert () == fetched.items
    assert (
        "post.html: its address is unknown; add it on the first line of post.url"
        in fetched.warnings[0]
    )


def test_a_relative_canonical_address_is_none(drop, fetch):
    drop("post.html", page(head='<link rel="canonical" href="/p/1">'))
    assert "its address is unknown" in fetch().warnings[0]


def archive(html, **headers):
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(html, subtype="html", charset="utf-8", cte="quoted-printable")
    message.add_related(b"x", "image", "png")
    message.get_payload()[0]["Content-Location"] = "https://blog.example.org/p/2"
    return message.as_bytes()


def test_a_web_archive_holds_its_page_and_address(drop, one):
    html = page(paragraphs=("Schön ist es. " * 30,))
    drop("post.mhtml", archive(html, Snapshot_Content_Location="https://blog.example.org/p/1"))
    item = one()
    assert "https://blog.example.org/p/1" == item.url
    assert item.text.startswith("Schön ist es.")


def test_a_web_archive_may_name_its_address_with_the_page(drop, one):
    drop("post.mht", archive(page()))
    assert "https://blog.example.org/p/2" == one().url


# -- PDFs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stamp", "url"),
    [
        ("2102.06171v2.pdf", "", "https://arxiv.org/abs/2102.06171"),
        ("paper.pdf", "arXiv:2102.06171v1 [cs.CV] 11 Feb 2021", "https://arxiv.org/abs/2102.06171"),
        ("paper.pdf", "as arXiv:1706.03762. arXiv:2102.06171v1 [cs.CV] 11 Feb", "https://arxiv.org/abs/2102.06171"),
        ("paper.pdf", "https://doi.org/10.1371/journal.pgen.1009303", "https://doi.org/10.1371/journal.pgen.1009303"),
        ("10.1371_journal.pgen.1009303.pdf", "", "https://doi.org/10.1371/journal.pgen.1009303"),
    ],
)  # fmt: skip
def test_a_pdf_is_known_by_its_id_in_name_or_text(drop, one, name, stamp, url):
    drop(
        name,
        pdf([stamp, *PAPER] if stamp else PAPER, title="A Paper on Things", author="Ada Example"),
    )
    item = one()
    assert (url, "paper", "A Paper on Things") == (item.url, item.kind, item.title)
    assert item.text.startswith("We show that things are as they are")
    assert item.text.endswith("less than a hundred of them.")
    assert ("Ada Example",) == item.authors


def test_a_pdf_may_have_its_address_beside_it(drop, one):
    drop("slides.pdf", pdf(["Slides on things"], ["More of them"]))
    drop("slides.url", "https://talks.example.org/7")
    item = one()
    assert ("https://talks.example.org/7", "article") == (item.url, item.kind)
    assert ("Slides on things", "Slides on things More of them") == (item.title, item.text)


def test_a_pdf_without_an_address_is_skipped_and_told_what_to_do(drop, fetch):
    drop("slides.pdf", pdf(["Slides on things"]))
    assert (
        "slides.pdf: its address is unknown; add it on the first line of slides.url"
        in fetch().warnings[0]
    )


# -- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("A kept page.url", "[InternetShortcut]\r\nURL={}\r\nIconIndex=0\r\n"),
        ("A kept page.desktop", "[Desktop Entry]\nType=Link\nName=A page\nURL={}\n"),
        ("A kept page.webloc", plistlib.dumps({"URL": "{}"}).decode()),
        ("links.txt", "A page {}"),
        ("links.txt", "\ufeff{} - A page"),
        ("links.md", "# Read this\n\n* [A page]({})\n"),
    ],
)
def test_the_page_of_a_link_is_fetched_and_read(drop, one, site, name, content):
    site.routes["/p"] = Answer(page(), headers={"Content-Type": "text/html"})
    drop(name, content.replace("{}", f"{site.url}/p"))
    item = one()
    assert (f"{site.url}/p", "A post about things", TEXT) == (item.url, item.title, item.text)
    assert ["/p"] == site.paths()


def test_a_webloc_may_be_binary(drop, one, site):
    site.routes["/p"] = Answer(page(), headers={"Content-Type": "text/html"})
    drop("p.webloc", plistlib.dumps({"URL": f"{site.url}/p"}, fmt=plistlib.FMT_BINARY))
    assert f"{site.url}/p" == one().url


def test_a_link_that_fails_is_warned_of_by_file_and_line_and_kept_with_its_title(drop, fetch, site):
    drop("links.txt", f"A good title: {site.url}/gone\n\n{site.url}/also-gone\nno link here\n")
    fetched = fetch()
    (item,) = fetched.items
    assert ("A good title", f"{site.url}/gone", "") == (item.title, item.url, item.text)
    assert CHANGED == item.published
    first, second = fetched.warnings
    assert first.startswith("links.txt, line 1: ")
    assert "HTTP 404" in first
    assert second.startswith("links.txt, line 3: ")


def test_a_link_that_leads_to_a_login_is_kept_without_its_text(drop, fetch, site):
    site.routes["/p"] = Answer(status=302, headers={"Location": "/login"})
    site.routes["/login"] = Answer(page(), headers={"Content-Type": "text/html"})
    drop("Title.url", f"URL={site.url}/p")
    fetched = fetch()
    assert [("Title", "")] == [(item.title, item.text) for item in fetched.items]
    assert "login or consent page" in fetched.warnings[0]


def test_links_of_an_older_week_are_not_fetched_again(drop, fetch, site):
    drop("links.txt", f"{site.url}/p", changed=datetime(2021, 1, 4, tzinfo=UTC))
    fetched = fetch()
    assert ((), None, []) == (fetched.items, fetched.error, site.paths())
    assert "were read when they were new" in fetched.note


def test_no_more_pages_are_fetched_than_a_bound_allows(drop, fetch, site, monkeypatch):
    monkeypatch.setattr(folder, "MAX_FETCHED", 2)
    drop("links.txt", "".join(f"Page {n} {site.url}/{n}\n" for n in range(4)))
    assert 4 == len(fetch().items)
    assert ["/0", "/1"] == site.paths()


# -- the folder -------------------------------------------------------------------------------------------------------


def test_files_come_by_name_from_the_folder_and_one_level_below(drop, fetch):
    for name in (
        "b.html",
        "a.html",
        "sub/c.html",
        "sub/deeper/d.html",
        ".hidden.html",
        ".git/e.html",
        "b_files/f.html",
    ):
        address = f'<link rel="canonical" href="https://blog.example.org/{name}">'
        drop(name, page(head=address))
    assert ["a.html", "b.html", "sub/c.html"] == [
        item.url.removeprefix("https://blog.example.org/") for item in fetch().items
    ]


def test_a_page_saved_twice_is_one_item(drop, one):
    drop("a.html", page(head=CANONICAL))
    drop("b.html", page(head=CANONICAL.replace("/p/1", "/p/1?utm_source=mail")))
    assert "https://blog.example.org/p/1" == one().url


def test_a_missing_folder_is_an_error_that_says_what_to_do(fetch):
    error = fetch().error
    assert isinstance(error, CollectError)
    assert "No such file or directory" in error.message
    assert "make the folder" in error.hint


def test_an_empty_folder_is_no_error(drop, fetch):
    fetched = fetch()
    assert ((), None, ()) == (fetched.items, fetched.error, fetched.warnings)


def test_a_link_out_of_the_folder_is_not_followed(drop, fetch, tmp_path):
    secret = tmp_path / "secret.html"
    secret.write_text(page(head=CANONICAL))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.html").write_text(page(head=CANONICAL))
    (tmp_path / "dropped" / "a.html").symlink_to(secret)
    (tmp_path / "dropped" / "sub").symlink_to(tmp_path / "outside")
    (tmp_path / "dropped" / "b.html").symlink_to("b.html")
    drop("c.html", page())
    (tmp_path / "dropped" / "c.url").symlink_to(secret)
    fetched = fetch()
    assert () == fetched.items
    assert "a.html: is a link to a file outside the folder" in fetched.warnings[-1]


def test_files_of_other_kinds_are_named_in_one_warning(drop, fetch):
    for name in ("a.docx", "b.png", "c.zip", "d"):
        drop(name, "x")
    assert (
        "files of other kinds are left out: a.docx, b.png, c.zip and 1 more",
    ) == fetch().warnings


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.html", "", "next to no text"),
        ("a.html", b"\x00" * 100, "is no web page"),
        ("a.mhtml", "no archive", "holds no web page"),
        ("a.mht", b"\xff\xfe\x00" * 50, "holds no web page"),
        ("a.url", "[InternetShortcut]\nURL=file:///etc/passwd", "names no http(s) address"),
        ("a.url", b"\xff\xfe\x00", "names no http(s) address"),
        ("a.desktop", "[Desktop Entry]\nExec=rm", "names no http(s) address"),
        ("a.webloc", "no list", "is no property list"),
        ("a.webloc", b"bplist00\xff\xff", "is no property list"),
        ("a.webloc", plistlib.dumps(["x"]), "names no http(s) address"),
        ("a.txt", "nothing", "names no address"),
        ("a.md", "", "names no address"),
        ("a.pdf", "no PDF", "the PDF cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_skipped_and_costs_no_other(drop, fetch, name, content, said):
    drop(name, content)
    drop("b.html", page(head=CANONICAL))
    fetched = fetch()
    assert (1, 1, None) == (len(fetched.items), fetched.skipped, fetched.error)
    assert f"{name}: " in fetched.warnings[0]
    assert said in fetched.warnings[0]


def test_a_file_without_permission_is_skipped(drop, fetch, monkeypatch):
    def read_bytes(_):
        raise PermissionError(13, "Permission denied")

    drop("a.html", page(head=CANONICAL))
    monkeypatch.setattr("pathlib.Path.read_bytes", read_bytes)
    assert "a.html: Permission denied" in fetch().warnings[0]


def test_a_file_too_large_is_skipped(drop, fetch, monkeypatch):
    monkeypatch.setattr(folder, "MAX_BYTES", 1 << 20)
    drop("a.html", b"x" * (1 << 20) + b"x")
    assert "a.html: is larger than 1 MiB" in fetch().warnings[0]


def test_no_more_files_are_read_than_a_bound_allows(drop, fetch, monkeypatch):
    monkeypatch.setattr(folder, "MAX_FILES", 2)
    for n in range(4):
        drop(f"{n}.html", page(head=CANONICAL.replace("/p/1", f"/p/{n}")))
    fetched = fetch()
    assert 2 == len(fetched.items)
    assert "only the first 2 files are read" in fetched.warnings[0]
