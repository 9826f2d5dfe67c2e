"""The mail: small enough, built of what mail programs understand, and the same in both parts."""

import dataclasses
import re

import pytest

from digest.render.email import MAX_HTML_BYTES, TEXT_WIDTH, encoded_bytes, preheader, render_email
from tests.render.page import active_content, hrefs, parse, text_of
from tests.render.sample_issue import minimal_issue, sample_issue

BANNED = r"rgba?\(|var\(|data:|<svg|<script|<link|position:|display:\s*(?:flex|grid)|@import|url\(|[0-9]rem|[0-9]vw|<img(?! class=.picture. alt=)"


@pytest.fixture(scope="module")
def mail():
    return render_email(sample_issue())


@pytest.fixture(scope="module")
def tree(mail):
    return parse(mail[0])


def long_issue():
    """Far more than a mail can hold."""
    issue = sample_issue()
    return dataclasses.replace(
        issue,
        stories=tuple(dataclasses.replace(s, number=n) for n, s in enumerate(issue.stories * 7, 1)),
        briefs=issue.briefs * 15,
    )


def test_nothing_is_used_that_mail_programs_drop(mail):
    assert [] == re.findall(BANNED, mail[0].decode())


def test_tables_that_lay_out_say_so(mail):
    html = mail[0].decode()

    assert html.count("<table") == html.count('role="presentation"')


def test_the_style_is_inlined_and_the_block_for_dark_mode_kept(mail, tree):
    html = mail[0].decode()
    style = "".join(tree.xpath("//style/text()"))

    assert html.lower().startswith("<!doctype html>")
    assert "prefers-color-scheme:dark" in style.replace(" ", "")
    assert "[data-ogsc]" in style
    assert len(style) < 16_000
    assert "#8a2f1d" not in style
    assert "36px" in tree.xpath("//h1/@style")[0]
    assert "<!--[if mso]><table" in html


def test_every_link_is_absolute(tree):
    assert [] == [h for h in hrefs(tree) if not re.match(r"https?://[^/]|mailto:", h)]
    assert [] == active_content(tree)


def test_the_preheader_comes_first_and_fits_an_inbox(tree):
    first = tree.xpath("//body/*[1]")[0]

    assert preheader(sample_issue()) == first.text
    assert 40 <= len(first.text) <= 100
    assert "true" == first.xpath("./span/@aria-hidden")[0]


def test_both_parts_carry_the_same_links_and_stories(mail, tree):
    plain = mail[1].decode()
    text = " ".join(plain.split())

    assert [] == sorted(set(hrefs(tree)) - set(re.findall(r"https?://\S+", plain)))
    for story in sample_issue().stories:
        assert story.title in text
        assert story.title in text_of(tree)


def test_the_plain_part_is_wrapped_and_has_no_filler(mail):
    plain = mail[1].decode()
    too_long = [x for x in plain.splitlines() if len(x) > TEXT_WIDTH and len(x.split()) > 1]

    assert [] == too_long
    assert not re.search("[\u034f\u200c\xa0<>]{2}|&(?:amp|lt|quot);", plain)
    assert "\n\n\n" not in plain
    assert [] == [x for x in plain.splitlines() if x != x.rstrip()]


def test_both_parts_say_why_one_gets_it_how_to_stop_and_who_wrote_what(mail, tree):
    for text in (text_of(tree), " ".join(mail[1].decode().split())):
        assert "your address is on the list of Deep Learning News" in text
        assert "“unsubscribe”" in text
        assert "Model: hf:smollm2-135m@1, overruled by its source in 2 of 7 texts." in text
        assert "The Batch could not be read since 6 Feb 2021." in text
        assert (
            "A lab’s blog has not been readable for 4 weeks, since 16 Jan 2021, so its news is missing here: HTTP 404."
            in text.replace("'", "’")
        )
        assert "written by a language model" in text


def test_a_browser_link_is_there_only_with_a_site(tree):
    without = parse(render_email(dataclasses.replace(sample_issue(), url="", site_url=""))[0])

    assert "Read it in the browser" in text_of(tree)
    assert "Read it in the browser" not in text_of(without)
    assert "The whole story" not in text_of(without)


@pytest.mark.parametrize(
    "issue", [sample_issue(), minimal_issue(), long_issue()], ids=["rich", "minimal", "long"]
)
def test_no_mail_is_cut_by_gmail(issue):
    html, plain = render_email(issue)

    assert encoded_bytes(html) <= MAX_HTML_BYTES
    assert max(map(len, html.split(b"\n"))) <= 998
    assert html.endswith(b"\n")
    assert plain.endswith(b"\n")
    assert b"\r" not in html + plain


def test_a_long_issue_loses_detail_but_no_story():
    issue = long_issue()
    html, plain = render_email(issue)

    assert len(issue.stories) == len(parse(html).xpath("//h2")) - 1
    assert f"\n{len(issue.stories)}. PLOS Genetics\n" in plain.decode()
    assert "more on the page" in text_of(parse(html))


def test_without_its_style_block_the_mail_says_the_same(mail):
    bare = re.sub(rb"<style.*?</style>", b"", mail[0], flags=re.DOTALL)

    assert text_of(parse(mail[0])) == text_of(parse(bare))


def test_two_renderings_are_the_same_bytes(mail):
    assert mail == render_email(sample_issue())
