"""Items to vectors, each text embedded once: what grouping, ranking and the interest model look at.

Without the model there are none: ``embed_items`` gives None and the reason, and the stages fall back to words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from digest.config import Similarity
from digest.errors import BackendUnavailable
from digest.types import Item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digest.models.embedder import Embedder
    from digest.store import Store

TEXT_CHARS = 700  #: of a text, beside its title: more than the model reads of any


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """The vectors of some items."""

    row_of: Mapping[str, int]  #: by item id
    matrix: NDArray[np.float32] = field(repr=False)  #: (n, 384), rows L2-normalized
    model_id: str = ""

    def rows(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """(len(ids), 384), in the order of ``ids``; KeyError where one has no vector."""
        return self.matrix[[self.row_of[i] for i in ids]]


def embed_items(
    items: Sequence[Item],
    store: Store,
    similarity: Similarity | None = None,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Embeddings | None, str]:
    """The vectors of all ``items`` and "", or None and the reason why there are none. New ones are stored.

    Where none are wanted there is no reason either.
    """
    texts = {i.id: text_of(i) for i in items}
    return embed_texts(texts, store, similarity, on_progress=on_progress)


def embed_texts(
    texts: Mapping[str, str],
    store: Store,
    similarity: Similarity | None = None,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Embeddings | None, str]:
    """As ``embed_items``, of texts by id, each as ``text_of`` would write it."""
    import numpy as np

    from digest.models.embedder import DIMENSIONS

    similarity = similarity or Similarity()
    if similarity.model == "none":
        return None, ""
    try:
        embedder = open_embedder(similarity.model, similarity.device)
        keys = {i: key_of(text, embedder.model_id) for i, text in texts.items()}
        known = store.embeddings(keys.values())
        fresh = {keys[i]: text for i, text in texts.items() if keys[i] not in known}
        vectors = embedder.embed(list(fresh.values()), on_progress=on_progress)
    except BackendUnavailable as e:
        return None, str(e)
    # what the cache gives is half precision; so must be what is new, or a rerun would differ from the first run
    halves = {k: v.astype(np.float16).tobytes() for k, v in zip(fresh, vectors, strict=True)}
    if halves:
        store.save_embeddings(halves)
    stored = known | halves
    matrix = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, item_id in enumerate(texts):
        matrix[row] = np.frombuffer(stored[keys[item_id]], dtype=np.float16)
    row_of = {item_id: row for row, item_id in enumerate(texts)}
    return Embeddings(row_of=row_of, matrix=matrix, model_id=embedder.model_id), ""


@cache
def open_embedder(model: str, device: str) -> Embedder:
    """The embedder of a model, one a process: loading takes seconds."""
    from digest.models.embedder import Embedder

    return Embedder(model, device=device)


def text_of(item: Item) -> str:
    """What is embedded of an item: its title and the beginning of its text."""
    return f"{item.title}. {' '.join(item.text[:TEXT_CHARS].split())}"


def key_of(text: str, model_id: str) -> str:
    """The key of a text's vector in the cache."""
    return hashlib.sha256(f"{model_id}\x00{text}".encode()).hexdigest()[:32]
