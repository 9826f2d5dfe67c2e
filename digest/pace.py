"""How often a host may be called: hosts of one operator wait in one line, with a pause between calls.

arXiv asks for at most one request every three seconds over a single connection, summed over its query API, RSS and OAI
hosts (https://info.arxiv.org/help/api/tou.html); Reddit allows ten requests a minute without OAuth and a hundred with it.
Hacker News' search allows 10,000 an hour; Hugging Face 500 in five minutes without a token; Semantic Scholar one a second
with a key, and a hundred in five minutes is the lowest of the figures it gave for all who have none. OpenReview counted
98 in half an hour, and bioRxiv and YouTube name no limit: these are called slowly, and seldom.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

#: Least seconds from the end of one call to the start of the next, by line.
DEFAULT_PACE_S: Mapping[str, float] = {
    "arxiv.org": 3.0,
    "www.reddit.com": 6.0,
    "oauth.reddit.com": 1.0,
    "hn.algolia.com": 0.5,
    "huggingface.co": 1.0,
    "api2.openreview.net": 2.0,
    "api.openreview.net": 2.0,
    "api.biorxiv.org": 1.0,
    "api.semanticscholar.org": 3.0,
    "www.youtube.com": 2.0,
}
OTHER_PACE_S = 0.5


def is_loopback(host: str) -> bool:
    """The host is this machine, by name or by address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_inside(host: str) -> bool:
    """The host is an address that the world cannot reach: this machine, or one of the network it stands in."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return is_loopback(host)
    return not address.is_global


def line_of(host: str) -> str:
    """The name of the line that a host waits in: all hosts of arXiv share one."""
    return "arxiv.org" if host == "arxiv.org" or host.endswith(".arxiv.org") else host


class _Line:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_at = float("-inf")


class Pace:
    """The lines of one run; thread-safe. ``pace_s`` overrides the defaults by "host" or "host:port"."""

    def __init__(
        self,
        pace_s: Mapping[str, float],
        *,
        sleep: Callable[[float], object],
        clock: Callable[[], float],
    ) -> None:
        self._pace_s = {key.lower(): seconds for key, seconds in pace_s.items()}
        self._sleep = sleep
        self._clock = clock
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    def seconds(self, url: str) -> float:
        """The pause that the host of ``url`` asks for; 0 means no pause and no line."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        for key in (f"{host}:{parts.port}", host):
            if key in self._pace_s:
                return self._pace_s[key]
        return 0.0 if is_loopback(host) else DEFAULT_PACE_S.get(line_of(host), OTHER_PACE_S)

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Hold the one connection to the host of ``url``, having waited for the turn."""
        seconds = self.seconds(url)
        if seconds <= 0:
            yield
            return
        line = self._line(url)
        with line.lock:
            if (wait_s := line.next_at - self._clock()) > 0:
                self._sleep(wait_s)
            try:
                yield
            finally:
                line.next_at = max(line.next_at, self._clock() + seconds)

    def postpone(self, url: str, wait_s: float) -> None:
        """Let nobody call the host of ``url`` for ``wait_s``: it has just said that it is overloaded."""
        if self.seconds(url) > 0:
            line = self._line(url)
            line.next_at = max(line.next_at, self._clock() + wait_s)

    def _line(self, url: str) -> _Line:
        parts = urlsplit(url)
        host = parts.hostname or ""
        key = f"{host}:{parts.port}" if is_loopback(host) else line_of(host)
        with self._lock:
            return self._lines.setdefault(key, _Line())
