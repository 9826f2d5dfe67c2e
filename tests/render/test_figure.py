"""A source's figure: shown beside the page with its credit and licence, linked where it may not be shown, never mailed."""

from __future__ import annotations

import base64
import dataclasses
import io

import pytest
from PIL import Image
from pptx import Presentation

from digest.issue import from_json, to_json
from digest.render import render_issue
from digest.render.environment import is_picture
from tests.render.page import parse, text_of
from tests.render.sample_issue import sample_issue, shown_figure


def with_figure(**changes):
    issue = sample_issue()
    first, *others = issue.stories
    figure = dataclasses.replace(shown_figure(), **changes)
    return dataclasses.replace(issue, stories=(dataclasses.replace(first, figure=figure), *others))


def rendered(issue, pictures=None):
    made = render_issue(issue, newer=None, older=None, pictures=pictures)
    return {f.path.rpartition("/")[2]: f.content for f in made}


def painted():
    """The file of ``shown_figure``."""
    file = io.BytesIO()
    Image.new("RGB", (1056, 640), "#8a2f1d").save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def files():
    return rendered(sample_issue())


@pytest.fixture(scope="module")
def linked():
    return rendered(with_figure(picture="", licence="", licence_url="", changes="", alt=""))


def test_a_licensed_figure_stands_on_the_page_with_its_words_and_its_credit(files):
    (shown,) = parse(files["index.html"]).xpath("//figure[@class='source']")
    (img,) = shown.xpath(".//img")
    assert (shown_figure().picture, "1056", "640") == (img.get("src"), img.get("width"), img.get("height"))  # fmt: skip
    assert "its caption: Fraction" in img.get("alt")
    said = " ".join(shown.text_content().split())
    for part in ("Garima Pruthi", "arXiv 2002.08484", "CC BY-SA 4.0", "resized", "keeps this licence", "It sets the fraction"):  # fmt: skip
        assert part in said
    assert {shown_figure().url, shown_figure().licence_url} == set(shown.xpath(".//@href"))


def test_a_figure_that_may_not_be_shown_is_linked(linked):
    (shown,) = parse(linked["index.html"]).xpath("//figure[@class='source']")
    assert [] == shown.xpath(".//img")
    assert "Its licence does not let us show it here" in shown.text_content()
    assert [shown_figure().url] == shown.xpath(".//@href")


@pytest.mark.parametrize(
    "name", ["email.html", "email.txt", "notes.md", "slides.html", "slides.md"]
)
def test_every_output_leads_to_it(files, name):
    said = files[name].decode().replace("\\", "")
    assert shown_figure().url in said
    assert "It sets the fraction of" in " ".join(said.split())


def test_the_pictures_of_others_do_not_travel_by_mail(files):
    assert "figure-" not in files["email.html"].decode()
    assert "Look at it" in text_of(parse(files["email.html"]))


@pytest.mark.parametrize(
    "name",
    ["", "../x.png", "https://evil.example/x.png", "figure-0123456789abcdef.svg", "figure-0123.png", "figure-0123456789abcdef.png?x"],
)  # fmt: skip
def test_a_name_that_is_none_of_ours_is_never_loaded(name):
    assert not is_picture(name)
    page = parse(rendered(with_figure(picture=name))["index.html"])
    assert [] == page.xpath("//figure[@class='source']//img")


def test_the_issue_keeps_its_figures_as_json():
    assert sample_issue() == from_json(to_json(sample_issue()))


@pytest.fixture(scope="module")
def with_picture():
    return rendered(sample_issue(), {shown_figure().picture: painted()})


def test_a_slide_shows_the_figure_with_its_caption_credit_and_licence(with_picture):
    page = parse(with_picture["slides.html"])
    (shown,) = page.xpath("//figure[@class='source']")
    (img,) = shown.xpath("./img")
    kind, _, data = img.get("src").partition(",")
    assert "data:image/png;base64" == kind
    assert painted() == base64.b64decode(data)
    assert "A figure of results; its caption: Fraction of <wrong> labels" in img.get("alt")
    said = " ".join(shown.text_content().split())
    for part in ("Fraction of <wrong> labels", "Garima Pruthi", "CC BY-SA 4.0", "resized", "keeps this licence"):  # fmt: skip
        assert part in said
    assert [shown_figure().licence_url] == shown.xpath(".//a/@href")
    (policy,) = page.xpath("//meta[@http-equiv]/@content")
    assert "img-src data:;" in policy, "and from nowhere else"


def test_its_notes_say_how_to_read_it_and_no_other_slide_does(with_picture):
    page = parse(with_picture["slides.html"])
    told = [s for s in page.xpath("//section") if "It sets the fraction of" in s.text_content()]
    assert 1 == len(told)
    assert told[0].xpath(".//figure[@class='source']")


def test_powerpoint_holds_the_picture_unaltered_with_its_words(with_picture):
    deck = Presentation(io.BytesIO(with_picture["slides.pptx"]))
    (picture,) = [s for slide in deck.slides for s in slide.shapes if s.name == "Figure"]
    assert painted() == picture.image.blob
    assert abs(picture.width / picture.height - 1056 / 640) < 0.01
    assert picture.top + picture.height < deck.slide_height
    (words,) = [s for slide in deck.slides for s in slide.shapes if s.name == "Caption and credit"]
    assert "Garima Pruthi" in words.text_frame.text
    links = [run.hyperlink.address for run in words.text_frame.paragraphs[0].runs]
    assert [shown_figure().url, shown_figure().licence_url] == links


def test_markdown_slides_name_the_file_beside_them(with_picture):
    assert f"]({shown_figure().picture})" in with_picture["slides.md"].decode()


def test_a_figure_that_may_not_be_shown_has_no_slide_but_its_notes(linked):
    page = parse(linked["slides.html"])
    assert [] == page.xpath("//figure[@class='source']")
    assert "It sets the fraction of" in page.text_content()


def test_a_picture_whose_file_is_lost_is_linked_on_its_slide(files):
    (shown,) = parse(files["slides.html"]).xpath("//figure[@class='source']")
    assert [] == shown.xpath("./img")
    assert shown_figure().url in shown.xpath(".//a/@href")


def test_powerpoint_which_knows_no_webp_links_it():
    name = "figure-0123456789abcdef.webp"
    made = rendered(with_figure(picture=name), {name: b"RIFF"})
    shapes = [s.name for slide in Presentation(io.BytesIO(made["slides.pptx"])).slides for s in slide.shapes]  # fmt: skip
    assert "Figure" not in shapes
    assert "Caption and credit" in shapes
    assert b"data:image/webp;base64" in made["slides.html"]
