"""How things are written for a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.cli import show

NOW = datetime(2021, 2, 13, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "bars"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([1, 100], "▂█"),
        ([5, 5], "██"),
        ([0, 0], "▁▁"),
        ([], ""),
    ],
)
def test_bars_are_scaled_to_the_fullest_week_and_any_item_shows(counts, bars):
    assert bars == show.sparkline([(n, True, False) for n in counts])


def test_a_week_without_a_fetch_a_failed_one_and_an_empty_one_look_different():
    weeks = [(0, False, False), (0, False, True), (0, True, False), (3, False, False)]

    assert "·×▁█" == show.sparkline(weeks)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
        (timedelta(days=91), "13 weeks ago"),
        (timedelta(days=92), "3 months ago"),
        (timedelta(days=-2), "on 15 Feb 2021"),
    ],
)
def test_time_is_told_in_one_unit(passed, said):
    assert said == show.ago(NOW - passed, NOW)


def test_what_never_was_is_never():
    assert "never" == show.ago(None, NOW)


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("short", "short   "),
        ("just so!", "just so!"),
        ("too long a name", "too lon…"),
        ("機械学習", "機械学習"),
        ("機械学習ニュース", "機械学… "),
        ("e\u0301clair", "e\u0301clair  "),
    ],
)
def test_a_name_takes_its_columns_and_no_more(text, fitted):
    assert fitted == show.fit(text, 8)


def test_a_stranger_cannot_color_the_screen_or_break_the_line(capsys):
    show.line("\x1b[31mred\x1b]0;title\x07\nnext")

    assert " [31mred ]0;title  next\n" == capsys.readouterr().out


def test_a_long_detail_is_broken_into_lines_and_no_url_is(capsys):
    url = "https://example.org/" + "x" * 100
    show.detail(f"moved to {url}: change it " + "word " * 30)
    lines = capsys.readouterr().out.splitlines()

    assert any(url in line for line in lines)
    assert all(line.startswith("       ") for line in lines)
    assert all(len(line) <= show.COLUMNS for line in lines if url not in line)


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 byte"), (1023, "1023 bytes"), (4198, "4.1 KiB"), (2**21, "2.0 MiB")]
)
def test_sizes_are_told_in_fitting_units(count, said):
    assert said == show.size(count)
