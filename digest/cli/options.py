"""The options that every command has, and what follows from them: the time, the week, the configuration.

The only module that reads the clock.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import ConfigError, DigestError
from digest.paths import default_feeds
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config
    from digest.shortlist import Shortlist

OUT = Path("OUT")
DATABASE = Path("digest.db")
FEEDS = Path("feeds.yaml")


def add_common(parser: argparse.ArgumentParser, *, is_top: bool) -> None:
    """Give ``parser`` the options; they may stand before or behind the command."""

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


def now(args: argparse.Namespace) -> datetime:
    """The time to work at, in UTC."""
    return args.now or datetime.now(UTC)


def target(args: argparse.Namespace) -> Week:
    """The week that the command is about."""
    return args.week or Week.last_full(now(args))


def feeds_path(args: argparse.Namespace) -> Path:
    """The configuration to read: the one named, else the one here, else the one shipped."""
    return args.feeds or (FEEDS if FEEDS.exists() else default_feeds())


def config(args: argparse.Namespace) -> Config:
    """The checked configuration, its syllabus too; ConfigError where no source is enabled."""
    from digest.config import load_config
    from digest.lecture.glossary_file import load_glossary
    from digest.lecture.syllabus import load_course

    config = load_config(feeds_path(args))
    if not any(s.is_enabled for s in config.sources):
        raise ConfigError("feeds.yaml: every source is disabled", hint="set 'enabled: true' on one")
    # a broken syllabus or glossary, too, stops the run before anything is written
    load_course(config)
    if config.course.glossary:
        load_glossary(config.course.glossary)
    return config


def existing_db(args: argparse.Namespace) -> Path:
    """The database to look into; DigestError where there is none."""
    db: Path = args.db or DATABASE
    if not db.exists():
        raise DigestError(
            f"{db}: no such database", hint="run `run_digest.py` once, or name it with --db"
        )
    return db


def shortlist(args: argparse.Namespace) -> Shortlist:
    """The stories of the week that the command is about, from what is stored."""
    from digest.lecture.syllabus import load_course
    from digest.shortlist import shortlist
    from digest.store import Store

    settings = config(args)
    with Store(existing_db(args)) as store:
        return shortlist(target(args), settings, store, load_course(settings), now=now(args))
