"""Corrections by hand are kept in order, and a number is never given to another one."""

from datetime import timedelta

import pytest

from digest.store import Store
from digest.types import Correction
from tests.store.make import NOW


@pytest.fixture
def store(path):
    with Store(path) as opened:
        yield opened


def test_corrections_come_back_as_they_were_made_and_in_that_order(store):
    store.save_correction("merge", ["arxiv:2", "reddit:a"], now=NOW)
    store.save_correction("split", ["hn:1"], ["arxiv:2"], now=NOW - timedelta(hours=1))

    assert (
        Correction(number=1, kind="merge", item_ids=("arxiv:2", "reddit:a"), made=NOW),
        Correction(
            number=2, kind="split", item_ids=("hn:1",), rest_ids=("arxiv:2",),
            made=NOW - timedelta(hours=1),
        ),
    ) == store.corrections()  # fmt: skip


def test_a_forgotten_number_does_not_come_back(store):
    first = store.save_correction("merge", ["a:1", "a:2"], now=NOW)

    assert [True, False] == [store.forget_correction(first), store.forget_correction(first)]
    assert first + 1 == store.save_correction("merge", ["a:1", "a:2"], now=NOW)
