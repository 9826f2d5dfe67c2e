"""The lecture notes: the whole issue in Markdown that reads back as it was meant."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from markdown_it import MarkdownIt

from digest.render import markdown
from digest.render.notes import render_notes
from digest.render.slide import plain
from tests.render.crowded_issue import crowded_issue
from tests.render.sample_issue import minimal_issue, sample_issue

ISSUES = {"sample": sample_issue(), "minimal": minimal_issue(), "crowded": crowded_issue()}
SPECIALS = (
    "[D] *Stars*, _lines_, `code`, <b>tags</b>, pipes | and ~~waves~~",
    "A & B &amp; C &lt; D",
    "# not a heading",
    "1. not a list",
    "- not a list either",
    "snake_case_names and 2^10 and $5 and $10",
    r"back\slashes \[ and \( and \*",
    "![no picture](https://example.org/x.png)",
    "<https://example.org/> and [a](b)",
    "=== not a rule",
    "trailing backslash \\",
    "user@example.org and @someone",
    "footnote[^model] and [ref]: http://example.org",
)


def read(text: str) -> tuple[dict, str]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def shown(block: str) -> str:
    """The text of the inline content of the first block."""
    tokens = MarkdownIt("commonmark").parse(block)
    inline = next(t for t in tokens if t.type == "inline")
    assert {t.type for t in inline.children or ()} <= {"text", "text_special"}
    return "".join(t.content for t in inline.children or ())


@pytest.mark.parametrize("text", SPECIALS)
def test_every_text_reads_back_as_it_was(text):
    assert shown(markdown.escape(text)) == text
    assert shown(f"## {markdown.escape(text)}") == text
    assert shown(f"- **x** {markdown.escape(text)}".replace("**x** ", "")) == text


@pytest.mark.parametrize("text", SPECIALS)
def test_a_title_with_specials_survives_as_heading_and_as_link(text):
    issue = sample_issue()
    story = replace(issue.stories[2], title=text)
    brief = replace(issue.briefs[0], title=text)
    _, body = read(render_notes(replace(issue, stories=(story,), briefs=(brief,))).decode())
    tokens = MarkdownIt("commonmark").parse(body)
    lines = ["".join(c.content for c in t.children or ()) for t in tokens if t.type == "inline"]
    assert f"{story.number}. {text}" in lines
    assert any(line.startswith(f"{text} (arXiv)") for line in lines)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a_(b)", "[x](https://example.org/a_%28b%29)"),
        ("https://example.org/?a=1&b=*", "[x](https://example.org/?a=1&b=%2A)"),
        ("javascript:alert(1)", "x"),
        ("", "x"),
    ],
)
def test_a_link_ends_where_it_should_and_leads_only_where_readers_may_go(url, expected):
    assert markdown.link("x", url) == expected


def test_a_comment_cannot_be_ended_by_what_stands_in_it():
    text = markdown.comment("a --> b --!> c ---- https://example.org/a--b")
    assert "--" not in text
    assert "https://example.org/a-%2Db" in text


def test_the_front_matter_tells_which_issue_it_is():
    issue = sample_issue()
    head, _ = read(render_notes(issue).decode())
    expected = {"title": "Deep Learning News no. 3", "number": 3, "date": issue.date, "week": "2021-W06", "course": issue.course, "lecturer": "S. Example", "theme": "computer vision", "lang": "en"}  # fmt: skip
    assert head == expected


def test_every_part_of_every_story_is_there_in_the_order_of_the_talk():
    _, body = read(render_notes(sample_issue()).decode())
    first = body[body.index("## 1.") : body.index("## 2.")]
    headings = re.findall(r"^### (.*)$", first, re.MULTILINE)
    assert headings == ["What's new", "Before this", "How it works", "How it was tested", "Why it matters", "In numbers", "The figure", "In plain words", "In this course", "Caveats", "Connects to", "Project idea", "Sources"]  # fmt: skip


def test_every_sentence_is_marked_with_who_wrote_it_and_every_mark_explained():
    issue = sample_issue()
    text = render_notes(issue).decode()
    marks = {"model": "model", "extractive": "quoted", "reported": "reported", "digest": "digest"}
    for story in plain(issue).stories:
        for sentence in (*story.headline, *(s for part in story.parts for s in part.sentences)):
            assert f"{markdown.escape(sentence.text)}[^{marks[sentence.origin]}]" in text
    used = set(re.findall(r"(?<!\n)\[\^(\w+)\](?!:)", text))
    assert used == set(re.findall(r"^\[\^(\w+)\]:", text, re.MULTILINE))


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_it_is_tidy_and_the_same_each_time(issue):
    text = render_notes(issue).decode()
    assert render_notes(issue).decode() == text
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "None" not in text


def test_an_issue_without_course_recap_or_theme_has_no_empty_section():
    _, body = read(render_notes(minimal_issue()).decode())
    headings = re.findall(r"^#+ (.*)\n\n(?=(.))", body, re.MULTILINE)
    assert [title for title, after in headings if after == "#" and not title.startswith("1.")] == []


def test_tex_is_unicode_and_prices_stay():
    text = render_notes(sample_issue()).decode()
    assert not re.search(r"\\(?:frac|sqrt|tilde|eta|nabla|ell|cdot)", text)
    assert r"costs about \$5 and saves \$10" in text
    assert r"O(d\^(3/2))" in text
