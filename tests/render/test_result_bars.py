"""A story's result as bars: to scale, legible, told by more than color, and the same in every output."""

from __future__ import annotations

import dataclasses
import io
import re
from email import message_from_bytes, policy

import pytest
from lxml import etree
from PIL import Image

from digest.config import Delivery
from digest.deliver.message import address_to, build_message
from digest.issue import ResultBar, from_json, to_json
from digest.render import render_issue
from digest.render.result_bars import MAX_LABEL, WIDTH, placed
from digest.render.result_png import SCALE, chart_name, result_png, size_of
from tests.render.page import parse, text_of
from tests.render.sample_issue import found_labels, sample_issue


@pytest.fixture(scope="module")
def files():
    rendered = render_issue(sample_issue(), newer=None, older=None)
    return {f.path.rpartition("/")[2]: f.content for f in rendered}


@pytest.fixture
def mail(files):
    return build_message(
        sample_issue(),
        files["email.html"],
        files["email.txt"],
        Delivery(),
        pictures={n: c for n, c in files.items() if n.endswith(".png")},
    )


def with_bars(*bars):
    return dataclasses.replace(found_labels(), bars=bars)


def test_bars_begin_at_zero_and_are_to_scale():
    main, other = placed(found_labels()).bars
    assert main.width / other.width == pytest.approx(86.5 / 43.2, rel=0.01)


@pytest.mark.parametrize("value", ["1x", "up to 1234.56 minutes"])
def test_values_stay_within_the_picture(value):
    chart = with_bars(
        ResultBar(label="A", value=value, amount=9), ResultBar(label="B", value=value, amount=1)
    )
    assert all(b.value_x + 10 * len(value) <= WIDTH for b in placed(chart).bars)


def test_a_long_label_is_cut():
    chart = with_bars(
        ResultBar(label="N" * 90, value="1x", amount=1), ResultBar(label="B", value="2x", amount=2)
    )
    assert MAX_LABEL == len(placed(chart).bars[0].label)


def test_the_page_draws_the_bars_and_says_the_same_in_words(files):
    (figure,) = parse(files["index.html"]).xpath("//figure[@class='result']")
    assert found_labels().description == figure.xpath(".//*[local-name()='svg']/@aria-label")[0]
    assert {"86.5%", "43.2%"} <= set(figure.xpath(".//*[local-name()='text']/text()"))
    assert "higher is better" in figure.text_content()


def test_what_the_story_is_about_is_told_by_form_as_well(files):
    (figure,) = parse(files["index.html"]).xpath("//figure[@class='result']")
    kinds = [r.get("class") for r in figure.xpath(".//*[local-name()='rect']")]
    assert ["main", None] == kinds
    assert b".result rect { fill: none;" in files["index.html"]


def test_the_chart_stands_under_how_it_was_tested(files):
    tree = parse(files["index.html"])
    (figure,) = tree.xpath("//figure[@class='result']")
    assert "How it was tested" == figure.xpath("preceding-sibling::h3[1]")[0].text


@pytest.mark.parametrize("name", ["email.txt", "notes.md", "slides.md"])
def test_outputs_without_pictures_say_the_numbers(files, name):
    text = files[name].decode().replace("\\", "")
    assert all(number in text for number in ("86.5%", "43.2%"))


def test_the_slide_draws_it(files):
    slides = parse(files["slides.html"])
    (figure,) = slides.xpath("//figure[@class='result']")
    assert found_labels().description == figure.xpath(".//*[local-name()='svg']/@aria-label")[0]


def test_the_svg_is_well_formed_by_itself(files):
    svg = re.search(
        rb'<svg [^>]*role="img" aria-label="Wrong.*?</svg>', files["index.html"], re.DOTALL
    )
    assert etree.fromstring(svg[0]).tag.endswith("svg")


def test_the_mail_carries_the_picture_that_it_shows(mail):
    parsed = message_from_bytes(mail, policy=policy.default)
    assert [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ] == [p.get_content_type() for p in parsed.walk()]  # fmt: skip
    shown = re.findall(r"cid:([^\"]+)", parsed.get_body(("html",)).get_content())
    carried = [p["Content-ID"] for p in parsed.walk() if p["Content-ID"]]
    assert [f"<{address}>" for address in shown] == carried
    (picture,) = (p for p in parsed.walk() if p.get_content_type() == "image/png")
    assert result_png(found_labels()) == picture.get_content()
    assert "inline" == picture.get_content_disposition()


def test_the_mail_is_the_same_each_time_and_to_each_reader(files, mail):
    pictures = {n: c for n, c in files.items() if n.endswith(".png")}
    again = build_message(
        sample_issue(), files["email.html"], files["email.txt"], Delivery(), pictures=pictures
    )
    assert mail == again
    sent = message_from_bytes(address_to(mail, "ada@example.org").as_bytes(), policy=policy.default)
    (picture,) = (p for p in sent.walk() if p.get_content_type() == "image/png")
    assert result_png(found_labels()) == picture.get_content()


def test_a_picture_that_is_not_shown_is_not_carried(files):
    mail = build_message(
        sample_issue(),
        b"<p>Nothing</p>\n",
        b"Nothing\n",
        Delivery(),
        pictures={"result-9.png": b"x"},
    )
    assert "image/png" not in [p.get_content_type() for p in message_from_bytes(mail).walk()]


def test_the_mail_says_the_chart_in_words_where_pictures_are_off(files):
    (img,) = parse(files["email.html"]).xpath("//img")
    assert found_labels().description == img.get("alt")
    assert chart_name(sample_issue().stories[0]) == img.get("src")
    assert "Wrong labels found" in text_of(parse(files["email.html"]))


def test_the_png_is_twice_as_large_as_shown_and_the_same_each_time(files):
    content = files["result-1.png"]
    width, height = size_of(found_labels())
    assert (width * SCALE, height * SCALE) == Image.open(io.BytesIO(content)).size
    assert content == result_png(found_labels())
    assert len(content) < 40_000


def test_letters_that_the_font_lacks_become_plain_ones():
    one, other = (
        with_bars(
            ResultBar(label=label, value="8%", amount=8), ResultBar(label="B", value="7%", amount=7)
        )
        for label in ("Modèle ± 1", "Modele +/- 1")
    )
    assert result_png(one) == result_png(other)


def test_the_issue_keeps_its_charts_as_json():
    assert sample_issue() == from_json(to_json(sample_issue()))
