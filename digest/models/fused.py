"""The layers of a Llama for the CPU: weights laid out once as the processor reads them, and products fused with what follows.

transformers' own layers hand oneDNN plain weights, which it lays out anew at each product, and pass over memory once more for each
sum, SiLU and gate. Here the layout is made once and sum, SiLU and gate are done while a product's result is at hand. That takes
two thirds of the time: docs/decisions.md, Speed and memory of the summarizer.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from transformers.models.llama.modeling_llama import (
    LlamaDecoderLayer,
    LlamaForCausalLM,
    LlamaModel,
)

from digest.models.shared_cache import SharedCache, grouped_attention

_PROCESSORS = ("x86_64", "AMD64")  #: where oneDNN's layouts were tried


class PackedLinear(nn.Module):  # type: ignore[misc]
    """The layers ``linears``, without bias, which read the same rows, as one product in oneDNN's own layout."""

    def __init__(self, *linears: nn.Linear) -> None:
        super().__init__()
        weight = torch.cat([linear.weight.detach() for linear in linears])
        self.out_features, self.in_features = weight.shape
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight)  # noqa: SLF001

    def forward(self, x: torch.Tensor, then: str = "none") -> torch.Tensor:
        """``(..., in_features)`` to ``(..., out_features)``; ``then`` "swish" applies SiLU."""
        y: torch.Tensor = torch.ops.mkldnn._linear_pointwise(x, self._packed, None, then, [], "")  # noqa: SLF001
        return y

    def with_other(self, x: torch.Tensor, other: torch.Tensor, how: str) -> torch.Tensor:
        """The product plus ("add") or times ("mul") ``other``, of its shape."""
        y: torch.Tensor = torch.ops.mkldnn._linear_pointwise.binary(  # noqa: SLF001
            x, other, self._packed, None, how
        )
        return y


class FusedLayer(nn.Module):  # type: ignore[misc]
    """What ``layer`` computes, but for rounding; it is called as transformers calls its own."""

    def __init__(self, layer: LlamaDecoderLayer) -> None:
        super().__init__()
        attention, mlp = layer.self_attn, layer.mlp
        # what attention functions ask of the module that calls them
        self.layer_idx = attention.layer_idx
        self.num_key_value_groups = attention.num_key_value_groups
        self.is_causal = True
        self._size = attention.head_dim
        self._scaling = attention.scaling
        self._key_heads = attention.k_proj.out_features // self._size
        self._query_heads = attention.q_proj.out_features // self._size
        self._before, self._between = layer.input_layernorm, layer.post_attention_layernorm
        self._qkv = PackedLinear(attention.q_proj, attention.k_proj, attention.v_proj)
        self._out = PackedLinear(attention.o_proj)
        self._gate, self._up = PackedLinear(mlp.gate_proj), PackedLinear(mlp.up_proj)
        self._down = PackedLinear(mlp.down_proj)

    def forward(
        self,
        hidden_states: torch.Tensor,
        *,
        position_embeddings: tuple[torch.Tensor, torch.Tensor],
        past_key_values: SharedCache | None = None,
        shared: SharedCache | None = None,
        **_: Any,
    ) -> torch.Tensor:
        """``(texts, tokens, width)`` to the same shape."""
        x = hidden_states
        qkv = self._qkv(_normed(x, self._before))
        attended = self._attend(qkv, position_embeddings, past_key_values, shared)
        x = self._out.with_other(attended, x, "add")
        normed = _normed(x, self._between)
        gated = self._up.with_other(normed, self._gate(normed, then="swish"), "mul")
        return self._down.with_other(gated, x, "add")

    def _attend(
        self,
        qkv: torch.Tensor,
        position_embeddings: tuple[torch.Tensor, torch.Tensor],
        past_key_values: SharedCache | None,
        shared: SharedCache | None,
    ) -> torch.Tensor:
        heads = qkv.unflatten(-1, (-1, self._size))
        turned = _turned(heads[:, :, : -self._key_heads], *position_embeddings)
        query = turned[:, :, : self._query_heads].transpose(1, 2)
        key = turned[:, :, self._query_heads :].transpose(1, 2)
        value = heads[:, :, -self._key_heads :].transpose(1, 2)
        if past_key_values is not None:
            key, value = past_key_values.update(key, value, self.layer_idx)
        attended, _ = grouped_attention(
            self, query, key, value, None, shared=shared, scaling=self._scaling
        )
        return attended.flatten(2)


def _normed(x: torch.Tensor, norm: Any) -> torch.Tensor:
    return nn.functional.rms_norm(x, x.shape[-1:], norm.weight, norm.variance_epsilon)


def _turned(heads: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions (Su et al. 2021, arXiv:2104.09864): ``heads`` (texts, tokens, heads, size) turned."""
    half = heads.shape[-1] // 2
    sin = sin[:, :, None]
    turned = heads * cos[:, :, None]
    turned[..., :half].addcmul_(heads[..., half:], sin[..., :half], value=-1)
    turned[..., half:].addcmul_(heads[..., :half], sin[..., half:])
    return turned


def fuse(model: Any) -> Callable[[], None]:
    """Replace in place the layers and the head of a Llama on a CPU; returns what undoes it.

    ``model`` has a head for the next word, or is the part below it, ``LlamaModel``. The weights are held twice until what is
    returned is let go. Any other model, or one with layers that are not as usual, is left as it is.
    """
    has_head = type(model) is LlamaForCausalLM
    if not (has_head or type(model) is LlamaModel) or not _is_usual(model):
        return lambda: None
    body = model.model if has_head else model
    layers, head = body.layers, model.lm_head if has_head else None
    body.layers = nn.ModuleList(FusedLayer(layer) for layer in layers)
    if head is not None:
        model.lm_head = PackedLinear(head)

    def undo() -> None:
        body.layers = layers
        if head is not None:
            model.lm_head = head

    return undo


def _is_usual(model: Any) -> bool:
    return (
        model.device.type == "cpu"
        and platform.machine() in _PROCESSORS
        and torch.backends.mkldnn.is_available()
        and (model.dtype == torch.float32 or torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001
        and model.config.hidden_act == "silu"
        and all(
            type(module) is nn.Linear and module.bias is None
            for module in model.modules()
            if hasattr(module, "in_features")
        )
    )
