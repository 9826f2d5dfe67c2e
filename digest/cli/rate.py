"""``rate``: what the reader likes and dislikes: say it, list it, import it from a library or a mailbox."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest.cli import options, show
from digest.errors import ConfigError
from digest.rating import VERDICTS, Rating
from digest.week import Week

if TYPE_CHECKING:
    from digest.store import Store
    from digest.types import Item

#: As large as a week can be: every issue is before it.
LAST_WEEK = Week(9999, 52)
HINT = "name an id such as arxiv:2102.06171, a URL, or a story's number in the latest issue"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The item and the verdict, or what to import; nothing lists the ratings."""
    parser.add_argument(
        "item",
        nargs="?",
        metavar="ITEM",
        help="an id, an arXiv id, a URL, or a story's number in the latest issue (or that of --week)",
    )
    parser.add_argument(
        "verdict", nargs="?", choices=VERDICTS, help="more like this, less like this, or neither"
    )
    parser.add_argument(
        "--import",
        dest="library",
        type=Path,
        metavar="FILE",
        help="a library as likes: BibTeX, or Zotero's JSON, CSV or RDF; or a folder of such files",
    )
    parser.add_argument(
        "--mailbox",
        type=Path,
        metavar="FILE",
        help="ratings sent by mail: an mbox file, a Maildir, or a folder of .eml files",
    )


def rate(args: argparse.Namespace) -> int:
    """Do what the arguments say, and print it; 2 where an item is unknown or a file cannot be read."""
    asked = [args.item, args.library, args.mailbox]
    if sum(a is not None for a in asked) > 1:
        raise ConfigError("rate: takes an item, --import or --mailbox, one at a time")
    if args.library:
        return _import(args)
    if args.mailbox:
        return _mails(args)
    if args.item is None:
        return _list(args)
    if args.verdict is None:
        raise ConfigError(f"rate {args.item}: up, down or clear?", hint="say one of them behind it")
    return _rate(args)


def _rate(args: argparse.Namespace) -> int:
    from digest.store import Store

    now = options.now(args)
    with Store(options.existing_db(args)) as store:
        if args.verdict == "clear":
            item_id, title = _rated(store, args)
            is_done = store.clear_rating(item_id, now=now)
            said = "cleared" if is_done else "had no rating"
        else:
            item = _item(store, args)
            item_id, title = item.id, item.title
            is_done = bool(store.save_ratings([_rating(item, args.verdict, at=now)]))
            said = f"rated {args.verdict}" if is_done else "keeps its rating"
    if args.json:
        show.as_json({"item": item_id, "title": title, "verdict": args.verdict, "is_new": is_done})
    else:
        show.line(f"{said}: {title} ({item_id})")
    return 0


def _list(args: argparse.Namespace) -> int:
    from digest.store import Store

    with Store(options.existing_db(args)) as store:
        ratings = store.ratings()
    if args.json:
        show.as_json(
            [
                {
                    "item": r.item_id,
                    "value": r.value,
                    "title": r.title,
                    "at": r.at,
                    "origin": r.origin,
                }
                for r in ratings
            ]
        )
        return 0
    if not ratings:
        show.line("Nothing is rated; `rate ITEM up` and `rate --import FILE` do.")
    for rating in ratings:
        origin = ", library" if rating.origin == "library" else ""
        verdict = "up  " if rating.value > 0 else "down"
        show.line(f"{verdict}  {rating.item_id}  {rating.title}  ({show.day(rating.at)}{origin})")
    return 0


def _import(args: argparse.Namespace) -> int:
    from digest.feedback.library import likes, read_library
    from digest.store import Store

    library = read_library(args.library)
    # a library may well be the first thing that a new reader brings
    with Store(args.db or options.DATABASE) as store:
        rated = likes(library.entries, store, now=options.now(args))
        new = store.save_ratings(rated)
    known = len(rated) - len(new)
    twice = len(library.entries) - len(rated)
    if args.json:
        counts = {"new": len(new), "known": known, "twice": twice, "skipped": library.skipped}
        show.as_json({"file": args.library, **counts})
        return 0
    notes = [
        f"{known} had a rating already" if known else "",
        f"{twice} stood there twice" if twice else "",
        f"{library.skipped} could not be read" if library.skipped else "",
    ]
    rest = "; ".join(n for n in notes if n)
    show.line(
        f"rated up: {show.count(len(new), 'work')} of {args.library}{'; ' + rest if rest else ''}"
    )
    return 0


def _mails(args: argparse.Namespace) -> int:
    from digest.feedback.mails import read_mails
    from digest.store import Store

    mailed, others = read_mails(args.mailbox, now=options.now(args))
    new = unknown = 0
    with Store(options.existing_db(args)) as store:
        items = {i.id: i for i in store.items_by_id(m.item_id for m in mailed)}
        rated = {r.item_id for r in store.ratings()}
        for mail in mailed:
            item = items.get(mail.item_id)
            if mail.verdict == "clear" and (item or mail.item_id in rated):
                new += store.clear_rating(mail.item_id, now=mail.at)
            elif item is None or mail.verdict == "clear":
                unknown += 1
            else:
                new += len(store.save_ratings([_rating(item, mail.verdict, at=mail.at)]))
    if args.json:
        show.as_json(
            {"mailbox": args.mailbox, "new": new, "unknown": unknown, "other_mails": others}
        )
        return 0
    known = len(mailed) - new - unknown
    notes = [
        f"{known} known already" if known else "",
        f"{unknown} of items that are not stored" if unknown else "",
        f"{show.count(others, 'other mail')} passed over" if others else "",
    ]
    rest = "; ".join(n for n in notes if n)
    show.line(f"took {show.count(new, 'rating')} from {args.mailbox}{'; ' + rest if rest else ''}")
    return 0


def _rating(item: Item, verdict: str, *, at: datetime) -> Rating:
    from digest.embeddings import text_of

    value: Literal[1, -1] = 1 if verdict == "up" else -1
    return Rating(item_id=item.id, value=value, title=item.title, text=text_of(item), at=at)


def _item(store: Store, args: argparse.Namespace) -> Item:
    """The stored item that is named; ConfigError where there is none."""
    from digest import lookup

    if re.fullmatch(r"\d{1,3}", args.item):
        found = store.items_by_id(_story_ids(store, int(args.item), args.week)[:1])
    else:
        found = lookup.find(store, args.item)
    if not found:
        raise ConfigError(f"{args.item}: no such item is stored", hint=HINT)
    return found[0]


def _rated(store: Store, args: argparse.Namespace) -> tuple[str, str]:
    """Id and title of what is named, which may be of a library and no stored item."""
    from digest import lookup

    ids = set(lookup.possible_ids(args.item))
    for rating in store.ratings():
        if rating.item_id in ids:
            return rating.item_id, rating.title
    item = _item(store, args)
    return item.id, item.title


def _story_ids(store: Store, number: int, week: Week | None) -> tuple[str, ...]:
    """The items of a full story, the lead first."""
    issue = store.issue(week) if week else next(iter(store.issues_before(LAST_WEEK, limit=1)), None)
    if issue is None:
        of = f" of {week}" if week else ""
        raise ConfigError(f"{number}: there is no issue{of} to take a story from", hint=HINT)
    for story in issue.stories:
        if story.number == number:
            return story.item_ids
    raise ConfigError(
        f"{number}: the issue of {issue.week} has no story of that number",
        hint=HINT,
    )
