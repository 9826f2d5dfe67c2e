"""bioRxiv and medRxiv: preprints by the date they were posted on, and by category.

A page holds 30 rows or 100, as the server likes, so the cursor moves on by what came; the total that it names is too
high, so the list ends where a page is empty ("no posts found"). Each version of a preprint is a row of its own.
API: https://api.biorxiv.org/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from digest.collect.json_answer import ask, count_of, fields_of, iso_moment, list_of, text_of
from digest.collect.markup import one_line, to_plain
from digest.collect.visit import EARLIEST, Visit
from digest.errors import CollectError, ParseError
from digest.retry import LATER
from digest.sources import BiorxivSource, Source
from digest.types import Item

MAX_PAGES = 100  #: of one category; 3,000 preprints, more than a busy category has in a month

_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9]+", re.ASCII)
_CREATIVE_COMMONS = "https://creativecommons.org/"
#: As the rows name them; "cc_no" is the server's word for "all rights reserved".
LICENSES: Mapping[str, str] = {
    "cc_by": f"{_CREATIVE_COMMONS}licenses/by/4.0/",
    "cc_by_nc": f"{_CREATIVE_COMMONS}licenses/by-nc/4.0/",
    "cc_by_nd": f"{_CREATIVE_COMMONS}licenses/by-nd/4.0/",
    "cc_by_nc_nd": f"{_CREATIVE_COMMONS}licenses/by-nc-nd/4.0/",
    "cc0": f"{_CREATIVE_COMMONS}publicdomain/zero/1.0/",
}


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The preprints first posted in the window, each in its latest version, newest first, at most ``max_items``.

    What the window only has a revision of is no news and left out. Where a page fails, what came before it is given,
    and then the error.
    """
    assert isinstance(source, BiorxivSource)
    rows: list[Item] = []
    trouble: CollectError | None = None
    try:
        for category in source.categories:
            for row in _category(category.replace(" ", "_"), source, visit):
                rows.append(row)  # noqa: PERF402  # what came before a failure is kept
    except CollectError as e:
        trouble = e
    items = join_versions(rows)
    if revised := len({row.id for row in rows}) - len(items):
        visit.warn(f"left out {revised} that are revisions of earlier preprints")
    if len(items) > source.max_items:
        visit.warn(f"only the newest {source.max_items} of {len(items)} preprints are kept")
    yield from items[: source.max_items]
    if trouble:
        raise trouble


def _category(category: str, source: BiorxivSource, visit: Visit) -> Iterator[Item]:
    """The rows of one category, a version each."""
    last = min(visit.until - timedelta(microseconds=1), visit.now)
    window = f"{visit.since:%Y-%m-%d}/{last:%Y-%m-%d}"
    place = f"{source.url.rstrip('/')}/{source.server}/{window}"
    cursor = 0
    for _ in range(MAX_PAGES):
        answer = ask(visit, f"{place}/{cursor}/json", dict, {"category": category})
        rows = answer.get("collection", [])
        if not isinstance(rows, list) or not ("collection" in answer or "messages" in answer):
            raise ParseError(source.name, "the answer holds no collection", hint=LATER)
        if not rows:
            message = text_of(_message(answer).get("status"))
            if cursor == 0 and message.casefold() not in ("ok", "no posts found"):
                raise ParseError(source.name, f"{category}: {message[:120] or 'no status'}")
            return
        yield from parse_page(rows, category, source, visit)
        cursor += len(rows)
    visit.warn(f"{category}: more than {cursor} rows; the rest is left")


def _message(answer: dict[str, object]) -> dict[str, object]:
    messages = list_of(answer.get("messages"))
    return fields_of(messages[0]) if messages else {}


def parse_page(
    rows: list[object], category: str, source: BiorxivSource, visit: Visit
) -> list[Item]:
    """The rows of one answer that are of ``category``; those that lack a DOI, title or date are skipped and counted."""
    items = []
    for row in rows:
        named = text_of(fields_of(row).get("category")).casefold().replace(" ", "_")
        if named not in ("", category.casefold()):
            continue  # a server that does not know the parameter gives all categories
        try:
            items.append(parse_row(row, source, visit))
        except ValueError as e:
            visit.skip(str(e))
    return items


def parse_row(row: object, source: BiorxivSource, visit: Visit) -> Item:
    """One version of a preprint, ``published`` on the day of this version; ValueError where it lacks what it needs."""
    fields = fields_of(row)
    doi = text_of(fields.get("doi")).strip().lower()
    title = one_line(text_of(fields.get("title")))
    if not _DOI.fullmatch(doi) or title == "":
        raise ValueError(f"the row {doi[:60]!r} lacks its DOI or title")
    posted = visit.believable(iso_moment(fields.get("date")))
    if posted is None:
        raise ValueError(f"{doi} has no date")
    version = count_of(fields.get("version")) or 1
    body = to_plain(text_of(fields.get("abstract")))
    names = (one_line(name) for name in text_of(fields.get("authors")).split(";"))
    category = one_line(text_of(fields.get("category")))
    return Item(
        id=f"doi:{doi}",
        source=source.name,
        kind="paper",
        title=title,
        url=f"https://www.{source.server}.org/content/{doi}v{version}",
        text=body.text,
        authors=tuple(name for name in names if name),
        published=posted,
        version=version,
        categories=(category,) if category else (),
        links=body.links,
        doi=doi,
        license=LICENSES.get(text_of(fields.get("license")).strip().lower(), ""),
    )


def join_versions(rows: Sequence[Item]) -> list[Item]:
    """Each preprint once, newest first: text of its highest version, date of its first; without those first seen later."""
    versions: dict[str, list[Item]] = {}
    for row in rows:
        versions.setdefault(row.id, []).append(row)
    items = []
    for same in versions.values():
        same.sort(key=lambda row: row.version or 1)
        first, latest = same[0], same[-1]
        if first.version == 1:
            updated = latest.published if latest is not first else None
            items.append(replace(latest, published=first.published, updated=updated))
    return sorted(items, key=lambda item: (item.published or EARLIEST, item.id), reverse=True)
