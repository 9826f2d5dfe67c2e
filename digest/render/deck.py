"""The deck: one model of the slides, from which the HTML, the Markdown and the PowerPoint files are made.

    title -> agenda -> each story, one to three slides -> in one line -> project ideas -> closing

All texts are plain Unicode text; the renderers escape them and vet the URLs. A slide holds what one can read while
somebody speaks; the whole text of the issue is in its notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from digest.issue import BriefStory, FullStory, Issue
from digest.render import speech
from digest.render.bullets import LONGEST
from digest.render.environment import count, ended, long_date
from digest.render.fit import MAX_BULLETS, fit
from digest.render.slide import Bullet, Link, Note, Slide, plain
from digest.render.story_slides import story_slides
from digest.sentences import split
from digest.shorten import beginning, shorten, shorten_title

T = TypeVar("T")

AGENDA_A_SLIDE = 8  # stories
BRIEFS_A_SLIDE = 6
MAX_RECAP_WORDS = 40
#: Characters: of a story's title on the agenda (one line) and in one line (two), of the newsletter's title in the
#: largest type, and of a sign-off that still makes a title.
MAX_AGENDA_TITLE, MAX_BRIEF_TITLE, MAX_LARGE_TITLE, MAX_CLOSING = 68, 104, 40, 90
MAX_BADGE = 22  # characters, on the agenda


def deck(issue: Issue) -> tuple[Slide, ...]:
    """The slides in the order of the talk, each with at least 20 words of notes."""
    issue = plain(issue)
    ideas = [story for story in issue.stories if story.project]
    has_project_slide = len(ideas) >= 2
    told = [story_slides(story, has_project_slide=has_project_slide) for story in issue.stories]
    slides = [
        _title_slide(issue),
        *_agenda_slides(issue, [len(slides) for slides in told]),
        *(slide for slides in told for slide in slides),
        *_brief_slides(issue),
        *([_project_slide(ideas)] if has_project_slide else []),
        _closing_slide(issue),
    ]
    return tuple(map(_finished, slides))


def _title_slide(issue: Issue) -> Slide:
    bullets = [issue.course, issue.lecturer, f"This week: {issue.theme}" if issue.theme else ""]
    name = f"This is {issue.title} no. {issue.number}, of {long_date(issue.date)}."
    return Slide(
        kind="title",
        kicker=f"No. {issue.number}",
        title=shorten_title(issue.title, MAX_CLOSING),
        lede=Bullet(text=long_date(issue.date)),
        bullets=tuple(Bullet(text=text) for text in bullets if text),
        links=_links(("This issue on the web", issue.url)),
        notes=(
            Note(label="Open", text=issue.greeting or name),
            Note(label="This issue", text=speech.coverage(issue)),
        ),
        is_dense=len(issue.title) > MAX_LARGE_TITLE,
    )


def _agenda_slides(issue: Issue, slide_counts: Sequence[int]) -> list[Slide]:
    """Last week, this week, and the stories with the slide that each begins on."""
    pages = _pages(range(len(issue.stories)), AGENDA_A_SLIDE) or [range(0)]
    return [
        Slide(
            kind="agenda",
            kicker="Last week, this week" if issue.recap and page is pages[0] else "This week",
            title=(page is pages[0] and issue.theme_sentence.rstrip(".")) or "This week's stories",
            lede=_recap(issue) if page is pages[0] else None,
            bullets=tuple(
                Bullet(
                    label=shorten_title(issue.stories[at].badge, MAX_BADGE),
                    text=shorten_title(issue.stories[at].title, MAX_AGENDA_TITLE),
                    slide=2 + len(pages) + sum(slide_counts[:at]),
                )
                for at in page
            ),
            links=_links((f"Issue {issue.recap.issue_number}", issue.recap.url))
            if issue.recap
            else (),
            notes=tuple(_agenda_notes(issue, page, is_first=page is pages[0])),
            is_dense=len(page) > MAX_BULLETS,
        )
        for page in pages
    ]


def _recap(issue: Issue) -> Bullet | None:
    text = issue.recap and shorten(issue.recap.sentence, MAX_RECAP_WORDS)
    return Bullet(text=text) if text else None


def _agenda_notes(issue: Issue, page: Sequence[int], *, is_first: bool) -> Iterator[Note]:
    if is_first and issue.recap:
        yield Note(label="Last time", text=issue.recap.sentence)
    if is_first and issue.theme_sentence:
        yield Note(label="This week", text=issue.theme_sentence)
    if page:
        titles = (f"{issue.stories[at].number}, {issue.stories[at].title}" for at in page)
        yield Note(label="The stories", text="; ".join(titles) + ".")
    pace = (
        f"Spoken, the issue takes about {count(issue.speaking_minutes, 'minute')}; to read the whole of it takes about "
        f"{count(issue.reading_minutes, 'minute')}."
    )
    yield Note(label="Pace", text=pace, is_spoken=False)


def _brief_slides(issue: Issue) -> list[Slide]:
    """Six stories a slide, titles only; the sentence on each is in the notes."""
    pages = _pages(issue.briefs, BRIEFS_A_SLIDE)
    say = "Also this week, in one line each; every title on the slide links to its source, and all are on the page of the issue."
    return [
        Slide(
            kind="briefs",
            kicker="Also this week",
            title="In one line" if len(pages) == 1 else f"In one line ({number} of {len(pages)})",
            bullets=tuple(
                Bullet(
                    label=brief.badge,
                    text=shorten_title(brief.title, MAX_BRIEF_TITLE),
                    url=brief.url,
                )
                for brief in page
            ),
            notes=(Note(label="Say", text=say), *map(_brief_note, page)),
            is_dense=sum(1 + (len(brief.title) > 60) for brief in page) > 8,
        )
        for number, page in enumerate(pages, start=1)
    ]


def _brief_note(brief: BriefStory) -> Note:
    stop = "" if brief.title.endswith((".", "!", "?")) else "."
    said = f" {brief.sentence.text}" if brief.sentence else ""
    return Note(label=brief.badge, text=f"“{brief.title}{stop}”{said}")


def _project_slide(stories: Sequence[FullStory]) -> Slide:
    shown = stories[:MAX_BULLETS]
    say = "These are suggestions of the digest, not claims of the sources; each names a data set and a first step."
    slide = Slide(
        kind="projects",
        kicker="Suggestions of the digest",
        title="Ideas for a class project",
        bullets=tuple(
            Bullet(
                label=f"after story {story.number}",
                text=beginning(f"{ended(story.project.title)} Data: {story.project.data}", LONGEST),
            )
            for story in shown
            if story.project
        ),
        links=_links(*((f"Story {s.number}", s.links[0].url) for s in shown if s.links)),
        notes=(
            Note(label="Say", text=say),
            *(note for story in stories for note in speech.project(story)),
        ),
    )
    return fit(slide)


def _closing_slide(issue: Issue) -> Slide:
    upcoming = issue.next_class
    bullets, notes = [], []
    if upcoming:
        when, what = long_date(upcoming.date), f"{upcoming.lecture}, {upcoming.title}"
        bullets.append(Bullet(label="Next class", text=f"{when}: lecture {what}"))
        if upcoming.title not in issue.closing:
            notes.append(Note(label="Next class", text=f"We meet again on {when}: lecture {what}."))
    if issue.read_one:
        bullets.append(Bullet(label="To read", text=issue.read_one))
        notes.append(Note(label="To read", text=issue.read_one))
    if issue.closing:
        notes.append(Note(label="Close", text=issue.closing))
    notes.append(Note(label="How it was made", text=speech.making(issue), is_spoken=False))
    ends = [end for _, end in split(issue.closing) if end <= MAX_CLOSING]
    return Slide(
        kind="closing",
        kicker=f"{issue.title} no. {issue.number}",
        title=issue.closing[: ends[-1]] if ends else "Until next time",
        bullets=tuple(bullets),
        links=_links(
            ("This issue on the web", issue.url),
            ("The next lecture", upcoming.url if upcoming else ""),
        ),
        notes=tuple(notes),
    )


def _pages(everything: Sequence[T], size: int) -> list[Sequence[T]]:
    return [everything[at : at + size] for at in range(0, len(everything), size)]


def _links(*pairs: tuple[str, str]) -> tuple[Link, ...]:
    return tuple(Link(label=label, url=url) for label, url in pairs if url)


def _finished(slide: Slide) -> Slide:
    """The slide with its time and its sources at the end of the notes."""
    spoken = slide.seconds or max(speech.seconds(slide.notes), 1)
    notes = (*slide.notes, speech.time(spoken), *speech.sources(slide.links))
    return replace(slide, seconds=spoken, notes=notes)
