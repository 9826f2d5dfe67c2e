"""A YouTube channel or playlist: its newest fifteen videos, by the Atom feed that YouTube gives for each.

For days on end that feed answers 404 or 500 at random, of channels that are alive; it happened in February, March and
April 2026. So such an answer says nothing of the channel: it is tried once more, and is an error of this run alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from digest.collect import feed
from digest.collect.visit import Visit
from digest.errors import FetchError
from digest.net import Response
from digest.sources import FeedSource, Source, YoutubeSource
from digest.types import Item

TRIES = 2  #: of an answer that a burst gives; more would hold up the run for a fault that lasts for days
BURST_STATUSES = frozenset({404, 500, 502, 503})
BURST_HINT = (
    "YouTube answers so at random, for days at a time; the channel is kept and asked again next run"
)


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The videos of the feed as posts, with their descriptions as text; views are no score and left alone.

    Errors are those of a feed; where YouTube answers 404 or 500 twice, the hint says that nothing need be done.
    """
    assert isinstance(source, YoutubeSource)
    feed_source = FeedSource(
        kind="feed",
        name=source.name,
        badge=source.badge,
        max_items=source.max_items,
        url=address(source),
        full_text="never",  # a video's page has no text
    )
    yield from feed.items_of(feed_source, visit, lambda: _fetch(feed_source, visit))


def address(source: YoutubeSource) -> str:
    """The feed of the channel or the playlist."""
    name = "channel_id" if source.channel_id else "playlist_id"
    query = urlencode({name: source.channel_id or source.playlist_id})
    return f"{source.url}{'&' if '?' in source.url else '?'}{query}"


def _fetch(source: FeedSource, visit: Visit) -> Response:
    """The feed's answer, asked for twice in the pace of the host; FetchError where that does not help."""
    for _ in range(TRIES):
        response = visit.http.get(source.url, is_conditional=True, passed=BURST_STATUSES)
        if response.status not in BURST_STATUSES:
            return response
    message = f"{source.url}: HTTP {response.status}, {TRIES} times"
    raise FetchError(source.name, message, status=response.status, hint=BURST_HINT)
