"""Issue -> files. Every output is made from the Issue alone, and the pictures it names: no clock, no database, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digest.issue import Issue, to_json
from digest.render.atom import render_atom
from digest.render.email import render_email
from digest.render.web import render_archive_page, render_web
from digest.types import Rendered


def render_issue(
    issue: Issue,
    *,
    newer: Issue | None,
    older: Issue | None,
    pictures: Mapping[str, bytes] | None = None,
) -> tuple[Rendered, ...]:
    """Everything in the issue's folder but the mail itself, which ``digest.deliver`` makes of email.html and email.txt.

    ``newer`` and ``older`` are the issues that the page links to as its neighbours; ``pictures`` are the files of figures by
    their names, which the page links and the decks hold.
    """
    # python-pptx takes 70 ms to import; the archive and the tests of the page do without.
    from digest.render.notes import render_notes
    from digest.render.pptx import render_pptx
    from digest.render.result_png import chart_name, result_png
    from digest.render.slides import render_slides_html, render_slides_markdown

    html, text = render_email(issue)
    pictures = pictures or {}
    files = {
        "index.html": render_web(issue, newer=newer, older=older),
        "email.html": html,
        "email.txt": text,
        "slides.html": render_slides_html(issue, pictures),
        "slides.md": render_slides_markdown(issue),
        "slides.pptx": render_pptx(issue, pictures),
        "notes.md": render_notes(issue),
        "digest.json": to_json(issue),
    } | {chart_name(s): result_png(s.chart) for s in issue.stories if s.chart}
    return tuple(Rendered(path=f"{issue.slug}/{name}", content=c) for name, c in files.items())


def render_archive(issues: Sequence[Issue], *, title: str, site_url: str) -> tuple[Rendered, ...]:
    """The front page and the feed of all issues, which come newest first."""
    return (
        Rendered(path="index.html", content=render_archive_page(issues, title=title)),
        Rendered(path="atom.xml", content=render_atom(issues, title=title, site_url=site_url)),
    )
