"""JSON as web services answer it: asked for in one way, and read as if every field could hold anything.

A service's documents name a type for each field, and its answers keep to them until a night when they do not: null for
a count, a number for a string, a list for an object, a string that is no Unicode. Each reader here takes any value and
gives the type that it names, or says that there is none; nothing raises but ``ParseError``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from digest.collect.markup import mended
from digest.collect.visit import Visit
from digest.errors import ParseError
from digest.net import Response
from digest.retry import CHECK_URL, LATER

T = TypeVar("T", dict[str, Any], list[Any])

ANSWER_TRIES = 2  #: of an answer that is no JSON, or breaks off, though its status was 200
COUNT_MAX = (
    10**15
)  #: more than any count of readers, and milliseconds since 1970; integers of SQLite end at 2^63

_KINDS: Mapping[type, str] = {dict: "an object", list: "a list"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def ask(visit: Visit, url: str, kind: type[T], params: Mapping[str, str] | None = None) -> T:
    """The JSON answer to a GET, a ``kind`` (dict or list); FetchError or ParseError where there is none."""
    for tries in range(1, ANSWER_TRIES + 1):
        response = visit.http.get(url, params=params)
        try:
            return read(response, visit.source, kind)
        except ParseError:
            if tries == ANSWER_TRIES:
                raise
    raise AssertionError("unreachable")


def read(response: Response, source: str, kind: type[T]) -> T:
    """The JSON of an answer, a ``kind`` (dict or list); ParseError in one line where it is anything else."""
    content = response.content.strip()
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as e:  # bytes of no encoding, digits without end, brackets
        is_page = content[:1] == b"<"
        what = "a web page" if is_page else "something else than JSON, or breaks off"
        hint = f"a maintenance page, most likely; {LATER}" if is_page else LATER
        raise ParseError(source, f"the answer is {what}", hint=hint) from e
    if not isinstance(value, kind):
        got = _KINDS.get(type(value), "a bare value")
        said = text_of(fields_of(value).get("message") or fields_of(value).get("error"))
        more = f": {' '.join(said.split())[:120]}" if said else ""
        message = f"the answer is {got}, no {_KINDS[kind].split()[-1]}{more}"
        raise ParseError(source, message, hint=f"{CHECK_URL}, or {LATER}")
    return value


def fields_of(value: object) -> dict[str, Any]:
    """The object, empty where ``value`` is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The list, empty where ``value`` is none."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """The string, "" where ``value`` is none; halves of surrogate pairs, which no file can hold, become "?"."""
    return _SURROGATE.sub("?", value) if isinstance(value, str) else ""


def line_of(value: object) -> str:
    """The string on one line, white space folded; for a service of plain text, in which ``$a<b$`` is a formula."""
    return " ".join(mended(text_of(value)).split())


def id_of(value: object, pattern: re.Pattern[str]) -> str:
    """The string, or the number in digits, that ``pattern`` matches wholly; "" where it does not."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= COUNT_MAX:
        value = str(value)
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def count_of(value: object) -> int | None:
    """A count from a number, or from a string of digits; None where it is no whole number of 0 to ``COUNT_MAX``."""
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[0-9]{1,15}", value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_one = math.isfinite(value) and 0 <= value <= COUNT_MAX and value == int(value)
    return int(value) if is_one else None


def epoch_moment(value: object, *, per_second: int = 1) -> datetime | None:
    """A moment in UTC from a time since 1970 in units of 1/``per_second`` s; None where it is none."""
    count = None if isinstance(value, bool) else count_of(value)
    if not count:
        return None
    try:
        return datetime.fromtimestamp(count / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso_moment(value: object) -> datetime | None:
    """A moment in UTC from "2021-02-09T12:00:00.000Z" or "2021-02-09" (its midnight); None where it is none."""
    try:
        moment = datetime.fromisoformat(text_of(value).strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
