"""*In plain words*: terms of machine learning found in a text, and which of them an issue still has to explain.

The terms are in glossary.yaml, read by glossary_file.py. A term that means other things elsewhere has guards there: words
that the text must hold, and words that may not stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from digest.acronyms import acronyms, singular
from digest.issue import Issue, Term
from digest.lecture.term_forms import (
    Token,
    forms,
    haystack,
    is_closed,
    is_exact,
    needle,
    tokens,
)
from digest.topics import TOPIC_TITLES

MAX_TERMS = 2  #: a story; more would hold up the talk
HARD = 3
#: so many words on each side of a term are looked through for words that may not stand there
NEAR = 5


class Entry(BaseModel):
    """One term of the glossary; the head of glossary.yaml tells what the fields mean."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    term: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    definition: str = Field(min_length=10, max_length=400)
    topic: str
    hardness: Literal[1, 2, 3] = 2
    needs: tuple[str, ...] = ()
    not_near: tuple[str, ...] = Field((), alias="not")
    loose: tuple[str, ...] = ()
    covered_by: tuple[str, ...] = ()
    is_rare: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.term, *self.aliases, *self.verbs)))

    @field_validator("topic")
    @classmethod
    def _is_known(cls, topic: str) -> str:
        if topic not in TOPIC_TITLES:
            raise ValueError(f"allowed: {', '.join(TOPIC_TITLES)}")
        return topic

    @model_validator(mode="after")
    def _guards_names(self) -> Entry:
        if unknown := [n for n in self.loose if n not in self.names]:
            raise ValueError(f"loose: {unknown[0]!r} is neither the term nor an alias or verb")
        return self


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text: where it first stands, and how often."""

    entry: Entry
    start: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write a term."""

    entry: Entry
    acronym: str  #: as ``acronyms`` would tell it, "" for a name of several words
    is_guarded: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: Entry
    start: int
    end: int


_Forms: TypeAlias = dict[str, list[tuple[tuple[str, ...], _Name]]]


class Glossary:
    """The entries with all their forms."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._needs = {e.term: tuple(map(needle, e.needs)) for e in entries}
        self._not_near = {e.term: tuple(map(needle, e.not_near)) for e in entries}
        #: by first word, folded and as it is: the words of a form, and the name that they are a form of
        self._forms: tuple[_Forms, _Forms] = ({}, {})
        for entry in entries:
            for text in entry.names:
                acronym = "" if " " in text else singular(text).casefold()
                name = _Name(entry, acronym, not entry.loose or text in entry.loose)
                by_first = self._forms[is_exact(text)]
                for form in dict.fromkeys(forms(text, is_verb=text in entry.verbs)):
                    by_first.setdefault(form[0], []).append((form, name))

    def find(self, text: str, context: str = "") -> tuple[Found, ...]:
        """The terms in ``text`` by first place; of two that overlap, the longer one ("large language model").

        ``context`` is more of the same story: it may hold the words that a guard asks for, and write acronyms out. What
        the story itself writes out decides: "group activity network (GAN)" has no generative adversarial network in it.
        """
        whole = f"{text}\n{context}" if context else text
        written_out = {s.casefold(): self._meant_by(s, x) for s, x in acronyms(whole).items()}
        found: dict[str, Found] = {}
        end = -1
        for hit in self._hits(text, whole, written_out):
            if hit.start < end:
                continue
            end = hit.end
            known = found.get(hit.entry.term)
            if known:
                found[hit.entry.term] = replace(known, count=known.count + 1)
            else:
                found[hit.entry.term] = Found(hit.entry, hit.start, hit.end, 1)
        return tuple(found.values())

    def _hits(
        self, text: str, whole: str, written_out: Mapping[str, tuple[Entry, ...]]
    ) -> list[_Hit]:
        """Every name that means its term here, overlapping ones too: by place, the longer one first."""
        hits: list[_Hit] = []
        words = tokens(text)
        all_words = haystack(words if whole == text else tokens(whole))
        for at, stop, name in self._matches(words):
            start, end = words[at].start, words[stop - 1].end
            if not is_closed(text, end):
                continue
            meant = written_out.get(name.acronym) if name.acronym else None
            if meant is not None:
                continue  # told below
            needs, not_near = self._needs[name.entry.term], self._not_near[name.entry.term]
            if name.is_guarded and (
                (needs and not _holds(all_words, needs))
                or (not_near and _holds(haystack(_near(text, words, at, stop)), not_near))
            ):
                continue
            hits.append(_Hit(name.entry, start, end))
        if any(written_out.values()):
            for word in words:
                if word.is_first and is_closed(text, word.end):
                    meant = written_out.get(singular(word.raw).casefold(), ())
                    hits += [_Hit(entry, word.start, word.end) for entry in meant]
        return sorted(hits, key=lambda h: (h.start, -h.end, h.entry.term))

    def _matches(self, words: Sequence[Token]) -> Iterator[tuple[int, int, _Name]]:
        """Every form in ``words``: its first word, the one behind its last, and its name."""
        folded, exact = self._forms
        for at, word in enumerate(words):
            if not word.is_first:
                continue
            for form, name in folded.get(word.folded, ()):
                stop = at + len(form)
                if tuple(w.folded for w in words[at:stop]) == form and _is_one(
                    words[at + 1 : stop]
                ):
                    yield at, stop, name
            for form, name in exact.get(word.raw, ()):
                stop = at + len(form)
                if tuple(w.raw for w in words[at:stop]) == form and _is_one(words[at + 1 : stop]):
                    yield at, stop, name

    def _meant_by(self, short: str, longs: Sequence[str]) -> tuple[Entry, ...]:
        """The terms that one of ``longs``, which ``short`` stands for, is a name of.

        The whole of it: a "deep batch normalization (DBN)" is another thing.
        """
        found: dict[str, Entry] = {}
        for long in longs:
            words = tokens(long)
            for at, stop, name in self._matches(words):
                if (at, stop) == (0, len(words)) and name.acronym != short.casefold():
                    found[name.entry.term] = name.entry
        return tuple(found.values())

    def explain(
        self, title: str, text: str, known: Collection[str], context: str = ""
    ) -> tuple[Term, ...]:
        """At most two terms of a story that are not ``known``: the hardest first, then those of the title.

        ``context`` is the source's whole text, of which ``text`` tells a part. What the text itself explains ("are called
        proponents") is left to it.
        """
        whole = f"{title}\n{text}"
        unknown = [
            f
            for f in self.find(whole, context)
            if f.entry.term not in known
            and not _COINED.search(whole[max(0, f.start - 30) : f.start])
        ]
        unknown.sort(key=lambda f: (-f.entry.hardness, f.start >= len(title), f.start))
        return tuple(
            Term(term=f.entry.term, definition=f.entry.definition) for f in unknown[:MAX_TERMS]
        )


_COINED = re.compile(r"\b(?:called|call|termed|named|dubbed|known as)(?: \w+)? ?$")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


def covered_terms(glossary: Glossary, keywords: Iterable[str]) -> frozenset[str]:
    """The terms that past lectures have had among their keywords: the class knows them, unless they are hard."""
    listed = tuple(keywords)
    found = {f.entry for keyword in listed for f in glossary.find(keyword, keyword)}
    folded = {k.casefold() for k in listed}
    found |= {e for e in glossary.entries if folded & {k.casefold() for k in e.covered_by}}
    return frozenset(entry.term for entry in found if entry.hardness < HARD)


def explained_before(past: Sequence[Issue], issues: int) -> frozenset[str]:
    """The terms explained in the last ``issues`` issues, ``past`` being newest first."""
    return frozenset(t.term for i in past[:issues] for s in i.stories for t in s.terms)


def _is_one(rest: Sequence[Token]) -> bool:
    return all(w.is_tied for w in rest)


def _holds(words: tuple[str, str], needles: Sequence[tuple[bool, str]]) -> bool:
    return any(what in words[has_capital] for has_capital, what in needles)


def _near(text: str, words: Sequence[Token], at: int, stop: int) -> list[Token]:
    """The words of a match with those on both sides of it, within its sentence."""
    first, last = at, stop
    while first > 0 and at - first < NEAR:
        if _SENTENCE_END.search(text, words[first - 1].end, words[first].start + 1):
            break
        first -= 1
    while last < len(words) and last - stop < NEAR:
        if _SENTENCE_END.search(text, words[last - 1].end, words[last].start + 1):
            break
        last += 1
    return list(words[first:last])
