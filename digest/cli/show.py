"""How things are written for a terminal: lines of at most 100 columns, in color only where somebody looks at them."""

from __future__ import annotations

import json
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

COLUMNS = 100
NO_FETCH, FAILED, NOTHING = "·", "×", "▁"
BARS = "▂▃▄▅▆▇█"


def line(text: str, *, mark: str = "", style: str = "") -> None:
    """Print ``mark``, in ``style``, and ``text``; no color where stdout is no terminal, or where NO_COLOR is set."""
    from rich.console import Console
    from rich.text import Text

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # an ASCII terminal shows "?" for a bar
    console = Console(file=sys.stdout, highlight=False)
    console.print(Text.assemble((mark, style), clean(text)), soft_wrap=True)


def detail(text: str, *, indent: int = 7) -> None:
    """Print ``text`` indented, and broken into lines where it is long."""
    # a URL is never broken: a reader must be able to copy it
    wrapper = textwrap.TextWrapper(
        width=COLUMNS,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for part in wrapper.wrap(clean(text)):
        line(part)


def as_json(data: Any) -> None:
    """Print ``data`` as JSON; dates in ISO 8601."""
    print(json.dumps(data, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def clean(text: str) -> str:
    """``text`` without what would move the cursor or color the screen: names and titles come from strangers."""
    return "".join(c if c.isprintable() else " " for c in text)


def fit(text: str, width: int) -> str:
    """``text`` in exactly ``width`` columns of a terminal, cut with an ellipsis or filled with blanks."""
    text = clean(text)
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    """How wide a terminal shows ``text``: East Asian characters take two columns, accents none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def sparkline(weeks: Sequence[tuple[int, bool, bool]]) -> str:
    """One character a week, of (items, is_fetched, is_failed); the tallest bar is the fullest of these weeks."""
    most = max((items for items, _, _ in weeks), default=0)
    signs = []
    for items, is_fetched, is_failed in weeks:
        if items:
            signs.append(BARS[min(len(BARS) - 1, (items * len(BARS) - 1) // most)])
        else:
            signs.append(NOTHING if is_fetched else FAILED if is_failed else NO_FETCH)
    return "".join(signs)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago it was, in one unit, rounded down: "2 days ago"; "never" for None."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    if seconds < -60:
        return f"on {day(moment)}"  # --now is in the past
    for unit, length in (("month", 2_629_746), ("week", 604_800), ("day", 86_400)):
        # weeks from the second one on, months from the third: "9 days ago" says more than "1 week ago"
        if seconds >= length * {"month": 3, "week": 2, "day": 1}[unit]:
            return count(int(seconds // length), unit) + " ago"
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return count(int(seconds // length), unit) + " ago"
    return "just now"


def day(moment: datetime) -> str:
    """The date, as "3 Feb 2021"."""
    return f"{moment.day} {moment:%b %Y}"


def size(byte_count: int) -> str:
    """How much it is, as "512 bytes", "4.1 KiB" or "2.0 MiB"."""
    if byte_count < 1024:
        return count(byte_count, "byte")
    return f"{byte_count / 1024:.1f} KiB" if byte_count < 2**20 else f"{byte_count / 2**20:.1f} MiB"


def count(number: int, noun: str) -> str:
    """How many there are, as "1 item" or "12 items"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
