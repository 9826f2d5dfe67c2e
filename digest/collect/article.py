"""The pages behind the entries of feeds that give a teaser, or nothing: read once, politely, and side by side."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from digest.collect.page import Page, extract
from digest.collect.pictures import has_picture_name
from digest.collect.reach import addresses_of, fetch_page, may_lead
from digest.errors import CollectError, FetchError
from digest.net import Http
from digest.pace import is_loopback, line_of
from digest.retry import RETRY_STATUSES
from digest.sources import FeedSource
from digest.types import Article, Item

__all__ = ["Page", "door_of", "extract", "read_articles", "wants_article"]

log = logging.getLogger(__name__)

TEASER_CHARS = (
    400  #: a text that is shorter is no whole paragraph; those of DeepMind's feed have 100 to 250
)
MAX_PER_HOST = 15  #: pages of one host in one run; the others wait for the next
MAX_WORKERS = 8
DEADLINE_S = 180.0  #: of all pages of a run
WALL_CHARS = (
    800  #: a page of another site with less is taken for its door; consent pages have 300 to 700
)

_DOOR = re.compile(r"\b(?:consent|log-?in|sign-?in|signup|sso|captcha|subscribe)\b", re.IGNORECASE)
_DOOR_TITLE = re.compile(
    r"^(?:just a moment|(?:log|sign) ?in(?:$| to\b| *[|–—-])|access denied|attention required|before you continue"
    r"|are you (?:a )?(?:human|robot)|verify(?:ing)? (?:that )?you are|security check|cookie consent|subscribe to read"
    r"|page not found|404\W*(?:not found|error|$))",
    re.IGNORECASE,
)


def wants_article(item: Item, source: FeedSource) -> bool:
    """The page of ``item`` shall be read: as ``source.full_text`` says, and never where the feed may not lead there.

    "auto" asks for pages of posts and articles whose text in the feed is less than a paragraph.
    """
    if source.full_text == "never" or not may_lead(source.url, item.url):
        return False
    if has_picture_name(item.url):
        return False
    if source.full_text == "always":
        return True
    return item.kind in ("post", "article") and len(item.text) < TEASER_CHARS


def read_articles(
    items: Sequence[Item],
    http: Http,
    *,
    max_per_host: int = MAX_PER_HOST,
    deadline_s: float = DEADLINE_S,
    clock: Callable[[], float] = time.monotonic,
    resolve: Callable[[str], Iterable[str]] = addresses_of,
) -> Iterator[Article]:
    """The pages of ``items`` as they come in; one host's pages in the order of ``items``, hosts side by side.

    An item beyond ``max_per_host`` pages of its host, or not begun after ``deadline_s`` seconds, gives nothing: the next
    run asks again. A page that cannot be read gives an Article with its error.
    """
    by_line: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_line[_line(item.url)].append(item)
    if not by_line:
        return
    end = clock() + deadline_s
    stopped = threading.Event()
    answers: SimpleQueue[Article | None] = SimpleQueue()

    def read_line(members: Sequence[Item]) -> None:
        known: dict[str, Article] = {}  # two feeds may announce one page
        try:
            for item in members:
                if stopped.is_set() or clock() >= end:
                    return
                if item.url not in known and len(known) >= max_per_host:
                    continue
                if item.url not in known:
                    known[item.url] = _read(item, http, resolve)
                answers.put(replace(known[item.url], item_id=item.id))
        finally:
            answers.put(None)

    workers = min(MAX_WORKERS, len(by_line))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="article")
    try:
        for members in by_line.values():
            pool.submit(read_line, members)
        under_way = len(by_line)
        while under_way:
            try:
                answer = answers.get(timeout=max(end - clock(), 0.001))
            except Empty:
                log.info("no time is left for the pages of %d hosts", under_way)
                return
            if answer is None:
                under_way -= 1
            else:
                yield answer
    finally:
        # nobody waits for the pages still under way
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _line(url: str) -> str:
    """The line that the pages of a host wait in, as ``pace`` draws them."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return f"{host}:{parts.port}" if is_loopback(host) else line_of(host)
    except ValueError:
        return url


def failed(article: Article, error: Exception) -> Article:
    """``article`` with the reason why its page was not read; final where asking again cannot help."""
    if isinstance(error, FetchError):
        status = error.status or 0
        is_final = 400 <= status < 500 and status not in RETRY_STATUSES
        return replace(article, error=error.message, is_final=is_final)
    if isinstance(error, CollectError):
        return replace(article, error=error.message)
    log.error("%s cannot be read", article.url, exc_info=error)
    return replace(article, error=f"{type(error).__name__}: {error}"[:300], is_final=False)


def _read(item: Item, http: Http, resolve: Callable[[str], Iterable[str]]) -> Article:
    """The page of one item, or why there is none; no exception leaves here, whatever the page does."""
    article = Article(item_id=item.id, url=item.url)
    try:
        response = fetch_page(http.session(item.source), item.url, resolve=resolve)
        article = replace(article, url=response.url)
        page = extract(response.content, response.url, response.content_type)
    except Exception as e:  # noqa: BLE001 -- a bug here costs one page, not the run, and is logged
        return failed(article, e)
    if error := door_of(item.url, page):
        return replace(article, error=error)
    return replace(article, text=page.text, links=page.links, figures=page.figures)


def door_of(asked: str, page: Page) -> str:
    """Why ``page`` is no article but what stands before one, a login or a consent; "" where it is the article."""
    here, there = urlsplit(asked), urlsplit(page.url)
    is_elsewhere = _site(here.hostname or "") != _site(there.hostname or "")
    is_moved = is_elsewhere or (here.path.rstrip("/") != there.path.rstrip("/"))
    if _DOOR_TITLE.match(page.title) and len(page.text) < 4 * WALL_CHARS:
        return f"{there.hostname} shows a door: {page.title[:60]!r}"
    if is_moved and _DOOR.search(f"{there.hostname} {there.path}") and not _DOOR.search(here.path):
        return f"{here.hostname} leads to a login or consent page at {there.hostname}"
    if is_elsewhere and len(page.text) < WALL_CHARS:
        return f"{here.hostname} leads to a page of {there.hostname} with next to no text"
    return ""


def _site(host: str) -> str:
    """The host without what stands before its last two labels: near enough, since a miss only asks for less text."""
    return ".".join(host.rstrip(".").split(".")[-2:])
