"""First-person sentences of real papers, posts and threads, drawn by seed, to be read as the digest would report them.

    python -m tests.lecture.first_person SEED    prints a fresh sample: id, number, continued, source, reported

The verdicts on the samples that were read are in docs/checks/reported_speech.tsv; the texts stay where they are.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from digest.lecture.candidates import MAX_WORDS, MIN_WORDS
from digest.lecture.narrator import narrator_of
from digest.lecture.reported import has_first_person, reported
from digest.sentences import split
from digest.types import Item
from digest.week import Week
from tests.story_items import week_items

WEEKS = ("2021-W25", "2025-W14")
#: Sentences of each kind in a sample of 200: single authors and blogs are rare in a week, and hard.
SHARES = {"papers": 80, "scitldr": 45, "single": 25, "posts": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One sentence, the ``number``-th of its item (from 0), told after one of the same people or not."""

    item: Item
    number: int
    source: str

    @property
    def is_continued(self) -> bool:
        """Every fourth sentence is told as if the same people had spoken before."""
        return self.number % 4 == 3

    @property
    def said(self) -> str:
        return reported(self.source, narrator_of(self.item), is_continued=self.is_continued)


def items_to_report(corpus: Path) -> dict[str, Item]:
    """By id: all that was collected of two weeks, and the abstracts that SciTLDR trains with."""
    found = [i for w in WEEKS for i in week_items(corpus, Week.parse(w))]
    lines = (corpus / "scitldr" / "train.jsonl").read_text("utf-8").splitlines()
    found += [_paper(json.loads(line)) for line in lines]
    return {i.id: i for i in found}


def _paper(row: dict) -> Item:
    """An abstract of SciTLDR, which names no authors: of several."""
    return Item(
        id=f"scitldr:{row['paper_id']}",
        source="scitldr",
        kind="paper",
        title=row["title"],
        url=f"https://openreview.net/forum?id={row['paper_id']}",
        authors=("A", "B"),
        text=" ".join(row["source"]),
    )


def first_person(item: Item) -> Iterator[Found]:
    """Its sentences in the first person that the digest could tell."""
    for number, (start, end) in enumerate(split(item.text)):
        text = item.text[start:end]
        if MIN_WORDS <= len(text.split()) <= MAX_WORDS and has_first_person(text):
            yield Found(item=item, number=number, source=text)


def kind_of(item: Item) -> str:
    """The share of the sample that the item belongs to."""
    if item.kind != "paper":
        return f"{item.kind}s"
    if item.source == "scitldr":
        return "scitldr"
    return "single" if len(item.authors) == 1 else "papers"


def draw(items: dict[str, Item], seed: int) -> list[Found]:
    """A sample of 200, the same for the same seed."""
    pools: dict[str, list[Found]] = {kind: [] for kind in SHARES}
    for key in sorted(items):
        if (kind := kind_of(items[key])) in pools:
            pools[kind].extend(first_person(items[key]))
    rng = random.Random(seed)
    return [found for kind, n in SHARES.items() for found in rng.sample(pools[kind], n)]


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[3] / "shared" / "data"
    for found in draw(items_to_report(root), int(sys.argv[1])):
        print(found.item.id, found.number, "+" if found.is_continued else "-", sep="\t")
        print("  <", " ".join(found.source.split()))
        print("  >", " ".join(found.said.split()))
