"""Numbers as text states them: digits, words, percent, "x times", thousands, exponents; for comparing, not computing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Unit = Literal["", "%", "x", "points", "ms", "s", "min", "h", "days", "years"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_WORDS: dict[str, Decimal] = {w: Decimal(v) for v, w in enumerate(_ONES.split())} | {
    word: Decimal(value)
    for word, value in {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "hundreds": "100", "thousand": "1000", "thousands": "1000", "million": "1e6", "millions": "1e6", "billion": "1e9", "billions": "1e9", "trillion": "1e12", "dozen": "12", "dozens": "12", "half": "0.5", "twice": "2", "double": "2", "doubles": "2", "doubled": "2", "doubling": "2", "thrice": "3", "triple": "3", "triples": "3"}.items()
}  # fmt: skip
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "t": 10**12, "trillion": 10**12}  # fmt: skip
_TIMES = frozenset(("twice", "double", "doubles", "doubled", "doubling", "thrice", "triple", "triples"))  # fmt: skip
_UNITS: tuple[tuple[str, Unit], ...] = (("point", "points"), ("ms", "ms"), ("milli", "ms"), ("s", "s"), ("min", "min"), ("hour", "h"), ("day", "days"), ("year", "years"))  # fmt: skip

_NUMBER = re.compile(
    r"(?P<value>\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|bn|[kKMBT](?![A-Za-z])))?"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|percentage points?\b|x\b(?!\s?\d)|×(?!\s?\d)|times\b|-?\s?fold\b"
    r"|points?\b|ms\b|milliseconds?\b|s\b|seconds?\b|minutes?\b|hours?\b|days?\b|years?\b))?"
)
_WORD = re.compile(
    r"\b(?P<word>" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?=\b|fold\b)"
    r"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion))?"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|times\b|-?\s?fold\b|points?\b|seconds?\b|minutes?\b|hours?\b|days?\b|years?\b))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text; ``unit`` tells percent from "times" and from bare numbers."""

    value: Decimal
    unit: Unit
    text: str  #: as written


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number in ``text``, digits first, each in order; digits inside names ("GPT-2") count too."""
    text = plain(text)
    found = [_quantity(m, Decimal(m["value"])) for m in _NUMBER.finditer(text)]
    for m in _WORD.finditer(_NUMBER.sub(" # ", text)):  # "2.5 million" is one number
        value = _WORDS[m["word"].lower()]
        unit: Unit = "x" if m["word"].lower() in _TIMES else _unit(m["unit"])
        scale = (m["scale"] or "").lower()
        found.append(Quantity(value * (100 if scale == "hundred" else _SCALES.get(scale, 1)), unit, m[0].strip()))  # fmt: skip
    return tuple(found)


def missing(sentence: str, source: str) -> tuple[Quantity, ...]:
    """The numbers of ``sentence`` that ``source`` does not state, or states with another unit only."""
    stated: dict[Decimal, set[Unit]] = {}
    for q in quantities(source):
        stated.setdefault(q.value.normalize(), set()).add(q.unit)
    absent = []
    for q in quantities(sentence):
        units = stated.get(q.value.normalize())
        if units is None or (q.unit and q.unit not in units and "" not in units):
            absent.append(q)
        elif not q.unit and units == {"%"}:
            absent.append(q)  # "improves by 3" where the source says 3 %
    return tuple(absent)


_LITERALS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def unstated(sentence: str, source: str) -> tuple[str, ...]:
    """The numbers that ``sentence`` writes in digits, or as a word up to twelve, and ``source`` in neither way.

    Stricter than ``missing``: "ten thousand" is not stated by "10,000". No number passes that a reader cannot look up.
    """
    known = _literals(source)
    return tuple(n for n in sorted(_literals(sentence)) if n not in known)


def _literals(text: str) -> frozenset[str]:
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.lower())
    digits = set(re.findall(r"\d+(?:\.\d+)?", text))
    words = {str(i) for i, w in enumerate(_LITERALS) if re.search(rf"\b{w}\b", text)}
    return frozenset(digits | words)


def _quantity(match: re.Match[str], value: Decimal) -> Quantity:
    scale = (match["scale"] or "").lower()
    return Quantity(value * _SCALES.get(scale, 1), _unit(match["unit"]), match[0].strip())


def _unit(text: str | None) -> Unit:
    text = (text or "").strip().lower()
    if text.startswith(("%", "per")):
        return "%"
    for beginning, unit in _UNITS:
        if text.startswith(beginning):
            return unit
    return "x" if text else ""


def plain(text: str) -> str:
    r"""Without what TeX and typography put around digits: "1{,}000", "86.5\,\%", "10$\times$"."""
    text = re.sub(r"\\[,;:! ]|\{,\}|~|[$]", "", text.replace("\u202f", "").replace("\u2009", ""))
    text = re.sub(r"\\times|\\x\b", "×", text).replace("\\%", "%")
    return re.sub(r"(?<=\d)(?:,|\{,\})(?=\d{3}(?!\d))", "", text)
