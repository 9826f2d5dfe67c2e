"""What became of each source's items, as one sentence for mail and notes."""

from __future__ import annotations

from collections.abc import Sequence

from digest.issue import Coverage, SourceCoverage
from digest.render.environment import count

#: Sources told one by one; the rest, which gave least, are told together.
NAMED = 8


def by_source(coverage: Coverage) -> str:
    """The sentence, as "By source: arXiv 38 items (2 in full, 3 in one line), The Batch 2 items (none shown)."; "" if unknown."""
    rows = coverage.by_source
    if not rows:
        return ""
    # one more than fits is told as well as "1 more source" would be
    named, rest = (rows, ()) if len(rows) <= NAMED + 1 else (rows[:NAMED], rows[NAMED:])
    told = [f"{row.name} {_told([row])}" for row in named]
    if rest:
        told.append(f"{len(rest)} more sources {_told(rest)}")
    return f"By source: {', '.join(told)}."


def _told(rows: Sequence[SourceCoverage]) -> str:
    full, brief = sum(r.full for r in rows), sum(r.brief for r in rows)
    shown = [f"{n} {place}" for n, place in ((full, "in full"), (brief, "in one line")) if n]
    return f"{count(sum(r.collected for r in rows), 'item')} ({', '.join(shown) or 'none shown'})"
