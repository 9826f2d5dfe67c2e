"""Mails over one SMTP connection (RFC 5321), with every doubt about a mail's fate told apart.

User and password come from the environment, DIGEST_SMTP_USER and DIGEST_SMTP_PASSWORD. Without encryption nothing goes
to another machine. A certificate of one's own is trusted through OpenSSL's SSL_CERT_FILE.
"""

from __future__ import annotations

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from digest.config import Smtp
from digest.errors import DeliverError

CHANNEL = "mail"

#: So many times longer than other answers the one to a whole mail may take: servers scan it first (RFC 5321, 4.5.3.2.6,
#: asks for ten minutes), and giving up early leaves the mail's fate in doubt.
PATIENCE = 10


class MailRefused(DeliverError):
    """The server answered no: this mail went to nobody, the connection goes on."""


class AnswerLost(DeliverError):
    """The whole mail was handed over, but no answer came: nobody knows whether it went out."""


class Mailer:
    """A connection, opened by ``connect`` or the first mail, opened anew once where it breaks; a context manager.

    DeliverError at once where ``smtp`` would send in the clear to another machine or half of a login is given.
    """

    def __init__(self, smtp: Smtp, environ: Mapping[str, str]) -> None:
        self._smtp = smtp
        self._where = f"{smtp.host}:{smtp.port}"
        self._user = environ.get("DIGEST_SMTP_USER", "")
        self._password = environ.get("DIGEST_SMTP_PASSWORD", "")
        self._server: smtplib.SMTP | None = None
        if smtp.security == "none" and not _is_loopback(smtp.host):
            raise DeliverError(
                CHANNEL,
                f"delivery.smtp.security: none would send mail and password readable to all to {smtp.host}",
                hint="use starttls (port 587) or tls (port 465); none is for this machine only",
            )
        if bool(self._user) != bool(self._password):
            missing = "DIGEST_SMTP_PASSWORD" if self._user else "DIGEST_SMTP_USER"
            raise DeliverError(
                CHANNEL, f"{missing} is not set", hint="set user and password, or neither"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and kind is None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                pass  # every mail has had its answer by now
        self._close()

    def connect(self) -> smtplib.SMTP:
        """The open and logged-in connection; DeliverError, one line, where there can be none."""
        if self._server is None:
            self._server = self._open()
        return self._server

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Return once the server has taken the mail; MailRefused, AnswerLost, or DeliverError: the server is gone.

        ``sender`` and ``recipient`` are bare addresses, ``message`` has CRLF line ends. The mail is tried a second time
        over a new connection only while its last line has not been sent, since until then no server may deliver it.
        """
        body = message if message.endswith(b"\r\n") else message + b"\r\n"
        body = body.replace(b"\r\n.", b"\r\n..")
        try:
            server = self._send_unended(sender, recipient, body)
        except smtplib.SMTPException:
            self._close()
            try:
                server = self._send_unended(sender, recipient, body)
            except smtplib.SMTPException as e:
                self._close()
                raise DeliverError(CHANNEL, f"{self._where}: broke off twice: {_words(e)}") from e
        try:
            self._set_timeout(server, PATIENCE * self._smtp.timeout_s)
            server.send(b".\r\n")
            code, text = server.getreply()
            self._set_timeout(server, self._smtp.timeout_s)
        except smtplib.SMTPException as e:
            self._close()
            raise AnswerLost(
                CHANNEL, f"{self._where}: took the whole mail and did not answer: {_words(e)}"
            ) from e
        if not 200 <= code < 300:
            raise MailRefused(CHANNEL, _answer(code, text))

    def _send_unended(self, sender: str, recipient: str, body: bytes) -> smtplib.SMTP:
        """All of the dialogue but the mail's last line; SMTPException where the connection broke."""
        server = self.connect()
        size = [f"size={len(body)}"] if server.has_extn("size") else []
        _check(server, server.mail(sender, size))
        _check(server, server.rcpt(recipient))
        _check(server, server.docmd("DATA"))
        server.send(body)
        return server

    def _open(self) -> smtplib.SMTP:
        smtp = self._smtp
        context = ssl.create_default_context()
        server: smtplib.SMTP | None = None
        try:
            if smtp.security == "tls":
                server = smtplib.SMTP_SSL(
                    smtp.host, smtp.port, timeout=smtp.timeout_s, context=context
                )
            else:
                server = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout_s)
            if smtp.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if self._user:
                server.login(self._user, self._password)
            if server.sock is not None:
                # The mail's end is a packet of three bytes that should not wait for the receipt of the one before.
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (smtplib.SMTPException, OSError) as e:
            if server is not None:
                server.close()
            raise self._explain(e) from e
        return server

    def _explain(self, error: Exception) -> DeliverError:
        """What stopped the connection, and what to do about it; never with user or password."""
        what, hint = _words(error), "look at delivery.smtp in feeds.yaml"
        if isinstance(error, ssl.SSLCertVerificationError):
            what = f"its certificate is not trusted: {error.verify_message}"
            hint = "name the server as its certificate does, or trust it with SSL_CERT_FILE=ca.pem"
        elif isinstance(error, ssl.SSLError):
            what = f"no encrypted connection: {what}"
            hint = "security is tls on port 465 and starttls on port 587"
        elif isinstance(error, smtplib.SMTPAuthenticationError):
            what = f"the login was refused: {what}"
            hint = "look at DIGEST_SMTP_USER and DIGEST_SMTP_PASSWORD"
        elif isinstance(error, smtplib.SMTPNotSupportedError):
            what = f"does not offer what is needed: {what}"
            hint = "security is tls on port 465 and starttls on port 587; a login needs encryption"
        elif isinstance(error, TimeoutError):
            what = f"no answer within {self._smtp.timeout_s:g} s"
        return DeliverError(CHANNEL, f"{self._where}: {what}", hint=hint)

    @staticmethod
    def _set_timeout(server: smtplib.SMTP, seconds: float) -> None:
        if server.sock is not None:
            server.sock.settimeout(seconds)

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _check(server: smtplib.SMTP, reply: tuple[int, bytes]) -> None:
    """None where the server agrees; else MailRefused, with the server ready for the next mail."""
    code, text = reply
    if code == 421:  # RFC 5321, 3.8: it closes the connection, whatever the question was
        raise smtplib.SMTPServerDisconnected(_answer(code, text))
    if not 200 <= code < 400:
        server.rset()
        raise MailRefused(CHANNEL, _answer(code, text))


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _answer(None, str(error) or type(error).__name__)


def _answer(code: int | None, text: bytes | str) -> str:
    """In one line and without addresses, since details end up in reports and logs."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = re.sub(r"<?[^\s<>@]+@[^\s<>@,;:]+>?", "(address)", " ".join(words.split()))[:200]
    return f"{code} {words}" if code is not None else words


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
