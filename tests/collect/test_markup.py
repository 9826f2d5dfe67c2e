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


def test_mojibake_is_mended_and_good_text_left_alone():
    assert mended("SchrÃ¶dinger’s") == "Schrödinger’s"
    for good in ("Schrödinger", "naïve “quotes” — dash", "数学", "Ångström", "a\u00a0b"):
        assert mended(good) == good
    assert mended("a\x08b\ufffe") == "ab"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 20_000 + "x",
        "<p " * 30_000 + ">",
        "<a " * 30_000,
        "<!--" * 30_000,
        "<i>https://" + ")" * 100_000,
        "[a](b" * 20_000,
        "[" * 50_000 + "](",
        "**a " * 30_000,
        "\n> " * 30_000,
    ],
    ids=["nested", "p", "a", "comment", "brackets", "links", "open", "stars", "quotes"],
)
def test_hostile_markup_takes_no_time(hostile):
    began = time.process_time()
    to_plain(hostile)
    from_markdown(hostile)
    assert time.process_time() - began < 1
