"""What became of everything collected, and of each source's items: the numbers add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digest.issue import Coverage, SourceCoverage
from digest.types import Item, Selection


def coverage_of(items: Sequence[Item], selection: Selection) -> Coverage:
    """The items and stories of the week by their place, and the items by source, most first.

    An item has the place of its story. One that stands in no story was told by an earlier issue.
    """
    places = {
        item.id: place
        for place, stories in (
            ("full", selection.full),
            ("brief", selection.brief),
            ("left_out", selection.left_out),
        )
        for ranked in stories
        for item in ranked.story.items
    }
    by_source: dict[str, Counter[str]] = {}
    for item in items:
        counts = by_source.setdefault(item.source, Counter())
        counts[places.get(item.id, "told_before")] += 1
    rows = (
        SourceCoverage(
            name=name,
            collected=counts.total(),
            full=counts["full"],
            brief=counts["brief"],
            left_out=counts["left_out"],
            told_before=counts["told_before"],
        )
        for name, counts in by_source.items()
    )
    full, brief, left_out = (
        len(stories) for stories in (selection.full, selection.brief, selection.left_out)
    )
    return Coverage(
        items=len(items),
        stories=full + brief + left_out,
        full=full,
        brief=brief,
        left_out=left_out,
        by_source=tuple(sorted(rows, key=lambda row: (-row.collected, row.name))),
    )
