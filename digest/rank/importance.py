"""How much a paper looks like those that a human list of the week's papers picked, learned from text.

Four figures of a paper, each scaled by the mean and deviation of 4,802 papers of three weeks, are added up:

    likeness     to the 20 nearest of the picks, by MiniLM vectors from which the average paper is subtracted
    pick words   of its title and abstract: more of what picks say, and less of what all papers say
    hot words    that told, in 2020 and 2021, much-tweeted papers of a day from less-tweeted ones
    team         the logarithm of the number of its authors

Without vectors the words stand in for the likeness, which is weaker; the reason then speaks of words. Trained by
``training/importance/train.py``, whose README says from what, how well it does, and what it must not be taken for.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from digest.rank.story_words import content
from digest.topics import TOPIC_TITLES
from digest.types import Item, ScorePart, Story
from digest.words import stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digest.embeddings import Embeddings

    Floats = NDArray[np.float64]

#: As much as the community can give. By the ranking of three weeks, each left out of training; see docs/decisions.md.
IMPORTANCE = 3.0
#: What an item has that is no paper. A lab's post and a thread are choices already, where arXiv lists what comes: they stand
#: beside the better papers, not beside the average one, which gets nothing. A paper that one of them tells of has as much.
NEUTRAL = 0.45

NEAREST = 20  #: picks that a paper is compared with; 10 to 40 do as well
#: Of likeness, team, hot words and pick words. Round numbers on a broad plateau: twice or half of each changes little.
WITH_VECTORS = (1.0, 0.3, 0.2, 0.3)
BY_WORDS = (0.0, 0.3, 0.2, 1.0)

CLOSE = 0.35  #: cosine, after the average paper is subtracted: six papers in ten are that close to no pick
LEAST_CLOSE = 5  #: picks so close that it is said; one paper in seven has as many
TELLING_WORDS = 1.3  #: deviations from the mean of the pick words; one paper in nine has as many
LARGE_TEAM = 15  #: authors; one paper in forty has as many
WEIGHTS = Path(__file__).with_name("importance.npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The learned figures, as ``training/importance/train.py`` writes them."""

    model_id: str  #: of the embeddings that ``center`` and ``picks`` are made of
    since: str  #: "July 2024", the month of the oldest pick
    center: NDArray[np.float32]  #: (384,): the average paper
    picks: NDArray[np.float32]  #: (n_picks, 384): center subtracted, rows L2-normalized
    topics: tuple[str, ...]  #: of each pick, "" where none is known
    words: Mapping[str, tuple[float, float, float]]  #: stem -> idf, weight as pick, weight as hot
    means: tuple[float, ...]  #: of likeness, team, hot words and pick words
    deviations: tuple[float, ...]
    ladder_with_vectors: tuple[float, float]  #: scores that give nothing, and everything
    ladder_by_words: tuple[float, float]

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """The figures of a file."""
        import numpy as np

        with np.load(path, allow_pickle=False) as saved:
            columns = (saved[name].tolist() for name in ("idf", "pick_words", "hot_words"))
            return cls(
                model_id=str(saved["model_id"]),
                since=str(saved["since"]),
                center=saved["center"].astype(np.float32),
                picks=saved["picks"].astype(np.float32),
                topics=tuple(saved["topics"].tolist()),
                words=dict(zip(saved["stems"].tolist(), zip(*columns, strict=True), strict=True)),
                means=tuple(saved["means"].tolist()),
                deviations=tuple(saved["deviations"].tolist()),
                ladder_with_vectors=tuple(saved["ladder_with_vectors"].tolist()),
                ladder_by_words=tuple(saved["ladder_by_words"].tolist()),
            )

    def parts(
        self, stories: Sequence[Story], embeddings: Embeddings | None
    ) -> tuple[ScorePart, ...]:
        """The part of each story, by its paper; neutral, without a reason, where it has none.

        A paper that is told of elsewhere has no less than a story without one, since somebody chose it already.
        A paper without a vector, or with one of another model, is judged by its words.
        """
        papers = {s.key: paper for s in stories if (paper := _paper(s))}
        has_vectors = embeddings is not None and embeddings.model_id == self.model_id
        row_of = embeddings.row_of if embeddings is not None and has_vectors else {}
        seen = [key for key, paper in papers.items() if paper.id in row_of]
        cosines: dict[str, Floats] = {}
        if seen and embeddings is not None:
            vectors = embeddings.rows([papers[key].id for key in seen])
            cosines = dict(zip(seen, cosines_to(self.picks, vectors, self.center), strict=True))
        neutral = ScorePart(name="importance", value=IMPORTANCE * NEUTRAL)
        return tuple(
            self._part(story, paper, cosines.get(story.key))
            if (paper := papers.get(story.key))
            else neutral
            for story in stories
        )

    def _part(self, story: Story, paper: Item, cosines: Floats | None) -> ScorePart:
        found = (
            0.0 if cosines is None else float(likeness(cosines[None])[0]),
            team(paper),
            *self._by_words(paper),
        )
        scaled = [
            (f - mean) / deviation
            for f, mean, deviation in zip(found, self.means, self.deviations, strict=True)
        ]
        weights = BY_WORDS if cosines is None else WITH_VECTORS
        nothing, all_ = self.ladder_by_words if cosines is None else self.ladder_with_vectors
        score = sum(weight * one for weight, one in zip(weights, scaled, strict=True))
        share = min(1.0, max(0.0, (score - nothing) / (all_ - nothing)))
        if any(item.kind != "paper" for item in story.items):
            share = max(NEUTRAL, share)
        if cosines is not None:
            reason = self._closeness(cosines)
        else:
            reason = (
                "its words are those of papers picked before" if scaled[3] >= TELLING_WORDS else ""
            )
        if share and len(paper.authors) >= LARGE_TEAM:
            reason = "; ".join(r for r in (reason, f"by {len(paper.authors)} authors") if r)
        # the order of the rows moves the last digits of a product of matrices
        return ScorePart(name="importance", value=round(IMPORTANCE * share, 4), reason=reason)

    def _closeness(self, cosines: Floats) -> str:
        """How many picks are close, and on what most of them are; "" where few are."""
        close = [t for t, cosine in zip(self.topics, cosines, strict=True) if cosine >= CLOSE]
        if len(close) < LEAST_CLOSE:
            return ""
        topic, count = Counter(close).most_common(1)[0]
        most = (
            f", most of them on {TOPIC_TITLES[topic]}" if topic and 2 * count > len(close) else ""
        )
        return f"close to {len(close)} papers picked as the week's best since {self.since}{most}"

    def _by_words(self, paper: Item) -> tuple[float, float]:
        """The hot and the pick words of a paper: sums of weights by TF-IDF of length 1, each stem counted once."""
        known = [self.words[stem] for stem in stems_of(paper) if stem in self.words]
        length = math.sqrt(math.fsum(idf * idf for idf, _, _ in known)) or 1.0
        return (
            math.fsum(idf * hot for idf, _, hot in known) / length,
            math.fsum(idf * pick for idf, pick, _ in known) / length,
        )


@lru_cache(maxsize=1)
def shipped() -> Importance:
    """The figures that come with the program."""
    return Importance.load()


def cosines_to(
    picks: NDArray[np.float32], vectors: NDArray[np.float32], center: NDArray[np.float32]
) -> Floats:
    """(n_vectors, n_picks): cosines of ``vectors`` from which ``center`` is subtracted; ``picks`` are so already."""
    import numpy as np

    return np.asarray(centered(vectors, center) @ picks.T, dtype=np.float64)


def centered(vectors: NDArray[np.float32], center: NDArray[np.float32]) -> NDArray[np.float32]:
    """``vectors`` less ``center``, rows L2-normalized again: what a text has that others have not."""
    import numpy as np

    rest = vectors - center
    return np.asarray(rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6))


def likeness(cosines: Floats) -> Floats:
    """(n,): the mean of each row's ``NEAREST`` largest."""
    import numpy as np

    nearest = min(NEAREST, cosines.shape[1])
    return np.asarray(np.sort(cosines, axis=1)[:, -nearest:].mean(axis=1))


def team(paper: Item) -> float:
    """The logarithm of the number of authors; of one where they are unknown."""
    return math.log(max(1, len(paper.authors)))


def stems_of(paper: Item) -> frozenset[str]:
    """The stems of title and abstract."""
    return frozenset(stems(f"{paper.title} . {content(paper)}"))


def _paper(story: Story) -> Item | None:
    return next((item for item in story.items if item.kind == "paper"), None)
