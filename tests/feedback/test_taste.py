"""Ratings in the store become a part of each story's score."""

import numpy as np
import pytest

from digest import embeddings
from digest.embeddings import Embeddings
from digest.errors import BackendUnavailable
from digest.feedback.taste import liked_parts
from digest.rank.interest_model import LEAST_RATINGS
from digest.rating import Rating
from digest.store import Store
from digest.types import Story
from tests.store.make import NOW, item


class Axes:
    """Stands in for MiniLM: a text is a unit vector along the axis that its first word names."""

    model_id = "axes"

    def embed(self, texts, *, on_progress=None):
        return np.eye(384, dtype=np.float32)[[int(t.split()[0].rstrip(".")) for t in texts]]


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        yield store


@pytest.fixture
def axes(monkeypatch):
    monkeypatch.setattr(embeddings, "open_embedder", lambda *_: Axes())


def story(number):
    one = item(f"arxiv:2102.{number:05}", title=f"{number} of them")
    return Story(key=one.id, items=(one,))


def rating(name, number, value=1):
    text = f"{number} of them. A text."
    return Rating(item_id=f"title:{name}", value=value, title=f"On {number}", text=text, at=NOW)


STORIES = [story(n) for n in range(12)]


def vectors(stories=STORIES):
    rows = {s.lead.id: n for n, s in enumerate(stories)}
    return Embeddings(row_of=rows, matrix=np.eye(12, 384, dtype=np.float32), model_id="axes")


@pytest.mark.usefixtures("axes")
def test_a_story_like_what_was_liked_gains_and_one_like_what_was_disliked_loses(store):
    store.save_ratings([rating("a", 3), rating("b", 3), rating("c", 7, -1)])

    parts, reason = liked_parts(STORIES, store, vectors())

    by_value = sorted(parts.items(), key=lambda pair: pair[1].value)
    assert "" == reason
    assert ["arxiv:2102.00007", "arxiv:2102.00003"] == [by_value[0][0], by_value[-1][0]]
    assert "because you liked “On 3”" == by_value[-1][1].reason


@pytest.mark.usefixtures("axes")
def test_ratings_are_learnt_from_long_after_their_items_are_gone(store):
    store.save_ratings([rating("a", 3), rating("b", 3), rating("c", 4)])

    assert () == store.items_by_id(["title:a"])
    assert set(liked_parts(STORIES, store, vectors())[0]) == {s.key for s in STORIES}


@pytest.mark.usefixtures("axes")
def test_a_story_is_never_its_own_reason(store):
    own = Rating(
        item_id=STORIES[3].lead.id, value=1, title="Itself", text="3 of them. A text.", at=NOW
    )
    store.save_ratings([own, rating("a", 3), rating("b", 7, -1)])

    part = liked_parts(STORIES, store, vectors())[0][STORIES[3].key]

    assert "because you liked “On 3”" == part.reason
    store.clear_rating("title:a", now=NOW)
    store.save_ratings([rating("c", 8)])
    assert "" == liked_parts(STORIES, store, vectors())[0][STORIES[3].key].reason


@pytest.mark.usefixtures("axes")
def test_the_order_of_the_stories_does_not_matter(store):
    store.save_ratings([rating("a", 3), rating("b", 5), rating("c", 7, -1)])

    assert liked_parts(STORIES, store, vectors()) == liked_parts(STORIES[::-1], store, vectors())


def test_too_few_ratings_give_no_part_and_load_no_model(store, monkeypatch):
    monkeypatch.setattr(embeddings, "open_embedder", None)
    store.save_ratings([rating(str(n), n) for n in range(LEAST_RATINGS - 1)])

    assert ({}, "") == liked_parts(STORIES, store, vectors())


def test_without_the_model_the_ratings_wait_and_it_is_said(store, monkeypatch):
    def missing(*_):
        raise BackendUnavailable("no weights", hint="install them")

    store.save_ratings([rating("a", 3), rating("b", 3), rating("c", 7, -1)])

    assert ({}, "ratings are not heeded, since texts have no vectors") == liked_parts(
        STORIES, store, None
    )
    monkeypatch.setattr(embeddings, "open_embedder", missing)
    assert ({}, "ratings are not heeded: no weights (install them)") == liked_parts(
        STORIES, store, vectors()
    )
