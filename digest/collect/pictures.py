"""Which pictures of a text are figures of it: not the pixels that count readers, the icons, the avatars and the emoji.

A figure is a reference. Nothing here, or anywhere in the program, loads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.types import Figure

MAX_FIGURES = 12  #: of one item; posts with more show variations of one plot
MIN_SIDE = 33  #: pixels; what is smaller is an icon or a pixel that counts readers
MAX_URL_CHARS = 2000
CAPTION_CHARS = 600  #: a longer caption is cut at a word

_NOISE = re.compile(
    r"feedburner|doubleclick|gravatar|google-analytics|scorecardresearch|quantserve|/emoji/|twemoji|wp-smiley|/smilies/"
    r"|//pixel\.|/pixel\.(?:gif|png)|/spacer\.|/blank\.gif|/1x1|//stats\.|//b\.gif|medium\.com/_/stat|/share[_-]?button"
    r"|/badge[s/.]|shields\.io|/avatars?/|/favicon",
    re.IGNORECASE,
)
_HTTP = re.compile(r"https?://[^\s/<>\"]+\.?[^\s<>\"]*$", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp)$", re.IGNORECASE)
#: One picture in many sizes: WordPress's plot-300x200.png and Blogger's /w640-h426/plot.png, /s72-c/plot.png.
_SIZE = re.compile(
    r"-\d{2,5}x\d{2,5}(?=\.\w+$)|/(?:s\d{2,4}|w\d{2,4}-h\d{2,4})(?:-[a-z]+)*(?=/[^/]+$)"
)


def has_picture_name(url: str) -> bool:
    """The path of ``url`` ends as the file of a picture does."""
    return bool(_PICTURE_NAME.search(url.partition("?")[0].partition("#")[0]))


def is_figure(url: str, width: object = None, height: object = None) -> bool:
    """``url`` is absolute http(s) and, by its name and its size in pixels where told, a picture for a reader."""
    if len(url) > MAX_URL_CHARS or not _HTTP.match(url) or _NOISE.search(url):
        return False
    sides = [side for side in (_pixels(width), _pixels(height)) if side is not None]
    return all(side >= MIN_SIDE for side in sides)


def unique_figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The first ``MAX_FIGURES`` in their order, each once whatever its size, with the first caption that it has."""
    found: dict[str, Figure] = {}
    for figure in figures:
        key = _SIZE.sub("", figure.url.partition("?")[0]) if has_picture_name(figure.url) else figure.url  # fmt: skip
        known = found.get(key)
        if known is None:
            found[key] = figure
        elif figure.caption and not known.caption:
            found[key] = Figure(url=known.url, caption=figure.caption)
    return tuple(found.values())[:MAX_FIGURES]


def caption_of(text: str) -> str:
    """``text`` on one line, cut at a word where it is longer than a caption."""
    line = " ".join(text.split())
    if len(line) <= CAPTION_CHARS:
        return line
    return line[:CAPTION_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _pixels(side: object) -> int | None:
    match = re.match(r"\s*(\d{1,6})(?:px|\.\d+)?\s*$", str(side or ""))
    return int(match[1]) if match else None
