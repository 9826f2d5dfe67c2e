"""The commands that make a week's issue, whole or stage by stage."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from digest.cli import options
from digest.errors import DigestError
from digest.week import Week

if TYPE_CHECKING:
    from digest.report import RunReport

DEMO_DATABASE = Path("demo.db")


def run(args: argparse.Namespace) -> int:
    """The whole job for one week; exit 3 where a source or a mail failed."""
    from digest import pipeline
    from digest.progress import Terminal
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        report = pipeline.run(
            options.target(args),
            config,
            store,
            args.out,
            now=options.now(args),
            environ=os.environ,
            watch=watch,
        )
    _print_report(report, args)
    return report.exit_code


def demo(args: argparse.Namespace) -> int:
    """The embedded sample: three weeks served on loopback, collected, and made into issues 1 to 3."""
    from digest import pipeline
    from digest.demo import DEMO_WEEKS, demo_config, demo_environ
    from digest.demo.server import SampleServer
    from digest.progress import Terminal
    from digest.store import Store

    db = args.db or DEMO_DATABASE
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        for week, now, backend in DEMO_WEEKS:
            with SampleServer(week) as server:
                watch.line(f"{week}, as of {now:%d %b %Y}: sample served at {server.url}")
                report = pipeline.run(
                    Week.parse(week), demo_config(server.url, backend), store, args.out,
                    now=now, environ=demo_environ(), watch=watch,
                )  # fmt: skip
    _print_report(report, args)
    return report.exit_code


def collect(args: argparse.Namespace) -> int:
    """Only fetch the sources into the database; exit 1 where every one of them failed."""
    from digest import pipeline
    from digest.progress import Terminal
    from digest.report import RunReport
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    week = options.target(args)
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        collected = pipeline.collect_week(
            week, config, store, now=options.now(args), environ=os.environ, watch=watch
        )
        pipeline.rebuild(collected.redacted_weeks, config, store, args.out, watch=watch)
    report = RunReport(week=str(week), sources=collected.sources)
    _print_report(report, args)
    # nothing came and nothing is known: the same as a run with nothing to make an issue from
    return 1 if all(s.error for s in collected.sources) else report.exit_code


def summarize(args: argparse.Namespace) -> int:
    """Choose the stories of the week and condense them, without rendering."""
    from digest import pipeline
    from digest.progress import Terminal
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        _, report = pipeline.make_issue(
            options.target(args), config, store, now=options.now(args), watch=watch
        )
    _print_report(report, args)
    return 0


def build(args: argparse.Namespace) -> int:
    """Make the issue and its files again from what is stored."""
    from dataclasses import replace

    from digest import pipeline
    from digest.progress import Terminal
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        issue, report = pipeline.make_issue(
            options.target(args), config, store, now=options.now(args), watch=watch
        )
        files = pipeline.build(issue, config, store, args.out, watch=watch)
    _print_report(replace(report, files=tuple(map(str, files))), args)
    return 0


def add_send_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``send`` alone."""
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would go out, send nothing"
    )
    parser.add_argument(
        "--resend", action="append", default=[], metavar="ADDRESS",
        help="send to this reader again, even where the outbox says sent or unknown",
    )  # fmt: skip


def send(args: argparse.Namespace) -> int:
    """Mail the issue to the configured readers, each of them once; exit 3 where a mail failed."""
    from digest import pipeline
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    week = options.target(args)
    with pipeline.exclusive(db), Store(db) as store:
        issue = store.issue(week)
        if issue is None:
            raise DigestError(
                f"{db}: there is no issue of {week}",
                hint=f"make it with `run_digest.py --week {week}`",
            )
        results = pipeline.deliver(
            issue, config, store, args.out, now=options.now(args), environ=os.environ,
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
