"""Items -> stories: what tells one event stands together, with the reasons. A wrong merge is worse than a miss.

Four passes, the surest first: the same id or address (``pointers.join_same_keys``), a text that is about the one work
it points to (``pointers.join_pointers``), titles that say the same (``titles.join_titles``), and names and phrases in
common where the texts agree too (``likeness.join_likely``). Two different papers never meet in one story, whatever the
titles say. What a reader has joined or split by hand goes before all of them
(``corrections.CorrectedClusters``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.group.corrections import CorrectedClusters
from digest.group.evidence import Evidence
from digest.group.likeness import join_likely
from digest.group.pointers import join_pointers, join_same_keys
from digest.group.titles import join_titles
from digest.types import Correction, Item, ItemLink, Story

if TYPE_CHECKING:
    from digest.embeddings import Embeddings

__all__ = ["group"]

#: Fewer words are a label or a teaser ("Algorithms & Theory"), not a text to summarize.
MIN_TEXT_WORDS = 20
_LEAD_ORDER = {"paper": 0, "post": 1, "article": 2, "thread": 3, "code": 4}
_NO_DATE = datetime.max.replace(tzinfo=UTC)


def group(
    items: Sequence[Item],
    corrections: Sequence[Correction] = (),
    *,
    embeddings: Embeddings | None = None,
) -> tuple[Story, ...]:
    """The stories that ``items`` tell, in the order of their keys; the same whatever the order of ``items``.

    Vectors are evidence beside words; an item that has none is judged by its words alone, more strictly.

    Every item is in exactly one story. The lead is the item whose text is best to summarize: a paper with an abstract,
    else a post, an article, a thread with text. The key is the id of the earliest paper, else of the earliest item.
    """
    clusters = CorrectedClusters(sorted(items, key=lambda i: (i.id, i.content_hash)), corrections)
    evidence = Evidence(clusters, embeddings)
    join_same_keys(clusters)
    join_pointers(clusters, evidence)
    join_titles(clusters, evidence)
    join_likely(clusters, evidence)
    stories = (_story(members, links) for members, links in clusters.stories())
    return tuple(sorted(stories, key=lambda s: s.key))


def _story(members: list[Item], links: list[ItemLink]) -> Story:
    earliest = min(members, key=lambda i: (i.kind != "paper", i.published or _NO_DATE, i.id))
    return Story(
        key=earliest.id,
        items=tuple(sorted(members, key=_lead_order)),
        links=tuple(sorted(links, key=lambda link: (link.source_id, link.target_id))),
    )


def _lead_order(item: Item) -> tuple[bool, int, datetime, str]:
    has_text = len(item.text.split()) >= MIN_TEXT_WORDS
    return not has_text, _LEAD_ORDER[item.kind], item.published or _NO_DATE, item.id
