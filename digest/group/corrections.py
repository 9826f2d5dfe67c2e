"""What readers said by hand of which items tell one event: it holds before and above everything that is found.

A later correction wins over an earlier one that it contradicts. Constraints of this kind are the must-links and
cannot-links of Wagstaff et al. 2001 (Constrained k-means clustering with background knowledge).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from digest.group.clusters import Clusters
from digest.types import Correction, Item

BY_HAND = "joined by hand"


@dataclass(slots=True)
class Constraints:
    """Which items must stand together, which must not meet, and the numbers of corrections that lost against later ones.

    Made by ``constraints``; ``joined`` holds pairs, in the order in which the items were named.
    """

    joined: list[tuple[str, str]] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    overruled: set[int] = field(default_factory=set)
    _sets: dict[str, set[str]] = field(default_factory=dict)

    def are_joined(self, a: str, b: str) -> bool:
        return a == b or b in self._sets.get(a, ())

    def are_apart(self, a: str, b: str) -> bool:
        """Some item that must stand with ``a`` must not meet one that must stand with ``b``."""
        mine, its = self._sets.get(a, {a}), self._sets.get(b, {b})
        return any((x in mine and y in its) or (y in mine and x in its) for x, y in self.apart)

    def merge(self, correction: Correction) -> None:
        """Let all its items stand together, but for those that a later split took out."""
        for at, b in enumerate(correction.item_ids):
            for a in correction.item_ids[:at]:
                if self.are_joined(a, b):
                    break
                if self.are_apart(a, b):
                    self.overruled.add(correction.number)
                    continue
                self.joined.append((a, b))
                together = self._sets.get(a, {a}) | self._sets.get(b, {b})
                self._sets |= dict.fromkeys(together, together)
                break

    def split(self, correction: Correction) -> None:
        """Keep its items from all that they stood with; one that a later merge brought back to some of it stays there."""
        for a in correction.item_ids:
            if any(self.are_joined(a, b) for b in correction.rest_ids):
                self.overruled.add(correction.number)
            else:
                self.apart += [(a, b) for b in correction.rest_ids]


def constraints(corrections: Iterable[Correction]) -> Constraints:
    """What all ``corrections`` together ask for; the later ones are heard first."""
    found = Constraints()
    for correction in sorted(corrections, key=lambda c: -c.number):
        if correction.kind == "merge":
            found.merge(correction)
        else:
            found.split(correction)
    return found


class CorrectedClusters(Clusters):
    """Clusters that begin with what was joined by hand and refuse what was split by hand."""

    def __init__(self, items: Sequence[Item], corrections: Iterable[Correction]) -> None:
        super().__init__(items)
        wanted = constraints(corrections)
        # of items that are not all of this week, those at hand stand together
        present: dict[str, list[str]] = {}
        for item_id in sorted({i for pair in wanted.joined for i in pair if i in self.items}):
            first = next((f for f in present if wanted.are_joined(f, item_id)), item_id)
            present.setdefault(first, []).append(item_id)
        for first, others in present.items():
            for other in others:
                super().join(first, other, BY_HAND)
        self._apart = [(a, b) for a, b in wanted.apart if a in self.items and b in self.items]

    def contradict(self, a: str, b: str) -> bool:
        """As for all clusters; and what was split by hand contradicts."""
        return super().contradict(a, b) or self._were_split(a, b)

    def join(self, a: str, b: str, reason: str) -> None:
        """As for all clusters, but nothing that was split by hand."""
        if not self._were_split(a, b):
            super().join(a, b, reason)

    def _were_split(self, a: str, b: str) -> bool:
        if not self._apart:
            return False
        ends = {self.find(a), self.find(b)}
        return len(ends) == 2 and any({self.find(x), self.find(y)} == ends for x, y in self._apart)
