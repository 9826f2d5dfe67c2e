"""Lecture notes in Markdown: the whole issue, one story after the other, every sentence marked with who wrote it."""

from __future__ import annotations

from digest.issue import Issue, Sentence
from digest.render import markdown, speech
from digest.render.environment import text_environment
from digest.render.slide import plain
from digest.types import Origin

#: What the footnotes say that mark each sentence.
ORIGINS: dict[Origin, str] = {
    "model": "Written by a model and checked against the source.",
    "extractive": "The source's own sentence.",
    "reported": "The source's sentence in reported speech.",
    "digest": "Computed by the digest from stored facts.",
}
_MARKS: dict[Origin, str] = {
    "model": "model",
    "extractive": "quoted",
    "reported": "reported",
    "digest": "digest",
}


def render_notes(issue: Issue) -> bytes:
    """UTF-8 Markdown (CommonMark with footnotes) under YAML front matter; the same bytes for the same issue."""
    issue = plain(issue)
    used: set[Origin] = set()

    def said(sentence: Sentence) -> str:
        used.add(sentence.origin)
        return f"{markdown.escape(sentence.text)}[^{_MARKS[sentence.origin]}]"

    def ours(text: str) -> str:
        return said(Sentence(text=text, origin="digest"))

    head = {
        "title": f"{issue.title} no. {issue.number}",
        "number": issue.number,
        "date": issue.date,
        "week": issue.week,
        "course": issue.course,
        "lecturer": issue.lecturer,
        "theme": issue.theme,
        "lang": issue.language,
    }
    text = (
        text_environment()
        .get_template("notes.md.j2")
        .render(
            issue=issue,
            md=markdown.escape,
            link=markdown.link,
            said=said,
            ours=ours,
            support=speech.support,
            head=markdown.front_matter(head),
            made=speech.making(issue),
        )
    )
    marks = [
        f"[^{_MARKS[origin]}]: {meaning}" for origin, meaning in ORIGINS.items() if origin in used
    ]
    return (text.rstrip("\n") + "\n" + "".join(f"\n{mark}\n" for mark in marks)).encode()
