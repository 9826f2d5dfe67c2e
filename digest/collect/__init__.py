"""Sources to items: every configured source is visited in parallel, and one source's death leaves the others alone.

A new kind of source is one file here and one row in ``COLLECTORS``: a function ``(source, visit) -> Iterator[Item]``
that yields items as it reads them, notes in ``visit`` what it skips and warns of, and raises ``CollectError`` where it
cannot go on. What it has yielded until then is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

from digest.collect.visit import Visit
from digest.errors import CollectError, ParseError
from digest.net import Http, HttpSession
from digest.sources import ArxivSource, RedditSource, Source
from digest.types import Deletions, Fetched, Item

log = logging.getLogger(__name__)

Collector = Callable[[Source, Visit], Iterator[Item]]

#: By the kind of a source; imported on first use, so that a run without Reddit never loads praw.
COLLECTORS: Mapping[str, str] = {
    "arxiv": "digest.collect.arxiv:collect",
    "feed": "digest.collect.feed:collect",
    "reddit": "digest.collect.reddit:collect",
    "youtube": "digest.collect.youtube:collect",
    "huggingface": "digest.collect.huggingface:collect",
    "hackernews": "digest.collect.hackernews:collect",
    "openreview": "digest.collect.openreview:collect",
    "biorxiv": "digest.collect.biorxiv:collect",
    "semanticscholar": "digest.collect.semanticscholar:collect",
    "file": "digest.collect.folder:collect",
}
MAX_WORKERS = 8


def collect(
    sources: Sequence[Source],
    http: Http,
    *,
    since: datetime,
    until: datetime,
    environ: Mapping[str, str],
    starts: Mapping[str, datetime] | None = None,
    wanted: Sequence[str] = (),
) -> Iterator[Fetched]:
    """What each enabled source gave, in the order in which they finish; a source that failed carries its error.

    ``starts`` names sources that are asked from another moment on than ``since``; ``wanted`` are the arXiv ids that an
    enriching source is asked about.

    arXiv is asked for the window ``since <= published < until`` alone. Feeds and listings give what they hold, newer
    entries too: those are the next week's news, and a source that answers 304 then will not show them again.
    An unexpected exception (a bug) is raised after all other sources have been yielded.
    """
    enabled = [source for source in sources if source.is_enabled]
    if not enabled:
        return
    pool = ThreadPoolExecutor(min(MAX_WORKERS, len(enabled)), thread_name_prefix="collect")
    bugs: list[Exception] = []
    try:
        futures = {}
        for source in enabled:
            start = (starts or {}).get(source.name, since)
            visit = _visit(http.session(source.name), http, start, until, environ)
            visit.wanted = tuple(wanted)
            futures[pool.submit(_gather, source, visit, _collector(source))] = source.name
        for future in as_completed(futures):
            # nothing here holds on to a source's items once they have been given out
            name = futures.pop(future)
            try:
                fetched = future.result()
            except Exception as e:  # noqa: BLE001  # a bug of one collector waits until the others are done
                e.add_note(f"while collecting {name}")
                bugs.append(e)
                continue
            del future
            yield fetched
            del fetched
    finally:
        # where the reader of this generator stops early, nobody waits for the sources still under way
        pool.shutdown(wait=False, cancel_futures=True)
    if bugs:
        raise bugs[0]


def collect_linked(ids: Sequence[str], source: ArxivSource, http: Http) -> Fetched:
    """The papers with these arXiv ids (without version), whatever their date; ids that arXiv lacks are warned of."""
    from digest.collect.arxiv import collect_ids

    now = datetime.fromtimestamp(http.wall_clock(), UTC)
    visit = _visit(http.session(source.name), http, now, now, {})
    return _gather(source, visit, lambda source, visit: collect_ids(ids, source, visit))


def collect_deleted(
    posts: Mapping[str, Sequence[str]],
    source: RedditSource,
    http: Http,
    *,
    environ: Mapping[str, str],
    limit: int | None = None,
) -> Fetched:
    """What Reddit no longer shows of ``posts`` (item ids with the ids of their comments), as ``Fetched.deletions``."""
    from digest.collect.reddit_deleted import find_deleted

    now = datetime.fromtimestamp(http.wall_clock(), UTC)
    visit = _visit(http.session(source.name), http, now, now, environ)
    deletions = find_deleted(posts, source, visit, limit=limit)
    return Fetched(
        source=source.name,
        deletions=deletions,
        warnings=visit.all_warnings(),
        receipts=tuple(visit.http.receipts),
    )


def _visit(
    session: HttpSession, http: Http, since: datetime, until: datetime, environ: Mapping[str, str]
) -> Visit:
    now = datetime.fromtimestamp(http.wall_clock(), UTC)
    return Visit(http=session, since=since, until=until, now=now, environ=environ)


def _collector(source: Source) -> Collector:
    module, _, name = COLLECTORS[source.kind].partition(":")
    collector: Collector = getattr(import_module(module), name)
    return collector


def _gather(source: Source, visit: Visit, collector: Callable[..., Iterator[Item]]) -> Fetched:
    """All a source gives, and the error that stopped it, if any; an item that comes twice counts once."""
    items: dict[str, Item] = {}
    error: CollectError | None = None
    try:
        for item in collector(source, visit):
            items.setdefault(item.id, item)
    except CollectError as e:
        error = e
    if error is None and visit.skip_reasons and not items:
        error = ParseError(
            source.name,
            f"none of {len(visit.skip_reasons)} entries could be read: {visit.skip_reasons[0]}",
            hint="the source has changed its format; check its url in feeds.yaml",
        )
    receipts = tuple(visit.http.receipts)
    if error is not None or visit.is_partial:
        # a conditional request next time would be answered 304, and what has been missed now would be lost
        receipts = tuple(replace(r, etag=None, last_modified=None) for r in receipts)
    return Fetched(
        source=source.name,
        items=tuple(items.values()),
        error=error,
        skipped=len(visit.skip_reasons),
        warnings=visit.all_warnings(),
        is_unchanged=visit.is_unchanged and error is None,
        note=visit.note,
        deletions=Deletions(items=tuple(visit.gone_items), authors=tuple(visit.gone_authors)),
        since=visit.since,
        until=visit.until,
        receipts=receipts,
    )
