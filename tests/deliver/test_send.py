"""Each reader gets the issue once: whatever is refused, cut off, killed, or run again."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from digest.deliver import send
from digest.deliver.message import sender_of
from digest.errors import DeliverError
from tests.deliver.mailbox import (
    HTML,
    NOW,
    READERS,
    WEEK,
    Handler,
    MemoryOutbox,
    mail_server,
    make_delivery,
    make_issue,
    make_message,
    scripted_server,
)

ROOT = Path(__file__).resolve().parents[2]
ADA, BOB, CELIK = ("ada@example.org", "bob@example.org", "celik@example.org")
HELLO = ["220 test", "250 test"]


def deliver(delivery, outbox, message=None, **more):
    return send(
        make_issue(),
        message or make_message(delivery),
        delivery,
        outbox,
        **{"now": NOW, "environ": {}} | more,
    )


def statuses(results):
    return [r.status for r in results]


@pytest.fixture(params=["memory", "store"])
def outbox(request, tmp_path):
    """The tests below hold for any outbox, and for the Store."""
    if request.param == "memory":
        yield MemoryOutbox()
    else:
        from digest.store import Store

        with Store(tmp_path / "digest.db") as store:
            yield store


def test_three_readers_get_one_mail_each_addressed_to_them_alone(outbox):
    handler = Handler()
    with mail_server(handler) as port:
        results = deliver(make_delivery(port), outbox)

    assert ["sent"] * 3 == statuses(results)
    assert list(READERS) == [r.recipient for r in results]
    assert [[ADA], [BOB], [CELIK]] == [m.to for m in handler.mails]
    assert list(READERS) == [str(m.mail["To"]) for m in handler.mails]
    assert 3 == len({m.mail["Message-ID"] for m in handler.mails})
    assert 1 == len(handler.sessions)
    for m in handler.mails:
        html = m.mail.get_body(("html",)).get_payload(decode=True)
        assert HTML.encode() == html.replace(b"\r\n", b"\n")
        assert m.mail["X-Unsent"] is None


def test_a_second_send_sends_nothing(outbox):
    handler = Handler()
    with mail_server(handler) as port:
        delivery = make_delivery(port)
        deliver(delivery, outbox)
        again = deliver(delivery, outbox, now=NOW + timedelta(days=1))

    assert ["skipped"] * 3 == statuses(again)
    assert {"already sent on 2021-02-13 18:00 UTC"} == {r.detail for r in again}
    assert [ADA, BOB, CELIK] == handler.readers


def test_the_row_is_written_before_the_dialogue_and_after_it():
    outbox, seen = MemoryOutbox(), []

    async def look(server, reader):
        seen.append(dict(outbox.statuses))

    with mail_server(Handler(on_rcpt=look)) as port:
        deliver(make_delivery(port, recipients=[ADA, BOB]), outbox)

    assert [{ADA: "sending"}, {ADA: "sent", BOB: "sending"}] == seen
    assert [("begin", ADA), ("sent", ADA), ("begin", BOB), ("sent", BOB)] == outbox.calls


def test_the_row_holds_the_message_id_that_was_sent(outbox):
    handler = Handler()
    with mail_server(handler) as port:
        deliver(make_delivery(port), outbox)

    assert handler.mails[1].mail["Message-ID"] == outbox.delivery(WEEK, BOB).message_id


def test_a_refused_reader_is_failed_the_others_get_it_and_only_that_one_is_tried_again(outbox):
    handler = Handler(refused={BOB})
    with mail_server(handler) as port:
        delivery = make_delivery(port)
        first = deliver(delivery, outbox)
        handler.refused = ()
        second = deliver(delivery, outbox)

    assert ["sent", "failed", "sent"] == statuses(first)
    assert "550 5.1.1 (address): no such mailbox" == first[1].detail
    assert ["skipped", "sent", "skipped"] == statuses(second)
    assert [ADA, CELIK, BOB] == handler.readers


def test_an_outbox_that_dies_after_a_mail_went_out_does_not_mail_it_twice():
    outbox, handler = MemoryOutbox(fail_on_finish=BOB), Handler()
    with mail_server(handler) as port:
        delivery = make_delivery(port)
        with pytest.raises(OSError, match="disk full"):
            deliver(delivery, outbox)
        outbox.fail_on_finish = ""
        results = deliver(delivery, outbox)

    assert ["skipped", "unknown", "sent"] == statuses(results)
    assert "send --resend ADDRESS" in results[1].detail
    assert [ADA, BOB, CELIK] == handler.readers


def test_a_killed_process_does_not_mail_anybody_twice(tmp_path):
    from digest.store import Store

    has_bobs_mail, may_answer = threading.Event(), threading.Event()

    async def wait(server, reader):
        if reader == BOB:
            has_bobs_mail.set()
            await asyncio.to_thread(may_answer.wait, 30)

    handler, db = Handler(on_data=wait), tmp_path / "digest.db"
    with mail_server(handler) as port:
        command = [sys.executable, "-m", "tests.deliver.test_send", str(db), str(port)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            assert has_bobs_mail.wait(30)
            os.kill(process.pid, signal.SIGKILL)
        may_answer.set()
        assert -signal.SIGKILL == process.returncode
        with Store(db) as store:
            results = deliver(make_delivery(port), store)

    assert ["skipped", "unknown", "sent"] == statuses(results)
    assert "cut off while sending on 2021-02-13 18:00 UTC" in results[1].detail
    assert [ADA, BOB, CELIK] == handler.readers


def test_a_lost_answer_is_unknown_and_stays_so_until_a_resend(outbox):
    taken = ["250 sender", "250 reader", "354 go on", None, "250 taken"]
    with scripted_server([*HELLO, *taken[:-1]], [*HELLO, *taken, "221 bye"]) as port:
        first = deliver(make_delivery(port, recipients=[ADA, BOB]), outbox)
    handler = Handler()
    with mail_server(handler) as port:
        delivery = make_delivery(port, recipients=[ADA, BOB])
        second = deliver(delivery, outbox)
        third = deliver(delivery, outbox, resend=["Ada <ADA@example.org>"])

    assert ["unknown", "sent"] == statuses(first)
    assert ["unknown", "skipped"] == statuses(second)
    assert ["sent", "skipped"] == statuses(third)
    assert [ADA] == handler.readers


def test_a_resend_reaches_a_reader_who_has_it_with_the_same_message_id(outbox):
    handler = Handler()
    with mail_server(handler) as port:
        delivery = make_delivery(port)
        deliver(delivery, outbox)
        results = deliver(delivery, outbox, resend=[BOB])

    assert ["skipped", "sent", "skipped"] == statuses(results)
    assert [ADA, BOB, CELIK, BOB] == handler.readers
    assert handler.mails[1].mail["Message-ID"] == handler.mails[3].mail["Message-ID"]


def test_a_resend_to_a_stranger_is_an_error():
    with pytest.raises(DeliverError, match=r"--resend eve@example\.org: is not in"):
        deliver(make_delivery(), MemoryOutbox(), resend=["Eve <eve@example.org>"])


def test_readers_that_differ_in_name_or_case_only_are_one(outbox):
    handler = Handler()
    readers = ["Ada <ada@example.org>", "ADA@Example.org", "Countess <ada@example.org>"]
    with mail_server(handler) as port:
        results = deliver(make_delivery(port, recipients=readers), outbox)
        again = deliver(make_delivery(port, recipients=readers[1:]), outbox)

    assert ["sent"] == statuses(results)
    assert ["skipped"] == statuses(again)
    assert [ADA] == handler.readers


def test_what_is_not_an_address_is_failed_and_the_others_get_it(outbox):
    handler = Handler()
    with mail_server(handler) as port:
        results = deliver(make_delivery(port, recipients=["a@b..c", "x@y, z@y", BOB]), outbox)

    assert ["failed", "failed", "sent"] == statuses(results)
    assert [BOB] == handler.readers


def test_a_dry_run_says_what_would_go_out_and_touches_nothing():
    outbox = MemoryOutbox()
    outbox.begin_delivery(WEEK, BOB, "<x@y>", NOW)
    before = dict(outbox.rows)

    results = deliver(make_delivery(1), outbox, is_dry_run=True)  # nobody listens on port 1

    assert ["would_send", "unknown", "would_send"] == statuses(results)
    assert results[0].detail.startswith("“Deep Learning News no. 3: computer vision, Est")
    assert results[0].detail.endswith(" kB")
    assert before == outbox.rows


def test_with_no_readers_nothing_is_sent():
    assert () == deliver(make_delivery(1, recipients=[]), MemoryOutbox())


@pytest.mark.parametrize(("key", "path"), [("from", "delivery.from"), ("smtp", "delivery.smtp")])
@pytest.mark.parametrize("is_dry_run", [True, False])
def test_readers_without_a_sender_or_server_are_an_error_that_names_the_key(key, path, is_dry_run):
    with pytest.raises(DeliverError, match=rf"{path} is missing.*feeds\.yaml"):
        deliver(make_delivery(**{key: None}), MemoryOutbox(), is_dry_run=is_dry_run)


def test_a_mail_made_for_another_sender_is_not_sent():
    old = make_message(make_delivery(**{"from": None}))

    assert "digest@localhost" == sender_of(old)
    with pytest.raises(DeliverError, match="build --week 2021-W06"):
        deliver(make_delivery(), MemoryOutbox(), old)
    with pytest.raises(DeliverError, match="build --week 2021-W06"):
        deliver(make_delivery(), MemoryOutbox(), b"garbage")


def test_without_a_server_no_reader_is_begun():
    outbox = MemoryOutbox()
    with scripted_server() as port:
        pass

    with pytest.raises(DeliverError, match="Connection refused"):
        deliver(make_delivery(port), outbox)
    assert [] == outbox.calls


def test_a_server_that_goes_midway_fails_the_rest_without_trying_each_and_a_rerun_sends_them(
    outbox,
):
    taken = ["250 sender", "250 reader", "354 go on", None, "250 taken"]
    with scripted_server([*HELLO, *taken], HELLO) as port:
        first = deliver(make_delivery(port), outbox)
    handler = Handler()
    with mail_server(handler) as port:
        second = deliver(make_delivery(port), outbox)

    assert ["sent", "failed", "failed"] == statuses(first)
    assert "not tried: " in first[2].detail
    assert outbox.delivery(WEEK, CELIK).status == "sent"
    assert ["skipped", "sent", "sent"] == statuses(second)
    assert [BOB, CELIK] == handler.readers


def test_no_address_is_logged_above_debug(caplog):
    caplog.set_level(logging.DEBUG, "digest")
    with mail_server(Handler(refused={BOB})) as port:
        deliver(make_delivery(port), MemoryOutbox())

    lines = [r.getMessage() for r in caplog.records if r.levelno > logging.DEBUG]
    assert ["mail 1 of 3: sent", "mail 2 of 3: failed", "mail 3 of 3: sent"] == [
        line for line in lines if line.startswith("mail ")
    ]
    assert [] == [line for line in lines if "@" in line]


if __name__ == "__main__":
    from digest.store import Store

    with Store(Path(sys.argv[1])) as the_store:
        deliver(make_delivery(int(sys.argv[2])), the_store)
