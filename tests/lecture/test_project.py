"""Class projects fit their story, are filled in with what a class has, and are left out where nothing fits."""

from __future__ import annotations

import re

import pytest

from digest.errors import ConfigError
from digest.lecture.level import LEVELS
from digest.lecture.project import project_ideas
from digest.lecture.project_library import DATASETS, PROJECTS, load_library
from digest.lecture.project_story import ProjectStory, scale_of
from digest.lecture.texts import StoryText
from tests.lecture.make import item, ranked

LIBRARY = load_library()


def told(title, text="", topics=("vision",), key="arxiv:2102.00001", **kw):
    story = ranked(item(key, title, text, **kw)).story
    return ProjectStory.of(story, StoryText.of(story), topics)


def ideas(*stories, level="undergraduate", used=()):
    return project_ideas(stories, LIBRARY, LEVELS[level], used)


def only(*args, level="undergraduate", **kw):
    found = ideas(told(*args, **kw), level=level)
    return next(iter(found.values()), None)


def test_the_library_has_ideas_for_every_level():
    assert len(LIBRARY.ideas) >= 40
    for level in LEVELS:
        assert 40 <= sum(level in t.levels for t in LIBRARY.ideas)


@pytest.mark.parametrize("level", list(LEVELS))
def test_every_idea_can_be_filled_in_and_fits_the_story_it_is_about(level):
    unfilled = []
    for template in LIBRARY.ideas:
        if level not in template.levels:
            continue
        subjects = [f for d in LIBRARY.datasets_for(template.tasks) for f in d.fits]
        words = [*(template.any or subjects)[:2], *template.needs[:1]]
        for form in ("A {}", "A survey of {}", "A benchmark of {}", "We prove: {}"):
            title = form.format(" and ".join(words))
            story = told(title, " ".join(words * 3), template.topics or ("vision", "language"))
            found = ideas(
                story, level=level, used={t.title for t in LIBRARY.ideas} - {template.title}
            )
            if found:
                filled = found[story.key]
                assert not re.search(r"[{}]", filled.task + filled.first_step + filled.data)
                break
        else:
            unfilled.append(template)
    assert [] == [t.title for t in unfilled if "thread" not in t.forms and not t.needs_name]


def test_the_idea_names_a_data_set_and_what_the_level_can_compute_with():
    idea = only("Image quantization", "Low-bit quantization of post-training networks. Quantization again.", ("language",), level="lab")  # fmt: skip

    assert "license" in idea.data
    assert LEVELS["lab"].compute in idea.task
    assert idea.first_step.endswith((".", "?"))


def test_a_text_that_only_mentions_the_subject_gets_no_idea():
    assert only("A study of storks", "We compare with LoRA. We use low-rank adaptation.") is None


def test_a_word_that_rules_the_idea_out_counts():
    text = "Forecasting again and again: forecasting, forecasting."

    assert (
        only("Forecasting the load", text, topics=("science",)).title == "Beat the naive forecast"
    )
    ruled_out = only("Occupancy forecasting", f"{text} Occupancy.", topics=("science",))
    assert ruled_out is None or ruled_out.title != "Beat the naive forecast"


def test_half_of_the_stories_get_one_each_idea_once_and_none_that_came_before():
    stories = [told("Novel view synthesis with NeRF", "NeRF, view synthesis.", key=f"k{n}") for n in range(4)]  # fmt: skip

    found = ideas(*stories, level="lab")
    again = ideas(*stories, level="lab", used={i.title for i in found.values()})

    assert 1 <= len(found) <= 2
    titles = [i.title for i in found.values()]
    assert len(titles) == len(set(titles))
    assert not set(titles) & {i.title for i in again.values()}


def test_a_press_article_gets_none():
    assert only("NeRF, novel view synthesis and more", "NeRF " * 5, kind="article") is None


def test_the_size_of_a_model_is_told_from_a_number_of_tokens():
    assert scale_of("A 7B model trained on 300B tokens, and one of 32 billion parameters.") == "32 billion"  # fmt: skip
    assert not scale_of("Trained on 300B tokens.")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  tasks: [math]", "  tasks: [riddles]", "no data set has the task 'riddles'"),
        ("  model: language\n", "  model: oracle\n", "'oracle' is not among models"),
        ("- title: Majority vote or a good judge?", "- title: Does thinking longer help?", "used twice"),
        ("  forms: [method, benchmark, survey]", "  forms: [poem]", "got 'poem'"),
        ('first_step: "Read', 'first_steps: "Read', "first_step"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_in_one_line(tmp_path, old, new, said):
    path = tmp_path / "projects.yaml"
    text = PROJECTS.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(ConfigError) as told_error:
        load_library(path, DATASETS)
    assert said in str(told_error.value)
    assert len(str(told_error.value).splitlines()) == 1
