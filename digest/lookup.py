"""Which stored items a person means by an id, an arXiv id, or a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from digest.identity import arxiv_ids, canonical_keys, canonical_url, dois

if TYPE_CHECKING:
    from digest.store import Store
    from digest.types import Item

_THREAD = re.compile(r"https://reddit\.com/comments/(\w+)")
_HACKER_NEWS = "news.ycombinator.com"


def possible_ids(text: str) -> tuple[str, ...]:
    """The item ids that ``text`` may stand for: itself, and those that follow from an arXiv id, a DOI or a URL."""
    text = text.strip()
    found = {text: None}
    # a bare "2102.06171v2" is an arXiv id where a person names an item; in a running text it need not be
    named = arxiv_ids(text) or arxiv_ids(f"arXiv:{text}")
    found |= dict.fromkeys(f"arxiv:{paper}" for paper in named)
    found |= dict.fromkeys(f"doi:{doi}" for doi in dois(text))
    if is_url(text):
        parts = urlsplit(text)
        if thread := _THREAD.match(canonical_url(text)):
            found[f"reddit:{thread[1]}"] = None
        if parts.hostname == _HACKER_NEWS and (number := dict(parse_qsl(parts.query)).get("id")):
            found[f"hn:{number}"] = None
    return tuple(found)


def find(store: Store, text: str) -> tuple[Item, ...]:
    """The stored items that ``text`` means, in the order of their ids; a URL may be that of several."""
    if items := store.items_by_id(possible_ids(text)):
        return items
    if not is_url(text):
        return ()
    page = canonical_url(text)
    return tuple(
        item
        for item in store.find_items(url=_telling_part(page))
        if canonical_url(item.url) == page or f"url:{page}" in canonical_keys(item)
    )


def is_url(text: str) -> bool:
    return text.strip().startswith(("http://", "https://"))


def _telling_part(url: str) -> str:
    """What of a URL stands in all forms of it, and in few others: its last query value, the end of its path, or its host."""
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)]
    ends = [end for end in parts.path.split("/") if end]
    return [parts.hostname or "", *ends, *values][-1]
