"""Compose an ``Issue`` from the chosen stories: everything a lecturer adds to a list of abstracts.

    opening.py   greeting, recap, theme, how a story opens     course.py       the lecture a story belongs to
    parts.py     the talk's order, from source sentences       connections.py  what stories share
    caveats.py   what the source admits, what the facts say    project.py      class projects
    reported.py  "We propose" -> "The authors propose"         discussion.py   threads as positions
    glossary.py  terms explained once                          comments.py     which comments can hold a position
    closing.py   next class, holiday
    results.py   what a sentence compares                       result_chart.py  and how it becomes bars
    figure.py    a source's figure, its credit and reading      licences.py     what may be shown of it
    frame.py     every fixed phrase, in one place              links.py        every form of a story
    coverage.py  what became of everything collected           length.py       as many stories as the minutes allow
    level.py     what a class knows, and can compute with       nearness.py     vectors of stories and lectures

Pure: no clock, no network, no database. The same stories give the same issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digest.config import Config
from digest.embeddings import Embeddings
from digest.health import SourceStatus
from digest.issue import Issue, ModelNote, StoryFigure
from digest.lecture import closing, frame, opening, times
from digest.lecture.briefs import brief
from digest.lecture.connections import Alike
from digest.lecture.coverage import coverage_of
from digest.lecture.glossary_file import load_glossary
from digest.lecture.length import within_minutes
from digest.lecture.level import LEVELS
from digest.lecture.nearness import Nearness
from digest.lecture.public_holidays import public_holidays
from digest.lecture.story import StoryTeller, spoken_words
from digest.lecture.syllabus import Syllabus
from digest.records import IssueSlot
from digest.summarize.roles import KnownRoles
from digest.types import Checked, Item, Selection
from digest.week import Week

__all__ = ["compose"]


def compose(
    *,
    week: Week,
    slot: IssueSlot,
    config: Config,
    syllabus: Syllabus | None,
    selection: Selection,
    checked: Mapping[str, Checked],
    model: ModelNote,
    statuses: Sequence[SourceStatus],
    items: Sequence[Item],
    topic_counts: Sequence[tuple[str, int]],
    past: Sequence[Issue],
    version: str,
    nearness: Nearness | None = None,
    roles: KnownRoles | None = None,
    figures: Mapping[str, StoryFigure] | None = None,
    comments: Embeddings | None = None,
    alike: Alike | None = None,
) -> Issue:
    """The issue of ``week``; ``past`` are the earlier issues, newest first, ``checked`` the summaries by item id.

    ``items`` is all that was collected of the week, ``roles`` what the trained classifier tells of the texts in full,
    ``figures`` by story key what is shown of its sources' figures.

    Without a syllabus the parts about the course are empty; nothing else changes. ``nearness`` lets vectors take part in
    tying stories to lectures, ``comments`` in telling which comments of a thread say the same, ``alike`` in tying stories to one another.
    """
    labels = {s.name: s.label for s in config.sources}
    teller = StoryTeller(
        week=week,
        day=slot.date,
        labels=labels,
        syllabus=syllabus,
        selection=selection,
        checked=checked,
        past=past,
        level=LEVELS[config.course.level],
        nearness=nearness,
        roles=roles,
        figures=figures,
        comments=comments,
        alike=alike,
        glossary=load_glossary(config.course.glossary),
        explain_again_after=config.course.explain_again_after,
    )
    selection, stories = within_minutes(selection, config.length, teller.tell)
    briefs = tuple(brief(r, checked.get(r.story.lead.id), week, labels) for r in selection.brief)
    theme = opening.theme_of(selection)
    greeting = opening.greeting(config.title, slot.number, slot.date)
    recap = opening.recap(past, week)
    theme_sentence = opening.theme_sentence(theme, past, week)
    ahead = closing.next_class(syllabus, slot.date)
    days = (syllabus.holidays if syllabus else ()) + public_holidays(
        config.course.country, slot.date
    )
    sign_off = closing.closing(slot.date, ahead, days)
    read_one = closing.read_one(stories)
    frame_words = times.word_count(
        (greeting, recap.sentence if recap else "", theme_sentence, read_one, sign_off)
    )
    spoken = frame_words + sum(spoken_words(s) for s in stories)
    only_read = times.word_count(
        text for b in briefs for text in (b.title, b.sentence.text if b.sentence else "")
    )
    site = (config.site_url or "").rstrip("/")
    return Issue(
        week=str(week),
        slug=week.slug,
        number=slot.number,
        date=slot.date,
        title=config.title,
        language=frame.LANGUAGE,
        course=config.course.name or (syllabus.course if syllabus else ""),
        lecturer=config.course.lecturer or (syllabus.lecturer if syllabus else ""),
        greeting=greeting,
        recap=recap,
        theme=theme,
        theme_sentence=theme_sentence,
        stories=stories,
        briefs=briefs,
        read_one=read_one,
        closing=sign_off,
        next_class=ahead,
        topic_counts=tuple((name, count) for name, count in topic_counts),
        coverage=coverage_of(items, selection),
        sources=tuple(statuses),
        model=model,
        reading_minutes=times.reading_minutes(spoken + only_read),
        speaking_minutes=times.speaking_minutes(spoken),
        created=slot.created,
        url=f"{site}/{week.slug}/index.html" if site else "",
        site_url=config.site_url or "",
        version=version,
        feedback=config.feedback.base,
    )
