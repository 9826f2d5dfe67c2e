"""The trained classifier: MiniLM with the adapter beside this file, read when it is opened.

The adapter is made by ``training/roles/``; its model card tells what it learned from and how well it does.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import BackendUnavailable
from digest.models.embedder import MODEL
from digest.models.weights import find_weights
from digest.summarize.roles.chain import likeliest
from digest.summarize.roles.windows import MAX_SENTENCE_TOKENS, Window, owners, windows
from digest.types import Role

if TYPE_CHECKING:
    from digest.summarize.roles.network import RoleNetwork

log = logging.getLogger(__name__)

ADAPTER = Path(__file__).with_name("roles.safetensors")
#: Tokens of a batch, padding counted: 16 abstracts of usual length.
BATCH_TOKENS = 4096
#: Characters of a sentence that are looked at: no 128 tokens of English, Chinese or TeX are longer.
_MAX_CHARS = 16 * MAX_SENTENCE_TOKENS
#: Digits kept of a score. Padding changes the sixth; without the rounding a close call could go otherwise in other company.
_DIGITS = 3


class RoleTagger:
    """Sentences to roles."""

    def __init__(self, tokenizer: Any, network: RoleNetwork, device: str) -> None:
        self._tokenizer, self._network, self._device = tokenizer, network, device
        self._chain = [
            t.detach().cpu().numpy() for t in (network.transitions, network.starts, network.stops)
        ]

    def roles(self, texts: Sequence[Sequence[str]]) -> list[tuple[Role, ...]]:
        """One role for each sentence of each text, in order."""
        import numpy as np

        from digest.summarize.roles.network import ROLES

        read = [self._windows(text) for text in texts]
        jobs = [(t, w) for t, found in enumerate(read) for w in range(len(found))]
        scores: dict[tuple[int, int], Any] = {}
        for batch in _batches(jobs, read):
            found_scores = self._scores([read[t][w] for t, w in batch])
            scores |= dict(zip(batch, found_scores, strict=True))
        told: list[tuple[Role, ...]] = []
        for t, found in enumerate(read):
            rows = [scores[t, w][at] for w, at in owners(found)]
            table = np.round(np.array(rows).reshape(len(rows), len(ROLES)), _DIGITS)
            told.append(tuple(ROLES[r] for r in likeliest(table, *self._chain)))
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
        return windows(tokens, self._tokenizer.cls_token_id, self._tokenizer.sep_token_id)

    def _scores(self, found: Sequence[Window]) -> Any:
        import torch

        from digest.summarize.roles.network import collate

        with torch.inference_mode():
            batch = collate(found, self._tokenizer.pad_token_id, self._device)
            return self._network(batch).cpu().numpy()


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


def open_tagger(device: str = "auto") -> RoleTagger:
    """A tagger, loaded; BackendUnavailable where torch, transformers, MiniLM or the adapter are missing."""
    for package in ("torch", "transformers", "safetensors"):
        if importlib.util.find_spec(package) is None:
            raise BackendUnavailable(
                f"the package {package!r} is not installed", hint="install it; see the README"
            )
    weights = find_weights(MODEL)
    if weights.path is None or weights.path.is_file():
        raise BackendUnavailable(f"{MODEL}: no folder with config.json and *.safetensors")
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    from digest.models.device import choose_device
    from digest.summarize.roles.network import RoleNetwork, load_adapter

    transformers_logging.disable_progress_bar()
    place = choose_device(device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(weights.path)
        encoder = AutoModel.from_pretrained(weights.path, dtype=torch.float32)
        encoder.pooler = None
        network = RoleNetwork(encoder)
        load_adapter(network, ADAPTER, base=weights.fingerprint)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as e:
        said = (str(e).strip().splitlines() or [type(e).__name__])[0]
        raise BackendUnavailable(f"the classifier of roles cannot be loaded: {said}") from e
    log.info("reading roles with %s on %s", weights.model_id, place)
    return RoleTagger(tokenizer, network.eval().to(place), place)
