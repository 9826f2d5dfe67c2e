"""Answers of arXiv's query API, cut out of a file that holds every entry: the server's side of the demo.

It understands what a collector sends: ``cat:`` and ``submittedDate:[FROM TO UNTIL]`` with AND, OR, ANDNOT and brackets,
``id_list``, paging and sorting. Behaviour follows https://info.arxiv.org/help/api/user-manual.html: ``submittedDate`` is the
date of the first version, a missing operator means OR, a malformed id is answered with status 400 and an entry "Error".
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from digest.demo.wire import ATOM, OPENSEARCH, Element, to_xml

MAX_RESULTS = 2000  #: of one call
_TOKEN = re.compile(r"submittedDate:\[[^\]]*\]|[()]|[^\s()]+")
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?")

Test = Callable[["Paper"], bool]


@dataclass(frozen=True, slots=True)
class Paper:
    """One entry with the fields that a query looks at."""

    id: str  #: without version
    versioned: str
    categories: frozenset[str]
    published: str  #: ``2021-02-11T18:23:20Z``, as updated
    updated: str
    entry: Element


class ArxivApi:
    """The papers of one sample week, and the answers to queries about them."""

    def __init__(self, document: bytes) -> None:
        self._feed = etree.fromstring(document)
        self._papers = [_paper(e) for e in self._feed.iterfind(f"{{{ATOM}}}entry")]

    def answer(self, query: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and Atom document for the parameters of one call."""
        try:
            start, size = int(query.get("start", "0")), int(query.get("max_results", "10"))
        except ValueError:
            return 400, self._error("start and max_results must be integers")
        if start < 0 or not 0 < size <= MAX_RESULTS:
            return 400, self._error(f"max_results must be between 1 and {MAX_RESULTS}")
        ids = [i for i in query.get("id_list", "").split(",") if i]
        if wrong := [i for i in ids if not _ID.fullmatch(i)]:
            return 400, self._error(f"incorrect id format for {wrong[0]}")
        text = query.get("search_query", "")
        try:
            is_wanted = parse(text) if text else (lambda _: bool(ids))
        except ValueError as e:
            return 400, self._error(str(e))
        found = [
            p
            for p in self._papers
            if is_wanted(p) and (not ids or p.id in ids or p.versioned in ids)
        ]
        by_update = query.get("sortBy") == "lastUpdatedDate"
        found.sort(
            key=lambda p: (p.updated if by_update else p.published, p.id),
            reverse=query.get("sortOrder", "descending") != "ascending",
        )
        page = [p.entry for p in found[start : start + size]]
        title = f"arXiv Query: search_query={text}&id_list={','.join(ids)}&start={start}&max_results={size}"
        return 200, self._document(title, page, total=len(found), start=start, size=size)

    def _document(
        self, title: str, entries: list[Element], *, total: int, start: int, size: int
    ) -> bytes:
        feed = copy.deepcopy(self._feed)
        for entry in feed.findall(f"{{{ATOM}}}entry"):
            feed.remove(entry)
        _set(feed, ATOM, "title", title)
        _set(feed, OPENSEARCH, "itemsPerPage", str(size))
        _set(feed, OPENSEARCH, "totalResults", str(total))
        _set(feed, OPENSEARCH, "startIndex", str(start))
        feed.extend(copy.deepcopy(e) for e in entries)
        return to_xml(feed, quote="'")

    def _error(self, message: str) -> bytes:
        entry = etree.Element(f"{{{ATOM}}}entry")
        url = "https://arxiv.org/api/errors#" + message.replace(" ", "_")
        for name, text in (("id", url), ("title", "Error"), ("summary", message)):
            etree.SubElement(entry, f"{{{ATOM}}}{name}").text = text
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        etree.SubElement(author, f"{{{ATOM}}}name").text = "arXiv api core"
        return self._document("arXiv Search Results", [entry], total=1, start=0, size=1)


def parse(query: str) -> Test:
    """The test that a search query puts to a paper; ValueError, in one line, where it cannot be read."""
    tokens = _TOKEN.findall(query)
    test, rest = _expression(tokens)
    if rest:
        raise ValueError(f"unexpected {rest[0]} in search_query")
    return test


def _expression(tokens: list[str]) -> tuple[Test, list[str]]:
    """Operators from left to right without precedence, as the service reads them."""
    test, tokens = _operand(tokens)
    while tokens and tokens[0] != ")":
        operator = "OR"
        if tokens[0] in ("AND", "OR", "ANDNOT"):
            operator, tokens = tokens[0], tokens[1:]
        right, tokens = _operand(tokens)
        test = _join(operator, test, right)
    return test, tokens


def _operand(tokens: list[str]) -> tuple[Test, list[str]]:
    if not tokens:
        raise ValueError("search_query ends too early")
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        test, rest = _expression(rest)
        if not rest:
            raise ValueError("a bracket of search_query is not closed")
        return test, rest[1:]
    return _term(head), rest


def _join(operator: str, left: Test, right: Test) -> Test:
    if operator == "AND":
        return lambda p: left(p) and right(p)
    if operator == "ANDNOT":
        return lambda p: left(p) and not right(p)
    return lambda p: left(p) or right(p)


def _term(term: str) -> Test:
    field, _, value = term.partition(":")
    if field == "cat":
        return lambda p: value in p.categories
    if field == "submittedDate":
        match = re.fullmatch(r"\[(\d{4,14}) TO (\d{4,14})\]", value)
        if not match:
            raise ValueError(f"{value} is not a window such as [202102010000 TO 202102072359]")
        since, until = match[1].ljust(12, "0")[:12], match[2].ljust(12, "9")[:12]
        return lambda p: since <= re.sub(r"\D", "", p.published)[:12] <= until
    raise ValueError(f"the sample answers cat: and submittedDate: only, not {term}")


def _paper(entry: Element) -> Paper:
    versioned = _text(entry, "id").rsplit("/abs/", 1)[1]
    return Paper(
        id=re.sub(r"v\d+$", "", versioned),
        versioned=versioned,
        categories=frozenset(c.get("term", "") for c in entry.iterfind(f"{{{ATOM}}}category")),
        published=_text(entry, "published"),
        updated=_text(entry, "updated"),
        entry=entry,
    )


def _text(entry: Element, name: str) -> str:
    return str(entry.findtext(f"{{{ATOM}}}{name}"))


def _set(feed: Element, namespace: str, name: str, text: str) -> None:
    element = feed.find(f"{{{namespace}}}{name}")
    assert element is not None
    element.text = text
