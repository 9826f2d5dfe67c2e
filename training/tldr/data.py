r"""Papers -> token sequences with a weight a token: what the adapter is trained on.

    Abstract: <abstract> \\n Title: <title> \\n TL;DR: <tldr> <end>      most of the time
    Abstract: <abstract> \\n TL;DR: <tldr> <end>                         a quarter of the time

The title stands *after* the abstract: so one pass trains title generation (the auxiliary task of CATTS, Cachola et al. 2020,
arXiv:2004.15011) at no cost and the TLDR with the title in view.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TITLE_WEIGHT = 0.3
NO_TITLE = 0.25  #: of the papers a pass are shown without their title
MAX_ABSTRACT_TOKENS = 420


@dataclass(frozen=True)
class Example:
    """Token ids, and for each the weight of predicting it."""

    ids: list[int]
    weights: list[float]


def read_papers(path: Path) -> list[dict[str, Any]]:
    """The rows of a SciTLDR file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def tidy(text: str) -> str:
    """``text`` in one line."""
    return " ".join(text.split())


def sequence(tokenizer: Any, paper: dict[str, Any], target: str, *, has_title: bool) -> Example:
    """One paper with one reference."""

    def ids(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])

    abstract = ids("Abstract: " + tidy(" ".join(paper["source"])))[:MAX_ABSTRACT_TOKENS]
    parts: list[tuple[list[int], float]] = [(abstract, 0.0)]
    if has_title:
        parts += [(ids("\nTitle:"), 0.0), (ids(" " + tidy(paper["title"])), TITLE_WEIGHT)]
    parts += [(ids("\nTL;DR:"), 0.0), (ids(" " + tidy(target)), 1.0)]
    parts += [([tokenizer.eos_token_id], 1.0)]
    return Example(
        ids=[i for p, _ in parts for i in p],
        weights=[w for p, weight in parts for w in [weight] * len(p)],
    )


def epoch(
    tokenizer: Any, papers: list[dict[str, Any]], batch_size: int, seed: int
) -> list[list[Example]]:
    """One pass in batches of like length, shuffled; the same for the same seed."""
    chance = random.Random(seed)
    rows = [
        sequence(tokenizer, p, chance.choice(p["target"]), has_title=chance.random() >= NO_TITLE)
        for p in papers
    ]
    rows.sort(key=lambda r: len(r.ids) + chance.uniform(0, 24))
    batches = [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]
    chance.shuffle(batches)
    return batches
