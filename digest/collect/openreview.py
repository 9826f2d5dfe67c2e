"""OpenReview: the public notes of a venue, which are its submissions.

A venue may have ten thousand, and an answer holds a thousand at most; they are asked for newest first, and the reading
ends well before the window. Guests are allowed few calls, with 429 and half an hour's wait beyond them.
API: https://docs.openreview.net/reference/api-v2, ``GET /notes``; of the older one, whose values are not wrapped, the
host is https://api.openreview.net
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from digest.collect.json_answer import (
    ask,
    epoch_moment,
    fields_of,
    id_of,
    line_of,
    list_of,
    text_of,
)
from digest.collect.markup import links_in, paragraphs
from digest.collect.visit import Visit
from digest.errors import ParseError
from digest.retry import LATER
from digest.sources import OpenReviewSource, Source
from digest.types import Item

FORUM_URL = "https://openreview.net/forum?id="

PAGE_SIZE = 1000  #: the most the server gives
MAX_PAGES = 20  #: of one venue; the largest conference had 12,000 submissions in 2025
#: A submission is shown, or accepted, up to so long after it was made, and the server sorts by when it was made.
REVIEW_TIME = timedelta(days=180)

_FORUM = re.compile(r"[\w-]{4,40}", re.ASCII)
#: By preference: accepted, made public, made, and entered.
_DATES = ("pdate", "odate", "cdate", "tcdate")


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The submissions published in the window, venue by venue, at most ``source.max_items``."""
    assert isinstance(source, OpenReviewSource)
    seen: set[str] = set()
    for venue in source.venues:
        for item in _venue(venue, source, visit):
            if item.id in seen:
                continue
            if len(seen) == source.max_items:
                visit.warn(f"only {len(seen)} papers are kept; raise max_items for all")
                return
            seen.add(item.id)
            yield item


def _venue(venue: str, source: OpenReviewSource, visit: Visit) -> Iterator[Item]:
    """The submissions of a venue that were published in the window, as the pages bring them."""
    params = {"content.venueid": venue, "limit": str(PAGE_SIZE), "sort": "cdate:desc"}
    seen: set[str] = set()
    for page in range(MAX_PAGES):
        offset = {"offset": str(page * PAGE_SIZE)}
        answer = ask(visit, f"{source.url.rstrip('/')}/notes", dict, {**params, **offset})
        notes = answer.get("notes")
        if not isinstance(notes, list):
            raise ParseError(source.name, f"{venue}: the answer holds no notes", hint=LATER)
        if not notes and page == 0:
            visit.warn(f"{venue}: no notes; check venues: of this source in feeds.yaml")
        items = parse_page(notes, venue, source, visit)
        yield from (i for i in items if i.published and visit.since <= i.published < visit.until)
        is_fresh = any(item.id not in seen for item in items)
        seen.update(item.id for item in items)
        if len(notes) < PAGE_SIZE or not is_fresh or _is_past(notes, visit.since - REVIEW_TIME):
            return
    visit.warn(f"{venue}: more than {MAX_PAGES * PAGE_SIZE} notes; the rest is left")


def parse_page(
    notes: list[object], venue: str, source: OpenReviewSource, visit: Visit
) -> list[Item]:
    """The notes of one answer in its order; those that lack an id, a title or a date are skipped and counted."""
    items = []
    for note in notes:
        try:
            items.append(parse_note(note, venue, source, visit))
        except ValueError as e:
            visit.skip(str(e))
    return items


def parse_note(note: object, venue: str, source: OpenReviewSource, visit: Visit) -> Item:
    """One submission; ValueError where it lacks what an item needs."""
    fields = fields_of(note)
    content = fields_of(fields.get("content"))
    forum = id_of(fields.get("forum") or fields.get("id"), _FORUM)
    title = line_of(_value(content, "title"))
    if not forum or title == "":
        raise ValueError(f"the note {forum!r} lacks its id or title")
    moments = (epoch_moment(fields.get(name), per_second=1000) for name in _DATES)
    published = next((day for m in moments if (day := visit.believable(m))), None)
    if published is None:
        raise ValueError(f"the note {forum!r} has no date")
    abstract = paragraphs(text_of(_value(content, "abstract")))
    names = (line_of(name) for name in list_of(_value(content, "authors")))
    keywords = (line_of(word) for word in list_of(_value(content, "keywords")))
    return Item(
        id=f"openreview:{forum}",
        source=source.name,
        kind="paper",
        title=title,
        url=FORUM_URL + forum,
        text=abstract,
        authors=tuple(name for name in names if name),
        published=published,
        updated=visit.believable(epoch_moment(fields.get("mdate"), per_second=1000)),
        categories=tuple(dict.fromkeys(word for word in keywords if word)),
        links=links_in(abstract),
        note=line_of(_value(content, "venue")) or venue,
    )


def _is_past(notes: list[object], moment: datetime) -> bool:
    """The notes come newest first, as they were asked for, and the last was made before ``moment``."""
    made = [epoch_moment(fields_of(note).get("cdate"), per_second=1000) for note in notes]
    known = [day for day in made if day]
    return bool(known) and known[-1] < moment and known == sorted(known, reverse=True)


def _value(content: dict[str, object], name: str) -> object:
    """A value of a note: ``{"value": ...}`` in the second version of the API, bare in the first."""
    value = content.get(name)
    return value.get("value") if isinstance(value, dict) else value
