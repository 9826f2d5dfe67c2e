"""Hugging Face's daily papers: what readers put forward, day by day, with their upvotes.

One list a day, in pages; a day without submissions, such as one of a weekend, answers with an empty list, and a day to
come with 400. The ``date`` asked for is the day a paper was listed on, which is later than its date on arXiv. The list
also holds a summary that somebody else's model wrote, which is left alone.
API: https://huggingface.co/docs/hub/api, ``GET /api/daily_papers``
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from digest.collect.arxiv_paper import ABS_URL, is_id
from digest.collect.json_answer import (
    ask,
    count_of,
    fields_of,
    iso_moment,
    line_of,
    list_of,
    text_of,
)
from digest.collect.markup import is_http, links_in, paragraphs, unique_urls
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError
from digest.sources import HuggingFaceSource, Source
from digest.types import Item, Signal

PAPER_URL = "https://huggingface.co/papers/"  #: where a reader checks the upvotes

PAGE_SIZE = 50  #: the server's own default, so that no cap of its is taken for the end of the list
MAX_PAGES = 10  #: of one day; a busy one has some hundred papers


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The papers listed on the days of the window, each once with the most upvotes it had, most upvoted first.

    Those with fewer than ``source.min_upvotes`` are left out. Where a day fails, the papers of the days before it are
    given, and then the error.
    """
    assert isinstance(source, HuggingFaceSource)
    found: dict[str, Item] = {}
    trouble: CollectError | None = None
    try:
        for item in _listed(source, visit):
            known = found.get(item.id)
            if known is None or upvotes(item) > upvotes(known):
                found[item.id] = item
    except CollectError as e:
        trouble = e
    liked = [item for item in found.values() if upvotes(item) >= source.min_upvotes]
    liked.sort(key=lambda item: (-upvotes(item), item.id))
    if len(liked) > source.max_items:
        visit.warn(f"only the {source.max_items} most upvoted of {len(liked)} papers are kept")
    yield from liked[: source.max_items]
    if trouble:
        raise trouble


def upvotes(item: Item) -> int:
    """The upvotes of a paper of this list, 0 where they are unknown."""
    return next((s.value or 0 for s in item.signals if s.name == "upvotes"), 0)


def _listed(source: HuggingFaceSource, visit: Visit) -> Iterator[Item]:
    """The papers of every day from the start of the window to its end, or to today."""
    day = visit.since.date()
    last = min(visit.until - timedelta(microseconds=1), visit.now).date()
    while day <= last:
        try:
            yield from _day(source, visit, {"date": day.isoformat(), "limit": str(PAGE_SIZE)})
        except FetchError as e:
            if e.status != 400 or day != visit.now.date():
                raise
            # it is not yet today where the server stands
        day += timedelta(days=1)


def _day(source: HuggingFaceSource, visit: Visit, params: dict[str, str]) -> Iterator[Item]:
    """The papers of one day; its pages end with a short one, or one that repeats what came."""
    seen: set[str] = set()
    for page in range(MAX_PAGES):
        entries = ask(visit, source.url, list, {**params, "p": str(page)})
        fresh = [item for item in parse_page(entries, source, visit) if item.id not in seen]
        yield from fresh
        seen.update(item.id for item in fresh)
        if len(entries) < PAGE_SIZE or not fresh:
            return
    visit.warn(f"{params['date']}: more than {MAX_PAGES * PAGE_SIZE} papers; the rest is left")


def parse_page(entries: list[object], source: HuggingFaceSource, visit: Visit) -> list[Item]:
    """The papers of one answer in its order; entries that lack an arXiv id or a title are skipped and counted."""
    items = []
    for entry in entries:
        try:
            items.append(parse_entry(entry, source, visit))
        except ValueError as e:
            visit.skip(str(e))
    return items


def parse_entry(entry: object, source: HuggingFaceSource, visit: Visit) -> Item:
    """One paper; ValueError where it lacks what an item needs."""
    outer = fields_of(entry)
    paper = fields_of(outer.get("paper"))
    arxiv_id = text_of(paper.get("id")).strip()
    if not is_id(arxiv_id):
        raise ValueError(f"no arXiv id in the entry {arxiv_id[:40]!r}")
    title = line_of(paper.get("title")) or line_of(outer.get("title"))
    if title == "":
        raise ValueError(f"{arxiv_id} has no title")
    abstract = paragraphs(text_of(paper.get("summary")))
    repository = text_of(paper.get("githubRepo")).strip()
    people = (line_of(fields_of(author).get("name")) for author in list_of(paper.get("authors")))
    item = Item(
        id=f"arxiv:{arxiv_id}",
        source=source.name,
        kind="paper",
        title=title,
        url=ABS_URL + arxiv_id,
        text=abstract,
        authors=tuple(name for name in people if name),
        published=visit.believable(iso_moment(paper.get("publishedAt"))),
        links=unique_urls([*([repository] if is_http(repository) else []), *links_in(abstract)]),
    )
    given = {
        "upvotes": count_of(paper.get("upvotes")),
        "comments": count_of(outer.get("numComments")),
    }
    signals = [
        Signal(name=name, source=source.name, value=given[name], url=PAPER_URL + arxiv_id)
        for name in ("upvotes", "comments")
        if given[name] is not None
    ]
    return replace(item, signals=tuple(signals))
