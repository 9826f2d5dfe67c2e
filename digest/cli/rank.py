"""``rank``: every story of a week, best first, with its reasons."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from digest.cli import options, show

if TYPE_CHECKING:
    from digest.shortlist import Shortlist
    from digest.types import Ranked

PLACES = {"full": "in full", "brief": "in one line", "left_out": "left out"}
#: What is true of a story none of whose parts has anything to say.
NOTHING_TOLD = (
    "nothing singles it out: no votes known, one teller, no match with interests or course"
)
SHOWN = 30  #: stories printed unless --top says otherwise; as JSON all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``rank`` alone."""
    parser.add_argument(
        "--top", type=_positive, metavar="N",
        help=f"only the best N (default: {SHOWN}; with --json all)",
    )  # fmt: skip


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def rank(args: argparse.Namespace) -> int:
    """Print the stories of the week, best first; nothing but caches is written."""
    found = options.shortlist(args)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    places = {p.key: p.place for p in found.selection.trace}
    if args.json:
        show.as_json([as_data(r, places[r.story.key]) for r in found.ranked[: args.top]])
        return 0
    top = args.top or SHOWN
    for position, ranked in enumerate(found.ranked[:top], start=1):
        _print_story(position, ranked, PLACES[places[ranked.story.key]])
    if len(found.ranked) > top:
        show.line(f"{len(found.ranked) - top} more stories; --top {len(found.ranked)} shows all")
    show.line(_coverage(found))
    return 0


def as_data(ranked: Ranked, place: str) -> dict[str, Any]:
    """The story for ``--json``; ``ids`` are all by which it is known, arXiv's with and without the prefix."""
    ids = [item.id for item in ranked.story.items]
    bare = [i.removeprefix("arxiv:") for i in ids if i.startswith("arxiv:")]
    return {
        "ids": list(dict.fromkeys((*ids, *bare))),
        "key": ranked.story.key,
        "title": ranked.story.lead.title,
        "score": round(ranked.score, 3),
        "parts": {p.name: round(p.value, 3) for p in ranked.parts},
        "reasons": list(ranked.reasons) or [NOTHING_TOLD],
        "topics": list(ranked.topics),
        "place": place,
    }


def _print_story(position: int, ranked: Ranked, place: str) -> None:
    show.line(f"{position:>4}  {ranked.score:5.2f}  {place:<11}  {ranked.story.lead.title}")
    values = ", ".join(f"{p.name} {p.value:+.2f}" for p in ranked.parts if round(p.value, 2))
    show.detail(f"{ranked.story.key}: {values}", indent=13)
    show.detail("; ".join(ranked.reasons) or NOTHING_TOLD, indent=13)


def _coverage(found: Shortlist) -> str:
    chosen = found.selection
    told = f"; {len(found.told)} more told by an earlier issue" if found.told else ""
    return (
        f"{show.count(len(found.items), 'item')} made {len(found.ranked)} stories: {len(chosen.full)} in full, "
        f"{len(chosen.brief)} in one line, {len(chosen.left_out)} left out{told}"
    )
