"""The public holidays of a country around a day, by their everyday names, from the ``holidays`` library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from digest.lecture.syllabus import Holiday

AROUND_DAYS = 10  #: more than the sign-off looks at; a feast of several days is told by its first

#: Days that the library lists and nobody is wished: substitutes, eves of long feasts, the days after the first.
_NO_FEAST = re.compile(
    r"\b(?:observed|substitut\w+|day off|alternative|in lieu|bridge|preceding|election|inauguration"
    r"|(?:second|third|fourth|fifth|sixth|seventh|\d+(?:st|nd|rd|th)?) (?:day )?of)\b|^additional ",
    re.IGNORECASE,
)


def public_holidays(countries: Sequence[str], day: date) -> tuple[Holiday, ...]:
    """The feasts within ``AROUND_DAYS`` of ``day`` in all ``countries`` ("US", "DE-BY"), by date; each once."""
    found = {h for code in countries for h in _of(code, day)}
    return tuple(sorted(h for h in found if abs((h.date - day).days) <= AROUND_DAYS))


def _of(code: str, day: date) -> Iterable[Holiday]:
    """Of a feast that lasts, the first day only."""
    last: dict[str, date] = {}
    for on, name in _listed(code, tuple(sorted({day.year - 1, day.year, day.year + 1}))):
        before = last.get(name)
        last[name] = on
        if before is None or on - before > timedelta(days=1):
            yield Holiday(on, name)


@cache
def _listed(code: str, years: tuple[int, ...]) -> tuple[tuple[date, str], ...]:
    """Every feast by date; a day may have several."""
    import holidays

    country, _, part = code.partition("-")
    listed = holidays.country_holidays(country, subdiv=part or None, years=years, language="en_US")
    return tuple(
        (day, name)
        for day, names in sorted(listed.items())
        for raw in names.split("; ")
        if not _NO_FEAST.search(raw) and (name := re.sub(r"\s*\([^)]*\)", "", raw).strip())
    )
