"""What an item *is*, in keys that are equal for one work however it is written: arXiv ids, DOIs, URLs, titles.

Sources: arXiv's identifier scheme (info.arxiv.org/help/arxiv_identifier.html): four digits after the point from 0704
to 1412, five from 1501 on; seven digits after an archive's name before that. DOI handbook, chapter 2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from digest.types import Item
from digest.words import fold

# -- arXiv ids --------------------------------------------------------------------------------------------------------

_NEW_ID = r"(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?!\d|\.\d)"
_OLD_ID = (
    r"(?P<old>(?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nlin|nucl-(?:ex|th)|physics|quant-ph|math|cs"
    r"|stat|q-bio|q-fin|cmp-lg|alg-geom|chao-dyn|adap-org)(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?!\d)"
)
#: Where an id may stand: behind a page of a host that shows arXiv papers, behind the word arXiv (so also in the DOI
#: 10.48550/arXiv.X), or alone in square brackets, as in titles of threads. A bare "2024.1000" is a figure.
_ARXIV = re.compile(
    r"(?:"
    r"(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|arxiv-vanity\.com)/(?:abs|pdf|html|format|ps|src|e-print|papers|overview)/"
    r"|(?:huggingface\.co|hf\.co)/papers/|scirate\.com/arxiv/"
    r"|arxiv\.org/\S{0,200}?[?&;](?:id|id_list|arxiv_id)="
    r"|\barxiv\s?[:.\s/#]\s?(?:abs/)?"
    r"|\[(?:arxiv:)?(?=[^\]\s]+\])"
    rf")(?:{_NEW_ID}|{_OLD_ID})",
    re.IGNORECASE,
)


def arxiv_ids(text_or_url: str) -> tuple[str, ...]:
    """The arXiv ids that a text or URL names, without versions, in order, each once: ("2002.08484",)."""
    found: dict[str, None] = {}
    for match in _ARXIV.finditer(unquote(text_or_url)):
        if match["old"]:
            archive, number = match["old"].lower().split("/")
            found[f"{archive.split('.')[0]}/{number}"] = None
        elif _is_arxiv_number(match["new"]):
            found[match["new"]] = None
    return tuple(found)


def _is_arxiv_number(number: str) -> bool:
    month, serial = number.split(".")
    return month >= "0704" and len(serial) == (4 if month < "1501" else 5)


# -- DOIs -------------------------------------------------------------------------------------------------------------

_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}/[-._;()/:a-z0-9]+", re.IGNORECASE)
_NATURE = re.compile(r"nature\.com/articles/([sd]\d{5}-\d{3}-\d{4,5}-[\da-z])", re.IGNORECASE)
#: What publishers' pages put behind a DOI in their URLs.
_DOI_PAGE = re.compile(
    r"(?:/(?:abstract|full|fulltext|pdf|epdf|meta|html|summary))+$|(?:\.full)?(?:\.pdf)?$|\.full(?:-text)?$"
)
_PREPRINT_VERSION = re.compile(r"^(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v\d+.*$")
_PLOS_FIGURE = re.compile(r"^(10\.1371/journal\.[a-z]+\.\d{7})\.[gtse]\d{3}$")


def dois(text_or_url: str) -> tuple[str, ...]:
    """The DOIs that a text or URL names, in lower case, in order, each once; arXiv's own DOIs are left out."""
    text = unquote(text_or_url)
    found = [m.group() for m in _DOI.finditer(text)] + [
        f"10.1038/{m}" for m in _NATURE.findall(text)
    ]
    clean = dict.fromkeys(_clean_doi(doi.lower()) for doi in found)
    return tuple(doi for doi in clean if "/" in doi and not doi.startswith("10.48550/"))


def _clean_doi(doi: str) -> str:
    while doi[-1] in ".,;:/-" or (doi[-1] == ")" and doi.count(")") > doi.count("(")):
        doi = doi[:-1]
    doi = _DOI_PAGE.sub("", doi)
    doi = _PREPRINT_VERSION.sub(r"\1", doi)  # bioRxiv, medRxiv
    return _PLOS_FIGURE.sub(r"\1", doi)


# -- URLs -------------------------------------------------------------------------------------------------------------

_TRACKERS = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|ref|ref_?(?:src|url|er)"
    r"|cmpid|ncid|spm|trk|share_id|guccounter|amp|output_?type|rss|feature|si|context|_ga|hss_channel)$",
    re.IGNORECASE,
)
#: Hosts that show the same pages. Google's research blog has had three.
_HOSTS = {
    "ai.googleblog.com": "research.google",
    "blog.research.google": "research.google",
    "googleresearch.blogspot.com": "research.google",
    "googleaiblog.blogspot.com": "research.google",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "twitter.com": "x.com",
    "hf.co": "huggingface.co",
    "dx.doi.org": "doi.org",
}
_BLOGGER_PATH = re.compile(r"^/\d{4}/\d{2}/([^/]+?)(?:_\d+)?\.html$")
_REDDIT_PATH = re.compile(r"^/(?:r/\w+/)?comments/(\w+)")
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?)$")
_AMP = re.compile(r"/amp$|\.amp(?=\.html$|$)")


@lru_cache(maxsize=1 << 15)
def canonical_url(url: str) -> str:
    """The one form of all URLs of a page; what is no http(s) URL comes back stripped.

    https; no www, mobile or AMP host; no default port, fragment, tracking parameter, index page or trailing slash; the
    query sorted. Pages with several addresses (arXiv, OpenReview, YouTube, Reddit, Google's blogs) have one.
    """
    url = url.strip()
    try:
        parts = urlsplit(canonicalize_url(url))
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return url
    host = re.sub(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)", "", parts.hostname)
    host = _HOSTS.get(host, host)
    path = _AMP.sub("", parts.path.rstrip("/"))
    path = _INDEX.sub("", path).rstrip("/")
    query = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKERS.match(k)
    ]
    if host.endswith("arxiv.org") and (ids := arxiv_ids(url)):
        return f"https://arxiv.org/abs/{ids[0]}"
    host, path, query = _site_rules(host, path, query)
    if port and (parts.scheme, port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{port}"
    return urlunsplit(("https", host, path, urlencode(query), ""))


def _site_rules(
    host: str, path: str, query: list[tuple[str, str]]
) -> tuple[str, str, list[tuple[str, str]]]:
    """Pages that one site shows at several addresses."""
    if host == "research.google" and (post := _BLOGGER_PATH.match(path)):
        return host, f"/blog/{post[1]}", []
    if host == "reddit.com" and (thread := _REDDIT_PATH.match(path)):
        return host, f"/comments/{thread[1]}", []
    if host == "redd.it" and path.count("/") == 1:
        return "reddit.com", f"/comments{path}", []
    if host == "youtu.be":
        return "youtube.com", "/watch", [("v", path.lstrip("/"))]
    if host == "youtube.com" and path == "/watch":
        return host, path, [(k, v) for k, v in query if k == "v"]
    if host == "openreview.net" and path in ("/forum", "/pdf"):
        return host, "/forum", [(k, v) for k, v in query if k == "id"]
    if host == "github.com":  # names are case-insensitive there
        return host, re.sub(r"\.git$|/tree/(?:main|master)$", "", path).lower(), []
    return host, path, query


# -- keys -------------------------------------------------------------------------------------------------------------


def canonical_keys(item: Item) -> frozenset[str]:
    """What ``item`` itself is: "arxiv:2002.08484", "doi:10.1371/...", "url:https://...".

    What its body only points to is not among them, see ``named_works``. A site's front page is no key.
    """
    keys = set(_work_keys(item.url))
    if item.id.startswith("arxiv:"):
        keys.add(item.id.lower())
    if item.doi:
        keys.update(_work_keys(item.doi))
    url = canonical_url(item.url)
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query:
        keys.add(f"url:{url}")
    return frozenset(keys)


def named_works(item: Item) -> tuple[str, ...]:
    """The papers that title, links and body of ``item`` point to, itself left out: arXiv and DOI keys, in order."""
    own = canonical_keys(item)
    found: dict[str, None] = {}
    for part in (item.title, *item.links, item.text):
        found.update(dict.fromkeys(_work_keys(part)))
    return tuple(key for key in found if key not in own)


def is_of_preprint_server(item: Item) -> bool:
    """``item`` is a paper on a server that shows papers before review, or without: arXiv, OpenReview, bioRxiv, medRxiv."""
    return item.id.startswith(("arxiv:", "openreview:")) or is_preprint_doi(item.doi or "")


def is_preprint_doi(doi: str) -> bool:
    """The DOI is one that bioRxiv, medRxiv or arXiv gave a preprint."""
    return doi.lower().startswith(("10.1101/", "10.64898/", "10.48550/"))


def _work_keys(text_or_url: str) -> Iterable[str]:
    yield from (f"arxiv:{i}" for i in arxiv_ids(text_or_url))
    yield from (f"doi:{d}" for d in dois(text_or_url))


# -- titles -----------------------------------------------------------------------------------------------------------

#: Tags that threads and feeds put before or behind a title. "[Re]" is not one: it marks a replication, another work.
_TAG = r"\[(?:[drpn]|discussion|research|project|news|(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?)\]"
_TAGS = re.compile(rf"^(?:\s*{_TAG})+|(?:{_TAG}\s*)+$", re.IGNORECASE)
_ARXIV_TAIL = re.compile(r"\(arxiv:[^)]*\)\s*\.?\s*$", re.IGNORECASE)
_TEX_ACCENT = re.compile(r"\\(?:[`'^\"~=.]|[uvHtcdbkr](?![a-zA-Z]))\s*")
_TEX_LETTER = re.compile(r"\\(ss|ae|oe|aa|[oliIj])(?![a-zA-Z])\s*", re.IGNORECASE)
_TEX_STYLE = re.compile(
    r"\\(?:emph|text(?:bf|it|sc|tt|rm|sf)?|math(?:bf|cal|rm|bb|it|sf|tt|frak|scr)|operatorname|bf|it|em|tt|sc|rm)(?![a-zA-Z])"
)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"})
_APOSTROPHES = re.compile("['’‘ʼ`]")


def normal_title(title: str) -> str:
    """``title`` as bare lower-case words: no tags, TeX, accents, quotes or dashes; Greek letters by their names."""
    text = _TAGS.sub(" ", _ARXIV_TAIL.sub("", title.strip())).strip() or title
    if "\\" in text:
        text = _TEX_STYLE.sub(" ", text)
        text = _TEX_LETTER.sub(r"\1", _TEX_ACCENT.sub("", text)).replace("\\", " ")
    if "$" in text:
        text = re.sub(r"[$^_]", "", text.replace(r" ell", " l"))
    text = text.replace("{", "").replace("}", "")
    text = fold(unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    if not text.isascii():
        text = "".join(_greek_name(c) for c in text)
    return " ".join(re.findall(r"[^\W_]+", _APOSTROPHES.sub("", text)))


def _greek_name(char: str) -> str:
    return unicodedata.name(char).split()[-1].lower() if "α" <= char <= "ω" else char
