"""The texts, addresses and dates of ``strict_feed``: each as feedparser would give it, or an UnusualError."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from lxml import etree

XML = "{http://www.w3.org/XML/1998/namespace}"
_FREE_ATTRIBUTES = frozenset((f"{XML}lang", f"{XML}space"))

#: Addresses that stay as they are when they are resolved against any other.
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[\w.~/%+,=&@!$'()*:-]*)?(?:\?[\w.~/%+,=&@!$'()*:?-]+)?"
    r"(?:#[\w.~/%+,=&@!$'()*:?-]+)?",
    re.ASCII,
)
_NAME = re.compile(r"(?:tag|urn):[\w.~/%+,=&@!$'()*:-]+", re.ASCII)
_C1 = re.compile(r"[\x80-\x9f]")  # feedparser takes them for Windows-1252

_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d\d):(\d\d):(\d\d) (?:GMT|UTC|([+-]\d\d)(\d\d))",
    re.ASCII,
)
_RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-]\d\d):(\d\d))", re.ASCII
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class UnusualError(Exception):
    """Something that feedparser must judge."""


def check_attributes(element: etree._Element, known: tuple[str, ...]) -> None:
    for name in element.attrib:
        if name not in known and name not in _FREE_ATTRIBUTES:
            raise UnusualError


def empty(element: etree._Element) -> dict[str, str]:
    """The attributes of an element that has no content, by their local names."""
    if len(element) or (element.text or "").strip():
        raise UnusualError
    found = {}
    for name, value in element.attrib.items():
        key = str(name).rpartition("}")[2].lower()
        found[key] = str(value).lower() if key in ("rel", "type") else str(value)
    return found


def text_of(element: etree._Element) -> str:
    """The text of an element without children, mended as feedparser does."""
    if len(element):
        raise UnusualError
    text = (element.text or "").strip()
    if not text.isascii():
        try:
            text = text.encode("iso-8859-1").decode("utf-8")
        except UnicodeError:
            pass  # it is not UTF-8 that was taken for Latin-1
        if _C1.search(text):
            raise UnusualError
    return text


def text_of_type(element: etree._Element) -> str:
    """As ``text_of``, of an element that may say whether it is HTML; XHTML has children."""
    if element.attrib:
        check_attributes(element, ("type",))
        if element.get("type", "text").lower() not in ("text", "html", "text/plain", "text/html"):
            raise UnusualError
    return text_of(element)


def is_name(identity: str) -> bool:
    """``identity`` is no address, and stays as it is when it is resolved against one."""
    return bool(_NAME.fullmatch(identity))


def absolute(url: str) -> str:
    if not _ABSOLUTE.fullmatch(url):
        raise UnusualError
    return url


def moment_of(text: str) -> datetime:
    if match := _RFC_3339.fullmatch(text):
        year, month, day, hour, minute, second = (int(match[n]) for n in range(1, 7))
    elif match := _RFC_822.fullmatch(text):
        day, year, hour, minute, second = (int(match[n]) for n in (1, 3, 4, 5, 6))
        month = _MONTHS.index(match[2]) + 1
    else:
        raise UnusualError
    minutes = int(match[7] or 0) * 60
    minutes += int(match[8] or 0) * (-1 if (match[7] or "").startswith("-") else 1)
    try:
        zone = timezone(timedelta(minutes=minutes))
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        raise UnusualError from None
