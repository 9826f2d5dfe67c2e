"""One SMTP connection for many mails, and what each kind of failure means for a mail."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess

import pytest

from digest.config import Smtp
from digest.deliver.smtp import AnswerLost, Mailer, MailRefused
from digest.errors import DeliverError
from tests.deliver.mailbox import Handler, mail_server, scripted_server

MAIL = b"Subject: x\r\n\r\n.\r\n..dots\r\n"
HELLO = ["220 test", "250 test"]
TAKEN = ["250 sender", "250 reader", "354 go on", None, "250 taken"]


def make_mailer(port, environ=None, **smtp):
    return Mailer(
        Smtp(**{"host": "127.0.0.1", "port": port, "security": "none", "timeout_s": 5} | smtp),
        environ or {},
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody has signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*command.split(), "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True
    )
    return cert, key


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_many_mails_go_over_one_connection_as_they_are():
    handler = Handler()
    with mail_server(handler) as port, make_mailer(port) as mailer:
        for reader in ("a@example.org", "b@example.org"):
            mailer.send("news@example.org", reader, MAIL)

    assert [MAIL, MAIL] == [m.content for m in handler.mails]
    assert ["news@example.org"] * 2 == [m.sender for m in handler.mails]
    assert [["a@example.org"], ["b@example.org"]] == [m.to for m in handler.mails]
    assert 1 == len(handler.sessions)


def test_a_refused_reader_does_not_harm_the_next():
    handler = Handler(refused={"a@example.org"})
    with mail_server(handler) as port, make_mailer(port) as mailer:
        with pytest.raises(MailRefused, match=r"550 5\.1\.1 \(address\): no such mailbox") as e:
            mailer.send("news@example.org", "a@example.org", MAIL)
        mailer.send("news@example.org", "b@example.org", MAIL)

    assert "example.org" not in str(e.value)
    assert ["b@example.org"] == handler.readers


@pytest.mark.parametrize("code", [451, 552])
def test_a_no_to_the_whole_mail_is_a_refusal(code):
    async def say_no(server, reader):
        return f"{code} no"

    with (
        mail_server(Handler(on_data=say_no)) as port,
        make_mailer(port) as mailer,
        pytest.raises(MailRefused, match=f"{code} no"),
    ):
        mailer.send("news@example.org", "a@example.org", MAIL)


@pytest.mark.parametrize(
    "broken_off",
    [[], ["250 sender"], ["250 sender", "250 reader"], ["421 too long idle"]],
    ids=["before MAIL", "before RCPT", "before DATA", "with 421"],
)
def test_a_connection_lost_before_the_mails_end_is_opened_anew_once(broken_off):
    with (
        scripted_server(HELLO + broken_off, [*HELLO, *TAKEN, "221 bye"]) as port,
        make_mailer(port) as mailer,
    ):
        mailer.send("news@example.org", "a@example.org", MAIL)


def test_a_connection_lost_twice_is_an_error_of_the_channel():
    with (
        scripted_server(HELLO, HELLO) as port,
        make_mailer(port) as mailer,
        pytest.raises(DeliverError, match="broke off twice") as e,
    ):
        mailer.send("news@example.org", "a@example.org", MAIL)

    assert DeliverError is type(e.value)


def test_a_lost_answer_leaves_the_mail_in_doubt_and_is_not_tried_again():
    in_doubt = [*HELLO, *TAKEN[:-1]]
    with (
        scripted_server(in_doubt, [*HELLO, *TAKEN, "221 bye"]) as port,
        make_mailer(port) as mailer,
    ):
        with pytest.raises(AnswerLost, match="did not answer"):
            mailer.send("news@example.org", "a@example.org", MAIL)
        mailer.send("news@example.org", "b@example.org", MAIL)  # the second connection's first


def test_an_answer_that_takes_too_long_leaves_the_mail_in_doubt(monkeypatch):
    monkeypatch.setattr("digest.deliver.smtp.PATIENCE", 1)
    silent = [*HELLO, *TAKEN[:-1], None]
    with (
        scripted_server(silent) as port,
        make_mailer(port, timeout_s=0.2) as mailer,
        pytest.raises(AnswerLost),
    ):
        mailer.send("news@example.org", "a@example.org", MAIL)


def test_the_answer_to_a_whole_mail_may_take_longer_than_others():
    async def scan(server, reader):
        await asyncio.sleep(0.5)

    with mail_server(Handler(on_data=scan)) as port, make_mailer(port, timeout_s=0.2) as mailer:
        mailer.send("news@example.org", "a@example.org", MAIL)


def test_no_server_is_one_line_with_host_port_and_hint():
    with scripted_server() as port:
        pass
    with pytest.raises(
        DeliverError, match=rf"127\.0\.0\.1:{port}: Connection refused.*feeds\.yaml"
    ):
        make_mailer(port).connect()


def test_starttls_to_a_certificate_nobody_signed_is_refused(tls):
    handler = Handler()
    with (
        mail_server(handler, tls_context=tls) as port,
        pytest.raises(DeliverError, match="certificate is not trusted: self-signed"),
    ):
        make_mailer(port, security="starttls").connect()


def test_starttls_to_a_certificate_that_is_trusted_delivers(tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    handler = Handler()
    with (
        mail_server(handler, tls_context=tls, require_starttls=True) as port,
        make_mailer(port, security="starttls") as mailer,
    ):
        mailer.send("news@example.org", "a@example.org", MAIL)

    assert [MAIL] == [m.content for m in handler.mails]


def test_starttls_to_a_trusted_certificate_of_another_name_is_refused(
    tls, certificate, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with (
        mail_server(Handler(), tls_context=tls) as port,
        pytest.raises(DeliverError, match="certificate is not trusted: Hostname mismatch"),
    ):
        make_mailer(port, host="localhost", security="starttls").connect()


def test_a_server_without_starttls_gets_nothing():
    with (
        mail_server(Handler()) as port,
        pytest.raises(DeliverError, match="STARTTLS extension not supported"),
    ):
        make_mailer(port, security="starttls").connect()


def test_tls_from_the_first_byte(tls, certificate, monkeypatch):
    handler = Handler()
    with (
        mail_server(handler, ssl_context=None) as port,
        pytest.raises(DeliverError, match="no encrypted connection"),
    ):
        make_mailer(port, security="tls").connect()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(handler, ssl_context=tls) as port, make_mailer(port, security="tls") as mailer:
        mailer.send("news@example.org", "a@example.org", MAIL)

    assert ["a@example.org"] == handler.readers


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "127.0.0.1.example.org"])
def test_nothing_goes_in_the_clear_to_another_machine(host):
    with pytest.raises(DeliverError, match=r"delivery\.smtp\.security: none .* \(use starttls"):
        make_mailer(25, host=host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])
def test_this_machine_may_be_talked_to_in_the_clear(host):
    assert isinstance(make_mailer(25, host=host), Mailer)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("DIGEST_SMTP_USER", "DIGEST_SMTP_PASSWORD"),
        ("DIGEST_SMTP_PASSWORD", "DIGEST_SMTP_USER"),
    ],
)
def test_half_a_login_is_an_error(given, missing):
    with pytest.raises(DeliverError, match=f"{missing} is not set"):
        make_mailer(25, {given: "x"})


def test_the_login_comes_from_the_environment_and_a_wrong_one_is_not_shown(
    tls, certificate, monkeypatch
):
    from aiosmtpd.smtp import AuthResult

    seen = []

    def check(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(Handler(), tls_context=tls, authenticator=check, auth_required=True) as port:
        login = {"DIGEST_SMTP_USER": "ada", "DIGEST_SMTP_PASSWORD": "wrong"}
        with pytest.raises(DeliverError, match=r"login was refused: 535 .*DIGEST_SMTP_USER") as e:
            make_mailer(port, login, security="starttls").connect()
        with make_mailer(
            port, login | {"DIGEST_SMTP_PASSWORD": "right"}, security="starttls"
        ) as mailer:
            mailer.send("news@example.org", "a@example.org", MAIL)

    assert (b"ada", b"right") == seen[-1]
    assert "wrong" not in str(e.value)
    assert "ada" not in str(e.value)
