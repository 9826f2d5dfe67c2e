"""Ratings and stories to vectors, and to the part that the interest model gives each story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digest.embeddings import Embeddings, embed_texts
from digest.rank.interest_model import LEAST_RATINGS, InterestModel

if TYPE_CHECKING:
    from digest.config import Similarity
    from digest.store import Store
    from digest.types import ScorePart, Story


def liked_parts(
    stories: Sequence[Story],
    store: Store,
    embeddings: Embeddings | None,
    similarity: Similarity | None = None,
) -> tuple[dict[str, ScorePart], str]:
    """By story key, what the reader's ratings say of each story, and ""; or nothing, and the reason why.

    ``embeddings`` are those of the stories' leads. There is no part, and no reason, with too few ratings to learn from.
    Vectors of ratings that are new are stored.
    """
    ratings = store.ratings()
    if len(ratings) < LEAST_RATINGS or not stories:
        return {}, ""
    # in an order that does not hang on the caller, so that sums and the ranking are the same for the same stories
    stories = sorted(stories, key=lambda s: s.key)
    if embeddings is None:
        return {}, "ratings are not heeded, since texts have no vectors"
    rated, reason = embed_texts({r.item_id: r.text for r in ratings}, store, similarity)
    if rated is None or rated.model_id != embeddings.model_id:
        return {}, f"ratings are not heeded: {reason or 'another model embedded the stories'}"
    others = [s.lead.id for s in stories if s.lead.id not in rated.row_of]
    model = InterestModel.fit(
        ratings,
        rated.rows([r.item_id for r in ratings]).astype("float64"),
        embeddings.rows(others).astype("float64"),
    )
    if model is None:
        return {}, ""
    parts = model.parts(
        embeddings.rows([s.lead.id for s in stories]).astype("float64"),
        [[i.id for i in s.items] for s in stories],
    )
    return {s.key: part for s, part in zip(stories, parts, strict=True)}, ""
