"""What Reddit no longer shows of what was stored: its terms ask that the copies go as well.

Source: the Data API terms (support.reddithelp.com): title, text, address and author of deleted posts and comments, and the
author of what a deleted account has written. Only the API tells; the Atom feed cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digest.collect.reddit_client import named, open_reddit
from digest.collect.thread import is_gone
from digest.collect.visit import Visit
from digest.errors import CollectError
from digest.sources import RedditSource
from digest.types import Deletions

BATCH = 100  #: names of one call, the most the API takes
PREFIX = "reddit:"


def find_deleted(
    posts: Mapping[str, Sequence[str]], source: RedditSource, visit: Visit, *, limit: int | None
) -> Deletions:
    """Those of ``posts`` (item ids, each with the ids of its comments) that are gone; at most ``limit`` are looked up.

    What the API leaves out of its answer is gone too, unless it leaves out everything: that is a fault of the server, and
    nothing may be forgotten for one. A failure ends the check with a warning; what was found until then is given.
    """
    names = [name for post, ids in posts.items() for name in _names(post, ids)][:limit]
    reddit = open_reddit(source, visit.http, visit.environ)
    items: set[str] = set()
    authors: set[str] = set()
    comments: set[str] = set()
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        try:
            with named(source, "looking for deleted posts"):
                told = {thing.fullname: vars(thing) for thing in reddit.info(fullnames=batch)}
        except CollectError as e:
            visit.warn(f"deleted posts could not be looked for: {e.message}")
            break
        if not told:
            visit.warn("Reddit knows none of the posts that were asked about; nothing is purged")
            break
        for name in batch:
            kind, _, thing_id = name.partition("_")
            data = told.get(name)
            if data is None or is_gone(data):
                (items if kind == "t3" else comments).add(PREFIX + thing_id)
            elif kind == "t3" and data.get("author") is None:
                authors.add(PREFIX + thing_id)
    return Deletions(
        items=tuple(sorted(items)), authors=tuple(sorted(authors)), comments=tuple(sorted(comments))
    )


def _names(post: str, comments: Sequence[str]) -> list[str]:
    """The API's names ("t3_abc", "t1_def") of a post and its comments."""
    return [f"t3_{post.removeprefix(PREFIX)}", *(f"t1_{c.removeprefix(PREFIX)}" for c in comments)]
