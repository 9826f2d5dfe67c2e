"""A story's result as bars: positions and lengths here; the SVG is in templates/partials/result.svg.j2, the PNG in result_png.py.

Bars begin at zero and are to scale. What the story is about is solid and set in bold, the others are outlined: nothing is told
by color alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.issue import FullStory, Part, ResultChart
from digest.render.tex import to_unicode

WIDTH = 508  # CSS pixels; with the margin of the PNG the column of the mail; the SVG grows with its column
ROW = 46
BAR = 14
LABEL_PX = 15
_LABEL_Y, _BAR_Y = 14, 22  # within a row: baseline of the label, top of the bar
_VALUE_PX = 10.5  # a character of a value in the widest bold font, DejaVu Sans
_MARGIN = 1  # half an outline
MAX_LABEL = 54  # characters; more do not fit beside nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBar:
    label: str
    value: str
    label_y: int  #: baseline of the label, which stands above its bar
    y: int  #: top of the bar
    width: float
    value_x: float  #: where the value begins, after the bar
    value_y: int  #: its baseline
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    bars: tuple[PlacedBar, ...]
    width: int
    height: int
    bar_height: int
    description: str


def placed(chart: ResultChart) -> Bars:
    """The bars of ``chart`` in its order, the longest as long as the values beside them leave room."""
    values = [to_unicode(b.value) for b in chart.bars]
    room = WIDTH - 2 * _MARGIN - 8 - _VALUE_PX * max(map(len, values))
    most = max(b.amount for b in chart.bars)
    return Bars(
        bars=tuple(
            PlacedBar(
                label=_cut(to_unicode(bar.label)),
                value=value,
                label_y=ROW * i + _LABEL_Y,
                y=ROW * i + _BAR_Y,
                width=round(room * bar.amount / most, 1),
                value_x=round(_MARGIN + room * bar.amount / most + 8, 1),
                value_y=ROW * i + _BAR_Y + BAR - 2,
                is_main=bar.is_main,
            )
            for i, (bar, value) in enumerate(zip(chart.bars, values, strict=True))
        ),
        width=WIDTH,
        height=ROW * len(values) - 6,
        bar_height=BAR,
        description=to_unicode(chart.description),
    )


def _cut(label: str) -> str:
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1].rstrip() + "…"


def chart_part(story: FullStory) -> Part | None:
    """The part of the story that its chart stands under: that which tells the result, else the last; None without parts."""
    tested = (p for p in story.parts if p.kind == "tested")
    return next(tested, story.parts[-1] if story.parts else None)
