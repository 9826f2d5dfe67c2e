"""How alike the texts of two items are: by their vectors, or by their words where there are none."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from digest.group.clusters import Clusters
from digest.identity import normal_title
from digest.words import STOPWORDS, stems

if TYPE_CHECKING:
    from digest.embeddings import Embeddings

#: Without vectors: the share of the shorter text's words that the other has. Strangers of one field share 0.1 to 0.2.
SHARED_TEXT = 0.3
#: A text of fewer different words shares any share of them by chance.
MIN_TEXT_STEMS = 12
_TEXT_WORDS = 90  #: read of title and text: what the embedding reads too


class Strength(NamedTuple):
    """How alike two texts are."""

    value: float
    is_cosine: bool  #: else a share of words

    def reaches(self, cosine: float) -> bool:
        """It is at least ``cosine``, or SHARED_TEXT where it is a share of words."""
        return self.value >= (cosine if self.is_cosine else SHARED_TEXT)


class Evidence:
    """What the texts of items say about each other."""

    def __init__(self, clusters: Clusters, embeddings: Embeddings | None) -> None:
        self._items = clusters.items
        self._embeddings = embeddings
        self._stems = lru_cache(maxsize=1 << 14)(self._read)

    def strength(self, a: str, b: str) -> Strength:
        """How alike items ``a`` and ``b`` are."""
        vectors = self._embeddings
        if vectors is not None and a in vectors.row_of and b in vectors.row_of:
            first, second = vectors.rows([a, b])
            return Strength(float(first @ second), is_cosine=True)
        first_words, second_words = self._stems(a), self._stems(b)
        fewer = min(len(first_words), len(second_words))
        shared = len(first_words & second_words)
        return Strength(shared / fewer if fewer >= MIN_TEXT_STEMS else 0.0, is_cosine=False)

    def grounds(self, words: Iterable[str], item_id: str) -> bool:
        """All ``words``, which are stems, stand in the title, the text or an address of the item."""
        item = self._items[item_id]
        addresses = " ".join((item.url, *item.links[:5])).casefold()
        known = self._stems(item_id)
        return all(w in known or (len(w) > 2 and w in addresses) for w in words)

    def says(self, name: str, item_id: str) -> bool:
        """Title or text of the item say ``name``, which is plain; "" is said by all."""
        item = self._items[item_id]
        return f" {name} " in f" {normal_title(f'{item.title} {item.text}')} " if name else True

    def _read(self, item_id: str) -> frozenset[str]:
        item = self._items[item_id]
        text = " ".join(f"{item.title} {item.text}".split()[:_TEXT_WORDS])
        return frozenset(s for s in stems(text) if s not in STOPWORDS and len(s) > 1)
