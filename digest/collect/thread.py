"""Posts and comments of Reddit to items, from the fields that the API gives or from an entry of the Atom feed."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from digest.collect.atom import ATOM, line_of, moment_of
from digest.collect.markup import Plain, from_markdown, one_line, to_plain, unique_urls
from digest.collect.visit import Visit
from digest.sources import RedditSource
from digest.types import Comment, Item

SITE = "https://www.reddit.com"  #: where a reader opens a post, whatever host it was read from

_GONE = ("[deleted]", "[removed]")
_TAG = re.compile(r"\s*\[(D|R|P|N|Discussion|Research|Project|News)\]", re.IGNORECASE)
_TAG_NAMES = {"d": "Discussion", "r": "Research", "p": "Project", "n": "News"}
_LINK = re.compile(r'<a href="([^"]+)">\s*\[link\]\s*</a>')


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


def parse_comment(data: Mapping[str, Any]) -> Comment | None:
    """One comment from its fields; None where nothing of it is left to read."""
    author = _author(data.get("author"))
    body = _body(data, "body")
    if not body.text or author == "AutoModerator" or data.get("stickied"):
        return None
    parent = str(data.get("parent_id") or "")
    return Comment(
        id=f"reddit:{data.get('id')}",
        author=author,
        text=body.text,
        url=urljoin(SITE, str(data.get("permalink") or "")),
        score=None if data.get("score_hidden") else _count(data.get("score")),
        depth=_count(data.get("depth")) or 0,
        parent_id=f"reddit:{parent[3:]}" if parent.startswith("t1_") else "",
    )


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


def is_gone(data: Mapping[str, Any]) -> bool:
    """The post or comment was deleted or removed; its stored copy has to go too."""
    written = str(data.get("selftext", data.get("body")) or "").strip()
    return written in _GONE or bool(data.get("removed_by_category"))


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
