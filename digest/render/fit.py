"""How much fits on a slide: type is made smaller, then bullets are left to the notes.

Heights are estimated in pixels of a slide of 1280 x 720 from the sizes in slides.css, for the widest of its fonts; a
test in the browser holds the estimate against what is really set.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, replace

from digest.render.slide import Slide

HEIGHT_PX = 720
MAX_BULLETS = 5
_WIDTH_PX = 1152
_LABELED_WIDTH_PX = 960
#: A mean character, in ems, of the widest fonts that slides.css is likely to meet: DejaVu Sans, Georgia, Georgia bold.
_SANS_EM, _SERIF_EM, _TITLE_EM = 0.53, 0.45, 0.48
_LABEL_CHARACTERS = 16  # in a line of a label
_RAGGED = 1.05  # lines end before the margin


@dataclass(frozen=True, slots=True)
class _Type:
    """Sizes in pixels."""

    lede: float
    bullet: float
    gap: float
    strip: float


_NORMAL = _Type(lede=29.5, bullet=28, gap=12, strip=25)
_SMALL = _Type(lede=26.3, bullet=24.3, gap=9.6, strip=24.3)


def is_roomy(slide: Slide) -> bool:
    """The slide fits in the normal type."""
    return len(slide.bullets) <= MAX_BULLETS and _height(slide, _NORMAL) <= HEIGHT_PX


def fit(slide: Slide) -> Slide:
    """The slide in the type that it fits in, without the bullets that there is no room for: second ones on the same
    subject go first.
    """
    bullets = list(slide.bullets)
    while len(bullets) > 1 and (
        len(bullets) > MAX_BULLETS
        or _height(replace(slide, bullets=tuple(bullets)), _SMALL) > HEIGHT_PX
    ):
        labels = [bullet.label for bullet in bullets]
        doubled = [at for at, label in enumerate(labels) if label in labels[:at]]
        bullets.pop(doubled[-1] if doubled else -1)
    fitted = replace(slide, bullets=tuple(bullets))
    return replace(fitted, is_dense=not is_roomy(fitted))


def _height(slide: Slide, type_: _Type) -> float:
    margins, kicker = 77.0, 25
    height = margins + kicker + 49 * _lines(slide.title, 43, _WIDTH_PX, _TITLE_EM)
    if slide.lede:
        height += 19 + 1.3 * type_.lede * _lines(
            slide.lede.text, type_.lede, _WIDTH_PX - 23, _SERIF_EM
        )
    if slide.bullets:
        height += 22 - type_.gap
        width = _LABELED_WIDTH_PX if any(b.label for b in slide.bullets) else _WIDTH_PX
        for bullet in slide.bullets:
            tag = " [model]" if bullet.origin == "model" else ""
            text_height = 1.32 * type_.bullet * _lines(bullet.text + tag, type_.bullet, width)
            label_lines = len(textwrap.wrap(bullet.label, _LABEL_CHARACTERS))
            height += type_.gap + max(text_height, 24 * label_lines)
    if slide.course:
        strip = f"In this course {slide.course}"
        height += 43 + 1.3 * type_.strip * _lines(strip, type_.strip, _WIDTH_PX - 38)
    sources = "".join(f"{link.label} {link.url[:44]}    " for link in slide.links)
    return height + 15 + 22 * max(1, _lines(sources, 16.3, 1040))


def _lines(text: str, size_px: float, width_px: float, character_em: float = _SANS_EM) -> int:
    return math.ceil(len(text) * size_px * character_em * _RAGGED / width_px)
