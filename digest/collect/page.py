"""A page as a server sends it, or as a browser saved it, to the text that a reader came for.

trafilatura finds the main text among menus, related posts and comments; what it gives goes through ``markup`` like the
HTML of a feed, so that paragraphs, links and formulas come out the same way.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from w3lib.encoding import html_to_unicode

from digest.collect.formulas import with_tex
from digest.collect.markup import (
    figure_of,
    is_http,
    one_line,
    paragraphs,
    to_plain,
    unique_urls,
    urljoin_safe,
    without_long_tags,
)
from digest.collect.pdf import is_pdf, read_pdf
from digest.collect.pictures import unique_figures
from digest.errors import ParseError
from digest.types import Figure

MAX_BYTES = 4 << 20  #: of HTML; the longest posts have 1 MB with their scripts
MAX_TAGS = 30_000  #: of a page; trafilatura takes some seconds for so many
MANY_SPANS = 1000  #: highlighted code; trafilatura takes a time that grows with their square, 29 s for 20,000
MIN_CHARS = 200  #: a page with less text is a menu, a login or a film
MAX_CHARS = 100_000  #: kept of a text; a summary is made from its beginning

#: Elements as trafilatura names them (TEI) -> HTML.
_TEI = {
    "head": "h3",
    "ref": "a",
    "graphic": "img",
    "list": "ul",
    "item": "li",
    "quote": "blockquote",
    "row": "tr",
    "cell": "td",
    "lb": "br",
}
_BLOCK = ("p", "li", "h1", "h2", "h3", "h4", "pre", "blockquote", "td")
#: A formula twice: KaTeX and MathJax say it in MathML or TeX, and draw it.
_DRAWN = ("katex-html", "MathJax_Preview", "MathJax", "MathJax_SVG", "MJX_Assistive_MathML")
_ASIDE = re.compile(
    r"(?:^|\s|-)(?:related|recommended|comments?|share|sharing|newsletter|promo)\b|(?:^|\s)(?:sidebar|author|avatar|footer|nav)",
    re.IGNORECASE,
)
_TEXTUAL = re.compile(r"^\s*(?:$|text/|application/(?:xhtml|xml|[\w.-]+\+xml|octet-stream))", re.IGNORECASE)  # fmt: skip
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says: its main text as ``markup.paragraphs`` divides it, and what it states of itself."""

    url: str  #: where it was read; "" where that is not known
    text: str
    links: tuple[str, ...] = ()  #: of the main text, in order
    figures: tuple[Figure, ...] = ()  #: of the main text, in order
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None  #: at midnight UTC where the page names a day only
    canonical: str = ""  #: the address that the page gives for itself, absolute http(s)


def extract(page: bytes, url: str, content_type: str = "") -> Page:
    """The main text of a web page, a plain text or a PDF that stands at ``url`` ("": nobody knows).

    ParseError where it is none of these, too large, or has next to no text.
    """
    source = urlsplit(url).hostname or "a page"
    if is_pdf(page):
        pdf = read_pdf(page, source)
        found = Page(url=url, text=pdf.text, title=pdf.title, authors=pdf.authors)
    elif not _TEXTUAL.match(content_type) or b"\x00\x00" in page[:512]:
        kind = content_type.partition(";")[0].strip() or "binary data"
        raise ParseError(source, f"is no web page, but {kind[:60]}")
    elif len(page) > MAX_BYTES:
        raise ParseError(source, f"the page is larger than {MAX_BYTES >> 20} MiB")
    else:
        found = _extract_text(page, url, content_type, source)
    if len(found.text) < MIN_CHARS:
        raise ParseError(source, f"the page has next to no text ({len(found.text)} characters)")
    return found


def _extract_text(page: bytes, url: str, content_type: str, source: str) -> Page:
    _, markup = html_to_unicode(content_type or None, page, auto_detect_fun=_guess)
    markup = _DECLARATION.sub("", markup.replace("\x00", ""))
    if content_type.lower().startswith("text/plain") and "<html" not in markup[:2000].lower():
        return Page(url=url, text=_shortened(paragraphs(markup)))
    try:
        return _extract_html(without_long_tags(with_tex(markup)), url, source)
    except ParseError:
        raise
    except Exception as e:  # trafilatura and the parsers below it raise anything on a hostile page
        raise ParseError(source, f"the page cannot be read: {type(e).__name__}: {e}"[:300]) from e


def _extract_html(markup: str, url: str, source: str) -> Page:
    trafilatura = _trafilatura()
    tree = trafilatura.load_html(markup)
    if tree is None:
        raise ParseError(source, "the page has next to no text (0 characters)")
    for name in _DRAWN:
        for drawn in tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"):
            if drawn.getparent() is not None:
                drawn.drop_tree()
    if len(tree.xpath("//span")) > MANY_SPANS:
        etree.strip_tags(tree, "span", "font")
        # read anew, since what is left are thousands of texts side by side
        tree = trafilatura.load_html(etree.tostring(tree, encoding="unicode", method="html"))
    if sum(1 for _ in tree.iter()) > MAX_TAGS:
        raise ParseError(source, "the page is too large to be read")
    base = urljoin_safe(url, next(iter(tree.xpath("//base/@href")), "")) or url
    document = trafilatura.bare_extraction(
        tree,
        url=url or None,
        include_comments=False,
        include_links=True,
        include_images=True,
        include_formatting=True,
        with_metadata=True,
    )
    if document is None or document.body is None:
        raise ParseError(source, "the page has next to no text (0 characters)")
    title = one_line(document.title or "")
    plain = to_plain(_to_html(document.body, title), base)
    text = _shortened(plain.text)
    canonical = _canonical(tree, base)
    links, figures = _beside(tree, text, base)
    own = {url, canonical, url.partition("#")[0]}
    return Page(
        url=url,
        text=text,
        links=unique_urls(link for link in (links or plain.links) if link.split("#")[0] not in own),
        figures=unique_figures(figures) or plain.figures,
        title=title,
        authors=tuple(
            one_line(name) for name in (document.author or "").split(";") if name.strip()
        ),
        published=_published(tree, document.date),
        canonical=canonical,
    )


@cache
def _trafilatura() -> ModuleType:
    import trafilatura

    # what they cannot read is told by an error here; their own log would only say it twice
    for name in ("trafilatura", "htmldate", "courlan", "charset_normalizer", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


def _guess(page: bytes) -> str:
    """The encoding of a page that names none."""
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _to_html(body: etree._Element, title: str) -> str:
    """The tree of trafilatura as HTML for ``to_plain``; a heading that repeats the title is left out."""
    is_first = True
    for element in list(body.iter("*")):
        if element.tag == "head" and is_first:
            is_first = False
            if one_line("".join(map(str, element.itertext()))).casefold() == title.casefold():
                element.text = ""
                del element[:]
        if element.tag == "ref":
            element.set("href", element.get("target") or "")
        if element.tag == "hi" and element.get("rend") in ("#sup", "#sub"):
            element.tag = (element.get("rend") or "").lstrip("#")
        if element.tag == "code" and element.getparent() is body:
            element.tag = "pre"
        element.tag = _TEI.get(str(element.tag), element.tag)
    return etree.tostring(body, encoding="unicode", method="html")


def _beside(tree: Any, text: str, base: str) -> tuple[list[str], list[Figure]]:
    """The links and the figures of the page between the first and the last paragraph of its main text.

    trafilatura takes a paragraph of little more than links for a menu, though it is the one that names paper and code;
    and it gives only the pictures whose address ends as a file's does, and none of their captions.
    """
    known = {_folded(paragraph) for paragraph in text.split("\n\n")}
    links: list[tuple[int, str]] = []
    pictures: list[tuple[int, Figure]] = []
    at, first, last, heading = 0, -1, -1, 0
    closing = None
    for element in tree.iter("img", "a", *_BLOCK):
        if element.tag == "a":
            if not _is_aside(element):
                links.append((at, urljoin_safe(base, (element.get("href") or "").strip())))
        elif element.tag == "img":
            if not _is_aside(element) and (figure := figure_of(element, base)) is not None:
                pictures.append((at, figure))
        else:
            at += 1
            said = _folded(" ".join(map(str, element.itertext())))
            if element.tag == "h1" and first < 0:
                heading = at
            if said and said in known:
                first, last, closing = (at if first < 0 else first), at, element
    if closing is None:
        return [], []
    # "Paper and code" may be the last paragraph of all
    following = closing.getnext() if closing.tag == "p" else None
    last += following is not None and following.tag == "p"
    start = heading if 0 < heading < first else first - 1  # a picture may stand above the text
    return (
        [link for place, link in links if first <= place <= last],
        [figure for place, figure in pictures if start <= place <= last],
    )


def _is_aside(element: Any) -> bool:
    """``element`` stands in a menu, a footer or among related posts within its article."""
    for around in element.iterancestors():
        if around.tag in ("article", "main", "body"):
            return False
        names = f"{around.get('class') or ''} {around.get('id') or ''}"
        if around.tag in ("nav", "footer", "aside") or _ASIDE.search(names):
            return True
    return False


def _folded(text: str) -> str:
    """The beginning of a paragraph without white space, in which two readers of HTML differ."""
    return "".join(text.split())[:60]


def _canonical(tree: Any, base: str) -> str:
    stated = [
        *tree.xpath("//link[@rel='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    ]
    urls = (urljoin_safe(base, str(url).strip()) for url in stated)
    return next((url for url in urls if is_http(url)), "")


def _published(tree: Any, day: str | None) -> datetime | None:
    """The moment that the page states in its head, else the day that trafilatura has found."""
    stated = [
        str(moment).strip()
        for name in ("article:published_time", "og:article:published_time", "datePublished")
        for moment in tree.xpath(f"//meta[@property='{name}' or @itemprop='{name}']/@content")
    ]
    for written in (*stated, day or ""):
        try:
            moment = datetime.fromisoformat(written)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _shortened(text: str) -> str:
    """The paragraphs of ``text`` that fit into ``MAX_CHARS``."""
    if len(text) <= MAX_CHARS:
        return text
    return text[:MAX_CHARS].rpartition("\n\n")[0] or text[:MAX_CHARS].rpartition(" ")[0]
