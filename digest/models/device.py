"""Where and in which number format a model runs fastest here."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

# Bfloat16 changes the text now and then, so it has to be worth it. Processors with matrix units for it are some 10 times
# faster than in float32, those without 5 times slower; none known lies near this border.
_MIN_GAIN = 1.5


def choose_device(wanted: str) -> str:
    """The device ``wanted``; "auto" is CUDA, else Apple's MPS, else the CPU."""
    import torch

    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def free_memory() -> None:
    """Give back what the libraries keep for themselves: the blocks of one batch seldom fit the next one's texts."""
    import torch

    with suppress(OSError, AttributeError):  # glibc has it
        ctypes.CDLL(None).malloc_trim(0)
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def choose_dtype(wanted: str, device: str, memo: Path) -> torch.dtype:
    """The number format of ``wanted``; "auto" is bfloat16 where it pays: on CUDA if supported, on a CPU if measured so.

    The measurement is kept in the folder ``memo``, one file a kind of processor: a run that is killed and taken up again
    must compute as it did before, however busy the machine was while measuring.
    """
    import torch

    if wanted != "auto":
        return torch.bfloat16 if wanted == "bfloat16" else torch.float32
    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device != "cpu":
        return torch.float32
    abilities = f"{torch.__version__} {torch.cpu.get_capabilities()}"
    file = memo / f"cpu-dtype-{hashlib.sha256(abilities.encode()).hexdigest()[:16]}"
    try:
        is_bfloat16 = file.read_text() == "bfloat16"
    except OSError:
        wide, narrow = _seconds(torch.float32, torch.bfloat16)
        is_bfloat16 = wide > _MIN_GAIN * narrow
        _remember(file, "bfloat16" if is_bfloat16 else "float32")
    return torch.bfloat16 if is_bfloat16 else torch.float32


def _seconds(*dtypes: torch.dtype) -> list[float]:
    """The time of one matrix product of the shape of a small model's feed-forward layer in each format.

    The best of twenty, in turns and with rests: on a busy machine a run of bad luck must not fall on one of them alone.
    """
    import torch

    factors = [(torch.ones(256, 576, dtype=d), torch.ones(1536, 576, dtype=d)) for d in dtypes]
    best = [float("inf")] * len(dtypes)
    for turn in range(21):  # the first one also sets up the kernels
        for n, (left, right) in enumerate(factors):
            start = time.perf_counter()
            torch.nn.functional.linear(left, right)
            best[n] = min(best[n], time.perf_counter() - start)
        if turn % 5 == 0:
            time.sleep(0.01)
    return best


def _remember(file: Path, text: str) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text)
        part.replace(file)
    except OSError as e:
        log.info("%s: cannot be written: %s", file, e.strerror)
