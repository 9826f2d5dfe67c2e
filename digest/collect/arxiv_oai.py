"""arXiv by OAI-PMH: everything that changed since a day, by category; the papers first submitted in the window are kept.

Of its formats ``arXivRaw`` alone gives every version with its time, whether the last one is a withdrawal, and the
licence; ``arXiv`` gives the date of the current version only. A record is dated by its last change, which may come long
after the window: a list is read to its end, never bounded by ``until``, and an old window cannot be read at all.
Rules: https://info.arxiv.org/help/oa/index.html and https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from digest.collect.arxiv_paper import (
    ABS_URL,
    CHECK_CATEGORIES,
    first_doi,
    is_id,
    is_withdrawn,
    leave_out,
    license_url,
    shown,
    split_authors,
)
from digest.collect.markup import links_in, paragraphs, unique_urls
from digest.collect.visit import Visit
from digest.collect.xmltree import line_of, mail_date_of, parse_tree
from digest.errors import CollectError, FetchError, ParseError
from digest.retry import LATER
from digest.sources import ArxivSource
from digest.types import Item

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
FORMAT = "arXivRaw"
OWN_GROUP = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
EARLIEST = datetime(2005, 9, 16, tzinfo=UTC)  #: of a date that the server takes

#: Of a window's start. cs.LG has some 180 papers an announcement and as many new versions (arXiv's report of 2025), so
#: 60 days are about 15,000 records, six pages of 2,500; for a week of years ago it would be hundreds.
MAX_AGE = timedelta(days=60)
MAX_PAGES = 60  #: of one category: ten times as many, since arXiv changes records in bulk at times
PAGE_TRIES = 3  #: of an answer that is broken though its status was 200
MAX_IDS = 60  #: looked up one by one, three seconds each

_VERSION = re.compile(r"v(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer: its records as elements and the token of the next page, or the code and text of an OAI error."""

    records: tuple[etree._Element, ...] = ()
    token: str = ""  #: "" on the last page
    error: str = (
        ""  #: "noRecordsMatch", "badResumptionToken" ...; the HTTP status is 200 all the same
    )
    reason: str = ""
    is_cut: bool = False  #: the answer broke off; the records are those that came whole


def collect(source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """Papers whose first version was submitted in the window, newest first.

    A category that the server does not know leaves the others alone; its error is raised at the end.
    """
    if visit.now - visit.since > MAX_AGE:
        raise CollectError(
            source.name,
            f"OAI-PMH lists papers by their last change, too many since {visit.since:%d %b %Y}",
            hint="a window that old is read by mode: api",
        )
    papers: dict[str, Item] = {}
    seen: set[tuple[str, str]] = set()
    error: CollectError | None = None
    for category in source.categories:
        try:
            for record in _records(source, visit, category):
                state = _state(record)
                if state not in seen:
                    seen.add(state)
                    _keep(record, source, visit, papers)
        except CollectError as e:
            error = error or e
            if not (isinstance(e, FetchError) and e.status == 400):
                break
    yield from sorted(papers.values(), key=lambda i: i.published or visit.since, reverse=True)
    if error is not None:
        raise error


def collect_ids(ids: Sequence[str], source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """The papers with these well-formed ids, in the order of ``ids``, one request each; unknown ones are warned of."""
    if len(ids) > MAX_IDS:
        visit.warn(f"only {MAX_IDS} of {len(ids)} papers are looked up by OAI-PMH, one by one")
    missing = []
    for i in ids[:MAX_IDS]:
        params = {"verb": "GetRecord", "metadataPrefix": FORMAT, "identifier": f"oai:arXiv.org:{i}"}
        listing = _listing(source, visit, params)
        if listing.error == "idDoesNotExist":
            missing.append(i)
            continue
        if listing.error:
            raise _refusal(source, listing, "")
        found: dict[str, Item] = {}
        for record in listing.records:
            _keep(record, source, visit, found, is_dated=False)
        yield from found.values()
    if missing:
        visit.warn(f"arXiv has no paper {shown(missing)}")


def set_of(category: str) -> str:
    """The set of a category: ``cs:cs:LG``; of an archive without categories ``physics:hep-th``."""
    archive, _, part = category.partition(".")
    group = archive if archive in OWN_GROUP else "physics"
    return ":".join([group, archive, *([part] if part else [])])


# -- what is asked ----------------------------------------------------------------------------------------------------


def _records(source: ArxivSource, visit: Visit, category: str) -> Iterator[etree._Element]:
    """The records of a category changed since the window began, in the order of their change, page by page.

    A token that has expired (all do at midnight UTC) starts the list anew, once: records then come twice.
    """
    since = max(visit.since, EARLIEST)
    first = {
        "verb": "ListRecords",
        "metadataPrefix": FORMAT,
        "set": set_of(category),
        "from": f"{since:%Y-%m-%d}",
    }
    params, tokens, has_restarted = first, set[str](), False
    for _ in range(MAX_PAGES):
        listing = _listing(source, visit, params)
        if listing.error == "noRecordsMatch":
            return
        if listing.error == "badResumptionToken" and params is not first and not has_restarted:
            params, has_restarted = first, True
            tokens.clear()
            continue
        if listing.error:
            raise _refusal(source, listing, category)
        yield from listing.records
        if listing.is_cut:
            raise ParseError(source.name, "OAI-PMH's answer breaks off in the middle", hint=LATER)
        if not listing.token:
            return
        if listing.token in tokens:
            raise ParseError(source.name, "OAI-PMH gives the same page for ever", hint=LATER)
        tokens.add(listing.token)
        params = {"verb": "ListRecords", "resumptionToken": listing.token}
    raise ParseError(source.name, f"OAI-PMH's list of {category} has no end", hint=LATER)


def _listing(source: ArxivSource, visit: Visit, params: dict[str, str]) -> Listing:
    """One answer, asked for again where it is broken; one that breaks off each time is given as it came."""
    assert source.oai_url is not None
    best: Listing | None = None
    trouble: ParseError | None = None
    for _ in range(PAGE_TRIES):
        response = visit.http.get(source.oai_url, params=params)
        try:
            listing = parse_listing(response.content, source.name)
        except ParseError as e:
            trouble = e
            continue
        if not listing.is_cut:
            return listing
        if best is None or len(listing.records) > len(best.records):
            best = listing
    if best is None:
        assert trouble is not None
        raise trouble
    return best


def _refusal(source: ArxivSource, listing: Listing, category: str) -> FetchError:
    of = f" {category}" if category else ""
    is_ours = listing.error == "badArgument" and category
    return FetchError(
        source.name,
        f"OAI-PMH refuses{of} ({listing.error}): {listing.reason[:200] or 'no reason given'}",
        status=400 if is_ours else 200,  # what HTTP would say; the true one is always 200
        hint=CHECK_CATEGORIES if is_ours else LATER,
    )


# -- what is answered -------------------------------------------------------------------------------------------------


def parse_listing(content: bytes, source: str) -> Listing:
    """The records of an answer to ListRecords or GetRecord, or its OAI error; ParseError where it is no OAI-PMH."""
    parsed = parse_tree(content, f"{OAI}OAI-PMH")
    if parsed is None:
        raise ParseError(
            source,
            "arXiv answers with something else than OAI-PMH",
            hint=f"a maintenance page, most likely; {LATER}",
        )
    root, is_cut = parsed
    error = root.find(f"{OAI}error")
    if error is not None:
        return Listing(error=error.get("code") or "error", reason=line_of(root, f"{OAI}error"))
    if not is_cut and all(root.find(f"{OAI}{v}") is None for v in ("ListRecords", "GetRecord")):
        raise ParseError(source, "OAI-PMH answers with neither records nor an error", hint=LATER)
    records = root.findall(f"{OAI}*/{OAI}record")
    token = line_of(root, f"{OAI}ListRecords/{OAI}resumptionToken")
    return Listing(tuple(records[:-1] if is_cut else records), token, is_cut=is_cut)


def parse_record(record: etree._Element, source: str, visit: Visit) -> Item:
    """One paper; ValueError where it lacks what a paper needs."""
    raw = record.find(f"{OAI}metadata/{RAW}arXivRaw")
    if raw is None:
        raise ValueError(f"no {FORMAT} in {_state(record)[0][:80]!r}")
    arxiv_id = line_of(raw, f"{RAW}id")
    if not is_id(arxiv_id):
        raise ValueError(f"no arXiv id in {arxiv_id[:80]!r}")
    title = line_of(raw, f"{RAW}title")
    if title == "":  # a paper may well be titled "0"
        raise ValueError(f"{arxiv_id} has no title")
    versions = _versions(raw)
    if 1 not in versions:
        raise ValueError(f"{arxiv_id} has no date of its first version")
    latest = max(versions)
    abstract = paragraphs(raw.findtext(f"{RAW}abstract") or "")
    comment = line_of(raw, f"{RAW}comments")
    return Item(
        id=f"arxiv:{arxiv_id}",
        source=source,
        kind="paper",
        title=title,
        url=ABS_URL + arxiv_id,
        text=abstract,
        authors=split_authors(line_of(raw, f"{RAW}authors")),
        published=visit.believable(versions[1]),
        updated=visit.believable(versions[latest]),
        version=latest,
        categories=tuple(dict.fromkeys(line_of(raw, f"{RAW}categories").split())),
        links=unique_urls([*links_in(abstract), *links_in(comment)]),
        doi=first_doi(raw.findtext(f"{RAW}doi") or ""),
        note=comment or line_of(raw, f"{RAW}journal-ref"),
        license=license_url(line_of(raw, f"{RAW}license")),
    )


def _keep(
    record: etree._Element,
    source: ArxivSource,
    visit: Visit,
    papers: dict[str, Item],
    *,
    is_dated: bool = True,
) -> None:
    """Put a record's paper into ``papers`` by id, of the window alone where ``is_dated``; a later one replaces it."""
    header = record.find(f"{OAI}header")
    if header is not None and header.get("status") == "deleted":
        return  # it has no metadata, and nobody announces it
    try:
        item = parse_record(record, source.name, visit)
    except ValueError as e:
        visit.skip(str(e))
        return
    is_in_window = item.published is not None and visit.since <= item.published < visit.until
    if is_dated and not is_in_window:
        return
    if _is_marked_withdrawn(record) or is_withdrawn(item):
        papers.pop(item.id, None)
        leave_out(item, visit)
        return
    papers[item.id] = item


def _state(record: etree._Element) -> tuple[str, str]:
    """Which paper a record is of, and the day of its last change: the same twice is the same record."""
    header = f"{OAI}header/{OAI}"
    return line_of(record, f"{header}identifier"), line_of(record, f"{header}datestamp")


def _versions(raw: etree._Element) -> dict[int, datetime]:
    """The versions whose date can be read, by number."""
    found = {}
    for version in raw.findall(f"{RAW}version"):
        number = _VERSION.fullmatch(version.get("version") or "")
        moment = mail_date_of(version, f"{RAW}date")
        if number and moment:
            found[int(number[1])] = moment
    return found


def _is_marked_withdrawn(record: etree._Element) -> bool:
    """The source type of the latest version has the mark ``I``: its authors withdrew it."""
    kinds = record.findall(f"{OAI}metadata/{RAW}arXivRaw/{RAW}version")
    return bool(kinds) and "I" in line_of(kinds[-1], f"{RAW}source_type")
