"""The stories of a week from what is stored: grouped, without what was told before, ranked, and chosen.

What `run` makes the issue from, and what `rank` and `explain` print: all three see the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from digest.collection import linked_papers
from digest.embeddings import Embeddings, embed_items
from digest.errors import NothingToDigest
from digest.feedback.taste import liked_parts
from digest.followups import MEMORY_WEEKS, without_told
from digest.group import group
from digest.rank import choose, rank
from digest.week import Week

if TYPE_CHECKING:
    from digest.config import Config, Interests
    from digest.lecture.syllabus import Syllabus
    from digest.records import Shown
    from digest.store import Store
    from digest.types import Item, Ranked, Selection, Story


class Ranker(Protocol):
    """``digest.rank.rank`` with all that is fixed for the week; what readers care for may be varied."""

    def __call__(self, stories: Sequence[Story], *, interests: Interests) -> tuple[Ranked, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """The stories of a week, before anything is summarized."""

    items: tuple[Item, ...]  #: of the week's window, and the papers that they name
    grouped: tuple[
        Story, ...
    ]  #: all stories that ``items`` tell, with what earlier issues showed of them
    told: tuple[tuple[Story, Shown], ...]  #: told by an earlier issue, and nothing new since
    ranked: tuple[Ranked, ...]  #: all others, best first
    selection: Selection
    ranker: Ranker  #: what ``ranked`` was made with
    warnings: tuple[str, ...] = ()  #: what could not be heeded, and why
    embeddings: Embeddings | None = None  #: of all items; None where words alone were compared
    embedder_id: str = ""  #: of the model that compared the texts, "" where words alone did
    embedder_lack: str = ""  #: why there was none, where one was wanted

    @property
    def topic_counts(self) -> tuple[tuple[str, int], ...]:
        """Stories by their first topic, most first."""
        counts = Counter(r.topics[0] for r in self.ranked if r.topics)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def shortlist(
    week: Week,
    config: Config,
    store: Store,
    syllabus: Syllabus | None,
    *,
    now: datetime,
    on_progress: Callable[[int, int], None] | None = None,
) -> Shortlist:
    """The stories of ``week`` as they stand at ``now``; NothingToDigest where no item is stored.

    Writes nothing but vectors of texts, of which ``on_progress`` tells.
    """
    names = [s.name for s in config.sources if s.is_enabled]
    starts = store.window_starts(names, week)
    in_window = store.items(week.since, min(week.end, now), starts=starts)
    if not in_window:
        raise NothingToDigest(
            f"no items for {week}", hint="try `run_digest.py demo`, or collect first"
        )
    named = store.items_by_id(linked_papers(in_window))
    items = tuple({i.id: i for i in (*in_window, *named)}.values())
    shown = store.shown(week)
    lately = str(Week.of(week.start - timedelta(weeks=MEMORY_WEEKS)))
    known = {i.id for i in items}
    before = store.items_by_id(
        i for i, place in shown.items() if i not in known and place.week >= lately
    )
    embeddings, lack = embed_items(
        (*items, *before), store, config.similarity, on_progress=on_progress
    )
    grouped = group((*items, *before), store.corrections(), embeddings=embeddings)
    stories, told = without_told(grouped, shown)
    lectures = syllabus.lectures if syllabus else ()
    liked, reason = liked_parts(stories, store, embeddings, config.similarity)
    ranker = partial(
        rank, lectures=lectures, week=week, starts=starts, liked=liked, embeddings=embeddings
    )
    ranked = ranker(stories, interests=config.interests)
    return Shortlist(
        items=items,
        grouped=grouped,
        told=told,
        ranked=ranked,
        selection=choose(ranked, config.length),
        ranker=ranker,
        warnings=(reason,) if reason else (),
        embeddings=embeddings,
        embedder_id=embeddings.model_id if embeddings else "",
        embedder_lack=lack,
    )
