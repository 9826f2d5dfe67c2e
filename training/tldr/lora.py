"""Low-rank adapters (Hu et al. 2021, LoRA, arXiv:2106.09685) on every linear layer, saved in the format of the PEFT library."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from pathlib import Path

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
