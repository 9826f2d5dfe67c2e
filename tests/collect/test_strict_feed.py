"""Where the strict reader answers at all, every item is the one that feedparser would have led to."""

import itertools
import random
from pathlib import Path
from unittest.mock import Mock

import pytest

from digest.collect import feed, strict_feed
from digest.collect.visit import Visit
from digest.errors import CollectError
from digest.net import Response
from digest.sources import FeedSource
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import rss, rss_item

DATA = Path(__file__).parents[3] / "shared" / "data"

ATOM = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:a="http://www.w3.org/2005/Atom"'

#: Elements of an RSS item, ordinary ones and ones on which the strict reader has to give up.
RSS_PARTS = [
    "<title>A plain title</title>",
    "<title>Größe &amp;amp; Gewicht &lt;b&gt;</title>",
    "<title><![CDATA[ <i>In</i> a section ]]></title>",
    "<title>UTF-8 read as Latin-1: GrÃ¶ÃŸe</title>",
    "<title>UTF-8 read as Latin-1: Gr&#195;&#182;&#195;&#376;e, gr&#195;&#182;n</title>",
    "<title>Old quotes &#147;so&#148;</title>",
    "<title></title>",
    "<title>Nested <b>tag</b></title>",
    "<link>https://lab.example.org/p/1?a=1&amp;b=2</link>",
    "<link> https://lab.example.org/p/1 </link>",
    "<link>/p/relative</link>",
    "<link>http:///lab.example.org/slashes</link>",
    "<link>https://lab.example.org/p/ä</link>",
    "<link/>",
    '<a:link rel="Alternate" type="text/html" href="https://lab.example.org/atom"/>',
    '<a:link rel="via" href="https://elsewhere.example.org/x"/>',
    '<a:link href="relative.html"/>',
    '<guid isPermaLink="false">17 at https://lab.example.org</guid>',
    "<guid>https://lab.example.org/p/1</guid>",
    '<guid isPermaLink="true">https://lab.example.org/p/2</guid>',
    "<guid>a-name</guid>",
    "<guid>tag:lab.example.org,2021:7</guid>",
    "<pubDate>Mon, 08 Feb 2021 10:00:00 GMT</pubDate>",
    "<pubDate>8 Feb 2021 10:00:00 +0530</pubDate>",
    "<pubDate>Mon, 08 Feb 2021 10:00:00 -0030</pubDate>",
    "<pubDate>Mon, 31 Feb 2021 10:00:00 EST</pubDate>",
    "<pubDate>Sun, 28 Feb 2021 23:59:60 GMT</pubDate>",
    "<pubDate>February 8, 2021</pubDate>",
    "<pubDate>2021-02-08T10:00:00.5-08:00</pubDate>",
    "<pubDate/>",
    "<a:updated>2021-02-09T10:00:00Z</a:updated>",
    "<description>Short, and a sentence.</description>",
    "<description>&lt;p&gt;Of two&lt;/p&gt;&lt;p&gt;paragraphs, &lt;a href='/x'&gt;linked&lt;/a&gt;.&lt;/p&gt;</description>",
    "<description><![CDATA[<img src='/plot.png' alt='A plot'/> and a text below it.]]></description>",
    "<content:encoded><![CDATA[<p>The whole text, which is longer than the description is.</p>]]></content:encoded>",
    "<content:encoded/>",
    "<dc:creator>Ann Author</dc:creator>",
    "<dc:creator> Zoë  Zhang </dc:creator>",
    "<author>bob@lab.example.org (Bob)</author>",
    "<author>Bob</author>",
    "<dc:creator/>",
    "<category>Vision</category>",
    '<category domain="https://lab.example.org/tags">Speech</category>',
    '<category domain="https://lab.example.org/tags"/>',
    "<category> Vision </category>",
    "<comments>https://lab.example.org/p/1#comments</comments>",
    '<enclosure url="https://lab.example.org/plot.png" type="Image/PNG" length="10"/>',
    '<enclosure url="plot.png"/>',
    '<media:thumbnail url="https://lab.example.org/thumb.jpg" width="300"/>',
    '<media:content url="https://lab.example.org/large.jpg" medium="image"/>',
    '<media:content url="https://lab.example.org/large.jpg"><media:title>Another title</media:title></media:content>',
    "<dc:date>2021-02-07T10:00:00Z</dc:date>",
    "<dc:identifier>doi:10.1000/xyz.123</dc:identifier>",
    "<source url='https://other.example.org/feed'>Another feed</source>",
    "<prism:publicationName>A Journal</prism:publicationName>",
    "<unknown>x</unknown>",
    "<!-- a comment --><title>A title <!-- with a comment --> in it</title>",
]
ATOM_PARTS = [
    "<title>A plain title</title>",
    '<title type="html">With &amp;lt;b&amp;gt; &amp;amp; &lt;i&gt;tags&lt;/i&gt;</title>',
    '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">In <b>XHTML</b></div></title>',
    '<title type="text" xml:lang="de">Größe</title>',
    "<id>tag:lab.example.org,2021:1</id>",
    "<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>",
    "<id>https://lab.example.org/p/1</id>",
    "<id>10.1000/relative</id>",
    '<link href="https://lab.example.org/p/1"/>',
    '<link rel="alternate" type="application/pdf" href="https://lab.example.org/p/1.pdf"/>',
    '<link rel="related" href="https://elsewhere.example.org/x" title="x"/>',
    '<link rel="enclosure" type="image/png" href="https://lab.example.org/plot.png"/>',
    '<link rel="replies" href="https://lab.example.org/p/1#c" thr:count="3"/>',
    '<link rel="self" href="https://lab.example.org/p/1.atom"></link>',
    '<link rel="alternate" href="/relative"/>',
    "<published>2021-02-08T10:00:00Z</published>",
    "<published>2021-02-08T10:00:00.123+01:00</published>",
    "<published>2021-02-08</published>",
    "<updated>2021-02-09T10:00:00-08:00</updated>",
    "<issued>2021-02-06T10:00:00Z</issued>",
    "<summary>Short, and a sentence.</summary>",
    '<summary type="html">&lt;p&gt;With a tag.&lt;/p&gt;</summary>',
    '<content type="html">&lt;p&gt;The whole text, which is longer than the summary is.&lt;/p&gt;</content>',
    '<content type="text">Plain text, with a &lt; b.</content>',
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>In XHTML.</p></div></content>',
    '<content src="https://lab.example.org/p/1.html" type="text/html"/>',
    '<content type="image/png">iVBORw0KGgo=</content>',
    '<content type="html" xml:base="https://other.example.org/">&lt;a href="x"&gt;x&lt;/a&gt; is there.</content>',
    "<author><name>Ann Author</name></author>",
    "<author><name> Zoë Zhang </name><email>z@lab.example.org</email><uri>https://lab.example.org/z</uri></author>",
    "<author><email>nobody@lab.example.org</email></author>",
    "<author>Bare</author>",
    "<contributor><name>Con</name></contributor>",
    '<category term="Vision"/>',
    '<category term="cs.LG" scheme="https://lab.example.org/" label="Learning"/>',
    '<category label="Only a label"/>',
    "<category>In text</category>",
    "<thr:total>3</thr:total>",
    "<rights>All</rights>",
    "<source><title>Another feed</title><id>x</id></source>",
]
RSS_ASIDE = [
    "<description>About</description><language>en</language><lastBuildDate>Mon, 08 Feb 2021 10:00:00 GMT</lastBuildDate>",
    '<a:link rel="self" type="application/rss+xml" href="https://lab.example.org/feed"/>',
    '<a:link rel="alternate" href="https://lab.example.org/other-home"/>',
    "<image><url>https://lab.example.org/i.png</url><title>t</title><link>https://lab.example.org/i</link></image>",
    "<textInput><title>t</title><link>https://lab.example.org/t</link></textInput>",
    "<cloud domain='lab.example.org'/>",
]


def read(content, content_type):
    response = Response(
        url="https://lab.example.org/feeds/all.xml",
        status=200,
        content=content,
        headers={"content-type": content_type},
    )
    visit = Visit(http=Mock(), since=SINCE, until=UNTIL, now=NOW)
    source = FeedSource(kind="feed", name="a lab", url=response.url)
    try:
        items = list(feed.items_of(source, visit, lambda: response))
    except CollectError as e:
        return str(e), visit.all_warnings()
    return items, visit.all_warnings()


@pytest.fixture
def is_same(monkeypatch):
    """Both ways lead to the same; tells whether the strict one was taken."""

    def is_same(content, content_type="application/xml"):
        content = content.encode() if isinstance(content, str) else content
        strictly = read(content, content_type)
        is_strict = strict_feed.parse(content, content_type) is not None
        with monkeypatch.context() as patch:
            patch.setattr(strict_feed, "parse", lambda *_: None)
            assert read(content, content_type) == strictly
        return is_strict

    return is_same


def rss_with(*items, channel=""):
    return rss(*items, channel=channel).replace("<rss ", f"<rss {MEDIA} ")


def atom_with(*entries):
    head = '<title>A lab</title><id>https://lab.example.org/</id><link href="https://lab.example.org/home"/>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<feed {ATOM}>{head}{"".join(entries)}</feed>'


def test_ordinary_feeds_are_read_strictly(is_same):
    assert is_same(rss(rss_item(description="A text of a sentence.", category="Vision")))
    assert is_same(atom_with("<entry>" + "".join(ATOM_PARTS[i] for i in (0, 4, 8, 15, 20)) + "</entry>"))  # fmt: skip


@pytest.mark.parametrize("part", RSS_PARTS)
def test_one_odd_element_of_rss(is_same, part):
    base = "<title>T</title>" if "<title>" not in part else ""
    is_same(rss_with(f"<item>{part}{base}<link>https://lab.example.org/p/1</link></item>"))
    is_same(rss_with(f"<item>{base}<guid>https://lab.example.org/p/1</guid>{part}</item>"))


@pytest.mark.parametrize("part", ATOM_PARTS)
def test_one_odd_element_of_atom(is_same, part):
    base = "<title>T</title>" if "<title" not in part else ""
    is_same(atom_with(f'<entry>{part}{base}<link href="https://lab.example.org/p/1"/></entry>'))
    is_same(atom_with(f"<entry>{base}<id>https://lab.example.org/p/1</id>{part}</entry>"))


@pytest.mark.parametrize(("kind", "parts"), [("rss", RSS_PARTS), ("atom", ATOM_PARTS)])
def test_many_elements_in_any_order(is_same, kind, parts):
    rng, strict_count = random.Random(0), 0
    easy = [p for p in parts if is_same(_feed(kind, [p]))]
    for n in range(150):
        chosen = [rng.sample(easy if n % 3 else parts, rng.randint(3, 9)) for _ in range(3)]
        strict_count += is_same(_feed(kind, *chosen))
    assert strict_count > 5


def _feed(kind, *entries):
    if kind == "rss":
        return rss_with(*(f"<item>{''.join(parts)}</item>" for parts in entries))
    return atom_with(*(f"<entry>{''.join(parts)}</entry>" for parts in entries))


@pytest.mark.parametrize("aside", [*RSS_ASIDE, "".join(RSS_ASIDE)])
def test_what_stands_beside_the_items(is_same, aside):
    homeless = rss_item(link=None, description="A text that has no page of its own.")
    is_same(rss_with(homeless, channel=aside))
    is_same(rss_with(homeless, channel=aside).replace("<link>https://blog.example.org/</link>", ""))


def test_declarations_and_charsets(is_same):
    feed_ = rss(rss_item("Größe"))
    declarations = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>",
        '<?xml version="1.0"?>',
        '<?xml version="1.1"?>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "y">]>',
        '<?xml version="1.0"?><?xml-stylesheet href="x.css"?><!-- comment -->',
        "\ufeff",
        "\ufeff<?xml version='1.0' encoding='utf-8'?>",
        "",
        "\n ",
    ]
    types = ["text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=ISO-8859-1", ""]
    rest = feed_.partition("?>")[2]
    seen = [is_same(d + rest, t) for d, t in itertools.product(declarations, types)]
    assert seen.count(True) >= 12
    is_same((declarations[4] + rest).encode("latin-1"), "text/xml")
    is_same(rest.encode("latin-1"), "text/xml")


def test_broken_feeds_are_left_to_feedparser(is_same):
    whole = rss(rss_item("One & more"), rss_item("Two", link="https://blog.example.org/2"))
    assert is_same(whole)
    for broken in (
        whole.replace("&amp;", "&"),
        whole[:-8],
        whole[: len(whole) // 2],
        whole + "<p>",
        whole.replace("<channel>", "<channel><x:y>"),
        whole.replace("</channel>", "</channel><channel/>"),
        whole.replace("<channel>", "<channel><item><item>").replace(
            "</channel>", "</item></item></channel>"
        ),
        "<html><body>no feed</body></html>",
    ):
        assert not is_same(broken)


@pytest.mark.corpus
def test_real_feeds(is_same):
    paths = [*DATA.glob("replay/*/rss/*.xml"), *DATA.glob("format-samples/*.xml")]
    if not paths:
        pytest.skip("no ../shared/data")
    strict = [path for path in paths if is_same(path.read_bytes().lstrip())]
    assert len(strict) > len(paths) / 2
