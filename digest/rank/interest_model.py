"""What the reader's ratings say of a story: logistic regression on MiniLM vectors, made anew at every run.

A part gives its reason by the rated item that moved the score most: "because you liked ...". The influence of a training
example in the sense of TracIn (Pruthi et al. 2020, arXiv:2002.08484) is the sum of its gradient steps over the checkpoints of
a training. Here training is Newton's method, whose last checkpoint is the optimum, and one more Newton step without the
example has a closed form (Pregibon 1981): it tells what retraining without the example would give, nearly exactly. The
figures, also those of TracIn proper, are in docs/decisions.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.rating import Rating
from digest.types import ScorePart

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]

LIKED = 2.0  #: the most a part gives or takes: the reader's own word beats a keyword (1.2) and stays below a big thread (3)
LEAST_RATINGS = 3  #: fewer say more of the day than of the reader
#: Of eight simulated readers of 2,512 papers (5 to 80 likes), 0.1 to 0.3 told liked from other papers best, by the area under
#: the curve (0.90 to 0.96); 0.3 also keeps scores small where there are few ratings.
RIDGE = 0.3
BIAS_RIDGE = 1e-3  #: hardly any: the share of liked items says nothing of a story
#: The week's stories stand in for what is missing of the rarer verdict, all together with its weight: who rates tells what
#: is liked, seldom what is not.
BACKGROUND = 1.0
MAX_BACKGROUND = 500
#: Cosine of a story and the item named as its reason. An odd one among the likes (a paper on paragraphs among those on
#: graphs) moves many scores, but a reader would not see why it is named.
LEAST_LIKENESS = 0.3
LEAST_REASON = (
    0.2  #: of a score in [-1, 1]; below it the part moves the story by little and says nothing
)
MAX_STEPS = 50
STEP_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InterestModel:
    """A fitted model. Vectors given to it are ``(n, 384)`` float64, rows L2-normalized."""

    ratings: tuple[Rating, ...]  #: in the order of their ids
    _vectors: Vectors  #: (ratings, 384)
    _mean: Vectors  #: (384,)
    _weights: Vectors  #: (385,), the last one the bias
    _hessian: Vectors  #: (385, 385) at the optimum
    _pull: Vectors  #: (ratings,): how far each rating is from being fitted, with its sign, over its leverage
    _middle: float  #: the margin of an ordinary story of the week

    @classmethod
    def fit(
        cls, ratings: Sequence[Rating], vectors: Vectors, background: Vectors
    ) -> InterestModel | None:
        """The model of ``ratings`` with their ``vectors``, beside the vectors of the week's stories.

        None where there are too few ratings, or where nothing stands against them.
        """
        import numpy as np

        if len(ratings) < LEAST_RATINGS:
            return None
        order = sorted(range(len(ratings)), key=lambda i: ratings[i].item_id)
        ratings = tuple(ratings[i] for i in order)
        task = _task(ratings, vectors[order], background)
        if task is None:
            return None
        weights, hessian = _newton(task.design, task.labels, task.masses)
        rated = task.design[: len(ratings)]
        chance = _sigmoid(rated @ weights)
        leverage = (
            chance * (1 - chance) * np.einsum("ij,ji->i", rated, np.linalg.solve(hessian, rated.T))
        )
        around = task.design[len(ratings) :] if len(background) else task.design
        return cls(
            ratings=ratings,
            _vectors=vectors[order],
            _mean=task.mean,
            _weights=weights,
            _hessian=hessian,
            _pull=(task.labels[: len(ratings)] - chance) / (1 - leverage),
            _middle=float(np.median(around @ weights)),
        )

    def margins(self, vectors: Vectors) -> Vectors:
        """``(n,)`` log odds that the reader likes each; only their differences mean anything."""
        margins: Vectors = self._rows(vectors) @ self._weights
        return margins

    def scores(self, vectors: Vectors) -> Vectors:
        """``(n,)`` in [-1, 1]: liked above 0, disliked below, an ordinary story of the week 0."""
        import numpy as np

        scores: Vectors = np.tanh((self.margins(vectors) - self._middle) / 2)
        return scores

    def influences(self, vectors: Vectors) -> Vectors:
        """``(n, ratings)``, in the order of ``ratings``: by how much each rating moved each margin: what it would lose by retraining without it."""
        import numpy as np

        rated = self._rows(self._vectors)
        moved: Vectors = np.linalg.solve(self._hessian, self._rows(vectors).T).T @ rated.T
        return moved * self._pull

    def parts(
        self, vectors: Vectors, own_ids: Sequence[Collection[str]] = ()
    ) -> tuple[ScorePart, ...]:
        """The part of each of ``n`` stories, with the rated item that is its reason.

        ``own_ids`` are the items of each story: none is the reason of its own story.
        """
        scores = self.scores(vectors)
        return tuple(
            ScorePart(name="liked", value=round(LIKED * float(score), 4), reason=reason)
            for score, reason in zip(scores, self._reasons(vectors, scores, own_ids), strict=True)
        )

    def _reasons(
        self, vectors: Vectors, scores: Vectors, own_ids: Sequence[Collection[str]]
    ) -> list[str]:
        import numpy as np

        signs = np.sign(scores)[:, None]
        values = np.array([r.value for r in self.ratings])
        # what is near a dislike and yet liked is not liked because of the dislike
        is_reason = (values == signs) & (vectors @ self._vectors.T >= LEAST_LIKENESS)
        columns = {r.item_id: column for column, r in enumerate(self.ratings)}
        for row, ids in enumerate(own_ids):
            is_reason[row, [columns[i] for i in ids if i in columns]] = False
        pushes = np.where(is_reason, self.influences(vectors) * signs, 0.0)
        most = pushes.argmax(axis=1)
        return [
            self._in_words(self.ratings[i]) if abs(score) >= LEAST_REASON and pushed[i] > 0 else ""
            for score, pushed, i in zip(scores, pushes, most, strict=True)
        ]

    @staticmethod
    def _in_words(rating: Rating) -> str:
        # the whole title: where its source deletes it, it is found by it in the issues (see redact.py)
        title = rating.title.strip().rstrip(".").replace("“", "‘").replace("”", "’")
        return f"because you {'liked' if rating.value > 0 else 'disliked'} “{title}”"

    def _rows(self, vectors: Vectors) -> Vectors:
        import numpy as np

        return np.hstack([vectors - self._mean, np.ones((len(vectors), 1))])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """What is fitted: the ratings first, then the week's stories."""

    design: Vectors  #: (rows, 385): vectors less ``mean``, and a column of ones
    labels: Vectors  #: (rows,): 1 liked, 0 not
    masses: Vectors  #: (rows,): 1 for a rating
    mean: Vectors  #: (384,)


def _task(ratings: Sequence[Rating], vectors: Vectors, background: Vectors) -> _Task | None:
    import numpy as np

    if len(background) > MAX_BACKGROUND:
        spread = np.linspace(0, len(background) - 1, MAX_BACKGROUND).astype(np.int64)
        background = background[spread]
    liked = np.array([r.value > 0 for r in ratings], dtype=np.float64)
    surplus = 2 * liked.sum() - len(ratings)
    if not len(background) and abs(surplus) == len(ratings):
        return None
    every = np.vstack([vectors, background])
    mean = (background if len(background) else vectors).mean(axis=0)
    share = BACKGROUND * abs(surplus) / max(1, len(background))
    return _Task(
        design=np.hstack([every - mean, np.ones((len(every), 1))]),
        labels=np.concatenate([liked, np.full(len(background), float(surplus < 0))]),
        masses=np.concatenate([np.ones(len(ratings)), np.full(len(background), share)]),
        mean=mean,
    )


def _newton(design: Vectors, labels: Vectors, masses: Vectors) -> tuple[Vectors, Vectors]:
    """The weights with the least penalized logistic loss, and the Hessian there."""
    import numpy as np

    ridge = np.full(design.shape[1], RIDGE)
    ridge[-1] = BIAS_RIDGE
    weights = np.zeros(design.shape[1])
    for _ in range(MAX_STEPS):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (masses * (chance - labels)) + ridge * weights
        hessian = (design.T * (masses * chance * (1 - chance))) @ design + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    return weights, hessian


def _sigmoid(margins: Vectors) -> Vectors:
    import numpy as np

    sigmoid: Vectors = (1 + np.tanh(margins / 2)) / 2  # does not overflow
    return sigmoid
