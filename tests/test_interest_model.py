"""The interest model: scores that follow the ratings, and influences that tell what retraining would."""

from datetime import UTC, datetime

import numpy as np
import pytest

from digest.rank.interest_model import (
    LEAST_RATINGS,
    LEAST_REASON,
    LIKED,
    InterestModel,
    _newton,
    _task,
)
from digest.rating import Rating
from tests.feedback.made_texts import SUBJECTS, texts

NOW = datetime(2021, 2, 13, tzinfo=UTC)


def rated(values):
    return [
        Rating(item_id=f"arxiv:{n:04}", value=value, title=f"Paper {n}", text="", at=NOW)
        for n, value in enumerate(values)
    ]


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clouds(seed, count):
    """Unit vectors around eight centers, as topics are, and the number of each one's center."""
    centers = unit(np.random.default_rng(7).normal(size=(8, 384)))
    rng = np.random.default_rng(seed)
    of = rng.integers(0, 8, count)
    return unit(centers[of] + rng.normal(size=(count, 384)) / np.sqrt(384)), of


def verdicts(of, seed=1):
    """Likes of subjects 0 and 1, a tenth of the verdicts turned."""
    turned = np.random.default_rng(seed).random(len(of)) < 0.1
    return [1 if (subject <= 1) != turn else -1 for subject, turn in zip(of, turned, strict=True)]


def ranks(values):
    return np.argsort(np.argsort(values))


def agreement(ratings, vectors, background, stories):
    """Mean Spearman correlation with leave-one-out retraining over the stories, and the share of equal top items."""
    model = InterestModel.fit(ratings, vectors, background)
    influences = model.influences(stories)
    task = _task(ratings, vectors, background)
    rows = model._rows(stories)
    retrained = np.empty_like(influences)
    for i in range(len(ratings)):
        masses = task.masses.copy()
        masses[i] = 0
        weights, _ = _newton(task.design, task.labels, masses)
        retrained[:, i] = rows @ (model._weights - weights)
    spearman = [
        np.corrcoef(ranks(a), ranks(b))[0, 1] for a, b in zip(influences, retrained, strict=True)
    ]
    return np.mean(spearman), np.mean(influences.argmax(axis=1) == retrained.argmax(axis=1))


@pytest.mark.parametrize("has_dislikes", [True, False])
def test_influences_are_what_leaving_one_out_and_retraining_gives(has_dislikes):
    vectors, of = clouds(0, 40)
    values = verdicts(of) if has_dislikes else [1] * 40

    spearman, same_top = agreement(
        rated(values), vectors, clouds(1, 60)[0], stories=clouds(2, 20)[0]
    )

    assert spearman > 0.99
    assert same_top > 0.9


@pytest.fixture(scope="module")
def embedded():
    """Vectors of sixty texts by MiniLM, and the number of each one's subject."""
    from digest.models.embedder import Embedder

    made = texts()
    vectors = Embedder(device="cpu").embed([text for _, text in made])
    return vectors.astype(np.float64), np.array([subject for subject, _ in made])


@pytest.mark.model
def test_influences_on_embedded_texts_are_what_retraining_gives(embedded):
    vectors, of = embedded
    values = verdicts(of[:40])

    spearman, same_top = agreement(rated(values), vectors[:40], vectors[40:], vectors[40:])

    assert spearman > 0.99
    assert same_top > 0.9


@pytest.mark.model
def test_a_story_is_named_after_a_liked_item_of_its_own_subject(embedded):
    vectors, of = embedded
    likes = [i for i in range(24) if of[i] in (0, 1)]
    ratings = [
        Rating(item_id=f"arxiv:{i:04}", value=1, title=SUBJECTS[of[i]], text="", at=NOW)
        for i in likes
    ]

    model = InterestModel.fit(ratings, vectors[likes], vectors[24:])

    parts = model.parts(vectors[24:])
    said = [(SUBJECTS[s], p.reason) for s, p in zip(of[24:], parts, strict=True) if s <= 1]
    assert [f"because you liked “{subject}”" for subject, _ in said] == [r for _, r in said]
    best = max(p.value for s, p in zip(of[24:], parts, strict=True) if s > 1)
    assert best < min(p.value for s, p in zip(of[24:], parts, strict=True) if s <= 1)


def test_a_story_like_the_liked_ones_is_above_and_like_the_disliked_ones_below_an_ordinary_one():
    vectors, of = clouds(0, 60)
    values = [1 if subject == 0 else -1 for subject in of]
    model = InterestModel.fit(rated(values), vectors, clouds(1, 100)[0])
    stories, subjects = clouds(2, 40)

    parts = model.parts(stories)

    liked = [p for p, s in zip(parts, subjects, strict=True) if s == 0]
    others = [p for p, s in zip(parts, subjects, strict=True) if s != 0]
    assert min(p.value for p in liked) > max(0, *(p.value for p in others))
    assert all(p.reason.startswith("because you liked “Paper ") for p in liked)
    assert all(-LIKED <= p.value <= LIKED for p in parts)


def test_what_moves_the_score_against_its_sign_is_no_reason():
    vectors, of = clouds(0, 60)
    ratings = rated(verdicts(of))
    stories = clouds(2, 40)[0]
    value_of = {r.title: r.value for r in ratings}

    model = InterestModel.fit(ratings, vectors, clouds(1, 100)[0])

    for part in model.parts(stories):
        if part.reason:
            title = part.reason.split("“")[1].removesuffix("”")
            assert np.sign(part.value) == value_of[title]
            assert ("disliked" in part.reason) == (part.value < 0)
        if abs(part.value) < LIKED * LEAST_REASON - 1e-3:
            assert "" == part.reason


def test_an_item_unlike_the_story_is_never_its_reason():
    vectors, of = clouds(0, 60)
    odd = np.flatnonzero(of == 5)[0]
    values = [1 if subject == 0 or n == odd else -1 for n, subject in enumerate(of)]

    model = InterestModel.fit(rated(values), vectors, clouds(1, 100)[0])

    stories, subjects = clouds(2, 40)
    reasons = [p.reason for p in model.parts(stories[subjects == 0])]
    assert f"because you liked “Paper {odd}”" not in reasons


def test_the_order_of_the_ratings_does_not_matter():
    vectors, of = clouds(0, 30)
    ratings, background, stories = rated(verdicts(of)), clouds(1, 50)[0], clouds(2, 10)[0]
    back = list(reversed(range(30)))

    one = InterestModel.fit(ratings, vectors, background)
    other = InterestModel.fit([ratings[i] for i in back], vectors[back], background)

    assert one.parts(stories) == other.parts(stories)


def test_a_few_ratings_move_scores_less_than_many():
    vectors, of = clouds(0, 200)
    liked = vectors[of == 0]
    story, background = liked[-1:], clouds(1, 100)[0]

    values = [
        InterestModel.fit(rated([1] * n), liked[:n], background).parts(story)[0].value
        for n in (3, 6, 12)
    ]

    assert 0 < values[0] < values[1] < values[2]


def test_only_dislikes_are_heeded_too():
    vectors, of = clouds(0, 100)
    disliked = vectors[of == 0]

    model = InterestModel.fit(rated([-1] * 8), disliked[:8], clouds(1, 100)[0])

    (part,) = model.parts(disliked[-1:])
    assert part.value < 0
    assert part.reason.startswith("because you disliked")


@pytest.mark.parametrize(
    ("values", "background"),
    [([1] * (LEAST_RATINGS - 1), 50), ([], 50), ([1] * 9, 0), ([-1] * 9, 0)],
)
def test_there_is_no_model_where_there_is_too_little_to_learn_from(values, background):
    vectors = clouds(0, 9)[0][: len(values)]

    assert InterestModel.fit(rated(values), vectors, clouds(1, 50)[0][:background]) is None


def test_dislikes_alone_stand_against_likes_where_a_week_has_no_other_story():
    vectors, of = clouds(0, 30)

    assert InterestModel.fit(rated(verdicts(of)), vectors, np.zeros((0, 384))) is not None
