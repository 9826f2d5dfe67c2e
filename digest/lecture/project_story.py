"""A story as class projects see it: which form of text it is, what it calls its method, and how large its models are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from digest.lecture.texts import StoryText, beginning, count_phrase
from digest.types import Story
from digest.words import stems

Form = Literal["method", "benchmark", "survey", "position", "theory", "thread", "news"]

_SURVEY = re.compile(
    r"\b(?:survey|review|overview|tutorial|primer|roadmap|challenge report|challenges and opportunities|state of the art of"
    r"|taxonomy of|advances and (?:open|challenges)|open problems|advances, challenges|past, present)\b",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"\b(?:position(?: paper)?:|position paper|perspectives?|viewpoint|manifesto|vision paper|we argue that|call for|call to)\b",
    re.IGNORECASE,
)
_BENCHMARK = re.compile(
    r"(?:\w*[- ]?\bbench(?:mark(?:s|ing|ed)?)?\b|\w+bench\b|\bdata ?sets?\b|\bcorpus\b|\bevaluat(?:ing|ion)\b|\bassessing\b|\bleaderboard\b)",
    re.IGNORECASE,
)
_THEORY = re.compile(
    r"\b(?:we prove|theorems?|lemma|upper bound|lower bound|sample complexity|minimax|asymptotic(?:ally)?|convergence rates?)\b",
    re.IGNORECASE,
)
#: "Drivers Under Surveillance, What Is Fairness?, Cancer Treatment": a newsletter is no subject of a project.
_ROUND_UP = re.compile(r",[^,]+,[^,]+[,&]| at (?:CVPR|ICML|NeurIPS|ICLR|ACL|EMNLP|ICCV|ECCV)\b")
_NAME = re.compile(r"([A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,2}): ")
_SCALE = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)(?:B\b(?!\s*(?:tokens?|pairs|images|samples|words|examples))|(?: |-)billion[- ]param)"
)
BEGINNING_WORDS = 400  #: as in the links to lectures: what a text is about stands at its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStory:
    """What an idea asks of a story."""

    key: str
    topics: tuple[str, ...]
    form: Form
    name: str  #: "TraceIt"; "" where the title names nothing
    scale: str  #: the largest model that the text speaks of, "32 billion"; "" where it names none
    title_stems: tuple[str, ...]
    text_stems: tuple[str, ...]

    @classmethod
    def of(cls, story: Story, text: StoryText, topics: Sequence[str]) -> ProjectStory:
        text = beginning(text, BEGINNING_WORDS)
        form = form_of(story, text, topics)
        name = _NAME.match(story.lead.title) if form == "method" else None
        return cls(
            key=story.key,
            topics=tuple(topics),
            form=form,
            name=name.group(1) if name else "",
            scale=scale_of(text.text),
            title_stems=text.title_stems,
            text_stems=text.text_stems,
        )

    def has_in_title(self, phrase: str) -> bool:
        return count_phrase(self.title_stems, _stems(phrase)) > 0

    def count(self, phrase: str) -> int:
        return count_phrase(self.text_stems, _stems(phrase))

    def mentions(self, phrase: str) -> bool:
        return self.has_in_title(phrase) or self.count(phrase) > 0


def form_of(story: Story, text: StoryText, topics: Sequence[str]) -> Form:
    """The form of the story's text, as its title and kind tell it."""
    title = story.lead.title
    if story.lead.kind == "thread":
        return "thread"
    if story.lead.kind == "article" or (story.lead.kind == "post" and _ROUND_UP.search(title)):
        return "news"
    if _SURVEY.search(title):
        return "survey"
    if _POSITION.search(title):
        return "position"
    if _BENCHMARK.search(title):
        return "benchmark"
    if "theory" in topics and (topics[0] == "theory" or _THEORY.search(text.text)):
        return "theory"
    return "method"


def scale_of(text: str) -> str:
    """The largest number of parameters, in billions, that the text speaks of: "32 billion"."""
    sizes = [m.group(1) for m in _SCALE.finditer(text)]
    return f"{max(sizes, key=float)} billion" if sizes else ""


@cache
def _stems(phrase: str) -> tuple[str, ...]:
    return stems(phrase)
