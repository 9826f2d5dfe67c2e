"""Times writing on one accelerator with random weights of the true shape: ``python bench/summaries.py --gpu``.

Abstracts of 250 tokens, 30 tokens written of each, in bfloat16: the program's decoder with as many texts as it takes at once,
and transformers' own ``generate`` in batches. The share is of the least time that the card's published figures allow.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

#: Dense bfloat16 FLOP/s and bytes/s of memory, from NVIDIA's data sheets of the SXM cards.
CARDS = {"H100": (989e12, 3.35e12), "H200": (989e12, 4.8e12)}
#: SmolLM2-135M, from its config.json.
SHAPE = {
    "vocab_size": 49_152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30,
    "num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 8192,
    "rope_theta": 100_000.0, "tie_word_embeddings": True,
}  # fmt: skip
TEXTS, READ, WRITTEN = 8192, 250, 30
PLAIN_BATCHES = (64, 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One way of writing, the best of several rounds."""

    name: str
    seconds: float
    texts: int
    share: float | None  #: of the roofline; None where the card's figures are unknown

    @property
    def rate(self) -> float:
        """Abstracts a second."""
        return self.texts / self.seconds


def least_seconds(
    shape: dict[str, Any], *, texts: int, batch: int, read: int, written: int, card: tuple[float, float]
) -> float:  # fmt: skip
    """What ``texts`` take at least, ``batch`` of them written together, on a card of ``card`` FLOP/s and bytes/s, in bfloat16.

    Reading is bound by arithmetic or memory, and so is each step of writing; products only, the rest counts as free.
    """
    flops, bandwidth = card
    size, layers = shape["hidden_size"], shape["num_hidden_layers"]
    heads, key_heads = shape["num_attention_heads"], shape["num_key_value_heads"]
    head = size // heads
    layer = 2 * size * size + 2 * size * key_heads * head + 3 * size * shape["intermediate_size"]
    output = size * shape["vocab_size"]
    weights = 2 * (layers * layer + output)  # bytes
    kept = 2 * 2 * layers * key_heads * head  # bytes of keys and values of one token

    # causal attention: each token looks at half of the text on average, twice (scores, values)
    reading = batch * (read * (2 * layers * layer + 2 * layers * size * read) + 2 * output)
    total = max(reading / flops, (weights + batch * read * kept) / bandwidth)
    for step in range(1, written):  # the first token comes with the reading
        seen = read + step
        products = batch * (2 * layers * layer + 2 * output + 4 * layers * size * seen)
        total += max(products / flops, (weights + batch * seen * kept) / bandwidth)
    return total * texts / batch


def measure(
    shape: dict[str, Any],
    *,
    device: str,
    texts: int = TEXTS,
    read: int = READ,
    written: int = WRITTEN,
    plain_batches: Sequence[int] = PLAIN_BATCHES,
    rounds: int = 3,
) -> list[Timed]:
    """The program's decoder, then ``generate`` by size of its batches; in turns, after one warm-up each."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from digest.summarize.decoding import SharedWriter, is_served
    from digest.summarize.generation import Decoding, room_on

    torch.manual_seed(0)
    config = LlamaConfig(**shape, bos_token_id=0, eos_token_id=0, pad_token_id=0)
    model = LlamaForCausalLM(config).to(device, torch.bfloat16).eval()
    chance = random.Random(0)
    prompts = [[chance.randrange(1, shape["vocab_size"]) for _ in range(read)] for _ in range(texts)]  # fmt: skip
    how = Decoding(max_new_tokens=written)
    never = [shape["vocab_size"]]  # no token ends a text: all write equally many

    def plain(batch: int) -> Callable[[], int]:
        def run() -> int:
            count = 0
            model.set_attn_implementation("sdpa")
            for start in range(0, texts, batch):
                ids = torch.tensor(prompts[start : start + batch], device=device)
                with torch.inference_mode():
                    out = model.generate(
                        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False,
                        max_new_tokens=written, min_new_tokens=written,
                    )  # fmt: skip
                count += out[:, read:].numel()
            return count

        return run

    def ours() -> int:
        writer = SharedWriter(model, end_ids=never, room=room_on(device), ended=None)
        return sum(len(versions[0]) for versions in writer.write(prompts, how))

    if not is_served(model):
        raise RuntimeError("the program's decoder does not take this model on this device")
    ways = {"ours": ours} | {f"generate, batches of {n}": plain(n) for n in plain_batches}
    best = dict.fromkeys(ways, float("inf"))
    for turn in range(rounds + 1):
        for name, run in ways.items():
            _wait(device)
            start = time.perf_counter()
            count = run()
            _wait(device)
            if count != texts * written:
                raise RuntimeError(f"{name}: {count} tokens were written, not {texts * written}")
            if turn:
                best[name] = min(best[name], time.perf_counter() - start)
    # one roofline for all ways: that of all texts at once
    card = card_of(device)
    least = card and least_seconds(
        shape, texts=texts, batch=texts, read=read, written=written, card=card
    )
    return [
        Timed(name=name, seconds=s, texts=texts, share=least / s if least else None)
        for name, s in best.items()
    ]


def card_of(device: str) -> tuple[float, float] | None:
    """FLOP/s and bytes/s of ``device``; None where they are not known."""
    import torch

    if not device.startswith("cuda"):
        return None
    name = torch.cuda.get_device_name(device)
    return next((figures for card, figures in CARDS.items() if card in name), None)


def _wait(device: str) -> None:
    import torch

    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def table(found: Sequence[Timed], written: int) -> str:
    """In Markdown."""
    lines = ["| | abstracts a second | tokens written a second | share of the roofline |", "|---|---:|---:|---:|"]  # fmt: skip
    for way in found:
        share = "" if way.share is None else f"{way.share:.1%}"
        lines.append(f"| {way.name} | {way.rate:.0f} | {way.rate * written:.0f} | {share} |")
    return "\n".join(lines)


def main() -> None:
    """Measure on the first CUDA device and print; SystemExit where there is none."""
    import torch

    if not torch.cuda.is_available():
        raise SystemExit("no CUDA device here; tests/summarize/test_speed.py runs this on the CPU")
    print(torch.cuda.get_device_name(0), "torch", torch.__version__)
    print(table(measure(SHAPE, device="cuda"), WRITTEN))
