"""What a broken transfer is called: httpx's errors and those below it as one ``FetchError`` in words for a person."""

from __future__ import annotations

import socket
import ssl
import zlib

import httpx

from digest.errors import FetchError
from digest.retry import CHECK_URL, LATER


def where(url: str) -> str:
    """Host and path, without the query, which is long and may hold a key."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return url[:120]
    return f"{parts.netloc.decode()}{parts.path}"[:120]


#: (error, what to say, is another try sensible, hint), the first that matches the error or one of its causes.
_FAULTS: tuple[tuple[type[Exception], str, bool, str], ...] = (
    # no retry: a machine without a network would wait a quarter of a minute for nothing
    (
        socket.gaierror,
        "the host name is not found",
        False,
        f"is there a network? if so, {CHECK_URL}",
    ),
    (ssl.SSLError, "no secure connection", False, "check the clock and the certificates here"),
    (httpx.TimeoutException, "no answer in time", True, LATER),
    (httpx.ConnectError, "no connection", True, "check the network"),
    (httpx.ProxyError, "no way through the proxy", True, "check HTTP_PROXY and HTTPS_PROXY"),
    (httpx.InvalidURL, "no URL that can be called", False, CHECK_URL),
    (httpx.UnsupportedProtocol, "no URL that can be called", False, CHECK_URL),
    (httpx.HTTPError, "the answer broke off", True, LATER),
    (zlib.error, "the answer is damaged gzip", True, LATER),
    (ValueError, "the answer cannot be unpacked", True, LATER),
)


def explain(source: str, url: str, error: Exception) -> FetchError:
    """The FetchError of a transfer that broke off, in words for a person."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    said = " ".join(str(error).split()) or type(error).__name__
    for kind, what, retryable, hint in _FAULTS:
        if any(isinstance(c, kind) for c in causes):
            message = f"{where(url)}: {what}: {said}"
            return FetchError(source, message, retryable=retryable, hint=hint)
    raise AssertionError("only kinds of _FAULTS are caught") from error
