"""Does the sentence stand as a sentence? Length, end, language, talk about the task, repetition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from digest.alignment import STOP_WORDS, content_words, root_of
from digest.verify.usage import usage

MIN_WORDS, MAX_WORDS = 4, 60  #: 0.3 % of SciTLDR's references are shorter, one of 1,992 is longer

_ECHOES = re.compile(
    r"\b(?:this|the|an?|following|above) (?:abstract|summary|text|passage|title|tl;?dr|prompt)\b"
    r"|\b(?:main|key|central) (?:idea|point|takeaway|message)s?\b"
    r"|\bkey (?:aspect|part|component) of (?:the|their|this|its) (?:work|paper|approach|method|model|research)"
    r"|\b(?:paper|article|study|post|authors?) (?:titled|entitled|with the title)\b"
    r"|\b(?:post|paper|article|study|text) is about\b|\bthe topic of\b|\bin one sentence\b|\bone[- ]sentence summary\b|\bin (?:summary|conclusion)\b(?!-)"
    r"|\bas an ai\b|\blanguage model, i\b|\bi (?:am|cannot|can't|will|would)\b|\b(?:write|give|provide) an? (?:\w+ )?summary\b"
    r"|^(?:sure|okay|certainly|of course|here (?:is|are|'s))\b|\b(?:question|answer|note|title|abstract|text|tl;?dr|summary)\s*:"
    r"|\b(?:related articles|references|read more|click here|let's dive)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*$")
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|and|or|to|with|for|by|in|on|that|which|(?<!as it )is|(?<!as they )are|as)[.!?]$",
    re.IGNORECASE,
)
# A sentence in another language written in Latin letters has some of these, and hardly any English ones.
_ENGLISH = STOP_WORDS - frozenset("a as author from his i in on or paper was".split())


def length(sentence: str) -> Iterator[str]:
    """Too few or too many words."""
    count = len(sentence.split())
    if count < MIN_WORDS:
        yield f"{count} words are too few"
    if count > MAX_WORDS:
        yield f"{count} words are too many"


def truncation(sentence: str) -> Iterator[str]:
    """No end, or something opened and not closed."""
    if not _SENTENCE_END.search(sentence):
        yield "does not end in a full stop"
    elif _DANGLING.search(sentence):
        yield "ends in the middle of a phrase"
    plain = re.sub(r"(?<!\S)(?:\d{1,2}|[a-z]|[ivx]{1,4})\)", "", sentence)  # "1) ... 2) ..."
    for opening, closing in ("()", "[]"):
        if plain.count(opening) != plain.count(closing):
            yield f"has an unpaired {opening} or {closing}"
    if sentence.count("$") % 2:
        yield "has an unpaired $"
    if sentence.count('"') % 2:
        yield 'has an unpaired "'


def torn_words(sentence: str, source: str) -> Iterator[str]:
    """A name with a hyphen and nothing after it, where the source has none so: "FastNet-," for "FastNet-S"."""
    for match in re.finditer(r"\b\w*[A-Z]\w*-(?![\w-])", sentence):
        if not re.search(rf"\b{re.escape(match[0])}(?![\w-])", source):
            yield f"breaks off after {match[0]!r}"


def language(sentence: str) -> Iterator[str]:
    """Not Latin letters, or no word that only English has."""
    letters = [c for c in sentence if c.isalpha()]
    if not letters or sum(c.isascii() for c in letters) < 0.8 * len(letters):
        yield "is not in Latin script"
    words = re.findall(r"[a-z']+", sentence.lower())
    if len(words) >= 8 and not _ENGLISH & set(words):
        known = sum(usage().is_ordinary(root_of(w)) for w in words)
        if known < 0.6 * len(words):
            yield "has no English function word, and few words of English abstracts"


def echo(sentence: str, source: str, title: str) -> Iterator[str]:
    """Talk about the task, or the title again."""
    # A source about text summarization may speak of "the summary" itself.
    if (found := _ECHOES.search(sentence)) and found[0].lower() not in source.lower():
        yield f"talks about the task: {found[0]!r}"
    told, named = content_words(sentence), content_words(title)
    if told and len(named) >= 3 and told == named:
        yield "only repeats the title"


def repetition(sentence: str) -> Iterator[str]:
    """A word or a run of words said again at once, or too often."""
    words = re.findall(r"[\w'-]+|[(),.;:?!]", sentence.lower())
    for size, limit in ((1, 99), (2, 3), (3, 2), (4, 2), (5, 1)):
        grams = [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
        at_once = (a for a, b in zip(grams, grams[size:], strict=False) if a == b and _is_said(a))
        too_often = (g for g, n in Counter(grams).items() if n > limit and _is_said(g))
        if twice := next(at_once, None) or next(too_often, None):
            yield f"repeats {' '.join(twice)!r}"
            return


def _is_said(gram: tuple[str, ...]) -> bool:
    """Words, and not "learning to learn to"."""
    return any(w[0].isalpha() and len(w) > 1 for w in gram) and "learn" not in gram
