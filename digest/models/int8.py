"""A model's matrix products in 8-bit integers, for processors without fast bfloat16: twice as fast, some other words.

Weights have one scale an output, inputs one scale a token (symmetric, found as they come; as in LLM.int8(), Dettmers et al.
2022, arXiv:2208.07339, without its outliers, which a 135M model did not need: see docs/decisions.md). A row's result depends on
that row alone, as in the exact product.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

_MOST = 127
_LEAST_SCALE = 1e-12  #: a row of zeros has none


class _Rounding:
    """Rows in 8 bits with their scales; the layers that read the same rows, as q, k and v do, share them."""

    def __init__(self) -> None:
        self._last: tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None = None

    def __call__(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, size) int8 and (n, 1) float32."""
        if self._last is None or self._last[0] is not rows:
            flat = rows.reshape(-1, rows.shape[-1])
            scales = torch.linalg.vector_norm(flat, float("inf"), dim=-1, keepdim=True)
            scales = scales.float().div_(_MOST).clamp_(min=_LEAST_SCALE)
            self._last = rows, (flat / scales).round_().to(torch.int8), scales
        return self._last[1], self._last[2]

    def forget(self) -> None:
        """Let go of the rows."""
        self._last = None


class Int8Linear(nn.Module):  # type: ignore[misc]
    """``layer`` with its product in 8 bits; in and out as before."""

    def __init__(self, layer: nn.Linear, rounding: _Rounding) -> None:
        super().__init__()
        weight = layer.weight.detach().float()
        scales = weight.abs().amax(1).div_(_MOST).clamp_(min=_LEAST_SCALE)
        self.weight = (weight / scales[:, None]).round_().to(torch.int8)  # T5 looks at its type
        self._scales = scales
        self._bias = layer.bias
        self._rounding = rounding
        self.in_features, self.out_features = layer.in_features, layer.out_features

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows, scales = self._rounding(x)
        y = torch._int_mm(rows, self.weight.t()).to(torch.float32)  # noqa: SLF001
        y.mul_(scales).mul_(self._scales)
        if self._bias is not None:
            y.add_(self._bias)
        return y.to(x.dtype).view(*x.shape[:-1], self.out_features)


def quantize(model: Any) -> None:
    """Replace every linear layer of ``model`` in place; embeddings and norms stay."""
    rounding = _Rounding()
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear):
                setattr(module, name, Int8Linear(child, rounding))
    model.register_forward_hook(lambda *_: rounding.forget())


def is_quantized(model: Any) -> bool:
    """Some layer of ``model`` computes in 8 bits."""
    return any(isinstance(m, Int8Linear) for m in model.modules())
