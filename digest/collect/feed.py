"""Any RSS, Atom or JSON feed: blogs, journals, newsletters.

feedparser reads what no strict parser would, but its own clean-up of HTML eats formulas (``$a<b$``), so it is turned off
and ``markup`` does that work. Everything an entry may lack (date, link, body, title) is provided for.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from xml.sax import SAXException

from digest.collect import json_feed, strict_feed
from digest.collect.markup import (
    Plain,
    is_html,
    is_http,
    one_line,
    to_plain,
    unique_urls,
    urljoin_safe,
)
from digest.collect.pictures import has_picture_name, is_figure, unique_figures
from digest.collect.visit import Visit
from digest.errors import ParseError
from digest.net import Response
from digest.retry import CHECK_URL, LATER
from digest.sources import FeedSource, Source
from digest.types import Figure, Item

LABEL_CHARS = (
    40  #: a description no longer than this, and no sentence, is a rubric ("Algorithms & Theory")
)
MAX_BYTES = (
    16 << 20
)  #: of a feed; the largest real ones have a tenth of it, and feedparser takes ten times as much
MAX_ENTRIES = 5000  #: of a feed, unless max_items is more; feedparser takes a minute for 100,000
TITLE_CHARS = 100  #: of the body's beginning where an entry has no title
FETCH_TRIES = 2  #: of a feed that breaks off or is no feed though its answer was 200

_END = re.compile(
    rb"</(?:\w+:)?(?:rss|feed|channel|rdf)\s*>?(?:\s|<!--.*?-->)*$", re.IGNORECASE | re.DOTALL
)
_ENTRY_TAG = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_TEXT_TYPE = re.compile(r"^text/(?!.*charset)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
_PREPRINT_VERSION = re.compile(r"v\d+(?:\.[a-z-]+)*$")  # bioRxiv: 10.1101/2023.12.16.571984v1.full
_DATE_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%Y/%m/%d")
_ARXIV_PREFIX = re.compile(r"^arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?")
_JOURNAL_PREFIX = re.compile(
    r"^[^;]{0,200}\bPublished online: [^;]{0,60}; ?doi:\s*\S+\s*", re.IGNORECASE
)
_BYLINE_TAG = re.compile(r'<(\w+) class="byline\b[^>]*>(?:Posted by )?(.{3,400}?)</\1>', re.DOTALL)
_BYLINE = re.compile(r"(?:Posted|Written) by [^\n]{3,400}\n\n")

#: Feeds are fetched side by side and read one after another: Python reads no two at once, only slower by turns, and a
#: large one takes many times its size in memory.
_PARSING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed: its entries as feedparser gives them."""

    entries: tuple[Mapping[str, Any], ...]
    is_cut: bool = False  #: the document broke off; the entries are those that came whole
    home: str = ""  #: the page that the feed belongs to


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """Every entry of the feed that can be read, in its order, the newest ``source.max_items`` of them.

    Entries outside the window are given too: the next answer may be "304 not modified", which would lose them.
    """
    assert isinstance(source, FeedSource)
    yield from items_of(
        source,
        visit,
        lambda: visit.http.get(source.url, is_conditional=True, max_bytes=MAX_BYTES),
    )


def items_of(source: FeedSource, visit: Visit, fetch: Callable[[], Response]) -> Iterator[Item]:
    """As ``collect``, of the feed that ``fetch`` gets; it is called again where the answer breaks off or is no feed."""
    feed = response = short = None
    for tries in range(1, FETCH_TRIES + 1):
        response = fetch()
        if response.is_not_modified:
            visit.is_unchanged = True
            return
        most = max(MAX_ENTRIES, source.max_items)
        short = replace(response, content=_shortened(response.content, most))
        try:
            with _PARSING:
                feed = parse(short, source.name)
        except ParseError:
            if tries == FETCH_TRIES:
                raise
            continue
        if not feed.is_cut:
            break
    assert feed is not None
    assert response is not None
    assert short is not None
    if not feed.entries and not feed.is_cut:
        visit.warn("the feed holds no entries")
    if len(short.content) < len(response.content):
        visit.warn(f"only the first {most} entries of the feed are read")
    with _PARSING:
        items = _items(feed, source, visit, base_url=response.url)
    if len(items) > source.max_items:
        visit.warn(f"only the newest {source.max_items} of {len(items)} entries are kept")
        newest = sorted(items, key=lambda item: item.published or visit.now, reverse=True)
        kept = {item.id for item in newest[: source.max_items]}
        items = [item for item in items if item.id in kept]
    yield from items
    if feed.is_cut:
        message = f"the feed breaks off in the middle, after {len(feed.entries)} whole entries"
        raise ParseError(source.name, message, hint=LATER)


def _shortened(content: bytes, most: int) -> bytes:
    """The feed without the entries behind the first ``most``, as well-formed as before."""
    tags = _ENTRY_TAG.finditer(content)
    surplus = next(islice((tag for tag in tags if not tag[1]), most, None), None)
    last = max((tag.end() for tag in tags if tag[1]), default=-1) if surplus else -1
    end = content.find(b">", last)
    if surplus is None or last < 0 or end < 0:
        return content
    return content[: surplus.start()] + content[end + 1 :]


def parse(response: Response, source: str) -> Feed:
    """The entries of a feed; ParseError where the answer is none, such as a web page."""
    if (found := json_feed.parse(response.content, source)) is not None:
        return Feed(tuple(found[0]), home=found[1])
    content = response.content.lstrip()  # white space before the declaration makes XML ill-formed
    if (found := strict_feed.parse(content, response.content_type)) is not None:
        return Feed(tuple(found[0]), home=found[1])
    import feedparser

    # RFC 3023 makes ASCII of "text/xml" without a charset, and so feedparser reads UTF-16; RFC 7303 leaves it to the bytes
    content_type = _TEXT_TYPE.sub("application/", response.content_type)
    headers = {"content-type": content_type, "content-location": response.url}
    try:
        parsed = feedparser.parse(
            content, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (
        Exception
    ) as e:  # its loose parser raises AssertionError, ValueError and others on odd bytes
        raise ParseError(source, f"the feed cannot be parsed: {e}", hint=CHECK_URL) from e
    if not parsed.get("version") and not parsed.entries:
        is_page = b"<html" in content[:2000].lower()
        raise ParseError(
            source,
            "the answer is a web page, no feed" if is_page else "the answer is no feed",
            hint=f"{CHECK_URL}, or {LATER}",
        )
    entries = tuple(parsed.entries)
    home = str(parsed.feed.get("link", ""))
    is_ill_formed = isinstance(parsed.get("bozo_exception"), SAXException)
    plain = content.replace(b"\x00", b"") if is_ill_formed else b""  # of UTF-16 too
    if not is_ill_formed or _END.search(plain[-500:]):
        return Feed(entries, home=home)
    is_open = [tag[1] for tag in _ENTRY_TAG.finditer(plain)][-1:] == [b""]
    return Feed(entries[:-1] if is_open else entries, is_cut=True, home=home)


def parse_entry(
    entry: Mapping[str, Any], source: FeedSource, visit: Visit, base_url: str, home: str = ""
) -> Item:
    """One entry; ValueError where it has no URL, or neither title nor text.

    One that says something and has no address of its own is found at ``home``.
    """
    bodies = _bodies(entry, base_url)
    body = bodies[0] if bodies else Plain("")
    url = _url(entry, base_url, home if body.text else "")
    title = one_line(str(entry.get("title", "")))
    byline = _BYLINE.match(body.text)
    text = _text(body.text[byline.end() :] if byline else body.text, title)
    if title == "":
        title = _beginning(body.text)
    if title == "":
        raise ValueError(f"{url} has neither title nor text")
    published = _moment(entry, "published")
    updated = _moment(entry, "updated")
    # the page of a feed tells nothing of its entries; the title is the next best
    address = f"{url}#{title}" if url == urljoin_safe(base_url, home) else url
    return Item(
        id=f"feed:{hashlib.sha256(_identity(entry, address, base_url).encode()).hexdigest()[:16]}",
        source=source.name,
        kind=source.item_kind,
        title=title,
        url=url,
        text=text,
        authors=_authors(entry),
        published=visit.believable(published or updated),
        updated=visit.believable(updated),
        categories=_tags(entry),
        links=tuple(
            link for link in unique_urls([*body.links, *_pointers(entry, base_url)]) if link != url
        ),
        doi=_doi(entry, url),
        figures=_figures(entry, bodies, base_url),
        note=byline[0].strip() if byline else one_line(str(entry.get("prism_publicationname", ""))),
    )


def _items(feed: Feed, source: FeedSource, visit: Visit, *, base_url: str) -> list[Item]:
    items: dict[str, Item] = {}
    for entry in feed.entries:
        if str(entry.get("arxiv_announce_type", "")).startswith("replace"):
            continue  # a new version of an old paper, dated today like the new ones
        try:
            item = parse_entry(entry, source, visit, base_url, feed.home)
        except ValueError as e:
            visit.skip(str(e))
            continue
        items.setdefault(item.id, item)
    return list(items.values())


# -- the fields of an entry -------------------------------------------------------------------------------------------


def _url(entry: Mapping[str, Any], base_url: str, home: str) -> str:
    """Where a reader opens the entry. The first link of a Blogger entry is its comments, and feedburner's is a detour."""
    candidates = [str(entry.get("feedburner_origlink", ""))]
    links = [link for link in entry.get("links", ()) if link.get("href")]
    candidates += [link["href"] for link in links if link.get("rel", "alternate") == "alternate"]
    candidates.append(str(entry.get("link", "")))
    if entry.get("guidislink"):
        candidates.append(str(entry.get("id", "")))
    # a podcast may have its sound file only
    for rels in (("via", "related"), ("enclosure",), ("replies",)):
        candidates += [link["href"] for link in links if link.get("rel") in rels]
    candidates += [str(entry.get("comments", "")), home]
    for candidate in candidates:
        url = urljoin_safe(base_url, candidate.strip())
        if candidate.strip() and is_http(url):
            return url
    raise ValueError(f"no link in {one_line(str(entry.get('title', '')))[:60]!r}")


def _identity(entry: Mapping[str, Any], url: str, base_url: str) -> str:
    """What stays the same however often, and from whichever host, the entry is fetched.

    feedparser resolves a relative id ("10.1371/journal...") against the address of the feed, which would make another
    item of it when the feed moves.
    """
    guid = str(entry.get("id", "")).strip()
    if doi := _DOI.search(guid):
        return doi[0].lower()
    is_resolved = guid.startswith(_origin(base_url)) and not url.startswith(_origin(base_url))
    return url if is_resolved or not guid else guid


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _bodies(entry: Mapping[str, Any], base_url: str) -> list[Plain]:
    """The texts that the entry carries, the longest first: full contents before the teaser."""
    details = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    by_value = {detail["value"]: detail for detail in details if detail.get("value")}
    plains: list[Plain] = []
    for value, detail in by_value.items():
        # plain text grows no longer, and has no figures: a teaser below the whole text need not be looked at
        if not plains or len(value) >= len(plains[0].text) or is_html(value):
            plains.append(_plain(detail, base_url))
            plains.sort(key=lambda plain: len(plain.text), reverse=True)
    return plains


def _pointers(entry: Mapping[str, Any], base_url: str) -> Iterator[str]:
    """The pages that the entry itself, beside its text, names as what it is about."""
    for link in entry.get("links", ()):
        if link.get("rel") in ("via", "related"):
            yield urljoin_safe(base_url, str(link.get("href") or ""))


def _figures(
    entry: Mapping[str, Any], bodies: Sequence[Plain], base_url: str
) -> tuple[Figure, ...]:
    """The pictures of the texts, then those that the entry lists beside them."""
    figures = [figure for body in bodies for figure in body.figures]
    caption = one_line(str(entry.get("media_description") or ""))
    for medium in (*entry.get("media_content", ()), *entry.get("enclosures", ())):
        url = urljoin_safe(base_url, str(medium.get("url") or medium.get("href") or ""))
        said = str(medium.get("medium") or medium.get("type") or "")
        is_picture = said.startswith("image") or (not said and has_picture_name(url))
        if is_picture and is_figure(url, medium.get("width"), medium.get("height")):
            figures.append(Figure(url=url, caption=caption))
    for medium in entry.get("media_thumbnail", ()):
        url = urljoin_safe(base_url, str(medium.get("url") or ""))
        if is_figure(url, medium.get("width"), medium.get("height")):
            figures.append(Figure(url=url))
    return unique_figures(figures)


def _plain(detail: Mapping[str, Any], base_url: str) -> Plain:
    markup = _BYLINE_TAG.sub(r"<p>Posted by \2</p>", str(detail["value"]), count=1)
    return to_plain(markup, urljoin_safe(base_url, str(detail.get("base") or "")) or base_url)


def _text(body: str, title: str) -> str:
    """The body without what a source puts before it; "" where it says nothing beyond the title or a rubric."""
    text = _ARXIV_PREFIX.sub("", body, count=1)
    if ";" in text[:400]:  # the pattern takes its time where it does not match
        text = _JOURNAL_PREFIX.sub("", text, count=1)
    text = text.strip()
    if len(text) > 2 * len(title) + LABEL_CHARS + 400:
        return text  # neither the title again nor a rubric
    if " ".join(text.split()).casefold().rstrip(".… ") == title.casefold().rstrip(".… "):
        return ""
    is_label = len(text) <= LABEL_CHARS and not text.endswith((".", "!", "?", "…", "。"))
    return "" if is_label else text


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= TITLE_CHARS:
        return line
    return line[:TITLE_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    names = [one_line(str(author.get("name", ""))) for author in entry.get("authors", ())]
    if "arxiv_announce_type" in entry:  # one string for all, with affiliations in brackets
        names = [part.strip() for part in re.split(r",(?![^()]*\))", ",".join(names))]
        names = [re.sub(r"\s*\([^()]*\)", "", name) for name in names]
    return tuple(dict.fromkeys(name for name in names if name and "@" not in name))


def _tags(entry: Mapping[str, Any]) -> tuple[str, ...]:
    terms = (
        one_line(str(tag.get("term") or tag.get("label") or "")) for tag in entry.get("tags", ())
    )
    return tuple(dict.fromkeys(term for term in terms if term))


def _doi(entry: Mapping[str, Any], url: str) -> str | None:
    """A DOI that the entry states, or that its id or URL spells out, as those of PLOS do."""
    stated = (
        entry.get("prism_doi"),
        entry.get("arxiv_doi"),
        entry.get("dc_identifier"),
        entry.get("id"),
        url,
    )
    for value in stated:
        if match := _DOI.search(str(value or "")):
            doi = match[0].rstrip(".,;/").lower()
            return (
                _PREPRINT_VERSION.sub("", doi) if doi.startswith(("10.1101/", "10.64898/")) else doi
            )
    return None


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    """A date of the entry in UTC; None where it has none that can be read."""
    if (
        f"{name}_parsed" not in entry and name not in entry
    ):  # feedparser would give the other date, and warn
        return None
    parsed = entry.get(f"{name}_parsed")
    if parsed is not None:
        try:
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (ValueError, OverflowError, OSError, TypeError):
            return None
    written = " ".join(str(entry.get(name, "")).split())
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
