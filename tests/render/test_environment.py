"""Templates escape by default, URLs are let through only where a reader may go, and small words are right."""

from datetime import date

import pytest
from jinja2 import UndefinedError

from digest.render.environment import (
    authors_line,
    count,
    cut_at,
    html_environment,
    long_date,
    number_word,
    safe_url,
    short_date,
    strip_forbidden,
    text_environment,
)

GOOD_URLS = (
    "https://arxiv.org/abs/2102.06171",
    "http://127.0.0.1:8080/a?b=c&d=e#f",
    "https://example.org/naïve/日本",
    "HTTPS://EXAMPLE.ORG/",
    "https://[::1]/a",
    "mailto:ada@example.org?subject=unsubscribe",
    "https://en.wikipedia.org/wiki/Softmax_(disambiguation)",
)
BAD_URLS = (
    "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "java\tscript:x",
    "\x01javascript:alert(1)", "\xa0javascript:alert(1)", "data:text/html,<b>", "vbscript:x", "file:///etc/passwd",
    "//evil.example", "/relative", "relative", "https:///nohost", "https://", "http://a b/", "https://a\\b", "https://a/<b>",
    'https://a/"onclick=x', "https://a/'x", "https://a:port/", "https://user:secret@evil.example/",
    "https://good.example@evil.example/", "ftp://a.example/", "blob:https://a/b", "mailto:", "mailto:x", "https://a/\u202eb",
    "https://a/`x`", "tel:123", "about:blank", "view-source:https://a", "https://[::1", "&#106;avascript:x",
)  # fmt: skip


@pytest.mark.parametrize("url", GOOD_URLS)
def test_an_absolute_web_or_mail_url_passes(url):
    assert url == safe_url(url)


@pytest.mark.parametrize("url", BAD_URLS)
def test_every_other_url_is_dropped(url):
    assert "" == safe_url(url)


def test_html_is_escaped_text_is_not():
    source = "{{ x }}|{{ x|tex }}"

    assert "&lt;b&gt; &amp; &#34;|&lt;b&gt; &amp; &#34;" == html_environment().from_string(
        source
    ).render(x='<b> & "')
    assert '<b> & "|<b> & "' == text_environment().from_string(source).render(x='<b> & "')


@pytest.mark.parametrize(
    "environment", [html_environment(), text_environment()], ids=["html", "text"]
)
def test_forbidden_characters_are_dropped_from_every_expression(environment):
    rendered = environment.from_string("{{ x }}{% set y %}{{ x }}{% endset %}{{ y }}").render(
        x="a\x00\x1b\ufffe\u202eb\ud83d"
    )

    assert "abab" == rendered
    assert "a\tb\nc é 日本 😀" == strip_forbidden("a\tb\nc é 日本 😀")


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(UndefinedError):
        html_environment().from_string("{{ nothing }}").render()


def test_dates_and_numbers_read_as_one_says_them():
    day = date(2021, 2, 3)

    assert ("Wednesday 3 February 2021", "3 Feb 2021") == (long_date(day), short_date(day))
    assert ("none", "three", "twelve", "13", "2,417") == tuple(
        map(number_word, (0, 3, 12, 13, 2417))
    )
    assert ("1 story", "2 stories", "0 items") == (
        count(1, "story", "stories"),
        count(2, "story", "stories"),
        count(0, "item"),
    )


def test_more_than_six_authors_are_counted():
    names = tuple(f"A{n}" for n in range(1, 8))

    assert "A1, A2, A3, A4, A5, A6" == authors_line(names[:6])
    assert "A1, A2, A3 and 4 others" == authors_line(names)
    assert "" == authors_line(())
    assert "Erdős" == authors_line((r"Erd\H{o}s",))


def test_a_phrase_is_found_as_a_whole_only():
    assert ("See ", "Story 1", " too.") == cut_at("See Story 1 too.", "story 1")
    assert ("See story 12.", "", "") == cut_at("See story 12.", "story 1")
    assert ("a", "", "") == cut_at("a", "")
