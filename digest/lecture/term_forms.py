"""Texts and terms as tokens: plurals, verb forms, British and American spelling, hyphen or none.

No regular expression a name: two thousand of them took 18 s to compile on a busy machine, and this takes a tenth of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_TOKEN = re.compile(r"[^\W_]+(?:[@.'\u2019&][^\W_]+)*")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
#: What may stand between the words of a term; the apostrophe is that of "Bayes' rule".
_BETWEEN = re.compile(r"['\u2019]?\s+|[-\u2010\u2011]")
_LEFT = re.compile(r"\w[-\u2010\u2011]$")
#: What may follow a term behind a hyphen without making another term of it: "GAN-based", "ResNet-50", and not "token-free".
_RIGHT = re.compile(
    r"_|[-\u2010\u2011](?!(?:based|like|style|driven|powered|guided|generated|assisted|enabled)\b|[A-Z\d])\w"
)
#: British endings as American ones. The rules go too far ("noize"), for texts and terms alike.
_AMERICAN = (
    (re.compile(r"is(?=(?:ations?|e[drs]?|ers?|ing)$)"), "iz"),
    (re.compile(r"ys(?=(?:e[dsr]?|ing)$)"), "yz"),
    (re.compile(r"(label|model|travel|signal|channel)l(?=ed|ing|er)"), r"\1"),
    (re.compile(r"(behavi|neighb|col|fav)our"), r"\1or"),
    (re.compile(r"centre"), "center"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: as it stands there without a possessive's ending, folded, and where."""

    raw: str
    folded: str
    start: int
    end: int
    is_first: bool  #: a term may begin here: nothing is tied to it on the left
    is_tied: bool  #: to the word before, by a hyphen or white space alone


def tokens(text: str) -> list[Token]:
    """The words of ``text``, those with hyphens in parts."""
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        raw = _POSSESSIVE.sub("", match[0])
        start = match.start()
        is_first = (
            not _LEFT.search(text, max(0, start - 2), start) and text[start - 1 : start] != "_"
        )
        is_tied = last >= 0 and bool(_BETWEEN.fullmatch(text, last, start))
        found.append(Token(raw, american(raw.lower()), start, start + len(raw), is_first, is_tied))
        last = match.end()
    return found


def is_closed(text: str, end: int) -> bool:
    """Whether a term may end at ``end``: nothing is tied to it on the right."""
    return not _RIGHT.match(text, end)


@lru_cache(maxsize=1 << 15)
def american(word: str) -> str:
    """A word in small letters in American spelling."""
    for british, there in _AMERICAN:
        word = british.sub(there, word)
    return word


def is_exact(name: str) -> bool:
    """Whether ``name`` counts only as written: one word with a capital ("GAN"; "gan" is Welsh)."""
    return name != name.lower() and " " not in name


def forms(name: str, *, is_verb: bool = False) -> Iterator[tuple[str, ...]]:
    """Every way to write ``name``, as ``raw`` words of a text where it is exact, else as ``folded`` ones."""
    words = name.split()
    parts: list[list[tuple[str, ...]]] = []
    for n, word in enumerate(words):
        bits = [_POSSESSIVE.sub("", b) for b in re.split(r"-", word)]
        last = list(_endings(bits[-1], is_verb=is_verb)) if n == len(words) - 1 else [bits[-1]]
        if words[n + 1 : n + 2] in (["of"], ["under"]) and not is_verb:
            last.append(f"{bits[-1]}s")  # "mixtures of experts"
        joints = tuple(product((True, False), repeat=len(bits) - 1))
        parts.append([_joined((*bits[:-1], end), j) for end in last for j in joints])
    fold = (lambda w: w) if is_exact(name) else (lambda w: american(w.lower()))
    for choice in product(*parts):
        yield tuple(fold(w) for way in choice for w in way)


def needle(guard: str) -> tuple[bool, str]:
    """Whether capitals count in a guard's word, and the word as ``haystack`` would have it."""
    is_beginning = guard.endswith("*")
    has_capital = guard != guard.lower()
    words = " ".join(t.raw if has_capital else t.folded for t in tokens(guard.removesuffix("*")))
    return has_capital, f" {words}" + ("" if is_beginning else " ")


def haystack(words: Iterable[Token]) -> tuple[str, str]:
    """The words in a row, to be searched for needles: folded, and as they are."""
    listed = tuple(words)
    return f" {' '.join(t.folded for t in listed)} ", f" {' '.join(t.raw for t in listed)} "


def _joined(bits: tuple[str, ...], joints: tuple[bool, ...]) -> tuple[str, ...]:
    words = [bits[0]]
    for bit, is_apart in zip(bits[1:], joints, strict=True):
        if is_apart:
            words.append(bit)
        else:
            words[-1] += bit
    return tuple(words)


def _endings(word: str, *, is_verb: bool) -> Iterator[str]:
    """``word`` and its plural, or all forms of a verb: prune, prunes, pruned, pruning; overfitted, overfitting."""
    yield word
    if is_verb:
        stem = word.removesuffix("e")
        yield from (f"{word}s", f"{stem}ed", f"{stem}ing")
        if re.search(r"[^aeiou][aeiou][^aeiouwxy]$", word):
            yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")
        return
    for singular, plural in (
        ("matrix", "matrices"),
        ("index", "indices"),
        ("minimum", "minima"),
        ("maximum", "maxima"),
        ("sis", "ses"),
    ):
        if word.endswith(singular):
            yield word.removesuffix(singular) + plural
    if re.search(r"[^aeiou]y$", word):
        yield f"{word[:-1]}ies"
    yield f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
