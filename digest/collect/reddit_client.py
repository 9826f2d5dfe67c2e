"""praw over ``digest.net``: a read-only client of Reddit's API whose every failure is one ``CollectError``.

praw's own HTTP retries no 429, crashes on a Retry-After date or an odd rate-limit header, and bounds no answer in time or
size; so it is given a requestor that hands every request to ``digest.net``. praw asks for ``raw_json`` by itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from digest.errors import FetchError, ParseError
from digest.net import REDIRECT_STATUSES, HttpSession
from digest.retry import LATER
from digest.sources import RedditSource

if TYPE_CHECKING:
    from praw import Reddit

CHECK_CREDENTIALS = (
    "check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET: they must be of an app of type script"
)


def has_credentials(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("REDDIT_CLIENT_ID") and environ.get("REDDIT_CLIENT_SECRET"))


def open_reddit(source: RedditSource, http: HttpSession, environ: Mapping[str, str]) -> Reddit:
    """A read-only client for a script app's credentials; it makes no call yet."""
    import praw

    return praw.Reddit(
        client_id=environ["REDDIT_CLIENT_ID"],
        client_secret=environ["REDDIT_CLIENT_SECRET"],
        user_agent=http.user_agent,
        reddit_url=source.reddit_url.rstrip("/"),
        oauth_url=source.oauth_url.rstrip("/") + "/",
        check_for_updates=False,
        requestor_class=_Requestor,
        requestor_kwargs={"http": http},
    )


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
def named(source: RedditSource, what: str) -> Iterator[None]:
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
