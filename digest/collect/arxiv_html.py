"""The figures of an arXiv paper, from its HTML version: https://arxiv.org/html/ID, which LaTeXML makes of the TeX source.

    figure.ltx_figure > img.ltx_graphics, figcaption.ltx_caption

Not every paper has one; that is no error. One page is read for each of the few papers told in full, once, in arXiv's
pace of a request every three seconds, and only where its robots.txt lets a program do so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import lxml.html
from lxml import etree

from digest.collect.article import failed
from digest.collect.formulas import with_tex
from digest.collect.markup import one_line, urljoin_safe, without_long_tags
from digest.collect.pictures import MAX_FIGURES, caption_of, is_figure
from digest.collect.reach import fetch_page
from digest.net import HttpSession
from digest.types import Article, Figure, Item

HTML_URL = "https://arxiv.org/html/"
MAX_PAGE_BYTES = 16 << 20
MAX_LOOKED_AT = 200  #: figures of one page, and pictures of one figure
_HIDDEN = ("ltx_note", "ltx_ERROR", "ltx_eqn_eqno")


def read_figures(item: Item, session: HttpSession, *, html_url: str = HTML_URL) -> Article:
    """What the HTML version of the paper shows, or why it shows nothing; most often that there is none."""
    url = html_url + item.id.removeprefix("arxiv:")
    page = Article(item_id=item.id, url=url)
    try:
        if not may_read(url, session):
            return replace(page, error="robots.txt asks programs not to read it")
        response = fetch_page(session, url, max_bytes=MAX_PAGE_BYTES)
        figures = parse_figures(response.content, response.url)
    except Exception as e:  # noqa: BLE001 -- a bug here costs one page, not the run, and is logged
        return failed(page, e)
    return replace(page, url=response.url, figures=figures)


def may_read(url: str, session: HttpSession) -> bool:
    """The host's robots.txt does not keep this program from ``url``; one that is missing keeps nobody from anything.

    FetchError where the host cannot be asked: then nobody knows (RFC 9309, section 2.3.1.4).
    """
    parts = urlsplit(url)
    response = session.get(
        f"{parts.scheme}://{parts.netloc}/robots.txt", passed=(400, 401, 403, 404, 410)
    )
    if response.status >= 400:
        return True
    rules = RobotFileParser()
    rules.parse(response.content.decode("utf-8", "replace").splitlines())
    return rules.can_fetch(session.user_agent, url)


def parse_figures(payload: bytes, url: str) -> tuple[Figure, ...]:
    """The figures of a page made by LaTeXML, in order, each with its caption and the address where it stands.

    A figure of several pictures is one, with the first of them; tables, listings and formulas are none.
    """
    try:
        root = lxml.html.document_fromstring(
            without_long_tags(payload.decode("utf-8", "replace")).encode(),
            parser=lxml.html.HTMLParser(encoding="utf-8"),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    base_tag = root.find(".//base[@href]")
    base = urljoin_safe(url, base_tag.get("href") or "") if base_tag is not None else ""
    return tuple(islice(_figures(root, base or url, url.partition("#")[0]), MAX_FIGURES))


def _figures(root: etree._Element, base: str, page: str) -> Iterator[Figure]:
    for figure in islice(root.iter("figure"), MAX_LOOKED_AT):
        if not _has_class(figure, "ltx_figure") or _is_inside_figure(figure):
            continue
        images = [i for i in islice(figure.iter("img"), MAX_LOOKED_AT) if _has_class(i, "ltx_graphics")]  # fmt: skip
        urls = [u for i in images if is_figure(u := urljoin_safe(base, (i.get("src") or "").strip()))]  # fmt: skip
        if not urls:
            continue
        anchor = figure.get("id") or ""
        yield Figure(
            url=urls[0],
            caption=_caption(figure),
            page=f"{page}#{anchor}" if re.fullmatch(r"[\w.:-]+", anchor) else page,
            picture_count=len(urls),
        )


def _caption(figure: etree._Element) -> str:
    """Of the figure itself, else of its only part; formulas as TeX, without footnotes and what LaTeXML could not read."""
    captions = list(figure.iter("figcaption"))
    own = [c for c in captions if c.getparent() is figure]
    if not captions:
        return ""
    caption = (own or captions)[-1]
    hidden: list[Any] = [e for e in caption.iter() if any(_has_class(e, n) for n in _HIDDEN)]
    for element in hidden:
        element.drop_tree()
    markup = etree.tostring(caption, encoding="unicode", method="html", with_tail=False)
    return caption_of(one_line(with_tex(markup)))


def _has_class(element: etree._Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


def _is_inside_figure(figure: etree._Element) -> bool:
    return any(a.tag == "figure" for a in islice(figure.iterancestors(), 10))
