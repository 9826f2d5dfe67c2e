"""The mail to every reader, each of them once.

A row "sending" is written before the SMTP dialogue and "sent" or "failed" after it. Where a row "sending" is found, a
run was killed, or the server's answer was lost, in between: nobody knows whether that mail went out, so it is reported
and not repeated unless ``resend`` names the reader.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from digest.config import Delivery
from digest.deliver.message import address_to, is_address, parse_address, sender_of
from digest.deliver.smtp import CHANNEL, AnswerLost, Mailer, MailRefused
from digest.errors import DeliverError
from digest.issue import Issue
from digest.records import DeliveryRow
from digest.week import Week

__all__ = ["DeliveryResult", "Outbox", "send"]

log = logging.getLogger(__name__)

HOW_TO_RESEND = "`send --resend ADDRESS` sends it again if it did not arrive"

DeliveryStatus = Literal["sent", "skipped", "would_send", "failed", "unknown"]


class Outbox(Protocol):
    """What is remembered of the mails; the Store is one."""

    def delivery(self, week: Week, recipient: str) -> DeliveryRow | None: ...

    def begin_delivery(
        self, week: Week, recipient: str, message_id: str, now: datetime
    ) -> None: ...

    def finish_delivery(
        self,
        week: Week,
        recipient: str,
        status: Literal["sent", "failed"],
        detail: str,
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """What became of the mail to one reader."""

    recipient: str  #: as configured
    status: DeliveryStatus
    detail: str = ""  #: one line, without addresses


def send(
    issue: Issue,
    message: bytes,
    delivery: Delivery,
    store: Outbox,
    *,
    now: datetime,
    environ: Mapping[str, str],
    is_dry_run: bool = False,
    resend: Collection[str] = (),
) -> tuple[DeliveryResult, ...]:
    """What became of each configured reader, in their order; () where none is configured.

    ``message`` is what ``build_message`` made. Readers that have the issue are skipped, unless ``resend`` names them.
    DeliverError, before anything is written or sent, where nobody could be mailed: no sender, no server, a wrong
    password. A refused reader does not keep the mail from the others. A dry run neither writes nor connects.
    """
    readers = _unique(delivery.recipients)
    again = _named_again(resend, readers)
    if not readers:
        return ()
    mailer, sender = _prepare(issue, message, delivery, environ)
    week = Week.parse(issue.week)
    results: dict[str, DeliveryResult] = {}
    for key, recipient in readers.items():
        row = None if key in again else store.delivery(week, key)
        if not is_address(recipient):
            results[key] = _result(recipient, "failed", "is not a mail address")
        elif row is not None and row.status != "failed":
            results[key] = _not_again(recipient, row)
        elif is_dry_run:
            results[key] = _would_send(recipient, message)
    to_send = {key: recipient for key, recipient in readers.items() if key not in results}
    if to_send:
        with mailer:
            mailer.connect()  # before any row is written: a wrong password is no reader's failure
            for result in _send_all(
                week, message, to_send, store, mailer=mailer, sender=sender, now=now
            ):
                log.info("mail %d of %d: %s", len(results) + 1, len(readers), result.status)
                results[_key(result.recipient)] = result
    return tuple(results[key] for key in readers)


def _send_all(
    week: Week,
    message: bytes,
    to_send: Mapping[str, str],
    store: Outbox,
    *,
    mailer: Mailer,
    sender: str,
    now: datetime,
) -> Iterator[DeliveryResult]:
    gone = ""
    for key, recipient in to_send.items():
        if gone:
            yield _result(recipient, "failed", f"not tried: {gone}")
            continue
        mail = address_to(message, recipient)
        store.begin_delivery(week, key, str(mail["Message-ID"]), now)
        try:
            mailer.send(sender, parse_address(recipient).addr_spec, mail.as_bytes())
        except AnswerLost as e:
            yield _result(recipient, "unknown", f"{e}; {HOW_TO_RESEND}")
            continue
        except DeliverError as e:
            gone = "" if isinstance(e, MailRefused) else str(e)
            store.finish_delivery(week, key, "failed", str(e), now)
            yield _result(recipient, "failed", str(e))
            continue
        store.finish_delivery(week, key, "sent", "", now)
        yield _result(recipient, "sent")


def _prepare(
    issue: Issue, message: bytes, delivery: Delivery, environ: Mapping[str, str]
) -> tuple[Mailer, str]:
    """The mailer, not yet connected, and the bare address of the sender; DeliverError where something is missing."""
    if delivery.sender is None:
        raise _missing("from", '"ML News <news@example.org>"')
    if delivery.smtp is None:
        raise _missing("smtp", "{host: smtp.example.org}")
    sender = parse_address(delivery.sender).addr_spec
    if sender != sender_of(message):
        raise DeliverError(
            CHANNEL,
            "digest.eml does not come from the sender that delivery.from names",
            hint=f"make it again with `run_digest.py build --week {issue.week}`",
        )
    return Mailer(delivery.smtp, environ), sender


def _missing(key: str, example: str) -> DeliverError:
    return DeliverError(
        CHANNEL,
        f"delivery.{key} is missing, though there are delivery.recipients",
        hint=f"add `{key}: {example}` under `delivery:` in feeds.yaml",
    )


def _unique(recipients: Collection[str]) -> dict[str, str]:
    """Recipient as configured, by the key it is stored under."""
    readers: dict[str, str] = {}
    for recipient in recipients:
        readers.setdefault(_key(recipient), recipient)
    return readers


def _key(recipient: str) -> str:
    """The bare address in small letters: another name or case does not make another reader."""
    is_valid = is_address(recipient)
    return (parse_address(recipient).addr_spec if is_valid else recipient).lower()


def _named_again(resend: Collection[str], readers: Mapping[str, str]) -> frozenset[str]:
    again = frozenset(map(_key, resend))
    if strangers := sorted(again - readers.keys()):
        raise DeliverError(
            CHANNEL,
            f"--resend {strangers[0]}: is not in delivery.recipients",
            hint="name a reader of feeds.yaml",
        )
    return again


def _not_again(recipient: str, row: DeliveryRow) -> DeliveryResult:
    when = f"{row.updated:%Y-%m-%d %H:%M} UTC"
    if row.status == "sent":
        return _result(recipient, "skipped", f"already sent on {when}")
    return _result(recipient, "unknown", f"cut off while sending on {when}; {HOW_TO_RESEND}")


def _would_send(recipient: str, message: bytes) -> DeliveryResult:
    mail = address_to(message, recipient)
    size_kb = len(mail.as_bytes()) / 1000
    return _result(recipient, "would_send", f"“{mail['Subject']}”, {size_kb:.0f} kB")


def _result(recipient: str, status: DeliveryStatus, detail: str = "") -> DeliveryResult:
    return DeliveryResult(recipient=recipient, status=status, detail=detail)
