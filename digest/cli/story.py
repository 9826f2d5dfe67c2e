"""``story``: what of the grouping was corrected by hand, and the commands that correct it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from digest.cli import options, show
from digest.errors import ConfigError, NothingToDigest
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config
    from digest.store import Store
    from digest.types import Correction, Item, Story


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands and their arguments; without one, the corrections are listed."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    for name, (_, text) in ACTIONS.items():
        action = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        options.add_common(action, is_top=False)
        if name in ("merge", "split"):
            action.add_argument(
                "items", nargs="+", metavar="ITEM", help="an id, an arXiv id, a URL"
            )
        elif name == "forget":
            action.add_argument(
                "number", type=int, metavar="N", help="as `story list` numbers them"
            )


def story(args: argparse.Namespace) -> int:
    """Run the sub-command, or list the corrections; 2 where an item or a number is unknown."""
    return ACTIONS[args.action or "list"][0](args)


def merge(args: argparse.Namespace) -> int:
    """Remember that the items tell one story."""
    from digest import pipeline
    from digest.store import Store

    db = options.existing_db(args)
    with pipeline.exclusive(db), Store(db) as store:
        items = _stored(store, args.items)
        if len(items) < 2:
            raise ConfigError("a merge needs two items or more", hint="name them one after another")
        before = store.corrections()
        number = store.save_correction("merge", list(items), now=options.now(args))
        _print_new(args, store, before, number)
    return 0


def split(args: argparse.Namespace) -> int:
    """Remember that the items do not belong to the story in which they stand."""
    from digest import pipeline
    from digest.store import Store

    config = options.config(args)
    db = options.existing_db(args)
    with pipeline.exclusive(db), Store(db) as store:
        items = _stored(store, args.items)
        found = _story_of(args, config, store, items)
        rest = [i.id for i in found.items if i.id not in items]
        if not rest:
            what = "stands alone already" if len(items) == 1 else "are the whole of their story"
            raise ConfigError(f"{', '.join(items)} {what}", hint="name fewer, or see `explain`")
        before = store.corrections()
        number = store.save_correction("split", list(items), rest, now=options.now(args))
        _print_new(args, store, before, number)
    return 0


def forget(args: argparse.Namespace) -> int:
    """Take a correction back."""
    from digest import pipeline
    from digest.store import Store

    db = options.existing_db(args)
    with pipeline.exclusive(db), Store(db) as store:
        if not store.forget_correction(args.number):
            raise ConfigError(
                f"there is no correction {args.number}", hint="see `run_digest.py story list`"
            )
    if args.json:
        show.as_json({"forgotten": args.number})
    else:
        show.line(f"forgot correction {args.number}; the next run groups without it")
    return 0


def list_all(args: argparse.Namespace) -> int:
    """Print the corrections so far, and which of them a later one has taken back."""
    from digest.group.corrections import constraints
    from digest.store import Store

    with Store(options.existing_db(args)) as store:
        corrections = store.corrections()
        named = {i for c in corrections for i in (*c.item_ids, *c.rest_ids)}
        titles = {item.id: item.title for item in store.items_by_id(named)}
    overruled = constraints(corrections).overruled
    if args.json:
        show.as_json([_as_data(c, overruled) for c in corrections])
        return 0
    if not corrections:
        show.line("Nothing has been corrected; `story merge` and `story split` do.")
    for correction in corrections:
        held = "; taken back by a later one" if correction.number in overruled else ""
        show.line(
            f"{correction.number:>3}  {_DONE[correction.kind]} {show.day(correction.made)}{held}"
        )
        for item_id in correction.item_ids:
            show.line(f"     {item_id}  {titles.get(item_id, '(no longer stored)')}")
        if correction.rest_ids:
            show.line("     from:")
        for item_id in correction.rest_ids:
            show.line(f"     {item_id}  {titles.get(item_id, '(no longer stored)')}")
    return 0


_DONE = {"merge": "merged", "split": "split "}

#: By name: what runs it, and its line in --help.
ACTIONS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "merge": (merge, "let the items stand in one story from now on"),
    "split": (split, "take the items out of the story in which they stand"),
    "list": (list_all, "print the corrections so far"),
    "forget": (forget, "take a correction back"),
}


def _stored(store: Store, names: Sequence[str]) -> dict[str, Item]:
    """By id, the stored items that are named; ConfigError where one is not stored."""
    from digest import lookup

    found: dict[str, Item] = {}
    for name in names:
        items = lookup.find(store, name)
        if not items:
            raise ConfigError(f"{name}: no such item is stored", hint="see `rank --json` for ids")
        found |= {item.id: item for item in items}
    return found


def _story_of(
    args: argparse.Namespace, config: Config, store: Store, items: dict[str, Item]
) -> Story:
    """The story that holds all ``items``: in the week asked for, else in the last week, else in that of their dates."""
    from digest.lecture.syllabus import load_course
    from digest.shortlist import shortlist

    dated = [item.published for item in items.values() if item.published]
    weeks = [options.target(args)]
    if args.week is None:
        weeks += [Week.of(moment) for moment in dated]
    for week in dict.fromkeys(weeks):
        try:
            found = shortlist(week, config, store, load_course(config), now=options.now(args))
        except NothingToDigest:
            continue
        holding = [s for s in found.grouped if any(i.id in items for i in s.items)]
        if len(holding) > 1:
            raise ConfigError(
                f"{', '.join(items)} stand in {len(holding)} stories",
                hint="split one after another",
            )
        if holding:
            return holding[0]
    raise ConfigError(
        f"{', '.join(items)}: in no story of {', '.join(map(str, dict.fromkeys(weeks)))}",
        hint="name another --week",
    )


def _print_new(
    args: argparse.Namespace, store: Store, before: Sequence[Correction], number: int
) -> None:
    from digest.group.corrections import constraints

    corrections = store.corrections()
    new = next(c for c in corrections if c.number == number)
    lost = sorted(constraints(corrections).overruled - constraints(before).overruled)
    if args.json:
        show.as_json(_as_data(new, ()) | {"takes_back": lost})
        return
    show.line(f"correction {number}: {_told(new)}")
    for other in lost:
        show.line(f"correction {other} said otherwise and is taken back by this one")
    week = options.target(args)
    if store.is_delivered(week):
        show.line(f"the issue of {week} has been sent and stays as it is; later ones heed this")
    else:
        show.line(f"`run_digest.py build --week {week}` makes the issue again")


def _told(correction: Correction) -> str:
    items = ", ".join(correction.item_ids)
    if correction.kind == "merge":
        return f"{items} stand in one story from now on"
    return f"{items} split from {', '.join(correction.rest_ids)}"


def _as_data(correction: Correction, overruled: Sequence[int] | set[int]) -> dict[str, object]:
    return {
        "number": correction.number,
        "kind": correction.kind,
        "item_ids": list(correction.item_ids),
        "rest_ids": list(correction.rest_ids),
        "made": correction.made,
        "holds": correction.number not in overruled,
    }
