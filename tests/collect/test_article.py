"""Pages behind entries: which are asked for, in what order and how many, and what becomes of those that cannot be read."""

import threading
import time

import pytest

from digest.collect import article as article_module
from digest.collect.article import read_articles, wants_article
from digest.net import Http
from digest.sources import FeedSource
from digest.types import Article, Figure, Item
from tests.collect.pages import PARAGRAPH, SECOND, page, pdf
from tests.loopback import Answer, serving

TEXT = f"{PARAGRAPH}\n\n{SECOND}"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def item(url="https://blog.example.org/p/1", **fields):
    given = {"id": f"feed:{url}", "source": "a blog", "kind": "post", "title": "T", "url": url}
    return Item(**(given | fields))


def source(url="https://blog.example.org/feed.xml", **fields):
    return FeedSource(kind="feed", name="a blog", url=url, **fields)


@pytest.fixture
def read(site, http):
    def read(*paths, **options):
        items = [item(site.url + path) for path in paths or ["/p"]]
        return list(read_articles(items, http, **options))

    return read


# -- which ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full_text", "fields", "expected"),
    [
        ("auto", {"text": ""}, True),
        ("auto", {"text": "A teaser."}, True),
        ("auto", {"text": "x" * 399}, True),
        ("auto", {"text": "x" * 400}, False),
        ("auto", {"text": "", "kind": "article"}, True),
        ("auto", {"text": "", "kind": "paper"}, False),
        ("auto", {"text": "", "kind": "thread"}, False),
        ("always", {"text": "x" * 5000}, True),
        ("always", {"text": "", "kind": "paper"}, True),
        ("never", {"text": ""}, False),
        ("always", {"url": "https://blog.example.org/plot.png"}, False),
        ("always", {"url": "http://127.0.0.1:8080/admin"}, False),
        ("always", {"url": "http://192.168.1.1/"}, False),
        ("auto", {"url": "http://localhost/p"}, False),
    ],
)
def test_a_page_is_wanted_where_the_feed_says_too_little(full_text, fields, expected):
    assert expected == wants_article(item(**fields), source(full_text=full_text))


def test_a_feed_of_this_machine_leads_to_this_machine_only():
    here = source("http://127.0.0.1:8000/feed.xml")
    assert wants_article(item("http://localhost:8001/p"), here)
    assert not wants_article(item("https://blog.example.org/p"), here)


# -- what comes -------------------------------------------------------------------------------------------------------


def test_a_page_gives_its_text_links_and_figures(site, read):
    plot = '<figure><img src="/plot.png"><figcaption>A plot.</figcaption></figure>'
    last = 'The code is <a href="https://github.com/x/y">here</a>, and there is more of it to come.'
    site.routes["/p"] = Answer(page(plot, paragraphs=(PARAGRAPH, SECOND, last)), headers=HTML)
    expected = Article(
        item_id=f"feed:{site.url}/p",
        url=f"{site.url}/p",
        text=f"{TEXT}\n\nThe code is here, and there is more of it to come.",
        links=("https://github.com/x/y",),
        figures=(Figure(url=f"{site.url}/plot.png", caption="A plot."),),
    )
    assert [expected] == read()
    assert ["/p"] == site.paths()  # and no picture


def test_the_url_is_the_last_one_after_redirects(site, read):
    site.routes["/p"] = Answer(status=301, headers={"Location": "/2021/p"})
    site.routes["/2021/p"] = Answer(page(), headers=HTML)
    (found,) = read()
    assert (f"{site.url}/2021/p", TEXT) == (found.url, found.text)


def test_a_pdf_is_read_too(site, read):
    lines = ["A paper behind a post, of which there is a line or two,"] * 6
    site.routes["/p"] = Answer(pdf(lines), headers={"Content-Type": "application/pdf"})
    assert read()[0].text.startswith("A paper behind a post")


@pytest.mark.parametrize(
    ("answer", "is_final", "said"),
    [
        (Answer("no", 401), True, "HTTP 401"),
        (Answer("no", 403), True, "HTTP 403"),
        (Answer("no", 404), True, "HTTP 404"),
        (Answer("no", 410), True, "HTTP 410"),
        (Answer("later", 429), False, "HTTP 429"),
        (Answer("later", 500), False, "HTTP 500"),
        (Answer("later", 503), False, "HTTP 503"),
        (Answer(""), False, "the answer is empty"),
        (Answer(page(), headers=HTML, length=10**6), False, "broke off"),
        (Answer("{}", headers={"Content-Type": "application/json"}), True, "is no web page"),
        (Answer(page(paragraphs=("Short.",)), headers=HTML), True, "next to no text"),
        (Answer(page(title="Just a moment..."), headers=HTML), True, "shows a door"),
        (Answer(page(title="Log in"), headers=HTML), True, "shows a door"),
        (Answer(status=302, headers={"Location": "http://10.0.0.7/"}), True, "no page to follow"),
        (Answer(status=302, headers={"Location": "https://a.org/"}), True, "no page to follow"),
    ],
)
def test_a_page_that_cannot_be_read_says_why_and_whether_it_is_worth_another_try(
    site, read, answer, is_final, said
):
    site.routes["/p"] = answer
    (found,) = read()
    assert said in found.error
    assert ("", is_final) == (found.text, found.is_final)


def test_a_server_that_never_answers_is_worth_another_try(site):
    site.routes["/p"] = Answer(write=lambda _: site.stopped.wait(5))
    with Http(deadline_s=0.2, retries=0) as http:
        (found,) = read_articles([item(f"{site.url}/p")], http)
    assert "no complete answer within 0.2 s" in found.error
    assert not found.is_final


@pytest.mark.parametrize("path", ["/login?next=/p", "/account/sign-in", "/consent"])
def test_a_redirect_to_a_login_is_no_article(site, read, path):
    site.routes["/p"] = Answer(status=302, headers={"Location": path})
    site.routes[path.partition("?")[0]] = Answer(page(), headers=HTML)
    (found,) = read()
    assert "login or consent page" in found.error
    assert ("", True) == (found.text, found.is_final)


def test_a_redirect_to_another_site_that_says_little_is_no_article(site, read):
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    site.routes["/p"] = Answer(status=302, headers={"Location": f"{elsewhere}/q"})
    site.routes["/q"] = Answer(page(), headers=HTML)
    assert "next to no text" in read()[0].error
    site.routes["/q"] = Answer(
        page(paragraphs=[f"{n}. {PARAGRAPH}" for n in range(9)]), headers=HTML
    )
    assert read()[0].text.startswith("0. We present")


def test_a_post_on_logging_in_is_an_article(site, read):
    site.routes["/p/login-systems"] = Answer(page(title="Login systems compared"), headers=HTML)
    assert TEXT == read("/p/login-systems")[0].text


def test_one_bad_page_leaves_the_others_alone(site, read, monkeypatch, caplog):
    def broken(content, url, content_type):
        if url.endswith("/b"):
            raise RuntimeError("a bug")
        return extract(content, url, content_type)

    extract = article_module.extract
    monkeypatch.setattr(article_module, "extract", broken)
    for path in ("/a", "/b", "/c"):
        site.routes[path] = Answer(page(), headers=HTML)
    found = read("/a", "/b", "/c")
    assert ["", "RuntimeError: a bug", ""] == [one.error for one in found]
    assert not found[1].is_final
    assert "cannot be read" in caplog.text


# -- how many, and in what order --------------------------------------------------------------------------------------


def test_no_host_is_asked_for_more_than_its_share_and_the_rest_waits(site, read):
    paths = [f"/{n}" for n in range(20)]
    for path in paths:
        site.routes[path] = Answer(page(), headers=HTML)
    assert 15 == len(read(*paths))
    assert paths[:15] == site.paths()
    assert 2 == len(read(*paths, max_per_host=2))


def test_a_page_that_two_entries_name_is_asked_for_once(site, http):
    site.routes["/p"] = Answer(page(), headers=HTML)
    items = [item(f"{site.url}/p", id="feed:a"), item(f"{site.url}/p", id="feed:b", source="b")]
    assert ["feed:a", "feed:b"] == [one.item_id for one in read_articles(items, http)]
    assert ["/p"] == site.paths()


def test_pages_of_different_hosts_are_read_side_by_side(http):
    both = threading.Barrier(2, timeout=5)

    def answer(_):
        both.wait()
        return Answer(page(), headers=HTML)

    with serving() as one, serving() as other:
        one.routes["/p"] = other.routes["/p"] = answer
        found = list(read_articles([item(f"{one.url}/p"), item(f"{other.url}/p")], http))
    assert [TEXT, TEXT] == [a.text for a in found]


def test_pages_of_one_host_are_read_one_after_the_other(site, read):
    under_way = []

    def answer(asked):
        under_way.append(asked.path)
        time.sleep(0.02)
        assert [asked.path] == under_way
        under_way.clear()
        return Answer(page(), headers=HTML)

    site.routes |= dict.fromkeys(("/a", "/b", "/c"), answer)
    assert [TEXT] * 3 == [a.text for a in read("/a", "/b", "/c")]


def test_after_the_deadline_no_page_is_waited_for(site, http):
    site.routes["/a"] = Answer(page(), headers=HTML)
    site.routes["/b"] = Answer(write=lambda _: site.stopped.wait(5))
    began = time.monotonic()
    items = [item(f"{site.url}/{name}") for name in "abc"]
    found = list(read_articles(items, http, deadline_s=0.7))
    assert [f"{site.url}/a"] == [a.url for a in found]
    assert time.monotonic() - began < 3
    assert "/c" not in site.paths()


def test_a_reader_that_stops_early_stops_the_rest(site, http):
    paths = [f"/{n}" for n in range(10)]
    first_is_out = threading.Event()

    def answer(asked):
        if asked.path != "/0":
            first_is_out.wait(5)
        return Answer(page(), headers=HTML)

    site.routes |= dict.fromkeys(paths, answer)
    found = read_articles([item(site.url + path) for path in paths], http)
    assert f"{site.url}/0" == next(found).url
    found.close()
    first_is_out.set()
    time.sleep(0.1)
    assert len(site.paths()) <= 2


def test_without_items_nothing_is_done(http):
    assert [] == list(read_articles([], http))
