"""Whatever a source or a model writes, wherever an issue carries text or a URL: it is shown, never run."""

import dataclasses
import functools

import feedparser
import pytest

from digest.render.atom import render_atom
from digest.render.email import render_email
from digest.render.web import render_archive_page, render_web
from tests.render.page import active_content, hrefs, parse, text_of
from tests.render.sample_issue import sample_issue

TEXTS = (
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js>", "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "--><script>alert(1)</script>", "<![endif]--><script>alert(1)</script>",
    "]]><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", "<svg><animate onbegin=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=javascript:alert(1)>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><style><img src=x onerror=alert(1)>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=//evil.example><button>go</button></form>", "<img src=//evil.example/track.gif>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>*{background:url(//evil.example)}</style>",
    "{{ 7 * 7 }}{% raw %}", "{{ self.__class__ }}", "{% include '/etc/passwd' %}", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)", r"\url{javascript:alert(1)}", r"\href{javascript:alert(1)}{click}", r"$<script>$",
    r"\textless script\textgreater alert(1)", "<\x00script>alert(1)", "\u202egnp.exe", "＜script＞alert(1)",
    "<template><script>alert(1)</script></template>", "<p style='background:url(javascript:alert(1))'>",
    "[x](javascript:alert(1))", "<!--", "<a\nhref='java\nscript:alert(1)'>",
)  # fmt: skip
URLS = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>",
    "vbscript:msgbox(1)", "//evil.example/x", 'https://ok.example/"onmouseover="alert(1)', "https://ok.example/'><script>",
    "https://ok.example@evil.example/", "https://ok.example/</a><script>alert(1)</script>", "file:///etc/passwd",
)  # fmt: skip


#: Set by the program or checked against a fixed set, never by a source.
OURS = {"slug", "week", "language", "number", "kind", "origin", "version", "date", "tense"}


def poison(value, text, url, name=""):
    """The same issue with every text and every URL replaced."""
    if name in OURS:
        return value
    if isinstance(value, str):
        return (url if "url" in name else text) if value else value
    if isinstance(value, tuple):
        return tuple(poison(v, text, url, name) for v in value)
    if dataclasses.is_dataclass(value):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **{n: poison(v, text, url, n) for n, v in fields.items()})
    return value


@functools.cache
def outputs(text, url):
    issue = poison(sample_issue(), text, url)
    feed = feedparser.parse(
        render_atom([issue], title=text, site_url=""),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    assert not feed.bozo
    return {
        "page": parse(render_web(issue, newer=None, older=issue)),
        "archive": parse(render_archive_page([issue], title=text)),
        "mail": parse(render_email(issue)[0]),
        "feed": parse(feed.entries[0].content[0].value.encode()),
    }


@functools.cache
def clean_tags():
    """The tags and how many there are of each, when nothing is hostile but everything is replaced."""
    return {name: tags(tree) for name, tree in outputs("words", "https://ok.example/").items()}


def tags(tree):
    return sorted(str(e.tag) for e in tree.iter() if isinstance(e.tag, str) and e.tag != "style")


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_becomes_markup(text):
    for name, tree in outputs(text, "https://ok.example/").items():
        assert [] == active_content(tree), name
        assert clean_tags()[name] == tags(tree), name


@pytest.mark.parametrize("url", URLS)
def test_no_url_leads_elsewhere(url):
    for name, tree in outputs("words", url).items():
        assert [] == active_content(tree), name
        assert [] == [
            h for h in hrefs(tree) if "alert" in h or "evil" in h or "script" in h or "etc" in h
        ], name


def test_hostile_text_is_still_there_to_be_read():
    for name in ("page", "mail"):
        assert "<script>alert(1)</script>" in text_of(
            outputs(TEXTS[0], "https://ok.example/")[name]
        )


def test_the_check_itself_sees_what_is_bad():
    bad = b"<p onclick=x><a href=' java\nscript:x'>a</a><script></script><img src=x><p style='a:url(x)'>"

    assert [
        "script",
        "img",
        "p@onclick",
        "a@href= java\nscript:x",
        "img@src",
        "p@style=a:url(x)",
    ] == active_content(parse(bad))
