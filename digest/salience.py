"""Which sentence of a text would stand for the whole: the extractive summary, and the stand-in for a refused one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.alignment import content_words
from digest.sentences import split
from digest.types import Span, SummaryRequest, SummarySentence

# What authors write where they say what is new. Weights were set by hand on 700 papers of SciTLDR train, where the chosen
# sentence has a ROUGE-1 F of 35.1 (unstemmed), and the first sentence with a "we" 32.6.
_CUES = (
    (re.compile(r"\b(?:we|this (?:paper|work|article|study|post|report)|the authors?|(?:is|are) (?:proposed|presented|introduced))\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:we|paper|work|article|study|post) (?:(?:also|then|thus|therefore|here|first|instead|\w+ly) )?(?:propos|present|introduc|develop|describ|releas|announc|launch|built|build|design)", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:in this (?:paper|work|article|study|post)|here,? we|to this end|to address|today,? we)\b", re.IGNORECASE), 0.5),
    (re.compile(r"\bwe (?:\w+ )?(?:show|find|demonstrate|prove|study|investigate|explore|analyze|analyse|provide)\b", re.IGNORECASE), 0.5),
)  # fmt: skip
_ASIDE = re.compile(
    r"^(?:furthermore|moreover|additionally|in addition|also|finally|lastly|code|the code|our code|for example|second|next|we also|our experiments|experiments|extensive)\b|https?://|\bgithub\b",
    re.IGNORECASE,
)
# A sentence that leans on the one before it does not stand for the whole: "We study whether vision Transformers do this better."
_LEANING = re.compile(
    r"^(?:this|these|those|they|it|such|both)\b(?! (?:paper|work|article|study|post|report|we)\b)"
    r"|^to \w+ (?:it|them)\b"
    r"|\b(?:do|does|did) (?:this|so|it)\b"
    r"|\b(?:such (?!as\b|an?\b|that\b)|these |those (?!who\b|that\b|of\b|which\b))\w"
    r"|\bthe (?:former|latter)\b|\bthem all\b",
    re.IGNORECASE,
)
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 0.5
_FEW_WORDS, _MANY_WORDS = 8, 40


def extract(request: SummaryRequest, *, count: int = 1) -> tuple[SummarySentence, ...]:
    """The ``count`` sentences of the text that stand best for it, word for word with their spans, best first.

    Sentences in which the authors say what they do come first, weighted by the words they share with the title, by
    position and by length; in a thread, the question that is asked. Fewer, or none, where the text has fewer: a label
    of a word or two is no sentence. White space is folded, nothing else is changed.
    """
    spans = [s for s in split(request.text) if _is_statement(request.text[slice(*s)])]
    pieces = [request.text[a:b] for a, b in spans]
    values = _values(pieces, request.title, is_thread=request.is_thread)
    order = sorted(range(len(spans)), key=lambda i: (-values[i], i))
    return tuple(
        SummarySentence(
            text=" ".join(pieces[i].split()),
            origin="extractive",
            spans=(Span(item_id=request.item_id, start=spans[i][0], end=spans[i][1]),),
        )
        for i in order[:count]
    )


def leans(sentence: str) -> bool:
    """The sentence points back to one before it, and cannot stand alone."""
    return _LEANING.search(sentence) is not None


def _is_statement(piece: str) -> bool:
    return len(piece.split()) >= 4 or len(piece) >= 20


def _values(pieces: Sequence[str], title: str, *, is_thread: bool) -> list[float]:
    in_title = set(content_words(title))
    values = []
    for i, piece in enumerate(pieces):
        words = set(content_words(piece))
        value = sum(weight for cue, weight in _CUES if cue.search(piece))
        value += _TITLE_WEIGHT * len(words & in_title) / max(len(in_title), 1)
        value += _LEAD_WEIGHT * (1 - i / len(pieces))
        word_count = len(piece.split())
        if word_count < _FEW_WORDS:
            value -= 1.0
        if word_count > _MANY_WORDS:
            value -= (word_count - _MANY_WORDS) / 20
        if _ASIDE.search(piece):
            value -= 1.0
        if i and leans(piece):
            value -= 1.0
        if is_thread and piece.rstrip("\"'*_) ").endswith("?"):
            value += 2.0
        if len(words) < 2:
            value -= 2.0
        values.append(value)
    return values
