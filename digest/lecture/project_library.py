"""projects.yaml and datasets.yaml -> ``Library``: what a lecturer may edit, checked, with one clear line where it is wrong."""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.errors import ConfigError
from digest.lecture.level import LevelName
from digest.lecture.project_story import Form
from digest.topics import TOPIC_TITLES

PROJECTS = Path(__file__).with_name("projects.yaml")
DATASETS = Path(__file__).with_name("datasets.yaml")

Phrases = tuple[str, ...]
ALL_LEVELS: tuple[LevelName, ...] = ("undergraduate", "graduate", "lab")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Dataset(_Entry):
    """A public data set, as datasets.yaml describes it."""

    name: str = Field(min_length=2)
    task: str = Field(min_length=2)
    does: str = Field(min_length=3)
    size: str = Field(min_length=2)
    licence: str = Field(min_length=2)
    fits: Phrases = ()


class Template(_Entry):
    """One idea, as projects.yaml describes it."""

    title: str = Field(min_length=3)
    any: Phrases = ()
    none: Phrases = ()
    needs: Phrases = ()
    topics: Phrases = ()
    forms: tuple[Form, ...] = ("method",)
    levels: tuple[LevelName, ...] = ALL_LEVELS
    model: str = ""
    tasks: Phrases = ()
    needs_name: bool = False
    task: str = Field(min_length=10)
    data: str = ""
    first_step: str = Field(min_length=10)


class Library(_Entry):
    """All ideas with what fills them."""

    models: dict[str, dict[LevelName, str]]
    count: dict[LevelName, str]
    ideas: tuple[Template, ...] = Field(min_length=1)
    datasets: tuple[Dataset, ...] = Field(min_length=1)

    def datasets_for(self, tasks: Sequence[str]) -> tuple[Dataset, ...]:
        """Those of the tasks, in the order of the tasks."""
        return tuple(d for task in tasks for d in self.datasets if d.task == task)


@cache
def load_library(projects: Path = PROJECTS, datasets: Path = DATASETS) -> Library:
    """The library of the two files; ConfigError (one line) where an entry is wrong."""
    data = _read(projects)
    if not isinstance(data, dict):
        raise ConfigError(f"{projects}: must be a mapping with models, count and ideas")
    listed = _read(datasets)
    if not isinstance(listed, list):
        raise ConfigError(f"{datasets}: must be a list of data sets")
    library = _checked({**data, "datasets": listed}, projects, datasets)
    if fault := _fault(library):
        raise ConfigError(f"{projects}: {fault}")
    return library


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, ValueError) as e:
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(e).split())}") from e


def _checked(data: dict[str, Any], projects: Path, datasets: Path) -> Library:
    try:
        return Library.model_validate(data)
    except ValidationError as e:
        fault = e.errors(include_url=False)[0]
        first, *rest = fault["loc"]
        path = datasets if first == "datasets" else projects
        place = ".".join(map(str, rest if first == "datasets" else fault["loc"]))
        raise ConfigError(f"{path}: {place}: got {fault.get('input')!r:.60}; {fault['msg']}") from e


def _fault(library: Library) -> str:
    """What no single key shows: titles used twice, names that stand nowhere, places that nothing fills."""
    titles: set[str] = set()
    for place, template in enumerate(library.ideas):
        where = f"ideas.{place} ({template.title})"
        if template.title in titles:
            return f"{where}: the title is used twice"
        titles.add(template.title)
        if unknown := [t for t in template.topics if t not in TOPIC_TITLES]:
            return (
                f"{where}: topics: {unknown[0]!r} is no topic; allowed: {', '.join(TOPIC_TITLES)}"
            )
        if unknown := [t for t in template.tasks if not library.datasets_for((t,))]:
            return f"{where}: tasks: no data set has the task {unknown[0]!r}"
        if template.model and template.model not in library.models:
            return f"{where}: model: {template.model!r} is not among models: {', '.join(library.models)}"
        if bool(template.tasks) == bool(template.data):
            return f"{where}: give tasks (a data set is chosen) or data (in words), one of the two"
        if not template.any and not template.tasks:
            return f"{where}: needs any or tasks; else it would fit every story"
        if fault := _places(template):
            return f"{where}: {fault}"
    return ""


def _places(template: Template) -> str:
    """The first place in braces that would stay empty."""
    filled = {"count"}
    filled |= {"data", "does"} if template.tasks else set()
    filled |= {"model"} if template.model else set()
    filled |= {"name"} if template.needs_name else set()
    for key in ("task", "first_step"):
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(getattr(template, key))}
        except ValueError as e:
            return f"{key}: {e}"
        if empty := sorted(n for n in named if n is not None and n not in filled):
            return f"{key}: nothing fills {{{empty[0]}}}"
    return ""
