"""Fetches: validators for 304, and how each source fares."""

from datetime import timedelta

from digest.errors import FetchError, ParseError
from digest.types import SaveCounts, SourceStatus, Validator
from tests.store.make import NOW, fetched, item, receipt

URL = "https://x.org/feed"
LATER = NOW + timedelta(hours=1)


def test_validators_of_a_success_are_kept(store):
    store.save_fetched(fetched(receipts=(receipt(URL, etag='"a"', last_modified="Mon"),)), now=NOW)

    assert {URL: Validator(etag='"a"', last_modified="Mon")} == store.validators()


def test_after_a_failed_parse_the_server_is_not_asked_whether_anything_changed(store):
    broken = fetched(error=ParseError("A", "not a feed"), receipts=(receipt(URL, etag='"a"'),))

    store.save_fetched(broken, now=NOW)

    assert {} == store.validators()


def test_an_answer_without_validators_forgets_the_old_ones(store):
    store.save_fetched(fetched(receipts=(receipt(URL, etag='"a"'),)), now=NOW)
    store.save_fetched(fetched(receipts=(receipt(URL),)), now=LATER)

    assert {} == store.validators()


def test_a_304_keeps_validators_and_items(store):
    store.save_fetched(
        fetched(item(), receipts=(receipt(URL, etag='"a"', last_modified="Mon"),)), now=NOW
    )
    counts = store.save_fetched(
        fetched(is_unchanged=True, receipts=(receipt(URL, status=304, etag='"b"'),)), now=LATER
    )

    assert SaveCounts() == counts
    assert {URL: Validator(etag='"b"', last_modified="Mon")} == store.validators()
    assert (item(),) == store.items_by_id([item().id])


def test_what_came_before_a_failure_is_stored(store):
    store.save_fetched(
        fetched(item(), error=FetchError("arXiv", "timed out", hint="wait")), now=NOW
    )

    assert (item(),) == store.items_by_id([item().id])


def test_a_source_is_as_its_latest_attempt_with_its_last_good_time(store):
    store.save_fetched(fetched(item(), source="arXiv"), now=NOW)
    store.save_fetched(
        fetched(source="arXiv", error=FetchError("arXiv", "503", hint="try later")), now=LATER
    )

    assert (
        SourceStatus(
            name="arXiv", is_ok=False, item_count=1, last_success=NOW, error="503", hint="try later"
        ),
        SourceStatus(
            name="new", is_ok=False, item_count=0, last_success=None, error="not collected yet"
        ),
    ) == store.source_statuses(["arXiv", "new"], NOW - timedelta(days=7), LATER)


def test_a_source_that_works_again_has_no_error(store):
    store.save_fetched(fetched(error=FetchError("arXiv", "503", hint="try later")), now=NOW)
    store.save_fetched(fetched(), now=LATER)

    status = store.source_statuses(["arXiv"], NOW, LATER)[0]

    assert (True, "", "", LATER) == (status.is_ok, status.error, status.hint, status.last_success)


def test_an_earlier_moment_is_told_without_what_came_after_it(store):
    store.save_fetched(fetched(), now=NOW)
    store.save_fetched(fetched(error=FetchError("arXiv", "503", hint="try later")), now=LATER)

    (status,) = store.source_statuses(["arXiv"], NOW, LATER, as_of=NOW)

    assert (True, "", NOW) == (status.is_ok, status.error, status.last_success)
