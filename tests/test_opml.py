"""Lists of feeds from other readers and to them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.errors import ConfigError
from digest.opml import Outline, read_opml, write_opml

WHERE = "list.opml"


def opml(body, head=""):
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{body}</body></opml>'.encode()


def test_feeds_of_all_folders_come_in_the_order_of_the_file():
    content = opml(
        '<outline text="Labs"><outline text="One" xmlUrl="https://one.example/f"/>'
        '<outline text="Deeper"><outline text="Two" xmlUrl="https://two.example/f"/></outline></outline>'
        '<outline text="Three" xmlUrl="https://three.example/f"/>'
        '<outline type="link" text="A page" url="https://page.example"/>'
        '<outline type="include" text="Another list" url="https://list.example/x.opml"/>'
    )

    assert ["One", "Two", "Three"] == [o.title for o in read_opml(content, WHERE)]


@pytest.mark.parametrize(
    ("attributes", "outline"),
    [
        ('text="A &amp; B" xmlUrl="https://x.org/?a=1&amp;b=2"', ("A & B", "https://x.org/?a=1&b=2")),
        ('text="Caf&eacute;&nbsp;&#233;" xmlUrl="https://x.org/f"', ("Café é", "https://x.org/f")),
        ('title="Only a title" xmlUrl="https://x.org/f"', ("Only a title", "https://x.org/f")),
        ('text="" title="t" XMLURL="https://x.org/f"', ("t", "https://x.org/f")),
        ('text="two\nlines" xmlUrl=" https://x.org/f "', ("two lines", "https://x.org/f")),
        ('xmlUrl="feed://x.org/f"', ("", "https://x.org/f")),
        ('xmlUrl="feed:http://x.org/f"', ("", "http://x.org/f")),
        ('type="rss" text="old" url="https://x.org/f"', ("old", "https://x.org/f")),
    ],
)  # fmt: skip
def test_what_readers_write_is_understood(attributes, outline):
    assert (Outline(*outline),) == read_opml(opml(f"<outline {attributes}/>"), WHERE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no whole OPML"),
        (b"not xml", "no whole OPML"),
        (opml("<outline>"), "no whole OPML"),
        (opml('<outline text="a" xmlUrl="https://x.org"/>')[:-20], "no whole OPML"),
        (b"<html><body/></html>", "begins with <html>"),
        (b"<rss version='2.0'><channel/></rss>", "begins with <rss>"),
        (opml('<outline text="&unknownthing;" xmlUrl="https://x.org"/>'), "no whole OPML"),
    ],
)
def test_a_broken_file_is_refused_in_one_line_that_names_it(content, said):
    with pytest.raises(ConfigError, match=said) as caught:
        read_opml(content, WHERE)

    assert str(caught.value).startswith(WHERE)
    assert "\n" not in str(caught.value)


def test_no_file_of_this_machine_gets_into_a_list(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/f")
    head = f'<!DOCTYPE opml [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'

    with pytest.raises(ConfigError):
        read_opml(opml('<outline text="a" xmlUrl="&s;"/>', head), WHERE)
    [outline] = read_opml(opml('<outline text="a" xmlUrl="https://x.org"/>&s;', head), WHERE)
    assert Outline("a", "https://x.org") == outline


def test_entities_that_explode_are_refused():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 40}">' for n in range(1, 8))
    head = f'<!DOCTYPE opml [<!ENTITY e0 "{"x" * 100}">{levels}]>'

    with pytest.raises(ConfigError, match="no whole OPML"):
        read_opml(opml('<outline text="&e7;" xmlUrl="https://x.org"/>', head), WHERE)


def test_what_is_written_is_read_again_as_it_was():
    outlines = (
        Outline("A & B <c> \"d\" 'e'", "https://x.org/?a=1&b=2"),
        Outline("Ünïcode 機械学習", "https://y.org/f"),
        Outline("arXiv cs.LG", "https://rss.arxiv.org/rss/cs.LG"),
    )
    content = write_opml(outlines, title="A list", created=datetime(2021, 2, 13, tzinfo=UTC))

    assert outlines == read_opml(content, WHERE)
    assert b"<dateCreated>Sat, 13 Feb 2021 00:00:00 GMT</dateCreated>" in content


def test_what_xml_cannot_hold_is_left_out():
    content = write_opml(
        [Outline("a\x00b\x1bc", "https://x.org/")], title="\x07", created=datetime(2021, 2, 13, tzinfo=UTC)
    )  # fmt: skip

    assert "abc" == read_opml(content, WHERE)[0].title
