"""Ratings that came by mail: of each mail, only whether its subject is exactly the line of a rating.

A mailbox holds what strangers write. No body is looked at, no sender is trusted or kept, and no text of a mail goes any
further: the line names a stored item and one of three words.
"""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from digest.errors import ConfigError
from digest.rating import Verdict, parse_command

MAX_MAILS = 10_000
MAX_HEADER_BYTES = 2**18  #: longer headers than any mail server lets through
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedRating:
    """One line that a mail's subject was."""

    item_id: str
    verdict: Verdict
    at: datetime  #: the mail's date, not later than the time of reading; early where it has none


class _Lines(Protocol):
    """What is read of a file, and of a mail within one."""

    def readline(self, size: int, /) -> bytes: ...


def read_mails(path: Path, *, now: datetime) -> tuple[tuple[MailedRating, ...], int]:
    """The ratings of a mailbox, oldest first, and how many other mails it holds.

    ``path`` is an mbox file, one mail (``.eml``), a Maildir, or a folder of ``.eml`` files. ConfigError where it is none.
    """
    found: list[MailedRating] = []
    others = 0
    try:
        for count, header in enumerate(_headers(path)):
            if count == MAX_MAILS:
                raise ConfigError(f"{path}: holds more than {MAX_MAILS:,} mails")
            rating = _rating(header, now)
            if rating is None:
                others += 1
            else:
                found.append(rating)
    except (OSError, mailbox.Error) as e:
        raise ConfigError(f"{path}: cannot be read: {e}") from e
    # a rating and its taking back may stand in any order in a folder
    return tuple(sorted(found, key=lambda r: r.at)), others


def _headers(path: Path) -> Iterator[Message]:
    if path.is_dir():
        if (path / "cur").is_dir() and (path / "new").is_dir():
            yield from _of_box(mailbox.Maildir(path, create=False))
            return
        files = sorted(path.glob("*.eml"))
        if not files:
            raise ConfigError(f"{path}: is no Maildir and holds no .eml file")
    else:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
        if is_mbox:
            yield from _of_box(mailbox.mbox(path, create=False))
            return
        if path.suffix.lower() != ".eml":
            if path.stat().st_size:
                raise ConfigError(f"{path}: is no mbox file and no .eml file")
            return
        files = [path]
    for one in files:
        with one.open("rb") as file:
            yield _header(file)


def _of_box(box: mailbox.Maildir | mailbox.mbox) -> Iterator[Message]:
    try:
        for key in sorted(box.keys()):  # of a Maildir, strings; of an mbox, numbers
            with closing(box.get_file(key)) as file:
                yield _header(file)
    finally:
        box.close()


def _header(file: _Lines) -> Message:
    """The header alone: a body may be large, and made to keep a parser busy."""
    lines: list[bytes] = []
    size = 0
    while (line := file.readline(MAX_HEADER_BYTES)).strip() and size < MAX_HEADER_BYTES:
        lines.append(line)
        size += len(line)
    return BytesHeaderParser().parsebytes(b"".join(lines))


def _rating(header: Message, now: datetime) -> MailedRating | None:
    subjects = header.get_all("Subject") or []
    # a mail program may break the line before its last word
    lines = [str(s).replace("\r\n", "").replace("\n", "") for s in subjects]
    parsed = parse_command(lines[0].strip(" ")) if len(lines) == 1 else None
    if parsed is None:
        return None
    return MailedRating(item_id=parsed[0], verdict=parsed[1], at=_date(header, now))


def _date(header: Message, now: datetime) -> datetime:
    try:
        date = parsedate_to_datetime(str(header.get("Date", "")))
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        date = date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return EARLIEST  # read again and again, it must not overrule what was said since
    return max(EARLIEST, min(date, now))
