"""The sample week as a web site on this machine, so that the real collectors fetch it over real HTTP.

/api/query                                     arXiv's query API
/feeds/<name>.xml                              a feed, with ETag and 304
/r/MachineLearning/top/.rss                    Reddit's Atom feed (403 without a User-Agent)
/api/v1/access_token                           Reddit's OAuth token, by POST with any client id and secret
/r/MachineLearning/top, /comments/<id>         Reddit's listing and comment tree (403 without a token)
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from digest.demo.arxiv_api import ArxivApi
from digest.paths import sample_week

ATOM_TYPE = "application/atom+xml; charset=UTF-8"
JSON_TYPE = "application/json; charset=UTF-8"
TOKEN = "sample-token"  # noqa: S105  # any client id and secret gets it; there is nothing to protect


class SampleServer:
    """Serves ``sample/<week>`` at ``url`` between entering and leaving the context; ValueError for an unknown week."""

    def __init__(self, week: str) -> None:
        folder = sample_week() / week
        if not (folder / "arxiv.xml").is_file():
            raise ValueError(f"the sample has no week {week}")
        self._site = _Site(folder)
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>``, without a slash at the end."""
        assert self._server is not None, "the server runs only inside its context"
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"site": self._site})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = (
            True  # an idle connection must not hold up the end of the demo
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Answer:
    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self,
        status: int,
        content_type: str = "text/plain",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        self.content_type = content_type
        self.body = body
        self.headers = headers or {}


NOT_FOUND = _Answer(404, JSON_TYPE, b'{"message": "Not Found", "error": 404}')
BLOCKED = _Answer(403, "text/html", b"<html><body>whoa there, pardner!</body></html>")


class _Site:
    """What one week's folder answers to a path; pure, so that every thread may ask it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arxiv = ArxivApi((folder / "arxiv.xml").read_bytes())

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> _Answer:
        if path == "/api/query":
            status, body = self._arxiv.answer(query)
            return _Answer(status, ATOM_TYPE, body)
        if path == "/api/v1/access_token":
            token = {
                "access_token": TOKEN,
                "token_type": "bearer",
                "expires_in": 86400,
                "scope": "*",
            }
            return _Answer(200, JSON_TYPE, json.dumps(token).encode())
        if match := re.fullmatch(r"/feeds/([\w-]+\.xml)", path):
            return self._feed(self._folder / "feeds" / match[1], headers)
        if re.fullmatch(r"/r/MachineLearning(/top)?/\.rss", path):
            return (
                self._feed(self._folder / "reddit" / "top.xml", headers)
                if headers.get("user-agent")
                else BLOCKED
            )
        if re.fullmatch(r"/r/MachineLearning/top/?", path):
            return self._reddit("top.json", query, headers)
        if match := re.fullmatch(r"(?:/r/MachineLearning)?/comments/(\w+)(?:/\w*)?/?", path):
            return self._reddit(f"comments/{match[1]}.json", query, headers)
        return NOT_FOUND

    def _feed(self, file: Path, headers: dict[str, str]) -> _Answer:
        if not file.is_file():
            return NOT_FOUND
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return _Answer(304, headers={"ETag": etag})
        return _Answer(200, "application/xml; charset=UTF-8", body, {"ETag": etag})

    def _reddit(self, name: str, query: dict[str, str], headers: dict[str, str]) -> _Answer:
        if headers.get("authorization", "").lower() != f"bearer {TOKEN}":
            return BLOCKED
        file = self._folder / "reddit" / name
        if not file.is_file():
            return NOT_FOUND
        value = json.loads(file.read_bytes())
        if name == "top.json":
            value = _page(value, query)
        if query.get("raw_json") != "1":
            value = _escaped(value)
        return _Answer(200, JSON_TYPE, json.dumps(value).encode())


def _page(listing: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """The part of a listing that ``limit`` and ``after`` ask for."""
    children = listing["data"]["children"]
    names = [c["data"]["name"] for c in children]
    start = names.index(query["after"]) + 1 if query.get("after") in names else 0
    end = start + max(1, min(int(query.get("limit", "25")), 100))
    after = names[end - 1] if end < len(names) else None
    page = children[start:end]
    return {
        "kind": "Listing",
        "data": {**listing["data"], "after": after, "dist": len(page), "children": page},
    }


def _escaped(value: Any) -> Any:
    """Reddit escapes &, < and > in every string unless ``raw_json=1`` is asked for."""
    if isinstance(value, str):
        return html.escape(value, quote=False)
    if isinstance(value, list):
        return [_escaped(v) for v in value]
    if isinstance(value, dict):
        return {k: _escaped(v) for k, v in value.items()}
    return value


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10  # seconds; an idle keep-alive connection ends
    site: _Site

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._respond()

    def _respond(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.site.answer(unquote(parts.path), dict(parse_qsl(parts.query)), headers)
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has gone; nobody is left to tell

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the base class
        """Nothing: the demo's terminal belongs to the demo."""
