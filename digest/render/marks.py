"""The small letter after a sentence that tells who wrote it, the same in every output."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from digest.issue import Sentence
from digest.render.tex import to_unicode
from digest.types import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    letter: str
    name: str  #: read aloud in place of the letter
    meaning: str  #: for the legend, to go on after the letter


MARKS: dict[Origin, Mark] = {
    "model": Mark(
        letter="m",
        name="by a model",
        meaning="written by a language model from the source, and checked against it",
    ),
    "extractive": Mark(letter="q", name="quoted", meaning="quoted from the source, word for word"),
    "reported": Mark(
        letter="r",
        name="reported",
        meaning="the source’s own sentence, turned into reported speech by rule",
    ),
    "digest": Mark(
        letter="d", name="by the digest", meaning="worked out by the digest from stored facts"
    ),
}


def marked(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Mark | None]]:
    """Each sentence with its mark; in a run of one origin and one source only the last sentence carries it."""
    for at, sentence in enumerate(sentences):
        after = sentences[at + 1] if at + 1 < len(sentences) else None
        is_end = after is None or (after.origin, after.url) != (sentence.origin, sentence.url)
        yield sentence, MARKS[sentence.origin] if is_end else None


def hover(sentence: Sentence) -> str:
    """What is shown when the pointer rests on the sentence: the source's own words, where they differ."""
    if not sentence.source_text:
        return ""
    return f"{MARKS[sentence.origin].name.capitalize()}. The source: “{to_unicode(sentence.source_text)}”"


def legend(origins: Collection[Origin]) -> tuple[Mark, ...]:
    """The marks of these origins, in the order in which they are explained."""
    return tuple(mark for origin, mark in MARKS.items() if origin in origins)
