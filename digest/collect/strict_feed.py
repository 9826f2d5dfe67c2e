"""Well-formed RSS 2.0 and Atom 1.0: the entries that feedparser would give, in a small part of its time.

Only a feed that is understood to its last element and attribute is read here. Of any other, one with a relative link or
a date in words for example, ``parse`` gives None, and feedparser reads the whole of it. So this module decides nothing:
where it answers at all, it answers as feedparser does, quirks included (tests/collect/test_strict_feed.py holds it to
that), and it can be left out at no loss but time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from digest.collect.strict_values import (
    XML,
    UnusualError,
    absolute,
    check_attributes,
    empty,
    is_name,
    moment_of,
    text_of,
    text_of_type,
)

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
GDATA = "{http://schemas.google.com/g/2005}"

_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=(?:\"1\.0\"|'1\.0')(?: encoding=[\"']utf-8[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?\s*<(?!\?xml\s)",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=(?!\s*[\"']?utf-8\b)", re.IGNORECASE)
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")

#: Elements of a channel or feed that say nothing of its entries or its home page.
_ASIDE = frozenset(
    "title description language copyright managingEditor webMaster pubDate lastBuildDate generator docs ttl category"
    f" {ATOM}title {ATOM}subtitle {ATOM}updated {ATOM}generator {ATOM}rights {ATOM}icon {ATOM}logo {ATOM}category"
    " {http://purl.org/rss/1.0/modules/syndication/}updatePeriod"
    " {http://purl.org/rss/1.0/modules/syndication/}updateFrequency"
    " {http://a9.com/-/spec/opensearch/1.1/}totalResults {http://a9.com/-/spec/opensearch/1.1/}startIndex"
    " {http://a9.com/-/spec/opensearch/1.1/}itemsPerPage {http://a9.com/-/spec/opensearchrss/1.0/}totalResults"
    " {http://a9.com/-/spec/opensearchrss/1.0/}startIndex {http://a9.com/-/spec/opensearchrss/1.0/}itemsPerPage"
    f" {FEEDBURNER}info {FEEDBURNER}emailServiceId {FEEDBURNER}feedburnerHostname"
    " {com-wordpress:feed-additions:1}site".split()
)
_IMAGE_PARTS = frozenset("title url link width height description".split())
_PERSON_PARTS = frozenset((f"{ATOM}name", f"{ATOM}email", f"{ATOM}uri"))

Entry = dict[str, Any]


def parse(content: bytes, content_type: str) -> tuple[list[Mapping[str, Any]], str] | None:
    """The entries of a feed, as far as ``feed`` reads them, and its home page; None where feedparser must read it."""
    if not _START.match(content) or _CHARSET.search(content_type) or b"<!DOCTYPE" in content:
        return None
    try:
        return _read(content)
    except (UnusualError, etree.XMLSyntaxError):
        return None


def _read(content: bytes) -> tuple[list[Mapping[str, Any]], str]:
    entries: list[Mapping[str, Any]] = []
    steps = etree.iterparse(
        io.BytesIO(content),
        tag=("item", f"{ATOM}entry"),
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
    )
    for _, element in steps:
        entries.append(_entry(element))
        element.clear(keep_tail=False)  # so that a large feed is never a tree as a whole
    root = steps.root
    if root.tag == f"{ATOM}feed":
        body = root
    elif root.tag == "rss" and len(root) == 1 and root[0].tag == "channel":
        body = root[0]
        check_attributes(body, ())
    else:
        raise UnusualError
    if root.get(f"{XML}base") is not None or root.get("base") is not None:
        raise UnusualError
    entry_tag = f"{ATOM}entry" if body is root else "item"
    home = _home(body, entry_tag)
    if sum(child.tag == entry_tag for child in body) != len(entries):
        raise UnusualError  # an entry inside something else
    return entries, home


def _home(body: etree._Element, entry_tag: str) -> str:
    feed: Entry = {}
    for child in body:
        if child.tag == entry_tag:
            continue
        if child.get(f"{XML}base") is not None or child.get("base") is not None:
            raise UnusualError
        if child.tag == "link":
            _rss_link(feed, child)
        elif child.tag == f"{ATOM}link":
            _atom_link(feed, child)
        elif child.tag == f"{ATOM}id":
            _identity(feed, child)
        elif child.tag == f"{ATOM}author":
            _check_person(child)
        elif child.tag == "image":
            if not all(part.tag in _IMAGE_PARTS and len(part) == 0 for part in child):
                raise UnusualError
        elif child.tag not in _ASIDE or len(child):
            raise UnusualError
    return str(feed.get("link", ""))


def _entry(element: etree._Element) -> Entry:
    check_attributes(element, ())
    parts = _RSS_PARTS if element.tag == "item" else _ATOM_PARTS
    entry: Entry = {}
    for child in element:
        part = parts.get(child.tag)
        if part is None:
            raise UnusualError
        part(entry, child)
    if "links" in entry:
        entry["enclosures"] = [link for link in entry["links"] if link["rel"] == "enclosure"]
    return entry


# -- the parts of an entry, in the order in which feedparser meets them -----------------------------------------------


def _title(entry: Entry, element: etree._Element) -> None:
    _set(entry, "title", text_of_type(element))


def _rss_link(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ())
    url = absolute(text_of(element)).replace("&amp;", "&")
    url = _REFERENCE.sub(r"&\1", url)
    entry.setdefault("links", []).append({"rel": "alternate", "type": "text/html", "href": url})
    entry["link"] = url


def _atom_link(entry: Entry, element: etree._Element) -> None:
    link = empty(element)
    if not link.keys() <= {"rel", "type", "href", "title", "length", "hreflang", "lang"}:
        raise UnusualError
    link.setdefault("rel", "alternate")
    link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
    absolute(link.get("href", ""))
    entry.setdefault("links", []).append(link)
    if link["rel"] == "alternate" and link["type"] in (
        "text/html",
        "html",
        "xhtml",
        "application/xhtml+xml",
    ):
        entry["link"] = link["href"]


def _enclosure(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ("url", "length", "type"))
    link = empty(element)
    link["href"] = link.pop("url", "")
    entry.setdefault("links", []).append(link | {"rel": "enclosure"})


def _identity(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ("isPermaLink",))
    is_link = element.get("isPermaLink", "true") == "true"
    text = text_of(element)
    if not text or (is_link and not is_name(text)):
        absolute(text)
    _set(entry, "id", text)
    entry.setdefault("guidislink", is_link and "link" not in entry)
    if is_link:
        entry.setdefault("link", text)


def _published(entry: Entry, element: etree._Element) -> None:
    _date(entry, element, "published")


def _updated(entry: Entry, element: etree._Element) -> None:
    _date(entry, element, "updated")


def _date(entry: Entry, element: etree._Element, name: str) -> None:
    check_attributes(element, ())
    text = text_of(element)
    _set(entry, name, text)
    entry[f"{name}_parsed"] = moment_of(text).utctimetuple()


def _summary(entry: Entry, element: etree._Element) -> None:
    if "summary_detail" in entry:
        raise UnusualError
    entry["summary_detail"] = {"value": text_of_type(element)}


def _content(entry: Entry, element: etree._Element) -> None:
    entry.setdefault("content", []).append({"value": text_of_type(element)})


def _person(entry: Entry, element: etree._Element) -> None:
    """An author of Atom; feedparser takes the name as it stands, where it mends all other texts."""
    _check_person(element)
    author = {}
    for part in element:
        if part.tag == f"{ATOM}name":
            author["name"] = (part.text or "").strip()
    entry.setdefault("authors", []).append(author)


def _creator(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ())
    name = text_of(element)
    if "@" in name or not name:
        raise UnusualError
    entry.setdefault("authors", []).append({"name": name})


def _tag(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ("term", "scheme", "label", "domain"))
    tag = {
        "term": element.get("term"),
        "scheme": element.get("scheme", element.get("domain")),
        "label": element.get("label"),
    }
    tags = entry.setdefault("tags", [])
    if any(tag.values()) and tag not in tags:
        tags.append(tag)
    if text := text_of(element):
        if tags and not tags[-1]["term"]:
            tags[-1]["term"] = text
        elif (plain := {"term": text, "scheme": None, "label": None}) not in tags:
            tags.append(plain)


def _comments(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ())
    _set(entry, "comments", absolute(text_of(element)))


def _picture(entry: Entry, element: etree._Element) -> None:
    medium = empty(element)
    key = "media_thumbnail" if element.tag == f"{MEDIA}thumbnail" else "media_content"
    entry.setdefault(key, []).append(medium)


def _original_link(entry: Entry, element: etree._Element) -> None:
    check_attributes(element, ())
    _set(entry, "feedburner_origlink", text_of(element))


def _nothing(_: Entry, element: etree._Element) -> None:
    """Of no use to ``feed``."""
    check_attributes(element, ())
    if len(element):
        raise UnusualError


_RSS_PARTS: Mapping[str, Callable[[Entry, etree._Element], None]] = {
    "title": _title,
    "link": _rss_link,
    "guid": _identity,
    "pubDate": _published,
    "description": _summary,
    f"{CONTENT}encoded": _content,
    f"{DC}creator": _creator,
    "author": _creator,
    "category": _tag,
    "comments": _comments,
    "enclosure": _enclosure,
    "{http://wellformedweb.org/CommentAPI/}commentRss": _nothing,
    "{http://purl.org/rss/1.0/modules/slash/}comments": _nothing,
    "{com-wordpress:feed-additions:1}post-id": _nothing,
    f"{FEEDBURNER}origLink": _original_link,
    f"{MEDIA}thumbnail": _picture,
    f"{MEDIA}content": _picture,
    f"{ATOM}link": _atom_link,
    f"{ATOM}updated": _updated,
}
_ATOM_PARTS: Mapping[str, Callable[[Entry, etree._Element], None]] = {
    f"{ATOM}title": _title,
    f"{ATOM}link": _atom_link,
    f"{ATOM}id": _identity,
    f"{ATOM}published": _published,
    f"{ATOM}updated": _updated,
    f"{ATOM}summary": _summary,
    f"{ATOM}content": _content,
    f"{ATOM}author": _person,
    f"{ATOM}category": _tag,
    "{http://purl.org/syndication/thread/1.0}total": _nothing,
    f"{FEEDBURNER}origLink": _original_link,
    f"{MEDIA}thumbnail": _picture,
    f"{MEDIA}content": _picture,
}


def _check_person(element: etree._Element) -> None:
    check_attributes(element, ())
    if "".join((element.text or "", *(part.tail or "" for part in element))).strip():
        raise UnusualError
    for part in element:
        if part.tag == f"{GDATA}image":
            empty(part)
            continue
        check_attributes(part, ())
        if part.tag not in _PERSON_PARTS or len(part):
            raise UnusualError


def _set(entry: Entry, key: str, value: str) -> None:
    """Of two titles and the like it depends on their depths which one counts."""
    if key in entry:
        raise UnusualError
    entry[key] = value
