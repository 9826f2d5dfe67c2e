"""One transfer: what is asked and answered, a watchdog for its time, a decoder in small steps for its size."""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from digest.types import Validator

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole answer, decoded from its transfer; ``url`` is the last one after redirects."""

    url: str
    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  #: names in lower case

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304


@dataclass(slots=True, kw_only=True)
class Request:
    """One request under way: what it asks, the transfer time left to it, and how its last exchange went."""

    source: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    is_conditional: bool = False
    passed: Collection[int] = ()
    max_bytes: int | None = None  #: of the body; None: the cap of the run
    left_s: float = 0.0
    validator: Validator | None = None
    has_moved: bool = False  #: every redirect to the answer was a permanent one
    status: int | None = None
    byte_count: int = 0
    retry_after_s: float | None = None


class Watchdog:
    """Cuts a transfer's connection at its deadline, from outside; starts at once.

    An HTTP client bounds each read and nothing bounds their sum: a server that sends a byte a second, of headers or of
    the body, keeps a request alive for hours.
    """

    def __init__(self, seconds: float) -> None:
        self.has_bitten = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.bite)
        self._timer.daemon = True
        self._timer.start()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take hold of the socket as soon as there is one; called by httpcore at each step."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.has_bitten:
                self.bite()

    def bite(self) -> None:
        """End the transfer now; its reader sees a broken connection."""
        self.has_bitten = True
        if self._socket is not None:
            try:
                # of the plain socket: a TLS one would first take its own state apart under the reader's feet
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                pass  # it has been closed in the meantime

    def stop(self) -> None:
        self._timer.cancel()


def decoded(received: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The body in decoded chunks of at most ``CHUNK_BYTES``, so that a gzip bomb is stopped before it is in memory.

    ``coding`` is the Content-Encoding. ValueError where it is unknown or the body is cut off, zlib.error where the body
    is damaged.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        yield from received
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"it is packed as {coding[:40]!r}, which was not asked for")
    unzip = zlib.decompressobj(wbits=47)  # gzip or zlib, told by the header
    for packed in received:
        data = packed
        while data:
            if unzip.eof:  # another gzip member follows
                unzip = zlib.decompressobj(wbits=47)
            yield unzip.decompress(data, CHUNK_BYTES)
            data = unzip.unconsumed_tail or unzip.unused_data
    while not unzip.eof and (rest := unzip.decompress(b"", CHUNK_BYTES)):
        yield rest
    if not unzip.eof:
        raise ValueError("it ends in the middle")
