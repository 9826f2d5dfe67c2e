"""``sources``: what is configured and how it fares; its sub-commands try sources, and change which there are."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.cli import options, show, sources_check, sources_edit
from digest.week import Week

if TYPE_CHECKING:
    from digest.health import SourceHistory
    from digest.sources import Source

WEEKS = 12
NAME_COLUMNS = 32  #: at most; the whole line then has 97
STYLES = {"ok": "green", "failed": "bold red", "off": "dim", "never": "yellow"}

#: By name: what runs it, its line in --help, and what its own --help says more.
ACTIONS: dict[str, tuple[Callable[[argparse.Namespace], int], str, str]] = {
    "check": (
        sources_check.check,
        "try one source live, or all that are enabled, and store nothing",
        """Says what would come: how many items, the newest five, what was skipped and why.
        Exit 0: it gives items; 1: nothing; 3: a source fails.""",
    ),
    "add": (
        sources_edit.add,
        "add the feed of a page, an arXiv category, a subreddit, a channel, or a folder",
        """Finds the feed of a page, tries it, and writes it into feeds.yaml, where all else stays as it is.
        Exit 0: added; 1: nothing in it; 2: it is there already; 3: it does not answer.""",
    ),
    "import": (
        sources_edit.import_opml,
        "add the feeds of an OPML file, as feed readers export it",
        "Those that are there already are left out.",
    ),
    "export": (
        sources_edit.export_opml,
        "write everything that has a feed as OPML",
        "Those of arXiv's categories, subreddits and channels are written too.",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands and their options; without one, the sources are listed."""
    parser.epilog = (
        f"Without ACTION: a line for each source, with its items in each of {WEEKS} weeks as bars "
        f"({show.NOTHING} none, {show.FAILED} it failed, {show.NO_FETCH} not asked)."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    parsers = {}
    for name, (_, text, more) in ACTIONS.items():
        description = f"{text[0].upper()}{text[1:]}. {' '.join(more.split())}"
        parsers[name] = actions.add_parser(name, help=text, description=description)
        options.add_common(parsers[name], is_top=False)
    parsers["check"].add_argument(
        "source", nargs="?", metavar="NAME|URL", help="one of feeds.yaml, or any feed or page"
    )
    sources_edit.add_arguments(parsers["add"], parsers["import"], parsers["export"])


def sources(args: argparse.Namespace) -> int:
    """Run the sub-command, or list the sources; listing ends 0 however the sources fare."""
    if args.action:
        return ACTIONS[args.action][0](args)
    from digest.config import load_config

    config = load_config(options.feeds_path(args))
    weeks = _weeks(options.target(args))
    histories, moves = _remembered(args.db or options.DATABASE, config.sources, weeks)
    rows = [
        _row(source, history, moves)
        for source, history in zip(config.sources, histories, strict=True)
    ]
    if args.json:
        show.as_json({"week": str(weeks[-1]), "sources": rows})
        return 0
    _print(rows, options.now(args), weeks)
    return 0


def _weeks(last: Week) -> tuple[Week, ...]:
    """The ``WEEKS`` weeks that end with ``last``, oldest first."""
    weeks = [last]
    while len(weeks) < WEEKS:
        weeks.append(weeks[-1].previous())
    return tuple(reversed(weeks))


def _remembered(
    db: Path, sources: tuple[Source, ...], weeks: tuple[Week, ...]
) -> tuple[tuple[SourceHistory, ...], dict[str, str]]:
    """What the database knows of the sources, and which of their addresses have moved; it is not made by asking."""
    from digest.health import SourceHistory, WeekCount

    if not db.exists():
        empty = tuple(WeekCount(week=str(w), items=0, is_fetched=False) for w in weeks)
        return tuple(SourceHistory(name=s.name, weeks=empty) for s in sources), {}
    from digest.store import Store

    with Store(db) as store:
        return store.source_histories([s.name for s in sources], weeks), store.moves()


def _row(source: Source, history: SourceHistory, moves: dict[str, str]) -> dict[str, Any]:
    from digest.addresses import feed_urls

    state = "failed" if history.failing_since else "ok" if history.last_attempt else "never"
    urls = [url for _, url in feed_urls(source)]
    address = urls[0] if len(urls) == 1 else getattr(source, "url", None)
    return {
        "name": source.name,
        "kind": source.kind,
        "state": state if source.is_enabled else "off",
        "url": address,
        "weeks": [
            {"week": w.week, "items": w.items, "is_fetched": w.is_fetched, "is_failed": w.is_failed}
            for w in history.weeks
        ],
        "latest": history.weeks[-1].items,
        "last_success": history.last_success,
        "last_attempt": history.last_attempt,
        "failing_since": history.failing_since,
        "error": history.error,
        "hint": history.hint,
        "note": history.note,
        "http_status": history.http_status,
        "moved_to": next((moves[url] for url in [*urls, address] if url in moves), ""),
    }


def _print(rows: list[dict[str, Any]], now: datetime, weeks: tuple[Week, ...]) -> None:
    name_columns = min(NAME_COLUMNS, max(6, *(show.columns(r["name"]) for r in rows)))
    kind_columns = max(len(r["kind"]) for r in rows)
    head = f"{show.fit('source', name_columns)}  {'kind':<{kind_columns}}  {'a week':<{WEEKS}} {weeks[-1].slug[5:]:>6}"
    show.line(f"{head}  last success", mark="state  ")
    for row in rows:
        bars = show.sparkline([(w["items"], w["is_fetched"], w["is_failed"]) for w in row["weeks"]])
        name = show.fit(row["name"], name_columns)
        when = show.ago(row["last_success"], now)
        is_known = row["latest"] or row["weeks"][-1]["is_fetched"]
        show.line(
            f"{name}  {row['kind']:<{kind_columns}}  {bars} {row['latest'] if is_known else '-':>6}  {when}",
            mark=f"{row['state']:<7}",
            style=STYLES[row["state"]],
        )
        for text in _details(row):
            show.detail(text)


def _details(row: dict[str, Any]) -> list[str]:
    """What there is to say beyond the line: the error with its hint, a move, why little came."""
    said = []
    if row["failing_since"]:
        hint = f" ({row['hint']})" if row["hint"] else ""
        said.append(f"failing since {show.day(row['failing_since'])}: {row['error']}{hint}")
    elif row["note"]:
        said.append(row["note"])
    if row["moved_to"]:
        said.append(f"moved to {row['moved_to']}: change it in feeds.yaml")
    return said
