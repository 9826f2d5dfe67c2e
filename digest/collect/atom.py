"""Atom documents of services whose schema is known: their entries, and what can be saved of a broken one."""

from __future__ import annotations

from lxml import etree

from digest.collect.xmltree import line_of, moment_of, parse_tree

__all__ = ["ATOM", "line_of", "moment_of", "parse_feed"]

ATOM = "{http://www.w3.org/2005/Atom}"


def parse_feed(content: bytes) -> tuple[list[etree._Element], etree._Element, bool] | None:
    """The entries, the root, and whether the document breaks off before its end; None where it is no Atom feed.

    The entry in which a document breaks off is left out, since it may lack half its text.
    """
    parsed = parse_tree(content, f"{ATOM}feed")
    if parsed is None:
        return None
    root, is_cut = parsed
    entries = root.findall(f"{ATOM}entry")
    return entries[:-1] if is_cut else entries, root, is_cut
