"""``sources check``: what a source would bring, tried live and not stored."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.cli import options, show
from digest.errors import ConfigError, FetchError

if TYPE_CHECKING:
    from digest.config import Config
    from digest.net import Http
    from digest.sources import Source
    from digest.trial import Proposal, Trial

NEWEST = 5
RETRIES = 1  #: somebody is waiting; a run tries longer


def check(args: argparse.Namespace) -> int:
    """Try the source named, or every enabled one, and print what it gives; exit 0, 1 nothing, 3 a source fails."""
    from digest.config import load_config
    from digest.sources import ENRICHERS

    config = load_config(options.feeds_path(args))
    week = options.target(args)
    until = min(week.end, options.now(args))
    with open_http(config) as http:
        try:
            sources = _asked(args, config, http)
        except FetchError as e:
            print_dead(args.source, e, is_json=args.json)
            return 3
        tried = [s for s in sources if s.kind not in ENRICHERS]
        trials = run_trials(tried, http, since=week.since, until=until, is_quiet=args.quiet)
    if args.json:
        show.as_json([trial_json(trial) for trial in trials])
    else:
        for trial in trials:
            print_trial(trial)
        for source in sources:
            if source.kind in ENRICHERS and args.source:
                show.line(f"{source.name}: only says more of what other sources bring; not tried")
    return exit_code(trials)


def open_http(config: Config) -> Http:
    """The HTTP of a trial: polite as a run, but it gives up sooner."""
    from digest.net import Http

    return Http(contact=config.contact, pace_s=config.pace_s, retries=RETRIES)


def _asked(args: argparse.Namespace, config: Config, http: Http) -> Sequence[Source]:
    """The sources to try; FetchError where the address asked for does not answer."""
    from digest.addresses import find

    if not args.source:
        enabled = [s for s in config.sources if s.is_enabled]
        if not enabled:
            raise ConfigError(
                "feeds.yaml: every source is disabled", hint="name one to try it all the same"
            )
        return enabled
    if source := find(args.source, config.sources):
        return [source]
    if "://" not in args.source and not Path(args.source).is_dir():
        names = [s.name for s in config.sources]
        close = difflib.get_close_matches(args.source, names, n=1, cutoff=0.5)
        raise ConfigError(
            f"{options.feeds_path(args)}: has no source {args.source!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}",
        )
    proposal = ask(args.source, http, args, base=Path())
    return [source_of(proposal.entry, args.source)]


def print_dead(address: str, error: FetchError, *, is_json: bool) -> None:
    """Say that an address that is not in feeds.yaml does not answer."""
    if is_json:
        said = {"error": error.message, "hint": error.hint, "http_status": error.status}
        show.as_json([{"url": address, "is_ok": False, "items": 0} | said])
    else:
        show.line(f"{address}: failed: {error}", mark="✗ ", style="red")


def ask(
    address: str, http: Http, args: argparse.Namespace, *, base: Path, kind: str | None = None
) -> Proposal:
    """What ``address`` asks for, with a word of how it was found; errors are those of ``trial.propose``."""
    from digest.trial import propose

    proposal = propose(address, http, base=base, kind=kind)
    found = proposal.found
    if found and not args.json and not args.quiet:
        if len(found.named) > 1:
            show.line(f"the page names {len(found.named)} feeds; this one is taken (*):")
            for feed in found.named:
                mark = "  * " if feed.url == found.feed_url else "    "
                kind_of = " (comments)" if feed.is_comments else ""
                show.line(f"{feed.url}  {feed.title}{kind_of}".rstrip(), mark=mark)
        elif not found.is_itself:
            show.line(f"the feed of the page: {found.feed_url}")
    return proposal


def source_of(entry: Mapping[str, Any], address: str) -> Source:
    """The source that an entry of feeds.yaml makes, named ``address`` where it has no name yet."""
    from digest.config import parse_config

    config = parse_config({"sources": [{"name": address[:80], **entry}]}, address)
    return config.sources[0]


def run_trials(
    sources: Sequence[Source], http: Http, *, since: datetime, until: datetime, is_quiet: bool
) -> list[Trial]:
    """A trial of each source, in their order, with a bar on stderr while they run."""
    from digest.progress import Terminal
    from digest.trial import try_sources

    trials = {}
    with Terminal(is_quiet=is_quiet) as watch:
        watch.stage("check", len(sources))
        for trial in try_sources(sources, http, since=since, until=until, environ=os.environ):
            trials[trial.source.name] = trial
            watch.advance(len(trials), len(sources))
    return [trials[s.name] for s in sources]


def exit_code(trials: Sequence[Trial]) -> int:
    """3 where one fails, 1 where none gives anything, else 0."""
    codes = [trial.exit_code for trial in trials]
    return 3 if 3 in codes else 1 if codes and 0 not in codes else 0


def print_trial(trial: Trial) -> None:
    """What came, the newest of it, and what was wrong, a line each."""
    fetched, source = trial.fetched, trial.source
    came = f"{show.count(len(fetched.items), 'item')} in {trial.elapsed_s:.1f} s"
    if trial.byte_count:
        came += f", {show.size(trial.byte_count)}"
    if trial.http_status:
        came += f", HTTP {trial.http_status}"
    mark, style = ("✗ ", "red") if not trial.is_ok else ("✓ ", "green")
    if trial.is_ok and not fetched.items:
        mark, style = "– ", "yellow"
    failed = f"failed: {fetched.error}; " if fetched.error else ""
    show.line(f"{source.name} ({source.kind}): {failed}{came}", mark=mark, style=style)
    for item in trial.newest[:NEWEST]:
        when = f"{item.published:%Y-%m-%d}" if item.published else "no date   "
        show.line(show.fit(f"    {when}  {item.title}", show.COLUMNS).rstrip())
    for warning in (*fetched.warnings, *filter(None, [fetched.note])):
        show.detail(warning, indent=4)
    if trial.moved_to:
        show.detail(f"moved to {trial.moved_to}: change it in feeds.yaml", indent=4)


def trial_json(trial: Trial) -> dict[str, Any]:
    """The same for a program."""
    fetched = trial.fetched
    receipts = fetched.receipts
    return {
        "name": trial.source.name,
        "kind": trial.source.kind,
        "url": receipts[-1].url if receipts else None,
        "is_ok": trial.is_ok,
        "items": len(fetched.items),
        "newest": [
            {"title": i.title, "published": i.published, "url": i.url}
            for i in trial.newest[:NEWEST]
        ],
        "skipped": fetched.skipped,
        "warnings": list(fetched.warnings),
        "note": fetched.note,
        "elapsed_s": round(trial.elapsed_s, 3),
        "byte_count": trial.byte_count,
        "http_status": trial.http_status,
        "error": fetched.error.message if fetched.error else "",
        "hint": fetched.error.hint if fetched.error else "",
        "moved_to": trial.moved_to,
    }
