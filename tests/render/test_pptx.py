"""The PowerPoint file: editable text, notes, links, the same bytes for the same issue."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Inches

from digest.render.deck import deck
from digest.render.pptx import render_pptx
from tests.render.crowded_issue import crowded_issue
from tests.render.sample_issue import minimal_issue, sample_issue

ISSUES = {"sample": sample_issue(), "minimal": minimal_issue(), "crowded": crowded_issue()}


@pytest.fixture(scope="module", params=ISSUES.values(), ids=ISSUES.keys())
def issue(request):
    return request.param


@pytest.fixture(scope="module")
def presentation(issue):
    return Presentation(io.BytesIO(render_pptx(issue)))


def addresses(slide) -> list[str]:
    runs = (
        run
        for shape in slide.shapes
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
        for run in p.runs
    )
    return [run.hyperlink.address for run in runs if run.hyperlink.address]


def test_it_opens_again_with_the_titles_of_the_deck(presentation, issue):
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    assert titles == [slide.title for slide in deck(issue)]


def test_it_is_16_to_9_and_holds_text_and_no_pictures_but_charts(presentation, issue):
    assert presentation.slide_width * 9 == pytest.approx(presentation.slide_height * 16, rel=1e-3)
    said = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]
    assert [slide.chart.description for slide in deck(issue) if slide.chart] == said


def test_the_outline_holds_every_bullet(presentation, issue):
    for made, slide in zip(presentation.slides, deck(issue), strict=True):
        bodies = [
            shape.text_frame.text
            for shape in made.placeholders
            if shape.placeholder_format.type != PP_PLACEHOLDER.TITLE
        ]
        for bullet in slide.bullets:
            assert bullet.text in "\n".join(bodies)


def test_no_placeholder_is_left_asking_for_text(presentation):
    assert [p.name for slide in presentation.slides for p in slide.placeholders if not p.text_frame.text] == []  # fmt: skip


def test_every_slide_has_the_notes_of_the_deck(presentation, issue):
    for made, slide in zip(presentation.slides, deck(issue), strict=True):
        notes = made.notes_slide.notes_text_frame.text
        assert len(notes.split()) >= 20
        assert all(note.text in notes for note in slide.notes)


def test_nothing_lies_outside_the_slide(presentation):
    for slide in presentation.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Inches(13.34)
            assert shape.top + shape.height <= Inches(7.51)


def test_every_story_slide_links_to_its_source():
    issue = sample_issue()
    made = Presentation(io.BytesIO(render_pptx(issue)))
    for slide, model in zip(made.slides, deck(issue), strict=True):
        if model.kind in ("story", "discussion"):
            assert {link.url for link in model.links} <= set(addresses(slide))


def test_a_url_that_is_not_for_readers_becomes_no_link():
    issue = sample_issue()
    story = issue.stories[0]
    links = tuple(replace(link, url="javascript:alert(1)") for link in story.links)
    packed = render_pptx(replace(issue, stories=(replace(story, links=links), *issue.stories[1:])))
    assert not any("javascript" in address for slide in Presentation(io.BytesIO(packed)).slides for address in addresses(slide))  # fmt: skip


def test_two_renders_give_the_same_bytes_and_carry_the_dates_of_the_issue(issue):
    packed = render_pptx(issue)
    assert packed == render_pptx(issue)
    properties = Presentation(io.BytesIO(packed)).core_properties
    assert properties.created == issue.created.replace(tzinfo=None)
    assert properties.author == (issue.lecturer or issue.title)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_tex_is_unicode_and_control_characters_are_dropped():
    issue = sample_issue()
    story = replace(issue.stories[2], title="A\x00 title\x0b with \ud800 what XML forbids")
    made = Presentation(io.BytesIO(render_pptx(replace(issue, stories=(*issue.stories[:2], story)))))  # fmt: skip
    texts = [s.text_frame.text for slide in made.slides for s in slide.shapes if s.has_text_frame]
    texts += [slide.notes_slide.notes_text_frame.text for slide in made.slides]
    assert not any(re.search(r"\\[a-z]+|\$O|\$\\", text) for text in texts)
    assert "A title with what XML forbids" in texts
