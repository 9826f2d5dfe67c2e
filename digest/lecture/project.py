"""*Project idea*: a doable class project for a story, from a library of templates; none where none fits.

Always a suggestion of the digest. No idea comes twice within an issue or within the last issues, and not more than half of the
stories get one: a project for everything is a project for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.errors import ConfigError
from digest.issue import Issue, ProjectIdea
from digest.lecture.texts import StoryText, count_phrase, has_phrase
from digest.words import stems

PROJECTS = Path(__file__).with_name("projects.yaml")
REMEMBERED_ISSUES = 4
THRESHOLD = 3.0  #: a phrase in the title, or one that the text uses twice and another one, or one used three times
IN_TITLE = 3.0
IN_TEXT = 1.0
MAX_MENTIONS = 3


class Template(BaseModel):
    """One idea of the library, as projects.yaml describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    any: tuple[str, ...] = Field(min_length=1)
    none: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    task: str
    data: str
    first_step: str

    def fit(self, text: StoryText, topics: Sequence[str]) -> float:
        """How well the idea fits the story; 0 where a condition is not met."""
        if self.topics and not set(self.topics) & set(topics):
            return 0.0
        if any(has_phrase(text.title_stems + text.text_stems, stems(word)) for word in self.none):
            return 0.0
        value = 0.0
        for phrase in dict.fromkeys(stems(word) for word in self.any):
            value += IN_TITLE * has_phrase(text.title_stems, phrase)
            value += IN_TEXT * min(count_phrase(text.text_stems, phrase), MAX_MENTIONS)
        return value

    def idea(self) -> ProjectIdea:
        return ProjectIdea(
            title=self.title, task=self.task, data=self.data, first_step=self.first_step
        )


def project_ideas(
    stories: Sequence[tuple[str, StoryText, Sequence[str]]],
    templates: Sequence[Template],
    used: Collection[str] = (),
) -> dict[str, ProjectIdea]:
    """By story key, the ideas for (key, text, topics): the best fits first, each idea once, at most half the stories."""
    fits = [
        (template.fit(text, topics), -place, key, template)
        for place, (key, text, topics) in enumerate(stories)
        for template in templates
        if template.title not in used
    ]
    fits = [f for f in fits if f[0] >= THRESHOLD]
    fits.sort(key=lambda f: (-f[0], -f[1], f[3].title))
    chosen: dict[str, ProjectIdea] = {}
    titles: set[str] = set()
    for _, _, key, template in fits:
        if len(chosen) == math.ceil(len(stories) / 2):
            break
        if key not in chosen and template.title not in titles:
            chosen[key] = template.idea()
            titles.add(template.title)
    return chosen


def suggested_before(past: Sequence[Issue]) -> frozenset[str]:
    """The titles of ideas in the last few issues, ``past`` being newest first."""
    return frozenset(
        s.project.title for i in past[:REMEMBERED_ISSUES] for s in i.stories if s.project
    )


@cache
def load_projects(path: Path = PROJECTS) -> tuple[Template, ...]:
    """The library at ``path``; ConfigError (one line) where an idea is wrong."""
    try:
        return tuple(Template.model_validate(t) for t in yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, TypeError) as e:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(e).split())}") from e
    except ValidationError as e:
        fault = e.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise ConfigError(f"{path}: {where}: got {fault.get('input')!r:.60}; {fault['msg']}") from e
