"""An issue without what was deleted at its source: for the archive, long after it was made.

Reddit's terms ask that a deleted post or comment goes wherever it is kept; the issue's number, date and all other stories
stay. A mail that was sent cannot be called back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from digest.issue import BriefStory, Discussion, FullStory, Issue, Sentence
from digest.types import Item

INSTEAD = "[deleted at its source]"
#: A shorter title ("Error", "0") is a word that other texts may hold too.
LEAST_TITLE_CHARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What must not be shown any more: items, items whose author has left, and addresses of comments."""

    items: tuple[Item, ...] = ()
    author_ids: frozenset[str] = frozenset()
    comment_urls: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(i.id for i in self.items)

    @property
    def urls(self) -> frozenset[str]:
        return frozenset(i.url for i in self.items)


def redact(issue: Issue, gone: Gone) -> Issue:
    """``issue`` without it; equal to ``issue`` where it shows nothing of it."""
    issue = replace(
        issue,
        stories=tuple(_story(s, gone) for s in issue.stories),
        briefs=tuple(_brief(b, gone) for b in issue.briefs),
    )
    titles = [i.title for i in gone.items if len(i.title) >= LEAST_TITLE_CHARS]
    redacted: Issue = _without(issue, titles, gone.urls)
    return redacted


def _story(story: FullStory, gone: Gone) -> FullStory:
    if story.item_ids[0] in gone.ids:
        return replace(
            story,
            title=INSTEAD,
            authors=(),
            links=tuple(link for link in story.links if link.url not in gone.urls),
            headline=(),
            parts=(),
            terms=(),
            discussion=None,
        )
    parts = (replace(p, sentences=_kept(p.sentences, gone)) for p in story.parts)
    return replace(
        story,
        authors=() if story.item_ids[0] in gone.author_ids else story.authors,
        links=tuple(link for link in story.links if link.url not in gone.urls),
        headline=_kept(story.headline, gone),
        parts=tuple(p for p in parts if p.sentences),
        discussion=_discussion(story.discussion, gone) if story.discussion else None,
    )


def _brief(brief: BriefStory, gone: Gone) -> BriefStory:
    if brief.item_ids[0] in gone.ids:
        return replace(brief, title=INSTEAD, url="", sentence=None)
    return replace(
        brief, sentence=(*_kept((brief.sentence,) if brief.sentence else (), gone), None)[0]
    )


def _discussion(discussion: Discussion, gone: Gone) -> Discussion | None:
    if discussion.url in gone.urls:
        return None
    positions = tuple(
        replace(p, objection=None) if p.objection and p.objection.url in gone.comment_urls else p
        for p in discussion.positions
        if p.url not in gone.comment_urls
    )
    if not positions:
        return None
    questions = tuple(q for q in discussion.open_questions if q.url not in gone.comment_urls)
    return replace(discussion, positions=positions, open_questions=questions)


def _kept(sentences: tuple[Sentence, ...], gone: Gone) -> tuple[Sentence, ...]:
    return tuple(
        s
        for s in sentences
        if s.url not in gone.urls | gone.comment_urls
        and not any(span.item_id in gone.ids for span in s.spans)
    )


def _without(value: Any, titles: Collection[str], urls: Collection[str]) -> Any:
    """``value`` with every text in it freed of the titles, and every text that is one of the URLs emptied."""
    if isinstance(value, str):
        for title in titles:
            value = value.replace(title, INSTEAD)
        return "" if value in urls else value
    if isinstance(value, tuple):
        return tuple(_without(v, titles, urls) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _without(getattr(value, f.name), titles, urls) for f in fields(value)}
        return replace(value, **changed)
    return value
