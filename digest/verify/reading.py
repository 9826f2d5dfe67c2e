"""A text as the checks see it: words with their stems, sentence by sentence, and where something is denied or compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.alignment import STOP_WORDS, root_of
from digest.sentences import split
from digest.verify.lexicon import Polarity, is_denial, is_soft_denial, polarity
from digest.words import fold

_TOKEN = re.compile(r"[^\W_]+(?:['’]t\b)?|[.,;:()?!]")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+")
_BREAKS = frozenset(
    ". , ; : ( ) ? ! but while whereas although though because however which that".split()
)

_PRONOUNS = frozenset("it them this that these those either".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a sentence."""

    text: str  #: lower case, without accents
    root: str  #: its stem; "" for function words
    clause: int  #: counts up at commas, "but", "which" ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A "not" or something like it, with what stands around it."""

    text: str
    at: int  #: index of the word
    is_hard: bool  #: "not", "without", "fails"; else "limited", "instead", "un-" ...
    scope: tuple[str, ...]  #: stems of the content words that follow, nearest first, at most five
    before: tuple[str, ...]  #: stems of the two content words before it, nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A word that says which way: better, fewer, reduces."""

    text: str
    at: int
    polarity: Polarity
    root: str
    after: tuple[str, ...]  #: stems of up to four content words that follow, nearest first
    before: tuple[str, ...]  #: of up to three before it, nearest first

    @property
    def around(self) -> frozenset[str]:
        return frozenset(self.after + self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence taken apart."""

    words: tuple[Word, ...]
    roots: frozenset[str]
    denials: tuple[Denial, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Title and text of what is summarized, taken apart once for all checks."""

    title: str
    text: str
    pieces: tuple[str, ...]  #: the sentences of the text
    sentences: tuple[Sentence, ...]  #: the title first, then ``pieces``
    roots: frozenset[str]
    beginnings: frozenset[str]  #: the first five letters of ``roots``

    @property
    def everything(self) -> str:
        return f"{self.title}\n{self.text}"

    def knows(self, word_root: str) -> bool:
        """The source has this stem, or a longer one with the same first five letters."""
        return word_root in self.roots or (len(word_root) >= 5 and word_root[:5] in self.beginnings)


@lru_cache(maxsize=16)  # the versions of one summary are checked one after the other
def read_source(title: str, text: str) -> Source:
    """The source taken apart."""
    pieces = tuple(text[a:b] for a, b in split(text))
    sentences = tuple(read(s) for s in (title, *pieces))
    roots = frozenset[str]().union(*(s.roots for s in sentences))
    return Source(
        title=title,
        text=text,
        pieces=pieces,
        sentences=sentences,
        roots=roots,
        beginnings=frozenset(r[:5] for r in roots if len(r) >= 5),
    )


def read(text: str) -> Sentence:
    """One sentence taken apart."""
    words: list[Word] = []
    clause = 0
    for token in _TOKEN.findall(fold(_TEX_COMMAND.sub(" ", text.replace("’", "'")))):
        if token in _BREAKS:
            clause += 1
        if not token[0].isalnum():
            continue
        content = token if len(token) > 1 and token not in STOP_WORDS and "'" not in token else ""
        stem = root_of(content) if content else ""
        words.append(Word(token, "" if stem in STOP_WORDS else stem, clause))
    return Sentence(
        words=tuple(words),
        roots=frozenset(w.root for w in words if w.root),
        denials=tuple(_denials(words)),
        turns=tuple(_turns(words)),
    )


def _denials(words: Sequence[Word]) -> list[Denial]:
    found = []
    for i, word in enumerate(words):
        is_hard = is_denial(word.text)
        if is_hard or is_soft_denial(word.text):
            inner = (word.root,) if word.root and not is_hard else ()
            following = words[i + 1].text if i + 1 < len(words) else ""
            # "networks without it do not train": what follows "it" is not denied by "without"
            reach = 0 if word.text == "without" and following in _PRONOUNS else 5
            found.append(
                Denial(
                    text=word.text,
                    at=i,
                    is_hard=is_hard,
                    scope=(*inner, *_roots_after(words, i, reach)),
                    before=_roots_before(words, i, 2),
                )
            )
    return found


def _turns(words: Sequence[Word]) -> list[Turn]:
    found = []
    for i, word in enumerate(words):
        if way := polarity(word.text):
            found.append(
                Turn(
                    text=word.text,
                    at=i,
                    polarity=way,
                    root=word.root or word.text,
                    after=_roots_after(words, i, 4),
                    before=_roots_before(words, i, 3),
                )
            )
    return found


def _roots_after(words: Sequence[Word], at: int, count: int) -> tuple[str, ...]:
    return tuple([w.root for w in words[at + 1 : at + 12] if w.root][:count])


def _roots_before(words: Sequence[Word], at: int, count: int) -> tuple[str, ...]:
    return tuple([w.root for w in reversed(words[max(0, at - 10) : at]) if w.root][:count])
