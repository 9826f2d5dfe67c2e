"""The figures of a paper from its HTML version, and what keeps this program from reading it."""

from __future__ import annotations

import pytest

from digest.collect.arxiv_html import may_read, parse_figures, read_figures
from digest.types import Item
from tests.loopback import Answer

URL = "https://arxiv.org/html/2102.00001v2"
PAGE = """<!doctype html><html><head><base href="/html/2102.00001v2/"></head><body><article class="ltx_document">
<figure id="S1.F1" class="ltx_figure"><img src="extracted/7/teaser.png" class="ltx_graphics ltx_centering" width="400" height="300" alt="Refer to caption">
<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 1: </span>Accuracy against
<math alttext="\\log n" class="ltx_Math" display="inline"><semantics><mi>log</mi><annotation encoding="application/x-tex">\\log n</annotation></semantics></math>
of both<span class="ltx_note ltx_role_footnote">1<span class="ltx_note_outer">A footnote.</span></span> models.<span class="ltx_ERROR undefined">\\foo</span></figcaption></figure>
<figure id="S2.T1" class="ltx_table"><table class="ltx_tabular"><tr><td>1</td></tr></table><figcaption class="ltx_caption">Table 1: Numbers.</figcaption></figure>
<figure id="S2.F2" class="ltx_figure"><div class="ltx_flex_figure">
<figure id="S2.F2.sf1" class="ltx_figure ltx_figure_panel"><img src="x1.png" class="ltx_graphics"><figcaption class="ltx_caption">(a) Left</figcaption></figure>
<figure id="S2.F2.sf2" class="ltx_figure ltx_figure_panel"><img src="x2.png" class="ltx_graphics"><figcaption class="ltx_caption">(b) Right</figcaption></figure>
</div><figcaption class="ltx_caption"><span class="ltx_tag">Figure 2: </span>Overview of our method.</figcaption></figure>
<figure class="ltx_figure"><figcaption class="ltx_caption">Figure 3: A listing.</figcaption></figure>
<figure class="ltx_figure"><img src="data:image/png;base64,AAAA" class="ltx_graphics"><figcaption class="ltx_caption">Figure 4: Inside.</figcaption></figure>
</article></body></html>"""


def paper(id_="arxiv:2102.00001"):
    return Item(id=id_, source="arXiv", kind="paper", title="A title", url="https://arxiv.org/abs/2102.00001")  # fmt: skip


def test_figures_come_with_clean_captions_and_the_place_where_they_stand():
    first, second = parse_figures(PAGE.encode(), URL)
    assert "Figure 1: Accuracy against $\\log n$ of both models." == first.caption
    assert "https://arxiv.org/html/2102.00001v2/extracted/7/teaser.png" == first.url
    assert f"{URL}#S1.F1" == first.page
    assert ("Figure 2: Overview of our method.", 2) == (second.caption, second.picture_count)


def test_without_a_base_addresses_are_relative_to_the_page():
    page = PAGE.replace('<base href="/html/2102.00001v2/">', "")
    assert "https://arxiv.org/html/x1.png" == parse_figures(page.encode(), URL)[1].url


@pytest.mark.parametrize("base", ["http://[", "", "   "])
def test_a_base_that_is_no_address_is_as_none(base):
    page = PAGE.replace('href="/html/2102.00001v2/"', f'href="{base}"')
    assert "https://arxiv.org/html/x1.png" == parse_figures(page.encode(), URL)[1].url


def test_a_page_that_breaks_the_parser_costs_that_page_alone(site, http, monkeypatch):
    site.routes["/html/2102.00001"] = Answer(PAGE)
    monkeypatch.setattr("digest.collect.arxiv_html.parse_figures", lambda *_: 1 / 0)

    page = read(site, http)

    assert ((), False) == (page.figures, page.is_final)
    assert "ZeroDivisionError" in page.error


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe\x00", b"<html>", b"<figure class=ltx_figure>" * 500]
)
def test_what_is_no_such_page_has_no_figures(payload):
    assert () == parse_figures(payload, URL)


def read(site, http):
    return read_figures(paper(), http.session("arXiv"), html_url=f"{site.url}/html/")


def test_a_paper_told_in_full_has_its_page_read_once(site, http):
    site.routes["/html/2102.00001"] = Answer(PAGE)
    found = read(site, http)
    assert ["/robots.txt", "/html/2102.00001"] == site.paths()
    assert ("arxiv:2102.00001", "", True) == (found.item_id, found.error, found.is_final)
    assert f"{site.url}/html/2102.00001#S1.F1" == found.figures[0].page
    assert f"{site.url}/html/2102.00001v2/x1.png" == found.figures[1].url


@pytest.mark.parametrize(
    ("status", "is_final"), [(404, True), (410, True), (503, False), (429, False)]
)
def test_a_paper_without_html_has_no_figures_and_is_not_asked_for_again(
    site, http, status, is_final
):
    site.routes["/html/2102.00001"] = Answer(b"", status, {"Retry-After": "99999"})
    found = read(site, http)
    assert ((), is_final) == (found.figures, found.is_final)
    assert str(status) in found.error


def test_robots_txt_is_obeyed(site, http):
    site.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /html/\n")
    assert "robots.txt" in read(site, http).error
    assert ["/robots.txt"] == site.paths()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: other\nDisallow: /\n", True),
        ("User-agent: *\nDisallow: /list\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: ml-digest\nDisallow: /html\n", False),
    ],
)
def test_only_rules_for_this_program_keep_it_away(site, http, rules, expected):
    site.routes["/robots.txt"] = Answer(rules or "# nothing")
    assert expected == may_read(f"{site.url}/html/2102.00001", http.session("arXiv"))
