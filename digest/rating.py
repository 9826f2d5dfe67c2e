"""A reader's word on an item, and the one line that says it: "rate arxiv:2102.06171 up".

The same line is a command for the terminal, the subject of a mail, and what a rating link of an issue carries. Nothing in
it tells who the reader is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import quote, urlencode

Verdict = Literal["up", "down", "clear"]
RatingOrigin = Literal["reader", "library"]

VERDICTS: tuple[str, ...] = get_args(Verdict)
#: Ids as collectors make them, and no more: printable ASCII without white space or quotes.
_COMMAND = re.compile(r"rate ([a-z]{2,20}:[A-Za-z0-9._/();:~+-]{1,200}) (up|down|clear)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a reader thinks of one item. It keeps the item's own words, so that it outlives the item."""

    item_id: str  #: as ``Item.id``; of library entries without arXiv id and DOI "title:<hash of the title>"
    value: Literal[1, -1]  #: more like this, less like this
    title: str
    text: str  #: what is embedded of it, see ``embeddings.text_of``; the key of its vector follows from it and the model
    at: datetime
    origin: RatingOrigin = "reader"


def command(item_id: str, verdict: Verdict) -> str:
    """The line that rates the item."""
    return f"rate {item_id} {verdict}"


def parse_command(line: str) -> tuple[str, Verdict] | None:
    """Item id and verdict of exactly such a line; None for every other text, however close."""
    match = _COMMAND.fullmatch(line)
    if match is None:
        return None
    return match[1], next(v for v in get_args(Verdict) if v == match[2])


def rating_url(base: str, item_id: str, verdict: Verdict) -> str:
    """The link that rates the item: a mail with the command as its subject, or a call of the local address ``base``.

    "" where there is no base, or where the id could not be read back from the link.
    """
    line = command(item_id, verdict)
    if not base or parse_command(line) is None:
        return ""
    if base.startswith("mailto:"):
        return f"{base}?subject={quote(line, safe='')}"
    query = urlencode({"item": item_id, "rating": verdict})
    return f"{base}{'&' if '?' in base else '?'}{query}"
