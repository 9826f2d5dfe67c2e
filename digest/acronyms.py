"""Acronyms that a text defines itself, by the rule of Schwartz and Hearst (Pacific Symposium on Biocomputing, 2003)."""

from __future__ import annotations

import re

#: What may stand in brackets as a short form: one or two words, 2 to 10 characters, no digits alone.
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{2,160}?)\s*[)\]]")
_SHORT = re.compile(r"(?=.{2,10}$)(?=.*[A-Za-z])[^\W_][\w@./&+-]*(?: [\w@./&+-]+)?")
_BREAK = re.compile(r"[.!?;:]\s|[()\[\]\n]")
_WORD = re.compile(r"[^\s]+")
_PLURAL = re.compile(r"(?<=[A-Z\d])s$")


def singular(short: str) -> str:
    """An acronym without its plural's "s": "GANs" -> "GAN"."""
    return _PLURAL.sub("", short)


def acronyms(text: str) -> dict[str, tuple[str, ...]]:
    """What ``text`` writes out, by short form (singular): {"GAN": ("generative adversarial networks",)}.

    Both orders count: "batch normalization (BN)" and "BN (batch normalization)".
    """
    found: dict[str, dict[str, None]] = {}
    for match in _BRACKETS.finditer(text):
        before = _BREAK.split(text[max(0, match.start() - 240) : match.start()])[-1].rstrip()
        # "(BN; see below)", "(e.g., BN)" and "(GANs, 2014)": only what stands before the break can be a short form
        inside = re.split(r"[;,]\s", match[1])[0].strip("\"'“”‘’ ")
        pair = _pair(before, inside)
        if pair:
            found.setdefault(singular(pair[0]), {})[pair[1]] = None
    return {short: tuple(longs) for short, longs in found.items()}


def _pair(before: str, inside: str) -> tuple[str, str] | None:
    """Short form and long form of "``before`` (``inside``)", or None where neither is the other's acronym."""
    if _SHORT.fullmatch(inside) and _is_acronym(inside):
        long = long_form(inside, before)
        return (inside, long) if long else None
    word = _WORD.findall(before)[-1:]
    if word and _SHORT.fullmatch(word[0]) and _is_acronym(word[0]):
        long = long_form(word[0], inside)
        return (word[0], long) if long and len(long) >= len(inside) - 1 else None
    return None


def _is_acronym(short: str) -> bool:
    """More capitals than a name has, or one among small letters as in "mAP"; "(Smith)" and "(left)" are none."""
    return len(re.findall(r"[A-Z]", short)) >= 2 or bool(re.search(r"[a-z][A-Z]|[A-Z]\d", short))


def long_form(short: str, before: str) -> str:
    """The words at the end of ``before`` that ``short`` stands for, or "".

    From the right, every letter of the short form must come in order, its first one at the beginning of a word; no more
    words than letters + 5, nor twice the letters.
    """
    plain = singular(short)
    words = list(_WORD.finditer(before))[-min(len(plain) + 5, 2 * len(plain)) :]
    if not words:
        return ""
    candidate = before[words[0].start() :]
    at = len(candidate) - 1
    letters = [c for c in plain.lower() if c.isalnum()]
    lowered = candidate.lower()
    for n in range(len(letters) - 1, -1, -1):
        while at >= 0 and (
            lowered[at] != letters[n] or (n == 0 and at > 0 and lowered[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    long = candidate[at + 1 :].strip(" ,\"'“”‘’")
    is_itself = plain.lower() in long.lower().split()
    return "" if is_itself or len(long) <= len(plain) else long
