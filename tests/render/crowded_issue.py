"""An issue that strains a slide: every text as long as it comes, more stories than a page of the agenda holds."""

from __future__ import annotations

from dataclasses import replace

from digest.issue import BriefStory, FullStory, Issue, Sentence
from tests.render.sample_issue import influence_story, sample_issue, theory_story

LONG_TITLE = (
    "Understanding Self-Supervised Representation Learning with Redundancy-Reducing Objectives under Heavy-Tailed Noise:"
    " A Unified Perspective on Convergence, Generalization and Robustness of Overparameterized Transformer Networks"
)
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


def wordy(sentence: Sentence) -> Sentence:
    """The same sentence, twice as long, so that hardly any cut makes a bullet of it."""
    return replace(sentence, text=f"{sentence.text.rstrip('.')} and {sentence.text}")


def crowded_story(number: int) -> FullStory:
    """Every part with four sentences of about 16 words each, the title on three lines, a badge of four words."""
    story = influence_story()
    filler = "The sentence about {} has exactly as many words as a bullet on the slide may have."
    parts = tuple(
        replace(
            part,
            sentences=(
                *part.sentences,
                *(replace(part.sentences[0], text=filler.format(f"{part.kind} {at}")) for at in range(3)),
            ),
        )
        for part in story.parts
    )  # fmt: skip
    course = story.course and replace(story.course, sentence=f"{story.course.sentence} " * 2)
    return replace(
        story,
        number=number,
        key=f"{story.key}-{number}",
        badge="Journal of Machine Learning Research",
        title=LONG_TITLE,
        headline=tuple(map(wordy, story.headline)),
        parts=parts,
        course=course,
    )


def crowded_thread(number: int) -> FullStory:
    story = theory_story()
    thread = story.discussion
    assert thread is not None
    positions = tuple(
        replace(position, text=f"{position.text} " * 6, comment_count=1234, score=56789)
        for position in thread.positions * 3
    )
    thread = replace(thread, positions=positions)
    return replace(story, number=number, key=f"{story.key}-{number}", title=UNBROKEN, discussion=thread)  # fmt: skip


def crowded_issue() -> Issue:
    issue = sample_issue()
    stories = (*(crowded_story(n) for n in range(1, 9)), *(crowded_thread(n) for n in (9, 10)))
    briefs: tuple[BriefStory, ...] = tuple(
        replace(brief, title=LONG_TITLE) for brief in issue.briefs * 4
    )
    return replace(
        issue,
        title="The Weekly Digest of Everything that Happened in Machine Learning, Deep and Shallow",
        lecturer="An Example of a Rather Long Name, Professor of Everything",
        theme_sentence="After a week of language models, this week is more about computer vision and graph learning.",
        stories=stories,
        briefs=briefs,
        read_one=f"If you read one thing: “{LONG_TITLE}” (Journal of Machine Learning Research).",
    )
