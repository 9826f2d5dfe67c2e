"""Where one address may lead to another, and a page fetched with that looked at before every call.

A feed is written by somebody else: its links must not make this program call services of this machine or of the network
that it stands in. And what is served by this machine, a demo or a test, leads to nothing but this machine.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Literal
from urllib.parse import urlsplit

from digest.collect.markup import is_http, urljoin_safe
from digest.errors import CollectError
from digest.net import REDIRECT_STATUSES, HttpSession
from digest.pace import is_loopback
from digest.transfer import Response

Zone = Literal["here", "inside", "public"]
"""This machine; a network that the world cannot reach; the world."""

MAX_HOPS = 5

_INSIDE = (".local", ".internal", ".lan", ".home", ".home.arpa", ".intranet", ".corp", ".private")
_OLD_ADDRESS = re.compile(r"[0-9a-fx.]+")  # 127.1, 0x7f000001, 2130706433: connect() takes them all
#: Tunnels answer every name with an address of this range (RFC 2544) and know where it leads.
_TUNNELS = ipaddress.ip_network("198.18.0.0/15")


def zone_of(url: str) -> Zone:
    """Where ``url`` leads by its host as written; ValueError where it has none."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if not host:
        raise ValueError(f"{url[:200]!r} names no host")
    if is_loopback(host):
        return "here"
    if (address := _address(host)) is not None:
        return _zone_of_address(address)
    return "inside" if "." not in host or host.endswith(_INSIDE) else "public"


def may_lead(from_url: str, to_url: str) -> bool:
    """A page at ``from_url`` may send this program to ``to_url``: inwards never, and from this machine only to it."""
    try:
        start, end = zone_of(from_url), zone_of(to_url)
    except ValueError:
        return False
    return start == end or (start == "inside" and end == "public")


def addresses_of(host: str) -> tuple[str, ...]:
    """The addresses that ``host`` has now; none where nobody knows it, which the call itself will tell better."""
    try:
        return tuple({str(info[4][0]) for info in socket.getaddrinfo(host, None)})
    except (OSError, UnicodeError):
        return ()


def fetch_page(
    session: HttpSession,
    url: str,
    *,
    resolve: Callable[[str], Iterable[str]] = addresses_of,
    max_bytes: int | None = None,
) -> Response:
    """The page at the end of the redirects from ``url``, each looked at before it is followed.

    CollectError where a step leads where it may not, which another try will not change; FetchError as ``session.get``.
    """
    for _ in range(MAX_HOPS + 1):
        _refuse_inward(session.source, url, resolve)
        response = session.get(url, passed=REDIRECT_STATUSES, max_bytes=max_bytes)
        target = response.headers.get("location", "").strip()
        if response.status not in REDIRECT_STATUSES:
            return response
        there = urljoin_safe(response.url, target)
        if not is_http(there) or not may_lead(response.url, there):
            message = f"{_host(url)} redirects to {target[:80]!r}, which is no page to follow it to"
            raise CollectError(session.source, message)
        url = there
    raise CollectError(session.source, f"{_host(url)} redirects more than {MAX_HOPS} times")


def _refuse_inward(source: str, url: str, resolve: Callable[[str], Iterable[str]]) -> None:
    """CollectError where a public name stands for an address that the world cannot reach."""
    if not is_http(url):
        raise CollectError(source, f"{url[:80]!r} is no http(s) address")
    if zone_of(url) != "public" or _address(_host(url)) is not None:
        return
    for found in resolve(_host(url)):
        address = _address(found.partition("%")[0])
        if (
            address is not None
            and _zone_of_address(address) != "public"
            and not _is_tunnel(address)
        ):
            raise CollectError(
                source, f"{_host(url)} stands for {found}, which is no public address"
            )


def _zone_of_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Zone:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback or address.is_unspecified:
        return "here"
    return "public" if address.is_global and not address.is_multicast else "inside"


def _is_tunnel(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.version == _TUNNELS.version and address in _TUNNELS


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that ``host`` is, in any way of writing that a socket understands; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if not _OLD_ADDRESS.fullmatch(host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
