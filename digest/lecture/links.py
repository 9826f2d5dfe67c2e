"""Badge, title and links of a story: every form in which it exists, each labelled with where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from digest.identity import canonical_url, dois
from digest.issue import StoryLink
from digest.lecture import frame
from digest.types import Item, Story
from digest.week import Week

_TAG = re.compile(r"^\s*\[(?:D|R|P|N|Discussion|Research|Project|News)\]\s*", re.IGNORECASE)
_HOSTS = {"github.com": "GitHub", "gitlab.com": "GitLab", "huggingface.co": "Hugging Face", "bitbucket.org": "Bitbucket"}  # fmt: skip
_REPOSITORY = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co)/[\w.-]+/[\w./-]*\w",
    re.IGNORECASE,
)
_NO_CODE = re.compile(
    r"huggingface\.co/(?:papers|blog|docs)/|/(?:issues|pull|wiki)(?:/|$)|\.(?:png|jpe?g|gif|svg)$"
)


def told_item(story: Story, week: Week) -> Item:
    """The item whose title and badge the story has: the post, where an older paper is news only through it."""
    lead = story.lead
    if lead.kind == "paper" and lead.published is not None and lead.published < week.since:
        posts = [i for i in story.items if i.kind in ("post", "article")]
        return posts[0] if posts else lead
    return lead


def display_title(item: Item) -> str:
    """The title without the tag of a thread: "[D] Why?" -> "Why?"."""
    title = _TAG.sub("", item.title) if item.kind == "thread" else item.title
    return title.strip() or item.title


def badge(item: Item, labels: Mapping[str, str]) -> str:
    """Where the item is from, as the configuration labels its source."""
    return labels.get(item.source, item.source)


def story_links(story: Story, labels: Mapping[str, str]) -> tuple[StoryLink, ...]:
    """Papers with their PDF and DOI, then posts, articles, threads with their points, code; each address once."""
    links = [link for item in story.items for link in _item_links(item, labels)]
    links.sort(key=lambda link: _ORDER.index(link.kind) if link.kind != "pdf" else 0)
    links += _code(story)
    seen: set[str] = set()
    unique = []
    for link in links:
        key = link.kind + canonical_url(link.url) if link.kind == "pdf" else canonical_url(link.url)
        if key not in seen:
            seen.add(key)
            unique.append(link)
    return tuple(unique)


_ORDER = ("paper", "post", "article", "thread", "code")


def _item_links(item: Item, labels: Mapping[str, str]) -> list[StoryLink]:
    label = badge(item, labels)
    if item.id.startswith("arxiv:"):
        paper = item.id.removeprefix("arxiv:")
        return [
            StoryLink(label=f"arXiv {paper}", url=item.url, kind="paper"),
            StoryLink(label=frame.PDF, url=f"https://arxiv.org/pdf/{paper}", kind="pdf"),
            *_doi(item),
        ]
    if item.kind == "thread":
        return [StoryLink(label=thread_label(item, label), url=item.url, kind="thread")]
    return [StoryLink(label=label, url=item.url, kind=item.kind), *_doi(item)]


def _doi(item: Item) -> list[StoryLink]:
    if not item.doi or item.doi.lower() in dois(item.url):
        return []
    return [StoryLink(label=f"doi:{item.doi}", url=f"https://doi.org/{item.doi}", kind="paper")]


def thread_label(item: Item, where: str) -> str:
    """A thread with what is known of its echo: "Discussion on r/MachineLearning (412 points, 47 comments)"."""
    echo = []
    if item.score is not None:
        one = item.score == 1
        echo.append(frame.ONE_POINT if one else frame.POINTS.format(count=item.score))
    if item.comment_count is not None:
        one = item.comment_count == 1
        echo.append(frame.ONE_COMMENT if one else frame.COMMENTS.format(count=item.comment_count))
    label = frame.DISCUSSION_ON.format(where=where)
    return f"{label} ({', '.join(echo)})" if echo else label


def has_code(story: Story) -> bool:
    """Some item links a repository."""
    return bool(_code(story))


def _code(story: Story) -> list[StoryLink]:
    """Repositories that the paper, the post or the thread's own text names; comments name other people's."""
    urls = [
        url.rstrip(".,)")
        for item in story.items
        for url in (*item.links, *_REPOSITORY.findall(item.text))
        if _REPOSITORY.match(url) and not _NO_CODE.search(url)
    ]
    return [
        StoryLink(label=frame.CODE_ON.format(host=_host(url)), url=url, kind="code") for url in urls
    ][:2]


def _host(url: str) -> str:
    return _HOSTS[(urlsplit(url).hostname or "").removeprefix("www.")]
