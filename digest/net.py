"""The only HTTP of the program: what a source's server does wrong ends here, as one ``FetchError`` in one line.

httpx bounds each read, but not a whole answer, its size, or the number of calls a host gets. This module adds those:
a deadline over everything one request transfers, a cap on decoded bytes (transfer.py), a pace per host (pace.py),
retries that honour Retry-After within a budget (retry.py), redirects in the open, conditional requests, and a receipt
for every request.
"""

from __future__ import annotations

import io
import logging
import random
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn, Self

import httpx

from digest import __version__
from digest.errors import FetchError
from digest.faults import explain, where
from digest.pace import DEFAULT_PACE_S, Pace, is_inside, is_loopback
from digest.retry import (
    CHECK_URL,
    LATER,
    RETRY_STATUSES,
    WAIT_BUDGET_S,
    back_off_s,
    hint_for,
    parse_retry_after,
)
from digest.transfer import CHUNK_BYTES, Request, Response, Watchdog, decoded
from digest.types import Receipt, Validator

__all__ = ["DEFAULT_PACE_S", "Http", "HttpSession", "Response"]

log = logging.getLogger(__name__)

MAX_REDIRECTS = 5
READ_TIMEOUT_S = 20.0  #: of one read; the deadline bounds their sum
HEADERS_FOR_ALL = frozenset({"user-agent", "accept", "content-type"})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_STATUSES = frozenset({301, 308})


class HttpSession:
    """The requests of one source, with a receipt for each; every failure is a FetchError that names the source."""

    def __init__(self, source: str, user_agent: str, perform: Callable[..., Response]) -> None:
        self.source = source
        self.user_agent = user_agent
        self.receipts: list[Receipt] = []
        self._perform = perform

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        is_conditional: bool = False,
        passed: Collection[int] = (),
        max_bytes: int | None = None,
    ) -> Response:
        """The answer to a GET: status 2xx with a body, one of ``passed``, or 304 where ``is_conditional``.

        ``params`` are added to the query of ``url``. FetchError for everything else, and for a body of more than
        ``max_bytes`` (by default, the cap of the run).
        """
        return self.send(
            "GET",
            url,
            params=params,
            is_conditional=is_conditional,
            passed=passed,
            max_bytes=max_bytes,
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        is_conditional: bool = False,
        passed: Collection[int] = (),
        max_bytes: int | None = None,
    ) -> Response:
        """As ``get``, for any method, with headers and a body."""
        try:
            full = httpx.URL(url).copy_merge_params(params or {}) if params else httpx.URL(url)
            full = full.copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError) as e:
            raise FetchError(self.source, f"{url[:200]!r} is no URL: {e}", hint=CHECK_URL) from e
        request = Request(
            source=self.source,
            method=method,
            url=str(full),
            headers=headers or {},
            body=body,
            is_conditional=is_conditional,
            passed=passed,
            max_bytes=max_bytes,
        )
        return self._perform(request, self.receipts)


class Http:
    """The HTTP of one run: a pace per host, retries and caps, shared by all sources; thread-safe, a context manager.

    ``pace_s`` overrides ``DEFAULT_PACE_S`` by "host" or "host:port". ``deadline_s`` bounds what one request transfers,
    over all its tries and redirects; the waits between tries have their own budget, ``WAIT_BUDGET_S``; ``read_timeout_s`` bounds one read. ``moves`` names
    where feeds have moved for good; ``is_proxied`` lets HTTP_PROXY and its like count. ``sleep``, ``clock``, ``wall_clock`` and ``rng`` are there for tests; the default sleep ends early when ``close`` is called.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        pace_s: Mapping[str, float] | None = None,
        validators: Mapping[str, Validator] | None = None,
        moves: Mapping[str, str] | None = None,
        is_proxied: bool = True,
        deadline_s: float = 60,
        read_timeout_s: float = READ_TIMEOUT_S,
        max_bytes: int = 32 << 20,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        retries: int = 3,
        rng: random.Random | None = None,
    ) -> None:
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._clock = clock
        self.wall_clock = wall_clock
        self._rng = rng or random.Random()  # noqa: S311  # spreads retries in time, guards nothing
        self._pace = Pace(pace_s or {}, sleep=self._sleep, clock=clock)
        self._validators = dict(validators or {})
        self._moves = dict(moves or {})
        self._is_proxied = is_proxied
        self._deadline_s = deadline_s
        self._read_timeout_s = read_timeout_s
        self._max_bytes = max_bytes
        self._retries = retries
        who = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()")
        self.user_agent = f"ml-digest/{__version__}" + (f" (+{who.strip()})" if who.strip() else "")
        self._clients: dict[bool, httpx.Client] = {}
        self._watchdogs: set[Watchdog] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the waits and transfers under way; a later request raises FetchError."""
        self._closed.set()
        with self._lock:
            watchdogs, clients = list(self._watchdogs), list(self._clients.values())
            self._clients.clear()
        for watchdog in watchdogs:
            watchdog.bite()
        for client in clients:
            client.close()

    def session(self, source: str) -> HttpSession:
        """The view of one source: its requests leave their receipts there."""
        return HttpSession(source, self.user_agent, self._perform)

    # -- one request -------------------------------------------------------------------------------------------------

    def _perform(self, request: Request, receipts: list[Receipt]) -> Response:
        """The answer to one request, whose receipt is added to ``receipts`` whatever comes."""
        began = self._clock()
        url, error, known = request.url, "", Validator()
        try:
            response = self._try(request)
            url = response.url
            known = Validator(
                etag=response.headers.get("etag"),
                last_modified=response.headers.get("last-modified"),
            )
            if response.is_not_modified and request.validator:
                known = request.validator  # a 304 need not repeat what it confirms
        except FetchError as e:
            error = str(e)
            raise
        finally:
            receipt = Receipt(
                url=url,
                status=request.status,
                byte_count=request.byte_count,
                elapsed_s=self._clock() - began,
                etag=known.etag,
                last_modified=known.last_modified,
                error=error,
                moved_from=request.url if request.has_moved and not error else "",
            )
            receipts.append(receipt)
        return response

    def _try(self, request: Request) -> Response:
        """The first good answer, after as many tries as are sensible; the FetchError of the last one else.

        Where the address that a feed has moved to is dead, the one in feeds.yaml is tried again.
        """
        request.left_s = self._deadline_s
        if not request.is_conditional or request.url not in self._moves:
            return self._try_from(request, request.url)
        try:
            return self._try_from(request, self._moves[request.url])
        except FetchError as e:
            log.info("%s: %s; trying the address of feeds.yaml", request.source, e.message)
            return self._try_from(request, request.url)

    def _try_from(self, request: Request, url: str) -> Response:
        wait_left_s = WAIT_BUDGET_S
        tries = 0
        while True:
            tries += 1
            try:
                return self._follow(request, url)
            except FetchError as e:
                wait_s = request.retry_after_s
                if wait_s is None:
                    wait_s = back_off_s(tries, self._rng)
                if not e.retryable or self._closed.is_set():
                    raise
                if tries > self._retries:
                    e.message += f", {tries} times" if tries > 1 else ""
                    raise
                if wait_s > wait_left_s:
                    e.hint = f"the server asks to be left alone for {wait_s:.0f} s; run again then"
                    raise
                log.info("%s: %s; again in %.1f s", request.source, e.message, wait_s)
            wait_left_s -= wait_s
            self._pace.postpone(url, wait_s)
            self._sleep(wait_s)

    def _follow(self, request: Request, url: str) -> Response:
        """One try: the answer at the end of its redirects, each of which waits for the turn of its host."""
        is_moved_for_good = request.is_conditional
        for _ in range(MAX_REDIRECTS + 1):
            with self._pace.turn(url):
                response = self._exchange(request, url)
            target = response.headers.get("location")
            is_redirect = response.status in REDIRECT_STATUSES and target
            if not is_redirect or response.status in request.passed:
                request.has_moved = is_moved_for_good and url != request.url
                return self._judge(request, response)
            is_moved_for_good &= response.status in PERMANENT_STATUSES
            url = self._redirect(request, url, target or "")
        message = f"{where(request.url)}: redirects more than {MAX_REDIRECTS} times"
        raise FetchError(request.source, message, status=response.status, hint=CHECK_URL)

    def _redirect(self, request: Request, url: str, target: str) -> str:
        """The absolute URL that ``url`` redirects to."""
        try:
            here, there = httpx.URL(url), httpx.URL(url).join(target)
            # a public server must not make this program call services of this machine or its network
            is_inward = is_inside(there.host) and not is_inside(here.host)
            if there.scheme in ("http", "https") and there.host and not is_inward:
                return str(there.copy_with(fragment=None))
        except (httpx.InvalidURL, ValueError):
            pass  # told below
        message = f"{where(url)}: redirects to {target[:80]!r}, which is no public http(s) address"
        raise FetchError(request.source, message, status=request.status, hint=CHECK_URL)

    def _judge(self, request: Request, response: Response) -> Response:
        """The answer if it is one; FetchError, retryable where another try may do better."""
        place, status = where(response.url), response.status
        if status in request.passed or (status == 304 and request.validator):
            return response
        if 200 <= status < 300 and response.content.strip():
            return response
        is_empty = 200 <= status < 300
        retry_after = response.headers.get("retry-after")
        request.retry_after_s = parse_retry_after(retry_after, now=self.wall_clock())
        raise FetchError(
            request.source,
            f"{place}: the answer is empty" if is_empty else f"{place}: HTTP {status}",
            status=status,
            retryable=is_empty or status in RETRY_STATUSES,
            hint=hint_for(500 if is_empty else status),
        )

    # -- one exchange ------------------------------------------------------------------------------------------------

    def _exchange(self, request: Request, url: str) -> Response:
        """One call and its whole answer; every failure of the transfer becomes a FetchError."""
        request.status, request.byte_count, request.retry_after_s = None, 0, None
        if self._closed.is_set():
            raise FetchError(request.source, f"{where(url)}: the run has been stopped")
        if request.left_s <= 0:
            self._late(request, url)
        began = self._clock()
        with self._watch(request.left_s) as watchdog:
            try:
                with self._client(url).stream(
                    request.method,
                    url,
                    headers=self._headers(request, url),
                    content=request.body or None,
                    timeout=min(self._read_timeout_s, request.left_s),
                    extensions={"trace": watchdog.trace},
                ) as response:
                    request.status = response.status_code
                    content = self._read(request, url, response)
                if watchdog.has_bitten:  # a body without a length ends as if it were whole
                    self._late(request, url)
            except (httpx.HTTPError, httpx.InvalidURL, zlib.error, ValueError) as e:
                if watchdog.has_bitten and not self._closed.is_set():
                    self._late(request, url, e)
                raise explain(request.source, url, e) from e
            finally:
                request.left_s -= self._clock() - began
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(url=url, status=response.status_code, content=content, headers=headers)

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = {"User-Agent": self.user_agent, "Accept": "*/*", **request.headers}
        here, there = httpx.URL(request.url), httpx.URL(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            # another host must not see a key after a redirect, whatever its header is called
            headers = {k: v for k, v in headers.items() if k.lower() in HEADERS_FOR_ALL}
        headers["Accept-Encoding"] = "gzip"  # what transfer.decoded can bound
        request.validator = self._validators.get(url) if request.is_conditional else None
        if request.validator and request.validator.etag:
            headers["If-None-Match"] = request.validator.etag
        if request.validator and request.validator.last_modified:
            headers["If-Modified-Since"] = request.validator.last_modified
        return headers

    def _read(self, request: Request, url: str, response: httpx.Response) -> bytes:
        """The decoded body; FetchError as soon as it is larger than the cap, however well it was packed."""
        body = io.BytesIO()  # gives its bytes out without a copy
        most = self._max_bytes if request.max_bytes is None else request.max_bytes
        coding = response.headers.get("content-encoding", "")
        for chunk in decoded(response.iter_raw(CHUNK_BYTES), coding):
            request.byte_count += body.write(chunk)
            if request.byte_count > most:
                raise FetchError(
                    request.source,
                    f"{where(url)}: the answer is larger than {most / 2**20:g} MiB",
                    status=response.status_code,
                    hint=f"this is no feed; {CHECK_URL}",
                )
        return body.getvalue()

    def _late(self, request: Request, url: str, cause: Exception | None = None) -> NoReturn:
        message = f"{where(url)}: no complete answer within {self._deadline_s:g} s"
        hint = f"the server is too slow now; {LATER}"
        raise FetchError(request.source, message, status=request.status, hint=hint) from cause

    @contextmanager
    def _watch(self, seconds: float) -> Iterator[Watchdog]:
        watchdog = Watchdog(seconds)
        with self._lock:
            self._watchdogs.add(watchdog)
        if self._closed.is_set():  # since the check at the start of the exchange
            watchdog.bite()
        try:
            yield watchdog
        finally:
            watchdog.stop()
            with self._lock:
                self._watchdogs.discard(watchdog)

    def _client(self, url: str) -> httpx.Client:
        """The client for this machine, which knows no proxy, or the one for all others."""
        is_local = is_loopback(httpx.URL(url).host)
        with self._lock:
            if is_local not in self._clients:
                self._clients[is_local] = httpx.Client(
                    follow_redirects=False,
                    trust_env=self._is_proxied and not is_local,
                    verify=not is_local,  # nobody certifies this machine, and nothing leaves it
                    # a new connection each: calls to one host are seconds apart, and a stale one fails the next call
                    limits=httpx.Limits(max_keepalive_connections=0),
                )
            return self._clients[is_local]
