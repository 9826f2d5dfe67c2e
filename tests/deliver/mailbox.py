"""A real SMTP server on loopback that keeps what it takes, an outbox in memory, and a mail to send."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from types import SimpleNamespace

from aiosmtpd.controller import Controller

from digest.config import Delivery
from digest.deliver.message import build_message
from digest.records import DeliveryRow
from digest.week import Week
from tests.render.sample_issue import sample_issue

NOW = datetime(2021, 2, 13, 18, tzinfo=UTC)
WEEK = Week(2021, 6)
READERS = ("Ada <ada@example.org>", "bob@example.org", "Çelik <celik@example.org>")
HTML = (
    "<!doctype html>\r\n<p>Å … = 100 % ≤ 3 naïve\x0c\x85</p>\n.\n..\nFrom here on: "
    + "<td>x</td>" * 200
    + "\n"
).replace("\r\n", "\n")
TEXT = "Deep Learning News\n\n.\nFrom the lecture: x ≤ 3  \nhttps://arxiv.org/abs/2102.06171\n"


class Handler:
    """Keeps every mail; ``refused`` addresses get 550, ``on_rcpt`` and ``on_data`` may do harm first."""

    def __init__(self, refused=(), on_rcpt=None, on_data=None):
        self.mails = []
        self.sessions = set()
        self.refused = refused
        self.on_rcpt = on_rcpt
        self.on_data = on_data

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if self.on_rcpt and (answer := await self.on_rcpt(server, address)):
            return answer
        if address in self.refused:
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.sessions.add(session.peer)
        self.mails.append(
            SimpleNamespace(
                sender=envelope.mail_from,
                to=envelope.rcpt_tos,
                content=envelope.original_content,
                mail=message_from_bytes(envelope.original_content, policy=policy.default),
            )
        )
        if self.on_data and (answer := await self.on_data(server, envelope.rcpt_tos[0])):
            return answer
        return "250 OK"

    @property
    def readers(self):
        return [m.to[0] for m in self.mails]


@contextmanager
def mail_server(handler, **kwargs):
    """The port of a running server."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **kwargs)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def scripted_server(*connections):
    """The port of a server that answers line after line from the script of each connection, then hangs up.

    ``None`` in a script reads the mail up to its last line instead of answering.
    """

    def serve():
        for script in connections:
            peer, _ = listener.accept()
            with peer, peer.makefile("rb") as lines:
                for answer in script:
                    if answer is None:
                        while lines.readline() not in (b".\r\n", b""):
                            pass
                        continue
                    peer.sendall(answer.encode() + b"\r\n")
                    if answer[:3] not in ("221", "421"):
                        lines.readline()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


class MemoryOutbox:
    """An ``Outbox`` in a dictionary, with a log of the calls; ``fail_on_finish`` dies as a full disk would."""

    def __init__(self, fail_on_finish=""):
        self.rows = {}
        self.calls = []
        self.fail_on_finish = fail_on_finish

    def delivery(self, week, recipient):
        return self.rows.get((str(week), recipient))

    def begin_delivery(self, week, recipient, message_id, now):
        self.calls.append(("begin", recipient))
        self.rows[str(week), recipient] = DeliveryRow(
            week=str(week),
            recipient=recipient,
            message_id=message_id,
            status="sending",
            updated=now,
        )

    def finish_delivery(self, week, recipient, status, detail, now):
        if recipient == self.fail_on_finish:
            raise OSError("disk full")
        self.calls.append((status, recipient))
        row = self.rows[str(week), recipient]
        self.rows[str(week), recipient] = DeliveryRow(
            week=row.week,
            recipient=recipient,
            message_id=row.message_id,
            status=status,
            detail=detail,
            updated=now,
        )

    @property
    def statuses(self):
        return {recipient: row.status for (_, recipient), row in self.rows.items()}


def make_delivery(port=25, *, recipients=READERS, security="none", **more):
    smtp = {"host": "127.0.0.1", "port": port, "security": security, "timeout_s": 5}
    data = {"from": "news@example.org", "recipients": recipients, "smtp": smtp} | more
    return Delivery.model_validate({k: v for k, v in data.items() if v is not None})


def make_issue(**changes):
    return replace(sample_issue(), created=NOW, **changes)


def make_message(delivery, **changes):
    return build_message(make_issue(**changes), HTML.encode(), TEXT.encode(), delivery)
