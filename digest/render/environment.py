"""The two Jinja environments: one escapes for HTML and XML, the other writes plain text.

Everything that an Issue carries is untrusted, a model's sentences included. Three walls: every expression of a HTML or
XML template is escaped, every ``href`` goes through ``safe_url``, and characters that XML forbids or that turn the
direction of the page are dropped from every expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digest import health, paths, rating
from digest.render.tex import to_unicode

#: What XML 1.0 has no room for, and the marks that override the direction of what follows them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NOT_IN_URLS = re.compile(r"[\s<>\"'`\\^{}|\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e]")

#: More names than this are counted, not read.
MAX_AUTHORS = 6

_NUMBER_WORDS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


@cache
def html_environment() -> Environment:
    """For HTML, XML and SVG templates; every expression is escaped."""
    return _environment(is_escaping=True)


@cache
def text_environment() -> Environment:
    """For plain text and Markdown templates; nothing is escaped."""
    return _environment(is_escaping=False)


def safe_url(url: str) -> str:
    """The URL where a reader may be sent to it, else "": absolute http(s) with a host and no password, or mailto."""
    url = url.strip()
    if _NOT_IN_URLS.search(url):
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError where it is no number
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return url if "@" in parts.path else ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    return url if is_web else ""


def is_picture(name: str) -> bool:
    """``name`` is that of a picture beside the issue, and leads nowhere else."""
    return re.fullmatch(r"figure-[0-9a-f]{16}\.(?:png|jpg|gif|webp)", name) is not None


def strip_forbidden(text: str) -> str:
    """The text without characters that no output may carry."""
    return _FORBIDDEN.sub("", text)


def long_date(day: date) -> str:
    """As spoken: "Saturday 13 February 2021"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def short_date(day: date) -> str:
    """For lists: "13 Feb 2021"."""
    return f"{day.day} {day:%b} {day.year}"


def timestamp(moment: datetime) -> str:
    """RFC 3339, as Atom wants it: "2021-02-13T18:04:05Z"."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def number_word(number: int) -> str:
    """Small numbers as words: "three"; from 13 on as digits."""
    return _NUMBER_WORDS[number] if 0 <= number < len(_NUMBER_WORDS) else f"{number:,}"


def count(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun: "1 story", "3 stories", "2,417 items"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def ended(text: str) -> str:
    """``text`` as a sentence: with a full stop, unless it has its own end ("How many frames does it take?")."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def authors_line(authors: Sequence[str]) -> str:
    """The names as a line; of more than six the first three, and how many more there are."""
    names = [to_unicode(name) for name in authors]
    if len(names) > MAX_AUTHORS:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return ", ".join(names)


def cut_at(text: str, phrase: str) -> tuple[str, str, str]:
    """What is before, in and after the first occurrence of the phrase, which stands there as a whole: "issue 1" is not
    in "issue 12". Upper and lower case are the same. ``(text, "", "")`` where it does not occur.
    """
    match = phrase and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _finalize(value: Any) -> Any:
    """Applied to every expression before it is escaped."""
    if isinstance(value, Markup):
        return Markup(strip_forbidden(value))  # noqa: S704 -- it was markup before
    return strip_forbidden(value) if isinstance(value, str) else value


def _environment(*, is_escaping: bool) -> Environment:
    # Not select_autoescape(["html"]): that does not match the ending ".html.j2".
    environment = Environment(
        loader=FileSystemLoader(paths.templates()),
        autoescape=is_escaping,  # noqa: S701 -- plain text must not be escaped
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "tex": to_unicode,
        "safe_url": safe_url,
        "is_picture": is_picture,
        "long_date": long_date,
        "short_date": short_date,
        "state": health.state,
        "missing": health.missing,
        "alarms": health.alarms,
        "timestamp": timestamp,
        "number_word": number_word,
        "authors": authors_line,
        "cut_at": cut_at,
        "ended": ended,
    }
    environment.globals |= {"count": count, "rating_url": rating.rating_url}
    return environment
