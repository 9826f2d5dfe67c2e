"""Put rendered files on disk, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from digest.errors import RenderError
from digest.types import Rendered


def write_all(out: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
    """The files below ``out`` whose bytes changed, in the order given; the others keep their time stamps.

    Every file is written under another name in its own folder and then renamed, so that a reader (or a kill) never finds
    half of one. RenderError, in one line, where a folder or file cannot be written.
    """
    return tuple(path for file in files if (path := _write(out, file)) is not None)


def _write(out: Path, file: Rendered) -> Path | None:
    relative = PurePosixPath(file.path)
    if relative.is_absolute() or ".." in relative.parts or not relative.name:
        raise RenderError(f"{file.path!r} is not a path below the output folder")
    path = out / relative
    # One name, not a random one: what a killed run left behind is overwritten by the next.
    temporary = path.with_name(f".{path.name}.part")
    try:
        if path.is_file() and path.read_bytes() == file.content:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(file.content)
        os.replace(temporary, path)  # noqa: PTH105 -- the word says that an existing file is replaced
    except OSError as error:
        temporary_is_left = temporary.is_file()
        if temporary_is_left:
            temporary.unlink(missing_ok=True)
        raise RenderError(
            f"{path}: cannot be written: {error.strerror or error}",
            hint="is there space, and may you write there?",
        ) from error
    return path
