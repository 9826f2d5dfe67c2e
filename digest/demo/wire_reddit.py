"""Reddit's listing, comment tree and Atom feed, made from the posts of ``sample/source/*.yaml``."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from digest.demo.wire import ATOM, Data, Element, ElementMaker, fingerprint, to_xml

MEDIA = "http://search.yahoo.com/mrss/"
REDDIT = "https://www.reddit.com"
SUBREDDIT_ID = "t5_2r3gv"


def listing(children: Sequence[Data], **data: Any) -> dict[str, Any]:
    """Things wrapped as Reddit wraps them: ``{"kind": "Listing", "data": {"children": [...]}}``."""
    return {
        "kind": "Listing",
        "data": {"after": None, "before": None, "dist": len(children), "modhash": "", **data, "children": list(children)},
    }  # fmt: skip


def comment_tree(post: Data) -> list[dict[str, Any]]:
    """The answer of ``/comments/<id>``: a listing of the post alone, then one of its comments, with "more" at the end."""
    comments = [
        _comment(post, c, parent=f"t3_{post['id']}", depth=0) for c in post.get("comments", [])
    ]
    hidden = post["num_comments"] - _count(post.get("comments", []))
    if hidden > 0 and comments:
        more = {
            "count": hidden, "name": "t1__", "id": "_", "parent_id": f"t3_{post['id']}", "depth": 0,
            "children": [fingerprint(f"{post['id']} more")[:7]],
        }  # fmt: skip
        comments.append({"kind": "more", "data": more})
    return [listing([as_post(post)]), listing(comments, dist=None)]


def as_post(post: Data) -> dict[str, Any]:
    permalink = f"/r/MachineLearning/comments/{post['id']}/{post['slug']}/"
    text = str(post.get("text", "")).strip()
    is_self = "url" not in post
    url = post.get("url", REDDIT + permalink)
    created = post["created"].timestamp()
    return {
        "kind": "t3",
        "data": {
            "approved_at_utc": None,
            "subreddit": "MachineLearning",
            "selftext": text,
            "title": post["title"],
            "subreddit_name_prefixed": "r/MachineLearning",
            "name": f"t3_{post['id']}",
            "upvote_ratio": post["upvote_ratio"],
            "ups": post["score"],
            "link_flair_text": post["flair"],
            "is_original_content": False,
            "score": post["score"],
            "edited": False,
            "is_self": is_self,
            "created": created,
            "domain": "self.MachineLearning" if is_self else re.sub(r"^https?://(www\.)?|/.*", "", url),
            "selftext_html": _markdown(text) if text else None,
            "archived": False,
            "over_18": False,
            "spoiler": False,
            "locked": False,
            "hide_score": False,
            "stickied": post.get("is_stickied", False),
            "removed_by_category": None,
            "distinguished": "moderator" if post["author"] == "AutoModerator" else None,
            "subreddit_id": SUBREDDIT_ID,
            "id": post["id"],
            "author": post["author"],
            "num_comments": post["num_comments"],
            "permalink": permalink,
            "url": url,
            **({} if is_self else {"url_overridden_by_dest": url}),
            "created_utc": created,
        },
    }  # fmt: skip


def _comment(post: Data, comment: Data, *, parent: str, depth: int) -> dict[str, Any]:
    text = comment["text"].strip()
    name = "g" + fingerprint(f"{post['id']} {comment['author']} {text}")[:6]
    replies = [
        _comment(post, r, parent=f"t1_{name}", depth=depth + 1) for r in comment.get("replies", [])
    ]
    created = post["created"].timestamp() + 3600 * (depth + 1)
    return {
        "kind": "t1",
        "data": {
            "subreddit_id": SUBREDDIT_ID,
            "subreddit": "MachineLearning",
            "link_id": f"t3_{post['id']}",
            "parent_id": parent,
            "id": name,
            "name": f"t1_{name}",
            "author": comment["author"],
            "body": text,
            "body_html": _markdown(text),
            "score": comment["score"],
            "ups": comment["score"],
            "downs": 0,
            "score_hidden": False,
            "controversiality": 0,
            "stickied": False,
            "distinguished": None,
            "edited": False,
            "archived": False,
            "collapsed": False,
            "depth": depth,
            "permalink": f"/r/MachineLearning/comments/{post['id']}/{post['slug']}/{name}/",
            "created": created,
            "created_utc": created,
            "replies": listing(replies, dist=None) if replies else "",
        },
    }


def reddit_feed(posts: Sequence[Data], as_of: datetime) -> bytes:
    """The same posts as the subreddit's Atom feed: no score, no count of comments, no flair."""
    e = ElementMaker(namespace=ATOM, nsmap={None: ATOM, "media": MEDIA})
    home = f"{REDDIT}/r/MachineLearning/top/"
    feed = e.feed(
        e.category(term="MachineLearning", label="r/MachineLearning"),
        e.updated(as_of.isoformat()),
        e.icon("https://www.redditstatic.com/icon.png/"),
        e.id("/r/MachineLearning/top/.rss?t=week"),
        e.link(rel="self", href=f"{home}.rss?t=week", type="application/atom+xml"),
        e.link(rel="alternate", href=f"{home}?t=week", type="text/html"),
        e.title("top scoring links : MachineLearning"),
        *(_reddit_entry(e, p) for p in posts),
    )
    return to_xml(feed)


def _reddit_entry(e: ElementMaker, post: Data) -> Element:
    data = as_post(post)["data"]
    link = REDDIT + data["permalink"]
    user = f"{REDDIT}/user/{post['author']}"
    body = f"<!-- SC_OFF -->{data['selftext_html']}<!-- SC_ON -->" if data["selftext"] else ""
    body += (
        f' &#32; submitted by &#32; <a href="{user}"> /u/{post["author"]} </a> <br/> '
        f'<span><a href="{html.escape(data["url"])}">[link]</a></span> &#32; <span><a href="{link}">[comments]</a></span>'
    )
    when = post["created"].isoformat()
    entry: Element = e.entry(
        e.author(e.name(f"/u/{post['author']}"), e.uri(user)),
        e.category(term="MachineLearning", label="r/MachineLearning"),
        e.content(body, type="html"),
        e.id(f"t3_{post['id']}"),
        e.link(href=link),
        e.updated(when),
        e.published(when),
        e.title(post["title"]),
    )
    return entry


def best_first(posts: Sequence[Data]) -> list[Data]:
    return sorted(posts, key=lambda p: (-p["score"], p["id"]))


def _count(comments: Sequence[Data]) -> int:
    return sum(1 + _count(c.get("replies", [])) for c in comments)


def _markdown(text: str) -> str:
    """The little Markdown that the sample uses, as the HTML Reddit makes of it."""
    text = html.escape(text, quote=False)
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    paragraphs = "\n\n".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    return f'<div class="md">{paragraphs}\n</div>'
