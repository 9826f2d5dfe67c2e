"""Reads one PDF from stdin and writes its text to stdout as JSON. A script of its own, run by ``pdf.read_pdf``.

A PDF can make its reader loop, or ask for all memory there is; a process can be stopped and a thread cannot. Nothing of
the package is imported, so that it starts fast.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

MAX_BYTES = 2 << 30  #: of memory
MAX_CPU_S = 30
MAX_CHARS = 400_000


def main() -> None:
    _limit()
    pages = int(sys.argv[1])
    try:
        answer = read(sys.stdin.buffer.read(), pages)
    except Exception as e:  # noqa: BLE001  # a damaged file raises anything at all
        answer = {"error": f"{type(e).__name__}: {e}"[:300]}
    with open(1, "wb", closefd=False) as out:  # the descriptor: bytes, no text
        out.write(json.dumps(answer).encode())


def read(data: bytes, max_pages: int) -> dict[str, Any]:
    """Title and author of the file's metadata, and the text of its first pages."""
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "it is locked with a password"}
    about: Mapping[str, Any] = reader.metadata or {}
    pages: list[str] = []
    for number in range(min(len(reader.pages), max_pages)):
        if sum(map(len, pages)) > MAX_CHARS:
            break
        pages.append(reader.pages[number].extract_text() or "")
    return {
        "title": str(about.get("/Title") or ""),
        "author": str(about.get("/Author") or ""),
        "pages": pages,
    }


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; there only the time is bounded, by the parent
        return
    for kind, limit in ((resource.RLIMIT_AS, MAX_BYTES), (resource.RLIMIT_CPU, MAX_CPU_S)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(
            kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
        )


if __name__ == "__main__":
    main()
