"""Figures end to end: from a paper's page on a server to what the issue shows, once, and with a link where all else fails."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from digest.config import parse_config
from digest.errors import ConfigError
from digest.illustrate import figures_of
from digest.store import Store
from tests.lecture.make import item, ranked
from tests.loopback import Answer, serving

NOW = datetime(2021, 2, 15, tzinfo=UTC)
CC = "https://creativecommons.org/licenses"
PAGE = """<html><body>
<figure id="F1" class="ltx_figure"><img class="ltx_graphics" src="/teaser.png"><figcaption class="ltx_caption">Figure 1: A cat beside a dog.</figcaption></figure>
<figure id="F2" class="ltx_figure"><img class="ltx_graphics" src="/plot.png"><figcaption class="ltx_caption">Figure 2: Accuracy vs. latency (ms).</figcaption></figure>
</body></html>"""


def png(size=(1600, 800)):
    packed = io.BytesIO()
    Image.new("RGB", size, "white").save(packed, "PNG")
    return packed.getvalue()


def config(**changes):
    return parse_config(
        {"sources": [{"kind": "arxiv", "categories": ["cs.LG"]}], "figures": "licensed-only"}
        | changes
    )


@pytest.fixture
def site():
    with serving() as site:
        site.routes |= {"/html/2102.00001": Answer(PAGE), "/plot.png": Answer(png())}
        yield site


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        yield store


def found(site, store, licence=f"{CC}/by/4.0/", **changes):
    paper = item(text="We propose a small network.", license=licence, authors=("Ada One", "Bo Two"))
    figures = figures_of(
        [ranked(paper)], config(**changes), store, now=NOW, html_url=f"{site.url}/html/"
    )
    return figures.get(paper.id)


def test_a_free_figure_is_chosen_fetched_scaled_and_credited(site, store):
    figure = found(site, store)
    assert ("A figure of results", "Figure 2: Accuracy vs. latency (ms).") == (figure.kind, figure.caption)  # fmt: skip
    assert f"{site.url}/html/2102.00001#F2" == figure.url
    assert (1056, 528, "resized.") == (figure.width, figure.height, figure.changes)
    assert ("CC BY 4.0", f"{CC}/by/4.0/") == (figure.licence, figure.licence_url)
    assert "Ada One and Bo Two, “A title”, arXiv 2102.00001" == figure.credit
    assert "It sets accuracy against latency (ms)." == figure.reading[0]
    assert [figure.picture] == list(store.picture_files([figure.picture]))


def test_a_rerun_asks_nobody_and_shows_the_same(site, store):
    first = found(site, store)
    asked = site.paths()
    assert first == found(site, store)
    assert ["/robots.txt", "/html/2102.00001", "/plot.png"] == asked == site.paths()


@pytest.mark.parametrize(
    "licence", ["", "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", f"{CC}/by-nc/4.0/"]
)
def test_what_may_not_be_shown_is_linked_and_not_fetched(site, store, licence):
    figure = found(site, store, licence)
    assert ("", "", "") == (figure.picture, figure.alt, figure.changes)
    assert figure.url.endswith("#F2")
    assert "/plot.png" not in site.paths()


def test_a_non_commercial_digest_may_show_more(site, store):
    figure = found(site, store, f"{CC}/by-nc-sa/4.0/", non_commercial=True)
    assert figure.picture
    assert "resized. The picture keeps this licence." == figure.changes


def test_no_derivatives_means_byte_for_byte(site, store):
    figure = found(site, store, f"{CC}/by-nd/4.0/")
    assert (1600, 800, "unaltered.") == (figure.width, figure.height, figure.changes)
    assert {figure.picture: png()} == store.picture_files([figure.picture])


@pytest.mark.parametrize("answer", [Answer(b"", 404), Answer(b"<svg/>"), Answer(png((30, 30)))])
def test_a_picture_that_cannot_be_had_is_linked(site, store, answer):
    site.routes["/plot.png"] = answer
    figure = found(site, store)
    assert ("", "CC BY 4.0") == (figure.picture, figure.licence)


def test_a_paper_without_html_has_no_figure_and_is_asked_for_once(site, store):
    site.routes["/html/2102.00001"] = Answer(b"", 404)
    assert found(site, store) is None
    assert found(site, store) is None
    assert 1 == site.paths().count("/html/2102.00001")


def test_figures_are_off_unless_asked_for():
    assert "off" == parse_config({"sources": [{"kind": "arxiv", "categories": ["cs.LG"]}]}).figures
    assert "off" == config(figures=False).figures  # what YAML makes of a bare off


@pytest.mark.parametrize("value", ["all", True, 1])
def test_another_word_is_told_in_one_line(value):
    with pytest.raises(ConfigError) as caught:
        config(figures=value)
    assert "figures: got" in str(caught.value)
    assert "'licensed-only'" in str(caught.value)
