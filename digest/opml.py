"""OPML 2.0, the format in which feed readers hand lists of feeds to each other (http://opml.org/spec2.opml).

lxml reads and writes it. Of the libraries on PyPI, listparser reads with a parser of HTML, which finds half a list in a
broken file and says nothing, and opyml overlooks attributes in another case, as some readers write them.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from digest.errors import ConfigError

_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list."""

    title: str  #: one line; "" where the list has none
    url: str


def read_opml(content: bytes, where: str) -> tuple[Outline, ...]:
    """Every feed of the list, from all its folders, in the order of the file; ``where`` is named in errors.

    ConfigError where it is no OPML or not whole. Nothing beside the bytes is read: no DTD, no external entity.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(_without_html_entities(content).lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        problem = " ".join(str(e).split()) or "it is empty"
        raise ConfigError(
            f"{where}: is no whole OPML file: {problem}", hint="export it again from the reader"
        ) from e
    if etree.QName(root).localname.lower() != "opml":
        raise ConfigError(
            f"{where}: is no OPML file: it begins with <{etree.QName(root).localname}>",
            hint="feed readers export OPML under 'subscriptions' or 'feeds'",
        )
    found = (_outline(element) for element in root.iter("{*}outline"))
    return tuple(outline for outline in found if outline is not None)


def write_opml(outlines: Iterable[Outline], *, title: str, created: datetime) -> bytes:
    """The list as a file: UTF-8, one outline a line."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _NOT_XML.sub("", title)
    etree.SubElement(head, "dateCreated").text = format_datetime(created, usegmt=True)
    body = etree.SubElement(root, "body")
    for outline in outlines:
        text = _NOT_XML.sub("", outline.title) or outline.url
        etree.SubElement(
            body, "outline", type="rss", text=text, title=text, xmlUrl=_NOT_XML.sub("", outline.url)
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _outline(element: etree._Element) -> Outline | None:
    """The feed that an element names; None for a folder, a link or an included list."""
    # readers disagree on the case of attributes
    names = {etree.QName(k).localname.lower(): str(v).strip() for k, v in element.attrib.items()}
    url = names.get("xmlurl", "")
    if not url and names.get("type", "").lower() in ("rss", "atom"):
        url = names.get("url", "")
    if not url:
        return None
    # feed://host/x and feed:https://host/x, as some readers write it
    url = re.sub(r"^feed:(?=https?://)", "", url)
    url = re.sub(r"^feed://", "https://", url)
    title = " ".join((names.get("text") or names.get("title") or "").split())
    return Outline(title, url)


def _without_html_entities(content: bytes) -> bytes:
    """``&eacute;`` and its like, which XML does not know, as numbers; those that XML knows stay."""

    def number(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        text = html.entities.html5.get(f"{name};", "") if name not in _XML_ENTITIES else ""
        return "".join(f"&#{ord(c)};" for c in text).encode() or match[0]

    return _ENTITY.sub(number, content)
