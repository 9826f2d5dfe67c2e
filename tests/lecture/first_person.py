"""First-person sentences of real papers, posts and threads, drawn by seed, to be read as the digest would report them.

    python -m tests.lecture.first_person SEED    prints a fresh sample, to be read: its rows, each with both texts
    python -m tests.lecture.first_person         prints the rows of the sample that was read, as they are now

The verdicts are in docs/checks/reported_speech.tsv, by id and number; the texts stay where they are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
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
CHECKS = Path(__file__).resolve().parents[2] / "docs" / "checks" / "reported_speech.tsv"
#: Sentences of each kind in a sample of 200: single authors and blogs are rare in a week, and hard.
SHARES = {"papers": 80, "scitldr": 45, "single": 25, "posts": 50}


QUOTING = re.compile(r".{1,40}? (?:writes?|asks?): \"")


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
        text = reported(self.source, narrator_of(self.item), is_continued=self.is_continued)
        return " ".join(text.split())

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Id, number, how the sentence is told, and 12 hex digits of what is told."""
        how = "as it is" if self.said == " ".join(self.source.split()) else "reported"
        if QUOTING.match(self.said):
            how = "quoted"
        digest = hashlib.sha256(self.said.encode()).hexdigest()[:12]
        return self.item.id, str(self.number), how, digest


def checked_rows() -> list[dict[str, str]]:
    """The rows of the sample that was read: item, sentence, told, sha256, verdict."""
    with CHECKS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def sentence(items: dict[str, Item], item_id: str, number: int) -> Found:
    """The ``number``-th sentence of an item."""
    item = items[item_id]
    start, end = split(item.text)[number]
    return Found(item=item, number=number, source=item.text[start:end])


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
    everything = items_to_report(Path(__file__).resolve().parents[3] / "shared" / "data")
    if len(sys.argv) > 1:
        for one in draw(everything, int(sys.argv[1])):
            print("\t".join(one.row))
            print("  <", " ".join(one.source.split()))
            print("  >", one.said)
    else:
        for row in checked_rows():
            one = sentence(everything, row["item"], int(row["sentence"]))
            print(*one.row, row["verdict"], sep="\t")
