"""JSON answers: read, or refused in one line; and the readers of fields, which take anything."""

from datetime import UTC, datetime

import pytest

from digest.collect.json_answer import (
    ask,
    count_of,
    epoch_moment,
    id_of,
    iso_moment,
    line_of,
    read,
    text_of,
)
from digest.collect.openreview import _FORUM
from digest.errors import ParseError
from digest.net import Response
from tests.loopback import Answer


def answer(content):
    return Response(url="https://x.org", status=200, content=content)


@pytest.mark.parametrize("content", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', b' {"a": 1}\n'])
def test_an_object_is_read_with_or_without_a_mark_of_its_encoding(content):
    assert {"a": 1} == read(answer(content), "s", dict)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!doctype html>", "the answer is a web page"),
        (b'{"a": ', "the answer is something else than JSON, or breaks off"),
        (b"[" * 10**5, "the answer is something else than JSON, or breaks off"),
        (b"7", "the answer is a bare value, no object"),
        (b"[]", "the answer is a list, no object"),
    ],
)
def test_what_is_no_object_is_refused_in_one_line(content, said):
    with pytest.raises(ParseError) as caught:
        read(answer(content), "s", dict)

    assert said == caught.value.message
    assert caught.value.hint


def test_what_the_server_says_in_its_own_words_is_passed_on():
    with pytest.raises(ParseError) as caught:
        read(answer(b'{"message": "Too many\\nrequests"}'), "s", list)

    assert "the answer is an object, no list: Too many requests" == caught.value.message


def test_an_answer_that_breaks_off_is_asked_for_once_more(site, visit):
    site.routes["/a"] = [Answer('{"a"'), Answer('{"a": 1}')]

    assert {"a": 1} == ask(visit, f"{site.url}/a", dict, {"q": "1"})
    assert ["1", "1"] == [asked.query["q"] for asked in site.asked]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (7, 7),
        (7.0, 7),
        ("7", 7),
        (0, 0),
        (-1, None),
        (True, None),
        (1.5, None),
        (1e308, None),
        (float("inf"), None),
        (float("nan"), None),
        (10**16, None),
        ("9" * 400, None),
        ("٣", None),
        ("", None),
        (None, None),
        ([], None),
    ],
)
def test_a_count_is_a_whole_number_that_can_be_stored(value, count):
    assert count == count_of(value)


def test_a_string_that_no_file_can_hold_is_mended():
    assert "a?b" == text_of("a\ud800b")
    assert "" == text_of(7)
    assert "if $a<b$" == line_of(" if\n$a<b$")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("abcd", "abcd"),
        (1234, "1234"),
        (True, ""),
        (10**20, ""),
        ("ab cd", ""),
        ("../x", ""),
        (None, ""),
    ],
)
def test_an_id_is_what_its_pattern_says(value, found):
    assert found == id_of(value, _FORUM)


def test_moments_are_read_from_numbers_and_from_text():
    monday = datetime(2021, 2, 8, 12, tzinfo=UTC)

    assert monday == epoch_moment(1612785600) == epoch_moment(1612785600000, per_second=1000)
    assert (
        monday == iso_moment("2021-02-08T12:00:00.000Z") == iso_moment("2021-02-08T13:00:00+01:00")
    )
    assert datetime(2021, 2, 8, tzinfo=UTC) == iso_moment("2021-02-08")


@pytest.mark.parametrize("value", [None, True, 0, -1, 10**15, "soon", []])
def test_what_is_no_moment_is_none(value):
    assert None is epoch_moment(value) is iso_moment(value)


def test_a_moment_beyond_the_calendar_is_none():
    assert None is iso_moment("0001-01-01T00:00:00+14:00")
