"""praw on top of ``digest.net``: Reddit's API gets the same deadline, caps, pace, retries and receipts as all else.

praw retries no 429, crashes on a Retry-After date or an odd rate-limit header, and bounds no answer in time or size. Its
HTTP session can be given, and the adapter here hands every request to ``HttpSession`` instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import praw
import praw.exceptions
import prawcore
import requests
import requests.adapters
import urllib3

from digest.config import RedditSource
from digest.errors import FetchError, ParseError
from digest.net import HttpSession
from digest.retry import LATER, RETRY_STATUSES, hint_for

if TYPE_CHECKING:
    from praw.models import Submission

PASSED = frozenset(range(300, 500)) - RETRY_STATUSES  #: statuses that praw itself makes sense of


def open_reddit(source: RedditSource, http: HttpSession, *, client_id: str, secret: str) -> Any:
    """A read-only ``praw.Reddit`` of a script app, whose requests go through ``http``."""
    session = requests.Session()
    adapter = _NetAdapter(http)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return praw.Reddit(
        client_id=client_id,
        client_secret=secret,
        user_agent=http.user_agent,
        reddit_url=source.reddit_url.rstrip("/"),
        oauth_url=source.oauth_url.rstrip("/") + "/",
        check_for_updates=False,
        requestor_kwargs={"session": session},
    )


def top_posts(reddit: Any, source: RedditSource, *, limit: int) -> Iterator[Submission]:
    """The top posts of the week, best first; CollectError where Reddit or praw fails."""
    with _named(source, f"r/{source.subreddit}"):
        yield from reddit.subreddit(source.subreddit).top(time_filter="week", limit=limit)


def comments_of(post: Submission, source: RedditSource) -> list[Mapping[str, Any]]:
    """The fields of a post's comments, in one request: answers to the post first, each depth after the other."""
    with _named(source, f"comments of {post.id}"):
        post.comment_sort = "top"
        post.comment_limit = source.comment_limit
        post.comments.replace_more(limit=0)
        return [vars(comment) for comment in post.comments.list()]


class _NetAdapter(requests.adapters.HTTPAdapter):
    """Sends what requests prepares by ``HttpSession``."""

    def __init__(self, http: HttpSession) -> None:
        super().__init__()
        self._http = http

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body if isinstance(request.body, str | bytes) else b""
        headers = {k: str(v) for k, v in request.headers.items() if k.lower() != "content-length"}
        answer = self._http.send(
            request.method or "GET",
            request.url or "",
            headers=headers,
            body=body.encode() if isinstance(body, str) else body,
            passed=PASSED,
        )
        raw = urllib3.HTTPResponse(
            body=io.BytesIO(answer.content),
            headers=_sane(answer.headers),
            status=answer.status,
            preload_content=False,
        )
        response: requests.Response = self.build_response(request, raw)
        return response


def _sane(headers: Mapping[str, str]) -> dict[str, str]:
    """What praw may see: not the packing, which is undone, and no rate limit that it would crash on."""
    kept = {k: headers[k] for k in ("content-type", "location") if k in headers}
    limits = {k: v for k, v in headers.items() if k.startswith("x-ratelimit-")}
    is_readable = all(re.fullmatch(r"\d{1,9}(\.\d+)?", v) for v in limits.values())
    if is_readable and len(limits) == 3:
        kept |= {k: str(round(float(v))) for k, v in limits.items()}
    return kept


@contextmanager
def _named(source: RedditSource, what: str) -> Iterator[None]:
    """Whatever praw raises as FetchError or ParseError, in one line."""
    name = source.name
    try:
        yield
    except prawcore.RequestException as e:
        if isinstance(e.original_exception, FetchError):
            raise e.original_exception from e
        raise FetchError(name, f"{what}: {e}", retryable=True, hint=LATER) from e
    except prawcore.BadJSON as e:
        raise ParseError(
            name, f"{what}: Reddit answers with something else than JSON", hint=LATER
        ) from e
    except prawcore.OAuthException as e:
        raise FetchError(name, f"{what}: {e}", status=401, hint=_CREDENTIALS) from e
    except prawcore.ResponseException as e:
        status = e.response.status_code
        hint = _CREDENTIALS if status == 401 else hint_for(status)
        if isinstance(e, prawcore.NotFound | prawcore.Redirect):
            hint = "check subreddit: of this source in feeds.yaml"
        raise FetchError(
            name, f"{what}: HTTP {status} from Reddit", status=status, hint=hint
        ) from e
    except (prawcore.PrawcoreException, praw.exceptions.PRAWException) as e:
        raise FetchError(name, f"{what}: {e or type(e).__name__}", hint=LATER) from e
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as e:
        message = f"{what}: Reddit's answer cannot be read: {type(e).__name__}: {e}"
        raise ParseError(name, message[:300], hint=LATER) from e


_CREDENTIALS = (
    "check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET: they must be of an app of type script"
)
