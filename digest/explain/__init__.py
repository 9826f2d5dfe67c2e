"""Why a story is in the issue or not, by how much, and what would have changed it.

    lookup      what the question names                    -> items
    shortlist   the story among all of its week            -> Ranked, Placing
    trial.py    ranking and choosing again, otherwise      -> Outcome
    changes.py  what is worth trying, in concrete words    -> Change
    absent.py   for what is in no story of the week: why   -> Absence

Nothing is guessed: every "would have" was run through the same ranking and choosing that makes the issue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digest import lookup
from digest.errors import ConfigError, NothingToDigest
from digest.explain.absent import Absence, absence
from digest.explain.changes import Change, changes
from digest.explain.rules import in_words
from digest.explain.trial import Trial
from digest.shortlist import Shortlist, shortlist
from digest.types import Item, ItemLink, Place, Placing, Ranked
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config
    from digest.issue import Issue
    from digest.lecture.syllabus import Syllabus
    from digest.store import Store

__all__ = ["Absence", "Explanation", "explain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a story stands where it stands."""

    week: str
    asked: tuple[str, ...]  #: ids of the items that the question named
    ranked: Ranked
    links: tuple[ItemLink, ...]
    placing: Placing
    position: int  #: by score, from 1
    of: int  #: stories of the week
    why: tuple[str, ...]  #: which rules kept it in or out, in whole sentences
    missing: tuple[
        tuple[Place, float | None], ...
    ]  #: score to each better place; None: no score gives it
    to_spare: (
        float | None
    )  #: score it may lose before it stands lower; None: all of it, or it is left out
    changes: tuple[Change, ...]
    said_otherwise: str = ""  #: where the stored issue shows another place: which


def explain(
    text: str,
    config: Config,
    store: Store,
    syllabus: Syllabus | None,
    *,
    week: Week | None,
    now: datetime,
) -> Explanation | Absence:
    """Of the story that ``text`` (an item id, an arXiv id, a URL, or a story's number in the issue) names.

    Without ``week`` it is looked for in the last full week, then in the weeks of its date. ConfigError where ``text`` is a
    number that the issue does not have.
    """
    if text.isdecimal() and len(text) <= 3:
        issue = _issue(store, week)
        week = Week.parse(issue.week)
        ids: tuple[str, ...] = _numbered(issue, int(text))
        items = store.items_by_id(ids)
    else:
        items = lookup.find(store, text)
        ids = tuple(i.id for i in items)
    weeks = [week] if week else _weeks(items, now)
    for candidate in weeks:
        try:
            found = shortlist(candidate, config, store, syllabus, now=now)
        except NothingToDigest:
            continue
        ranked = next((r for r in found.ranked if any(i.id in ids for i in r.story.items)), None)
        if ranked is not None:
            return _explained(
                candidate,
                ids=ids,
                ranked=ranked,
                found=found,
                config=config,
                issue=store.issue(candidate),
            )
    return absence(text, items, weeks[0], config, store, now=now)


def _explained(
    week: Week,
    *,
    ids: tuple[str, ...],
    ranked: Ranked,
    found: Shortlist,
    config: Config,
    issue: Issue | None,
) -> Explanation:
    key = ranked.story.key
    trial = Trial(
        key, found.ranked, length=config.length, interests=config.interests, ranker=found.ranker
    )
    placing = found.selection.placing(key)
    better: dict[Place, tuple[Place, ...]] = {
        "full": (),
        "brief": ("full",),
        "left_out": ("brief", "full"),
    }
    missing = tuple((place, trial.missing(place)) for place in better[placing.place])
    own = {i.id for i in ranked.story.items}
    return Explanation(
        week=str(week),
        asked=tuple(i for i in ids if i in own),
        ranked=ranked,
        links=ranked.story.links,
        placing=placing,
        position=trial.now.position,
        of=len(found.ranked),
        why=in_words(ranked, placing, found.selection, config.length),
        missing=missing,
        to_spare=None if placing.place == "left_out" else trial.to_spare(),
        changes=changes(trial, config),
        said_otherwise=_said(issue, key, placing.place),
    )


def _said(issue: Issue | None, key: str, place: Place) -> str:
    """Where the stored issue shows the story, if elsewhere than it stands now."""
    if issue is None:
        return ""
    in_full, in_brief = {s.key for s in issue.stories}, {b.key for b in issue.briefs}
    said = "full" if key in in_full else "brief" if key in in_brief else "left_out"
    return said if said != place else ""


def _issue(store: Store, week: Week | None) -> Issue:
    issue = store.issue(week) if week else next(iter(store.issues()), None)
    if issue is None:
        raise ConfigError(
            f"there is no issue{f' of {week}' if week else ''} to number stories in",
            hint="name an id, an arXiv id or a URL",
        )
    return issue


def _numbered(issue: Issue, number: int) -> tuple[str, ...]:
    ids = next((s.item_ids for s in issue.stories if s.number == number), None)
    if ids is None:
        raise ConfigError(
            f"issue {issue.number} ({issue.week}) has no story {number}",
            hint=f"it has {len(issue.stories)}",
        )
    return ids


def _weeks(items: tuple[Item, ...], now: datetime) -> list[Week]:
    """Where a story may be looked for: the last week, the week of its date, and the next one, which looks back."""
    dates = sorted(item.published for item in items if item.published)
    weeks = [Week.last_full(now)]
    for moment in reversed(dates):
        own = Week.of(moment)
        weeks += [own, Week.of(own.end)]
    return list(dict.fromkeys(weeks))
