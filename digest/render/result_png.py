"""A story's result as a PNG, for mail programs and PowerPoint, which draw no SVG."""

from __future__ import annotations

import io
import unicodedata

from digest.issue import FullStory, ResultChart
from digest.render.result_bars import BAR, LABEL_PX, placed

SCALE = 2  # pixels a CSS pixel
_PAPER, _INK, _ACCENT = "#fffdf9", "#24211d", "#8a2f1d"  # of the mail's style
_PAD = 10  # CSS pixels around it: in a dark mail the picture stays a light card


def result_png(chart: ResultChart) -> bytes:
    """Twice as many pixels as it is to be shown wide (``size_of``); the same bytes for the same chart."""
    from PIL import Image, ImageDraw, ImageFont

    plot = placed(chart)
    width, height = size_of(chart)
    image = Image.new("RGB", (width * SCALE, height * SCALE), _PAPER)
    draw = ImageDraw.Draw(image)
    # Aileron, which Pillow carries: no font of the machine counts
    font = ImageFont.load_default(LABEL_PX * SCALE)

    def write(x: float, baseline: float, text: str, *, is_bold: bool) -> None:
        at = ((x + _PAD) * SCALE, (baseline + _PAD) * SCALE)
        weight = 0.6 * is_bold
        draw.text(at, _drawable(text), fill=_INK, font=font, anchor="ls", stroke_width=weight)

    for bar in plot.bars:
        write(0, bar.label_y, bar.label, is_bold=bar.is_main)
        left, top = _PAD * SCALE, (bar.y + _PAD) * SCALE
        box = (left, top, left + max(bar.width * SCALE, 3), top + BAR * SCALE)
        draw.rectangle(box, fill=_ACCENT if bar.is_main else None, outline=_ACCENT, width=3)
        write(bar.value_x, bar.value_y, bar.value, is_bold=bar.is_main)
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return packed.getvalue()


def _drawable(text: str) -> str:
    """In ASCII, which is what the font has: "Lé" as "Le"."""
    text = text.replace("±", "+/-").replace("…", "...").replace("×", "x")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def size_of(chart: ResultChart) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    plot = placed(chart)
    return plot.width + 2 * _PAD, plot.height + 2 * _PAD


def chart_name(story: FullStory) -> str:
    """The file of the story's chart, beside the mail that shows it."""
    return f"result-{story.number}.png"
