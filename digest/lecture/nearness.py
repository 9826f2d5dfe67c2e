"""How near the stories of an issue are to the lectures of a course, and the comments of a thread to one another, by vectors.

The one part of the lecture that may load a model: it is called before ``compose``, which stays pure. Vectors are kept by
the text they are of, so that a rerun asks no model. Without vectors of the stories there is nothing to compare, and words
alone tie a story to a lecture, and comments to a position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from digest.embeddings import TEXT_CHARS, Embeddings, embed_items, embed_texts
from digest.lecture.comments import plain, sift
from digest.lecture.discussion import liveliest_thread

if TYPE_CHECKING:
    from digest.config import Similarity
    from digest.issue import Issue
    from digest.lecture.connections import Alike
    from digest.lecture.syllabus import Lecture, Syllabus
    from digest.store import Store
    from digest.types import Story

Nearness = Mapping[str, Mapping[int, float]]
"""By story key and lecture number, the cosine of their texts."""


def lecture_text(lecture: Lecture) -> str:
    """What is embedded of a lecture: its title and its keywords."""
    return f"{lecture.title}. {', '.join(lecture.keywords)}"


def nearness(
    stories: Sequence[Story],
    syllabus: Syllabus | None,
    embeddings: Embeddings | None,
    store: Store,
    similarity: Similarity,
) -> Nearness:
    """Of every story whose lead has a vector; {} where there is no syllabus or no vector. New vectors are stored."""
    known = [s for s in stories if embeddings and s.lead.id in embeddings.row_of]
    if syllabus is None or embeddings is None or not known:
        return {}
    texts = {str(x.number): lecture_text(x) for x in syllabus.lectures}
    lectures, _ = embed_texts(texts, store, similarity)
    if lectures is None or lectures.model_id != embeddings.model_id:
        return {}
    cosines = embeddings.rows([s.lead.id for s in known]) @ lectures.rows(list(texts)).T
    numbers = [x.number for x in syllabus.lectures]
    return {
        s.key: {n: float(c) for n, c in zip(numbers, row, strict=True)}
        for s, row in zip(known, cosines, strict=True)
    }


def comment_vectors(
    stories: Sequence[Story], store: Store, similarity: Similarity
) -> Embeddings | None:
    """The vectors of the comments that a discussion may be told from, by their ids; None where there are none."""
    threads = [t for s in stories if (t := liveliest_thread(s))]
    texts = {c.id: plain(c.text)[:TEXT_CHARS] for t in threads for c in sift(t.comments).kept}
    return embed_texts(texts, store, similarity)[0] if texts else None


def alike(
    stories: Sequence[Story],
    past: Sequence[Issue],
    embeddings: Embeddings | None,
    store: Store,
    similarity: Similarity,
) -> Alike:
    """By the keys of two stories, the cosine of their leads, for every story of the issue with every other and each of
    ``past``; {} without vectors. A story whose lead is no longer stored is left out.
    """
    import numpy as np

    known = [s for s in stories if embeddings and s.lead.id in embeddings.row_of]
    if embeddings is None or not known:
        return {}
    told = {s.key: s.item_ids[0] for issue in past for s in issue.stories}
    before, _ = embed_items(store.items_by_id(told.values()), store, similarity)
    mine = embeddings.rows([s.lead.id for s in known])
    keys, rows = [s.key for s in known], [mine]
    if before is not None and before.model_id == embeddings.model_id:
        left = [k for k, i in told.items() if i in before.row_of]
        keys += left
        rows += [before.rows([told[k] for k in left])]
    cosines = mine @ np.concatenate(rows).T
    return {
        s.key: {k: float(c) for k, c in zip(keys, row, strict=True)}
        for s, row in zip(known, cosines, strict=True)
    }
