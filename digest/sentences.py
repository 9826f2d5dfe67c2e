"""Where the sentences of a text begin and end, by rule: abstracts, posts and threads with TeX, URLs and lists in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop after one of these does not end a sentence, whatever follows.
_ABBREVIATIONS = frozenset(
    {
        "e.g", "i.e", "al", "cf", "viz", "vs", "resp", "approx", "ca", "fig", "figs", "eq", "eqs", "eqn", "sec",
        "sect", "tab", "tbl", "ref", "refs", "chap", "thm", "lem", "cor", "alg", "vol", "nos", "pp", "eds",
        "dr", "prof", "mr", "mrs", "ms", "dept", "univ", "incl", "esp", "w.r.t", "wrt", "s.t", "a.k.a",
    }
)  # fmt: skip
# After one of these a sentence may end; it does where a word follows that likes to begin one.
_MAYBE_ABBREVIATIONS = frozenset(
    {
        "etc", "no", "ed", "st", "def", "prop", "app", "ch", "inc", "ltd", "corp", "co", "jr", "sr", "u.s",
        "u.k", "a.m", "p.m", "ph.d",
    }
)  # fmt: skip
_STARTERS = frozenset(
    {
        "a", "an", "the", "this", "that", "these", "those", "we", "our", "in", "on", "to", "it", "its", "he",
        "she", "they", "his", "her", "their", "i", "you", "as", "at", "by", "for", "from", "with", "however",
        "moreover", "furthermore", "additionally", "finally", "here", "there", "although", "while", "when",
        "since", "then", "thus", "hence", "unlike", "recently", "specifically", "experiments", "results",
        "empirically", "extensive", "both", "such", "many", "most", "each", "one", "two",
    }
)  # fmt: skip

# Text whose punctuation means something else.
_OPAQUE = re.compile(
    r"\$\$.+?\$\$|\$(?:\\.|[^$\\\n]){1,300}\$|\\\(.{1,300}?\\\)|\\[a-zA-Z]+\{[^{}\n]{0,200}\}"
    r"|(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@[\w-]{1,63}\.\w+",
    re.DOTALL,
)
_CLOSERS = r"[\"'”’»)\]}*_]*"
_END = re.compile(
    rf"[.!?…]+{_CLOSERS}(?:\s?\[\d+(?:[,–-]\s?\d+)*\](?=\s|$))?(?=\s|$)"  # the usual end, a citation after it
    r"|[。！？]+[”’」』）]*"  # no white space follows in Chinese and Japanese
    r"|(?<=[a-z)\]])[.!?](?=(?:We|Our|This|These|The|In|To|However|Furthermore|Moreover|It|Here)\b)"  # "results.We"
)
_BREAK = re.compile(r"\n[ \t]*(?:\n\s*|(?=(?:[-*•–+]|\d{1,2}[.)]|#{1,6})[ \t]))")
_WORD_BEFORE = re.compile(r"[\w.]*\w$|\w$")
_OPENERS = "\"'“‘«([{*_$\\"
_LOOK = 60  # characters to either side of a mark that can decide
_MAX_BRACKET = 400  # characters; a bracket left open for longer is a typo and protects nothing


def split(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) offsets of the sentences of ``text``, in order, without white space at either end.

    Every character that is not white space lies in exactly one sentence. Paragraph breaks and list items end a sentence
    even without punctuation; a single line break does not.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        spans.extend(_split_block(text, start, end))
    return tuple(spans)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in _BREAK.finditer(text):
        yield at, gap.start()
        at = gap.end()
    yield at, len(text)


def _split_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    opaque = [m.span() for m in _OPAQUE.finditer(text, start, end)]
    next_opaque = 0
    at = start
    for stop in _END.finditer(text, start, end):
        while next_opaque < len(opaque) and opaque[next_opaque][1] <= stop.start():
            next_opaque += 1
        # A URL swallows the full stop after it; that stop is the last character and does count.
        if next_opaque < len(opaque):
            first, last = opaque[next_opaque]
            if first <= stop.start() < last - 1:
                continue
        if stop.start() >= at and _is_end(text, at, stop.start(), stop.end(), end):
            yield from _trimmed(text, at, stop.end())
            at = stop.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(piece.strip())


def _is_end(text: str, start: int, mark: int, after: int, block_end: int) -> bool:
    """Does the punctuation at ``mark`` end the sentence that began at ``start``?"""
    follow = text[after : min(block_end, after + _LOOK)].lstrip()
    if not follow:
        return True
    if text[mark] in "。！？":
        return True
    if _is_in_brackets(text, start, mark, block_end):
        return False
    first = follow.lstrip(_OPENERS)[:40].split(maxsplit=1)
    word = re.split(r"[^\w'-]", first[0], maxsplit=1)[0] if first else ""
    if word[:1].islower() and not re.search(r"[A-Z0-9]", word):
        return False  # "what is it? and why"; but "iNaturalist", "word2vec" may begin a sentence
    if text[mark : mark + 1] != "." or text[mark : mark + 2] == "..":
        return True
    before = _WORD_BEFORE.search(text[max(start, mark - _LOOK) : mark])
    token = before[0].lower() if before else ""
    if token in _ABBREVIATIONS and not (len(token) > 1 and before and before[0].isupper()):
        return False  # "cf. Table 2", but "we evaluate CF. Our results"
    if token in _MAYBE_ABBREVIATIONS:
        return word.lower() in _STARTERS
    if token.isdigit() and not text[start : mark - len(token)].strip():
        return False  # "1. Introduction"
    if len(token) == 1 and token.isalpha() and text[mark - 1].isupper():
        return word.lower() in _STARTERS  # "J. Smith", but "vitamin C. We"
    return True


def _is_in_brackets(text: str, start: int, mark: int, block_end: int) -> bool:
    start = max(start, mark - _MAX_BRACKET)
    opened = max(text.rfind("(", start, mark), text.rfind("[", start, mark))
    if opened < 0:
        return False
    pair = "()" if text[opened] == "(" else "[]"
    inside = text[opened:mark]
    if inside.count(pair[0]) <= inside.count(pair[1]):
        return False
    return pair[1] in text[mark : min(block_end, opened + _MAX_BRACKET)]
