"""HTML as feeds carry it, and text, to plain text with paragraphs; and the links they hold.

Only what has tags of HTML in it is taken for HTML: ``$a<b$`` in an abstract is a formula, and a parser of HTML eats it.
HTML is sanitized here, once, by nh3: of what a source sends, only the tags and attributes that this module reads go on.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

import ftfy
import lxml.html
import nh3
from ftfy.badness import is_bad
from lxml import etree

from digest.collect import cleaned
from digest.collect.formulas import with_tex
from digest.collect.pictures import caption_of, is_figure, unique_figures
from digest.types import Figure

_TAGS = (
    "a|abbr|applet|article|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|embed|figcaption|figure|font|"
    "footer|form|frameset|h[1-6]|header|hr|html|i|iframe|img|ins|kbd|li|link|main|mark|marquee|math|meta|nav|noframes|"
    "noscript|ol|p|param|picture|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|"
    "table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr"
)
#: Tags that prove nothing ("<body>" may be a token of a vocabulary), but are tags where others prove the text HTML.
_MORE_TAGS = (
    "acronym|address|annotation|area|aside|audio|base|bdi|bdo|body|button|caption|col|colgroup|dfn|dir|embed|fieldset|head|"
    "input|label|legend|map|menu|mfrac|mi|mn|mo|mover|mrow|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|"
    "munder|nobr|noscript|object|option|param|path|picture|rp|rt|ruby|select|semantics|template|textarea|title|track"
)
_TAG = re.compile(
    rf"<!--|<!\[CDATA\[|</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<(?:{_MORE_TAGS})\s+[a-z-]+\s*=[^<>]*>",
    re.IGNORECASE,
)
_NO_TAG = re.compile(
    rf"<(?!/?(?:{_TAGS}|{_MORE_TAGS})[\s/>]|/?[a-z][a-z0-9]*[:-][a-z]|!--|!\[|!doctype|\?)",
    re.IGNORECASE,
)
_DROPPED = (
    "script style noscript template iframe svg form button head title select textarea object embed audio video"
    " annotation"
).split()
_BLOCK_TAGS = (
    "address|article|aside|blockquote|dd|details|div|dl|dt|figcaption|figure|footer|h1|h2|h3|h4|h5|h6|header|hr|li|main|"
    "nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split("|"))
_URL = re.compile(r"https?://[^\s<>\"'`\\^{|}]{1,2000}", re.IGNORECASE)
#: Links that no reader follows: pictures that blogs link to themselves, and feedburner's buttons below a post.
_NOISE = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|avif)(?:[?#].*)?$|^https?://feeds\.feedburner\.com/~",
    re.IGNORECASE,
)
#: And halves of characters, which no encoder takes.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Where a page loads its pictures late, src is a placeholder.
_SOURCES_OF_IMG = ("data-src", "data-lazy-src", "data-original", "src")
_KEPT_TAGS = frozenset({"a", "br", "img", "sup"}) | (_BLOCKS - {"form"})
_CLEANER = nh3.Cleaner(
    tags=set(_KEPT_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes={"a": {"href"}, "img": {*_SOURCES_OF_IMG, "alt", "width", "height"}},
    url_schemes={"http", "https"},
    link_rel=None,
)
_OPEN_OR_CLOSE = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-z][a-z0-9]*)",
    re.IGNORECASE,
)
#: A tag this long is a picture written into its address, or an attack: parsers compare each attribute with all others.
_LONG_TAG = re.compile(r"<[a-z][a-z0-9]*\s[^<>]{8000,}>?", re.IGNORECASE)
#: A parser of HTML5 takes a time that grows with the square of the nesting: 1.2 s for 20,000 open tags.
MANY_TAGS, MAX_DEPTH = 300, 400
MAX_PICTURES = 200  #: looked at in one text
#: Every sign of damage that ftfy knows has a character beside these in it.
_HARMLESS = re.compile("[\x00-\x7f\xa0\xad·´–—―…‘’“”]*")
#: URLs that urljoin leaves as they are; taking them apart to find that out is a tenth of reading a feed.
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w.~/%+,=&@!$'()*:-]*)?(?:\?[\w.~/%+,=&@!$'()*:?-]+)?",
    re.ASCII,
)
_MARKDOWN_LINK = re.compile(
    r"!?\[([^\]\[]{0,500})\]\(([^\s()]{1,1000}(?:\([^\s()]{0,200}\))?[^\s()]{0,200})(?:\s+\"[^\"]{0,300}\")?\)"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text, paragraphs divided by a blank line; the absolute http(s) links and the figures in it, in order."""

    text: str
    links: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


def is_html(text: str) -> bool:
    """The text holds tags of HTML."""
    return "<" in text and bool(_TAG.search(text))


def to_plain(markup: str, base_url: str = "") -> Plain:
    """What a reader of ``markup`` sees; relative links are resolved against ``base_url``."""
    if not is_html(markup):
        text = paragraphs(html.unescape(markup))
        return Plain(text, links_in(text))
    markup = _without_noise(markup)
    if not _is_tangled(markup):
        markup = _CLEANER.clean(markup)
        if "<figure" not in markup:
            return _of_cleaned(cleaned.read(markup, _BLOCKS), base_url)
    # what is nested beyond reason goes on as it is: lxml cuts it off at some depth, and only text is taken from it
    root = _parse(markup)
    if root is None:
        return Plain("")
    figures = unique_figures(_figures(root, base_url))
    links = _links((a.get("href", "") for a in root.iter("a")), base_url)
    etree.strip_elements(
        root, etree.Comment, etree.ProcessingInstruction, *_DROPPED, with_tail=False
    )
    text = paragraphs("".join(_pieces(root)))
    return Plain(text, unique_urls([*links, *links_in(text)]), figures)


def _of_cleaned(found: cleaned.Cleaned, base_url: str) -> Plain:
    figures = [
        Figure(url=url, caption=caption_of(mended(image.get("alt", ""))))
        for image in found.images[:MAX_PICTURES]
        if (url := _figure_url(image, base_url))
    ]
    text = paragraphs(found.text)
    links = unique_urls([*_links(found.hrefs, base_url), *links_in(text)])
    return Plain(text, links, unique_figures(figures))


def _links(hrefs: Iterable[str], base_url: str) -> list[str]:
    """The addresses of the links that a reader follows."""
    stripped = (href.strip() for href in hrefs)
    links = [urljoin_safe(base_url, href) for href in stripped if not href.startswith("#")]
    return [link for link in links if not _NOISE.search(link)]


def without_long_tags(markup: str) -> str:
    """``markup`` without tags of more than 8,000 characters: 100,000 attributes keep lxml busy for minutes."""
    return _LONG_TAG.sub("", markup)


def figure_of(img: etree._Element, base_url: str) -> Figure | None:
    """A picture with its caption, else its alternative text; None where it is no figure of a text."""
    url = _figure_url({str(k): str(v) for k, v in img.attrib.items()}, base_url)
    return Figure(url=url, caption=_caption(img)) if url else None


def _figure_url(img: Mapping[str, str], base_url: str) -> str:
    urls = (urljoin_safe(base_url, img[name].strip()) for name in _SOURCES_OF_IMG if name in img)
    return next((u for u in urls if is_figure(u, img.get("width"), img.get("height"))), "")


def one_line(markup: str) -> str:
    """``markup`` without tags and entities on one line, white space folded: a title, a name."""
    text = to_plain(markup).text if is_html(markup) else html.unescape(markup)
    return " ".join(mended(text).split())


def paragraphs(text: str) -> str:
    """``text`` with white space folded inside its paragraphs, which blank lines divide."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", mended(text)))
    return "\n\n".join(part for part in parts if part)


def mended(text: str) -> str:
    """``text`` without control characters, and with UTF-8 that was read as another encoding set right."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n"))
    if text.isascii() or _HARMLESS.fullmatch(text):
        return text
    # by lines: looking for damage is the slowest step of reading a feed, and most paragraphs are ASCII
    lines = text.split("\n")
    return "\n".join(
        ftfy.fix_encoding(line) if not line.isascii() and is_bad(line) else line for line in lines
    )


def from_markdown(text: str) -> Plain:
    """Markdown as Reddit writes it to plain text: links keep their label, quote marks and emphasis go."""
    text = html.unescape(text)
    links = [match[2] for match in _MARKDOWN_LINK.finditer(text)]
    plain = _MARKDOWN_LINK.sub(r"\1", text)
    plain = re.sub(r"(?m)^ {0,3}(?:#{1,6} +|>+ ?)", "", plain)
    plain = re.sub(
        r"(?m)^ *(?:[*+-]|\d+[.)]) +", "\n\n", plain
    )  # each point of a list is a paragraph
    plain = re.sub(r"(?<!\w)(?:\*\*|~~)(?=\S)|(?<=\S)(?:\*\*|~~)(?!\w)", "", plain)
    plain = paragraphs(re.sub(r"\\([\\`*_{}\[\]()#+\-.!>~|])", r"\1", plain))
    return Plain(plain, unique_urls([*links, *links_in(plain)]))


def links_in(text: str) -> tuple[str, ...]:
    """The URLs written out in ``text``, without the punctuation of the sentence around them."""
    return unique_urls(_trimmed(match[0]) for match in _URL.finditer(text))


def unique_urls(urls: Iterable[str]) -> tuple[str, ...]:
    """The absolute http(s) URLs among ``urls``, in order, without duplicates."""
    return tuple(dict.fromkeys(url for url in urls if is_http(url)))


def is_http(url: str) -> bool:
    """``url`` is an absolute http(s) URL of some host."""
    if _ABSOLUTE.fullmatch(url):
        return True
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def urljoin_safe(base_url: str, url: str) -> str:
    """``url`` resolved against ``base_url``, "" where it cannot be."""
    if _ABSOLUTE.fullmatch(url):
        return url
    try:
        return urljoin(base_url, url) if url else ""
    except ValueError:
        return ""


def _trimmed(url: str) -> str:
    while url and (
        url[-1] in ".,;:!?*_"
        or (url[-1] == ")" and url.count(")") > url.count("("))
        or (url[-1] == "]" and url.count("]") > url.count("["))
    ):
        url = url[:-1]
    return url


def _without_noise(markup: str) -> str:
    """``markup`` with formulas and what is no tag escaped, ready to be sanitized."""
    return without_long_tags(_NO_TAG.sub("&lt;", with_tex(_CONTROLS.sub("", markup))))


def _is_tangled(markup: str) -> bool:
    """More than ``MAX_DEPTH`` tags stay open at once; by their names, since ``</i>`` closes no ``<b>``."""
    if markup.count("<") < MANY_TAGS:
        return False
    still_open: Counter[str] = Counter()
    depth = 0
    for match in _OPEN_OR_CLOSE.finditer(markup):
        name = match[2].lower()
        if not match[1]:
            still_open[name] += 1
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
    return False


def _figures(root: etree._Element, base_url: str) -> Iterator[Figure]:
    for img in islice(root.iter("img"), MAX_PICTURES):
        if (figure := figure_of(img, base_url)) is not None:
            yield figure


def _caption(img: etree._Element) -> str:
    figure = next((e for e in islice(img.iterancestors(), 5) if e.tag == "figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    said = "".join(map(str, caption.itertext())) if caption is not None else ""
    return caption_of(mended(said)) or caption_of(mended(img.get("alt") or ""))


def _parse(markup: str) -> lxml.html.HtmlElement | None:
    try:
        return lxml.html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _pieces(root: etree._Element) -> Iterator[str]:
    """The text below ``root``, with a blank line around each block; iterative, since tags may nest by the thousand."""
    last = ""
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if node.tag in _BLOCKS:
            yield "\n\n"
        elif node.tag == "br" and event == "start":
            yield "\n\n" if _is_double(node) else " "
        elif node.tag == "sup" and event == "start" and last[-1:].isdigit():
            yield "^"  # 10<sup>5</sup> is not 105
        said = node.text if event == "start" else node.tail if node is not root else ""
        if said:
            last = said.replace("\n", " ")  # a blank line in the source divides nothing
            yield last


def _is_double(node: etree._Element) -> bool:
    """A second ``<br>`` follows: old blogs end a paragraph so."""
    following = node.getnext()
    return following is not None and following.tag == "br" and not (node.tail or "").strip()
