"""The formats in which people keep pages and links: MHTML, Windows and macOS shortcuts, desktop entries, lists of links.

All functions are pure: bytes to what they hold. A file that is none of its kind raises ValueError.
"""

from __future__ import annotations

import email
import plistlib
import re
from dataclasses import dataclass

from digest.collect.markup import is_http, links_in, one_line

MAX_LINKS = 200  #: of one list

_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,2000})\s*-->", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\]\[]{0,500})\]\((\S{1,2000}?)(?:\s+\"[^\"]*\")?\)")
_BULLET = re.compile(r"^\s*(?:[-*+•>]|\d{1,3}[.)])\s+")
_AROUND = " \t-–—:|,;<>()[]\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address that somebody kept, with the title written beside it and the line where it stands."""

    url: str
    title: str = ""
    line: int = 0  #: 0 where the file holds one link


def saved_from(page: bytes) -> str:
    """The address in the comment that browsers put into a page they save; "" where there is none."""
    match = _SAVED_FROM.search(page[:4096])
    url = match[1].decode("utf-8", "replace") if match else ""
    return url if is_http(url) else ""


def from_mhtml(content: bytes) -> tuple[bytes, str, str]:
    """The page of a web archive, its content type with the encoding, and its address ("" where it names none)."""
    message = email.message_from_bytes(content)
    stated = [str(message.get("Snapshot-Content-Location") or "")]
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                stated += [
                    str(part.get("Content-Location") or ""),
                    str(message.get("Content-Location") or ""),
                ]
                url = next((u.strip() for u in stated if is_http(u.strip())), "")
                charset = part.get_content_charset() or "utf-8"
                return page, f"text/html; charset={charset}", url
    raise ValueError("holds no web page")


def from_shortcut(content: bytes) -> Link:
    """The link of a Windows shortcut or a desktop entry; or of a file whose first line is an address."""
    text = _decoded(content)
    values = dict(re.findall(r"(?m)^\s*(URL|Name)\s*=\s*(.{1,2000}?)\s*$", text))
    first = text.strip().partition("\n")[0].strip()
    url = values.get("URL", first)
    if not is_http(url):
        raise ValueError("names no http(s) address")
    return Link(url=url, title=one_line(values.get("Name", "")))


def from_webloc(content: bytes) -> Link:
    """The link of a macOS shortcut, a property list in XML or binary."""
    try:
        data = plistlib.loads(content)
    except Exception as e:  # it raises what the parsers below it do
        raise ValueError("is no property list") from e
    url = str(data.get("URL", "")).strip() if isinstance(data, dict) else ""
    if not is_http(url):
        raise ValueError("names no http(s) address")
    return Link(url=url)


def from_list(content: bytes) -> tuple[Link, ...]:
    """The links of a text or Markdown file, the first of each line, with the words before or after it as its title."""
    links: dict[str, Link] = {}
    for number, line in enumerate(_decoded(content).splitlines(), start=1):
        line = _BULLET.sub("", line[:4000])  # noqa: PLW2901
        if (match := _MARKDOWN.search(line)) and is_http(match[2]):
            url, title = match[2], match[1]
        elif urls := links_in(line):
            url = urls[0]
            before, _, after = line.partition(url)
            title = before.strip(_AROUND) or after.strip(_AROUND)
        else:
            continue
        links.setdefault(url, Link(url=url, title=one_line(title)[:300], line=number))
        if len(links) >= MAX_LINKS:
            break
    return tuple(links.values())


def _decoded(content: bytes) -> str:
    """Notepad writes UTF-16 and a mark before UTF-8, and old programs write cp1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
