"""*Project idea*: a doable class project for a story, from a library of templates; none where none fits.

    projects.yaml   the ideas, and the models that a class of each level can run
    datasets.yaml   public data sets by task, with size and license

Always a suggestion of the digest. No idea comes twice within an issue or within the last issues, and not more than half of the
stories get one: a project for everything is a project for nothing. The choice depends on the stories alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from digest.issue import Issue, ProjectIdea
from digest.lecture import frame
from digest.lecture.level import Level
from digest.lecture.project_library import Dataset, Library, Template
from digest.lecture.project_story import ProjectStory

REMEMBERED_ISSUES = 4
THRESHOLD = 3.0  #: a phrase in the title
IN_TEXT_ALONE = 5.0  #: without one there, the text must come back to it: what is only evaluated on is named once or twice
IN_TITLE = 3.0
IN_TEXT = 1.0
MAX_MENTIONS = 3
#: An idea on the story's main topic, and one that names nothing of the story but the subject of its data set.
FIRST_TOPIC_FACTOR, GENERAL_FACTOR = 1.15, 0.5


def project_ideas(
    stories: Sequence[ProjectStory],
    library: Library,
    level: Level,
    used: Collection[str] = (),
) -> dict[str, ProjectIdea]:
    """By story key, the ideas: the best fits first, each idea once, for at most half of the stories (rounded up).

    ``used`` are titles of ideas that may not come again.
    """
    fits = [
        (value, place, template.title, story, template, dataset)
        for place, story in enumerate(stories)
        for template in library.ideas
        if template.title not in used and level.name in template.levels
        for value, dataset in (fit(template, story, library),)
        if value >= THRESHOLD * (GENERAL_FACTOR if not template.any else 1.0)
    ]
    fits.sort(key=lambda f: (-f[0], f[1], f[2]))
    chosen: dict[str, ProjectIdea] = {}
    titles: set[str] = set()
    for _, _, title, story, template, dataset in fits:
        if len(chosen) == math.ceil(len(stories) / 2):
            break
        if story.key not in chosen and title not in titles:
            chosen[story.key] = idea(template, story, dataset, library, level)
            titles.add(title)
    return chosen


def fit(template: Template, story: ProjectStory, library: Library) -> tuple[float, Dataset | None]:
    """How well the idea fits the story, and the data set that it would use; 0 where a condition is not met."""
    if story.form not in template.forms or (template.needs_name and not story.name):
        return 0.0, None
    if template.topics and not set(template.topics) & set(story.topics):
        return 0.0, None
    value = _evidence(template.any, story)
    is_in_title = any(map(story.has_in_title, template.any))
    if template.any and value < (THRESHOLD if is_in_title else IN_TEXT_ALONE):
        return 0.0, None
    if template.needs and not any(map(story.mentions, template.needs)):
        return 0.0, None
    if any(map(story.mentions, template.none)):
        return 0.0, None
    if story.topics and story.topics[0] in template.topics:
        value *= FIRST_TOPIC_FACTOR
    if not template.tasks:
        return value, None
    weighed = [
        (_evidence(d.fits, story), not d.fits, -place, d)
        for place, d in enumerate(library.datasets_for(template.tasks))
    ]
    suits, _, _, dataset = max(weighed, key=lambda w: w[:3])
    if not template.any:
        value = GENERAL_FACTOR * suits
    return value, dataset


def _evidence(phrases: Sequence[str], story: ProjectStory) -> float:
    return math.fsum(
        IN_TITLE * story.has_in_title(p) + IN_TEXT * min(story.count(p), MAX_MENTIONS)
        for p in phrases
    )


def idea(
    template: Template,
    story: ProjectStory,
    dataset: Dataset | None,
    library: Library,
    level: Level,
) -> ProjectIdea:
    """The idea with the story's name and size, the data set and the computing of the level filled in."""
    model = library.models[template.model][level.name] if template.model else ""
    fills = {
        "data": dataset.name if dataset else "",
        "does": dataset.does if dataset else "",
        "model": model,
        "count": library.count[level.name],
        "name": story.name,
    }
    if model and story.scale:
        compute = frame.PROJECT_SCALE.format(size=story.scale, model=model, compute=level.compute)
    else:
        compute = frame.PROJECT_COMPUTE.format(compute=level.compute)
    data = template.data
    if dataset:
        data = frame.PROJECT_DATA.format(
            name=dataset.name, size=dataset.size, licence=dataset.licence
        )
    return ProjectIdea(
        title=template.title,
        task=f"{frame.capitalized(template.task.format(**fills))} {compute}",
        data=data,
        first_step=frame.capitalized(template.first_step.format(**fills)),
    )


def suggested_before(past: Sequence[Issue]) -> frozenset[str]:
    """The titles of ideas in the last few issues, ``past`` being newest first."""
    return frozenset(
        s.project.title for i in past[:REMEMBERED_ISSUES] for s in i.stories if s.project
    )
