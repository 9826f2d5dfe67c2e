"""Rating links: in page and mail for each story, to the owner's own address, and nothing in them of the reader."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from digest.rating import parse_command
from digest.render.email import render_email
from digest.render.web import render_web
from tests.render.page import hrefs, parse
from tests.render.sample_issue import sample_issue

MAIL = "mailto:ada@example.org"
LOCAL = "http://127.0.0.1:8713/rate"


def outputs(base):
    issue = replace(sample_issue(), feedback=base)
    html, text = render_email(issue)
    return issue, render_web(issue, newer=None, older=None), html, text.decode()


def ids(issue):
    return [s.item_ids[0] for s in (*issue.stories, *issue.briefs)]


def test_page_and_mail_have_both_links_for_each_story_and_line():
    issue, page, html, text = outputs(MAIL)

    wanted = [(i, v) for i in ids(issue) for v in ("up", "down")]
    for found in (
        [h for h in hrefs(parse(page)) if h.startswith(MAIL)],
        [h for h in hrefs(parse(html)) if h.startswith(MAIL)],
        re.findall(r"mailto:\S+", text),
    ):
        subjects = [unquote(h.removeprefix(f"{MAIL}?subject=")) for h in found]
        assert sorted(wanted) == sorted(parse_command(s) for s in subjects)


def test_a_local_address_is_called_with_item_and_rating():
    issue, page, html, text = outputs(LOCAL)

    first = f"{LOCAL}?item={ids(issue)[0].replace(':', '%3A')}&rating=up"
    assert first in hrefs(parse(page))
    assert first in hrefs(parse(html))
    assert first in text


@pytest.mark.parametrize("base", ["", "javascript:alert(1)//"])
def test_without_an_address_that_may_be_followed_nothing_is_said_of_rating(base):
    _, page, html, text = outputs(base)

    for said in (page.decode(), html.decode(), text):
        assert "like this" not in said or base
        assert "javascript" not in said


def test_every_reader_gets_the_same_links():
    assert outputs(MAIL)[1:] == outputs(MAIL)[1:]
