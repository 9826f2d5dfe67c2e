"""XML of services whose schema is known: strict lxml first, and what can be saved of a broken document."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from digest.collect.markup import mended


def parse_tree(content: bytes, root_tag: str) -> tuple[etree._Element, bool] | None:
    """The root, and whether the document breaks off before its end; None where its root is no ``root_tag``.

    No entity is resolved and nothing is loaded from elsewhere. Of a document that breaks off, the last element may
    lack half its text: the caller leaves it out.
    """
    content = content.strip()  # white space before the declaration makes XML ill-formed
    ending = root_tag.rpartition("}")[2].encode() + b">"
    for recover in (False, True):
        parser = etree.XMLParser(recover=recover, resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            continue
        if root is None or root.tag != root_tag:
            return None
        return root, recover and not content.endswith(ending)
    return None


def line_of(element: etree._Element, name: str) -> str:
    """The text of a child element on one line, white space folded; "" where it is absent."""
    return " ".join(mended(element.findtext(name) or "").split())


def moment_of(element: etree._Element, name: str) -> datetime | None:
    """The ISO date of a child element; None where it is absent or unreadable."""
    try:
        moment = datetime.fromisoformat((element.findtext(name) or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def mail_date_of(element: etree._Element, name: str) -> datetime | None:
    """The date of a child element, written as in mail and RSS; None where it is absent or unreadable."""
    try:
        moment = parsedate_to_datetime((element.findtext(name) or "").strip())
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
