"""What an address means: the entry of feeds.yaml that a URL asks for, and the addresses that a source answers to.

Known by their address alone are arXiv's categories, subreddits, and YouTube's channels and playlists; everything else is
a feed, or a page that may name one (see digest/collect/discover.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from digest.errors import ConfigError
from digest.sources import (
    ARXIV_URLS,
    ArxivSource,
    FeedSource,
    FolderSource,
    RedditSource,
    Source,
    YoutubeSource,
)

#: Kinds that a URL can ask for; the others have no address of their own and are written into feeds.yaml by hand.
KINDS_BY_URL = ("feed", "arxiv", "reddit", "youtube", "file")

_ARXIV_PATH = re.compile(r"/(?:list|archive|rss|atom)/(?P<categories>[A-Za-z.+-]+)(?:/\w+)?/?")
_REDDIT_PATH = re.compile(
    r"/r/(?P<subreddit>\w{2,21})(?:/(?:hot|new|top|rising|best))?/?(?:\.rss|\.json)?", re.ASCII
)
_YOUTUBE_PATH = re.compile(r"/channel/(?P<id>UC[\w-]{10,40})(?:/\w*)?/?", re.ASCII)
_HOSTS = {"arxiv": "arxiv.org", "reddit": "reddit.com", "youtube": "youtube.com"}
_WANTED = {
    "arxiv": "https://arxiv.org/list/cs.LG/recent",
    "reddit": "https://www.reddit.com/r/MachineLearning",
    "youtube": "https://www.youtube.com/channel/UC... or .../playlist?list=...",
}


def recognize(url: str, kind: str | None = None) -> dict[str, Any] | None:
    """The entry for feeds.yaml that ``url`` asks for, or None where only its server can tell.

    With ``kind`` another host than the provider's own is taken for a mirror of it. ConfigError where ``url`` is no http(s)
    URL, or does not name what a source of that kind needs.
    """
    parts = split(url)
    for name, read in (("arxiv", _arxiv), ("reddit", _reddit), ("youtube", _youtube)):
        host = parts.hostname or ""
        is_at_home = host == _HOSTS[name] or host.endswith("." + _HOSTS[name])
        if kind not in (None, name) or (kind is None and not is_at_home):
            continue
        entry = read(parts.path, parts.query)
        if entry is not None:
            mirror = {} if is_at_home else _mirror(name, f"{parts.scheme}://{parts.netloc}")
            return {"kind": name} | entry | mirror
        if kind == name:
            raise ConfigError(f"{url}: names no {name} source", hint=f"such as {_WANTED[name]}")
    return None


def split(url: str) -> Any:
    """The parts of an http(s) URL, as ``urlsplit`` gives them; ConfigError where it is none."""
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and parts.hostname and " " not in url
        _ = parts.port  # ValueError where it is no number
    except ValueError:
        is_url = False
    if not is_url:
        raise ConfigError(
            f"{url!r} is no URL", hint="write it whole, as https://example.org/feed.xml"
        )
    return parts


def folder_entry(text: str, base: Path) -> dict[str, Any] | None:
    """The entry for a folder named as a path or as ``file:...``, else None; relative to ``base`` where it lies in it.

    ConfigError where ``file:`` names no folder.
    """
    is_named = text.startswith("file:")
    path = Path(unquote(re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", text))).expanduser()
    if not path.is_dir():
        if is_named:
            raise ConfigError(f"{text}: is no folder", hint="make it, then add it again")
        return None
    path, base = path.resolve(), base.resolve()
    shown = path.relative_to(base) if path.is_relative_to(base) else path
    return {"kind": "file", "name": path.name or "folder", "path": shown.as_posix()}


def feed_urls(source: Source) -> tuple[tuple[str, str], ...]:
    """(title, URL) of every feed that gives what the source gives; () where there is none."""
    if isinstance(source, FeedSource):
        return ((source.name, source.url),)
    if isinstance(source, YoutubeSource):
        name = "channel_id" if source.channel_id else "playlist_id"
        query = urlencode({name: source.channel_id or source.playlist_id})
        return ((source.name, f"{source.url}{'&' if '?' in source.url else '?'}{query}"),)
    if isinstance(source, RedditSource):
        url = f"{source.url.rstrip('/')}/r/{source.subreddit}/top/.rss?t=week"
        return ((source.name, url),)
    if isinstance(source, ArxivSource) and source.rss_url:
        base = source.rss_url.rstrip("/")
        if len(source.categories) == 1:
            return ((source.name, f"{base}/{source.categories[0]}"),)
        # one a category: of several in one feed arXiv cuts the new papers first where there are too many
        return tuple((f"arXiv {c}", f"{base}/{c}") for c in source.categories)
    return ()


def units(source: Source) -> tuple[frozenset[str], ...]:
    """What the source collects, one set of equal keys for each: two sources that share a key collect the same there."""
    urls = [url_key(url) for _, url in feed_urls(source)]
    if isinstance(source, ArxivSource):
        keys = [f"arxiv:{c.lower()}" for c in source.categories]
        return tuple(
            frozenset({key, *urls[i : i + 1]}) for i, key in enumerate(keys)
        )  # without rss_url there are no URLs
    if isinstance(source, RedditSource):
        return (frozenset({f"reddit:{source.subreddit.lower()}", *urls}),)
    if isinstance(source, YoutubeSource):
        return (frozenset({f"youtube:{source.channel_id or source.playlist_id}", *urls}),)
    if isinstance(source, FolderSource):
        return (frozenset({f"file:{source.path.resolve()}"}),)
    if isinstance(source, FeedSource):
        return tuple(key | set(urls) for key in _provider_units(source.url)) or (frozenset(urls),)
    return ()


def twin(source: Source, others: Iterable[Source]) -> Source | None:
    """The first of ``others`` where everything that ``source`` collects is collected by ``others`` already."""
    others = tuple(others)
    owners = {key: other for other in reversed(others) for unit in units(other) for key in unit}
    found = [next((owners[k] for k in unit if k in owners), None) for unit in units(source)]
    return found[0] if found and all(found) else None


def find(text: str, sources: Iterable[Source]) -> Source | None:
    """The source that a person means by a name, in any case, or by one of its addresses."""
    sources = tuple(sources)
    for source in sources:
        if source.name == text:
            return source
    for source in sources:
        if source.name.casefold() == text.strip().casefold():
            return source
    if "://" not in text:
        return None
    addresses = {url_key(text)}
    for source in sources:
        urls = [url for _, url in feed_urls(source)] + [str(getattr(source, "url", None) or "")]
        if addresses & {url_key(url) for url in urls if url}:
            return source
    return None


def url_key(url: str) -> str:
    """``url`` without what makes no other feed of it: scheme, case of the host, "www.", a slash at the end, a fragment."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def _provider_units(url: str) -> list[frozenset[str]]:
    """The keys of the category, subreddit or channel that a feed's URL stands for."""
    entry: Mapping[str, Any] = recognize(url) or {}
    if "categories" in entry:
        return [frozenset({f"arxiv:{c.lower()}"}) for c in entry["categories"]]
    if "subreddit" in entry:
        return [frozenset({f"reddit:{entry['subreddit'].lower()}"})]
    channel = entry.get("channel_id") or entry.get("playlist_id")
    return [frozenset({f"youtube:{channel}"})] if channel else []


def _arxiv(path: str, _query: str) -> dict[str, Any] | None:
    match = _ARXIV_PATH.fullmatch(path)
    if not match:
        return None
    categories = [_category(c) for c in match["categories"].split("+") if c]
    name = f"arXiv {', '.join(categories)}"
    return {"name": name[:80], "categories": categories} if categories else None


def _category(text: str) -> str:
    """``cs.LG`` for any case of it, which arXiv's RSS allows and its API does not."""
    archive, dot, subject = text.partition(".")
    return archive.lower() + dot + (subject.upper() if len(subject) == 2 else subject)


def _reddit(path: str, _query: str) -> dict[str, Any] | None:
    match = _REDDIT_PATH.fullmatch(path)
    return {"name": f"r/{match['subreddit']}", "subreddit": match["subreddit"]} if match else None


def _youtube(path: str, query: str) -> dict[str, Any] | None:
    asked = parse_qs(query)
    if match := _YOUTUBE_PATH.fullmatch(path):
        return {"channel_id": match["id"]}
    if path == "/feeds/videos.xml" and "channel_id" in asked:
        return {"channel_id": asked["channel_id"][0]}
    playlist = asked.get("list" if path == "/playlist" else "playlist_id")
    if path in ("/playlist", "/feeds/videos.xml") and playlist:
        return {"playlist_id": playlist[0]}
    return None


def _mirror(kind: str, origin: str) -> dict[str, str]:
    """The address to set, so that a source is collected from ``origin`` and from nowhere else."""
    path = {"arxiv": urlsplit(ARXIV_URLS["url"]).path, "youtube": "/feeds/videos.xml", "reddit": ""}
    return {"url": origin + path[kind]}
