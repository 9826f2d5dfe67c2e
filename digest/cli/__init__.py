"""The command line: arguments, exit codes, printing. The only package that prints, and that reads the clock.

Results go to stdout, everything else to stderr. Exit 0 complete; 1 fatal, or nothing to make an issue from; 2 usage or
configuration; 3 partial (the issue is made, a source or a mail failed); 75 another run is at work. Stages are imported
inside the commands: ``--help`` must not pay for torch or SQLite.

A new command is a function in a module here, and one row in ``COMMANDS``.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest import __version__
from digest.cli import (
    explain,
    options,
    purge,
    rank,
    rate,
    sources,
    status,
    story,
    summarize,
    weekly,
)
from digest.errors import DigestError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    args = parser.parse_args(argv)
    level = (logging.ERROR, logging.INFO, logging.DEBUG)[min(args.verbose, 2)]
    logging.basicConfig(
        level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        return COMMANDS[args.command or "run"].run(args)
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
    options.add_common(parser, is_top=True)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.text, description=command.text)
        options.add_common(sub, is_top=False)
        command.add_arguments(sub)
    return parser


def _nothing_more(_parser: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table of commands."""

    run: Callable[[argparse.Namespace], int]  #: gives the exit code
    text: str  #: in --help
    add_arguments: Callable[[argparse.ArgumentParser], None] = _nothing_more  #: beyond the common


#: The modules named here are light; what is heavy they import inside their functions.
COMMANDS = {
    "run": Command(
        weekly.run,
        "collect, group, rank, summarize, check, compose, render, and deliver where configured",
    ),
    "collect": Command(weekly.collect, "only fetch the sources into the database"),
    "summarize": Command(
        summarize.summarize,
        "choose the stories of the week and condense them, without rendering; or condense the texts of a file",
        summarize.add_arguments,
    ),
    "build": Command(weekly.build, "make the issue and its files again from what is stored"),
    "send": Command(
        weekly.send,
        "mail the issue to the configured readers, each of them once",
        weekly.add_send_arguments,
    ),
    "rank": Command(
        rank.rank, "every story of the week, best first, with its reasons", rank.add_arguments
    ),
    "explain": Command(
        explain.explain,
        "why an item is in the issue or not, and what would have changed it",
        explain.add_arguments,
    ),
    "story": Command(
        story.story,
        "join or split stories by hand; later runs heed it",
        story.add_arguments,
    ),
    "purge": Command(
        purge.purge, "forget what has been deleted at its source, and say what it was"
    ),
    "status": Command(status.status, "sources, issues and mails so far"),
    "sources": Command(
        sources.sources,
        "how each source fares; try, add, import and export sources",
        sources.add_arguments,
    ),
    "rate": Command(
        rate.rate,
        "say what you like and what not, and list it; import a library or mails as ratings",
        rate.add_arguments,
    ),
    "demo": Command(
        weekly.demo, "make three issues from the embedded sample weeks: no network, no key"
    ),
}
