"""The classifier of sentence roles: ``python training/roles/train.py DATA WORK``; see the model card in README.md.

Trains on CSAbstruct train, on the GPU where there is one, and writes into WORK: ``state.pt`` at the end of each pass (a
killed run goes on from there), ``log.jsonl``, and at the end ``roles.safetensors``, which is what the package ships. The seed
fixes the order, what is masked and the start.

With ``--held-out 0.1`` a tenth of train is left out and measured after each pass: for choosing a recipe.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tldr"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from chain import chain_loss
from lora import add_lora
from safetensors.torch import save_file

from digest.models.embedder import MODEL
from digest.models.weights import find_weights
from digest.summarize.roles.chain import likeliest
from digest.summarize.roles.network import ROLES, RoleNetwork, collate
from digest.summarize.roles.windows import Window, windows

LAYERS = ("query", "key", "value", "dense")
HEAD = ("head", "transitions", "starts", "stops")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstract:
    """One window of an abstract, with the role of each of its sentences."""

    window: Window
    labels: tuple[int, ...]


def main() -> None:
    args = arguments()
    from transformers import AutoModel, AutoTokenizer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    weights = find_weights(MODEL)
    tokenizer = AutoTokenizer.from_pretrained(weights.path)
    # without dropout in the attention a CPU has a fused kernel for it: twice as fast
    encoder = AutoModel.from_pretrained(
        weights.path,
        dtype=torch.float32,
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=args.dropout,
    )
    encoder.requires_grad_(requires_grad=False)
    add_lora(encoder.encoder.layer[args.first_layer :], args.rank, args.alpha, LAYERS)
    network = RoleNetwork(encoder).to(device).train()
    slow = [p for n, p in network.named_parameters() if "lora_" in n]
    fast = [p for n, p in network.named_parameters() if n.split(".")[0] in HEAD]
    rates = (args.rate, args.head_rate)
    optimizer = torch.optim.AdamW(
        [{"params": slow, "weight_decay": args.decay}, {"params": fast, "weight_decay": 0.0}],
        betas=(0.9, 0.98),
    )
    train, held_out = read(args.data / "csabstruct" / "train.jsonl", tokenizer, args.held_out)
    train = train[: args.limit]
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    per_epoch = -(-len(train) // args.batch)
    total = per_epoch * args.epochs
    average = {n: p.detach().clone() for n, p in network.named_parameters() if p.requires_grad}
    done = resume(work / "state.pt", network, optimizer, average, device)
    for number in range(done, args.epochs):
        torch.manual_seed(args.seed * 1000 + number)  # dropout too is the same when taken up again
        chance = random.Random(args.seed * 1000 + number)
        started, losses = time.perf_counter(), 0.0
        for at, batch in enumerate(epoch(train, args.batch, chance)):
            step = number * per_epoch + at
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * schedule(step, total)
            loss = batch_loss(network, batch, tokenizer, args.mask, device)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(slow + fast, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses += loss.item()
            keep = min(args.average, (step + 1) / (step + 10))
            with torch.no_grad():
                for name, p in network.named_parameters():
                    if p.requires_grad:
                        average[name].lerp_(p, 1 - keep)
            if step % 20 == 0:
                print(f"step {step} of {total}, loss {loss.item():.3f}", flush=True)
        row: dict[str, Any] = {"epoch": number + 1, "loss": round(losses / per_epoch, 4)}
        row["s"] = round(time.perf_counter() - started, 1)
        if held_out:
            row["held_out"] = share_right(network, held_out, tokenizer, device)
            own = {n: p.detach().clone() for n, p in network.named_parameters() if n in average}
            network.load_state_dict(average, strict=False)
            row["averaged"] = share_right(network, held_out, tokenizer, device)
            network.load_state_dict(own, strict=False)
        with (work / "log.jsonl").open("a") as f:
            f.write(json.dumps(row) + "\n")
        print(row, flush=True)
        save_state(work / "state.pt", network, optimizer, average, number + 1)
    tensors = {n: t.cpu().to(torch.float16).contiguous() for n, t in sorted(average.items())}
    metadata = {
        "base": MODEL,
        "base_fingerprint": weights.fingerprint,
        "scale": str(args.alpha / args.rank),
        "roles": " ".join(ROLES),
    }
    save_file(tensors, work / "roles.safetensors", metadata=metadata)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument(
        "--first-layer", type=int, default=2, help="the lowest with adapters, from 0"
    )
    parser.add_argument("--dropout", type=float, default=0.0, help="in the layers of MiniLM")
    parser.add_argument("--alpha", type=float, default=32.0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--head-rate", type=float, default=3e-3)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument(
        "--mask", type=float, default=0.1, help="share of the tokens hidden in training"
    )
    parser.add_argument(
        "--average", type=float, default=0.99, help="of the averaged weights, kept a step"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--held-out", type=float, default=0.0, help="share of train to measure on")
    parser.add_argument(
        "--limit", type=int, default=None, help="only the first abstracts, for a try"
    )
    return parser.parse_args()


def read(path: Path, tokenizer: Any, held_out: float) -> tuple[list[Abstract], list[Abstract]]:
    """The abstracts to train on and those held out, the same ones for the same share."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(0).shuffle(rows)
    cut = round(held_out * len(rows))
    found: tuple[list[Abstract], list[Abstract]] = ([], [])
    for number, row in enumerate(rows):
        tokens = tokenizer(row["sentences"], add_special_tokens=False)["input_ids"]
        labels = [ROLES.index(label) for label in row["labels"]]
        for w in windows(tokens, tokenizer.cls_token_id, tokenizer.sep_token_id):
            own = labels[w.first : w.first + len(w.ends)]
            found[number < cut].append(Abstract(window=w, labels=tuple(own)))
    return found


def epoch(abstracts: list[Abstract], size: int, chance: random.Random) -> list[list[Abstract]]:
    """One pass in batches of like length, shuffled."""
    rows = sorted(abstracts, key=lambda a: len(a.window.ids) * chance.uniform(0.85, 1.0))
    batches = [rows[i : i + size] for i in range(0, len(rows), size)]
    chance.shuffle(batches)
    return batches


def schedule(step: int, total: int) -> float:
    """The share of the peak rate: a linear start over 6 % of the steps, then a cosine down to 2 %."""
    start = max(1, total * 6 // 100)
    if step < start:
        return (step + 1) / start
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - start) / (total - start)))


def batch_loss(
    network: RoleNetwork, abstracts: list[Abstract], tokenizer: Any, masked: float, device: str
) -> torch.Tensor:
    """Nats a sentence, with a share of the tokens ``masked``."""
    batch = collate([a.window for a in abstracts], tokenizer.pad_token_id, device)
    hidden = torch.rand(batch.ids.shape).to(device) < masked
    hidden &= (batch.ids != tokenizer.sep_token_id) & (batch.ids != tokenizer.cls_token_id)
    batch.ids[hidden] = tokenizer.mask_token_id
    width = batch.ends.shape[1]
    labels = torch.tensor(
        [[*a.labels, *[0] * (width - len(a.labels))] for a in abstracts], device=device
    )
    chain = (network.transitions, network.starts, network.stops)
    losses = chain_loss(network(batch), labels, batch.is_sentence, chain)
    return losses.sum() / batch.is_sentence.sum()


@torch.no_grad()
def share_right(
    network: RoleNetwork, abstracts: list[Abstract], tokenizer: Any, device: str
) -> float:
    """Percent of the sentences whose role is found."""
    network.eval()
    hits = total = 0
    rows = sorted(abstracts, key=lambda a: len(a.window.ids))
    chain = [t.detach().cpu().numpy() for t in (network.transitions, network.starts, network.stops)]
    for start in range(0, len(rows), 32):
        some = rows[start : start + 32]
        scores = (
            network(collate([a.window for a in some], tokenizer.pad_token_id, device)).cpu().numpy()
        )
        for a, s in zip(some, scores, strict=True):
            told = likeliest(s[: len(a.labels)], *chain)
            hits += sum(x == y for x, y in zip(told, a.labels, strict=True))
            total += len(a.labels)
    network.train()
    return round(100 * hits / total, 2)


def save_state(
    path: Path, network: RoleNetwork, optimizer: Any, average: dict[str, torch.Tensor], done: int
) -> None:
    """All that a run needs to go on, in one step."""
    part = path.with_suffix(".part")
    own = {n: p.detach() for n, p in network.named_parameters() if n in average}
    torch.save(
        {"own": own, "average": average, "optimizer": optimizer.state_dict(), "done": done}, part
    )
    part.replace(path)


def resume(
    path: Path, network: RoleNetwork, optimizer: Any, average: dict[str, torch.Tensor], device: str
) -> int:
    """The passes that are done; 0 where there is nothing to take up."""
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    network.load_state_dict(state["own"], strict=False)
    average.update(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["done"])


if __name__ == "__main__":
    main()
