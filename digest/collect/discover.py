"""From the address of a page to its feeds: what the page itself names, else the usual places on its host.

How a page names its feeds: https://html.spec.whatwg.org/multipage/links.html#rel-alternate
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from digest.collect import feed
from digest.collect.markup import is_http, one_line, urljoin_safe
from digest.errors import FetchError, ParseError
from digest.net import HttpSession, Response

FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
)
USUAL_PLACES = ("feed", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml")
MAX_TRIES = 10  #: places asked on a host that names no feed, so that nobody takes it for an attack
MAX_LINKED = 5  #: feeds of one page tried until one can be read

_COMMENTS = re.compile(r"\bcomments?\b|\breplies\b", re.IGNORECASE)
_FEED_NAME = re.compile(
    r"/(?:feed|rss|atom|feeds?/[\w/-]*|(?:rss|atom|feed|index)\.(?:xml|rss|atom))/?$|\.(?:rss|atom)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page names, not yet fetched."""

    url: str
    title: str = ""  #: as the page calls it; "" where it does not
    is_comments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found behind an address."""

    feed_url: str = ""  #: of the feed to take: it has been read; "" where there is none
    title: str = ""  #: the feed's own
    entry_count: int = 0
    is_itself: bool = False  #: the address is a feed
    named: tuple[FoundFeed, ...] = ()  #: what the page names, in its order
    tried: tuple[str, ...] = ()  #: usual places that were asked


def discover(url: str, session: HttpSession) -> Discovery:
    """The feed at ``url``, or the first that the page there names and that is not of comments, or one in a usual place.

    FetchError where ``url`` itself does not answer. A feed without an entry is taken only where there is no other.
    """
    response = session.get(url, is_conditional=True)
    if found := _as_feed(response, url, session):
        return replace(found, is_itself=True)
    named, places = find_feeds(response.content, response.url)
    wanted = [found.url for found in named if not found.is_comments][:MAX_LINKED]
    found = _first_readable(wanted, session)
    tried: list[str] = []
    if not found.feed_url and not named and _is_page(response):
        tried = usual_places(response.url, places)
        found = _first_readable(tried, session)
    return replace(found, named=named, tried=tuple(tried))


def find_feeds(content: bytes, url: str) -> tuple[tuple[FoundFeed, ...], tuple[str, ...]]:
    """The feeds that the page at ``url`` names, those in JSON last; and links of it that look like one's address."""
    if not content.strip():
        return (), ()
    try:
        root = lxml.html.document_fromstring(content)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return (), ()
    base = next((urljoin_safe(url, b.get("href", "")) for b in root.iter("base")), url) or url
    named: dict[str, FoundFeed] = {}
    is_json: dict[str, bool] = {}
    for link in root.iter("link"):
        media = link.get("type", "").partition(";")[0].strip().lower()
        target = urljoin_safe(base, link.get("href", "").strip())
        rels = link.get("rel", "").lower().split()
        if media not in FEED_TYPES or "alternate" not in rels or not is_http(target):
            continue
        title = one_line(link.get("title", ""))
        path = urlsplit(target).path.replace("-", " ").replace("_", " ")
        is_comments = bool(_COMMENTS.search(title) or _COMMENTS.search(path))
        named.setdefault(target, FoundFeed(url=target, title=title, is_comments=is_comments))
        is_json.setdefault(target, media.endswith("json"))
    links = [urljoin_safe(base, a.get("href", "").strip()) for a in root.iter("a")]
    places = [
        link
        for link in links
        if is_http(link) and _host(link) == _host(url) and _FEED_NAME.search(urlsplit(link).path)
    ]
    return tuple(sorted(named.values(), key=lambda f: is_json[f.url])), tuple(
        dict.fromkeys(p for p in places if not _COMMENTS.search(p))
    )


def usual_places(url: str, linked: tuple[str, ...] = ()) -> list[str]:
    """Where the feed of a page may lie: what it links to, its own folder, the root of its host; at most MAX_TRIES."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = root + parts.path.lstrip("/").rpartition("/")[0]
    page = root + parts.path.strip("/")
    near = [f"{page}/{place}" for place in ("feed", "rss.xml")] if page != root else []
    near += [f"{folder.rstrip('/')}/{place}" for place in ("feed.xml", "index.xml")]
    places = [*linked[:3], *near, *(root + place for place in USUAL_PLACES)]
    return list(dict.fromkeys(places))[:MAX_TRIES]


def feed_title(content: bytes) -> str:
    """The title that a feed gives itself, on one line and printable; "" where it has none."""
    return "".join(c for c in _raw_title(content) if c.isprintable()).strip()


def _raw_title(content: bytes) -> str:
    stripped = content.lstrip()
    if stripped.startswith(b"{"):
        try:
            data = json.loads(stripped)
        except ValueError:
            return ""
        return one_line(str(data.get("title") or ""))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(stripped, parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    channels = [root, *root.iterfind("{*}channel")]
    titles = (title for channel in channels for title in channel.iterfind("{*}title"))
    return next((text for t in titles if (text := one_line("".join(t.itertext())))), "")


def _first_readable(urls: list[str], session: HttpSession) -> Discovery:
    """The first of ``urls`` that is a feed with entries, else the first without; empty where none is one."""
    empty = Discovery()
    for url in urls:
        try:
            response = session.get(url, is_conditional=True)
        except FetchError as e:
            if e.status is None or e.status == 429:
                break  # the host is gone, or has had enough
            continue
        found = _as_feed(response, url, session)
        if found and found.entry_count:
            return found
        empty = empty if empty.feed_url or not found else found
    return empty


def _as_feed(response: Response, url: str, session: HttpSession) -> Discovery | None:
    """The feed that the answer to ``url`` is; None where it is something else."""
    try:
        parsed = feed.parse(response, session.source)
    except ParseError:
        return None
    return Discovery(
        # a passing redirect is followed again each time, a permanent one is taken over
        feed_url=response.url if session.receipts[-1].moved_from else url,
        title=feed_title(response.content),
        entry_count=len(parsed.entries),
    )


def _is_page(response: Response) -> bool:
    head = response.content[:2000].lower()
    return "html" in response.content_type.lower() or b"<html" in head or b"<!doctype" in head


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
