"""Words of English text as stems, and many terms found in a text at once.

The stemmer is a dozen suffixes, not a linguistic one: it must only bring "normalizing", "normalized" and
"normalisation" together, be the same everywhere, and cost nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")  # "C++" and "C#" are not "C"

#: Longest first; what is left must have MIN_STEM letters, or the word stays as it is. Not -ative and -ator: a generator
#: and a generative model are not what a text on language generation is about.
_SUFFIXES = ("ational", "ations", "ation", "ating", "ated", "ates", "ate", "ing", "ion", "ed", "e")
MIN_STEM = 4

#: Words that say nothing about a title's subject. What turns a title round ("without", "not", "under") is not among them.
STOPWORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "how", "in",
        "into", "is", "it", "its", "of", "on", "or", "our", "that", "the", "their", "this", "to", "toward", "towards",
        "use", "using", "via", "we", "what", "when", "where", "which", "why", "will", "with", "you", "your",
    }
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of one casefolded word: "normalization" -> "normalis", "images" -> "imag"."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "xes", "shes", "ches", "biases")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and word[-2] not in "aisu":
        word = word[:-1]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
            word = word.removesuffix(suffix)
            break
    # American "normaliz" as British "normalis", which "supervision" beside "supervised" has anyway
    return f"{word[:-1]}s" if len(word) > 4 and word.endswith("iz") else word


def fold(text: str) -> str:
    """``text`` casefolded and without accents: "Nyström" -> "nystrom"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def stems(text: str) -> tuple[str, ...]:
    """The stems of all words of ``text``, in order."""
    return tuple(map(stem, _WORD.findall(fold(text))))


class TermIndex:
    """Finds which of many terms (of one word or several) stand in a text, in one pass over its words."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms: dict[tuple[str, ...], list[str]] = {}
        lengths: dict[str, set[int]] = {}
        for term in terms:
            if words := stems(term):
                self._terms.setdefault(words, []).append(term)
                lengths.setdefault(words[0], set()).add(len(words))
        #: By the first word of a term, the lengths of the terms that it begins, longest first.
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def count(self, words: Sequence[str]) -> Counter[str]:
        """How often each term that occurs stands in ``words``, which are stems."""
        found: Counter[str] = Counter()
        for start, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                if start + length <= len(words):  # a slice cut short would be a shorter term
                    found.update(self._terms.get(tuple(words[start : start + length]), ()))
        return found

    def count_longest(self, words: Sequence[str]) -> Counter[str]:
        """As ``count``, but a word serves only the longest term it begins: "vision and language" hides "vision"."""
        found: Counter[str] = Counter()
        start = 0
        while start < len(words):
            step = 1
            for length in self._lengths.get(words[start], ()):
                if terms := self._terms.get(tuple(words[start : start + length])):
                    found.update(terms)
                    step = length
                    break
            start += step
        return found
