"""A source's figure: shown beside the page with its credit and licence, linked where it may not be shown, never mailed."""

from __future__ import annotations

import dataclasses

import pytest

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


def rendered(issue):
    return {
        f.path.rpartition("/")[2]: f.content for f in render_issue(issue, newer=None, older=None)
    }


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
