"""A story's result as a chart: its numbers, its words, and whose it is."""

from __future__ import annotations

import pytest

from digest.lecture.candidates import candidates
from digest.lecture.result_chart import chart_of
from digest.summarize.roles import roles_by_cues
from digest.types import Story
from tests.lecture.make import item as make_item


def chart(text, title="Small networks", **kw):
    item = make_item(title=title, text=text, **kw)
    return chart_of(candidates(Story(key=item.id, items=(item,)), roles_by_cues))


CLAIM = "We propose a small network. "


def test_bars_carry_the_sources_numbers_and_the_name_of_the_work():
    found = chart(
        "We present TinyNet, a small network. It reaches 91.2% accuracy, compared to 88.0% for BigNet."
    )
    assert [("TinyNet", "91.2%", True), ("BigNet", "88.0%", False)] == [
        (b.label, b.value, b.is_main) for b in found.bars
    ]
    assert ("Accuracy", "higher is better") == (found.title, found.better)
    assert "Accuracy (higher is better): TinyNet 91.2% and BigNet 88.0%." == found.description


def test_a_chart_keeps_its_place_in_the_source():
    text = CLAIM + "It lowers the error rate from 12.1% to 8.4%."
    found = chart(text)
    (span,) = found.sentence.spans
    assert found.sentence.text == text[span.start : span.end]
    assert [("before", "12.1%"), ("after", "8.4%")] == [(b.label, b.value) for b in found.bars]
    assert "lower is better" == found.better


def test_a_factor_names_what_counts_as_one():
    found = chart(CLAIM + "Our network needs 4x less memory than BigNet.")
    assert "Memory, this work = 1x" == found.title
    assert ("", [4.0, 1.0]) == (found.better, sorted((b.amount for b in found.bars), reverse=True))


def test_a_comparison_is_preferred_to_values_by_case():
    found = chart(
        CLAIM
        + "Its AP is 49.7% for boxes and 44.4% for masks. "
        + "We reach an F1 of 0.91, compared with 0.85 for BERT-Base."
    )
    assert "F1" == found.title


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BERT-Base reaches an F1 of 0.91 compared with 0.85 for GPT-1. We study why.", "paper"),
        (CLAIM + "We reach an F1 of 0.91, compared with 0.85 for BERT-Base.", "thread"),
        (CLAIM + "It is accurate.", "paper"),
        ("", "paper"),
    ],
)
def test_there_is_no_chart_of_others_results_of_threads_or_without_numbers(text, kind):
    assert chart(text, kind=kind) is None
