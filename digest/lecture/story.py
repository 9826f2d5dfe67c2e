"""The full stories, one after the other: what was told or explained before is remembered for those that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from digest.config import Course
from digest.embeddings import Embeddings
from digest.issue import CourseLink, FullStory, Issue, Part, Sentence, StoryFigure
from digest.lecture import caveats, frame, times
from digest.lecture.candidates import Candidate, Classify, candidates
from digest.lecture.connections import MAX_CONNECTIONS, Alike, Connector, Told, follow_up
from digest.lecture.course import CourseMatcher
from digest.lecture.discussion import discussion_of
from digest.lecture.glossary import Glossary, covered_terms, explained_before
from digest.lecture.glossary_file import load_glossary
from digest.lecture.headline import headline_of
from digest.lecture.level import LEVELS, Level
from digest.lecture.links import badge, display_title, story_links, told_item
from digest.lecture.nearness import Nearness
from digest.lecture.opening import Openings
from digest.lecture.parts import repeats_headline, say, tell
from digest.lecture.project import project_ideas, suggested_before
from digest.lecture.project_library import load_library
from digest.lecture.project_story import ProjectStory
from digest.lecture.result_chart import chart_of
from digest.lecture.syllabus import Syllabus
from digest.lecture.texts import StoryText
from digest.summarize.roles import KnownRoles, roles_by_cues
from digest.types import Checked, Item, Ranked, Selection, Story
from digest.week import Week

#: So many of the week's stories, the best first, tell how common a term is; more would cost time and change nothing.
CORPUS = 400

EXPLAIN_AGAIN_AFTER = Course().explain_again_after


class StoryTeller:
    """Tells stories of a week in order; each call of ``tell`` begins anew."""

    def __init__(
        self,
        *,
        week: Week,
        day: date,
        labels: Mapping[str, str],
        syllabus: Syllabus | None,
        selection: Selection,
        checked: Mapping[str, Checked],
        past: Sequence[Issue],
        level: Level = LEVELS["undergraduate"],
        nearness: Nearness | None = None,
        roles: KnownRoles | None = None,
        figures: Mapping[str, StoryFigure] | None = None,
        comments: Embeddings | None = None,
        alike: Alike | None = None,
        glossary: Glossary | None = None,
        explain_again_after: int = EXPLAIN_AGAIN_AFTER,
    ) -> None:
        self._week, self._day, self._labels, self._level = week, day, labels, level
        self._checked, self._past, self._near = checked, past, nearness or {}
        self._comments = comments
        self._classify = _classifier(roles or {})
        self._figures = figures or {}
        everything = chain(selection.full, selection.brief, selection.left_out)
        self._texts = {r.story.key: StoryText.of(r.story) for r in islice(everything, CORPUS)}
        corpus = tuple(self._texts.values())
        self._glossary = glossary or load_glossary()
        self._known_before = set(explained_before(past, explain_again_after))
        self._known_before |= {
            e.term for e in self._glossary.entries if e.hardness < level.least_hardness
        }
        if syllabus:
            held = [x for x in syllabus.lectures if x.tense_at(day) == "past"]
            self._known_before |= covered_terms(
                self._glossary, [k for x in held for k in x.keywords]
            )
        self._course = CourseMatcher(syllabus.lectures, corpus) if syllabus else None
        self._connector = Connector(self._glossary, corpus, alike)

    def tell(self, stories: Sequence[Ranked]) -> tuple[FullStory, ...]:
        """The stories in full, as if no other were told in full."""
        self._known = set(self._known_before)
        self._told: list[Told] = []
        self._openings = Openings(self._week, self._labels, len(stories))
        self._projects = project_ideas(
            [ProjectStory.of(r.story, self._texts[r.story.key], r.topics) for r in stories],
            load_library(),
            self._level,
            suggested_before(self._past),
        )
        self._shared = caveats.Shared.of([r.story for r in stories])
        return tuple(self._tell(number, r) for number, r in enumerate(stories, start=1))

    def _tell(self, number: int, ranked: Ranked) -> FullStory:
        story = ranked.story
        item = told_item(story, self._week)
        title = display_title(item)
        text = self._texts[story.key]
        checked = self._checked.get(story.lead.id)
        headline = headline_of(story, checked)
        found = candidates(story, self._classify)
        parts = self._parts(number, ranked, checked, found)
        discussion = discussion_of(
            story,
            self._labels,
            told={s for x in headline for s in x.spans},
            vectors=self._comments,
        )
        shown = [x.text for x in (*headline, *(y for p in parts for y in p.sentences))]
        if discussion:
            shown += [p.text for p in discussion.positions]
            shown += [p.objection.text for p in discussion.positions if p.objection]
        terms = self._glossary.explain(title, "\n".join(shown), self._known, text.text)
        terms = terms[: self._level.max_terms]
        self._known |= {t.term for t in terms}
        said = " ".join(x.source_text or x.text for x in headline)
        traits = self._connector.traits(text, ranked)
        connections = self._connector.connections(traits, self._told, self._past, story.key)
        if story.follows:
            others = (c for c in connections if c.target_key != story.follows.key)
            connections = (follow_up(story.follows), *others)[:MAX_CONNECTIONS]
        self._told.append(Told(key=story.key, number=number, title=title, traits=traits))
        course = None
        if self._course:
            near = self._near.get(story.key)
            course = self._course.link(text, said, ranked.topics, self._day, near)
        full = FullStory(
            number=number,
            key=story.key,
            item_ids=tuple(i.id for i in story.items),
            badge=badge(item, self._labels),
            opening=self._openings.line(ranked),
            title=title,
            authors=_authors(story, item),
            date=item.published.date() if item.published else None,
            links=story_links(story, self._labels),
            headline=headline,
            parts=parts,
            chart=chart_of(found),
            figure=self._figures.get(story.key),
            terms=terms,
            discussion=discussion,
            course=course,
            connections=connections,
            project=self._projects.get(story.key),
            topics=ranked.topics,
            reasons=_reasons(ranked, course),
            summarizer=checked.summary.model_id if checked else "",
            is_replaced=checked.is_replaced if checked else False,
            written=checked.summary.written if checked else None,
            unwritten="; ".join(p.detail for p in checked.unwritten) if checked else "",
        )
        return _timed(full)

    def _parts(
        self, number: int, ranked: Ranked, checked: Checked | None, found: Sequence[Candidate]
    ) -> tuple[Part, ...]:
        story = ranked.story
        if not any(i.text.strip() for i in story.items):
            if story.lead.comments:
                return ()
            nothing = Sentence(text=frame.NO_TEXT, origin="digest")
            return (_caveats((nothing,)),)
        parts = () if story.lead.kind == "thread" else tell(found, checked)
        admitted = [c for c in caveats.admitted(found) if not repeats_headline(c, checked)]
        facts = caveats.from_facts(
            story,
            badge(told_item(story, self._week), self._labels),
            shared=self._shared,
            number=number,
        )
        cautions = (*(say(admitted) if story.lead.kind != "thread" else ()), *facts)
        if cautions:
            parts = (*parts, _caveats(cautions))
        return parts


def _authors(story: Story, item: Item) -> tuple[str, ...]:
    """Those of the paper where there is one: a post is often signed by a company. A thread's poster is no author."""
    papers = [i for i in story.items if i.kind == "paper" and i.authors]
    if papers:
        return papers[0].authors
    return item.authors if item.kind != "thread" else ()


def _classifier(known: KnownRoles) -> Classify:
    """What the trained classifier has told, cue words for the rest: composing an issue runs no model."""
    return lambda sentences: known.get(tuple(sentences)) or roles_by_cues(sentences)


def _caveats(sentences: tuple[Sentence, ...]) -> Part:
    return Part(kind="caveats", title=frame.PART_TITLES["caveats"], sentences=sentences)


def spoken_texts(story: FullStory) -> Iterator[str]:
    """Everything of the story that a lecturer would say, in order."""
    yield story.opening
    yield from (x.text for x in story.headline)
    yield from (x.text for p in story.parts for x in p.sentences)
    if story.chart:
        yield story.chart.description
    if story.figure:
        yield from (story.figure.kind, *story.figure.reading)
    for term in story.terms:
        yield f"{term.term}: {term.definition}"
    if story.discussion:
        if story.discussion.question:
            yield story.discussion.question.text
        for position in story.discussion.positions:
            yield position.text
            if position.objection:
                yield position.objection.text
        if story.discussion.agreement:
            yield story.discussion.agreement.text
        yield from (q.text for q in story.discussion.open_questions)
    if story.course:
        yield story.course.sentence
    yield from (c.sentence for c in story.connections)
    if story.project:
        yield f"{story.project.title}. {story.project.task}"


def spoken_words(story: FullStory) -> int:
    return times.word_count(spoken_texts(story))


def _timed(story: FullStory) -> FullStory:
    return replace(story, speaking_seconds=times.speaking_seconds(spoken_words(story)))


def _reasons(ranked: Ranked, course: CourseLink | None) -> tuple[str, ...]:
    """The ranking's reasons, without the lecture that it names where the story names one of its own.

    Ranking asks whether any lecture is near, the story which one a teacher would point to; two answers would confuse.
    """
    if course is None:
        return ranked.reasons
    named = next((p.reason for p in ranked.parts if p.name == "course"), "")
    return tuple(frame.NEAR_THE_COURSE if r == named else r for r in ranked.reasons)
