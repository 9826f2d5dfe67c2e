"""The slides of one full story: what it is, how it was tested and what it means to the class, and its discussion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.issue import Discussion, FullStory, PartKind, ResultChart, StoryFigure
from digest.render import speech
from digest.render.bullets import LONGEST, part_bullets
from digest.render.fit import MAX_BULLETS, fit, is_roomy
from digest.render.slide import Bullet, Link, Slide
from digest.sentences import split
from digest.shorten import beginning, shorten, shorten_title

MAX_LEDE_WORDS = 34
MAX_TITLE = 96  # characters; two lines
_FIRST: tuple[PartKind, ...] = ("whats_new", "before", "how")
_SECOND: tuple[PartKind, ...] = ("tested", "why", "caveats")
_CONTINUED = " (continued)"


def story_slides(story: FullStory, *, has_project_slide: bool) -> list[Slide]:
    """One to five slides; the notes of all together say the whole story once."""
    links = _links(story)
    first, second = _facts(story, _FIRST), _facts(story, _SECOND)
    if story.project and not has_project_slide:
        second.append(Bullet(label="Project idea", text=_fitting(story.project.title)))
    slides = []
    if first or second or story.discussion is None:
        slides = [fit(slide) for slide in _telling_slides(story, links, first, second)]
        slides[0] = _with_term(slides[0], story)
    if story.chart:
        slides.append(_chart_slide(story, story.chart, links))
    if story.figure and story.figure.picture:
        slides.append(_figure_slide(story, story.figure, links))
    if story.discussion:
        slides.append(fit(_discussion_slide(story, story.discussion, links, is_only=not slides)))
    slides[-1] = replace(slides[-1], notes=(*slides[-1].notes, *speech.question(story)))
    return _timed(slides, story.speaking_seconds)


def _telling_slides(
    story: FullStory, links: tuple[Link, ...], first: Sequence[Bullet], second: Sequence[Bullet]
) -> list[Slide]:
    """The parts on one slide where they have room, else what is new and how on one, tests and meaning on another."""
    head = [*speech.opening(story), *speech.parts(story, _FIRST), *speech.terms(story)]
    is_shown = story.figure is not None and story.figure.picture
    figure = () if is_shown else speech.figure(story)
    tail = [*speech.parts(story, _SECOND), *figure, *speech.ties(story)]
    one = Slide(
        kind="story",
        kicker=f"{story.number} · {story.badge}",
        title=shorten_title(story.title, MAX_TITLE),
        lede=_lede(story, is_all=not first and not second),
        bullets=(*first, *second),
        course=story.course.sentence if story.course else "",
        links=links,
        notes=(*head, *tail),
    )
    if is_roomy(one) or not first or not second:
        return [one]
    title = f"{shorten_title(story.title, MAX_TITLE - len(_CONTINUED))}{_CONTINUED}"
    return [
        replace(one, bullets=tuple(first), course="", notes=tuple(head)),
        replace(one, title=title, lede=None, bullets=tuple(second), notes=tuple(tail)),
    ]


def _chart_slide(story: FullStory, chart: ResultChart, links: tuple[Link, ...]) -> Slide:
    """The result as bars, and in words where they cannot be drawn."""
    return Slide(
        kind="story",
        kicker=f"{story.number} · {story.badge}",
        title=shorten_title(
            f"{chart.title} ({chart.better})" if chart.better else chart.title, MAX_TITLE
        ),
        bullets=tuple(Bullet(label=bar.label, text=bar.value) for bar in chart.bars[:MAX_BULLETS]),
        chart=chart,
        links=links,
        notes=(*speech.chart(chart),),
    )


def _figure_slide(story: FullStory, figure: StoryFigure, links: tuple[Link, ...]) -> Slide:
    """The source's picture alone: a class looks at it while the notes say how to read it."""
    return Slide(
        kind="story",
        kicker=f"{story.number} · {story.badge}",
        title=shorten_title(f"{figure.kind}: {story.title}", MAX_TITLE),
        figure=figure,
        links=links,
        notes=tuple(speech.figure(story)),
    )


def _with_term(slide: Slide, story: FullStory) -> Slide:
    """The slide with the first term in plain words, where there is still room."""
    for term in story.terms:
        start, end = split(term.definition)[0]
        if text := shorten(f"{term.term}: {term.definition[start:end]}", LONGEST):
            bullet = Bullet(label="In plain words", text=text[:1].upper() + text[1:])
            fuller = replace(slide, bullets=(*slide.bullets, bullet))
            return fuller if is_roomy(fuller) else slide
    return slide


def _facts(story: FullStory, kinds: Sequence[PartKind]) -> list[Bullet]:
    shown = {sentence.text for sentence in story.headline}
    parts = (part for part in story.parts if part.kind in kinds)
    return [bullet for part in parts for bullet in part_bullets(part, shown)]


def _lede(story: FullStory, *, is_all: bool) -> Bullet | None:
    """The headline, short; cut off only where the slide would else be empty."""
    for sentence in story.headline:
        if text := shorten(sentence.text, MAX_LEDE_WORDS):
            return Bullet(text=text, origin=sentence.origin)
        if is_all:
            return Bullet(text=beginning(sentence.text, MAX_LEDE_WORDS), origin=sentence.origin)
    return None


def _links(story: FullStory) -> tuple[Link, ...]:
    """Every form of the story but its PDF, which the paper's page links."""
    links = [Link(label=link.label, url=link.url) for link in story.links if link.kind != "pdf"]
    links = links or [Link(label=link.label, url=link.url) for link in story.links]
    if not links:
        links = [Link(label=story.badge, url=s.url) for s in story.headline if s.url][:1]
    return tuple(links[:4])


def _fitting(text: str) -> str:
    return shorten(text, LONGEST) or beginning(text, LONGEST)


def _discussion_slide(
    story: FullStory, thread: Discussion, links: tuple[Link, ...], *, is_only: bool
) -> Slide:
    """The thread's question and its positions; the whole story where there is nothing else to it."""
    lede = _lede(story, is_all=not thread.positions) if is_only else None
    if not lede and thread.question and (text := shorten(thread.question.text, MAX_LEDE_WORDS)):
        lede = Bullet(text=text, origin=thread.question.origin)
    positions = [
        Bullet(
            label=speech.support(position),
            text=_quoted(position.text),
            origin="extractive",
            url=position.url,
        )
        for position in thread.positions[: MAX_BULLETS - 1]
    ]
    still_open = [
        Bullet(label="Still open", text=text, origin=sentence.origin)
        for sentence in thread.open_questions[:1]
        if (text := shorten(sentence.text, LONGEST))
    ]
    where = Link(label=f"Discussion on {thread.where}", url=thread.url)
    others = tuple(link for link in links if link.url != thread.url)
    head = (*speech.opening(story), *speech.terms(story)) if is_only else ()
    tail = tuple(speech.ties(story)) if is_only else ()
    title = story.title if is_only else f"The discussion: {story.title}"
    return Slide(
        kind="discussion",
        kicker=f"{story.number} · {thread.where}",
        title=shorten_title(title, MAX_TITLE),
        lede=lede,
        bullets=(*positions, *still_open),
        course=story.course.sentence if story.course and is_only else "",
        links=(where, *others) if is_only else (where,),
        notes=(*head, *speech.discussion(thread), *tail),
    )


def _timed(slides: Sequence[Slide], speaking_seconds: int) -> list[Slide]:
    """The story's time over its slides, by what there is to say at each."""
    shares = [max(speech.seconds(slide.notes), 1) for slide in slides]
    total = speaking_seconds or sum(shares)
    return [
        replace(slide, seconds=round(total * share / sum(shares)))
        for slide, share in zip(slides, shares, strict=True)
    ]


def _quoted(text: str) -> str:
    """The beginning of a quotation, with an ellipsis where it goes on: what is left out may turn its meaning."""
    shown = beginning(text, LONGEST)
    is_cut = shown != text and not shown.endswith("…")
    return f"“{shown} …”" if is_cut else f"“{shown}”"
