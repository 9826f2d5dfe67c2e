"""MiniLM: vectors of texts, in their order, and close where texts mean the same."""

import numpy as np
import pytest

from digest.config import Similarity
from digest.embeddings import embed_items, open_embedder, text_of
from digest.errors import BackendUnavailable
from digest.models.embedder import DIMENSIONS, Embedder
from digest.store import Store
from tests.store.make import item

pytestmark = pytest.mark.model

TEXTS = [
    "A network learns to segment organs in CT scans.",
    "Medical images are segmented by a convolutional model.",
    "We prove a regret bound for bandits with delayed feedback.",
]


@pytest.fixture(scope="module")
def embedder():
    return Embedder(device="cpu")


def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder):
    texts = [TEXTS[0] * 30, *TEXTS, ""]

    vectors = embedder.embed(texts)

    assert (5, DIMENSIONS) == vectors.shape
    assert np.allclose(1, np.linalg.norm(vectors, axis=1), atol=1e-5)
    assert np.allclose(vectors[1:4], embedder.embed(TEXTS), atol=1e-5)


def test_texts_that_mean_the_same_are_close(embedder):
    same, other = (embedder.embed(TEXTS) @ embedder.embed(TEXTS[:1]).T)[1:, 0]

    assert same > 0.6
    assert other < 0.3


def test_no_text_is_no_work(embedder):
    assert (0, DIMENSIONS) == embedder.embed([]).shape


def test_weights_that_are_not_there_are_told_in_one_line():
    with pytest.raises(BackendUnavailable, match="no weights for 'no-such-model'"):
        Embedder("no-such-model")


def test_items_are_embedded_once(tmp_path, monkeypatch):
    items = [item(f"arxiv:{n}", title=text) for n, text in enumerate(TEXTS)]
    asked = []
    embed = Embedder.embed
    monkeypatch.setattr(
        Embedder, "embed", lambda self, texts, **k: asked.append(texts) or embed(self, texts, **k)
    )
    with Store(tmp_path / "digest.db") as store:
        first, reason = embed_items(items[:2], store)
        second, _ = embed_items(items, store)

    assert "" == reason
    assert [[text_of(i) for i in items[:2]], [text_of(items[2])]] == asked
    ids = ["arxiv:1", "arxiv:0"]
    assert np.array_equal(first.rows(ids), second.rows(ids)), "a rerun sees what the first run saw"


def test_without_the_model_there_are_no_vectors_and_a_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("digest.models.embedder.find_weights", _nothing)
    open_embedder.cache_clear()
    with Store(tmp_path / "digest.db") as store:
        assert (None, "no weights (install them)") == embed_items([item()], store)


def test_where_none_are_wanted_there_is_no_reason_either(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        assert (None, "") == embed_items([item()], store, Similarity(model="none"))


def _nothing(model):
    raise BackendUnavailable("no weights", hint="install them")
