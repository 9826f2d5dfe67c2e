"""What a story adds to an issue that told of it before: nothing, or news.

Grouping gets the items that past issues have shown beside those of the week. A story that holds some of both was told
before. Where it brings something of substance, it is told once more as a follow-up, by its new items alone, and says which
issue told it first; where it brings nothing, it is left out: no reader wants the same story twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.identity import normal_title
from digest.issue import BriefStory, FullStory, Issue
from digest.types import Follows, Item, Story

#: Issues back to which a story counts as told; half a year of weeks.
MEMORY_ISSUES = 26
#: Comments that make a thread news about a story that was told: people are talking about it.
FEW_COMMENTS = 15
#: Kinds that say something new by themselves; a paper that follows its blog post does, a list or a thread may not.
_SUBSTANTIAL = frozenset({"paper", "post", "article", "code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where an item was shown."""

    issue_number: int
    week: str
    key: str
    title: str
    url: str = ""  #: of the issue's page, "" without a site


def shown_items(past: Iterable[Issue]) -> dict[str, Shown]:
    """By item id, the newest of the ``past`` issues (newest first) that showed it, in full or in one line."""
    shown: dict[str, Shown] = {}
    for issue in past:
        told: tuple[FullStory | BriefStory, ...] = (*issue.stories, *issue.briefs)
        for story in told:
            place = Shown(
                issue_number=issue.number,
                week=issue.week,
                key=story.key,
                title=story.title,
                url=issue.url,
            )
            for item_id in (*story.item_ids, story.key):
                shown.setdefault(item_id, place)
    return shown


def without_told(
    stories: Sequence[Story], shown: Mapping[str, Shown]
) -> tuple[tuple[Story, ...], tuple[tuple[Story, Shown], ...]]:
    """The stories to choose from, follow-ups among them, and those that were told before and bring nothing new."""
    fresh: list[Story] = []
    told: list[tuple[Story, Shown]] = []
    for story in stories:
        old = [i for i in story.items if i.id in shown]
        if not old and story.key not in shown:
            fresh.append(story)
            continue
        place = shown[old[0].id] if old else shown[story.key]
        new = [i for i in story.items if i.id not in shown]
        news = [i for i in new if is_news(i, old)]
        if news:
            fresh.append(_follow_up(story, new, news, place))
        elif new:
            told.append((story, place))
        # what holds old items alone was put beside the week's for comparison
    return tuple(fresh), tuple(told)


def is_news(item: Item, old: Sequence[Item]) -> bool:
    """``item`` says something that the ``old`` items of its story did not.

    The same title once more is the same announcement on another page. A thread is news where people discuss it.
    """
    if normal_title(item.title) in {normal_title(i.title) for i in old}:
        return False
    if item.kind in _SUBSTANTIAL:
        return True
    return (item.comment_count or 0) >= FEW_COMMENTS


def _follow_up(story: Story, new: Sequence[Item], news: Sequence[Item], place: Shown) -> Story:
    """The story of its new items, what is news first, with where it was told before."""
    items = (*news, *(i for i in new if i not in news))
    ids = {i.id for i in items}
    links = tuple(x for x in story.links if x.source_id in ids and x.target_id in ids)
    follows = Follows(
        issue_number=place.issue_number,
        week=place.week,
        key=place.key,
        title=place.title,
        url=place.url,
    )
    return replace(story, key=items[0].id, items=items, links=links, follows=follows)
