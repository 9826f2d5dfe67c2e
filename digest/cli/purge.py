"""``purge``: forget what has been deleted at its source."""

from __future__ import annotations

import argparse
import json
import os

from digest.cli import options
from digest.errors import DigestError


def purge(args: argparse.Namespace) -> int:
    """Look up every stored post of Reddit, purge what is gone, and print what it was; 3 where the check is incomplete."""
    from digest import collection, pipeline
    from digest.progress import Terminal
    from digest.store import Store

    config = options.config(args)
    db = args.db or options.DATABASE
    if not db.exists():
        raise DigestError(
            f"{db}: no such database", hint="run `run_digest.py` once, or name it with --db"
        )
    with pipeline.exclusive(db), Store(db) as store, Terminal(is_quiet=args.quiet) as watch:
        purged, warnings = collection.purge(
            config, store, now=options.now(args), environ=os.environ, watch=watch
        )
        files = pipeline.rebuild(purged.weeks, config, store, args.out, watch=watch)
        for warning in warnings:
            watch.line(warning, is_bad=True)
    gone = purged.deletions
    if args.json:
        report = {
            "posts": gone.items,
            "comments": gone.comments,
            "authors": gone.authors,
            "issues": purged.weeks,
            "files": [str(f) for f in files],
            "warnings": warnings,
        }
        print(json.dumps(report, indent=2))
    else:
        for what, ids in (("post", gone.items), ("comment", gone.comments)):
            for item_id in ids:
                print(f"purged the {what} {item_id}")
        for item_id in gone.authors:
            print(f"purged the author of {item_id}")
        for week in purged.weeks:
            print(f"redacted the issue of {week}")
        if not gone:
            print("nothing stored has been deleted at its source")
    return 3 if warnings else 0
