"""Linear models over a few explained numbers: the weights that training/verify/train.py found, and where they draw the line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["unsupported", "negation_added", "negation_lost", "direction"]


@dataclass(frozen=True, slots=True)
class Weights:
    """One model: a sum above ``limit`` is refused."""

    weights: tuple[float, ...]
    constant: float
    limit: float

    def excess(self, features: Sequence[float]) -> float:
        """By how much the weighted sum passes the limit; negative where it does not."""
        pairs = zip(self.weights, features, strict=True)
        return sum(w * x for w, x in pairs) + self.constant - self.limit


@cache
def weights(kind: Kind) -> Weights:
    """The model that is shipped for ``kind``."""
    raw = json.loads(files("digest.verify").joinpath("weights.json").read_text("utf-8"))[kind]
    return Weights(tuple(raw["weights"].values()), raw["constant"], raw["limit"])
