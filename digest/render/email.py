"""The issue as a mail: HTML made of tables for mail programs, and a plain text of its own.

A mail is shorter than the page. Where it would still be too large for Gmail, which cuts what is over 102 kB, the next
lower level of detail is taken; no story is ever dropped, and both parts always carry the same stories and links.
"""

from __future__ import annotations

import quopri
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from digest.issue import BriefStory, FullStory, Issue, Part, PartKind, Position
from digest.render.accounts import by_source
from digest.render.environment import html_environment, text_environment
from digest.render.marks import legend, marked
from digest.render.opening import lead_in
from digest.render.result_png import chart_name, size_of
from digest.render.tex import to_unicode
from digest.types import Origin

#: Bytes of the HTML part as quoted-printable; 12 kB below Gmail's cut.
MAX_HTML_BYTES = 90_000

TEXT_WIDTH = 78
PREHEADER_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much of a story a mail tells."""

    parts: tuple[PartKind, ...] = ()
    sentences: int = 1  #: of each part
    has_headline: bool = True
    has_terms: bool = False
    has_project: bool = False
    has_chart: bool = False
    positions: int = 0  #: of a thread that is the story; of one beside a paper, the first at most
    briefs: int | None = None  #: None: all


DETAILS = (
    Detail(
        parts=("whats_new", "how", "tested"),
        sentences=2,
        has_terms=True,
        has_project=True,
        has_chart=True,
        positions=3,
    ),
    Detail(parts=("whats_new", "tested"), has_project=True, has_chart=True, positions=3),
    Detail(parts=("whats_new",), positions=2),
    Detail(),
    Detail(briefs=12),
    Detail(has_headline=False, briefs=0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStory:
    """A story and what the mail tells of it."""

    story: FullStory
    lead_in: str
    has_headline: bool
    has_terms: bool
    has_project: bool
    parts: tuple[Part, ...]
    positions: tuple[Position, ...]
    has_figure: bool  #: told and linked; the pictures of others do not travel by mail
    chart_size: tuple[int, int] | None  #: in CSS pixels; None for no chart


def render_email(issue: Issue) -> tuple[bytes, bytes]:
    """``email.html`` and ``email.txt`` of the issue, both UTF-8 and ending in a newline."""
    html = text = b""
    for detail in DETAILS:
        html, text = _render(issue, detail)
        if encoded_bytes(html) <= MAX_HTML_BYTES:
            break
    return html, text


def encoded_bytes(html: bytes) -> int:
    """The size of the HTML as it goes over the wire: quoted-printable, with CRLF line ends."""
    encoded = quopri.encodestring(html)
    return len(encoded) + encoded.count(b"\n")


def preheader(issue: Issue) -> str:
    """What an inbox shows after the subject: the theme and as many titles as fit into 100 characters."""
    words = " ".join([issue.theme_sentence, *(f"{to_unicode(s.title)} ·" for s in issue.stories)])
    return textwrap.shorten(words.rstrip(" ·"), PREHEADER_CHARS, placeholder=" …")


def wrap(text: str, indent: str = "", first: str | None = None) -> str:
    """The text in lines of at most 78 characters; a longer word, such as a URL, stays whole."""
    return textwrap.fill(
        text,
        TEXT_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _render(issue: Issue, detail: Detail) -> tuple[bytes, bytes]:
    stories = tuple(_mail_story(story, detail) for story in issue.stories)
    briefs = issue.briefs if detail.briefs is None else issue.briefs[: detail.briefs]
    context = {
        "issue": issue,
        "stories": stories,
        "briefs": briefs,
        "left_briefs": len(issue.briefs) - len(briefs),
        "preheader": preheader(issue),
        "legend": legend(_shown(stories, briefs)),
        "marked": marked,
        "by_source": by_source(issue.coverage),
        "chart_name": chart_name,
    }
    html = html_environment().get_template("email.html.j2").render(context)
    text = text_environment().get_template("email.txt.j2").render(context, wrap=wrap)
    return _inline(html).encode(), (_tidy(text) + "\n").encode()


def _mail_story(story: FullStory, detail: Detail) -> MailStory:
    talk = story.discussion.positions if story.discussion else ()
    parts = (
        Part(kind=p.kind, title=p.title, sentences=p.sentences[: detail.sentences])
        for p in story.parts
        if p.kind in detail.parts
    )
    return MailStory(
        story=story,
        lead_in=lead_in(story),
        has_headline=detail.has_headline and bool(story.headline),
        has_terms=detail.has_terms and bool(story.terms),
        has_project=detail.has_project and story.project is not None,
        parts=tuple(parts),
        positions=talk[: min(detail.positions, 1 if story.parts else len(talk))],
        has_figure=detail.has_chart and story.figure is not None,
        chart_size=size_of(story.chart) if detail.has_chart and story.chart else None,
    )


def _shown(stories: Sequence[MailStory], briefs: Sequence[BriefStory]) -> set[Origin]:
    """Who wrote the sentences that the mail shows."""
    sentences = [b.sentence for b in briefs if b.sentence]
    for mail in stories:
        sentences += mail.story.headline if mail.has_headline else ()
        sentences += (s for part in mail.parts for s in part.sentences)
    return {sentence.origin for sentence in sentences}


def _inline(html: str) -> str:
    """The style sheet moved into ``style`` attributes; the block for dark mode and phones stays as it is."""
    import css_inline

    inlined: str = css_inline.inline(
        html,
        keep_style_tags=True,
        remove_inlined_selectors=True,
        minify_css=True,
        load_remote_stylesheets=False,
    )
    return inlined if inlined.endswith("\n") else inlined + "\n"


def _tidy(text: str) -> str:
    """No white space at line ends, and never more than one empty line."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or lines[-1:] != [""]:
            lines.append(line.rstrip())
    return "\n".join(lines)
