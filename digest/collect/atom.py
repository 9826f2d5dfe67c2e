"""Atom documents of services whose schema is known: strict lxml first, and what can be saved of a broken one."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from digest.collect.markup import mended

ATOM = "{http://www.w3.org/2005/Atom}"


def parse_feed(content: bytes) -> tuple[list[etree._Element], etree._Element, bool] | None:
    """The entries, the root, and whether the document breaks off before its end; None where it is no Atom feed.

    The entry in which a document breaks off is left out, since it may lack half its text.
    """
    for recover in (False, True):
        parser = etree.XMLParser(recover=recover, resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            continue
        if root is None or root.tag != f"{ATOM}feed":
            return None
        is_cut = recover and not content.rstrip().endswith(b"feed>")
        entries = root.findall(f"{ATOM}entry")
        return entries[:-1] if is_cut else entries, root, is_cut
    return None


def line_of(element: etree._Element, name: str) -> str:
    """The text of a child element on one line, white space folded; "" where it is absent."""
    return " ".join(mended(element.findtext(name) or "").split())


def moment_of(element: etree._Element, name: str) -> datetime | None:
    """The date of a child element; None where it is absent or unreadable."""
    try:
        moment = datetime.fromisoformat((element.findtext(name) or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
