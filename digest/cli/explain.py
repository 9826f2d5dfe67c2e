"""``explain``: why a story is in the issue or not, and what would have changed it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from digest.cli import options, rank, show

if TYPE_CHECKING:
    from digest.explain import Absence, Explanation
    from digest.explain.changes import Change
    from digest.types import Item, Place

PLACES = rank.PLACES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The argument of ``explain`` alone."""
    parser.add_argument(
        "item", metavar="ITEM", help="an item's id, an arXiv id, a URL, or a story's number"
    )


def explain(args: argparse.Namespace) -> int:
    """Print why the story of the item stands where it stands; 0 also where it is in no story."""
    from digest.explain import Absence, explain
    from digest.lecture.syllabus import load_course
    from digest.store import Store

    config = options.config(args)
    with Store(options.existing_db(args)) as store:
        found = explain(
            args.item, config, store, load_course(config), week=args.week, now=options.now(args)
        )  # fmt: skip
    if isinstance(found, Absence):
        show.as_json(_absence_as_data(found)) if args.json else _print_absence(found)
    elif args.json:
        show.as_json(_as_data(found))
    else:
        _print(found)
    return 0


def _print(found: Explanation) -> None:
    ranked = found.ranked
    for item in ranked.story.items:
        _print_item(item)
    show.line("")
    show.line(
        f"{found.week}: {PLACES[found.placing.place]}; place {found.position} of {found.of} by score, "
        f"{ranked.score:.2f} points"
    )
    for sentence in found.why:
        show.detail(sentence, indent=2)
    for place, points in found.missing:
        said = (
            f"{points:.2f} points short of being told {PLACES[place]}"
            if points is not None
            else f"no score would bring it in {place}"
        )
        show.detail(f"{said[0].upper()}{said[1:]}.", indent=2)
    if found.to_spare is not None:
        show.detail(f"It could lose {found.to_spare:.2f} points and keep its place.", indent=2)
    if found.said_otherwise:
        show.detail(
            f"The issue as it was made has it {PLACES[found.said_otherwise]}; what is stored, the "
            "configuration or the program has changed since.",
            indent=2,
        )
    show.line("")
    show.line("Why these items are one story" if found.links else "The story is this item alone.")
    for link in found.links:
        kind = link.kind.replace("_", " ")
        show.detail(f"{link.source_id} {kind} {link.target_id}: {link.reason}", indent=2)
    show.line("")
    show.line("The score")
    for part in ranked.parts:
        if round(part.value, 2) or part.reason:
            show.line(f"  {part.name:<11} {part.value:+6.2f}  {part.reason}")
    show.line(f"  {'together':<11} {ranked.score:6.2f}")
    _print_changes(found)


def _print_changes(found: Explanation) -> None:
    show.line("")
    now = found.placing.place
    gains = [c for c in found.changes if c.points is None or c.points >= 0]
    losses = [c for c in found.changes if c.points is not None and c.points < 0]
    if gains:
        show.line("What would have changed it (each tried on the whole week)")
        for change in gains:
            show.detail(f"{change.what}: {_outcome(change, now)}", indent=2)
    if losses:
        show.line("What it stands on (each taken away alone)")
        for change in losses:
            show.detail(f"{change.what}: {_outcome(change, now)}", indent=2)
    if not found.changes:
        show.line(
            "Nothing of what was tried would have changed its place."
            if now == "left_out"
            else "It would keep its place without any one of these parts."
        )


def _outcome(change: Change, now: Place) -> str:
    points = f"{change.points:+.2f}, " if change.points is not None else ""
    still = "still " if change.outcome.place == now else ""
    return f"{points}place {change.outcome.position}, {still}{PLACES[change.outcome.place]}"


def _print_item(item: Item) -> None:
    when = f", {show.day(item.published)}" if item.published else ""
    show.line(item.title)
    show.line(f"  {item.id}, {item.source}{when}")
    show.line(f"  {item.url}")


def _print_absence(found: Absence) -> None:
    for item in found.items:
        _print_item(item)
    show.line(f"{found.asked} is in no story of {found.week}.")
    for sentence in (*found.why, *found.would_help):
        show.detail(sentence, indent=2)
    if found.sources:
        show.line("Sources that might bring it")
    for source in found.sources:
        what = f" ({source.what})" if source.what else ""
        show.detail(f"{source.name}{what}: {source.state}", indent=2)


def _as_data(found: Explanation) -> dict[str, Any]:
    return rank.as_data(found.ranked, found.placing.place) | {
        "week": found.week,
        "asked": list(found.asked),
        "position": found.position,
        "of": found.of,
        "rule": found.placing.rule,
        "not_full": found.placing.not_full,
        "why": list(found.why),
        "missing": dict(found.missing),
        "to_spare": found.to_spare,
        "links": [
            {"kind": x.kind, "source": x.source_id, "target": x.target_id, "reason": x.reason}
            for x in found.links
        ],
        "part_reasons": {p.name: p.reason for p in found.ranked.parts if p.reason},
        "changes": [
            {
                "what": c.what,
                "points": c.points,
                "place": c.outcome.place,
                "position": c.outcome.position,
            }
            for c in found.changes
        ],
        "issue_says": found.said_otherwise or found.placing.place,
    }


def _absence_as_data(found: Absence) -> dict[str, Any]:
    return {
        "week": found.week,
        "asked": found.asked,
        "place": None,
        "reason": found.reason,
        "ids": [i.id for i in found.items],
        "why": list(found.why),
        "would_help": list(found.would_help),
        "sources": [
            {"name": s.name, "is_enabled": s.is_enabled, "state": s.state, "brings": s.what}
            for s in found.sources
        ],
    }
