"""What the makers of wire files share: XML name spaces, time stamps, and stable stand-ins for numbers of live services."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml.builder import (  # type: ignore[import-not-found]  # lxml-stubs leave it out
    ElementMaker as ElementMaker,  # noqa: PLC0414  # re-exported
)

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

Data = Mapping[str, Any]  #: what YAML gives for one entry
Element = etree._Element  # noqa: SLF001  # lxml has no public name for it


def to_xml(root: Element, *, quote: str = '"') -> bytes:
    """An indented document in UTF-8; ``quote`` marks off the XML declaration's values, which differs between sources."""
    etree.indent(root, space="  ")
    body = etree.tostring(root, encoding="unicode")
    return f"<?xml version={quote}1.0{quote} encoding={quote}UTF-8{quote}?>\n{body}\n".encode()


def to_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def zulu(moment: datetime) -> str:
    """``2021-02-13T18:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fingerprint(text: str) -> str:
    """64 hex digits that depend on ``text`` alone; a part of them stands in for an id that only the live service knows."""
    return hashlib.sha256(text.encode()).hexdigest()
