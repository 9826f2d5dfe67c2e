"""arXiv's query API, Blogger's Atom with FeedBurner's additions, a newsletter's RSS 2.0, and the Atom of a PLOS journal.

Each function turns entries of ``sample/source/*.yaml`` into the bytes of one answer, in the form of recorded ones.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from digest.demo.wire import (
    ARXIV,
    ATOM,
    OPENSEARCH,
    Data,
    Element,
    ElementMaker,
    fingerprint,
    to_xml,
    zulu,
)

OPENSEARCH_RSS = "http://a9.com/-/spec/opensearchrss/1.0/"  #: Blogger's older spelling
FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
THREADING = "http://purl.org/syndication/thread/1.0"
GDATA = "http://schemas.google.com/g/2005"

BLOG_ID = "8474926331452026626"


def arxiv_answer(papers: Sequence[Data], as_of: datetime) -> bytes:
    """An answer of arXiv's query API that holds every paper; the server cuts its own answers out of it."""
    e = ElementMaker(namespace=ATOM, nsmap={"opensearch": OPENSEARCH, "arxiv": ARXIV, None: ATOM})
    opensearch = ElementMaker(namespace=OPENSEARCH)
    feed = e.feed(
        e.id(f"https://arxiv.org/api/sample-{as_of:%Y-%m-%d}"),
        e.title(f"arXiv Query: search_query=&id_list=&start=0&max_results={len(papers)}"),
        e.updated(zulu(as_of)),
        e.link(href="https://arxiv.org/api/query", type="application/atom+xml"),
        opensearch.itemsPerPage(str(len(papers))),
        opensearch.totalResults(str(len(papers))),
        opensearch.startIndex("0"),
        *(_arxiv_entry(e, p) for p in papers),
    )
    return to_xml(feed, quote="'")


def _arxiv_entry(e: ElementMaker, paper: Data) -> Element:
    arxiv = ElementMaker(namespace=ARXIV)
    versioned = str(paper["id"])
    entry: Element = e.entry(
        e.id(f"http://arxiv.org/abs/{versioned}"),
        e.title(paper["title"]),
        e.updated(zulu(paper.get("updated", paper["published"]))),
        e.link(href=f"https://arxiv.org/abs/{versioned}", rel="alternate", type="text/html"),
        e.link(
            href=f"https://arxiv.org/pdf/{versioned}", rel="related", type="application/pdf",
            title="pdf",
        ),
        e.summary(paper["abstract"]),
        *(e.category(term=c, scheme=ARXIV) for c in paper["categories"]),
        e.published(zulu(paper["published"])),
    )  # fmt: skip
    if "comment" in paper:
        entry.append(arxiv.comment(paper["comment"]))
    entry.append(arxiv.primary_category(term=paper["categories"][0]))
    for name in paper["authors"]:
        entry.append(e.author(e.name(name)))
    return entry


def blogger_feed(posts: Sequence[Data], as_of: datetime) -> bytes:
    """The Google AI blog as Blogger and FeedBurner gave it out: the first link of an entry leads to its comments."""
    nsmap = {
        None: ATOM, "openSearch": OPENSEARCH_RSS, "gd": GDATA, "thr": THREADING,
        "feedburner": FEEDBURNER,
    }  # fmt: skip
    e = ElementMaker(namespace=ATOM, nsmap=nsmap)
    opensearch = ElementMaker(namespace=OPENSEARCH_RSS)
    tags = sorted({t for p in posts for t in p["tags"]})
    feed = e.feed(
        e.id(f"tag:blogger.com,1999:blog-{BLOG_ID}"),
        e.updated(as_of.isoformat(timespec="milliseconds")),
        *(e.category(term=t) for t in tags),
        e.title("Google AI Blog", type="text"),
        e.subtitle("The latest news from Google AI.", type="html"),
        e.link(rel="alternate", type="text/html", href="http://ai.googleblog.com/"),
        e.author(e.name("ewood"), e.email("noreply@blogger.com")),
        e.generator("Blogger", version="7.00", uri="http://www.blogger.com"),
        opensearch.totalResults(str(len(posts))),
        opensearch.startIndex("1"),
        opensearch.itemsPerPage("25"),
        *(_blogger_entry(e, p) for p in posts),
    )
    return to_xml(feed)


def _blogger_entry(e: ElementMaker, post: Data) -> Element:
    number = str(int(fingerprint(post["path"])[:15], 16))
    token = fingerprint(post["title"])[:11]
    url = "http://ai.googleblog.com" + post["path"]
    slug = post["path"].rsplit("/", 1)[1]
    edit = f"http://www.blogger.com/feeds/{BLOG_ID}/posts/default/{number}"
    pixel = f"http://feeds.feedburner.com/~r/blogspot/gJZg/~4/{token}"
    body = (
        f'<span class="byline-author">Posted by {html.escape(post["byline"])}</span> {post["html"].strip()}'
        f'<div class="feedflare">\n<a href="http://feeds.feedburner.com/~ff/blogspot/gJZg?a={token}"></a>\n</div>'
        f'<img src="{pixel}" height="1" width="1" alt=""/>'
    )
    feedburner = ElementMaker(namespace=FEEDBURNER)
    threading = ElementMaker(namespace=THREADING)
    comments = f"http://ai.googleblog.com/feeds/{number}/comments/default"
    published = post["published"].isoformat(timespec="milliseconds")
    entry: Element = e.entry(
        e.id(f"tag:blogger.com,1999:blog-{BLOG_ID}.post-{number}"),
        e.published(published),
        e.updated(published),
        *(e.category(scheme="http://www.blogger.com/atom/ns#", term=t) for t in post["tags"]),
        e.title(post["title"], type="text"),
        e.content(body, type="html"),
        e.link(rel="replies", type="application/atom+xml", href=comments, title="Post Comments"),
        e.link(rel="replies", type="text/html", href=f"{url}#comment-form", title="0 Comments"),
        e.link(rel="edit", type="application/atom+xml", href=edit),
        e.link(rel="self", type="application/atom+xml", href=edit),
        e.link(
            rel="alternate", type="text/html", title=post["title"],
            href=f"http://feedproxy.google.com/~r/blogspot/gJZg/~3/{token}/{slug}",
        ),
        e.author(e.name("Google AI"), e.email("noreply@blogger.com")),
        threading.total("0"),
        feedburner.origLink(url),
    )  # fmt: skip
    return entry


def newsletter_feed(issues: Sequence[Data]) -> bytes:
    """A newsletter's RSS 2.0: short plain descriptions, dates in RFC 822, the link as guid."""
    e = ElementMaker(nsmap={"atom": ATOM})
    feed = e.rss(
        e.channel(
            e.title("The Batch | DeepLearning.AI"),
            e.link("https://www.deeplearning.ai/the-batch/"),
            e.description("A weekly newsletter on artificial intelligence."),
            e.language("en"),
            *(
                e.item(
                    e.title(i["title"]),
                    e.link(i["link"]),
                    e.description(i["text"]),
                    e.guid(i["link"], isPermaLink="false"),
                    e.pubDate(format_datetime(i["published"])),
                )
                for i in issues
            ),
        ),
        version="2.0",
    )
    return to_xml(feed)


def journal_feed(articles: Sequence[Data], as_of: datetime) -> bytes:
    """The Atom feed of a PLOS journal: the DOI is the id, the authors are repeated at the head of the content."""
    e = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
    home = "https://journals.plos.org/plosgenetics/"
    feed = e.feed(
        e.title("PLOS Genetics"),
        e.link(rel="alternate", href=home),
        e.link(rel="self", href=f"{home}feed/atom"),
        e.author(e.name("PLOS")),
        e.id(f"{home}feed/atom"),
        e.updated(zulu(as_of)),
        *(_journal_entry(e, home, a) for a in articles),
    )
    return to_xml(feed)


def _journal_entry(e: ElementMaker, home: str, article: Data) -> Element:
    doi = article["doi"]
    published = zulu(article["published"])
    authors = html.escape(", ".join(article["authors"]))
    entry: Element = e.entry(
        e.title(article["title"]),
        e.link(rel="alternate", type="text/html", href=f"{home}article?id={doi}"),
        e.link(
            rel="related", type="application/pdf",
            href=f"{home}article/file?id={doi}&type=printable",
        ),
        *(e.author(e.name(name)) for name in article["authors"]),
        e.id(doi),
        e.updated(published),
        e.published(published),
        e.content(f"<p>by {authors}</p>\n\n{html.escape(article['text'])}", type="html"),
    )  # fmt: skip
    return entry
