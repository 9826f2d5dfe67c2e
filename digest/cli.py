"""Arguments, exit codes, printing: the only module that prints and the only one that reads the clock.

Results go to stdout, everything else to stderr. Exit 0 complete; 1 fatal, or nothing to make an issue from; 2 usage or
configuration; 3 partial (the issue is made, a source or a mail failed); 75 another run is at work. Stages are imported
inside the commands: ``--help`` must not pay for torch or SQLite.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import __version__
from digest.errors import ConfigError, DigestError
from digest.paths import default_feeds
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config
    from digest.report import RunReport

OUT = Path("OUT")
DATABASE = Path("digest.db")
DEMO_DATABASE = Path("demo.db")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    args = parser.parse_args(argv)
    level = (logging.ERROR, logging.INFO, logging.DEBUG)[min(args.verbose, 2)]
    logging.basicConfig(
        level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        command = COMMANDS[args.command or "run"][0]
        return command(args)
    except DigestError as e:
        if args.verbose > 1:
            logging.getLogger(__name__).debug("the cause", exc_info=e)
        print(f"error: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        print("interrupted; run it again to go on where it stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of stdout (head, less) has enough; keep Python from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run_digest.py",
        description="A weekly machine-learning news digest in the style of a lecture. No command means `run`.",
        epilog="Start with `run_digest.py demo`: it needs no network and no key.",
    )
    parser.add_argument("--version", action="version", version=f"ml-digest {__version__}")
    _add_common(parser, is_top=True)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (_, text) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        _add_common(sub, is_top=False)
        if name == "send":
            sub.add_argument(
                "--dry-run", action="store_true", help="show what would go out, send nothing"
            )
            sub.add_argument(
                "--resend", action="append", default=[], metavar="ADDRESS",
                help="send to this reader again, even where the outbox says sent or unknown",
            )  # fmt: skip
    return parser


def _add_common(parser: argparse.ArgumentParser, *, is_top: bool) -> None:
    def default(value: object) -> object:
        # a sub-command's parser must not overwrite what stood before the command
        return value if is_top else argparse.SUPPRESS

    add = parser.add_argument
    add(
        "--week",
        type=_week,
        metavar="YYYY-Www",
        default=default(None),
        help="ISO week (default: the last full one)",
    )
    add(
        "--feeds",
        type=Path,
        metavar="FILE",
        default=default(None),
        help="configuration (default: feeds.yaml)",
    )
    add(
        "--db",
        type=Path,
        metavar="FILE",
        default=default(None),
        help=f"database (default: {DATABASE})",
    )
    add(
        "--out",
        type=Path,
        metavar="DIR",
        default=default(OUT),
        help=f"output folder (default: {OUT})",
    )
    add(
        "--now",
        type=_moment,
        metavar="ISO",
        default=default(None),
        help="the time to work at (default: the clock)",
    )
    add("--json", action="store_true", default=default(False), help="print the result as JSON")
    add("-q", "--quiet", action="store_true", default=default(False), help="no progress lines")
    add("-v", "--verbose", action="count", default=default(0), help="-v: info, -vv: debug")


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as e:
        raise argparse.ArgumentTypeError(str(e)) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time such as 2021-02-13T18:00:00Z"
        ) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _now(args: argparse.Namespace) -> datetime:
    return args.now or datetime.now(UTC)


def _target(args: argparse.Namespace) -> Week:
    return args.week or Week.last_full(_now(args))


def _config(args: argparse.Namespace) -> Config:
    from digest.config import load_config
    from digest.lecture.syllabus import load_course

    here = Path("feeds.yaml")
    config = load_config(args.feeds or (here if here.exists() else default_feeds()))
    if not any(s.is_enabled for s in config.sources):
        raise ConfigError("feeds.yaml: every source is disabled", hint="set 'enabled: true' on one")
    load_course(config)  # a broken syllabus, too, stops the run before anything is written
    return config


def _run(args: argparse.Namespace) -> int:
    from digest.pipeline import exclusive, run
    from digest.progress import Terminal
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    with exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        report = run(
            _target(args), config, store, args.out, now=_now(args), environ=os.environ, watch=watch
        )
    _print_report(report, args)
    return report.exit_code


def _demo(args: argparse.Namespace) -> int:
    """The embedded sample: three weeks served on loopback, collected, and made into issues 1 to 3."""
    from digest.demo import DEMO_WEEKS, demo_config, demo_environ
    from digest.demo.server import SampleServer
    from digest.pipeline import exclusive, run
    from digest.progress import Terminal
    from digest.store import Store

    db = args.db or DEMO_DATABASE
    with exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        for week, now, backend in DEMO_WEEKS:
            with SampleServer(week) as server:
                watch.line(f"{week}, as of {now:%d %b %Y}: sample served at {server.url}")
                report = run(
                    Week.parse(week), demo_config(server.url, backend), store, args.out,
                    now=now, environ=demo_environ(), watch=watch,
                )  # fmt: skip
    _print_report(report, args)
    return report.exit_code


def _collect(args: argparse.Namespace) -> int:
    from digest.pipeline import collect_week, exclusive
    from digest.progress import Terminal
    from digest.report import RunReport
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    week = _target(args)
    with exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        sources = collect_week(week, config, store, now=_now(args), environ=os.environ, watch=watch)
    report = RunReport(week=str(week), sources=sources)
    _print_report(report, args)
    # nothing came and nothing is known: the same as a run with nothing to make an issue from
    return 1 if all(s.error for s in sources) else report.exit_code


def _summarize(args: argparse.Namespace) -> int:
    from digest.pipeline import exclusive, make_issue
    from digest.progress import Terminal
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    with exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        _, report = make_issue(_target(args), config, store, now=_now(args), watch=watch)
    _print_report(report, args)
    return 0


def _build(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from digest.pipeline import build, exclusive, make_issue
    from digest.progress import Terminal
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    with exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        issue, report = make_issue(_target(args), config, store, now=_now(args), watch=watch)
        files = build(issue, config, store, args.out, watch=watch)
    _print_report(replace(report, files=tuple(map(str, files))), args)
    return 0


def _send(args: argparse.Namespace) -> int:
    from digest.pipeline import deliver, exclusive
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    week = _target(args)
    with exclusive(db), Store(db) as store:
        issue = store.issue(week)
        if issue is None:
            raise DigestError(
                f"{db}: there is no issue of {week}",
                hint=f"make it with `run_digest.py --week {week}`",
            )
        results = deliver(
            issue, config, store, args.out, now=_now(args), environ=os.environ,
            is_dry_run=args.dry_run, resend=args.resend,
        )  # fmt: skip
    if args.json:
        print(
            json.dumps(
                [
                    {"recipient": r.recipient, "status": r.status, "detail": r.detail}
                    for r in results
                ],
                indent=2,
            )
        )
    elif not results:
        print("no recipients are configured; nothing was sent")
    else:
        for r in results:
            print(f"{r.status:<10} {r.recipient}{f'  {r.detail}' if r.detail else ''}")
    return 3 if any(r.status in ("failed", "unknown") for r in results) else 0


def _status(args: argparse.Namespace) -> int:
    from digest.store import Store

    config = _config(args)
    db = args.db or DATABASE
    if not db.exists():
        raise DigestError(
            f"{db}: no such database", hint="run `run_digest.py` once, or name it with --db"
        )
    week = _target(args)
    with Store(db) as store:
        names = [s.name for s in config.sources if s.is_enabled]
        statuses = store.source_statuses(names, week.since, week.end)
        issues = store.issues()
        sent = {i.week: [d.status for d in store.deliveries(Week.parse(i.week))] for i in issues}
    if args.json:
        from pydantic_core import to_json

        report = {
            "week": str(week),
            "sources": statuses,
            "issues": [
                {"number": i.number, "week": i.week, "date": i.date, "deliveries": sent[i.week]}
                for i in issues
            ],
        }
        print(to_json(report, indent=2).decode())
        return 0
    print(f"Sources ({week}):")
    for s in statuses:
        seen = (
            f"last success {s.last_success:%Y-%m-%d %H:%M}" if s.last_success else "never collected"
        )
        print(
            f"  {'ok    ' if s.is_ok else 'FAILED'} {s.name}: {s.item_count} items, {seen}{f'; {s.error}' if s.error else ''}"
        )
    print("Issues:" if issues else "No issue has been made yet.")
    for i in issues:
        mails = (
            f", mails: {', '.join(f'{sent[i.week].count(k)} {k}' for k in sorted(set(sent[i.week])))}"
            if sent[i.week]
            else ""
        )
        print(
            f"  no. {i.number}  {i.week}  {i.date}  {len(i.stories)} stories, {len(i.briefs)} in one line{mails}"
        )
    return 0


def _print_report(report: RunReport, args: argparse.Namespace) -> None:
    if args.json:
        print(report.to_json())
        return
    if report.issue_number is not None:
        print(
            f"Issue {report.issue_number} ({report.week}): {report.full} stories in full, {report.brief} in one line, "
            f"{report.left_out} left out; written by {report.model}, {report.model_calls} model calls"
        )
    for path in report.files:
        print(path)
    for status in ("sent", "skipped", "failed", "unknown"):
        if count := sum(s == status for s, _ in report.deliveries):
            print(f"mails {status}: {count}")


COMMANDS = {
    "run": (
        _run,
        "collect, group, rank, summarize, check, compose, render, and deliver where configured",
    ),
    "collect": (_collect, "only fetch the sources into the database"),
    "summarize": (
        _summarize,
        "choose the stories of the week and condense them, without rendering",
    ),
    "build": (_build, "make the issue and its files again from what is stored"),
    "send": (_send, "mail the issue to the configured readers, each of them once"),
    "status": (_status, "sources, issues and mails so far"),
    "demo": (_demo, "make three issues from the embedded sample weeks: no network, no key"),
}
