"""arXiv by RSS: the latest announcement alone, one category a request, with licences.

A feed is built at midnight US/Eastern and is empty after an evening without an announcement. It is cut at 2000 items,
the new papers first, so categories are never joined. Its items all bear the day of the feed and none the date of its
first version: ``published`` is the cut-off of the announcement, the latest moment at which a new paper of it can have
been submitted, and the true date lies a day or a weekend before. Its ETag changes with each build, and is not used.
Format: https://info.arxiv.org/help/rss_specifications.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from digest.collect.arxiv_calendar import EASTERN, latest_submission, why_none
from digest.collect.arxiv_paper import (
    ABS_URL,
    ARXIV,
    CHECK_CATEGORIES,
    first_doi,
    is_id,
    is_withdrawn,
    leave_out,
    license_url,
    split_authors,
)
from digest.collect.markup import links_in, paragraphs
from digest.collect.visit import Visit
from digest.collect.xmltree import line_of, mail_date_of, parse_tree
from digest.errors import CollectError, FetchError, ParseError
from digest.retry import LATER
from digest.sources import ArxivSource
from digest.types import Item

DC = "{http://purl.org/dc/elements/1.1/}"
FULL = 2000  #: items of a feed that has been cut
FEED_TRIES = 2  #: of a feed that breaks off or is none though its answer was 200

_VERSIONED = re.compile(r"(?P<id>\S+?)(?:v(?P<version>\d{1,9}))?")
_PREFIX = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>[\w-]+)\s*(?:Abstract:\s*)?"
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed: its items as elements."""

    items: tuple[etree._Element, ...]
    is_cut: bool = False  #: the document broke off; the items are those that came whole


def collect(source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """The papers that are new in the latest announcement, whatever the window; each once.

    A category that the server does not know leaves the others alone; its error is raised at the end.
    """
    seen: set[str] = set()
    error: CollectError | None = None
    for category in source.categories:
        try:
            feed = _feed(source, visit, category)
        except FetchError as e:
            if e.status != 400:
                raise
            error = error or e
            continue
        if len(feed.items) >= FULL:
            visit.warn(
                f"the RSS feed of {category} is full, and new papers are what it leaves out; use mode: api"
            )
        for element in feed.items:
            item = _item(element, source.name, visit)
            if item and item.id not in seen:
                seen.add(item.id)
                yield item
        if feed.is_cut and error is None:
            error = ParseError(
                source.name, f"the RSS feed of {category} breaks off in the middle", hint=LATER
            )
    if error is not None:
        raise error
    if not seen and not visit.skip_reasons:
        visit.note = _why_empty(visit.now)


def _feed(source: ArxivSource, visit: Visit, category: str) -> Feed:
    """The feed of one category, asked for again where it is broken."""
    url = f"{(source.rss_url or '').rstrip('/')}/{category}"
    feed: Feed | None = None
    for tries in range(1, FEED_TRIES + 1):
        response = visit.http.get(url, passed=(400,))
        try:
            feed = parse_feed(response.content, source.name, category, status=response.status)
        except ParseError:
            if feed is None and tries == FEED_TRIES:
                raise
            continue
        if not feed.is_cut:
            break
    assert feed is not None
    return feed


def parse_feed(content: bytes, source: str, category: str, *, status: int = 200) -> Feed:
    """The items of a feed; FetchError where arXiv says that it knows no such category, ParseError where it is no RSS."""
    parsed = parse_tree(content, "rss")
    channel = parsed[0].find("channel") if parsed else None
    if channel is not None and line_of(channel, "title").startswith("Feed error for query"):
        said = line_of(channel, "description") or "no reason given"
        raise FetchError(
            source,
            f"arXiv's RSS has no category {category}: {said[:200]}",
            status=400,
            hint=CHECK_CATEGORIES,
        )
    if status != 200:
        raise FetchError(source, f"arXiv's RSS answers HTTP {status} for {category}", status=status)
    if parsed is None or channel is None:
        raise ParseError(
            source,
            "arXiv answers with something else than RSS",
            hint=f"a maintenance page, most likely; {LATER}",
        )
    items, is_cut = channel.findall("item"), parsed[1]
    return Feed(tuple(items[:-1] if is_cut else items), is_cut)


def parse_item(element: etree._Element, source: str, visit: Visit) -> Item:
    """One paper; ValueError where it lacks what a paper needs."""
    arxiv_id, version = _identity(element)
    title = line_of(element, "title")
    if title == "":  # a paper may well be titled "0"
        raise ValueError(f"{arxiv_id} has no title")
    abstract = paragraphs(_PREFIX.sub("", element.findtext("description") or "", count=1))
    announced = _announced(element, visit)
    return Item(
        id=f"arxiv:{arxiv_id}",
        source=source,
        kind="paper",
        title=title,
        url=ABS_URL + arxiv_id,
        text=abstract,
        authors=split_authors(line_of(element, f"{DC}creator")),
        published=latest_submission(announced) if announced else None,
        version=version,
        categories=tuple(dict.fromkeys(" ".join(_texts(element, "category")).split())),
        links=links_in(abstract),
        doi=first_doi(element.findtext(f"{ARXIV}DOI") or ""),
        note=line_of(element, f"{ARXIV}journal_reference"),
        license=license_url(line_of(element, f"{DC}rights")),
    )


def is_new(element: etree._Element, visit: Visit) -> bool:
    """The item is no new version of an old paper, and no old paper that has joined another category."""
    prefix = _PREFIX.match(element.findtext("description") or "")
    kind = line_of(element, f"{ARXIV}announce_type") or (prefix["type"] if prefix else "new")
    if kind != "cross":
        return kind == "new"
    arxiv_id, version = _identity(element)
    announced = _announced(element, visit)
    if (version or 1) > 1 or "/" in arxiv_id:
        return False
    return announced is None or arxiv_id[:4] >= f"{latest_submission(announced):%y%m}"


def _item(element: etree._Element, source: str, visit: Visit) -> Item | None:
    try:
        if not is_new(element, visit):
            return None
        item = parse_item(element, source, visit)
    except ValueError as e:
        visit.skip(str(e))
        return None
    if is_withdrawn(item):
        leave_out(item, visit)
        return None
    return item


def _identity(element: etree._Element) -> tuple[str, int | None]:
    """The id without its version, and the version: the guid has both, the link the id alone."""
    prefix = _PREFIX.match(element.findtext("description") or "")
    candidates = (
        line_of(element, "guid").removeprefix("oai:arXiv.org:"),
        prefix["id"] if prefix else "",
        line_of(element, "link").partition("/abs/")[2],
    )
    for candidate in candidates:
        match = _VERSIONED.fullmatch(candidate)
        if match and is_id(match["id"]):
            return match["id"], int(match["version"]) if match["version"] else None
    raise ValueError(f"no arXiv id in {line_of(element, 'title')[:60]!r}")


def _announced(element: etree._Element, visit: Visit) -> datetime | None:
    """The day of the feed: midnight US/Eastern after the evening of the announcement."""
    return visit.believable(mail_date_of(element, "pubDate"))


def _texts(element: etree._Element, name: str) -> Iterator[str]:
    for child in element.findall(name):
        yield child.text or ""


def _why_empty(now: datetime) -> str:
    """Why a feed that was built at the last midnight in New York may be empty."""
    evening = now.astimezone(EASTERN).date() - timedelta(days=1)
    if reason := why_none(evening):
        return f"no announcements on {evening.day} {evening:%b} ({reason})"
    return "no new paper in the latest announcement"
