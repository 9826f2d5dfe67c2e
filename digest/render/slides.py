"""The deck as one HTML file that loads nothing, and as Markdown for Marp or pandoc."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from markupsafe import Markup

from digest import paths
from digest.issue import Issue
from digest.render import markdown
from digest.render.deck import deck
from digest.render.environment import html_environment, is_picture, text_environment
from digest.render.result_bars import placed

NO_PICTURES: Mapping[str, bytes] = {}
MAX_URL = 44  # characters of a URL that are shown


def render_slides_html(issue: Issue, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """A deck for any browser: by keyboard one slide at a time, without a script a document to scroll, on paper a slide
    and its notes a page. The policy in its head lets only its own script and style run, by their hashes. ``pictures`` are
    written into it, by the names that figures have; one that is not there is linked.
    """
    script = (paths.templates() / "slides.js").read_text(encoding="utf-8")
    style = (paths.templates() / "slides.css").read_text(encoding="utf-8")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    text = (
        html_environment()
        .get_template("slides.html.j2")
        .render(
            issue=issue,
            slides=deck(issue),
            policy=policy,
            shown_url=shown_url,
            placed=placed,
            data_url=lambda name: _data_url(name, pictures),
            # Ours, from templates/, not from a source: the hashes above are of exactly these texts.
            script=Markup(script),  # noqa: S704
            style=Markup(style),  # noqa: S704
        )
    )
    return text.encode()


def render_slides_markdown(issue: Issue) -> bytes:
    """The deck in Markdown: slides between rules, speaker notes in comments."""
    head = {"marp": True, "title": f"{issue.title} no. {issue.number}", "author": issue.lecturer, "date": issue.date, "lang": issue.language, "paginate": True}  # fmt: skip
    text = (
        text_environment()
        .get_template("slides.md.j2")
        .render(
            head=markdown.front_matter(head),
            slides=deck(issue),
            md=markdown.escape,
            link=markdown.link,
            picture=markdown.picture,
            comment=markdown.comment,
        )
    )
    return text.encode()


def shown_url(url: str) -> str:
    """The URL as people write it: without scheme and "www.", its middle left out where it is long."""
    shown = re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
    if len(shown) <= MAX_URL:
        return shown
    host, _, path = shown.partition("/")
    return (
        f"{host}/…{path[-(MAX_URL - len(host) - 2) :]}"
        if len(host) < MAX_URL - 8
        else host[:MAX_URL] + "…"
    )


def _data_url(name: str, pictures: Mapping[str, bytes]) -> str:
    if not is_picture(name) or name not in pictures:
        return ""
    kind = name.rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(pictures[name]).decode()}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
