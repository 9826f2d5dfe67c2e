"""A page to its main text: paragraphs, links, figures and formulas in, menus and comments out, and no exception."""

import time
from datetime import UTC, datetime

import pytest

from digest.collect import pdf as pdf_module
from digest.collect.page import extract
from digest.collect.pdf import read_pdf
from digest.errors import ParseError
from digest.types import Figure
from tests.collect.pages import PARAGRAPH, SECOND, page, pdf

KATEX = """It is <span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi><annotation
encoding="application/x-tex">x^2</annotation></semantics></math></span><span class="katex-html"><span>x2</span></span></span> here."""
URL = "https://blog.example.org/p/1"


def read(markup, content_type="text/html; charset=utf-8"):
    return extract(markup.encode() if isinstance(markup, str) else markup, URL, content_type)


def test_the_main_text_comes_in_paragraphs_without_what_stands_around_it():
    found = read(page())
    assert f"{PARAGRAPH}\n\n{SECOND}" == found.text
    assert ("A post about things", URL) == (found.title, found.url)


def test_links_are_those_of_the_main_text_absolute_and_in_order():
    text = 'See <a href="https://arxiv.org/abs/2102.06171">the paper</a> and <a href="../code">the code</a>.'
    found = read(page(paragraphs=(PARAGRAPH, text, SECOND)))
    assert ("https://arxiv.org/abs/2102.06171", "https://blog.example.org/code") == found.links


def test_a_last_paragraph_of_links_only_counts_too_and_what_follows_it_does_not():
    last = '<a href="https://arxiv.org/abs/2102.06171">Paper</a>, <a href="/code">code</a>'
    found = read(page(paragraphs=(PARAGRAPH, SECOND, last)))
    assert ("https://arxiv.org/abs/2102.06171", "https://blog.example.org/code") == found.links


def test_figures_are_those_of_the_main_text_with_captions_and_in_order():
    hero = '<figure><img src="/hero.png" alt="x"><figcaption>The <i>hero</i>.</figcaption></figure>'
    plot = '<p>Look:</p><img src="https://cdn.example.org/render?id=5" alt="A plot">'
    logo = '<footer><img src="/logo.png" alt="A logo"></footer>'
    pixel = '<img src="https://blog.example.org/count.gif" width="1" height="1">'
    markup = page(hero, plot, pixel).replace("</main>", f"</main>{logo}")
    expected = (
        Figure(url="https://blog.example.org/hero.png", caption="The hero."),
        Figure(url="https://cdn.example.org/render?id=5", caption="A plot"),
    )
    assert expected == read(markup).figures


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("If $a&lt;b$ and \\(x_i^2\\), it holds.", "If $a<b$ and \\(x_i^2\\), it holds."),
        ('It is <math alttext="x^2"><mi>x</mi></math> here.', "It is $x^2$ here."),
        ('It is <script type="math/tex">a<b</script> here.', "It is $a<b$ here."),
        (KATEX, "It is $x^2$ here."),
        ("There are 10<sup>5</sup> of them.", "There are 10^5 of them."),
        ("Call <code>model.fit(x)</code> once.", "Call model.fit(x) once."),
        ("It isn&#x2019;t naïve.", "It isn’t naïve."),
        ("The modelâ€™s SchrÃ¶dinger bridge.", "The model’s Schrödinger bridge."),
    ],
)
def test_formulas_code_and_characters_come_as_text(markup, text):
    assert (
        f"{PARAGRAPH}\n\n{text}\n\n{SECOND}"
        == read(page(paragraphs=(PARAGRAPH, markup, SECOND))).text
    )


def test_a_block_of_highlighted_code_is_text_and_takes_no_time():
    code = "<pre><code>" + "<span class='k'>for</span> <span>i</span>\n" * 8000 + "</code></pre>"
    began = time.process_time()
    assert "for i for i" in read(page(code)).text
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (page(paragraphs=("Schön ist es. " * 30,)).encode("utf-8"), "text/html"),
        (page(paragraphs=("Schön ist es. " * 30,)).encode("utf-8"), ""),
        (page(paragraphs=("Schön ist es. " * 30,)).encode("latin-1"), "text/html; charset=iso-8859-1"),
        (page(paragraphs=("Schön ist es. " * 30,)).replace('<meta charset="utf-8">', "").encode("latin-1"), "text/html"),
        (page(paragraphs=("Schön ist es. " * 30,)).encode("utf-16"), "text/html"),
        (("Schön ist es. " * 30).encode(), "text/plain; charset=utf-8"),
        (('<?xml version="1.0" encoding="utf-8"?>' + page(paragraphs=("Schön ist es. " * 30,))).encode(), "application/xhtml+xml"),
    ],
    ids=["declared", "no type", "latin-1", "undeclared", "utf-16", "plain", "xhtml"],
)  # fmt: skip
def test_the_encoding_is_that_of_the_page(content, content_type):
    assert read(content, content_type).text.startswith("Schön ist es. Schön")


def test_what_a_page_states_of_itself_is_told():
    head = """<meta name="author" content="Ada Example"><link rel="canonical" href="/p/one">
    <meta property="article:published_time" content="2021-02-09T10:00:00+01:00">"""
    found = read(page(head=head))
    assert ("Ada Example",) == found.authors
    assert datetime(2021, 2, 9, 9, tzinfo=UTC) == found.published
    assert "https://blog.example.org/p/one" == found.canonical


@pytest.mark.parametrize(
    ("content", "content_type", "said"),
    [
        (b'{"a": 1}', "application/json", "is no web page, but application/json"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "text/html", "is no web page"),
        (b"\x00" * 500, "", "is no web page, but binary data"),
        (b"", "text/html", "next to no text"),
        (b"<html><body></body></html>", "text/html", "next to no text"),
        (page(paragraphs=("Log in to go on.",)).encode(), "text/html", "next to no text"),
        (b"<p>" + b"x" * (5 << 20), "text/html", "larger than 4 MiB"),
        (b"<i>x</i>" * 40_000, "text/html", "too large to be read"),
        (b"%PDF-1.7 and no more", "application/pdf", "the PDF cannot be read"),
    ],
    ids=["json", "png", "zeros", "empty", "blank", "login", "large", "tags", "pdf"],
)
def test_what_has_no_text_to_read_is_an_error(content, content_type, said):
    with pytest.raises(ParseError) as caught:
        extract(content, URL, content_type)
    assert said in caught.value.message


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 20_000,
        "<a href=x>" * 5000,
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<p>" + "<span>w</span> " * 10_000,
        "<table><tr><td>" * 2000,
        "".join(f"<b x={n}>" for n in range(2000)) + "<p>x</p>" * 2000,
        "<math>" * 20_000,
        "<img src=/a.png>" * 3000,
        "<!--" * 20_000,
        "\ud83d<p>\x00\x08",
        "<base href='http://[x'>" + f"<p>{PARAGRAPH}</p>" * 3,
    ],
    ids="divs links attributes spans tables bold math images comments halves base".split(),
)
def test_a_hostile_page_takes_little_time_and_is_an_error_at_worst(hostile):
    markup = page(hostile).encode("utf-8", "surrogatepass")
    began = time.process_time()
    try:
        assert read(markup).text
    except ParseError:
        pass
    assert time.process_time() - began < 5


# -- PDFs -------------------------------------------------------------------------------------------------------------

LINES = (
    "A Paper on Things",
    "Ada Example",
    "Abstract",
    "We show that things are as they are, and that a line of a pa-",
    "per is divided where it ends. This abstract is long enough to be",
    "told from a heading, which is why it goes on for one more line,",
    "and for another one, so that it has two hundred characters.",
    "1 Introduction",
    "Things have been known for long.",
)


def test_a_pdf_becomes_text_with_words_put_together():
    found = extract(pdf(LINES, ["On the second page there is more of it."]), URL, "application/pdf")
    assert "that a line of a paper is divided where it ends." in found.text
    assert "On the second page there is more of it." in found.text
    assert "A Paper on Things" == found.title


def test_a_pdf_is_known_by_its_first_bytes():
    assert "A Paper on Things" == extract(pdf(LINES), URL, "text/html").title


def test_a_pdf_tells_its_title_authors_and_abstract():
    found = read_pdf(pdf(LINES, title="The Title", author="Ada Example, Bo Muster"), "a folder")
    assert ("The Title", ("Ada Example", "Bo Muster")) == (found.title, found.authors)
    assert found.abstract.startswith("We show that things are")
    assert found.abstract.endswith("two hundred characters.")
    assert "A Paper on Things" == read_pdf(pdf(LINES, title="main.tex"), "a folder").title


def test_a_pdf_that_keeps_its_reader_busy_is_stopped():
    with pytest.raises(ParseError, match=r"cannot be read within 0\.01 s"):
        read_pdf(pdf(LINES), "a folder", timeout_s=0.01)


def test_a_pdf_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(pdf_module, "MAX_BYTES", 100)
    with pytest.raises(ParseError, match="larger than"):
        read_pdf(pdf(LINES), "a folder")


@pytest.mark.parametrize("cut", [30, 200, 500])
def test_a_damaged_pdf_is_an_error_or_what_can_be_saved(cut):
    try:
        found = read_pdf(pdf(LINES)[:-cut], "a folder").text
    except ParseError:
        found = "nothing"
    assert found


def test_a_reader_that_dies_without_an_answer_is_an_error(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("raise SystemExit(1)")
    monkeypatch.setattr(pdf_module, "_CHILD", child)
    with pytest.raises(ParseError, match="limits of memory and time"):
        read_pdf(pdf(LINES), "a folder")
