"""digest.eml: what a mail program, a server and a filter rely on."""

from __future__ import annotations

import dataclasses
import re
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from digest.deliver.message import address_to, build_message, parse_address, subject_of
from digest.errors import ConfigError
from tests.deliver.mailbox import HTML, NOW, TEXT, make_delivery, make_issue, make_message

LONG_URL = "https://lists.example.org/unsubscribe?token=" + "0123456789abcdef" * 12


def parse(message):
    return message_from_bytes(message, policy=policy.default)


def header_block(message):
    return message.split(b"\r\n\r\n", 1)[0].decode("ascii")


def names(message):
    return re.findall(r"^([A-Za-z-]+):", header_block(message), re.MULTILINE)


def test_plain_text_comes_first_and_html_last():
    mail = parse(make_message(make_delivery()))

    assert ["multipart/alternative", "text/plain", "text/html"] == [
        p.get_content_type() for p in mail.walk()
    ]
    assert ["quoted-printable"] * 2 == [p["Content-Transfer-Encoding"] for p in mail.iter_parts()]


def test_both_parts_arrive_byte_for_byte():
    mail = parse(make_message(make_delivery()))

    assert HTML.encode() == mail.get_body(("html",)).get_payload(decode=True).replace(
        b"\r\n", b"\n"
    )
    assert TEXT.encode() == mail.get_body(("plain",)).get_payload(decode=True).replace(
        b"\r\n", b"\n"
    )


def test_two_builds_are_equal():
    assert make_message(make_delivery()) == make_message(make_delivery())


def test_no_line_is_longer_than_rfc_2045_and_5322_allow():
    message = make_message(make_delivery(unsubscribe=LONG_URL), title="Ünlü Haberler " * 5)
    body = message.split(b"\r\n\r\n", 1)[1]

    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert b"\n" not in message.replace(b"\r\n", b"")


def test_every_header_is_there_once():
    found = names(make_message(make_delivery(unsubscribe=LONG_URL)))

    assert sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Archive",
            "Precedence",
            "Auto-Submitted",
            "X-Unsent",
            "MIME-Version",
            "Content-Type",
        ]
    ) == sorted(found)


def test_the_headers_say_what_they_should():
    mail = parse(make_message(make_delivery()))

    assert "Deep Learning News <news@example.org>" == mail["From"]
    assert "undisclosed-recipients:;" == mail["To"]
    assert NOW == parsedate_to_datetime(mail["Date"])
    assert re.fullmatch(r"<2021-w06\.[0-9a-f]{16}@example\.org>", mail["Message-ID"])
    assert "Deep Learning News <deep-learning-news.example.org>" == mail["List-Id"]
    assert "<mailto:news@example.org?subject=unsubscribe>" == mail["List-Unsubscribe"]
    assert "<https://digest.example.org/>" == mail["List-Archive"]
    assert mail["List-Unsubscribe-Post"] is None


def test_only_subject_from_and_to_may_hold_encoded_words():
    delivery = make_delivery(unsubscribe=LONG_URL)
    message = make_message(
        delivery, title="Yapay Öğrenme Haberleri", site_url="https://example.org/öğrenme"
    )
    unfolded = re.sub(r"\r\n[ \t]", " ", header_block(message))
    encoded = {line.split(":")[0] for line in unfolded.split("\r\n") if "=?utf-8?" in line.lower()}

    assert {"Subject", "From"} == encoded
    assert f"List-Unsubscribe: <{LONG_URL}>, <mailto:" in unfolded
    assert "List-Unsubscribe: <https://" in header_block(message)
    assert "List-Id: Yapay Ogrenme Haberleri <yapay-ogrenme-haberleri.example.org>" in unfolded
    assert "List-Archive: <https://example.org/%C3%B6%C4%9Frenme>" in unfolded


def test_one_click_is_claimed_for_an_https_address_only():
    by_mail = parse(make_message(make_delivery(unsubscribe="mailto:leave@example.org")))
    by_web = parse(make_message(make_delivery(unsubscribe=LONG_URL)))

    assert ("<mailto:leave@example.org>", None) == (
        by_mail["List-Unsubscribe"],
        by_mail["List-Unsubscribe-Post"],
    )
    assert "List-Unsubscribe=One-Click" == by_web["List-Unsubscribe-Post"]


def test_an_unsubscribe_address_cannot_end_its_header():
    message = make_message(make_delivery(unsubscribe="https://x.org/a>,<b\r\nBcc: eve@example.org"))

    assert "Bcc" not in names(message)
    assert "<https://x.org/a%3E%2C%3Cb" in header_block(message)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_header_injection_is_impossible(end):
    evil = f"News{end}Bcc: eve@example.org{end}{end}<script>"
    issue = make_issue(title=evil, theme=evil)
    story = dataclasses.replace(issue.stories[0], title=evil)
    for sender in ("news@example.org", None):
        message = build_message(
            dataclasses.replace(
                issue, theme="", stories=(story,), site_url=f"https://x.org/{evil}"
            ),
            b"<p>\n",
            b"x\n",
            make_delivery(**{"from": sender}),
        )

        assert "Bcc" not in names(message)
        mail = parse(message)
        assert "News Bcc: eve@example.org <script> no. 3:" in mail["Subject"].replace("\n", "")[:60]
        assert 1 == len(mail["From"].addresses)
        assert b"x\r\n" == mail.get_body(("plain",)).get_payload(decode=True)


def test_invisible_characters_do_not_disguise_a_subject():
    issue = make_issue(title="News\u202eevil\u200b", theme="x")

    assert subject_of(issue).startswith("News evil no. 3: x, Estimating")


def test_the_subject_tells_theme_and_main_story_and_is_cut_between_words():
    assert (
        "Deep Learning News no. 3: computer vision, Estimating Training Data Influence …"
        == subject_of(make_issue())
    )
    assert "Deep Learning News no. 3: computer vision" == subject_of(make_issue(stories=()))
    assert "Deep Learning News no. 3" == subject_of(make_issue(stories=(), theme=""))


def test_tex_in_the_subject_is_written_in_characters():
    story = dataclasses.replace(make_issue().stories[0], title=r"Bounds of order $T^{2}$")
    issue = make_issue(stories=(story,), theme="")

    assert "Deep Learning News no. 3: Bounds of order T²" == subject_of(issue)


def test_without_a_sender_there_is_still_a_mail_to_look_at():
    mail = parse(make_message(make_delivery(**{"from": None})))

    assert "Deep Learning News <digest@localhost>" == mail["From"]
    assert mail["List-Unsubscribe"] is None


def test_the_file_opens_as_a_draft_and_what_is_sent_does_not():
    message = make_message(make_delivery())

    assert "1" == parse(message)["X-Unsent"]
    assert address_to(message, "ada@example.org")["X-Unsent"] is None


def test_an_addressed_mail_differs_in_to_message_id_and_draft_mark_alone():
    message = make_message(make_delivery(unsubscribe=LONG_URL), title="Öğrenme Haberleri")
    addressed = address_to(message, "Çelik <celik@example.org>").as_bytes()

    def rest(data):
        head, body = data.split(b"\r\n\r\n", 1)
        unfolded = re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")
        return body, [
            h for h in unfolded if not h.startswith((b"To:", b"Message-ID:", b"X-Unsent:"))
        ]

    assert rest(message) == rest(addressed)
    assert ("Çelik", "celik@example.org") == (
        (to := parse(addressed)["To"].addresses[0]).display_name,
        to.addr_spec,
    )


def test_the_message_id_is_one_per_issue_and_reader():
    message = make_message(make_delivery())
    other = make_message(make_delivery(), week="2021-W07")

    def id_of(m, reader):
        return address_to(m, reader)["Message-ID"]

    assert id_of(message, "ada@example.org") == id_of(message, "Ada L. <ADA@example.org>")
    assert 4 == len(
        {id_of(m, r) for m in (message, other) for r in ("ada@example.org", "bob@example.org")}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@example.org", "ada@example.org"),
        ('"Lovelace, Ada" <ada@example.org>', '"Lovelace, Ada" <ada@example.org>'),
        ("ada@müller.example", "ada@xn--mller-kva.example"),
    ],
)
def test_an_address_is_read_with_its_name_and_an_ascii_domain(text, expected):
    assert expected == str(parse_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a@b.org, c@d.org",
        "a@b org",
        "a b@c.org",
        "ö@b.org",
        "<a@b.org",
        "a@b.org>",
        "a@b..org",
        "a@b.org\r\nBcc: x@y.org",
    ],
)
def test_what_is_not_one_address_is_refused_and_not_guessed_at(text):
    with pytest.raises(ConfigError, match=r"delivery\.recipients"):
        parse_address(text)
