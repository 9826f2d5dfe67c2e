"""arXiv's query API: papers by category and submission window, or by id.

Parsed with lxml, since a lenient feed parser damages abstracts that hold ``<``. The API serves pages that are at times
empty, cut short or out of step with its own total; a page is asked for again, and what came is never given up.
Manual: https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from digest.collect.arxiv_paper import (
    ABS_URL,
    ARXIV,
    CHECK_CATEGORIES,
    first_doi,
    is_withdrawn,
    leave_out,
    shown,
)
from digest.collect.atom import ATOM, line_of, moment_of, parse_feed
from digest.collect.markup import links_in, paragraphs, unique_urls
from digest.collect.visit import Visit
from digest.errors import FetchError, ParseError
from digest.retry import LATER
from digest.sources import ArxivSource
from digest.types import Item

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

PAGE_TRIES = 3  #: of a page that is empty or broken though its answer was 200
DEEPEST_START = 10_000  #: from here on the server may answer 400 or 500: a longer list is asked for in two windows
ID_BATCH = 100  #: ids of one call; keeps its URL short enough for every proxy

_ABS = re.compile(r"arxiv\.org/abs/(?P<id>.+?)(?:v(?P<version>\d{1,9}))?/?$")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the API: its entries as elements, and how many the server says there are in all."""

    entries: tuple[etree._Element, ...]
    total: int | None
    is_cut: bool = False  #: the answer broke off; the entries are those that came whole


def collect(source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """Papers whose first version was submitted in the window, newest first."""
    return _window(source, visit, visit.since, visit.until)


def collect_ids(ids: Sequence[str], source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """The papers with these well-formed ids, in the order of ``ids``; unknown ones are warned of."""
    for start in range(0, len(ids), ID_BATCH):
        yield from _batch(ids[start : start + ID_BATCH], source, visit)


# -- what is asked ----------------------------------------------------------------------------------------------------


def _window(source: ArxivSource, visit: Visit, since: datetime, until: datetime) -> Iterator[Item]:
    """The papers of a window, newest first; a window too full to be paged through is halved."""
    if until <= since:
        return
    last = until - timedelta(
        microseconds=1
    )  # both ends belong to the query, in whole minutes of GMT
    params = {
        "search_query": f"({' OR '.join(f'cat:{c}' for c in source.categories)})"
        f" AND submittedDate:[{since:%Y%m%d%H%M} TO {last:%Y%m%d%H%M}]",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": "0",
        "max_results": str(source.page_size),
    }
    page = _page(source, visit, params)
    is_too_full = min(page.total or 0, source.max_items) > DEEPEST_START
    if is_too_full and until - since > timedelta(hours=2):
        middle = (since + (until - since) / 2).replace(second=0, microsecond=0)
        yield from _window(source, visit, middle, until)
        yield from _window(source, visit, since, middle)
        return
    for item in _pages(source, visit, params, page):
        if item.published is None or since <= item.published < until:
            yield item


def _pages(source: ArxivSource, visit: Visit, params: dict[str, str], page: Page) -> Iterator[Item]:
    """The items of all pages, the first of which is at hand; each paper once, though pages overlap.

    They overlap because the list moves while it is read. The total is a hint only: where it is absent or too small, the
    pages are read until one brings nothing fresh; a list that ends before its total is asked for again, then told of.
    """
    overlap = source.page_size // 20
    seen: set[str] = set()
    start, total = 0, page.total or 0
    while True:
        count_before = len(seen)
        for entry in page.entries:
            key = (entry.findtext(f"{ATOM}id") or "").strip()
            if key not in seen:
                seen.add(key)
                if item := _item(entry, source.name, visit):
                    yield item
        end = start + len(page.entries)
        if end == total or len(seen) == count_before or end >= DEEPEST_START:
            break
        start = end if page.is_cut or len(page.entries) <= overlap else end - overlap
        page = _page(source, visit, {**params, "start": str(start)}, is_expected=end < total)
        total = page.total or total
    if not seen and total:
        raise ParseError(source.name, f"arXiv names {total} papers and serves none", hint=LATER)
    if len(seen) < total:
        visit.warn(f"arXiv names {total} papers of the window and served {len(seen)}")


def _page(
    source: ArxivSource, visit: Visit, params: dict[str, str], *, is_expected: bool = False
) -> Page:
    """One page; asked for again where it is broken, or empty though it ``is_expected`` or names a total."""
    assert source.url is not None
    best: Page | None = None
    trouble: ParseError | None = None
    start = int(params.get("start", "0"))
    for _ in range(1 if visit.is_partial else PAGE_TRIES):  # a server that cuts once cuts always
        response = visit.http.get(source.url, params=params, passed=(400,))
        try:
            page = parse_page(response.content, source.name, status=response.status)
        except ParseError as e:
            trouble = e
            continue
        is_missing = not page.entries and (is_expected or (page.total or 0) > start)
        if not page.is_cut and not is_missing:
            return page
        if best is None or len(page.entries) > len(best.entries):
            best = page
    if best is None:
        assert trouble is not None
        raise trouble
    if best.is_cut and not best.entries:
        raise ParseError(
            visit.source, "arXiv's answer breaks off before its first entry ends", hint=LATER
        )
    if best.is_cut and not visit.is_partial:
        visit.is_partial = True
        visit.warn("arXiv's answers break off in the middle; the rest of each was asked for anew")
    return best


def _batch(ids: Sequence[str], source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """The papers of one call by id; where the server refuses the call, of its halves: one bad id fails all."""
    params = {"id_list": ",".join(ids), "max_results": str(len(ids))}
    try:
        page = _page(source, visit, params)
    except FetchError as e:
        if e.status != 400:
            raise
        if len(ids) == 1:
            visit.warn(e.message)
            return
        yield from _batch(ids[: len(ids) // 2], source, visit)
        yield from _batch(ids[len(ids) // 2 :], source, visit)
        return
    found: dict[str, Item | None] = {}
    for entry in page.entries:
        if match := _ABS.search((entry.findtext(f"{ATOM}id") or "").strip()):
            found[match["id"]] = _item(entry, source.name, visit)
    if missing := [i for i in ids if i not in found]:
        visit.warn(f"arXiv has no paper {shown(missing)}")
    for i in ids:
        if item := found.get(i):
            yield item


# -- what is answered -------------------------------------------------------------------------------------------------


def parse_page(content: bytes, source: str, *, status: int = 200) -> Page:
    """The entries of an answer; FetchError where it is arXiv's error entry, ParseError where it is no Atom feed."""
    parsed = parse_feed(content)
    if parsed is None:
        if status != 200:
            raise FetchError(source, f"arXiv answers HTTP {status}", status=status)
        raise ParseError(
            source,
            "arXiv answers with something else than Atom",
            hint=f"a maintenance page, most likely; {LATER}",
        )
    entries, root, is_cut = parsed
    for entry in entries:
        if _is_error(entry):
            said = line_of(entry, f"{ATOM}summary") or "no reason given"
            raise FetchError(
                source,
                f"arXiv refuses the query: {said[:200]}",
                status=400,  # historically sent with 200
                hint=f"{CHECK_CATEGORIES}, and its url:",
            )
    if status != 200:
        raise FetchError(source, f"arXiv answers HTTP {status}", status=status)
    total = line_of(root, f"{OPENSEARCH}totalResults")
    return Page(tuple(entries), int(total) if total.isascii() and total.isdigit() else None, is_cut)


def parse_entry(entry: etree._Element, source: str, visit: Visit) -> Item:
    """One paper; ValueError where it lacks what a paper needs."""
    url = (entry.findtext(f"{ATOM}id") or "").strip()
    match = _ABS.search(url)
    if not match:
        raise ValueError(f"no arXiv id in {url[:80]!r}")
    title = line_of(entry, f"{ATOM}title")
    if title == "":  # a paper may well be titled "0"
        raise ValueError(f"{match['id']} has no title")
    abstract = paragraphs(entry.findtext(f"{ATOM}summary") or "")
    comment = line_of(entry, f"{ARXIV}comment")
    journal = line_of(entry, f"{ARXIV}journal_ref")
    return Item(
        id=f"arxiv:{match['id']}",
        source=source,
        kind="paper",
        title=title,
        url=ABS_URL + match["id"],
        text=abstract,
        authors=tuple(_authors(entry)),
        published=visit.believable(moment_of(entry, f"{ATOM}published")),
        updated=visit.believable(moment_of(entry, f"{ATOM}updated")),
        version=int(match["version"]) if match["version"] else None,
        categories=_categories(entry),
        links=unique_urls([*links_in(abstract), *links_in(comment)]),
        doi=first_doi(entry.findtext(f"{ARXIV}doi") or ""),
        note=comment or journal,
    )


def _item(entry: etree._Element, source: str, visit: Visit) -> Item | None:
    try:
        item = parse_entry(entry, source, visit)
    except ValueError as e:
        visit.skip(str(e))
        return None
    if is_withdrawn(item):
        leave_out(item, visit)
        return None
    return item


def _is_error(entry: etree._Element) -> bool:
    if "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
        return True
    title = (entry.findtext(f"{ATOM}title") or "").strip()
    return title == "Error" and entry.find(f"{ATOM}published") is None


def _authors(entry: etree._Element) -> Iterator[str]:
    for author in entry.findall(f"{ATOM}author"):
        name = line_of(author, f"{ATOM}name")
        if any(
            c.isalnum() for c in name
        ):  # "The X Collaboration", ":" and the members come as three authors
            yield name


def _categories(entry: etree._Element) -> tuple[str, ...]:
    primary = entry.find(f"{ARXIV}primary_category")
    elements = [e for e in (primary, *entry.findall(f"{ATOM}category")) if e is not None]
    return tuple(dict.fromkeys(term for e in elements if (term := e.get("term", "").strip())))
