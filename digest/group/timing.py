"""How far apart in time two items may lie and still tell one event."""

from __future__ import annotations

from datetime import timedelta

from digest.types import Item

#: A post or thread comes at most so long after the paper it tells of, or so long before (announced, then submitted).
AFTER, BEFORE = timedelta(days=21), timedelta(days=3)
#: Two posts, articles or threads on one event lie this near; further apart they are two issues of one column.
NEAR = timedelta(days=10)


def apart(a: Item, b: Item) -> timedelta | None:
    """The time between ``a`` and ``b``, or None where it is unknown or too long for one event."""
    if not (a.published and b.published):
        return None
    between = abs(a.published - b.published)
    if "paper" not in (a.kind, b.kind):
        return between if between <= NEAR else None
    paper, other = (a, b) if a.kind == "paper" else (b, a)
    return between if between <= (AFTER if comes_after(other, paper) else BEFORE) else None


def comes_after(item: Item, paper: Item) -> bool:
    """``item`` is not older than ``paper``, as far as is known."""
    return not (item.published and paper.published) or item.published >= paper.published


def in_words(between: timedelta | None) -> str:
    """The end of a sentence: ", 3 days apart"; empty where the time is unknown."""
    if between is None:
        return ""
    days = round(between.total_seconds() / 86400)
    return f", {days} days apart" if days > 1 else ", one day apart" if days else ", on one day"
