"""Speaker notes: what the lecturer says at each slide, in full sentences of the issue, in the order of the talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digest.health import alarms, missing
from digest.issue import (
    Discussion,
    FullStory,
    Issue,
    PartKind,
    Position,
    ResultChart,
    Sentence,
)
from digest.render.accounts import by_source
from digest.render.environment import count
from digest.render.slide import Link, Note

WORDS_PER_MINUTE = 130  # as for Issue.speaking_minutes


def seconds(notes: Iterable[Note]) -> int:
    """How long the spoken notes take to say."""
    return round(sum(_words(note) for note in notes) * 60 / WORDS_PER_MINUTE)


def _words(note: Note) -> int:
    return len(note.text.split()) if note.is_spoken else 0


def said(sentences: Iterable[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def opening(story: FullStory) -> Iterator[Note]:
    """How the story is opened, and the story in one sentence."""
    title = f"“{story.title}”"
    yield Note(
        label="Open",
        text=story.opening or f"The title is {title}, and it comes from {story.badge}.",
    )
    if story.headline:
        yield Note(label="In one sentence", text=said(story.headline))
    elif not story.parts and story.discussion is None:
        yield Note(
            label="Mind",
            text="No text was available for this issue, so open the source before class and say in a sentence what it is.",
        )


def parts(story: FullStory, kinds: Iterable[PartKind]) -> Iterator[Note]:
    for part in story.parts:
        if part.kind in kinds and part.sentences:
            yield Note(label=part.title, text=said(part.sentences))


def chart(result: ResultChart) -> Iterator[Note]:
    yield Note(
        label="The chart",
        text=f"The bars are our own drawing of what one sentence of the source says. {result.description}",
    )


def figure(story: FullStory) -> Iterator[Note]:
    if shown := story.figure:
        text = " ".join((f"{shown.kind}.", *shown.reading))
        yield Note(label="The figure", text=text)
        yield Note(label="Show it", text=f"{shown.url} (“{shown.caption}”)", is_spoken=False)


def terms(story: FullStory) -> Iterator[Note]:
    for term in story.terms:
        yield Note(label="In plain words", text=f"{term.term}: {term.definition}")


def ties(story: FullStory) -> Iterator[Note]:
    """The course, other stories, a project."""
    if story.course:
        yield Note(label="In this course", text=story.course.sentence)
    if story.connections:
        yield Note(label="Connects to", text=" ".join(c.sentence for c in story.connections))
    yield from project(story)


def project(story: FullStory) -> Iterator[Note]:
    if idea := story.project:
        text = f"{_stopped(idea.title)} {idea.task} Data: {_stopped(idea.data)} First step: {_stopped(idea.first_step)}"
        yield Note(label="Project idea of the digest", text=text)


def discussion(thread: Discussion) -> Iterator[Note]:
    """The thread as positions: who holds what, and how strongly; never as what is true."""
    if thread.question:
        yield Note(
            label="The question", text=f"On {thread.where} somebody asks: {thread.question.text}"
        )
    if thread.question and thread.positions and not thread.open_questions:
        text = "What is your answer? Take a show of hands before you read the positions out."
        yield Note(label="Ask the class", text=text)
    for position in thread.positions:
        yield Note(label="One position", text=f"“{position.text}” ({support(position)})")
        if position.objection:
            yield Note(label="Against it", text=f"“{position.objection.text}”")
    if thread.agreement:
        yield Note(label="How far they agree", text=thread.agreement.text)
    if thread.open_questions:
        yield Note(label="Still open", text=said(thread.open_questions))


def support(position: Position) -> str:
    """How strongly a position is held: "6 comments, best: 94 points"; of a single comment "94 points"."""
    comments = count(max(position.comment_count, 1), "comment")
    if position.score is None:
        return comments
    points = count(position.score, "point")
    return f"{comments}, best: {points}" if position.comment_count > 1 else points


def question(story: FullStory) -> Iterator[Note]:
    """One question for the class, where a fact of the story raises one."""
    thread, idea = story.discussion, story.project
    if thread and thread.open_questions:
        text = f"Still open in the thread: {thread.open_questions[0].text} What is your view?"
    elif idea:
        text = f"Who would try “{_bare(idea.title)}” as a class project, and on which data of your own?"
    elif linked := [c for c in story.connections if c.target_number]:
        text = f"What does this have in common with story {linked[0].target_number}, “{linked[0].target_title}”?"
    elif story.course and story.course.tense in ("past", "today"):
        text = (
            f"What in lecture {story.course.lecture}, “{story.course.title}”, does this build on?"
        )
    else:
        return
    yield Note(label="Ask the class", text=text)


def sources(links: Iterable[Link]) -> Iterator[Note]:
    text = "; ".join(f"{link.label}: {link.url}" for link in links)
    if text:
        yield Note(label="Sources", text=text, is_spoken=False)


def time(spoken_seconds: int) -> Note:
    minutes, rest = divmod(max(spoken_seconds, 1), 60)
    span = " ".join(
        filter(None, (f"{minutes} min" if minutes else "", f"{rest} s" if rest else ""))
    )
    return Note(label="Time", text=f"about {span} for this slide", is_spoken=False)


def making(issue: Issue) -> str:
    """How the issue was made: from what, by which model, what is missing."""
    said = (
        coverage(issue),
        by_source(issue.coverage),
        disclosure(issue),
        *alarms(issue.sources),
        *missing(issue.sources),
    )
    return " ".join(filter(None, said))


def coverage(issue: Issue) -> str:
    c = issue.coverage
    return (
        f"This issue tells {count(c.full, 'story', 'stories')} in full and {c.brief} in one line, out of "
        f"{count(c.stories, 'story', 'stories')} that {count(c.items, 'collected item')} made."
    )


def disclosure(issue: Issue) -> str:
    """Which model wrote, and how often it was overruled."""
    model = issue.model
    if model.fallback_reason or model.model_id.startswith("extractive"):
        why = f" ({_bare(model.fallback_reason)})" if model.fallback_reason else ""
        return f"No model wrote in this issue{why}: its sentences are the sources' own."
    if not model.summaries:
        return ""
    condensed = model.summaries - model.unwritten
    rest = f" {count(model.unwritten, 'text')} more it could not read: there the sources' own words stand."
    return (
        f"{model.model_id} condensed {count(condensed, 'text')}; every sentence was checked against its source, and "
        f"{model.replaced} of the {condensed} had one replaced by the source's own.{rest if model.unwritten else ''}"
    )


def _bare(text: str) -> str:
    return text.rstrip(" .")


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
