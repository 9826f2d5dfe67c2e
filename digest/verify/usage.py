"""How words are used in abstracts at large: how rare each is, how often it is denied, and which way it is said to go.

``usage.tsv`` holds counts over 6,172 abstracts (training/verify/train.py), one line a stem: in how many abstracts it
stands, in how many in lower case; how often right after "not" and after "without"; then for each axis of the lexicon how often right
after a word of its plus and its minus side. Zeros at the end of a line are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from digest.verify.lexicon import AXES, Polarity

ABSTRACTS = 6172
COLUMNS = 4 + 2 * len(AXES)
_ORDINARY = 5  #: abstracts that have a stem in lower case, for it to be no name
_DENIED_IN_ALL = 0.004  #: the share of all words that a "not" or "without" stands before


@dataclass(frozen=True, slots=True)
class Usage:
    """The table."""

    counts: dict[str, tuple[int, ...]]

    def rarity(self, root: str) -> float:
        """The logarithm of how many abstracts there are for one that has ``root``: 0.4 for "model", 8 for a new word."""
        return math.log((ABSTRACTS + 1) / (self._count(root, 0) + 1))

    def is_ordinary(self, root: str) -> bool:
        """A word that is written in lower case: "Incremental" in the middle of a title is no name."""
        return self._count(root, 1) >= _ORDINARY

    def abstracts(self, root: str) -> int:
        """How many abstracts have ``root``, small or large."""
        return self._count(root, 0)

    def denial(self, root: str, *, is_without: bool) -> float:
        """How much more often than other words ``root`` stands right after "not" (or "without"), as a logarithm."""
        denied = self._count(root, 3 if is_without else 2)
        return math.log((denied + 0.5) / (_DENIED_IN_ALL * self._count(root, 0) + 0.5))

    def leaning(self, way: Polarity, root: str) -> float:
        """How much more often ``root`` stands after words of this way than of the opposite, as a logarithm."""
        plus = 4 + 2 * list(AXES).index(way.axis)
        ratio = math.log((self._count(root, plus) + 0.5) / (self._count(root, plus + 1) + 0.5))
        return ratio * way.sign

    def _count(self, root: str, column: int) -> int:
        row = self.counts.get(root, ())
        return row[column] if column < len(row) else 0


@cache
def usage() -> Usage:
    """The table that is shipped."""
    lines = files("digest.verify").joinpath("usage.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return Usage({root: tuple(map(int, numbers)) for root, *numbers in rows})
