"""What a story adds to an issue that told of it before: nothing, or news.

Grouping gets the items that past issues have shown beside those of the week. A story that holds some of both was told
before. Where it brings something of substance, it is told once more as a follow-up, by its new items alone, and says which
issue told it first; where it brings nothing, it is left out: no reader wants the same story twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from digest.identity import normal_title
from digest.records import Shown
from digest.types import Follows, Item, Story

#: Weeks back to which told items are put beside those of the week, so that what resembles them is found. By its id and by
#: its title a story is remembered for good.
MEMORY_WEEKS = 26
#: A title of fewer words ("Reply", "0") is no sign of the same story.
LEAST_TITLE_WORDS = 4
#: Comments that make a thread news about a story that was told: people are talking about it.
FEW_COMMENTS = 15
#: Kinds that say something new by themselves; a paper that follows its blog post does, a list or a thread may not.
_SUBSTANTIAL = frozenset({"paper", "post", "article", "code"})


def without_told(
    stories: Sequence[Story], shown: Mapping[str, Shown]
) -> tuple[tuple[Story, ...], tuple[tuple[Story, Shown], ...]]:
    """The stories to choose from, follow-ups among them, and those that were told before and bring nothing new."""
    fresh: list[Story] = []
    told: list[tuple[Story, Shown]] = []
    by_title = {normal_title(place.title): place for place in shown.values()}
    for story in stories:
        old = [i for i in story.items if i.id in shown]
        place = _told_where(story, old, shown, by_title)
        if place is None:
            fresh.append(story)
            continue
        new = [i for i in story.items if i.id not in shown]
        titles = {normal_title(t) for t in (place.title, *(i.title for i in old))}
        news = [i for i in new if is_news(i, titles)]
        if news:
            fresh.append(_follow_up(story, new, news, place))
        elif new:
            told.append((story, place))
        # what holds old items alone was put beside the week's for comparison
    return tuple(fresh), tuple(told)


def _told_where(
    story: Story,
    old: Sequence[Item],
    shown: Mapping[str, Shown],
    by_title: Mapping[str, Shown],
) -> Shown | None:
    """Where a story was told: by one of its items, by its key, or by a title that says the same, however long ago."""
    if old:
        return shown[old[0].id]
    if story.key in shown:
        return shown[story.key]
    titles = (normal_title(i.title) for i in story.items)
    long = (t for t in titles if len(t.split()) >= LEAST_TITLE_WORDS)
    return next((by_title[t] for t in long if t in by_title), None)


def is_news(item: Item, old_titles: Collection[str]) -> bool:
    """``item`` says something that what was told before, under ``old_titles`` in their normal form, did not.

    The same title once more is the same announcement on another page. A thread is news where people discuss it.
    """
    if normal_title(item.title) in old_titles:
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
