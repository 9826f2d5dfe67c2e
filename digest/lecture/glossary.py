"""*In plain words*: terms of machine learning found in a text, and which of them an issue still has to explain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.errors import ConfigError
from digest.issue import Issue, Term

GLOSSARY = Path(__file__).with_name("glossary.yaml")

MAX_TERMS = 2  #: a story; more would hold up the talk
HARD = 3
REMEMBERED_ISSUES = 4  #: a term explained in one of the last issues is not explained again


class Entry(BaseModel):
    """One term of the glossary, as glossary.yaml describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    definition: str = Field(min_length=10)
    topic: str
    hardness: Literal[1, 2, 3]
    needs: tuple[str, ...] = ()
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text: where it first stands, and how often."""

    entry: Entry
    start: int
    count: int


class Glossary:
    """The entries with their patterns."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        names = [(e, (e.term, *e.aliases)) for e in entries]
        self._patterns = [(e, _beginnings(n), _pattern(n)) for e, n in names]

    def find(self, text: str) -> tuple[Found, ...]:
        """The terms in ``text`` by first place; of two that overlap, the longer one ("large language model")."""
        hits: list[tuple[int, int, Entry]] = []
        folded = text.lower()
        for entry, beginnings, pattern in self._patterns:
            # of a hundred terms a text has three or four, and a plain search is far quicker than the pattern
            if not any(b in folded for b in beginnings):
                continue
            if entry.needs and not _has_any(text, entry.needs):
                continue
            hits += [(m.start(), m.end(), entry) for m in pattern.finditer(text)]
        hits.sort(key=lambda h: (h[0], -h[1], h[2].term))
        found: dict[str, Found] = {}
        end = -1
        for start, stop, entry in hits:
            if start < end:
                continue
            end = stop
            known = found.get(entry.term)
            count = known.count + 1 if known else 1
            found[entry.term] = Found(entry, known.start if known else start, count)
        return tuple(sorted(found.values(), key=lambda f: f.start))

    def explain(self, title: str, text: str, known: Collection[str]) -> tuple[Term, ...]:
        """At most two terms of a story that are not ``known``: the hardest first, then those of the title.

        What the text itself explains ("are called proponents") is left to it.
        """
        in_title = {f.entry.term for f in self.find(title)}
        whole = f"{title}\n{text}"
        unknown = [
            f
            for f in self.find(whole)
            if f.entry.term not in known
            and not _COINED.search(whole[max(0, f.start - 30) : f.start])
        ]
        unknown.sort(key=lambda f: (-f.entry.hardness, f.entry.term not in in_title, f.start))
        return tuple(
            Term(term=f.entry.term, definition=f.entry.definition) for f in unknown[:MAX_TERMS]
        )


_COINED = re.compile(r"\b(?:called|call|termed|named|dubbed|known as)(?: \w+)? ?$")


def covered_terms(glossary: Glossary, keywords: Iterable[str]) -> frozenset[str]:
    """The terms that past lectures have had among their keywords: the class knows them, unless they are hard."""
    found = (f.entry for keyword in keywords for f in glossary.find(keyword))
    return frozenset(entry.term for entry in found if entry.hardness < HARD)


def explained_before(past: Sequence[Issue]) -> frozenset[str]:
    """The terms explained in the last few issues, ``past`` being newest first."""
    return frozenset(t.term for i in past[:REMEMBERED_ISSUES] for s in i.stories for t in s.terms)


@cache
def load_glossary(path: Path = GLOSSARY) -> Glossary:
    """The glossary at ``path``; ConfigError (one line) where an entry is wrong."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        entries = [Entry.model_validate(entry) for entry in data]
    except (OSError, yaml.YAMLError, TypeError) as e:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(e).split())}") from e
    except ValidationError as e:
        fault = e.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise ConfigError(f"{path}: {where}: got {fault.get('input')!r:.60}; {fault['msg']}") from e
    return Glossary(entries)


def _has_any(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in words)


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Matches every name: those with a capital exactly (and their plural), the others in any case and inflection."""
    alternatives = [_name_pattern(name) for name in sorted(names, key=len, reverse=True)]
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(alternatives)})(?!\w|-(?!based|like|style|free|[A-Z\d])\w)"
    )


def _beginnings(names: Sequence[str]) -> frozenset[str]:
    """How every match of ``names`` begins, in lower case, whatever its inflection and spelling."""
    first_words = (re.split(r"[\s-]", name.lower())[0] for name in names)
    return frozenset(re.split("i[sz]", word)[0][:4] or word[:1] for word in first_words)


def _name_pattern(name: str) -> str:
    words = re.split(r"[\s-]+", name)
    if any(c.isupper() for c in name):
        return r"[\s-]?".join(map(re.escape, words)) + "(?:s|es)?"
    *first, last = (re.escape(w) for w in words)
    return "(?i:" + r"[\s-]+".join((*map(_both_spellings, first), _inflected(last))) + ")"


def _both_spellings(word: str) -> str:
    return re.sub(r"i[sz](?=ation|e\b|ed\b|ing\b|er\b)", "i[sz]", word)


def _inflected(word: str) -> str:
    word = _both_spellings(word)
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}(?:y|ies)"
    if word.endswith(("ization", "i[sz]ation")):
        return f"{word.removesuffix('ation')}(?:ations?|ed|es?|ing)"
    if word.endswith("e"):
        return f"{word}(?:s|d)?"
    return f"{word}(?:s|es|ed|ting|ing)?"
