"""Hacker News by Algolia's search: stories that match a query, with points, comment counts and the best threads.

A search gives a thousand hits at most, and says how many there are; where there are more, the window is asked for in
two halves. Hits may be null, and the URL of a question to the readers is null. Comments have no points there.
API: https://hn.algolia.com/api; 10,000 calls an hour from one address.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collect.json_answer import (
    ask,
    count_of,
    epoch_moment,
    fields_of,
    id_of,
    list_of,
    text_of,
)
from digest.collect.markup import is_http, one_line, to_plain, unique_urls
from digest.collect.visit import Visit
from digest.errors import CollectError, ParseError
from digest.retry import LATER
from digest.sources import HackerNewsSource, Source
from digest.types import Comment, Item

SITE = "https://news.ycombinator.com/"
ITEM_URL = f"{SITE}item?id="

HITS_MAX = 1000  #: of one search, the most the server gives
SHORTEST_WINDOW = timedelta(hours=1)  #: no query has a thousand stories in an hour
MAX_SEARCHES = 40  #: of one query, should the server name more stories than it ever gives
THREADS_WITH_COMMENTS = 10  #: the most discussed ones; one request each
FEWEST_COMMENTS = 3  #: of a thread whose comments are worth a request
COMMENT_FAILURES = 3  #: after so many the rest is left

_ID = re.compile(r"\d{1,12}", re.ASCII)


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The stories of the window that match a query, each once, most points first; the most discussed with comments.

    Where a search fails, the stories that came before it are given without comments, and then the error.
    """
    assert isinstance(source, HackerNewsSource)
    found: dict[str, Item] = {}
    trouble: CollectError | None = None
    try:
        for query in source.queries:
            for item in _stories(query, source, visit):
                found.setdefault(item.id, item)
    except CollectError as e:
        trouble = e
    items = sorted(found.values(), key=lambda item: (-(item.score or 0), item.id))
    if len(items) > source.max_items:
        visit.warn(f"only the {source.max_items} of {len(items)} stories with most points are kept")
    items = items[: source.max_items]
    yield from items if trouble else _with_comments(items, source, visit)
    if trouble:
        raise trouble


# -- stories ----------------------------------------------------------------------------------------------------------


def _stories(query: str, source: HackerNewsSource, visit: Visit) -> Iterator[Item]:
    """The stories of the window for one query; a window with more hits than came is halved."""
    windows = [(visit.since, min(visit.until, visit.now))]
    searches = lost = 0
    while windows and searches < MAX_SEARCHES:
        since, until = windows.pop(0)
        if until <= since:
            continue
        searches += 1
        answer = _search(query, since, until, source, visit)
        hits = list_of(answer.get("hits"))
        yield from parse_hits(hits, source, visit)
        named = count_of(answer.get("nbHits")) or 0
        if named > len(hits) > 0 and until - since >= 2 * SHORTEST_WINDOW:
            middle = (since + (until - since) / 2).replace(microsecond=0)
            windows += [(since, middle), (middle, until)]
        elif named > len(hits):
            lost += named - len(hits)
    if windows or lost:
        visit.warn(f"{query!r}: Hacker News names more stories than it serves; some are left out")


def _search(
    query: str, since: datetime, until: datetime, source: HackerNewsSource, visit: Visit
) -> dict[str, object]:
    """One search for stories in ``since <= created < until``, newest first."""
    bounds = (
        f"created_at_i>{int(since.timestamp()) - 1}",
        f"created_at_i<{int(until.timestamp())}",
        f"points>={source.min_points}",
    )
    params = {
        "query": query,
        "tags": "story",
        "numericFilters": ",".join(bounds),
        "hitsPerPage": str(HITS_MAX),
    }
    answer = ask(visit, f"{source.url.rstrip('/')}/search_by_date", dict, params)
    if not isinstance(answer.get("hits"), list):
        raise ParseError(source.name, f"{query!r}: the answer holds no hits", hint=LATER)
    return answer


def parse_hits(hits: list[object], source: HackerNewsSource, visit: Visit) -> list[Item]:
    """The stories of one answer in its order; deleted ones are left out, others without id or title skipped."""
    items = []
    for hit in hits:
        fields = fields_of(hit)
        if hit is None or fields.get("deleted") or fields.get("dead"):
            continue
        try:
            items.append(parse_story(fields, source, visit))
        except ValueError as e:
            visit.skip(str(e))
    return items


def parse_story(fields: dict[str, object], source: HackerNewsSource, visit: Visit) -> Item:
    """One story; ValueError where it lacks what an item needs."""
    story_id = id_of(fields.get("objectID"), _ID)
    title = one_line(text_of(fields.get("title")))
    if not story_id or title == "":
        raise ValueError(f"the story {story_id!r} lacks its id or title")
    target = text_of(fields.get("url")).strip()
    body = to_plain(text_of(fields.get("story_text")), SITE)
    author = one_line(text_of(fields.get("author")))
    return Item(
        id=f"hn:{story_id}",
        source=source.name,
        kind="thread",
        title=title,
        url=ITEM_URL + story_id,
        text=body.text,
        authors=(author,) if author else (),
        published=visit.believable(epoch_moment(fields.get("created_at_i"))),
        links=unique_urls([*([target] if is_http(target) else []), *body.links]),
        score=count_of(fields.get("points")),
        comment_count=count_of(fields.get("num_comments")),
    )


# -- comments ---------------------------------------------------------------------------------------------------------


def _with_comments(items: list[Item], source: HackerNewsSource, visit: Visit) -> Iterator[Item]:
    """The stories in their order, the most discussed with their comments where these can be had."""
    discussed = [item for item in items if (item.comment_count or 0) >= FEWEST_COMMENTS]
    discussed.sort(key=lambda item: (-(item.comment_count or 0), item.id))
    wanted = {item.id for item in discussed[:THREADS_WITH_COMMENTS] if source.comment_limit}
    failures = 0
    for item in items:
        comments: tuple[Comment, ...] = ()
        if item.id in wanted and failures < COMMENT_FAILURES:
            address = f"{source.url.rstrip('/')}/items/{item.id.removeprefix('hn:')}"
            try:
                comments = parse_thread(ask(visit, address, dict))[: source.comment_limit]
            except CollectError as e:
                failures += 1
                visit.warn(f"{item.id} is kept without its comments: {e.message}")
        yield replace(item, comments=comments)


def parse_thread(answer: dict[str, object]) -> tuple[Comment, ...]:
    """The comments below a story: answers to it before answers to answers, and first what drew most answers itself.

    Their points are not told, and the server's order is no ranking; what people reply to is at least being discussed.
    A deleted comment has no text: it is left out, what was answered to it is kept.
    """
    ranked: list[tuple[int, int, Comment]] = []
    queue = deque((child, 0, "") for child in list_of(answer.get("children")))
    while queue:
        value, depth, parent = queue.popleft()
        fields = fields_of(value)
        answers = list_of(fields.get("children"))
        comment_id = id_of(fields.get("id"), _ID)
        queue.extend((child, depth + 1, comment_id) for child in answers)
        text = to_plain(text_of(fields.get("text")), SITE).text
        if comment_id and text:
            comment = Comment(
                id=f"hn:{comment_id}",
                author=one_line(text_of(fields.get("author"))),
                text=text,
                url=ITEM_URL + comment_id,
                depth=depth,
                parent_id=f"hn:{parent}" if parent else "",
            )
            ranked.append((depth, -len(answers), comment))
    ranked.sort(key=lambda entry: entry[:2])  # stable: the server's order among equals
    return tuple(comment for _, _, comment in ranked)
