"""How many errors put into human summaries the verification catches, by kind of error, and how many true ones it refuses.

    python bench/verification.py ../shared/data [--split dev] [--half a|b] [--errors KIND]

Prints a Markdown table. Every reference of SciTLDR gets one error of each kind that has a place in it
(bench/perturbations.py); a missing full stop at the end of a reference is added first. The same seed gives the same table.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.perturbations import KINDS, Paper, names_of, perturbed
from digest.verify import clean, find_problems

SEED = 5


@dataclass(slots=True)
class Row:
    """Counts for one kind of error."""

    injected: int = 0
    caught: int = 0
    injected_into_held: int = 0  #: into references that hold as they are
    caught_in_held: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)  #: (reference, what passed)


@dataclass(slots=True)
class Outcome:
    """What came out for one set of papers."""

    references: int = 0
    flagged: int = 0
    flagged_by: dict[str, int] = field(default_factory=dict)
    flags: list[tuple[str, str]] = field(default_factory=list)  #: (reference, why)
    rows: dict[str, Row] = field(default_factory=lambda: {kind: Row() for kind in KINDS})
    seconds_per_1000: float = 0.0

    def caught_share(self, *, held_only: bool = False) -> float:
        """The share caught over all kinds."""
        if held_only:
            return sum(r.caught_in_held for r in self.rows.values()) / sum(r.injected_into_held for r in self.rows.values())  # fmt: skip
        return sum(r.caught for r in self.rows.values()) / sum(r.injected for r in self.rows.values())  # fmt: skip


def papers(path: Path, *, half: str = "") -> Iterator[Paper]:
    """One ``Paper`` a reference; ``half`` "a" or "b" takes every second paper."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    names = names_of([t for r in rows for t in r["target"]], [s for r in rows for s in r["source"]])  # fmt: skip
    words = tuple(sorted({w for r in rows for w in re.findall(r"\b[a-z]{5,}\b", r["title"].lower())}))  # fmt: skip
    for i, row in enumerate(rows):
        if half and "ab"[i % 2] != half:
            continue
        chance = random.Random(f"{SEED}:{i}")
        other = rows[(i + chance.randrange(1, len(rows))) % len(rows)]
        for target in row["target"]:
            if told := full_stop(target):
                yield Paper(
                    title=row["title"],
                    source=" ".join(s.strip() for s in row["source"]),
                    reference=told,
                    foreign_reference=full_stop(chance.choice(other["target"])),
                    foreign_names=names,
                    foreign_words=words,
                )


def full_stop(text: str) -> str:
    """``text`` in one line that ends in a full stop."""
    text = " ".join(text.split())
    return text if re.search(r"[.!?][\"')\]]*$", text) else f"{text.rstrip(',;:')}." if text else ""


def measure(chosen: list[Paper]) -> Outcome:
    """The outcome for ``chosen``."""
    outcome = Outcome()
    started = time.process_time()
    held = []
    for paper in chosen:
        problems = find_problems(clean(paper.reference), paper.source, paper.title)
        held.append(not problems)
        if problems:
            outcome.flagged += 1
            outcome.flags.append((paper.reference, "; ".join(f"{p.kind}: {p.detail}" for p in problems)))  # fmt: skip
        for kind in {p.kind for p in problems}:
            outcome.flagged_by[kind] = outcome.flagged_by.get(kind, 0) + 1
    outcome.references = len(chosen)
    outcome.seconds_per_1000 = (time.process_time() - started) * 1000 / max(len(chosen), 1)
    for i, paper in enumerate(chosen):
        for kind, row in outcome.rows.items():
            result = perturbed(kind, paper, random.Random(f"{SEED}:{i}:{kind}"))
            if result is None:
                continue
            told, against = result
            is_caught = bool(find_problems(clean(told), against.source, against.title))
            row.injected += 1
            row.caught += is_caught
            row.injected_into_held += held[i]
            row.caught_in_held += held[i] and is_caught
            if not is_caught:
                row.missed.append((paper.reference, told))
    return outcome


def table(outcome: Outcome) -> str:
    """Markdown: a row a kind of error, then all together, then the references as they are."""
    lines = ["| error | injected | caught | of references that hold |", "|---|--:|--:|--:|"]
    for kind, row in outcome.rows.items():
        if row.injected:
            held = f"{row.caught_in_held / row.injected_into_held:.1%}" if row.injected_into_held else "-"  # fmt: skip
            lines.append(f"| {kind.replace('_', ' ')} | {row.injected} | {row.caught / row.injected:.1%} | {held} |")  # fmt: skip
    injected = sum(r.injected for r in outcome.rows.values())
    lines.append(f"| all | {injected} | {outcome.caught_share():.1%} | {outcome.caught_share(held_only=True):.1%} |")  # fmt: skip
    by = ", ".join(f"{k} {n}" for k, n in sorted(outcome.flagged_by.items(), key=lambda p: -p[1]))
    lines.append(f"\nReferences flagged as they are: {outcome.flagged} of {outcome.references} ({outcome.flagged / outcome.references:.1%}): {by}.")  # fmt: skip
    lines.append(f"{outcome.seconds_per_1000:.2f} s for 1,000 summaries.")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("data", type=Path, help="the folder that has scitldr/")
    parser.add_argument("--split", choices=("train", "dev"), default="dev")
    parser.add_argument("--half", choices=("", "a", "b"), default="", help="every second paper")
    parser.add_argument("--errors", default="", help="a kind, or 'flagged': print the texts judged wrongly")  # fmt: skip
    arguments = parser.parse_args()
    chosen = list(papers(arguments.data / "scitldr" / f"{arguments.split}.jsonl", half=arguments.half))  # fmt: skip
    outcome = measure(chosen)
    print(table(outcome))
    if arguments.errors == "flagged":
        print(*(f"{why}\n    {told}" for told, why in outcome.flags), sep="\n")
    elif arguments.errors:
        print(*(f"{told}\n    was: {was}" for was, told in outcome.rows[arguments.errors].missed), sep="\n")  # fmt: skip


if __name__ == "__main__":
    main()
