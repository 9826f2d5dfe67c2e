"""A subreddit's top of the week: by praw where there are credentials, else by its Atom feed.

Credentials of a script app come from REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET. The Atom feed has no scores, flairs and
comments: there they are unknown, which is not zero. Rules of the API: https://support.reddithelp.com (Data API wiki).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from digest.collect.atom import parse_feed
from digest.collect.reddit_client import has_credentials, named, open_reddit
from digest.collect.thread import is_gone, parse_comment, parse_entry, parse_post
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError, ParseError
from digest.retry import LATER
from digest.sources import RedditSource, Source
from digest.types import Comment, Item
from digest.week import LOOK_BACK

if TYPE_CHECKING:
    from praw.models import Submission

log = logging.getLogger(__name__)

POST_LIMIT = 300  #: posts of a week; three pages of the API
FEED_LIMIT = 100  #: entries of the Atom feed, the most it gives
THREADS_WITH_COMMENTS = 15  #: posts whose comments are fetched, by score; one request each
FEWEST_COMMENTS = 3  #: of a post whose comments are worth a request
COMMENT_FAILURES = 3  #: after so many the rest is left, and the source has failed in part
ONE_MONTH = timedelta(days=30)
ONE_WEEK = timedelta(days=8)  #: what "top of the week" holds, with a day's grace


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The week's top posts since the start of the window, without stickied and adult ones.

    Where the API refuses the credentials, the Atom feed takes its place; where it fails otherwise, the feed's items are
    given and the failure is raised after them.
    """
    assert isinstance(source, RedditSource)
    trouble: CollectError | None = None
    if has_credentials(visit.environ):
        posts, trouble = _top_posts(source, visit)
        if posts or trouble is None:
            log.info("%s: read by the API", source.name)
            yield from _items(posts, source, visit)
            if trouble:
                raise trouble
            return
        visit.warn(f"{trouble.message}; read by the Atom feed instead, without scores and comments")
    else:
        visit.warn(
            "read by the Atom feed, without scores and comments;"
            " set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET for the API"
        )
    yield from _from_feed(source, visit)
    is_refused = isinstance(trouble, FetchError) and trouble.status in (401, 403)
    if trouble is not None and not is_refused:
        raise trouble


# -- by the API -------------------------------------------------------------------------------------------------------


def _top_posts(source: RedditSource, visit: Visit) -> tuple[list[Submission], CollectError | None]:
    """The top posts of the week, best first, that came, and the error that ended them, if any."""
    reddit = open_reddit(source, visit.http, visit.environ)
    posts: list[Submission] = []
    try:
        with named(source, f"r/{source.subreddit}"):
            subreddit = reddit.subreddit(source.subreddit)
            limit = min(source.max_items, POST_LIMIT)
            for post in subreddit.top(time_filter=_span(visit), limit=limit):
                posts.append(post)  # noqa: PERF402  # what came before a failure is kept
    except CollectError as e:
        return posts, e
    return posts, None


def _span(visit: Visit) -> str:
    """The span of the top list: the week, or a longer one where a missed week or a past one is asked for.

    Without a gap the days that the window looks back belong to the list of a week ago, which has been read then.
    """
    age = visit.now - visit.since
    return "week" if age <= ONE_WEEK + LOOK_BACK else "month" if age <= ONE_MONTH else "year"


def _items(posts: list[Submission], source: RedditSource, visit: Visit) -> Iterator[Item]:
    """The items of posts, the most discussed of the window with their comments."""
    items: dict[str, tuple[Item, Submission]] = {}
    for post in posts:
        try:
            data = vars(post)
            if is_gone(data):
                visit.gone_items.append(f"reddit:{data.get('id')}")
                continue
            item = parse_post(data, source, visit)
        except (ValueError, TypeError, AttributeError) as e:
            visit.skip(str(e))
            continue
        if item and not item.authors:
            visit.gone_authors.append(item.id)
        if item and (item.published is None or item.published >= visit.since):
            items[item.id] = (item, post)
    discussed = [
        item
        for item, _ in items.values()
        if (item.comment_count or 0) >= FEWEST_COMMENTS
        and (item.published is None or item.published < visit.until)
    ]
    discussed.sort(key=lambda item: (-(item.score or 0), item.id))
    wanted = {item.id for item in discussed[:THREADS_WITH_COMMENTS] if source.comment_limit}
    failures = 0
    trouble: CollectError | None = None
    for item, post in items.values():
        comments: tuple[Comment, ...] = ()
        if item.id in wanted and failures < COMMENT_FAILURES:
            try:
                comments = _comments(post, source)
            except CollectError as e:
                failures += 1
                trouble = e
                visit.warn(f"{item.id} is kept without its comments: {e.message}")
        yield replace(item, comments=comments)
    if failures >= COMMENT_FAILURES and trouble:
        trouble.message = f"threads are kept without their comments: {trouble.message}"
        raise trouble


def _comments(post: Submission, source: RedditSource) -> tuple[Comment, ...]:
    """The comments of a post in one request, best first, at most ``source.comment_limit`` that can be read."""
    with named(source, f"comments of {post.id}"):
        post.comment_sort = "top"
        post.comment_limit = source.comment_limit
        post.comments.replace_more(limit=0)
        fields = [vars(comment) for comment in post.comments.list()]
        comments = [comment for data in fields if (comment := parse_comment(data))]
    comments.sort(key=lambda c: -(c.score if c.score is not None else -(10**9)))
    return tuple(comments[: source.comment_limit])


# -- by the Atom feed -------------------------------------------------------------------------------------------------


def _from_feed(source: RedditSource, visit: Visit) -> Iterator[Item]:
    url = f"{source.url.rstrip('/')}/r/{source.subreddit}/top/.rss"
    response = visit.http.get(url, params={"t": _span(visit), "limit": str(FEED_LIMIT)})
    parsed = parse_feed(response.content)
    if parsed is None:
        message = f"r/{source.subreddit}: Reddit answers with something else than Atom"
        raise ParseError(source.name, message, hint=f"a block page, most likely; {LATER}")
    entries, _, is_cut = parsed
    for entry in entries[: source.max_items]:
        try:
            item = parse_entry(entry, source, visit)
        except ValueError as e:
            visit.skip(str(e))
            continue
        if item and (item.published is None or item.published >= visit.since):
            yield item
    if is_cut:
        message = f"the feed breaks off in the middle, after {len(entries)} whole entries"
        raise ParseError(source.name, message, hint=LATER)
