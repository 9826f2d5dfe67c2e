"""Sentences of real texts that were read by hand: a rule that changes how one is told must be read again."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from digest.lecture.reported import has_first_person
from tests.lecture.first_person import (
    QUOTING,
    checked_rows,
    first_person,
    items_to_report,
    sentence,
)

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def items(corpus):
    return items_to_report(corpus)


def test_what_was_read_by_hand_is_still_told_so(items):
    rows = checked_rows()
    told = [sentence(items, r["item"], int(r["sentence"])).row for r in rows]

    assert 200 == len({(r["item"], r["sentence"]) for r in rows})
    assert [(r["item"], r["sentence"], r["told"], r["sha256"]) for r in rows] == told


def test_no_sentence_that_was_read_is_broken():
    assert Counter({"ok": 200}) == Counter(r["verdict"] for r in checked_rows())


def test_no_first_person_is_left_and_few_sentences_are_quoted(items):
    """Of every sixth item, some 2,000 sentences, most of which nobody has read."""
    found = [f for i in islice(items.values(), 0, None, 6) for f in first_person(i)]
    said = [f.said for f in found]
    told = [text for text in said if not QUOTING.match(text)]

    assert len(said) > 1_800
    assert [] == [text for text in told if has_first_person(text)]
    assert 1 - len(told) / len(said) < 0.03
