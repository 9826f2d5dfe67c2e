"""The sentences of a story that can be told, each with its place in the source, its role and who speaks in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from digest.issue import Sentence
from digest.lecture.antecedents import own_name, with_antecedent
from digest.lecture.narrator import Narrator, narrator_of
from digest.lecture.reported import (
    has_first_person,
    names_speaker,
    reported,
    speaks_first,
    without_connective,
)
from digest.lecture.texts import told
from digest.sentences import split
from digest.types import Item, Role, Span, Story
from digest.words import STOPWORDS, stems

Classify = Callable[[Sequence[str]], tuple[Role, ...]]

MIN_WORDS, MAX_WORDS = 5, 60
SAME = 0.7  #: two sentences that share so much of their words say the same
_ROUGH_DROP = re.compile(
    r"https?://|^(?-i:(?:[Pp]osted |[Ww]ritten )?[Bb]y (?:[A-Z][\w.-]+ ){1,3}?[A-Z][\w-]+(?:,| and ))|\bwww\.|^(?:code|source code|our code|all code|data and code|project page|demo|video|keywords)\b"
    r"|\bcode(?:base|s)? (?:and (?:\w+ )?\w+ )?(?:is|are|will be|can be) (?:\w+ )?(?:available|released|found|published|at|on)\b"
    r"|\b(?:models?|weights|checkpoints|data ?sets?|benchmark|data|resources) (?:is|are|will be) (?:publicly|freely|openly) (?:available|released)\b"
    r"|^(?:extensive|experimental|comprehensive|our|the)? ?(?:\w+ )?(?:results|experiments|evaluations)[^\d]* (?:demonstrate|show|confirm|verify)s?"
    r" the (?:effectiveness|superiority|efficacy|advantages?)[^\d]*$"
    r"|\b(?:plan to |will )?(?:release|publish|open-source)s? (?:our |the |all )?(?:code|models|weights|checkpoints)\b|\?[\"'”)]*$|[:;]$"
    r"|^(?:figure|fig\.|table|image credit|image source|photo|source)\b[^.]{0,30}[:.|]|\bsubscribe\b|\bread more\b",
    re.IGNORECASE,
)
#: A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?:This|These|Those|That|It|Its|They|Their|Them|Such|Both|He|She|His|Her|There(?:fore)?|Thus|Hence|So|Then|Here"
    r"|On both|In (?:this|that|these|such|both)|For (?:this|these|both)|At this|The (?:former|latter|others?|rest|two"
    r"|second|third|resulting|same)|Another|Others|Either|Neither|Each of|One of (?:them|these)|As such|To do (?:so|this)"
    r"|By (?:doing|this)|Doing so|From (?:this|these)|With (?:this|these)|Under (?:this|these)|Based on (?:this|these)"
    r"|What (?:they|it) \w+|Using (?:this|these)|Because of (?:this|that)|Since then|Also|Again|Yet|But|And|Or|Nor)\b"
    r"(?! (?:is|are) (?:a|an|no|many|several|two|much)\b)"
)
#: So does one whose subject comes after a phrase: "Using this, it learns", "By sorting them, this step helps".
_LEANS_LATER = re.compile(
    r"(?:By|To|Using|With|Through|Unlike|Despite|Compared|Based|Built|Inspired|(?:Pre-)?[Tt]rained|Designed|\w+ing)\b(?:[^,;:]{2,120},){1,2}"
    r" (?:(?:it|they)\b|(?:this|these|such)\b(?! (?:paper|work|article|study|report|survey|post)\b))"
)
#: One point of a list whose others are elsewhere.
_LISTED = re.compile(r"\((?:i|1|a)\)")
_LISTED_LATER = re.compile(r"\((?:ii|iii|iv|2|3|4|b|c)\)")
#: "This paper", "This post" and "It is well known" lean on nothing.
_STANDS = re.compile(
    r"(?:This|These|In this|Such) (?:paper|work|article|study|report|survey|post|tutorial|papers)\b"
    r"|It is (?:well|widely|often|known|hard|difficult|common|important|possible)|There (?:is|are|has|have)\b|Here,? we\b"
    r"|So far\b|Both (?:the )?\w+ and\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One source sentence."""

    item: Item
    index: int  #: its place among the sentences of the item
    span: Span
    text: str
    role: Role
    narrator: Narrator
    is_lead: bool
    is_claim: bool  #: it says what the authors did
    is_after_claim: bool  #: the item has said what it contributes before this sentence
    is_at_figure: bool  #: it reads a figure aloud
    content: frozenset[str]
    name: str = ""  #: what the work is called, "" where that is not clear
    stands_as: str = ""  #: with the name of the work for an "it" at its start; "" where it has none

    @property
    def word_count(self) -> int:
        return len(self.text.split())

    @property
    def leans(self) -> bool:
        """It cannot stand without the sentence before it."""
        if self.stands_as:
            return False
        if _LEANS_LATER.match(self.text):
            return True
        return bool(_LEANS.match(self.text)) and not _STANDS.match(self.text)

    @property
    def is_tellable(self) -> bool:
        is_torn = bool(_LISTED.search(self.text)) != bool(_LISTED_LATER.search(self.text))
        fits = MIN_WORDS <= self.word_count <= MAX_WORDS
        return fits and not is_torn and not _ROUGH_DROP.search(self.text)

    def follows(self, other: Candidate) -> bool:
        return self.item.id == other.item.id and self.index == other.index + 1

    def said(self, before: Candidate | None, text_before: str) -> Sentence:
        """The sentence as the digest tells it after ``text_before``."""
        is_continued = (
            before is not None
            and before.narrator == self.narrator
            and speaks_first(before.text)
            and names_speaker(text_before, self.narrator)
        )
        source = self.text
        if before is None or not self.follows(before):
            source = self.stands_as or without_connective(self.text)
        text = " ".join(reported(source, self.narrator, is_continued=is_continued).split())
        flat = " ".join(self.text.split())
        return Sentence(
            text=text,
            origin="extractive" if text == flat else "reported",
            spans=(self.span,),
            source_text="" if text == flat else flat,
            url=self.item.url,
        )


_OWN_WORK = re.compile(
    r"\b[Tt]his (?:paper|work|article|study|post|report) (?:\w+ly |also )?"
    r"(?:propos|present|introduc|describ|develop|show|stud|report|examin|investigat|explor|review|argu)"
)


def says_what_was_done(text: str) -> bool:
    """The authors speak of what they did; what stands before such a sentence is what was there before."""
    return has_first_person(text) or _OWN_WORK.search(text) is not None


#: What follows such a sentence reads the figure aloud.
_FIGURE = re.compile(r"\b(?:[Tt]he|[Oo]ur|[Tt]his) (?:figure|plot|chart|curve)s?\b")


def candidates(story: Story, classify: Classify) -> tuple[Candidate, ...]:
    """Every sentence of the lead and of the papers, posts and articles told with it, in order."""
    found: list[Candidate] = []
    for item in told(story):
        spans = split(item.text)
        texts = [item.text[a:b] for a, b in spans]
        roles = classify(texts)
        narrator = narrator_of(item)
        name = own_name(item.title, item.text)
        has_claimed = False
        for index, ((start, end), text, role) in enumerate(zip(spans, texts, roles, strict=True)):
            found.append(
                Candidate(
                    item=item,
                    index=index,
                    span=Span(item_id=item.id, start=start, end=end),
                    text=text,
                    role=role,
                    narrator=narrator,
                    is_lead=item is story.lead,
                    is_claim=says_what_was_done(text),
                    is_after_claim=has_claimed,
                    is_at_figure=any(
                        _FIGURE.search(t) for t in texts[max(0, index - 3) : index + 1]
                    ),
                    content=content_of(text),
                    name=name,
                    stands_as=with_antecedent(text, texts[index - 1], name) if index else "",
                )
            )
            has_claimed = has_claimed or says_what_was_done(text)
    return tuple(found)


def content_of(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(s for s in stems(text) if s not in STOPWORDS and len(s) > 1)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set's words that the other has too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def is_covered(candidate: Candidate, spans: Collection[Span]) -> bool:
    """One of ``spans`` lies on the sentence."""
    own = candidate.span
    return any(s.item_id == own.item_id and s.start < own.end and own.start < s.end for s in spans)
