"""The picture of a figure, fetched once and made ready to be shown: bounded in bytes and pixels, of a type that cannot run.

PNG, JPEG, WebP and GIF are taken, told by their content and not by their name; SVG, which may hold scripts, is not. The
same file gives the same bytes, and so the same name.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.collect.reach import addresses_of, fetch_page
from digest.errors import ParseError
from digest.net import HttpSession

if TYPE_CHECKING:
    from PIL import Image

MAX_FILE_BYTES = 8 << 20
MAX_UNALTERED_BYTES = 1 << 20  #: of one that may not be made smaller
MAX_PIXELS = 40_000_000  #: an image that packs more is an attack
WIDTH = 1056  #: pixels: twice the width of the column, for dense screens
_TYPES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}
_JPEG_QUALITY = 85
MIN_SIDE = 60  #: pixels; what is smaller is no figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file that can stand beside the issue."""

    content: bytes
    suffix: str  #: "png", "jpg", "webp", "gif"
    width: int  #: pixels
    height: int

    @property
    def name(self) -> str:
        """Of its content alone: "figure-9f2c4b1d77aa0e31.png"."""
        return f"figure-{hashlib.sha256(self.content).hexdigest()[:16]}.{self.suffix}"


def fetch_picture(
    url: str,
    session: HttpSession,
    *,
    may_alter: bool,
    resolve: Callable[[str], Iterable[str]] = addresses_of,
) -> Picture:
    """The picture at ``url``, no wider than ``WIDTH`` where it may be made smaller, else byte for byte.

    CollectError where it cannot be fetched, ParseError (which is one) where it cannot be shown.
    """
    response = fetch_page(session, url, resolve=resolve, max_bytes=MAX_FILE_BYTES)
    return ready(response.content, session.source, may_alter=may_alter)


def ready(content: bytes, source: str, *, may_alter: bool) -> Picture:
    """``content`` as it can be shown; ParseError where it is no picture, too large, or of a type that is not taken."""
    try:
        image = _loaded(content)
        if may_alter:
            return _resized(image, is_photo=image.format == "JPEG")
    except Exception as e:  # Pillow's decoders raise whatever they like
        said = str(e) if isinstance(e, _UnfitError) else type(e).__name__
        raise ParseError(source, f"is no picture that can be shown: {said}") from e
    if len(content) > MAX_UNALTERED_BYTES:
        raise ParseError(source, "the picture is too large to be shown unaltered")
    suffix = _TYPES[image.format or ""]
    return Picture(content=content, suffix=suffix, width=image.width, height=image.height)


class _UnfitError(ValueError):
    """Not broken, but not to be shown."""


def _loaded(content: bytes) -> Image.Image:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a bomb is only warned of
        image = Image.open(io.BytesIO(content), formats=list(_TYPES))
        width, height = image.size
        if width * height > MAX_PIXELS or min(width, height) < MIN_SIDE:
            raise _UnfitError(f"{width} x {height} pixels")
        image.load()
    return image


def _resized(image: Image.Image, *, is_photo: bool) -> Picture:
    """On white where it is transparent, for plots are drawn for white paper; without the file's metadata."""
    from PIL import Image

    if image.mode not in ("RGB", "L"):
        colored = image.convert("RGBA")
        paper = Image.new("RGBA", colored.size, "white")
        image = Image.alpha_composite(paper, colored).convert("RGB")
    if image.width > WIDTH:
        height = max(1, round(image.height * WIDTH / image.width))
        image = image.resize((WIDTH, height), Image.Resampling.LANCZOS)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    packed = io.BytesIO()
    if is_photo:
        clean.save(packed, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    else:
        clean.save(packed, "PNG", optimize=True)
    suffix = "jpg" if is_photo else "png"
    return Picture(content=packed.getvalue(), suffix=suffix, width=clean.width, height=clean.height)
