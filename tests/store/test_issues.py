"""Issues: numbered once, stored whole, never shown twice."""

import sqlite3
from datetime import date, timedelta

import pytest

from digest.errors import StoreError
from digest.records import IssueSlot
from digest.store import Store
from digest.types import Summary, SummarySentence
from digest.week import Week
from tests.store.make import NOW, issue

W04, W05, W06 = (Week(2021, n) for n in (4, 5, 6))


def test_number_date_and_time_are_those_of_the_first_call_for_good(store):
    first = store.allot_issue(W06, date=date(2021, 2, 13), created=NOW)
    again = store.allot_issue(W06, date=date(2026, 1, 1), created=NOW + timedelta(days=99))

    assert IssueSlot(number=1, date=date(2021, 2, 13), created=NOW) == first == again


def test_numbers_go_up_by_one_whatever_the_order_of_weeks(store):
    numbers = [
        store.allot_issue(w, date=date(2021, 2, 1), created=NOW).number
        for w in (W05, W06, W04, W06)
    ]

    assert [1, 2, 3, 2] == numbers


def test_a_slot_without_an_issue_is_no_issue(store):
    store.allot_issue(W06, date=date(2021, 2, 13), created=NOW)

    assert (None, ()) == (store.issue(W06), store.issues())


def test_an_issue_comes_back_as_it_went_in(store):
    store.allot_issue(W06, date=date(2021, 2, 13), created=NOW)
    store.save_issue(issue())

    assert issue() == store.issue(W06)


def test_issues_are_listed_newest_week_first_also_over_the_turn_of_the_year(store):
    for number, week in enumerate(("2021-W01", "2020-W53", "2021-W10", "2021-W09"), start=1):
        store.save_issue(issue(week, number))

    assert ["2021-W10", "2021-W09", "2021-W01", "2020-W53"] == [i.week for i in store.issues()]
    assert ["2021-W01", "2020-W53"] == [i.week for i in store.issues_before(Week(2021, 9))]


def test_what_earlier_weeks_showed_is_known_and_what_later_ones_show_is_not(store):
    store.save_issue(issue("2021-W05", 1, full=("a",), brief=("b",)))
    store.save_issue(issue("2021-W06", 2, full=("c",), brief=("d",)))

    assert {"a", "thread-of-a", "b"} == store.shown(W06).keys()
    assert set() == store.shown(W05).keys()


def test_an_issue_made_anew_shows_only_what_it_shows_now(store):
    store.save_issue(issue("2021-W05", 1, full=("a",), brief=("b",)))
    store.save_issue(issue("2021-W05", 1, full=("b",), brief=()))

    assert {"b", "thread-of-b"} == store.shown(W06).keys()


def test_an_issue_of_another_version_is_told_in_one_line(store, path):
    store.save_issue(issue())
    with sqlite3.connect(path) as other:
        other.execute("UPDATE issues SET json = '{}'")
    other.close()

    with pytest.raises(StoreError, match="issue of 2021-W06 cannot be read") as caught:
        store.issue(W06)

    assert "\n" not in str(caught.value)


def test_summaries_are_found_by_their_keys_also_after_the_file_was_closed(path):
    summary = Summary(
        item_id="a", sentences=(SummarySentence(text="Ünder $x<y$.", origin="model"),), model_id="m"
    )
    with Store(path) as store:
        store.save_summaries({"k1": summary, "k2": summary})
    with Store(path) as store:
        assert {"k1": summary} == store.summaries(["k1", "k3"])


def test_the_last_run_is_the_latest_one(store):
    assert store.last_run() is None

    store.save_run('{"n": 1}', now=NOW)
    store.save_run('{"n": 2}', now=NOW - timedelta(days=1))

    assert '{"n": 2}' == store.last_run()
