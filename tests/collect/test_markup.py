"""HTML and Markdown to plain text, and the links in them."""

import time

import pytest

from digest.collect.markup import (
    from_markdown,
    is_html,
    links_in,
    mended,
    one_line,
    paragraphs,
    to_plain,
)
from digest.types import Figure


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br><br/>two<br>three", "One\n\ntwo three"),
        ("<div>A <b>bold</b>\n\n word</div>tail", "A bold word\n\ntail"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<p>10<sup>5</sup> and H<sub>2</sub>O, a<sup>th</sup></p>", "10^5 and H2O, ath"),
        ("a&nbsp;b &amp; c &lt;EOS&gt;", "a b & c <EOS>"),
        ("<p>a &lt;EOS&gt; <o:p></o:p></p>", "a <EOS>"),
        ("plain\ntext\n\nnext", "plain text\n\nnext"),
        ("<p>x<script>y</script>z</p>", "xz"),
        ("<p>x<ScRiPt src=a>y</sCrIpT >z<style>p{}</style></p>", "xz"),
        ("<p>x<noscript>y</noscript><svg><text>t</text></svg><title>t</title>z</p>", "xz"),
        ("<p>x</p><select><option>1</option></select><textarea>y</textarea>z", "x\n\nz"),
        (
            "<table><colgroup><col width=1></colgroup><tr><td>1</td><td>2</td></tr></table>",
            "1\n\n2",
        ),
        ("<p onclick=x()>a <unknown-tag>b</unknown-tag></p>", "a b"),
        ("<p>half a \ud83d character</p>", "half a character"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_text_with_paragraphs(markup, text):
    assert to_plain(markup).text == text


@pytest.mark.parametrize("text", ["$a<b$ and $x < y$", "<EOS> tokens", "x <- y", "List<String>"])
def test_trap_23_what_is_no_tag_is_kept(text):
    assert not is_html(text)
    assert to_plain(text).text == text
    assert to_plain(f"<p>{text}</p>").text == text


@pytest.mark.parametrize(
    "markup",
    [
        '<p>Let <math alttext="a&lt;b"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math> hold</p>',
        "<p>Let <math><semantics><mi>a</mi><annotation encoding='application/x-tex'>a&lt;b</annotation></semantics></math> hold</p>",
        '<p>Let <script type="math/tex; mode=display">a<b</script> hold</p>',
        '<p>Let <img src="https://s.example.org/latex.php?x" alt="a&lt;b" class="latex" /> hold</p>',
    ],
    ids=["arxiv", "katex", "mathjax", "wordpress"],
)
def test_a_formula_that_tells_its_tex_is_written_as_tex(markup):
    assert "Let $a<b$ hold" == to_plain(markup).text


def test_a_formula_that_tells_no_tex_keeps_its_letters():
    markup = "<p>Let <math><mi>x</mi><mo>=</mo><mn>2</mn></math> hold, <math><mi>y</mi></p>"
    assert "Let x=2 hold, y" == to_plain(markup).text


def figures(markup):
    return to_plain(markup, "https://a.org/blog/post").figures


def test_a_figure_has_its_caption_or_else_its_alternative_text():
    markup = """<figure><div><img src="/1.png" alt="one"></div><figcaption>The <b>first</b>.</figcaption></figure>
    <p><img src="2.jpg" alt="The second"></p><img src="https://c.org/3"><figcaption>of nothing</figcaption>"""
    expected = (
        Figure(url="https://a.org/1.png", caption="The first."),
        Figure(url="https://a.org/blog/2.jpg", caption="The second"),
        Figure(url="https://c.org/3"),
    )
    assert expected == figures(markup)


@pytest.mark.parametrize(
    "img",
    [
        '<img src="https://a.org/p.png" width="1" height="1">',
        '<img src="https://a.org/p.png" height="16px">',
        '<img src="http://feeds.feedburner.com/~r/blog/~4/x">',
        '<img src="https://ad.doubleclick.net/x.png">',
        '<img src="https://secure.gravatar.com/avatar/0?s=96">',
        '<img src="https://s.w.org/images/core/emoji/13/72x72/1f680.png">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img src="javascript:x()">',
        '<img src="ftp://a.org/p.png">',
        '<img src="https://[broken/p.png">',
        '<img alt="no address">',
    ],
)
def test_pictures_that_count_or_decorate_are_no_figures(img):
    assert () == figures(f"<p>A text. {img}</p>")


def test_a_figure_comes_once_whatever_its_size_and_no_more_than_12_do():
    twice = '<img src="/f-300x200.png"><img src="/f-1024x683.png?x" alt="The plot">'
    assert (Figure(url="https://a.org/f-300x200.png", caption="The plot"),) == figures(twice)
    many = "".join(f'<img src="/{n}.png">' for n in range(30))
    assert [f"https://a.org/{n}.png" for n in range(12)] == [f.url for f in figures(many)]


def test_a_picture_that_is_loaded_late_is_known_by_its_true_address():
    late = '<img src="/placeholder.png" data-src="/plot.png">'
    assert (Figure(url="https://a.org/plot.png"),) == figures(late)


def test_links_are_absolute_in_order_and_once():
    markup = '<p><a href="/b">b</a> <a href="https://c.org/">c</a> <a href="b">b</a> https://d.org/x).</p>'
    assert to_plain(markup, "https://a.org/").links == (
        "https://a.org/b",
        "https://c.org/",
        "https://d.org/x",
    )


def test_links_that_no_reader_follows_are_left_out():
    markup = (
        '<a href="https://b.org/pic.PNG"><img src="x"></a> <a href="#top">up</a> <a href="https://b.org/p">p</a>'
        ' <a href="http://feeds.feedburner.com/~ff/blog?a=1">share</a>'
    )
    assert to_plain(markup, "https://b.org/").links == ("https://b.org/p",)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://a.org/x.", "https://a.org/x"),
        ("(https://a.org/x)", "https://a.org/x"),
        ("https://a.org/x_(y)", "https://a.org/x_(y)"),
        ("[https://a.org/x]", "https://a.org/x"),
        ("https://a.org/x?y=1&z=2, and", "https://a.org/x?y=1&z=2"),
        ("\\url{https://a.org/x}", "https://a.org/x"),
    ],
)
def test_a_url_ends_before_the_punctuation_of_its_sentence(text, url):
    assert links_in(text) == (url,)


def test_markdown_loses_its_marks_and_keeps_its_words():
    plain = from_markdown(
        "# Head\n\n> said **so**\n\n1. [one](https://a.org/x_(y))\n2. x**2 and a\\_b"
    )
    assert plain.text == "Head\n\nsaid so\n\none\n\nx**2 and a_b"
    assert plain.links == ("https://a.org/x_(y)",)


def test_one_line_folds_all_white_space():
    assert one_line(" a\n  b\t<i>c</i> ") == "a b c"
    assert one_line("0") == "0"


def test_paragraphs_are_divided_by_blank_lines_only():
    assert paragraphs("  a\n  b \n \n\n c\r\n\r\nd") == "a b\n\nc\n\nd"


def test_one_line_of_mojibake_is_mended_among_good_ones():
    assert mended("naïve\n\nSchrÃ¶dinger\n数学") == "naïve\n\nSchrödinger\n数学"


def test_mojibake_is_mended_and_good_text_left_alone():
    assert mended("SchrÃ¶dinger’s") == "Schrödinger’s"
    for good in ("Schrödinger", "naïve “quotes” — dash", "数学", "Ångström", "a\u00a0b"):
        assert mended(good) == good
    assert mended("a\x08b\ufffe") == "ab"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 20_000 + "x",
        "".join(f"<b x={n}>" for n in range(3000)) + "<p>x</p>" * 3000,
        "<figure><img src=/a.png>" * 5000,
        "<math " * 30_000,
        "<math>" * 30_000,
        "<script type='math/tex'>" * 20_000,
        "<img class='latex' " * 20_000,
        "<p " * 30_000 + ">",
        "<a " * 30_000,
        "<!--" * 30_000,
        "<i>https://" + ")" * 100_000,
        "[a](b" * 20_000,
        "[" * 50_000 + "](",
        "**a " * 30_000,
        "\n> " * 30_000,
    ],
    ids=[
        "nested",
        "bold",
        "figures",
        "math",
        "maths",
        "script",
        "img",
        "p",
        "a",
        "comment",
        "brackets",
        "links",
        "open",
        "stars",
        "quotes",
    ],
)
def test_hostile_markup_takes_no_time(hostile):
    began = time.process_time()
    to_plain(hostile)
    from_markdown(hostile)
    assert time.process_time() - began < 1
