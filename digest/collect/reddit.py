"""A subreddit's top of the week: by praw where there are credentials, else by its Atom feed.

Credentials of a script app come from REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET. The Atom feed has no scores, flairs and
comments: there they are unknown, which is not zero. Rules of the API: https://support.reddithelp.com (Data API wiki).

praw's own HTTP retries no 429, crashes on a Retry-After date or an odd rate-limit header, and bounds no answer in time or
size; so it is given a requestor that hands every request to ``digest.net``.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from digest.collect.atom import parse_feed
from digest.collect.thread import parse_comment, parse_entry, parse_post
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError, ParseError
from digest.net import REDIRECT_STATUSES, HttpSession
from digest.retry import LATER
from digest.sources import RedditSource, Source
from digest.types import Comment, Item

if TYPE_CHECKING:
    from praw.models import Submission

log = logging.getLogger(__name__)

POST_LIMIT = 300  #: posts of a week; three pages of the API
FEED_LIMIT = 100  #: entries of the Atom feed, the most it gives
THREADS_WITH_COMMENTS = 15  #: posts whose comments are fetched, by score; one request each
FEWEST_COMMENTS = 3  #: of a post whose comments are worth a request
COMMENT_FAILURES = 3  #: after so many the rest is left
CHECK_CREDENTIALS = (
    "check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET: they must be of an app of type script"
)


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """The week's top posts since the start of the window, without stickied and adult ones.

    Where the API refuses the credentials, the Atom feed takes its place; where it fails otherwise, the feed's items are
    given and the failure is raised after them.
    """
    assert isinstance(source, RedditSource)
    client_id = visit.environ.get("REDDIT_CLIENT_ID", "")
    secret = visit.environ.get("REDDIT_CLIENT_SECRET", "")
    trouble: CollectError | None = None
    if client_id and secret:
        posts, trouble = _top_posts(source, visit, client_id, secret)
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


def _top_posts(
    source: RedditSource, visit: Visit, client_id: str, secret: str
) -> tuple[list[Submission], CollectError | None]:
    """The top posts of the week, best first, that came, and the error that ended them, if any."""
    import praw

    reddit = praw.Reddit(
        client_id=client_id,
        client_secret=secret,
        user_agent=visit.http.user_agent,
        reddit_url=source.reddit_url.rstrip("/"),
        oauth_url=source.oauth_url.rstrip("/") + "/",
        check_for_updates=False,
        requestor_class=_Requestor,
        requestor_kwargs={"http": visit.http},
    )
    posts: list[Submission] = []
    try:
        with _named(source, f"r/{source.subreddit}"):
            subreddit = reddit.subreddit(source.subreddit)
            limit = min(source.max_items, POST_LIMIT)
            for post in subreddit.top(time_filter="week", limit=limit):
                posts.append(post)  # noqa: PERF402  # what came before a failure is kept
    except CollectError as e:
        return posts, e
    return posts, None


def _items(posts: list[Submission], source: RedditSource, visit: Visit) -> Iterator[Item]:
    """The items of posts, the most discussed of the window with their comments."""
    items: dict[str, tuple[Item, Submission]] = {}
    for post in posts:
        try:
            item = parse_post(vars(post), source, visit)
        except (ValueError, TypeError, AttributeError) as e:
            visit.skip(str(e))
            continue
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
    for item, post in items.values():
        comments: tuple[Comment, ...] = ()
        if item.id in wanted and failures < COMMENT_FAILURES:
            try:
                comments = _comments(post, source)
            except CollectError as e:
                failures += 1
                visit.warn(f"{item.id} is kept without its comments: {e.message}")
        yield replace(item, comments=comments)


def _comments(post: Submission, source: RedditSource) -> tuple[Comment, ...]:
    """The comments of a post in one request, best first, at most ``source.comment_limit`` that can be read."""
    with _named(source, f"comments of {post.id}"):
        post.comment_sort = "top"
        post.comment_limit = source.comment_limit
        post.comments.replace_more(limit=0)
        fields = [vars(comment) for comment in post.comments.list()]
        comments = [comment for data in fields if (comment := parse_comment(data))]
    comments.sort(key=lambda c: -(c.score if c.score is not None else -(10**9)))
    return tuple(comments[: source.comment_limit])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What prawcore wants to know of an answer, in the words of its own HTTP library."""

    status_code: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  #: none: a rate limit is net's affair

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        try:
            return json.loads(self.content, object_hook=_with_author)
        except RecursionError as e:
            raise ValueError("nested too deep") from e


def _with_author(fields: dict[str, Any]) -> dict[str, Any]:
    """The author that praw does not crash on, for the null that Reddit sends for some deleted accounts."""
    if "author" in fields and not fields["author"]:
        fields["author"] = "[deleted]"
    return fields


class _Requestor:
    """Takes the place of ``prawcore.Requestor``."""

    def __init__(
        self, *, oauth_url: str, reddit_url: str, user_agent: str, http: HttpSession
    ) -> None:
        self.oauth_url = oauth_url
        self.reddit_url = reddit_url
        self._user_agent = user_agent
        self._http = http

    def request(
        self,
        method: str,
        url: str,
        *,
        auth: tuple[str, str] | None = None,
        data: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, object] | None = None,
        **_: object,
    ) -> _Answer:
        sent = {"User-Agent": self._user_agent, **(headers or {})}
        if auth:
            sent["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        if data:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._http.send(
            method.upper(),
            url,
            params={k: str(v) for k, v in (params or {}).items()},
            headers=sent,
            body=urlencode(data).encode() if data else b"",
            passed=REDIRECT_STATUSES,
        )
        if response.status in REDIRECT_STATUSES:  # Reddit sends a wrong name to its search
            raise FetchError(
                self._http.source,
                "there is no such subreddit",
                status=response.status,
                hint="check subreddit: of this source in feeds.yaml",
            )
        return _Answer(response.status, response.content)

    def close(self) -> None:
        """Nothing to close: the connections are net's."""


@contextmanager
def _named(source: RedditSource, what: str) -> Iterator[None]:
    """Whatever praw raises as FetchError or ParseError, in one line."""
    import praw.exceptions
    import prawcore

    try:
        yield
    except prawcore.BadJSON as e:
        message = f"{what}: Reddit answers with something else than JSON"
        raise ParseError(source.name, message, hint=f"a block page, most likely; {LATER}") from e
    except prawcore.OAuthException as e:
        message = f"{what}: Reddit refuses the credentials: {e}"
        raise FetchError(source.name, message, status=401, hint=CHECK_CREDENTIALS) from e
    except (prawcore.PrawcoreException, praw.exceptions.PRAWException) as e:
        message = f"{what}: {str(e) or type(e).__name__}"
        raise FetchError(source.name, message[:300], hint=LATER) from e
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as e:
        message = f"{what}: Reddit's answer cannot be read: {type(e).__name__}: {e}"
        raise ParseError(source.name, message[:300], hint=LATER) from e


# -- by the Atom feed -------------------------------------------------------------------------------------------------


def _from_feed(source: RedditSource, visit: Visit) -> Iterator[Item]:
    url = f"{source.url.rstrip('/')}/r/{source.subreddit}/top/.rss"
    response = visit.http.get(url, params={"t": "week", "limit": str(FEED_LIMIT)})
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
