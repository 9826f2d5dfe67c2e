"""A model that writes, loaded: causal or sequence to sequence, with its adapter, on the best device."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from digest.errors import BackendUnavailable
from digest.models.adapter import Adapter, merge_adapter
from digest.models.weights import Weights, converted, model_cache

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """What ``load_generator`` gives."""

    model: Any
    tokenizer: Any
    device: str
    end_ids: tuple[int, ...]
    context: int  #: most tokens of prompt and answer together

    @property
    def is_encoder_decoder(self) -> bool:
        return bool(self.model.config.is_encoder_decoder)


def load_generator(
    weights: Weights, adapter: Adapter | None, *, device: str, dtype: str
) -> Generator:
    """The model in inference mode. BackendUnavailable (one line) whatever is wrong with weights, tokenizer or adapter."""
    try:
        return _load(weights, adapter, device, dtype)
    except BackendUnavailable:
        raise
    except Exception as e:  # whatever transformers, safetensors or the hub raise for bad weights
        raise BackendUnavailable(
            f"{weights.model_id} cannot be loaded: {first_line(e)}",
            hint="check `summarizer: {model: ...}`, or set `backend: extractive`",
        ) from e


def _load(weights: Weights, adapter: Adapter | None, wanted: str, dtype: str) -> Generator:
    import torch
    import transformers
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

    from digest.models.device import choose_device, choose_dtype

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()  # one bar a stage is ours
    cache = model_cache()
    place = converted(weights, cache) if weights.path else weights.hub_name
    device = choose_device(wanted)
    number_format = choose_dtype(dtype, device, cache)
    revision = {"revision": weights.revision} if weights.revision else {}
    tokenizer = AutoTokenizer.from_pretrained(place, **revision)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    config = AutoConfig.from_pretrained(place, **revision)
    kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    if adapter is None:
        model = kind.from_pretrained(place, dtype=number_format, **revision)
    else:
        # merged before anything is rounded
        model = kind.from_pretrained(place, dtype=torch.float32, **revision)
        merge_adapter(model, adapter)
    model = model.to(device=torch.device(device), dtype=number_format).eval()
    named = str(number_format).removeprefix("torch.")
    log.info("%s on %s in %s", weights.model_id, device, named)
    return Generator(
        model=model,
        tokenizer=tokenizer,
        device=device,
        end_ids=_end_ids(model, tokenizer),
        context=_context(model.config),
    )


def _end_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """The model's own settings may name several, of which the tokenizer knows one."""
    named = model.generation_config.eos_token_id
    ids = named if isinstance(named, list) else [named]
    found = dict.fromkeys(i for i in (*ids, tokenizer.eos_token_id) if i is not None)
    if not found:
        raise BackendUnavailable("the model has no token that ends a text")
    return tuple(found)


def _context(config: Any) -> int:
    """BART and GPT-2 learn their positions one by one and have no more; T5 has no limit and is kept to 4,096."""
    for name in ("max_position_embeddings", "n_positions", "max_seq_len"):
        if isinstance(size := getattr(config, name, None), int) and size > 0:
            return size
    return 4096


def first_line(error: Exception) -> str:
    """What ``error`` says, in at most 200 characters."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
