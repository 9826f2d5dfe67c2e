"""What a paper of arXiv is, whichever of its three services brings it: its id, its authors, and whether it still stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.collect.markup import is_http
from digest.collect.visit import Visit
from digest.types import Item

ARXIV = "{http://arxiv.org/schemas/atom}"  #: the namespace of arXiv's own elements in Atom and RSS
ABS_URL = "https://arxiv.org/abs/"
BRACKET_DEPTH = 3  #: of affiliations: "Ada (MIT (Cambridge)), Bo ((1) ETH)"
CHECK_CATEGORIES = "check categories: of this source in feeds.yaml"

_NEW_ID = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}")
_OLD_ID = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}")
_WITHDRAWN = re.compile(
    r"\W*(?:(?!(?:not|first|previous|earlier|older|prior)\b)[\w']+\W+){0,6}?withdrawn\b(?!\W+from\W+(?!arxiv|the arxiv))",
    re.IGNORECASE,
)
_WITHDRAWN_ABSTRACT = re.compile(
    r"\W*(?:this|the)\s+(?:paper|article|submission|manuscript|preprint|work|report)\s+(?:has\s+been|was|is)\s+"
    r"(?:\w+\s+)?withdrawn\b",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*[,;:]\s*(?:and\s+)?|\s+and\s+")
_INNER_BRACKETS = re.compile(r"\([^()]*\)")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")


def is_id(text: str) -> bool:
    """``text`` is an arXiv id without its version: ``2102.06171`` or ``math/0611800``."""
    return bool(_NEW_ID.fullmatch(text) or _OLD_ID.fullmatch(text))


def is_withdrawn(item: Item) -> bool:
    """The paper says that it has been withdrawn; neither the API nor RSS has a field for it, only the authors' words."""
    return bool(_WITHDRAWN.match(item.note) or _WITHDRAWN_ABSTRACT.match(item.text))


def leave_out(item: Item, visit: Visit) -> None:
    """Tell once that a withdrawn paper is left out; it may come by several services or categories."""
    warning = f"left out {item.id}: withdrawn by its authors"
    if warning not in visit.warnings:
        visit.warn(warning)


def split_authors(line: str) -> tuple[str, ...]:
    """The names in arXiv's line of authors, without the affiliations that stand in brackets, nested ones too.

    Names are divided by commas or "and", and a collaboration from its members by a colon. TeX accents stay as they are.
    """
    names: list[str] = []
    for part in _BETWEEN_NAMES.split(_without_brackets(line)):
        name = " ".join(part.split())
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif any(c.isalnum() for c in name):
            names.append(name)
    return tuple(names)


def first_doi(text: str) -> str | None:
    """The first of the DOIs that arXiv states, in lower case; None where there is none."""
    dois = text.split()
    return dois[0].lower().rstrip(".,;") if dois else None


def license_url(text: str) -> str:
    """The licence that arXiv states, "" where it is no address."""
    return text if is_http(text) else ""


def shown(ids: Sequence[str]) -> str:
    """The first five ids in quotes, and how many more there are."""
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return ", ".join(repr(i[:40]) for i in ids[:5]) + more


def _without_brackets(line: str) -> str:
    """``line`` without what stands in round brackets; one that is never closed stays, and so do the names after it."""
    for _ in range(BRACKET_DEPTH):
        line = _INNER_BRACKETS.sub(" ", line)
    return line
