"""Sentences and titles made shorter, for a slide or a summary, without making them say something else.

A sentence is cut only behind a main clause and only where what is cut off neither limits nor turns round what is left:
better no bullet than one that drops the "but". Nothing is ever cut inside a word, a number, brackets or quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.sentences import split

#: "To address this lack of labels": why, told by pointing back.
TO_AN_END = (
    r"to (?:address|tackle|overcome|solve|resolve|mitigate|alleviate|bridge|close|fill|remedy|investigate|achieve|meet)"
    r" (?:this|these|that|those|such|the above)\b[^,.;:]{0,60}"
)
#: Openers that carry no fact.
_OPENER = re.compile(
    r"^(?:in this (?:technical )?(?:paper|work|article|study|post|report|thesis|survey|review|manuscript)|here|specifically"
    r"|in particular|moreover|furthermore|additionally|in addition|finally|to this end|more precisely|as a result|notably|overall"
    rf"|{TO_AN_END}"
    r"|(?:motivated by|inspired by|building on|driven by|in light of|in response to) (?:this|these)\b[^,;:]{0,60}),\s+(?=\S)"
    r"|^(?:for|with) (?:this|that),?\s+(?=we\b)",
    re.IGNORECASE,
)
#: A remark in brackets without a figure in it: an acronym, an aside, a citation.
_ASIDE = re.compile(r"\s+(?:\([^()\d]*\)|\[[\d,\s–-]+\])(?=[\s.,;:!?]|$)")
#: Where a main clause may end; what follows explains, adds or gives a reason.
_CLAUSE_END = re.compile(
    r";\s"
    r"|,\s(?:which|who|whose|where|since|because|so that|so|and so|and thus|thus|thereby|hence)\s"
    r"|,\s(?:and|as)\s(?=(?:it|they|this|these|that|he|she|we|the (?:authors?|model|method|results?))\s)"
    r"|,\s(?=(?:making|leading|resulting|allowing|enabling|showing|suggesting|achieving|reaching)\s)"
)
#: What limits or turns round the clause before it must not be cut off.
_LIMIT = re.compile(
    r"\b(?:but|except|unless|only|although|though|however|if|when|while|whereas|despite|no[rt]?|n['’]t|without|never"
    r"|cost|expense|provided|assuming|may|might|could|rather|instead|yet|fail\w*|unlike|until|up to|at least|at most)\b",
    re.IGNORECASE,
)
#: The next of things that are counted off.
_SECOND = re.compile(r"(?:^|[\s(])(?:2|3|ii|iii|b|c)\)|\b(?:second|third)(?:ly)?\b", re.IGNORECASE)
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}
#: A clause shorter than this is rarely a sentence.
MIN_WORDS = 5


def shorten(sentence: str, max_words: int) -> str:
    """The sentence, or its main clause, in at most ``max_words`` words; "" where no such cut is safe."""
    text = " ".join(sentence.split())
    for remove in (None, _OPENER, _ASIDE):
        if remove is not None:
            text = _capitalized(remove.sub("", text))
        if len(text.split()) <= max_words:
            return text
    ends = [m for m in _CLAUSE_END.finditer(text) if _is_safe(text, m)]
    for end in reversed(ends):
        clause = text[: end.start()]
        if MIN_WORDS <= len(clause.split()) <= max_words:
            return clause + "."
    return ""


def main_clauses(sentence: str) -> Iterator[str]:
    """The sentence without its opener, and what is left of that where it is cut safely behind a main clause."""
    text = " ".join(sentence.split())
    text = _capitalized(_OPENER.sub("", text))
    yield text
    for match in _CLAUSE_END.finditer(text):
        clause = text[: match.start()]
        if len(clause.split()) >= MIN_WORDS and _is_safe(text, match):
            yield f"{clause}."


def shorten_title(title: str, max_characters: int) -> str:
    """The title; or what stands before its colon or dash; or its first words and an ellipsis."""
    text = " ".join(title.split())
    if len(text) <= max_characters:
        return text
    for mark in re.finditer(r"(?::|\s[—–-]|\?)\s", text):
        main = text[: mark.start() + (text[mark.start()] == "?")]
        if len(main.split()) >= 3 and len(main) <= max_characters and _is_balanced(main):
            return main
    words = text.split()
    while len(words) > 1 and (len(" ".join(words)) >= max_characters or _is_loose(words[-1])):
        words.pop()
    return " ".join(words)[: max_characters - 1].rstrip(" ,;:–—-") + "…"


def _capitalized(text: str) -> str:
    first = text[:1]
    # "mRNA" and "x-vectors" keep their case
    return first.upper() + text[1:] if text[1:2].islower() or text.startswith("a ") else text


def _is_safe(text: str, end: re.Match[str]) -> bool:
    clause, rest = text[: end.start()], text[end.end() - 1 :]
    if _LIMIT.search(rest) or not _is_balanced(clause):
        return False
    if _SECOND.search(rest):  # "two parts: (1) ...; (2) ..."
        return False
    # "The network, which has five layers, wins": the comma after the remark leads back to the main clause
    return text[end.start()] == ";" or ("," not in rest and ", which " not in clause)


def _is_balanced(text: str) -> bool:
    return (
        all(text.count(a) == text.count(b) for a, b in _PAIRS.items()) and text.count('"') % 2 == 0
    )


def _is_loose(word: str) -> bool:
    """A title should not stop behind one of these."""
    return word.casefold() in {
        "a",
        "an",
        "the",
        "of",
        "for",
        "and",
        "or",
        "in",
        "on",
        "to",
        "with",
        "by",
        "via",
        "from",
        "is",
    }


def beginning(text: str, max_words: int) -> str:
    """The whole sentences that the text begins with, as many as fit; where the first does not, its first words and an
    ellipsis.
    """
    spans = split(text)
    for _, end in reversed(spans):
        if len(text[:end].split()) <= max_words:
            return text[:end]
    words = text.split()
    return text if len(words) <= max_words else " ".join(words[:max_words]).rstrip(" ,;:–—-") + "…"
