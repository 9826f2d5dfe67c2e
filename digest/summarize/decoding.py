"""Many texts continued at once: the prompts in small batches of equal length, the writing in one large batch.

Reading a prompt is arithmetic (59 GFLOP for an abstract on a 135M model), so its batches only have to be free of padding; writing
is reading weights (0.5 GB a token in float32), so the more texts share it the better. What is finished leaves the batch.
The results are those of transformers' ``generate``, greedy or with beams, but for rounding; see tests/summarize/test_decoding.py.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from digest.models.device import free_memory
from digest.models.fused import fuse
from digest.models.shared_cache import ATTENTION, SharedCache, closed_up
from digest.summarize.generation import Decoding, Ended, Room, forbid_repetitions
from digest.summarize.sampling import MAY_END, TOP_K, chances, draw, share_of

log = logging.getLogger(__name__)

_NEVER = -1.0e9  #: the score of what must not be chosen, as in transformers


def is_served(model: Any) -> bool:
    """``SharedWriter`` writes with ``model`` what transformers would: its kind says so, and a trial."""
    config = model.config
    parameters = inspect.signature(model.forward).parameters
    layers = set(getattr(config, "layer_types", None) or ["full_attention"])
    if (
        config.is_encoder_decoder
        or not getattr(model, "_supports_attention_backend", False)
        or layers != {"full_attention"}
        or (getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True))
        or getattr(config, "attn_logit_softcapping", None)
        or not {"position_ids", "past_key_values", "logits_to_keep"} <= set(parameters)
    ):
        return False
    return _is_right(model, fuse) or _is_right(model, lambda _: lambda: None)


def _is_right(model: Any, prepare: Callable[[Any], Callable[[], None]]) -> bool:
    """Two continuations of three prompts get the logits that they get alone; leaves the model prepared, with our attention."""
    before = model.config._attn_implementation  # noqa: SLF001
    undo = None
    try:
        with torch.inference_mode():
            ids = (
                torch.arange(30, device=model.device) * 7919 % (model.config.vocab_size - 11)
            ) + 11
            prompts, tokens = [ids[:12], ids[12:19], ids[19:24]], ids[24:].view(3, 2)
            whole = [torch.cat([p, t[None]]) for p, own in zip(prompts, tokens, strict=True) for t in own]  # fmt: skip
            # Padded on the right, where no token sees it.
            padded = torch.nn.utils.rnn.pad_sequence(whole, batch_first=True)
            ends = torch.tensor([len(w) - 1 for w in whole], device=model.device)
            rows = torch.arange(len(whole), device=model.device)
            expected = model(input_ids=padded).logits[rows, ends].float()
            undo = prepare(model)
            writer = SharedWriter(model, end_ids=[0], room=_TRIAL_ROOM, ended=None)
            cache, _ = writer._read([p.tolist() for p in prompts])  # noqa: SLF001
            found = _Steps(model, cache, [len(p) for p in prompts], versions=2).next(
                tokens.flatten()
            )
        off = (found - expected).abs().amax(-1) / expected.abs().max()
        is_exact = model.dtype == torch.float32
        # The median: of rubbish like this a model has now and then no clear opinion, and bfloat16 tips it over.
        if off.max() <= 1e-3 if is_exact else off.median() <= 0.05:
            return True
    except (TypeError, ValueError, RuntimeError, AttributeError, NotImplementedError) as e:
        log.info("this kind of model is left to transformers: %s", e)
    if undo:
        undo()
    model.set_attn_implementation(before)
    return False


_TRIAL_ROOM = Room(read_tokens=64, cache_bytes=1 << 20)


class SharedWriter:
    """A causal model that attends to all it has read (no sliding windows, no states); see ``is_served``."""

    def __init__(
        self, model: Any, *, end_ids: Sequence[int], room: Room, ended: Ended | None
    ) -> None:
        self._model = model
        self._device = model.device
        self._ends = torch.tensor(list(end_ids), device=self._device)
        self._ended = ended
        self._room = room
        model.set_attn_implementation(ATTENTION)

    def write(self, prompts: Sequence[Sequence[int]], how: Decoding) -> list[list[list[int]]]:
        """For each prompt (token ids, at least one) what the model writes after it, best first: one or up to ``how.rows``.

        Without the ids that end a text. Of samples the likeliest comes first, then the others as drawn, all ``how.samples``; then,
        each once, their beginnings that might have been all, since one of ``how.stops`` was likely to follow.
        """
        if not prompts:
            return []
        with torch.inference_mode():
            return self._write(prompts, how)

    def _write(self, prompts: Sequence[Sequence[int]], how: Decoding) -> list[list[list[int]]]:
        written: list[list[list[int]]] = [[] for _ in prompts]
        order = sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
        for wave in self._waves([len(prompts[i]) for i in order], how):
            texts = [order[i] for i in wave]
            cache, logits = self._read([prompts[i] for i in texts])
            steps = _Steps(self._model, cache, [len(prompts[i]) for i in texts], how.rows)
            if how.samples > 1:
                chance = chances([prompts[i] for i in texts], how.samples, how.max_new_tokens)
                found = self._versions(logits, steps, how, chance.to(self._device))
            elif how.beams > 1:
                found = self._beams(logits, steps, how)
            else:
                found = self._versions(logits, steps, how, None)
            for i, versions in zip(texts, found, strict=True):
                written[i] = versions
            del cache, steps, logits
            free_memory()  # tensors that shrink from step to step leave a heap full of holes
        return written

    def _waves(self, lengths: list[int], how: Decoding) -> Iterator[range]:
        """Ranges of the texts, longest first, that fit into the cache together, of nearly equal size.

        Half of the answers is counted: few use all they may write, and what is not written takes up no memory.
        """
        columns = lengths[0] + how.rows * how.max_new_tokens // 2
        most = max(1, self._room.cache_bytes // (columns * self._token_bytes()))
        count = -(-len(lengths) // most)
        for n in range(count):
            yield range(len(lengths) * n // count, len(lengths) * (n + 1) // count)

    def _token_bytes(self) -> int:
        c = self._model.config
        size = getattr(c, "head_dim", None) or c.hidden_size // c.num_attention_heads
        heads = getattr(c, "num_key_value_heads", None) or c.num_attention_heads
        return int(2 * c.num_hidden_layers * heads * size * self._model.dtype.itemsize)

    def _read(self, prompts: Sequence[Sequence[int]]) -> tuple[SharedCache, torch.Tensor]:
        """The cache filled with the prompts, longest first, and the logits after each, ``(texts, vocabulary)`` float32."""
        width = _rounded_up(len(prompts[0]))
        layers = self._model.config.num_hidden_layers
        cache = SharedCache(layers, len(prompts), width)
        logits = []
        start = 0
        while start < len(prompts):
            longest = _rounded_up(len(prompts[start]))
            batch = prompts[start : start + max(1, self._room.read_tokens // longest)]
            cache.read_into(start, len(batch))
            # Padding stands on the right, where causal attention never sees it.
            ids = torch.tensor([[*p, *[0] * (longest - len(p))] for p in batch])
            ends = torch.tensor([len(p) for p in batch])
            places, place_of = (ends - 1).unique(return_inverse=True)
            out = self._model(
                input_ids=ids.to(self._device), past_key_values=cache, use_cache=True,
                logits_to_keep=places.to(self._device),
            ).logits  # fmt: skip
            rows = torch.arange(len(batch), device=self._device)
            logits.append(out[rows, place_of.to(self._device)].float())
            start += len(batch)
        return cache, torch.cat(logits)

    def _versions(
        self, logits: torch.Tensor, steps: _Steps, how: Decoding, chance: torch.Tensor | None
    ) -> list[list[list[int]]]:
        """The likeliest text and, by ``chance`` (texts, versions, steps), others and their beginnings."""
        versions = 1 if chance is None else chance.shape[1]
        stops = torch.tensor(how.stops, dtype=torch.long, device=self._device)
        beginnings: list[dict[tuple[int, ...], None]] = [{} for _ in logits]
        found: list[list[list[int]]] = [[[]] * versions for _ in logits]
        if chance is not None:
            chance[:, 0] = -1.0
            chance = chance.flatten(0, 1)
        logits = logits.repeat_interleave(versions, dim=0)
        rows = list(range(len(logits)))  # which version of which text stands in a row of the batch
        written = torch.zeros((len(rows), 0), dtype=torch.long, device=self._device)
        has_ended = torch.zeros(len(rows), dtype=torch.bool, device=self._device)
        for at in range(how.max_new_tokens):
            logits = forbid_repetitions(written, logits)
            if chance is None:
                tokens = logits.argmax(-1)
            else:
                likeliest = _top(logits, TOP_K)
                tokens = draw(*likeliest, chance[:, at])
                if len(stops) and at:
                    may_end = share_of(stops, *likeliest) >= MAY_END
                    may_end &= ~torch.isin(tokens, stops) & ~has_ended
                    for row in may_end.nonzero().flatten().tolist():
                        beginnings[rows[row] // versions][tuple(written[row].tolist())] = None
            written = torch.cat([written, tokens[:, None]], dim=1)
            ends = self._is_done(written, is_last=at == how.max_new_tokens - 1) & ~has_ended
            for row in ends.nonzero().flatten().tolist():
                text, version = divmod(rows[row], versions)
                found[text][version] = self._without_end(written[row].tolist())
            has_ended |= ends
            going = _few_sizes(~has_ended)
            if not len(going):
                break
            if len(going) < len(rows):
                rows = [rows[row] for row in going.tolist()]
                written, has_ended = written[going], has_ended[going]
                chance = None if chance is None else chance[going]
                steps.keep(going)
            logits = steps.next(written[:, -1])
        for drawn, shorter in zip(found, beginnings, strict=True):
            drawn.extend([list(b) for b in shorter if list(b) not in drawn])
        return found

    def _beams(self, logits: torch.Tensor, steps: _Steps, how: Decoding) -> list[list[list[int]]]:
        """Beam search as transformers does it with ``early_stopping=False`` (``GenerationMixin._beam_search``)."""
        beams, device = how.beams, self._device
        keep = max(2, 1 + len(self._ends)) * beams
        found: list[list[list[int]]] = [[] for _ in logits]
        texts = list(range(len(logits)))
        logits = logits[:, None]  # all beams of a text begin as one
        rows = torch.arange(len(texts) * beams, device=device).view(-1, beams)
        written = torch.zeros((len(texts), 1, 0), dtype=torch.long, device=device)
        scores = torch.zeros((len(texts), 1), device=device)
        done = torch.zeros((len(texts), beams, how.max_new_tokens), dtype=torch.long, device=device)
        done_scores = torch.full((len(texts), beams), _NEVER, device=device)
        done_lengths = torch.zeros((len(texts), beams), dtype=torch.long, device=device)
        for at in range(how.max_new_tokens):
            log_sums = logits.logsumexp(-1, keepdim=True)
            allowed = forbid_repetitions(written.flatten(0, 1), logits.flatten(0, 1))
            best, tokens = _top(allowed.view_as(logits), keep)
            totals = (best - log_sums + scores[:, :, None]).flatten(1)
            totals, order = totals.topk(min(keep, totals.shape[1]), dim=-1)
            parents = order // best.shape[-1]
            tokens = tokens.flatten(1).gather(1, order)
            tried = torch.cat([_pick(written, parents), tokens[:, :, None]], dim=2)
            ends = self._is_done(tried.flatten(0, 1), is_last=at == how.max_new_tokens - 1)
            ends = ends.view(tokens.shape)
            # finished: only what stands among the best `beams`, by its mean log probability
            ended = totals / (at + 1) ** how.length_penalty
            ended = ended.masked_fill(~ends, _NEVER)[:, :beams]
            padded = torch.nn.functional.pad(tried[:, :beams], (0, how.max_new_tokens - at - 1))
            lengths = torch.full_like(ends[:, :beams], at + 1, dtype=torch.long)
            done_scores, order = torch.cat([done_scores, ended], dim=1).topk(beams, dim=-1)
            done = _pick(torch.cat([done, padded], dim=1), order)
            done_lengths = torch.cat([done_lengths, lengths], dim=1).gather(1, order)
            # going on: the best `beams` of the others
            scores, order = totals.masked_fill(ends, _NEVER).topk(beams, dim=-1)
            written, parents = _pick(tried, order), parents.gather(1, order)
            hope = scores[:, 0] / (at + 1) ** how.length_penalty
            is_done = (hope <= done_scores[:, -1]) | ends.all(-1)
            for row in is_done.nonzero().flatten().tolist():
                found[texts[row]] = [
                    self._without_end(tokens_[:length])
                    for tokens_, length, score in zip(
                        done[row].tolist(), done_lengths[row].tolist(), done_scores[row].tolist(),
                        strict=True,
                    )
                    if score > _NEVER / 2
                ]  # fmt: skip
            steps.reorder(rows[: len(texts)].gather(1, parents).flatten())
            going = closed_up(~is_done)
            if not len(going):
                break
            if len(going) < len(texts):
                texts = [texts[row] for row in going.tolist()]
                written, scores = written[going], scores[going]
                done, done_scores, done_lengths = done[going], done_scores[going], done_lengths[going]  # fmt: skip
                steps.keep(rows[going].flatten())
            logits = steps.next(written[:, :, -1].flatten()).view(len(texts), beams, -1)
        return found

    def _is_done(self, written: torch.Tensor, *, is_last: bool) -> torch.Tensor:
        """One flag a row of ``written``."""
        if is_last:
            return torch.ones(len(written), dtype=torch.bool, device=self._device)
        is_done = torch.isin(written[:, -1], self._ends)
        if self._ended is not None:
            is_done = is_done | torch.tensor(self._ended(written.tolist()), device=self._device)
        return is_done

    def _without_end(self, tokens: list[int]) -> list[int]:
        return tokens[:-1] if tokens and tokens[-1] in self._ends.tolist() else tokens


class _Steps:
    """The writing itself, a token a step for every continuation that is not finished."""

    def __init__(self, model: Any, cache: SharedCache, lengths: list[int], versions: int) -> None:
        self._model, self._cache = model, cache
        read = torch.tensor(lengths, device=model.device)
        cache.begin_writing(read, versions)
        self._positions = read.repeat_interleave(versions)

    def next(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits ``(rows, vocabulary)`` float32 after ``tokens`` ``(rows,)``."""
        out = self._model(
            input_ids=tokens[:, None],
            position_ids=self._positions[:, None],
            past_key_values=self._cache,
            use_cache=True,
            shared=self._cache,
        )
        self._positions += 1
        logits: torch.Tensor = out.logits[:, -1].float()
        return logits

    def keep(self, rows: torch.Tensor) -> None:
        """Drop all continuations but those at ``rows``."""
        self._cache.keep(rows)
        self._positions = self._positions[rows]

    def reorder(self, parents: torch.Tensor) -> None:
        """See ``SharedCache.reorder``."""
        self._cache.reorder(parents)


def _few_sizes(is_going: torch.Tensor) -> torch.Tensor:
    """The rows to go on with: those that go on and, up to the next multiple of eight, some that do not.

    For each number of rows oneDNN writes programs of its own, which take up more memory than a few idle rows take time.
    """
    count = int(is_going.sum())
    idle = -count % 8 if count > 4 else 0
    is_kept = is_going.clone()
    is_kept[(~is_going).nonzero().flatten()[:idle]] = True
    return closed_up(is_kept)


def _rounded_up(length: int) -> int:
    """To the next multiple of eight; see ``_few_sizes``."""
    return length + -length % 8


def _pick(rows: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
    """``rows`` (texts, n, length) in the ``order`` (texts, m)."""
    return rows.gather(1, order[:, :, None].expand(-1, -1, rows.shape[2]))


def _top(logits: torch.Tensor, count: int, block: int = 128) -> tuple[torch.Tensor, torch.Tensor]:
    """The ``count`` largest of the last dimension with their places, as ``topk``, which on a CPU sorts all 49,152.

    The largest stand in the blocks with the largest maxima.
    """
    size = logits.shape[-1]
    if size < 8 * count * block:
        values, places = logits.topk(min(count, size), dim=-1)
        return values, places
    blocks = torch.nn.functional.pad(logits, (0, -size % block), value=float("-inf"))
    blocks = blocks.unflatten(-1, (-1, block))
    chosen = blocks.amax(-1).topk(count, dim=-1).indices
    found = blocks.gather(-2, chosen[..., None].expand(*chosen.shape, block)).flatten(-2)
    values, order = found.topk(count, dim=-1)
    return values, chosen.gather(-1, order // block) * block + order % block
