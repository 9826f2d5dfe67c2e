"""Many continuations of one prompt on a Llama model: the prompt is computed once and shared by all of them.

transformers' ``generate`` computes the prompt once for *each* beam or sample. Here prompts are padded on the right, which
causal attention never sees, and continuations attend to the prompt's keys without copying them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import linear, scaled_dot_product_attention, silu


@dataclass
class Prompt:
    """Prompts that have been read: keys and values a layer ``(b, kv_heads, p, d)``, lengths ``(b,)``, last logits ``(b, v)``."""

    keys: list[torch.Tensor]
    values: list[torch.Tensor]
    lengths: torch.Tensor
    logits: torch.Tensor


class Engine:
    """A LlamaForCausalLM, its weights joined where one product serves several."""

    def __init__(self, model: Any) -> None:
        c = model.config
        self.heads, self.kv, self.dim = c.num_attention_heads, c.num_key_value_heads, c.head_dim
        self.eps = c.rms_norm_eps
        self.embed = model.model.embed_tokens.weight
        self.out = model.lm_head.weight
        self.norm = model.model.norm.weight
        theta = c.rope_parameters["rope_theta"]
        steps = torch.arange(0, self.dim, 2, dtype=torch.float32) / self.dim
        self.freq = 1.0 / theta**steps
        self.layers = [
            (
                l.input_layernorm.weight,
                torch.cat(
                    [
                        l.self_attn.q_proj.weight,
                        l.self_attn.k_proj.weight,
                        l.self_attn.v_proj.weight,
                    ]
                ),
                l.self_attn.o_proj.weight,
                l.post_attention_layernorm.weight,
                torch.cat([l.mlp.gate_proj.weight, l.mlp.up_proj.weight]),
                l.mlp.down_proj.weight,
            )
            for l in model.model.layers
        ]

    def _rms(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.rms_norm(x, (x.shape[-1],), weight, self.eps)

    def _rope(self, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        angles = positions[..., None].float() * self.freq
        angles = torch.cat([angles, angles], -1)
        return angles.cos(), angles.sin()

    def _turn(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        half = self.dim // 2
        return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin

    @torch.inference_mode()
    def read(self, prompts: list[list[int]]) -> Prompt:
        lengths = torch.tensor([len(p) for p in prompts])
        width = int(lengths.max())
        ids = torch.tensor([p + [0] * (width - len(p)) for p in prompts])
        b = len(prompts)
        x = self.embed[ids]
        cos, sin = self._rope(torch.arange(width))
        keys, values = [], []
        sizes = [self.heads * self.dim, self.kv * self.dim, self.kv * self.dim]
        for n1, qkv, o, n2, gu, down in self.layers:
            q, k, v = linear(self._rms(x, n1), qkv).split(sizes, -1)
            q = self._turn(q.view(b, width, self.heads, self.dim).transpose(1, 2), cos, sin)
            k = self._turn(k.view(b, width, self.kv, self.dim).transpose(1, 2), cos, sin)
            v = v.view(b, width, self.kv, self.dim).transpose(1, 2)
            a = scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
            x = x + linear(a.transpose(1, 2).reshape(b, width, -1), o)
            g, u = linear(self._rms(x, n2), gu).chunk(2, -1)
            x = x + linear(silu(g) * u, down)
            keys.append(k)
            values.append(v)
        last = x[torch.arange(b), lengths - 1]
        return Prompt(keys, values, lengths, linear(self._rms(last, self.norm), self.out))

    @torch.inference_mode()
    def step(
        self, p: Prompt, tokens: torch.Tensor, own: list[tuple[torch.Tensor, torch.Tensor]], at: int
    ) -> torch.Tensor:
        """Logits ``(b, s, v)`` after ``tokens`` ``(b, s)``, the ``at``-th of each continuation; ``own`` are their keys and values."""
        b, s = tokens.shape
        groups = self.heads // self.kv
        x = self.embed[tokens]
        cos, sin = self._rope((p.lengths + at)[:, None].expand(b, s))
        cos, sin = cos[:, :, None], sin[:, :, None]
        width = p.keys[0].shape[2]
        hidden = torch.arange(width)[None] >= p.lengths[:, None]
        mask = torch.zeros(b, 1, 1, width).masked_fill_(hidden[:, None, None], float("-inf"))
        sizes = [self.heads * self.dim, self.kv * self.dim, self.kv * self.dim]
        scale = self.dim**-0.5
        for i, (n1, qkv, o, n2, gu, down) in enumerate(self.layers):
            q, k, v = linear(self._rms(x, n1), qkv).split(sizes, -1)
            q = self._turn(q.view(b, s, self.heads, self.dim), cos, sin)
            k = self._turn(k.view(b, s, self.kv, self.dim), cos, sin)
            own_k, own_v = own[i]
            own_k[:, :, :, at] = k
            own_v[:, :, :, at] = v.view(b, s, self.kv, self.dim)
            q = q.view(b, s, self.kv, groups, self.dim) * scale
            shared = q.permute(0, 2, 1, 3, 4).reshape(b, self.kv, s * groups, self.dim)
            far = shared @ p.keys[i].transpose(2, 3) + mask
            near = q @ own_k[:, :, :, : at + 1].transpose(3, 4)  # b s kv g t
            near2 = near.permute(0, 2, 1, 3, 4).reshape(b, self.kv, s * groups, at + 1)
            weights = torch.cat([far, near2], -1).softmax(-1)
            a = weights[..., :width] @ p.values[i]
            a = a.view(b, self.kv, s, groups, self.dim).permute(0, 2, 1, 3, 4)
            near = weights[..., width:].view(b, self.kv, s, groups, at + 1).permute(0, 2, 1, 3, 4)
            a = a + near @ own_v[:, :, :, : at + 1]
            x = x + linear(a.reshape(b, s, -1), o)
            g, u = linear(self._rms(x, n2), gu).chunk(2, -1)
            x = x + linear(silu(g) * u, down)
        return linear(self._rms(x, self.norm), self.out)

    def room(self, b: int, s: int, length: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
        shape = (b, s, self.kv, length, self.dim)
        return [(torch.zeros(shape), torch.zeros(shape)) for _ in self.layers]

    @torch.inference_mode()
    def sample(
        self,
        p: Prompt,
        count: int,
        ends: set[int],
        *,
        length: int = 64,
        temperature: float = 1.0,
        top_p: float = 1.0,
        greedy: bool = False,
    ) -> list[list[tuple[list[int], float]]]:
        """For each prompt ``count`` continuations with the sum of their log probabilities (at temperature 1)."""
        b = len(p.lengths)
        own = self.room(b, count, length)
        logits = p.logits[:, None].expand(b, count, -1)
        score = torch.zeros(b, count)
        done = torch.zeros(b, count, dtype=torch.bool)
        tokens_all = []
        for at in range(length):
            logp = logits.log_softmax(-1)
            if greedy:
                tokens = logp.argmax(-1)
            else:
                probs = (logits / temperature).softmax(-1)
                if top_p < 1:
                    top, index = probs.topk(200, -1)
                    top = top.masked_fill(top.cumsum(-1) - top > top_p, 0)
                    pick = torch.multinomial(top.view(b * count, -1), 1).view(b, count, 1)
                    tokens = index.gather(-1, pick).squeeze(-1)
                else:
                    tokens = torch.multinomial(probs.view(b * count, -1), 1).view(b, count)
            score += logp.gather(-1, tokens[..., None]).squeeze(-1).masked_fill(done, 0)
            tokens_all.append(tokens.masked_fill(done, -1))
            for e in ends:
                done |= tokens == e
            if done.all():
                break
            logits = self.step(p, tokens.clamp(min=0), own, at)
        every = torch.stack(tokens_all, -1)
        return [
            [
                ([t for t in every[i, j].tolist() if t >= 0 and t not in ends], score[i, j].item())
                for j in range(count)
            ]
            for i in range(b)
        ]

    @torch.inference_mode()
    def beam(
        self, p: Prompt, width: int, ends: set[int], *, length: int = 64, penalty: float = 1.0
    ) -> list[list[tuple[list[int], float]]]:
        """For each prompt up to ``width`` continuations, best first by log probability / length**penalty."""
        b = len(p.lengths)
        own = self.room(b, width, length)
        logp = p.logits.log_softmax(-1)
        finished: list[list[tuple[float, list[int], float]]] = [[] for _ in range(b)]
        texts: list[list[list[int]]] = [[[] for _ in range(width)] for _ in range(b)]
        scores = torch.full((b, width), float("-inf"))
        scores[:, 0] = 0
        logp = logp[:, None].expand(b, width, -1)
        for at in range(length):
            total = scores[..., None] + logp
            v = total.shape[-1]
            best, index = total.view(b, -1).topk((1 + len(ends)) * width, -1)
            rows = torch.zeros(b, width, dtype=torch.long)
            tokens = torch.zeros(b, width, dtype=torch.long)
            new_texts = []
            for i in range(b):
                mine: list[list[int]] = []
                for rank, (value, where) in enumerate(
                    zip(best[i].tolist(), index[i].tolist(), strict=True)
                ):
                    row, token = divmod(where, v)
                    if token in ends:
                        if rank < width and value > float("-inf"):
                            n = len(texts[i][row]) + 1
                            finished[i].append((value / n**penalty, texts[i][row], value))
                        continue
                    if len(mine) < width:
                        rows[i, len(mine)], tokens[i, len(mine)] = row, token
                        scores[i, len(mine)] = value
                        mine.append([*texts[i][row], token])
                new_texts.append(mine)
            texts = new_texts
            over = True
            for i in range(b):
                finished[i] = sorted(finished[i], reverse=True)[:width]
                hope = scores[i].max().item() / (at + 2) ** penalty
                if len(finished[i]) < width or finished[i][-1][0] < hope:
                    over = False
            if over or at == length - 1:
                break
            take = rows[:, :, None, None, None]
            for j, (k, val) in enumerate(own):
                index5 = take.expand(b, width, self.kv, max(at, 1), self.dim)
                if at:
                    k[:, :, :, :at] = k[:, :, :, :at].gather(1, index5)
                    val[:, :, :, :at] = val[:, :, :, :at].gather(1, index5)
            logp = self.step(p, tokens, own, at).log_softmax(-1)
        for i in range(b):
            if not finished[i]:
                finished[i] = [(scores[i, 0].item() / length, texts[i][0], scores[i, 0].item())]
        return [[(t, s) for _, t, s in f] for f in finished]
