"""The lines of a JSONL file of texts: each a text to condense, or the reason why it is none.

{"id": "x", "title": "...", "text": "..."}            sentences are found by rule
{"id": "x", "title": "...", "sentences": ["...", ...]}   these are the sentences; the text is their join by a blank
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from digest.sentences import split
from digest.summarize.batching import request_for
from digest.types import SummaryRequest

MAX_LINE_BYTES = 8 * 2**20  #: a text of a few megabytes is a book; more on one line is no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line that holds a text."""

    line: int  #: 1-based, in the file
    id: str | int  #: as the line gives it
    request: SummaryRequest
    sentences: tuple[tuple[int, int], ...]  #: (start, end) offsets into the text, one a sentence

    @property
    def sentence_texts(self) -> tuple[str, ...]:
        return tuple(self.request.text[a:b] for a, b in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line that holds none."""

    line: int
    id: str | int | None  #: None where it could not be read
    error: str  #: what is wrong, for a person


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(number, bytes) of every line that is not blank; None for the bytes of one beyond ``MAX_LINE_BYTES``."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def parse(number: int, line: bytes | None) -> Record | Fault:
    """What a line holds."""
    row_id: str | int | None = None
    try:
        row = _row(line, number)
        row_id = _id(row)
        title = " ".join(_text(row, "title").split())
        text, sentences = _body(row)
    except _Refused as e:
        return Fault(line=number, id=row_id, error=str(e))
    return Record(
        line=number,
        id=row_id,
        request=request_for(str(row_id), title, text),
        sentences=sentences,
    )


class _Refused(Exception):
    pass


def _row(line: bytes | None, number: int) -> dict[str, object]:
    if line is None:
        raise _Refused(f"the line is longer than {MAX_LINE_BYTES >> 20} MiB")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        row = json.loads(text)
    except UnicodeDecodeError as e:
        raise _Refused(f"not UTF-8: byte {e.start + 1} is {line[e.start]:#04x}") from e
    except json.JSONDecodeError as e:
        raise _Refused(f"not JSON: {e.msg} at character {e.colno}") from e
    except (
        ValueError,
        RecursionError,
    ) as e:  # a number of thousands of digits, a thousand brackets
        raise _Refused("not JSON that can be read: a number too long, or nested too deep") from e
    if not isinstance(row, dict):
        raise _Refused('not an object such as {"id": "x", "title": "...", "text": "..."}')
    return row


def _id(row: dict[str, object]) -> str | int:
    value = row.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Refused('"id" must be text or a whole number')
    if isinstance(value, str):
        if not value.strip():
            raise _Refused('"id" is empty')
        _refuse_unwritable("id", value)
    return value


def _text(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused(f'"{key}" must be text')
    _refuse_unwritable(key, value)
    return value


def _body(row: dict[str, object]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text, and where its sentences lie in it."""
    given = row.get("sentences")
    if given is not None and not (isinstance(given, list) and all(isinstance(s, str) for s in given)):  # fmt: skip
        raise _Refused('"sentences" must be a list of texts')
    if given:
        text = " ".join(given)
        _refuse_unwritable("sentences", text)
        spans, at = [], 0
        for sentence in given:
            spans.append((at, at + len(sentence)))
            at += len(sentence) + 1
        sentences = tuple(spans)
    else:
        text = _text(row, "text")
        sentences = split(text)
    if not text.strip():
        raise _Refused('no text: give "text" or "sentences"')
    return text, sentences


def _refuse_unwritable(key: str, value: str) -> None:
    """What no UTF-8 file can hold, and what C programs take for the end of a text."""
    if "\x00" in value:
        raise _Refused(f'"{key}" has a NUL character in it')
    try:
        value.encode()
    except UnicodeEncodeError as e:
        raise _Refused(
            f'"{key}" has half a surrogate pair in it, at character {e.start + 1}'
        ) from e
