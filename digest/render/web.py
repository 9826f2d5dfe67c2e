"""The issue as one self-contained page, and the archive's front page."""

from __future__ import annotations

import base64
import hashlib
import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from digest.issue import BriefStory, FullStory, Issue, Sentence
from digest.lecture.frame import FIGURE_NOT_SHOWN
from digest.render.chart import topic_chart
from digest.render.environment import html_environment
from digest.render.marks import hover, legend, marked
from digest.render.opening import lead_in
from digest.render.result_bars import chart_part, placed
from digest.topics import TOPIC_TITLES

#: Below this many briefs a heading per topic would be noise.
MIN_BRIEFS_TO_GROUP = 8


def render_web(issue: Issue, *, newer: Issue | None, older: Issue | None) -> bytes:
    """``index.html`` of the issue: no script, no request to anywhere, links to its neighbours relative."""
    to_root = posixpath.relpath(".", issue.slug) + "/"
    return _page(
        "web/issue.html.j2",
        issue=issue,
        to_root=to_root,
        newer=newer,
        newer_url=newer and f"{to_root}{newer.slug}/index.html",
        older=older,
        older_url=older and f"{to_root}{older.slug}/index.html",
        chart=topic_chart(issue.topic_counts),
        placed=placed,
        not_shown=FIGURE_NOT_SHOWN,
        chart_part=chart_part,
        legend=legend({s.origin for s in _sentences(issue)}),
        brief_groups=group_briefs(issue.briefs),
        lead_in=lead_in,
        marked=marked,
        hover=hover,
        language=issue.language,
        description=describe(issue),
    )


def render_archive_page(issues: Sequence[Issue], *, title: str) -> bytes:
    """``index.html`` of the archive: a year after the other, in the order given (newest first)."""
    years: dict[int, list[Issue]] = {}
    for issue in issues:
        years.setdefault(issue.date.year, []).append(issue)
    return _page(
        "web/archive.html.j2",
        title=title,
        years=years,
        issues=issues,
        to_root="",
        language=issues[0].language if issues else "en",
        description=f"All issues of {title}.",
    )


def describe(issue: Issue) -> str:
    """The issue in a sentence or two, for previews: its theme and its first titles."""
    titles = "; ".join(story.title for story in issue.stories[:3])
    return " ".join(part for part in (issue.theme_sentence, f"{titles}." if titles else "") if part)


def group_briefs(
    briefs: Sequence[BriefStory],
) -> tuple[tuple[str, tuple[BriefStory, ...]], ...]:
    """The briefs under the title of their first topic, in the order of each topic's best; few of them in one group.

    A topic with a single brief joins the others at the end, whose title is "".
    """
    if len(briefs) < MIN_BRIEFS_TO_GROUP:
        return (("", tuple(briefs)),) if briefs else ()
    by_topic: dict[str, list[BriefStory]] = {}
    for brief in briefs:
        by_topic.setdefault(brief.topics[0] if brief.topics else "", []).append(brief)
    groups = [(TOPIC_TITLES.get(t, t), tuple(b)) for t, b in by_topic.items() if t and len(b) > 1]
    grouped = {brief.key for _, group in groups for brief in group}
    rest = tuple(brief for brief in briefs if brief.key not in grouped)
    return (*groups, ("", rest)) if rest else tuple(groups)


def _page(template: str, **context: Any) -> bytes:
    environment = html_environment()
    # Our own file, so it may go into <style> as it stands; its hash is all the style that the page allows.
    css = Markup(environment.get_template("web/style.css").render())  # noqa: S704
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment.get_template(template).render(css=css, css_hash=digest, **context).encode()


def _sentences(issue: Issue) -> Iterator[Sentence]:
    for story in issue.stories:
        yield from _story_sentences(story)
    yield from (brief.sentence for brief in issue.briefs if brief.sentence)


def _story_sentences(story: FullStory) -> Iterator[Sentence]:
    yield from story.headline
    for part in story.parts:
        yield from part.sentences
    if story.discussion:
        if story.discussion.question:
            yield story.discussion.question
        if story.discussion.agreement:
            yield story.discussion.agreement
        yield from story.discussion.open_questions
