"""arXiv: the query API, OAI-PMH or RSS, whichever the source is set to, the others standing in where it fails.

The API (arxiv_api.py) and OAI-PMH (arxiv_oai.py) cover a whole window; RSS (arxiv_rss.py) holds the latest announcement
alone, so what it brings never makes a failed week complete. arxiv_calendar.py knows when arXiv announces at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from digest.collect import arxiv_api, arxiv_oai, arxiv_rss
from digest.collect.arxiv_calendar import lag, why_quiet
from digest.collect.arxiv_paper import is_id, shown
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError
from digest.sources import ArxivMode, ArxivSource, Source
from digest.types import Item

MODES: Mapping[ArxivMode, Callable[[ArxivSource, Visit], Iterator[Item]]] = {
    "api": arxiv_api.collect,
    "oai": arxiv_oai.collect,
    "rss": arxiv_rss.collect,
}
BY_ID: Mapping[ArxivMode, Callable[[Sequence[str], ArxivSource, Visit], Iterator[Item]]] = {
    "api": arxiv_api.collect_ids,
    "oai": arxiv_oai.collect_ids,
}
TITLES: Mapping[ArxivMode, str] = {"api": "the query API", "oai": "OAI-PMH", "rss": "RSS"}


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """Papers of the window, newest first, each once and at most ``source.max_items``.

    Where the source's mode fails, what it gave is kept and its fallbacks are tried: one that covers the window leaves
    a warning. Where none does, the first error is raised, and names what became of the others.
    """
    assert isinstance(source, ArxivSource)
    seen: dict[str, datetime | None] = {}
    failures: list[tuple[ArxivMode, CollectError]] = []
    has_latest = False
    for mode in _modes(source):
        try:
            for item in MODES[mode](source, visit):
                if item.id in seen:
                    continue
                if len(seen) == source.max_items:
                    visit.warn(
                        f"only the newest {len(seen)} papers are kept; raise max_items for all"
                    )
                    return
                seen[item.id] = item.published
                yield item
        except CollectError as e:
            failures.append((mode, e))
            continue
        if mode == "rss" and failures:
            has_latest, visit.note = True, ""
            continue
        _tell_stand_in(failures, mode, visit)
        if mode != "rss":
            _tell_calendar(list(seen.values()), visit)
        return
    raise _joined(failures, has_latest=has_latest)


def collect_ids(ids: Sequence[str], source: ArxivSource, visit: Visit) -> Iterator[Item]:
    """The papers with these ids, in the order of ``ids``; unknown and malformed ones are warned of.

    RSS cannot look up a paper: a source that has the address of RSS alone gives none, and says so.
    """
    good = [i for i in dict.fromkeys(ids) if is_id(i)]
    if bad := [i for i in dict.fromkeys(ids) if not is_id(i)]:
        visit.warn(f"not arXiv ids: {shown(bad)}")
    modes = [m for m in _modes(source) if m in BY_ID]
    if good and not modes:
        visit.warn("papers that others link to are not looked up: set url: or oai_url: of arXiv")
        return
    found: set[str] = set()
    failures: list[tuple[ArxivMode, CollectError]] = []
    for mode in modes:
        try:
            for item in BY_ID[mode]([i for i in good if f"arxiv:{i}" not in found], source, visit):
                found.add(item.id)
                yield item
        except CollectError as e:
            failures.append((mode, e))
            continue
        _tell_stand_in(failures, mode, visit)
        return
    if failures:
        raise _joined(failures)


def _modes(source: ArxivSource) -> list[ArxivMode]:
    """The source's mode and, after it, those of its fallbacks whose address is set."""
    addresses = {"api": source.url, "oai": source.oai_url, "rss": source.rss_url}
    return [m for m in dict.fromkeys((source.mode, *source.fallbacks)) if addresses[m]]


def _tell_stand_in(
    failures: Sequence[tuple[ArxivMode, CollectError]], mode: ArxivMode, visit: Visit
) -> None:
    if failures:
        failed = ", ".join(_failure(m, e) for m, e in failures)
        visit.warn(f"{failed}; read by {TITLES[mode]} instead")


def _tell_calendar(published: Sequence[datetime | None], visit: Visit) -> None:
    """Why the window holds no paper, where that is as it should be; a warning where papers must be missing."""
    if not published and visit.skip_reasons:
        return  # papers came; that none could be read is told elsewhere
    end = min(visit.until, visit.now)
    reason = "" if published else why_quiet(visit.since, end)
    if reason:
        visit.note = reason
    elif warning := lag([p for p in published if p], visit.since, end):
        visit.warn(warning)
        if published:  # its reader should know; that nothing came at all is told of every source
            visit.note = warning


def _joined(
    failures: Sequence[tuple[ArxivMode, CollectError]], *, has_latest: bool = False
) -> CollectError:
    """The first error, its message telling in the same line what became of the other ways."""
    (_, first), *others = failures
    first.message += "".join(f"; {_failure(m, e)} too" for m, e in others)
    if has_latest:
        first.message += "; RSS stood in, with the latest announcement alone"
    return first


def _failure(mode: ArxivMode, error: CollectError) -> str:
    status = error.status if isinstance(error, FetchError) else None
    reason = error.message if status in (None, 200, 400) else f"HTTP {status}"
    return f"{TITLES[mode]} fails ({reason})"
