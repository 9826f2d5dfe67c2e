"""The classifier of sentence roles: ``python training/roles/train.py DATA WORK``; see the model card in README.md.

Trains both models on CSAbstruct train, one after the other, on the GPU where there is one, and writes into WORK, below
the name of each: ``state.pt`` at the end of each pass (a killed run goes on from there), ``log.jsonl``, and at the end
``smollm2.safetensors`` and ``minilm.safetensors``, which are what the package ships. The seed fixes the order, the start
and what is dropped.

With ``--held-out 0.1`` a tenth of train is left out and measured after each pass: for choosing a recipe.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tldr"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from safetensors.torch import save_file
from trainees import Abstract, MiniLM, SmolLM2, Trainee
from transformers import AutoTokenizer
from transformers.utils import logging as transformers_logging

from digest.models.device import choose_device
from digest.models.weights import converted, find_weights, model_cache
from digest.summarize.roles.network import ROLES
from digest.summarize.roles.tagger import Base, bases, special_tokens
from digest.summarize.roles.windows import windows

TRAINEES = {"smollm2": SmolLM2, "minilm": MiniLM}
MEASURED = 32  #: abstracts of a batch where nothing is learned


def main() -> None:
    args = arguments()
    transformers_logging.set_verbosity_error()  # it would list the layers that are left out
    transformers_logging.disable_progress_bar()
    for base in bases():
        name = base.adapter.stem
        if name in args.only:
            train(base, name, args)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", nargs="+", choices=TRAINEES, default=list(TRAINEES))
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=0, help="0: as many as the recipe says")
    parser.add_argument(
        "--average", type=float, default=0.99, help="of the averaged weights, kept a step"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", type=float, default=0.0, help="share of train to measure on")
    parser.add_argument(
        "--limit", type=int, default=None, help="only the first abstracts, for a try"
    )
    return parser.parse_args()


def train(base: Base, name: str, args: argparse.Namespace) -> None:
    """One of the two."""
    device = choose_device("auto")
    torch.manual_seed(args.seed)
    weights = find_weights(base.model)
    place = converted(weights, model_cache())
    tokenizer = AutoTokenizer.from_pretrained(place)
    trainee: Trainee = TRAINEES[name](place, device, tokenizer)
    recipe, network = trainee.recipe, trainee.network.train()
    named = {n: p for n, p in network.named_parameters() if p.requires_grad}
    slow = [p for n, p in named.items() if "lora_" in n]
    fast = [p for n, p in named.items() if "lora_" not in n]
    optimizer = torch.optim.AdamW(
        [{"params": slow}, {"params": fast}], betas=(0.9, 0.98), weight_decay=0.01
    )
    special = special_tokens(base, tokenizer)
    learned, held_out = read(
        args.data / "csabstruct" / "train.jsonl", tokenizer, special, args.held_out
    )
    learned = learned[: args.limit]
    work: Path = args.work / name
    work.mkdir(parents=True, exist_ok=True)
    epochs = args.epochs or recipe.epochs
    per_epoch = -(-len(learned) // args.batch)
    average = {n: p.detach().clone() for n, p in named.items()}
    done = resume(work / "state.pt", named, optimizer, average, device)
    for number in range(done, epochs):
        torch.manual_seed(args.seed * 1000 + number)  # dropout too is the same when taken up again
        chance = random.Random(args.seed * 1000 + number)
        started, losses = time.perf_counter(), 0.0
        for at, abstracts in enumerate(epoch(learned, args.batch, chance)):
            step = number * per_epoch + at
            share = schedule(step, per_epoch * epochs)
            for group, rate in zip(
                optimizer.param_groups, (recipe.rate, recipe.head_rate), strict=True
            ):
                group["lr"] = rate * share
            loss = trainee.loss(abstracts)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(slow + fast, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses += loss.item()
            keep = min(args.average, (step + 1) / (step + 10))
            with torch.no_grad():
                for n, p in named.items():
                    average[n].lerp_(p, 1 - keep)
            if step % 20 == 0:
                print(f"{name} step {step} of {per_epoch * epochs}, loss {loss.item():.3f}", flush=True)  # fmt: skip
        row: dict[str, Any] = {"epoch": number + 1, "loss": round(losses / per_epoch, 4)}
        row["s"] = round(time.perf_counter() - started, 1)
        if held_out:
            row["held_out"] = share_right(trainee, held_out)
            own = {n: p.detach().clone() for n, p in named.items()}
            put(average, named)
            row["averaged"] = share_right(trainee, held_out)
            put(own, named)
        with (work / "log.jsonl").open("a") as f:
            f.write(json.dumps(row) + "\n")
        print(name, row, flush=True)
        save_state(work / "state.pt", named, optimizer, average, number + 1)
    tensors = {n: t.cpu().to(torch.float16).contiguous() for n, t in sorted(average.items())}
    metadata = {
        "base": base.model,
        "base_fingerprint": weights.fingerprint,
        "scale": str(recipe.alpha / recipe.rank),
        "roles": " ".join(ROLES),
    }
    save_file(tensors, work / base.adapter.name, metadata=metadata)


def read(
    path: Path, tokenizer: Any, special: tuple[int, int], held_out: float
) -> tuple[list[Abstract], list[Abstract]]:
    """The abstracts to train on and those held out, the same ones for the same share."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(0).shuffle(rows)
    cut = round(held_out * len(rows))
    found: tuple[list[Abstract], list[Abstract]] = ([], [])
    for number, row in enumerate(rows):
        tokens = tokenizer(row["sentences"], add_special_tokens=False)["input_ids"]
        labels = [ROLES.index(label) for label in row["labels"]]
        for w in windows(tokens, *special):
            here = slice(w.first, w.first + len(w.ends))
            own, sure = tuple(labels[here]), tuple(row["confs"][here])
            found[number < cut].append(Abstract(window=w, labels=own, confidences=sure))
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


@torch.no_grad()
def share_right(trainee: Trainee, abstracts: list[Abstract]) -> float:
    """Percent of the sentences whose role is found."""
    trainee.network.eval()
    hits = total = 0
    rows = sorted(abstracts, key=lambda a: len(a.window.ids))
    for start in range(0, len(rows), MEASURED):
        some = rows[start : start + MEASURED]
        told = trainee.log_chances(some).argmax(-1).tolist()
        for a, roles in zip(some, told, strict=True):
            hits += sum(x == y for x, y in zip(roles, a.labels, strict=False))  # roles are padded
            total += len(a.labels)
    trainee.network.train()
    return round(100 * hits / total, 2)


@torch.no_grad()
def put(tensors: dict[str, torch.Tensor], named: dict[str, torch.nn.Parameter]) -> None:
    """Make ``tensors`` the values of the parameters of the same names."""
    for name, parameter in named.items():
        parameter.copy_(tensors[name])


def save_state(
    path: Path,
    named: dict[str, torch.nn.Parameter],
    optimizer: Any,
    average: dict[str, torch.Tensor],
    done: int,
) -> None:
    """All that a run needs to go on, in one step."""
    part = path.with_suffix(".part")
    own = {n: p.detach() for n, p in named.items()}
    state = {"own": own, "average": average, "optimizer": optimizer.state_dict(), "done": done}
    torch.save(state, part)
    part.replace(path)


def resume(
    path: Path,
    named: dict[str, torch.nn.Parameter],
    optimizer: Any,
    average: dict[str, torch.Tensor],
    device: str,
) -> int:
    """The passes that are done; 0 where there is nothing to take up."""
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    put(state["own"], named)
    average.update(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["done"])


if __name__ == "__main__":
    main()
