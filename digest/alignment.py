"""Which sentences of a source a sentence rests on, by the content words they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from digest.words import fold, stem

STOP_WORDS = frozenset(
    {
        "a", "about", "above", "after", "all", "also", "although", "am", "among", "an", "and", "any", "are",
        "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can",
        "cannot", "could", "did", "do", "does", "doing", "done", "during", "each", "either", "et", "etc", "for",
        "from", "further", "had", "has", "have", "having", "he", "her", "here", "his", "how", "however", "i",
        "if", "in", "into", "is", "it", "its", "itself", "just", "may", "might", "more", "most", "much", "must",
        "neither", "no", "nor", "not", "of", "off", "on", "once", "one", "only", "onto", "or", "other", "our",
        "ours", "out", "over", "own", "per", "quite", "rather", "same", "she", "should", "since", "so", "some",
        "such", "than", "that", "the", "their", "theirs", "them", "then", "there", "these", "they", "this",
        "those", "though", "through", "thus", "to", "too", "towards", "under", "until", "up", "upon", "us",
        "use", "used", "uses", "using", "very", "via", "was", "we", "were", "what", "when", "where", "whether",
        "which", "while", "who", "whose", "why", "will", "with", "within", "without", "would", "yet", "you",
        "your", "author", "paper", "propose", "present", "show", "introduce",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]{2,}")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+")
_ENDINGS = ("ness", "ment", "ency", "ent", "ity", "ly", "able", "er", "al", "y", "iv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """The source sentences that a sentence rests on, and how well they carry it."""

    sentences: tuple[int, ...]  #: indices into the source's sentences, best first; one or two
    support: float  #: share of the content words found in those sentences or the title, 0..1
    coverage: float  #: share of the content words found anywhere in the source or the title, 0..1


def content_words(text: str) -> list[str]:
    """The content words of ``text`` as stems, in order: no stop words, no TeX commands, hyphenated words apart."""
    return [
        stemmed
        for word in _WORD.findall(fold(_TEX_COMMAND.sub(" ", text)))
        if word not in STOP_WORDS and (stemmed := root_of(word)) not in STOP_WORDS
    ]


@lru_cache(maxsize=1 << 16)
def root_of(word: str) -> str:
    """The stem with a derivation's ending cut off too: "robustness" is "robust", "efficiency" is "effici"."""
    root = stem(word)
    for ending in _ENDINGS:
        if root.endswith(ending) and len(root) - len(ending) >= 4:
            return root.removesuffix(ending)
    return root


# Words of any paper: that they stand beside another says nothing.
_GENERIC = frozenset(
    root_of(word)
    for word in (
        "demonstrate", "provide", "investigate", "discuss", "develop", "suggest", "highlight", "new", "novel",
        "method", "approach", "way", "call", "existing", "leverage", "enhance", "improve", "improvement",
        "combine", "technique", "framework", "design", "achieve", "allow", "enable", "address", "base", "task",
        "performance", "test", "study",
    )
)  # fmt: skip
_REACH = 8  # content words; further apart, two words of a sentence seldom speak of one thing


def togetherness(sentence: str, source_sentences: Sequence[str]) -> float:
    """The share of neighbouring content words of ``sentence`` that some source sentence also has close together, 0..1.

    A sentence made of the source's words can still tie them together wrongly ("a model, which is a data set"); then its
    neighbours are strangers in the source. 1.0 where there are no two content words.
    """
    near = _near(tuple(source_sentences))
    told = [w for w in content_words(sentence) if w not in _GENERIC]
    pairs = [(a, b) for a, b in pairwise(told) if a != b]
    return sum(p in near for p in pairs) / len(pairs) if pairs else 1.0


def fragments(sentence: str, source_sentences: Sequence[str]) -> int:
    """Of how many pieces ``sentence`` is put together, at least: runs of words as some source sentence has them, longest first
    from the left, and words that none has (extractive fragments, Grusky et al. 2018, arXiv:1804.11283).

    1 for a quotation. Each joint between two pieces is the writer's own, and may tie what does not belong together.
    """
    places = _places(tuple(source_sentences))
    told = _WORDS.findall(fold(sentence))
    count = at = 0
    while at < len(told):
        length = max((_run(told, at, *place) for place in places.get(told[at], ())), default=1)
        count, at = count + 1, at + length
    return count


_WORDS = re.compile(r"[^\W_]+")


def _run(told: Sequence[str], at: int, words: Sequence[str], start: int) -> int:
    """How many words from ``at`` on are those of the source from ``start`` on."""
    pairs = zip(told[at:], words[start:], strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(told) - at, len(words) - start))  # fmt: skip


@lru_cache(maxsize=4)  # the versions of one summary come one after the other
def _places(source_sentences: tuple[str, ...]) -> dict[str, list[tuple[list[str], int]]]:
    """Where each word of the source stands: in which sentence, as words, and at which of them."""
    places: dict[str, list[tuple[list[str], int]]] = {}
    for piece in source_sentences:
        words = _WORDS.findall(fold(piece))
        for n, word in enumerate(words):
            places.setdefault(word, []).append((words, n))
    return places


@lru_cache(maxsize=4)
def _near(source_sentences: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """The pairs of words that a sentence has close together."""
    near: set[tuple[str, str]] = set()
    for piece in source_sentences:
        words = [w for w in content_words(piece) if w not in _GENERIC]
        for i, word in enumerate(words):
            near.update((word, other) for other in words[max(0, i - _REACH) : i + _REACH + 1])
    return frozenset(near)


def align(sentence: str, source_sentences: Sequence[str], title: str = "") -> Alignment:
    """The one or two of ``source_sentences`` that together hold most content words of ``sentence``.

    A second sentence is named only where it adds a tenth of the words. Ties go to the earlier sentence.
    """
    wanted = set(content_words(sentence))
    if not wanted or not source_sentences:
        return Alignment(sentences=(), support=0.0, coverage=0.0)
    bags = [set(content_words(s)) for s in source_sentences]
    in_title = wanted & set(content_words(title))
    first = max(range(len(bags)), key=lambda i: (len(wanted & bags[i]), -i))
    held = wanted & bags[first]
    chosen: tuple[int, ...] = (first,)
    if len(bags) > 1:
        second = max(
            (i for i in range(len(bags)) if i != first),
            key=lambda i: (len((wanted - held) & bags[i]), -i),
        )
        gained = (wanted - held) & bags[second]
        if len(gained) >= max(1.0, len(wanted) / 10):
            chosen, held = (first, second), held | gained
    everywhere = wanted & (set[str]().union(*bags) | in_title)
    return Alignment(
        sentences=chosen if wanted & bags[first] else (),
        support=len(held | in_title) / len(wanted),
        coverage=len(everywhere) / len(wanted),
    )
