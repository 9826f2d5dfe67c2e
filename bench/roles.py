"""How well and how fast the roles of sentences are told.

    python bench/roles.py ../shared/data/csabstruct/dev.jsonl [--output roles.jsonl] [--cues]

Reads lines ``{"sentences", "labels", "confs"}`` and prints Markdown tables: by role, by how many annotators agreed on the label,
by abstract, and the seconds. ``--output`` gets a line ``{"id", "roles"}`` for each line read; ``--cues`` tells by cue words.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digest.summarize.roles import classify, classify_all, roles_by_cues
from digest.types import Role

#: Lower ends of the groups of confidence. Five annotators judged each sentence; the label is what most of them said.
AGREED = ((0.0, "two or fewer of five"), (0.5, "three"), (0.7, "four"), (0.9, "all"))
SHARES = (0.1, 0.2, 0.5, 1.0)  #: of the abstracts, the surest first


def main() -> None:
    """Tell, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--cues", action="store_true")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.path.read_text("utf-8").splitlines()]
    texts = [row["sentences"] for row in rows]
    started = time.perf_counter()
    if not args.cues:
        classify(texts[0])
    loading = time.perf_counter() - started
    started = time.perf_counter()
    told = [roles_by_cues(text) for text in texts] if args.cues else classify_all(texts)
    seconds = time.perf_counter() - started
    if args.output:
        lines = [json.dumps({"id": str(i), "roles": roles}) + "\n" for i, roles in enumerate(told)]
        args.output.write_text("".join(lines), "utf-8")
    print_tables(rows, told)
    print(
        f"\n{100 * seconds / len(texts):.1f} s per 100 abstracts, {loading:.1f} s to load and tell one"
    )


def print_tables(rows: list[dict[str, Any]], told: list[tuple[Role, ...]]) -> None:
    """Of each role precision, recall and F1; of groups of sentences and abstracts the share that is right."""
    pairs = [
        (found, label, sure)
        for row, roles in zip(rows, told, strict=True)
        for found, label, sure in zip(roles, row["labels"], row["confs"], strict=True)
    ]
    print("| role | sentences | precision | recall | F1 |\n|---|--:|--:|--:|--:|")
    for role in get_args(Role):
        hits = sum(found == label == role for found, label, _ in pairs)
        named = sum(found == role for found, _, _ in pairs)
        true = sum(label == role for _, label, _ in pairs)
        print(
            f"| {role} | {true} | {share(hits, named)} | {share(hits, true)} | {share(2 * hits, named + true)} |"
        )
    hits = sum(found == label for found, label, _ in pairs)
    print(f"| all (micro) | {len(pairs)} | | | {share(hits, len(pairs))} |")
    print("\n| annotators agreed | sentences | right |\n|---|--:|--:|")
    for (low, name), (high, _) in zip(AGREED, (*AGREED[1:], (2.0, "")), strict=True):
        group = [found == label for found, label, sure in pairs if low <= sure < high]
        print(f"| {name} | {len(group)} | {share(sum(group), len(group))} |")
    print("\n| abstracts, the surest first | mean confidence at least | right |\n|---|--:|--:|")
    mean = [sum(row["confs"]) / len(row["confs"]) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: -mean[i])
    for part in SHARES:
        chosen = order[: round(part * len(rows))]
        right = [
            found == label
            for i in chosen
            for found, label in zip(told[i], rows[i]["labels"], strict=True)
        ]
        print(f"| {len(chosen)} | {mean[chosen[-1]]:.2f} | {share(sum(right), len(right))} |")


def share(part: int, whole: int) -> str:
    """Percent with one decimal."""
    return f"{100 * part / whole:.1f}" if whole else "-"


if __name__ == "__main__":
    main()
