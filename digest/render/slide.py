"""What one slide holds, whatever file it is written to."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from digest.issue import Issue, ResultChart, StoryFigure
from digest.render.environment import strip_forbidden
from digest.render.tex import to_unicode
from digest.types import Origin

SlideKind = Literal["title", "agenda", "story", "discussion", "briefs", "projects", "closing"]

#: Fields of the issue that are not for reading.
_VERBATIM = frozenset({"url", "licence_url", "picture", "site_url", "key", "target_key", "item_ids", "item_id", "kind", "origin", "tense", "slug", "week"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    text: str
    label: str = ""  #: "How it works"; "" where the bullet stands for itself
    origin: Origin = "digest"
    url: str = ""
    slide: int | None = None  #: the slide it leads to, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to say: full sentences, under a word that tells the speaker what comes."""

    label: str
    text: str
    is_spoken: bool = True  #: False for the time and the sources, which take no time to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    kind: SlideKind
    title: str
    kicker: str = ""  #: the line above the title
    lede: Bullet | None = None  #: the one sentence that stands out, without a bullet
    bullets: tuple[Bullet, ...] = ()
    chart: ResultChart | None = None  #: drawn, where one can, for the bullets, which say the same
    figure: StoryFigure | None = None  #: a picture that may be shown, with its caption and credit
    course: str = ""  #: *In this course*
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: int = 0  #: how long it takes to say
    is_dense: bool = False  #: much text: set it smaller


def plain(issue: Issue) -> Issue:
    """The issue with every text in Unicode instead of TeX, on one line, without unprintable characters."""
    made: Issue = _plain(issue, "")
    return made


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value if name in _VERBATIM else " ".join(strip_forbidden(to_unicode(value)).split())
    if isinstance(value, tuple):
        return tuple(_plain(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: _plain(getattr(value, f.name), f.name) for f in fields(value)}
        )
    return value
