"""JSON Feed 1.0 and 1.1, as the entries that ``feed`` makes items of (https://www.jsonfeed.org/version/1.1/).

The keys are those that feedparser gives for RSS and Atom, so that one set of rules holds for all feeds.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from digest.errors import ParseError
from digest.retry import CHECK_URL, LATER

VERSION = "https://jsonfeed.org/version/"
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_HALF_CHARS = re.compile("[\ud800-\udfff]")  # json takes them, and no encoder does


def parse(content: bytes, source: str) -> tuple[list[Mapping[str, Any]], str] | None:
    """The entries of a JSON Feed and its home page; None where ``content`` is no JSON Feed.

    ParseError where it begins as one and is broken. A member of ``items`` that is no object is an empty entry, which
    the caller counts as unreadable.
    """
    if not _BEGINNING.match(content):
        return None
    text = content.decode("utf-8-sig", errors="replace")
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as e:
        if VERSION not in text[:2000] and '"items"' not in text:
            return None
        raise ParseError(source, f"the JSON feed is broken: {str(e)[:200]}", hint=LATER) from e
    items = feed.get("items")
    if not _text(feed.get("version")).startswith(VERSION) and not isinstance(items, list):
        return None
    if not isinstance(items, list):
        raise ParseError(source, "the JSON feed has no list of items", hint=CHECK_URL)
    everybody = _authors(feed)
    entries: list[Mapping[str, Any]]
    entries = [_entry(item, everybody) if isinstance(item, dict) else {} for item in items]
    return entries, _text(feed.get("home_page_url"))


def _entry(item: Mapping[str, Any], everybody: list[dict[str, str]]) -> dict[str, Any]:
    """One entry in feedparser's words; what has the wrong type is left out."""
    identity, url, external_url = (_text(item.get(key)) for key in ("id", "url", "external_url"))
    links = [{"rel": "alternate", "href": href} for href in (url,) if href]
    links += [{"rel": "related", "href": href} for href in (external_url,) if href]
    contents = [
        {"value": _text(item.get("content_html")), "type": "text/html"},
        {"value": _as_html(_text(item.get("content_text"))), "type": "text/html"},
    ]
    entry: dict[str, Any] = {
        "id": identity or url or external_url,
        # "ideally, the id is the full URL" of 1.0
        "guidislink": not url and identity.startswith(("https://", "http://")),
        "title": _as_html(_text(item.get("title"))),
        "links": links,
        "link": url,
        "content": [detail for detail in contents if detail["value"]],
        "summary_detail": {"value": _as_html(_text(item.get("summary")))},
        "authors": _authors(item) or everybody,
        "tags": [{"term": _text(tag)} for tag in _list(item.get("tags"))],
        "media_thumbnail": [
            {"url": url} for key in ("image", "banner_image") if (url := _text(item.get(key)))
        ],
        "enclosures": [
            {"href": _text(a.get("url")), "type": _text(a.get("mime_type"))}
            for a in _list(item.get("attachments"))
            if isinstance(a, dict)
        ],
    }
    for ours, theirs in (("published", "date_published"), ("updated", "date_modified")):
        if written := _text(item.get(theirs)):
            entry |= {ours: written} | _parsed(ours, written)
    return entry


def _parsed(name: str, written: str) -> dict[str, time.struct_time]:
    """``written`` as feedparser's date in UTC; none where it is no RFC 3339, which ``feed`` then tries other forms of."""
    try:
        moment = datetime.fromisoformat(written.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return {}
    return {f"{name}_parsed": moment.timetuple()}


def _authors(holder: Mapping[str, Any]) -> list[dict[str, str]]:
    """The names of 1.1's ``authors``, else of 1.0's ``author``."""
    people = [*_list(holder.get("authors")), holder.get("author")]
    names = (_text(person.get("name")) for person in people if isinstance(person, dict))
    return [{"name": name} for name in dict.fromkeys(names) if name]


def _as_html(text: str) -> str:
    """Plain text, in which "<b>" is no tag, for a reader of HTML."""
    return html.escape(text, quote=False)


def _text(value: object) -> str:
    """A string, or a number as one (the id may be); "" for every other type."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _HALF_CHARS.sub("\ufffd", str(value)) if isinstance(value, str) or is_number else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
