"""What the week was about, as a bar plot: positions and lengths here, the SVG in templates/partials/chart.svg.j2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.topics import TOPIC_TITLES

MAX_BARS = 8
WIDTH = 260  # user units of the viewBox, one CSS pixel each in the margin column
ROW = 36
BAR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    count: int
    label_y: int  #: baseline of the label, which stands above its bar
    y: int  #: top of the bar
    width: float  #: to scale: 0 stories is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_height: int
    description: str  #: the whole plot in a sentence, for those who do not see it


def topic_chart(topic_counts: Sequence[tuple[str, int]]) -> Chart | None:
    """A horizontal bar per topic, in the order given, at most eight; None where there are fewer than two to compare."""
    rows = [(TOPIC_TITLES.get(t, t), n) for t, n in topic_counts if n > 0][:MAX_BARS]
    if len(rows) < 2:
        return None
    most = max(n for _, n in rows)
    bars = tuple(
        Bar(label=label, count=n, label_y=ROW * i + 13, y=ROW * i + 20, width=round(WIDTH * n / most, 1))
        for i, (label, n) in enumerate(rows)
    )  # fmt: skip
    said = ", ".join(f"{b.label} {b.count}" for b in bars)
    return Chart(
        bars=bars,
        width=WIDTH,
        height=ROW * len(bars),
        bar_height=BAR,
        description=f"Stories of the week by topic: {said}.",
    )
