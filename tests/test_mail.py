"""The demo's issue by mail, with the commands a user types: a real SMTP dialogue, three readers, and nobody twice."""

from __future__ import annotations

import shutil

import pytest

from digest.cli import main
from tests.deliver.mailbox import Handler, mail_server

READERS = ("ada@example.org", "bob@example.org", "celik@example.org")


@pytest.fixture
def folder(tmp_path, monkeypatch, extractive_demo):
    """The demo's output and database, as ``make demo`` leaves them."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(extractive_demo.out, tmp_path / "OUT")
    shutil.copy(extractive_demo.db, tmp_path / "digest.db")
    return tmp_path


def configured(folder, port):
    path = folder / "feeds.yaml"
    path.write_text(
        "title: Deep Learning News\n"
        "sources: [{kind: arxiv, categories: [cs.LG]}]\n"
        "summarizer: {backend: extractive}\n"
        "delivery:\n"
        "  from: Deep Learning News <news@example.org>\n"
        f"  recipients: [{', '.join(READERS)}]\n"
        f"  smtp: {{host: 127.0.0.1, port: {port}, security: none}}\n"
    )
    return path


def test_each_reader_gets_the_issue_once_and_a_second_send_sends_nothing(folder, capsys):
    handler = Handler()
    with mail_server(handler) as port:
        configured(folder, port)
        argv = ["--week", "2021-W06", "--now", "2021-02-13T19:00Z"]

        assert 0 == main(["build", "-q", *argv])
        assert 0 == main(["send", "--dry-run", *argv])
        assert [] == handler.mails
        assert 0 == main(["send", *argv])
        assert sorted(READERS) == sorted(m["To"] for m in (x.mail for x in handler.mails))
        assert 0 == main(["send", *argv])

    assert 3 == len(handler.mails)
    html = (folder / "OUT/2021/w06/email.html").read_bytes()
    drawn = (folder / "OUT/2021/w06/result-1.png").read_bytes()
    for sent in handler.mails:
        assert [sent.mail["To"]] == sent.to
        body = sent.mail.get_body(("html",)).get_payload(decode=True).replace(b"\r\n", b"\n")
        # the page, but for the addresses of the pictures, which travel in the mail
        (picture,) = [p for p in sent.mail.walk() if p.get_content_type() == "image/png"]
        cid = picture["Content-ID"].strip("<>").encode()
        assert html == body.replace(b"cid:" + cid, b"result-1.png")
        assert drawn == picture.get_payload(decode=True)
    out = capsys.readouterr().out
    assert 3 == out.count("would_send")
    assert 3 == out.count("\nsent ")
    assert 3 == out.count("skipped")


def test_an_issue_that_was_sent_stays_as_it_was_sent(folder, capsys):
    with mail_server(Handler()) as port:
        path = configured(folder, port)
        argv = ["--week", "2021-W06", "--now", "2021-02-13T19:00Z"]
        assert 0 == main(["build", "-q", *argv])
        assert 0 == main(["send", *argv])
    before = (folder / "OUT/2021/w06/digest.json").read_bytes()
    path.write_text(path.read_text() + "length: {full_stories: 2}\n")

    assert 0 == main(["build", *argv])

    assert before == (folder / "OUT/2021/w06/digest.json").read_bytes()
    assert "has been sent already" in capsys.readouterr().err


def test_with_nobody_configured_nothing_is_sent(folder, capsys):
    (folder / "feeds.yaml").write_text("sources: [{kind: arxiv, categories: [cs.LG]}]\n")

    assert 0 == main(["send", "--week", "2021-W06"])
    assert "nothing was sent" in capsys.readouterr().out
