"""Feeds as they are found in the wild; the numbers are those of the traps that each test stands for."""

from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.errors import FetchError, ParseError
from digest.net import Http
from digest.sources import FeedSource
from digest.types import Figure, Validator
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import rss, rss_item
from tests.loopback import Answer

PATH = "/feed.xml"


@pytest.fixture
def fetch(site, http):
    def fetch(body=None, *, content_type="application/rss+xml", http=http, **fields):
        if body is not None:
            site.routes[PATH] = Answer(body, headers={"Content-Type": content_type, "ETag": '"1"'})
        source = FeedSource(kind="feed", name="a blog", url=site.url + PATH, **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


@pytest.fixture
def one(fetch):
    def one(body, **fields):
        fetched = fetch(body, **fields)
        assert fetched.error is None
        (item,) = fetched.items
        return item

    return one


def atom(*entries, attributes=""):
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>t</title>{"".join(entries)}</feed>'


# -- one entry --------------------------------------------------------------------------------------------------------


def test_an_entry_becomes_an_item(one):
    body = "<p>We show <b>two</b> things.</p><p>See <a href='https://arxiv.org/abs/2102.06171'>the paper</a>.</p>"
    item = one(rss(rss_item("A title", description=body, category="Vision", guid="tag:1")))
    assert (item.source, item.kind, item.title) == ("a blog", "post", "A title")
    assert item.url == "https://blog.example.org/p/1"
    assert item.text == "We show two things.\n\nSee the paper."
    assert item.links == ("https://arxiv.org/abs/2102.06171",)
    assert item.published == datetime(2021, 2, 8, 10, tzinfo=UTC)
    assert item.categories == ("Vision",)


def test_the_kind_is_the_one_configured(one):
    assert one(rss(rss_item()), item_kind="article").kind == "article"


def test_the_id_follows_the_guid_and_not_the_title(fetch):
    first = fetch(rss(rss_item("Old", guid="tag:1"))).items[0]
    second = fetch(rss(rss_item("New", guid="tag:1", link="https://blog.example.org/moved"))).items[
        0
    ]
    other = fetch(rss(rss_item("Old", guid="tag:2"))).items[0]
    assert first.id == second.id != other.id
    assert first.id.startswith("feed:")
    assert len(first.id) == len("feed:") + 16


def test_a_relative_guid_names_the_same_item_from_every_host(site, fetch):
    entry = "<entry><id>{}</id><title>T</title><link href='https://journal.example.org/a/1'/><summary>Long enough, it is.</summary></entry>"
    for guid in ("10.1371/journal.pgen.1009303", "article-1"):
        first = fetch(atom(entry.format(guid))).items[0]
        site.routes["/elsewhere/feed.xml"] = site.routes[PATH]
        moved = FeedSource(
            kind="feed",
            name="a blog",
            url=site.url.replace("127.0.0.1", "localhost") + "/elsewhere/feed.xml",
        )
        with Http(pace_s={"localhost": 0}) as http:
            (second,) = collect([moved], http, since=SINCE, until=UNTIL, environ={})
        assert [first.id] == [i.id for i in second.items]


def test_full_contents_go_before_the_teaser(one):
    fields = {
        "description": "A teaser of it.",
        "content:encoded": "<p>The whole of it, at length.</p>",
    }
    assert one(rss(rss_item(**fields))).text == "The whole of it, at length."


def test_trap_16_a_title_may_be_0(one):
    assert one(rss(rss_item("0"))).title == "0"


def test_titles_lose_their_tags_and_entities_but_not_their_formulas(one):
    assert one(rss(rss_item("AT&amp;T on <i>deep</i>\n nets"))).title == "AT&T on deep nets"
    assert one(rss(rss_item("If $a<b$ then <EOS>"))).title == "If $a<b$ then <EOS>"


def test_without_a_title_the_text_begins_it(one):
    item = one(rss(rss_item(None, description="A note of many words, " * 9)))
    assert item.title == "A note of many words, " * 4 + "A note of …"


def test_trap_23_a_formula_with_a_less_than_sign_survives(one):
    assert one(rss(rss_item(description="If $a<b$ and $x < y$ then <EOS> holds."))).text == (
        "If $a<b$ and $x < y$ then <EOS> holds."
    )
    assert one(rss(rss_item(description="<p>If $a<b$ and $x < y$, yes.</p>"))).text == (
        "If $a<b$ and $x < y$, yes."
    )


@pytest.mark.parametrize("label", ["Algorithms &amp; Theory", "Machine Intelligence", "Research"])
def test_trap_44_a_description_that_is_a_rubric_is_no_text(one, label):
    assert one(rss(rss_item(description=label))).text == ""


def test_a_short_sentence_is_a_text_and_a_repeated_title_is_none(one):
    assert one(rss(rss_item(description="It works."))).text == "It works."
    assert one(rss(rss_item("A long title, that says it all, twice", description="A long title, that says it all, twice"))).text == ""  # fmt: skip


def test_trap_45_a_permalink_stands_in_for_a_missing_link(one):
    assert one(rss(rss_item(link=None, guid="https://hub.example.org/blog/x"))).url == (
        "https://hub.example.org/blog/x"
    )


def test_trap_45_a_guid_that_is_no_permalink_is_never_a_url(fetch):
    item = '<item><title>t</title><guid isPermaLink="false">https://hub.example.org/x</guid></item>'
    fetched = fetch(rss(item, rss_item()))
    assert len(fetched.items) == 1
    assert fetched.skipped == 1
    assert "no link in 't'" in fetched.warnings[0]


def test_trap_50_the_first_link_of_blogger_is_its_comments(one):
    entry = """<entry><id>tag:blogger.com,1999:blog-1.post-2</id><published>2021-02-08T08:27:00.004-07:00</published>
    <updated>2021-02-09T08:27:00Z</updated><title type="text">A post</title><content type="html">&lt;p&gt;Body text.&lt;/p&gt;</content>
    <link rel="replies" type="application/atom+xml" href="http://blog.example.org/feeds/2/comments"/>
    <link rel="alternate" type="text/html" href="http://feedproxy.example.org/~r/3"/>{}<author><name>A Lab</name>
    <email>noreply@blogger.com</email></author></entry>"""
    burnt = entry.format("<f:origLink>http://blog.example.org/2021/02/a.html</f:origLink>")
    item = one(atom(burnt, attributes=' xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"'))
    assert item.url == "http://blog.example.org/2021/02/a.html"
    assert item.authors == ("A Lab",)
    assert item.published == datetime(2021, 2, 8, 15, 27, tzinfo=UTC)
    assert item.updated == datetime(2021, 2, 9, 8, 27, tzinfo=UTC)
    assert one(atom(entry.format(""))).url == "http://feedproxy.example.org/~r/3"


def test_trap_51_relative_links_are_resolved(one, site):
    item = one(rss(rss_item(link="/p/7", description='<p>See <a href="../q">this</a> there.</p>')))
    assert item.url == f"{site.url}/p/7"
    assert item.links == (f"{site.url}/q",)


def test_trap_51_the_base_of_the_document_counts(one):
    entry = '<entry><id>x</id><title>t</title><link href="a.html"/><content type="html">&lt;a href="b.html"&gt;b&lt;/a&gt;</content></entry>'
    item = one(atom(entry, attributes=' xml:base="https://other.example.org/blog/"'))
    assert item.url == "https://other.example.org/blog/a.html"
    assert item.links == ("https://other.example.org/blog/b.html",)


def test_a_byline_is_a_note_and_not_the_first_sentence(one):
    body = "<span>Posted by Ada Example, Engineer</span><p>We show it in full.</p>"
    item = one(rss(rss_item(description=body)))
    assert (item.note, item.text) == ("Posted by Ada Example, Engineer", "We show it in full.")


def test_scripts_and_styles_are_no_text(one):
    body = "<p>Seen by all.</p><script>alert('x')</script><style>p {color: red}</style><!-- no -->"
    assert one(rss(rss_item(description=body))).text == "Seen by all."


def test_links_that_are_no_http_are_left_out(one):
    body = '<p><a href="javascript:x()">a</a><a href="mailto:a@b.c">b</a><a href="#x">c</a> A text of some length here.</p>'
    assert one(rss(rss_item(description=body))).links == ()


def test_figures_are_those_of_the_text_and_then_those_beside_it(one):
    media = """<item><title>t</title><link>https://blog.example.org/p/1</link>
    <description>&lt;p&gt;Text.&lt;/p&gt;&lt;figure&gt;&lt;img src="/plot-300x200.png"&gt;&lt;figcaption&gt;A plot&lt;/figcaption&gt;&lt;/figure&gt;</description>
    <media:content url="https://blog.example.org/plot-1024x683.png" medium="image"/>
    <media:content url="/hero.jpg" type="image/jpeg"/><media:content url="/talk.mp4" type="video/mp4"/>
    <media:thumbnail url="https://blog.example.org/thumb" width="72" height="72"/>
    <media:thumbnail url="https://blog.example.org/pixel" width="1" height="1"/>
    <enclosure url="https://blog.example.org/extra.png" type="image/png" length="1"/>
    <enclosure url="https://blog.example.org/episode.mp3" type="audio/mpeg" length="1"/></item>"""
    body = rss(media).replace("<rss ", '<rss xmlns:media="http://search.yahoo.com/mrss/" ', 1)
    item = one(body)
    blog = item.url.removesuffix("/p/1")
    host = next(f.url for f in item.figures if f.url.endswith("/hero.jpg")).removesuffix(
        "/hero.jpg"
    )
    expected = (
        Figure(url=f"{host}/plot-300x200.png", caption="A plot"),
        Figure(url=f"{blog}/plot-1024x683.png"),
        Figure(url=f"{host}/hero.jpg"),
        Figure(url=f"{blog}/extra.png"),
        Figure(url=f"{blog}/thumb"),
    )
    assert expected == item.figures


def test_a_page_that_an_entry_names_as_related_is_a_link_of_it(one):
    entry = """<entry><id>x</id><title>t</title><link href="https://a.org/1"/><link rel="related" href="https://arxiv.org/abs/2102.06171"/>
    <link rel="self" href="https://a.org/1.xml"/><summary>Long enough, it is.</summary></entry>"""
    assert ("https://arxiv.org/abs/2102.06171",) == one(atom(entry)).links


def test_no_picture_of_a_feed_is_loaded(one, site):
    one(rss(rss_item(description='<p>Text.<img src="/plot.png"></p>')))
    assert [PATH] == site.paths()


# -- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 08 Feb 2021 10:00:00 -0500", datetime(2021, 2, 8, 15, tzinfo=UTC)),
        ("Mon, 08 Feb 2021 10:00:00 EST", datetime(2021, 2, 8, 15, tzinfo=UTC)),
        ("2021-02-08", datetime(2021, 2, 8, tzinfo=UTC)),
        ("2021-02-08T10:00:00", datetime(2021, 2, 8, 10, tzinfo=UTC)),
        ("February 8, 2021", datetime(2021, 2, 8, tzinfo=UTC)),
        ("last Monday", None),
        ("Tue, 30 Feb 2021 10:00:00 GMT", None),
        (None, None),
    ],
)
def test_trap_48_dates_in_all_forms_and_none(one, written, expected):
    assert one(rss(rss_item(date=written))).published == expected


def test_trap_48_a_date_in_cdata_is_read(one):
    item = "<item><title>t</title><link>https://a.org/1</link><pubDate><![CDATA[Mon, 08 Feb 2021 10:00:00 GMT]]></pubDate></item>"
    assert one(rss(item)).published == datetime(2021, 2, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2027 00:00:00 GMT"]
)
def test_trap_49_dates_that_nobody_meant_count_as_unknown(one, written):
    assert one(rss(rss_item(date=written))).published is None


def test_trap_61_a_journal_of_rss_1_has_its_date_doi_and_authors(one):
    rdf = """<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel rdf:about="x"><title>J</title></channel>
    <item rdf:about="https://j.example.org/articles/s1"><title>Genomes</title><link>https://j.example.org/articles/s1</link>
    <content:encoded>&lt;p&gt;Journal, Published online: 08 February 2021; &lt;a href="x"&gt;doi:10.1371/journal.pgen.1&lt;/a&gt;&lt;/p&gt;We made genomes that never were.</content:encoded>
    <dc:creator>Y. A</dc:creator><dc:creator>Y. A</dc:creator><dc:identifier>doi:10.1371/Journal.pgen.1.</dc:identifier>
    <dc:date>2021-02-08</dc:date></item></rdf:RDF>"""
    item = one(rdf, item_kind="paper")
    assert item.published == datetime(2021, 2, 8, tzinfo=UTC)
    assert item.doi == "10.1371/journal.pgen.1"
    assert item.authors == ("Y. A",)
    assert item.text == "We made genomes that never were."


def test_a_doi_is_read_from_the_url_of_a_journal(one):
    url = "https://journals.example.org/article?id=10.1371/journal.pgen.1009303"
    assert one(rss(rss_item(link=url))).doi == "10.1371/journal.pgen.1009303"
    url = "https://www.biorxiv.org/content/10.1101/2021.02.08.123456v1.full"
    assert one(rss(rss_item(link=url))).doi == "10.1101/2021.02.08.123456"


def test_trap_24_25_26_arxivs_own_feed_gives_only_what_is_new(fetch):
    fields = {
        "description": "arXiv:2102.00001v1 Announce Type: new \nAbstract: We show it.",
        "dc:creator": "A. B (X, Y), C. D",
    }
    new = rss_item(**fields, **{"arxiv:announce_type": "new"})
    old = rss_item(
        "Old", link="https://arxiv.org/abs/1", **{"arxiv:announce_type": "replace-cross"}
    )
    (item,) = fetch(rss(new, old)).items
    assert item.text == "We show it."
    assert item.authors == ("A. B", "C. D")


# -- the whole feed ---------------------------------------------------------------------------------------------------


def test_trap_46_a_feed_of_a_whole_history_keeps_the_newest(fetch):
    items = [
        rss_item(f"Post {n}", f"https://a.org/{n}", f"Mon, 08 Feb {2000 + n} 10:00:00 GMT")
        for n in range(1, 21)
    ]
    fetched = fetch(rss(*items), max_items=5)
    assert [item.title for item in fetched.items] == [f"Post {n}" for n in range(16, 21)]
    assert "only the newest 5 of 20" in fetched.warnings[0]


def test_entries_outside_the_window_are_kept_since_a_304_would_lose_them(fetch):
    old = rss_item("Old", "https://a.org/1", "Mon, 04 Jan 2021 10:00:00 GMT")
    new = rss_item("New", "https://a.org/2", "Mon, 15 Feb 2021 07:00:00 GMT")
    assert [item.title for item in fetch(rss(old, new)).items] == ["Old", "New"]


def test_the_same_entry_twice_is_one_item(fetch):
    assert len(fetch(rss(rss_item(guid="1"), rss_item(guid="1"))).items) == 1


def test_trap_52_an_empty_answer_is_an_error(fetch):
    fetched = fetch(b"")
    assert isinstance(fetched.error, FetchError)
    assert "the answer is empty" in fetched.error.message


@pytest.mark.parametrize("content_type", ["text/html", "text/plain; charset=us-ascii", ""])
def test_trap_53_a_wrong_content_type_does_not_matter(one, content_type):
    assert one(rss(rss_item("Schön")).encode(), content_type=content_type).title == "Schön"


def test_trap_54_latin_1_in_a_document_that_says_utf_8(one):
    assert one(rss(rss_item("Schön")).encode("latin-1")).title == "Schön"


def test_trap_54_utf_16_with_its_mark(one):
    body = rss(rss_item("Schön")).replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert one(body).title == "Schön"


def test_mojibake_is_set_right(one):
    garbled = "The modelâ€™s SchrÃ¶dinger bridge".encode()
    assert one(
        rss(rss_item("x")).encode().replace(b"<title>x<", b"<title>" + garbled + b"<")
    ).title == ("The model's Schrödinger bridge".replace("'", "’"))


def test_trap_55_undeclared_entities_and_control_characters_do_not_stop_a_feed(fetch):
    body = rss(rss_item("one"), rss_item("two", "https://a.org/2")).replace("one", "a&nbsp;b\x08")
    fetched = fetch(body)
    assert [item.title for item in fetched.items] == ["a b", "two"]
    assert fetched.error is None


def test_trap_55_of_a_feed_cut_in_the_middle_whole_entries_are_kept_and_the_rest_is_told(fetch):
    items = [
        rss_item(f"Post {n}", f"https://a.org/{n}", description="A text, whole.") for n in range(5)
    ]
    body = rss(*items)
    fetched = fetch(body[: body.index("Post 3") + 60])
    assert [item.title for item in fetched.items] == ["Post 0", "Post 1", "Post 2"]
    assert isinstance(fetched.error, ParseError)
    assert "breaks off" in fetched.error.message
    assert fetched.receipts[-1].etag is None  # or a 304 would hide the rest for good


def test_trap_55_a_feed_that_is_whole_at_the_second_try(site, fetch):
    whole = rss(rss_item())
    site.routes[PATH] = [Answer(whole[:-40]), Answer(whole)]
    fetched = fetch()
    assert (len(fetched.items), fetched.error) == (1, None)


def test_trap_58_a_web_page_in_place_of_the_feed_is_an_error(fetch):
    fetched = fetch(
        "<!doctype html><html><body><h1>Log in</h1><p>to go on</p></body></html>",
        content_type="text/html",
    )
    assert isinstance(fetched.error, ParseError)
    assert "a web page, no feed" in fetched.error.message
    assert fetched.receipts[-1].etag is None


@pytest.mark.parametrize(
    "body", [b"{}", b"nothing at all", b"\x00\x01\x02", b"<a/>", b"<" * 5000, b"<![" * 50]
)
def test_what_is_no_feed_is_an_error(fetch, body):
    assert isinstance(fetch(body).error, ParseError)


def test_trap_22_a_feed_without_entries_is_no_error(fetch):
    fetched = fetch(rss())
    assert (fetched.items, fetched.error) == ((), None)
    assert "no entries" in fetched.warnings[0]


def test_trap_57_an_unchanged_feed_is_told_from_an_empty_one(site, fetch):
    site.routes[PATH] = Answer(status=304)
    validators = {site.url + PATH: Validator(etag='"1"')}
    with Http(validators=validators, wall_clock=NOW.timestamp) as http:
        fetched = fetch(http=http)
    assert fetched.is_unchanged
    assert (fetched.items, fetched.error, fetched.warnings) == ((), None, ())
    assert fetched.receipts[0].etag == '"1"'


def test_trap_59_a_404_is_an_error_of_this_run_only(site, fetch):
    assert fetch("").error is not None
    site.routes[PATH] = [Answer("gone", 404), Answer(rss(rss_item()))]
    assert fetch().error.status == 404
    assert fetch().error is None


def test_an_external_entity_is_not_read_and_a_billion_laughs_do_no_harm(fetch):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY l0 "lol">{laughs}]>'
    body = rss(rss_item("one")).replace("<rss", f"{doctype}<rss", 1).replace("one", "one &x; &l9;")
    fetched = fetch(body)
    assert not any("root:" in item.title or len(item.title) > 1000 for item in fetched.items)
