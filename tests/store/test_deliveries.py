"""Deliveries: what is written before and after each mail."""

from datetime import timedelta

import pytest

from digest.errors import StoreError
from digest.records import DeliveryRow
from digest.week import Week
from tests.store.make import NOW

WEEK = Week(2021, 6)
LATER = NOW + timedelta(seconds=3)


def test_a_delivery_is_sending_until_it_has_ended(store):
    store.begin_delivery(WEEK, "Ada <ada@x.org>", "<1@x>", NOW)
    begun = store.delivery(WEEK, "Ada <ada@x.org>")
    store.finish_delivery(WEEK, "Ada <ada@x.org>", "sent", "250 OK", LATER)

    row = {"week": "2021-W06", "recipient": "Ada <ada@x.org>", "message_id": "<1@x>"}
    assert DeliveryRow(**row, status="sending", updated=NOW) == begun
    assert DeliveryRow(**row, status="sent", detail="250 OK", updated=LATER) == store.delivery(
        WEEK, "Ada <ada@x.org>"
    )


def test_each_reader_and_each_week_has_its_own_row(store):
    store.begin_delivery(WEEK, "b@x.org", "<1@x>", NOW)
    store.begin_delivery(WEEK, "a@x.org", "<2@x>", NOW)
    store.begin_delivery(Week(2021, 5), "a@x.org", "<3@x>", NOW)

    assert ["a@x.org", "b@x.org"] == [d.recipient for d in store.deliveries(WEEK)]
    assert store.delivery(Week(2021, 5), "b@x.org") is None


def test_a_second_try_starts_over(store):
    store.begin_delivery(WEEK, "a@x.org", "<1@x>", NOW)
    store.finish_delivery(WEEK, "a@x.org", "failed", "550", NOW)
    store.begin_delivery(WEEK, "a@x.org", "<2@x>", LATER)

    row = store.delivery(WEEK, "a@x.org")
    assert ("sending", "", "<2@x>") == (row.status, row.detail, row.message_id)


@pytest.mark.parametrize(
    ("status", "is_delivered"), [("sent", True), ("failed", False), (None, True)]
)
def test_an_issue_is_out_when_somebody_has_it_or_may_have_it(store, status, is_delivered):
    assert not store.is_delivered(WEEK)

    store.begin_delivery(WEEK, "a@x.org", "<1@x>", NOW)
    if status:
        store.finish_delivery(WEEK, "a@x.org", status, "", NOW)

    assert is_delivered == store.is_delivered(WEEK)


def test_a_delivery_that_never_began_cannot_end(store):
    with pytest.raises(StoreError, match="never began"):
        store.finish_delivery(WEEK, "a@x.org", "sent", "", NOW)
