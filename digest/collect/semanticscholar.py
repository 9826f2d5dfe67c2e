"""Semantic Scholar: citation counts, and one sentence by its own model, for papers that other sources brought.

Without a key all callers of the world share one allowance, so that 429 may come at any time; the answer to a call of
many ids holds null for those it does not know, which new papers often are.
API: https://api.semanticscholar.org/api-docs/graph, ``POST /paper/batch``
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from digest.collect.arxiv_paper import ABS_URL, is_id
from digest.collect.json_answer import count_of, fields_of, line_of, read, text_of
from digest.collect.markup import is_http
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError
from digest.net import REDIRECT_STATUSES
from digest.retry import CHECK_URL
from digest.sources import SemanticScholarSource, Source
from digest.types import Item, Signal

BATCH_SIZE = 500  #: ids of one call, the most the server takes
FIELDS = "externalIds,title,url,citationCount,tldr"
KEY_NAME = "S2_API_KEY"  #: of the environment

_HINTS = {
    True: {
        403: f"check {KEY_NAME}",
        429: f"{KEY_NAME} allows one call a second; run again later",
    },
    False: {
        429: f"without a key all callers share one allowance; set {KEY_NAME}, or run again later",
    },
}


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """What is known of the papers in ``visit.wanted``: an item with a paper's id and its signals, no text.

    Papers of which nothing is known are left out. Where a call fails, what came before it has been given.
    """
    assert isinstance(source, SemanticScholarSource)
    wanted = [i for i in dict.fromkeys(visit.wanted) if is_id(i)]
    for start in range(0, len(wanted), BATCH_SIZE):
        ids = wanted[start : start + BATCH_SIZE]
        yield from parse_batch(_batch(ids, source, visit), ids, source, visit)


def _batch(ids: Sequence[str], source: SemanticScholarSource, visit: Visit) -> list[object]:
    """The answer for ``ids``, one entry each in their order; a refusal says what a key would change."""
    key = visit.environ.get(KEY_NAME, "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise CollectError(source.name, f"{KEY_NAME} is no key", hint=f"check {KEY_NAME}")
    headers = {"Content-Type": "application/json"} | ({"x-api-key": key} if key else {})
    url = f"{source.url.rstrip('/')}/paper/batch"
    body = json.dumps({"ids": [f"ARXIV:{i}" for i in ids]}).encode()
    try:
        response = visit.http.send(
            "POST",
            url,
            params={"fields": FIELDS},
            headers=headers,
            body=body,
            passed=REDIRECT_STATUSES,
        )
    except FetchError as e:
        e.hint = _HINTS[bool(key)].get(e.status or 0, e.hint)
        raise
    if response.status in REDIRECT_STATUSES:  # the key must not follow to another host
        message = f"HTTP {response.status}: the address has moved"
        raise FetchError(source.name, message, status=response.status, hint=CHECK_URL)
    return read(response, source.name, list)


def parse_batch(
    entries: Sequence[object], ids: Sequence[str], source: SemanticScholarSource, visit: Visit
) -> list[Item]:
    """The papers among ``entries``, the answers to ``ids``; null is passed over, an entry without title is skipped."""
    is_aligned = len(entries) == len(ids)
    items = []
    for n, entry in enumerate(entries):
        if entry is None:
            continue
        try:
            item = parse_paper(entry, ids, ids[n] if is_aligned else "", source)
        except ValueError as e:
            visit.skip(str(e))
            continue
        if item.signals:
            items.append(item)
    return items


def parse_paper(
    entry: object, ids: Sequence[str], asked_id: str, source: SemanticScholarSource
) -> Item:
    """One paper with its signals; ValueError where it is none of ``ids``, or has no title.

    ``asked_id`` is the one that stood in its place in the call, "" where that is not known.
    """
    fields = fields_of(entry)
    external: Mapping[str, object] = fields_of(fields.get("externalIds"))
    arxiv_id = text_of(external.get("ArXiv")).strip() or asked_id
    if arxiv_id not in ids:
        raise ValueError(f"an entry for {arxiv_id[:40]!r}, which was not asked for")
    title = line_of(fields.get("title"))
    if title == "":
        raise ValueError(f"{arxiv_id} has no title")
    url = text_of(fields.get("url")).strip()
    page = url if is_http(url) else ""
    signals = []
    citations = count_of(fields.get("citationCount"))
    if citations is not None:
        signals.append(Signal(name="citations", source=source.name, value=citations, url=page))
    sentence = line_of(fields_of(fields.get("tldr")).get("text"))
    if sentence:
        signals.append(Signal(name="tldr", source=source.name, text=sentence, url=page))
    return Item(
        id=f"arxiv:{arxiv_id}",
        source=source.name,
        kind="paper",
        title=title,
        url=ABS_URL + arxiv_id,
        signals=tuple(signals),
    )
