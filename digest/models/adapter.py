"""A low-rank adapter (LoRA, Hu et al. 2021, arXiv:2106.09685) in the format of the PEFT library, merged into a model's weights.

Merged, it costs nothing at run time and needs no further package: ``W += lora_alpha / r * B A``.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.errors import BackendUnavailable

CONFIG, TENSORS = "adapter_config.json", "adapter_model.safetensors"
_PREFIX = "base_model.model."
#: Settings of PEFT that change what the tensors mean; a merge that does not know them would give another model.
_UNKNOWN_VARIANTS = ("use_dora", "alora_invocation_tokens", "layer_replication", "rank_pattern", "alpha_pattern", "modules_to_save", "trainable_token_indices", "use_qalora", "target_parameters", "lora_bias")  # fmt: skip

_HARMLESS_STARTS = ("gaussian", "eva", "orthogonal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """An adapter that has been found and whose settings are understood; nothing is loaded."""

    folder: Path
    scale: float  #: of the product B A
    transposed: bool  #: the weights it belongs to lie as (in, out)
    fingerprint: str  #: 8 hex digits over both files


def find_adapter(folder: Path) -> Adapter:
    """The adapter in ``folder``; BackendUnavailable (one line) where there is none or it is of another kind than LoRA."""
    try:
        settings = json.loads((folder / CONFIG).read_text("utf-8"))
        tensors = (folder / TENSORS).read_bytes()
    except FileNotFoundError as e:
        name = Path(str(e.filename)).name
        raise BackendUnavailable(
            f"adapter {folder}: has no {name}",
            hint="name a folder in PEFT's format, or set `summarizer: {adapter: none}`",
        ) from e
    except (OSError, ValueError) as e:
        raise _refused(folder, f"{CONFIG} cannot be read: {e}") from e
    if not isinstance(settings, dict):
        raise _refused(folder, f"{CONFIG} is no mapping")
    if (kind := settings.get("peft_type")) != "LORA":
        raise _refused(folder, f"is of type {kind!r}; only LORA can be merged")
    if variants := [name for name in _UNKNOWN_VARIANTS if settings.get(name)]:
        raise _refused(folder, f"uses {variants[0]}, which cannot be merged")
    if settings.get("bias", "none") != "none":
        raise _refused(folder, "trains biases, which cannot be merged")
    start = settings.get("init_lora_weights")
    if isinstance(start, str) and start.lower() not in _HARMLESS_STARTS:
        raise _refused(folder, f"begins by {start}, which changes the model itself")
    rank, alpha = settings.get("r"), settings.get("lora_alpha")
    if not isinstance(rank, int) or rank < 1 or not isinstance(alpha, int | float):
        raise _refused(folder, f"{CONFIG} has no rank `r` and `lora_alpha`")
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode() + tensors)
    return Adapter(
        folder=folder,
        scale=alpha / (math.sqrt(rank) if settings.get("use_rslora") else rank),
        transposed=bool(settings.get("fan_in_fan_out")),
        fingerprint=digest.hexdigest()[:8],
    )


def merge_adapter(model: Any, adapter: Adapter) -> int:
    """Add the adapter to the weights of ``model`` in place, computed in float32; the number of weights that changed.

    All is checked before the first weight changes. BackendUnavailable where the adapter is of another model.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(adapter.folder / TENSORS)
    except (OSError, ValueError, SafetensorError) as e:
        raise _refused(adapter.folder, f"{TENSORS} cannot be read: {e}") from e
    weights = dict(model.named_parameters())
    pairs = []
    for layer, (low, high) in sorted(_pairs(adapter.folder, tensors).items()):
        weight = weights.get(f"{layer}.weight")
        if weight is None:
            raise _refused(adapter.folder, f"changes {layer}, which the model does not have")
        shape = tuple(reversed(weight.shape)) if adapter.transposed else tuple(weight.shape)
        if low.ndim != 2 or high.ndim != 2 or (high.shape[0], low.shape[1]) != shape or high.shape[1] != low.shape[0]:  # fmt: skip
            raise _refused(
                adapter.folder,
                f"{layer} is {shape} in the model, {tuple(high.shape)} x {tuple(low.shape)} in the adapter",
            )
        pairs.append((weight, low, high))
    with torch.no_grad():
        for weight, low, high in pairs:
            change = adapter.scale * (high.float() @ low.float()).to(weight.device)
            merged = weight.float() + (change.T if adapter.transposed else change)
            weight.copy_(merged)
    return len(pairs)


def _pairs(folder: Path, tensors: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Layer -> (A, B)."""
    halves: dict[str, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        path = name.removeprefix(_PREFIX)
        layer, _, half = path.removesuffix(".weight").rpartition(".")
        if path == name or half not in ("lora_A", "lora_B") or not layer:
            raise _refused(folder, f"has a tensor {name}, which is no low-rank weight of a layer")
        halves.setdefault(layer, {})[half] = tensor
    if not halves:
        raise _refused(folder, "has no weights")
    for layer, both in halves.items():
        if len(both) != 2:
            raise _refused(folder, f"has only {next(iter(both))} of {layer}")
    return {layer: (both["lora_A"], both["lora_B"]) for layer, both in halves.items()}


def _refused(folder: Path, why: str) -> BackendUnavailable:
    return BackendUnavailable(
        f"adapter {folder}: {' '.join(why.split())[:200]}",
        hint="name another one, or set `summarizer: {adapter: none}`",
    )
