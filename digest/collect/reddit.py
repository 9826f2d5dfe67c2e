"""A subreddit's top of the week: by praw where there are credentials, else by its Atom feed.

Credentials of a script app come from REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET. The Atom feed has no scores, flairs and
comments: there they are unknown, which is not zero. Rules of the API: https://support.reddithelp.com (Data API wiki).
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from digest.collect.atom import ATOM, line_of, moment_of, parse_feed
from digest.collect.markup import Plain, from_markdown, one_line, to_plain, unique_urls
from digest.collect.visit import Visit
from digest.config import RedditSource, Source
from digest.errors import CollectError, FetchError, ParseError
from digest.retry import LATER
from digest.types import Comment, Item

if TYPE_CHECKING:
    from praw.models import Submission

log = logging.getLogger(__name__)

SITE = "https://www.reddit.com"  #: where a reader opens a post, whatever host it was read from
POST_LIMIT = 300  #: posts of a week; three pages of the API
FEED_LIMIT = 100  #: entries of the Atom feed, the most it gives
THREADS_WITH_COMMENTS = 15  #: posts whose comments are fetched, by score; one request each
FEWEST_COMMENTS = 3  #: of a post whose comments are worth a request
COMMENT_FAILURES = 3  #: after so many the rest is left

_GONE = ("[deleted]", "[removed]")
_TAG = re.compile(r"\s*\[(D|R|P|N|Discussion|Research|Project|News)\]", re.IGNORECASE)
_TAG_NAMES = {"d": "Discussion", "r": "Research", "p": "Project", "n": "News"}
_LINK = re.compile(r'<a href="([^"]+)">\s*\[link\]\s*</a>')


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
    """The posts that came, and the error that ended them, if any."""
    from digest.collect.reddit_api import open_reddit, top_posts

    reddit = open_reddit(source, visit.http, client_id=client_id, secret=secret)
    posts: list[Submission] = []
    try:
        for post in top_posts(reddit, source, limit=min(source.max_items, POST_LIMIT)):
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


def parse_post(data: Mapping[str, Any], source: RedditSource, visit: Visit) -> Item | None:
    """One post from its fields; None where it is none for a digest; ValueError where it lacks what an item needs."""
    if data.get("stickied") or data.get("over_18"):
        return None
    post_id, permalink = str(data.get("id") or ""), str(data.get("permalink") or "")
    title = one_line(str(data.get("title") or ""))
    if not post_id or title == "":
        raise ValueError(f"post {post_id!r} lacks its id or title")
    url = urljoin(SITE, permalink or f"/r/{source.subreddit}/comments/{post_id}/")
    author = _author(data.get("author"))
    if author == "AutoModerator":
        return None
    body = _body(data, "selftext")
    target = urljoin(SITE, str(data.get("url_overridden_by_dest") or data.get("url") or ""))
    is_self = bool(data.get("is_self")) or _path(target) == _path(url)
    created = data.get("created_utc")
    return Item(
        id=f"reddit:{post_id}",
        source=source.name,
        kind="thread",
        title=title,
        url=url,
        text=body.text,
        authors=(author,) if author else (),
        published=visit.believable(datetime.fromtimestamp(created, UTC) if created else None),
        links=_links(url, [] if is_self else [target], body),
        note=one_line(str(data.get("link_flair_text") or "")) or _tag(title),
        score=_count(data.get("score")),
        comment_count=_count(data.get("num_comments")),
    )


def _comments(post: Submission, source: RedditSource) -> tuple[Comment, ...]:
    """The comments of a post, best first, at most ``source.comment_limit``; deleted and automatic ones left out."""
    from digest.collect.reddit_api import comments_of

    comments = [c for data in comments_of(post, source) if (c := parse_comment(data))]
    comments.sort(key=lambda c: -(c.score if c.score is not None else -(10**9)))
    return tuple(comments[: source.comment_limit])


def parse_comment(data: Mapping[str, Any]) -> Comment | None:
    """One comment from its fields; None where nothing of it is left to read."""
    author = _author(data.get("author"))
    body = _body(data, "body")
    if not body.text or author == "AutoModerator" or data.get("stickied"):
        return None
    return Comment(
        id=f"reddit:{data.get('id')}",
        author=author,
        text=body.text,
        url=urljoin(SITE, str(data.get("permalink") or "")),
        score=None if data.get("score_hidden") else _count(data.get("score")),
        depth=_count(data.get("depth")) or 0,
    )


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


def parse_entry(entry: etree._Element, source: RedditSource, visit: Visit) -> Item | None:
    """One post from its Atom entry; None where it is none for a digest; ValueError where it lacks what an item needs."""
    post_id = line_of(entry, f"{ATOM}id").rpartition("/")[2].removeprefix("t3_")
    title = one_line(line_of(entry, f"{ATOM}title"))
    if not re.fullmatch(r"[a-z0-9]{3,12}", post_id) or title == "":
        raise ValueError(f"entry {post_id[:40]!r} lacks its id or title")
    author = _author(line_of(entry, f"{ATOM}author/{ATOM}name").removeprefix("/u/"))
    if (
        author == "AutoModerator"
    ):  # the feed does not tell what is stickied; the weekly threads are this account's
        return None
    link = entry.find(f"{ATOM}link")
    path = _path(link.get("href", "") if link is not None else "")
    url = urljoin(SITE, path or f"/r/{source.subreddit}/comments/{post_id}/")
    content = entry.findtext(f"{ATOM}content") or ""
    target = _LINK.search(content)
    body_end = content.rfind("submitted by") if target else len(content)
    body = to_plain(content[:body_end], SITE)
    return Item(
        id=f"reddit:{post_id}",
        source=source.name,
        kind="thread",
        title=title,
        url=url,
        text="" if body.text in _GONE else body.text,
        authors=(author,) if author else (),
        published=visit.believable(
            moment_of(entry, f"{ATOM}published") or moment_of(entry, f"{ATOM}updated")
        ),
        links=_links(url, [html.unescape(target[1])] if target else [], body),
        note=_tag(title),
    )


# -- both -------------------------------------------------------------------------------------------------------------


def _body(data: Mapping[str, Any], name: str) -> Plain:
    """The text of a post or comment; empty where it has been removed."""
    written = str(data.get(name) or "")
    if written.strip() in _GONE or (name == "selftext" and data.get("removed_by_category")):
        return Plain("")
    shown = str(data.get(f"{name}_html") or "")
    return to_plain(shown, SITE) if shown else from_markdown(written)


def _author(author: object) -> str:
    """The name of an account; "" where it is deleted. praw gives None then, and a Redditor otherwise."""
    name = "" if author is None else str(author).strip()
    return "" if name in _GONE else name


def _links(url: str, targets: list[str], body: Plain) -> tuple[str, ...]:
    return tuple(link for link in unique_urls([*targets, *body.links]) if _path(link) != _path(url))


def _path(url: str) -> str:
    """The path of a URL of Reddit, "" of any other: Reddit is one site under many hosts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_reddit = (parts.hostname or "reddit.com").endswith("reddit.com")
    return parts.path.rstrip("/") + "/" if is_reddit and parts.path.strip("/") else ""


def _tag(title: str) -> str:
    match = _TAG.match(title)
    return _TAG_NAMES[match[1][0].lower()] if match else ""


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
