"""An opening line is cut only where the heading goes on with the same words."""

import dataclasses

import pytest

from digest.render.opening import lead_in
from tests.render.sample_issue import minimal_issue

STORY = minimal_issue().stories[0]


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (
            "The title of the paper is “A post without a text”, by A. B. and C. D.",
            "The title of the paper is",
        ),
        (
            "Next, a paper by X and colleagues: “A Post Without a ‘Text’.”",
            "Next, a paper by X and colleagues:",
        ),
        (
            "The paper “A post without a text” has a sequel.",
            "The paper “A post without a text” has a sequel.",
        ),
        ("An article: “Another title”.", "An article: “Another title”."),
        ("“A post without a text”", ""),
        ("Hello.", "Hello."),
        ("", ""),
    ],
)
def test_the_opening_runs_into_the_title(opening, expected):
    story = dataclasses.replace(STORY, opening=opening)

    assert expected == lead_in(story)
