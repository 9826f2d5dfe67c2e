"""The first stage: sources to items in the database, and what one look at the database then asks for.

    every source, from where it was last covered     -> items
    posts that Reddit has deleted since              -> purged
    papers that posts and threads name               -> items
    pages behind entries whose feed gives no text    -> articles
    citations of the papers at hand                  -> signals

Each step is stored before the next begins; a source that dies leaves all others alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from digest import health
from digest.records import Purged
from digest.report import Collected, SourceReport, Watch
from digest.sources import ENRICHERS, ArxivSource, FeedSource, RedditSource
from digest.types import Article, Fetched, Item

if TYPE_CHECKING:
    from digest.config import Config
    from digest.net import Http
    from digest.store import Store
    from digest.week import Week

log = logging.getLogger(__name__)

#: Papers that posts and threads name are fetched by id; a round-up must not turn a run into a harvest.
MAX_LINKED_PAPERS = 40
#: Posts and comments looked up for deletion in one run, newest first: some three weeks of one subreddit.
MAX_LOOKED_UP = 2000


def collect_week(
    week: Week,
    config: Config,
    store: Store,
    *,
    now: datetime,
    environ: Mapping[str, str],
    watch: Watch,
) -> Collected:
    """Collect every enabled source of the week and store what came, source by source."""
    from digest.collect import collect

    sources = [s for s in config.sources if s.is_enabled and s.kind not in ENRICHERS]
    names = [s.name for s in config.sources if s.is_enabled]
    until = min(week.end, now)
    starts = store.window_starts(names, week)
    reports: list[SourceReport] = []
    redacted: set[str] = set()

    def keep(fetched: Fetched) -> None:
        reports.append(_store_fetched(fetched, store, now, watch))
        if fetched.deletions:
            redacted.update(_purge(fetched, store, now, watch).weeks)

    def items() -> tuple[Item, ...]:
        """Those of the issue's window, as far as they are stored by now."""
        return store.items(week.since, until, starts=starts)

    watch.stage("collect", len(names))
    with open_http(config, store) as http:
        for done, fetched in enumerate(
            collect(sources, http, since=week.since, until=until, environ=environ, starts=starts),
            start=1,
        ):
            keep(fetched)
            watch.advance(done, len(names))
        purged, warnings = _look_up(
            config, store, http, now=now, environ=environ, limit=MAX_LOOKED_UP, watch=watch
        )
        redacted.update(purged.weeks)
        for warning in warnings:
            log.warning("%s", warning)
        if linked := _collect_linked(items(), config, store, http):
            keep(linked)
        _read_articles(items(), config, store, http, now=now, watch=watch)
        enrichers = [s for s in config.sources if s.is_enabled and s.kind in ENRICHERS]
        wanted = _arxiv_ids(items()) if enrichers else ()
        for fetched in collect(
            enrichers, http, since=week.since, until=until, environ=environ, wanted=wanted
        ):
            keep(fetched)
    order = {name: i for i, name in enumerate(names)}
    reports.sort(key=lambda r: order.get(r.name, len(order)))
    statuses = store.source_statuses(names, week.since, until, as_of=now)
    return Collected(
        sources=_with_alarms(reports, statuses, watch), redacted_weeks=tuple(sorted(redacted))
    )


def open_http(config: Config, store: Store | None) -> Http:
    """The HTTP of one run, as configured, with what the store knows of the servers."""
    from digest.net import Http

    return Http(
        contact=config.contact,
        pace_s=config.pace_s,
        validators=store.validators() if store else None,
        moves=store.moves() if store else None,
        is_proxied=config.network.is_proxied,
        deadline_s=config.network.deadline_s,
    )


def _store_fetched(fetched: Fetched, store: Store, now: datetime, watch: Watch) -> SourceReport:
    counts = store.save_fetched(fetched, now=now)
    report = SourceReport(
        name=fetched.source,
        items=len(fetched.items),
        new=counts.new,
        changed=counts.changed,
        is_unchanged=fetched.is_unchanged,
        error=str(fetched.error or ""),
        warnings=fetched.warnings,
    )
    watch.line(_source_line(report, fetched.note), is_bad=bool(report.error))
    for warning in fetched.warnings:
        watch.line(f"  {warning}")
    return report


def _source_line(report: SourceReport, note: str) -> str:
    if report.error:
        kept = f"; kept {report.items} items that came before" if report.items else ""
        return f"{report.name}: failed: {report.error}{kept}"
    if report.is_unchanged:
        return f"{report.name}: unchanged since the last run"
    said = f"; {note}" if note else ""
    things = "1 item" if report.items == 1 else f"{report.items} items"
    return f"{report.name}: {things}, {report.new} new, {report.changed} changed{said}"


def _with_alarms(
    reports: Sequence[SourceReport], statuses: Sequence[health.SourceStatus], watch: Watch
) -> tuple[SourceReport, ...]:
    """The reports, with what somebody must look at told once more, loudly."""
    alarms = {s.name: health.alarms([s]) for s in statuses}
    for sentences in alarms.values():
        for sentence in sentences:
            watch.line(sentence, is_bad=True)
    return tuple(replace(r, alarm=" ".join(alarms.get(r.name, ()))) for r in reports)


# -- what has been deleted --------------------------------------------------------------------------------------------


def purge(
    config: Config, store: Store, *, now: datetime, environ: Mapping[str, str], watch: Watch
) -> tuple[Purged, tuple[str, ...]]:
    """Look up every stored post and comment of Reddit and purge what is gone; the warnings of it come too."""
    with open_http(config, store) as http:
        return _look_up(config, store, http, now=now, environ=environ, limit=None, watch=watch)


def _look_up(
    config: Config,
    store: Store,
    http: Http,
    *,
    now: datetime,
    environ: Mapping[str, str],
    limit: int | None,
    watch: Watch,
) -> tuple[Purged, tuple[str, ...]]:
    from digest.collect import collect_deleted
    from digest.collect.reddit_client import has_credentials

    source = next((s for s in config.sources if isinstance(s, RedditSource) and s.is_enabled), None)
    posts = dict(store.unseen_since("reddit:", now))
    if source is None or not posts:
        return Purged(), ()
    if not has_credentials(environ):
        said = (
            "what was deleted at Reddit shows only with REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET"
        )
        return Purged(), (said,)
    found = collect_deleted(posts, source, http, environ=environ, limit=limit)
    if not found.deletions:
        return Purged(), found.warnings
    return _purge(found, store, now, watch), found.warnings


def _purge(fetched: Fetched, store: Store, now: datetime, watch: Watch) -> Purged:
    purged = store.purge(fetched.deletions, now=now)
    if purged.deletions:
        gone = purged.deletions
        watch.line(
            f"{fetched.source}: purged what was deleted there: {len(gone.items)} posts, {len(gone.comments)} comments,"
            f" {len(gone.authors)} names"
        )
    return purged


# -- what the items name ----------------------------------------------------------------------------------------------


def _collect_linked(
    items: Sequence[Item], config: Config, store: Store, http: Http
) -> Fetched | None:
    """The papers that posts and threads of the week name and the store lacks: "follow blog to paper"."""
    from digest.collect import collect_linked

    arxiv = next((s for s in config.sources if isinstance(s, ArxivSource) and s.is_enabled), None)
    if arxiv is None:
        return None
    named = linked_papers(items)
    missing = [i for i in named if i not in store.known_ids(named)][:MAX_LINKED_PAPERS]
    if not missing:
        return None
    fetched = collect_linked([i.removeprefix("arxiv:") for i in missing], arxiv, http)
    return replace(fetched, source=f"{arxiv.name} (papers named by others)")


def linked_papers(items: Sequence[Item]) -> tuple[str, ...]:
    """Item ids ("arxiv:2002.08484") of the papers that items other than papers point to, in a stable order."""
    from digest.identity import arxiv_ids

    named = {
        f"arxiv:{paper}": None
        for item in items
        if item.kind != "paper"
        for link in (item.url, *item.links)
        for paper in arxiv_ids(link)
    }
    return tuple(named)


def _arxiv_ids(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(i.id.removeprefix("arxiv:") for i in items if i.id.startswith("arxiv:"))


def _read_articles(
    items: Sequence[Item],
    config: Config,
    store: Store,
    http: Http,
    *,
    now: datetime,
    watch: Watch,
) -> None:
    """The pages behind the week's entries whose feed gives no text; each is read once, and its failure is no error."""
    from digest.collect.article import read_articles, wants_article

    feeds = {s.name: s for s in config.sources if isinstance(s, FeedSource) and s.is_enabled}
    wanted = [
        item for item in items if item.source in feeds and wants_article(item, feeds[item.source])
    ]
    settled = store.settled_articles([i.id for i in wanted])
    unread = [i for i in wanted if i.id not in settled]
    if not unread:
        return
    watch.stage("read pages", len(unread))
    read: list[Article] = []
    for article in read_articles(unread, http):
        store.save_articles([article], now=now)
        read.append(article)
        watch.advance(len(read), len(unread))
        if article.error:
            log.warning("%s: %s", article.url, article.error)
    good = sum(1 for a in read if a.text)
    watch.line(f"pages behind entries without text: {good} of {len(unread)} read")
