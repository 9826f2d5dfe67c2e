"""Untrusted text and URLs in Markdown: written so that CommonMark, pandoc and Marp read back exactly the text.

https://spec.commonmark.org/0.31.2/#backslash-escapes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from digest.render.environment import is_picture, safe_url

#: What begins emphasis, code, links, HTML, tables, mathematics, super- and subscripts anywhere in a line. An underscore
#: inside a word begins nothing, nor does an ampersand that no entity follows.
_INLINE = re.compile(r"[\\`*\[\]<>|~$^]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|@(?=\w)|!(?=\[)")
#: What begins a heading, a list, a rule or a fence at the start of a line.
_BLOCK = re.compile(r"^(?:[#+=:-]|(\d{1,9})(?=[.)]))")
_UNSAFE_IN_URL = re.compile(r"[\s()<>\\\"'`\[\]|*]")
_URL = re.compile(r"https?://\S+")


def escape(text: str) -> str:
    """The text as Markdown of one line that reads back as the text itself, with white space folded."""
    escaped = _INLINE.sub(lambda m: "\\" + m[0], " ".join(text.split()))
    return _BLOCK.sub(lambda m: f"{m[1]}\\" if m[1] else "\\" + m[0], escaped)


def link(label: str, url: str) -> str:
    """``[label](url)``; the label alone where the URL is none to send a reader to."""
    vetted = safe_url(url)
    return f"[{escape(label)}]({_destination(vetted)})" if vetted else escape(label)


def picture(alt: str, name: str) -> str:
    """``![alt](name)`` of a picture beside the issue; the words alone where ``name`` is none."""
    return f"![{escape(alt)}]({name})" if is_picture(name) else escape(alt)


def comment(text: str) -> str:
    """The text without what would end an HTML comment: of hyphens in a row, those in a URL are percent-coded, others
    become a dash.
    """
    coded = _URL.sub(lambda m: m[0].replace("--", "-%2D").replace(">", "%3E"), text)
    return re.sub(r"-{2,}", "–", coded)


def front_matter(values: Mapping[str, Any]) -> str:
    """YAML between two lines of hyphens; empty values are left out, and no text can bring such a line with it."""
    folded = {k: " ".join(v.split()) if isinstance(v, str) else v for k, v in values.items()}
    kept = {key: value for key, value in folded.items() if value not in ("", None)}
    return f"---\n{yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=1000)}---\n"


def _destination(url: str) -> str:
    """The URL with what would end a link's destination percent-coded."""
    return _UNSAFE_IN_URL.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), url)
