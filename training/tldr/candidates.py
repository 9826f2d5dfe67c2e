"""Candidate TLDRs of every paper of a SciTLDR file: ``candidates.py ADAPTER FILE OUT [--limit N] ...``; JSON lines."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from data import MAX_ABSTRACT_TOKENS, read_papers, tidy
from engine import Engine
from lora import merged_model


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("adapter", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--beams", type=int, default=4)
    parser.add_argument("--no-title", action="store_true")
    parser.add_argument("--tokens", type=int, default=2400)
    args = parser.parse_args()
    torch.manual_seed(1)
    model, tokenizer = merged_model(args.adapter)
    engine = Engine(model)
    ends = {tokenizer.eos_token_id, tokenizer("\n", add_special_tokens=False)["input_ids"][0]}
    papers = read_papers(args.file)[args.start :][: args.limit]

    def ids(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])

    rows = []
    for i, paper in enumerate(papers):
        abstract = ids("Abstract: " + tidy(" ".join(paper["source"])))[:MAX_ABSTRACT_TOKENS]
        title = [] if args.no_title else ids("\nTitle:") + ids(" " + tidy(paper["title"]))
        rows.append((i, abstract + title + ids("\nTL;DR:")))
    rows.sort(key=lambda r: len(r[1]))
    done: dict[int, dict[str, object]] = {}
    batch: list[tuple[int, list[int]]] = []
    started = time.perf_counter()
    spent = {"read": 0.0, "greedy": 0.0, "beam": 0.0, "sample": 0.0}

    def timed(name: str, f, *a, **k):  # type: ignore[no-untyped-def]
        t = time.perf_counter()
        r = f(*a, **k)
        spent[name] += time.perf_counter() - t
        return r

    def flush() -> None:
        if not batch:
            return
        p = timed("read", engine.read, [r for _, r in batch])
        found: dict[str, list[list[tuple[list[int], float]]]] = {}
        found["greedy"] = timed("greedy", engine.sample, p, 1, ends, greedy=True)
        if args.beams:
            found["beam"] = timed("beam", engine.beam, p, args.beams, ends)
        if args.samples:
            found["sample"] = timed(
                "sample",
                engine.sample,
                p,
                args.samples,
                ends,
                temperature=args.temperature,
                top_p=args.top_p,
            )
        for j, (i, _) in enumerate(batch):
            done[i] = {
                kind: [
                    {"text": tokenizer.decode(t).strip(), "logp": round(s, 3), "n": len(t) + 1}
                    for t, s in rows[j]
                ]
                for kind, rows in found.items()
            }
        batch.clear()

    for row in rows:
        if batch and max(len(row[1]), len(batch[-1][1])) * (len(batch) + 1) > args.tokens:
            flush()
        batch.append(row)
    flush()
    with args.out.open("w") as f:
        for i, paper in enumerate(papers):
            f.write(
                json.dumps({"paper_id": paper["paper_id"], "title": paper["title"], **done[i]})
                + "\n"
            )
    print(
        f"{len(papers)} papers in {time.perf_counter() - started:.1f} s",
        {k: round(v, 1) for k, v in spent.items()},
    )


if __name__ == "__main__":
    main()
