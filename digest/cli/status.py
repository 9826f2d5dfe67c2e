"""``status``: sources, issues and mails so far."""

from __future__ import annotations

import argparse

from digest.cli import options
from digest.errors import DigestError
from digest.week import Week


def status(args: argparse.Namespace) -> int:
    """Print how each source fared in the week, and every issue with its mails."""
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    if not db.exists():
        raise DigestError(
            f"{db}: no such database", hint="run `run_digest.py` once, or name it with --db"
        )
    week = options.target(args)
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
