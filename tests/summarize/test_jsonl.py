"""Texts by the line: each answered once, in order, whatever stands there and however often the run was killed."""

import io
import json
import tracemalloc
from datetime import date

import pytest

from digest.errors import BackendUnavailable, ConfigError
from digest.summarize import jsonl
from digest.summarize.extractive import ExtractiveSummarizer
from digest.summarize.jsonl import Fingerprints, Tally, answers, read_answers
from digest.summarize.lines import Fault, Record, parse, read_lines
from tests.summarize.injections import INJECTIONS
from tests.summarize.test_batching import FOREIGN, REQUESTS, Fake, request

DAY = date(2021, 2, 13)


def row(r, **fields):
    return {"id": r.item_id, "title": r.title, "text": r.text} | fields


def lines_of(*rows):
    return b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in rows)


def run(source, summarizer=None, earlier=b""):
    """What the output file holds in the end, and what became of the lines."""
    summarizer = summarizer or Fake()
    known, whole = read_answers(io.BytesIO(earlier), "Y.jsonl", summarizer)
    output, tally = earlier[:whole], Tally()
    for chunk, more in answers(io.BytesIO(source), summarizer, known, written=DAY):
        output, tally = output + chunk, tally + more
    return output, tally


def read(output):
    return [json.loads(line) for line in output.splitlines()]


SOURCE = lines_of(*(row(r) for r in REQUESTS))


@pytest.fixture(autouse=True)
def roles_by_cue_words(monkeypatch):
    """These tests are of lines; tests/summarize/test_roles.py tells what the models say of them."""
    monkeypatch.setattr("digest.summarize.roles._tagger", lambda: None)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(jsonl, "CHUNK_LINES", 7)
    monkeypatch.setattr(jsonl, "CHUNK_BATCHES", 0)


def test_the_first_answers_come_soon_and_the_chunks_grow(small_chunks, monkeypatch):
    monkeypatch.setattr(jsonl, "FIRST_LINES", 2)

    sizes = [
        len(read(chunk))
        for chunk, _ in answers(io.BytesIO(SOURCE), Fake(), Fingerprints(), written=DAY)
    ]

    assert [2, 4, 7] == sizes[:3]
    assert sum(sizes) == len(REQUESTS)


def test_a_line_is_answered_by_summary_roles_spans_and_what_wrote_it():
    output, tally = run(lines_of(row(REQUESTS[0])))

    (answer,) = read(output)
    text = REQUESTS[0].text
    assert "model" not in {p["kind"] for p in answer["problems"]}
    assert [text[a:b] for a, b in answer["sentences"]] == [s + "." for s in text.rstrip(".").split(". ")]  # fmt: skip
    assert len(answer["sentences"]) == len(answer["roles"])
    assert answer["spans"]
    assert all(text[a:b].strip() for a, b in answer["spans"])
    assert ("fake", "1", "2021-02-13", False) == tuple(answer[k] for k in ("model", "prompt", "written", "fallback"))  # fmt: skip
    assert Tally(answered=1) == tally


def test_given_sentences_define_the_sentences_and_their_join_is_the_text():
    sentences = [
        "Networks forget old tasks",
        " We propose replay. It works. ",
        "",
        "We show that accuracy stays high.",
    ]
    (answer,) = read(run(lines_of({"id": 1, "title": "T", "text": "something else", "sentences": sentences}), ExtractiveSummarizer())[0])  # fmt: skip

    joined = " ".join(sentences)
    assert sentences == [joined[a:b] for a, b in answer["sentences"]]
    assert 4 == len(answer["roles"])
    ((start, end),) = answer["spans"]
    assert answer["summary"] == " ".join(joined[start:end].split())
    assert 1 == answer["id"]


def test_answers_stand_in_the_order_of_the_lines_over_chunks(small_chunks):
    output, tally = run(SOURCE)

    assert [r.item_id for r in REQUESTS] == [a["id"] for a in read(output)]
    assert 18 == tally.answered == tally.lines


BAD = {
    "no JSON": (b"{nonsense\n", "not JSON"),
    "cut off": (b'{"id": "x", "text": "abc\n', "not JSON"),
    "a list": (b"[1, 2]\n", "not an object"),
    "a number": (b"17\n", "not an object"),
    "null": (b"null\n", "not an object"),
    "no id": ({"text": "A text."}, '"id" must be'),
    "id of a wrong type": ({"id": 1.5, "text": "A text."}, '"id" must be'),
    "id true": ({"id": True, "text": "A text."}, '"id" must be'),
    "empty id": ({"id": " ", "text": "A text."}, '"id" is empty'),
    "no text": ({"id": "x"}, "no text"),
    "blank text": ({"id": "x", "text": " \n\t"}, "no text"),
    "text of a wrong type": ({"id": "x", "text": 5}, '"text" must be text'),
    "title of a wrong type": ({"id": "x", "title": ["a"], "text": "A text."}, '"title" must be text'),
    "sentences as text": ({"id": "x", "sentences": "A. B."}, '"sentences" must be a list'),
    "sentences of a wrong type": ({"id": "x", "sentences": ["A.", 5]}, '"sentences" must be a list'),
    "blank sentences": ({"id": "x", "sentences": ["", " "]}, "no text"),
    "invalid UTF-8": (b'{"id": "x", "text": "caf\xe9"}\n', "not UTF-8: byte 25 is 0xe9"),
    "UTF-16": ('{"id": "x"}'.encode("utf-16") + b"\n", "not UTF-8"),
    "half a surrogate pair": (b'{"id": "x", "text": "a\\ud800b"}\n', "half a surrogate pair"),
    "half a pair as id": (b'{"id": "\\udfff", "text": "A text."}\n', "half a surrogate pair"),
    "NUL": (b'{"id": "x", "text": "a\\u0000b"}\n', "NUL"),
    "raw NUL": (b'{"id": "x", "text": "a\x00b"}\n', "not JSON"),
    "deep": (b"[" * 100_000 + b"\n", "not JSON"),
    "long number": (b'{"id": ' + b"9" * 5000 + b', "text": "A text."}\n', "not JSON that can be read"),
    "too long": (b'{"id": "x", "text": "' + b"a" * (9 << 20) + b'"}\n', "longer than 8 MiB"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "error"), BAD.values(), ids=BAD)
def test_a_bad_line_is_answered_by_an_error_and_its_neighbors_as_ever(line, error):
    output, tally = run(lines_of(row(REQUESTS[0]), line, row(REQUESTS[1])))

    first, bad, last = read(output)
    assert {"id", "line", "error"} == bad.keys()
    assert 2 == bad["line"]
    assert error in bad["error"]
    assert [r.item_id for r in REQUESTS[:2]] == [first["id"], last["id"]]
    assert (2, 1) == (tally.answered, tally.refused)


def test_an_id_that_comes_again_is_refused_also_as_a_number_and_over_chunks(small_chunks):
    source = lines_of(*(row(r) for r in REQUESTS[:9]), row(REQUESTS[0]), row(request(7), id=7), row(request(8), id="7"))  # fmt: skip

    errors = [a for a in read(run(source)[0]) if "error" in a]

    assert [(10, REQUESTS[0].item_id), (12, "7")] == [(e["line"], e["id"]) for e in errors]
    assert {'an earlier line has this "id"'} == {e["error"] for e in errors}


def test_blank_lines_windows_ends_and_a_byte_order_mark_are_no_faults():
    lines = [json.dumps(row(r)).encode() for r in REQUESTS[:3]]
    source = b"\xef\xbb\xbf" + lines[0] + b"\r\n\n  \n" + lines[1] + b"\r\n" + lines[2]

    output, tally = run(source)

    assert ([r.item_id for r in REQUESTS[:3]], 0) == (
        [a["id"] for a in read(output)],
        tally.refused,
    )


@pytest.mark.parametrize("cut", range(0, 101, 4))
def test_a_killed_run_goes_on_to_the_same_file_wherever_it_was_cut(small_chunks, cut):
    source = lines_of(*(row(r) for r in REQUESTS[:9]), b"nonsense\n", row(REQUESTS[0]), row(FOREIGN), *(row(r) for r in REQUESTS[9:]))  # fmt: skip
    whole, tally = run(source)
    left = whole[: len(whole) * cut // 100]

    again, rest = run(source, earlier=left)

    assert whole == again
    assert tally.answered == rest.answered + rest.known
    assert left.count(b"\n") == whole.count(b"\n") - len(read(again[len(left[: left.rfind(b"\n") + 1]) :]))  # fmt: skip


def test_what_is_answered_costs_no_model_call(small_chunks):
    whole, _ = run(SOURCE)
    fake = Fake()

    again, tally = run(SOURCE, fake, earlier=whole)

    assert (whole, [], 18, 0) == (again, fake.seen, tally.known, tally.answered)


def test_lines_added_to_the_input_are_added_to_the_output(small_chunks):
    fewer, _ = run(lines_of(*(row(r) for r in REQUESTS[3:15])))

    output, tally = run(SOURCE, earlier=fewer)

    assert sorted(r.item_id for r in REQUESTS) == sorted(a["id"] for a in read(output))
    assert (6, 12, 0) == (tally.answered, tally.known, tally.changed)


def test_a_text_that_has_changed_is_counted_and_keeps_its_answer():
    whole, _ = run(SOURCE)
    changed = lines_of(row(request(0, more=" today")), *(row(r) for r in REQUESTS[1:]))

    output, tally = run(changed, earlier=whole)

    assert (whole, 18, 1) == (output, tally.known, tally.changed)


@pytest.mark.parametrize(
    ("there", "message"),
    [
        (b"my thesis\n", "line 1 is not an answer"),
        (b"my thesis without an end", "line 1 is not an answer"),
        (b'{"id": "x", "text": "an input"}\n', "line 1 is not an answer"),
        (b"[]\n", "line 1 is not an answer"),
        (b"\xff\xfe\n", "line 1 is not an answer"),
        (run(SOURCE)[0] + b"more\n", "line 19 is not an answer"),
        (run(SOURCE, ExtractiveSummarizer())[0], "line 1 was answered by extractive"),
    ],
)
def test_what_is_no_output_of_this_run_is_refused(there, message):
    with pytest.raises(ConfigError, match=message):
        run(SOURCE, earlier=there)


def test_a_back_end_that_dies_leaves_whole_chunks(small_chunks):
    class Dying(Fake):
        def summarize(self, batch):
            if len(self.seen) == 3:
                raise BackendUnavailable("the device is gone")
            return super().summarize(batch)

    chunks = answers(io.BytesIO(SOURCE), Dying(), Fingerprints(), written=DAY)
    first, _ = next(chunks)
    with pytest.raises(BackendUnavailable):
        next(chunks)

    assert 7 == len(read(first))
    assert run(SOURCE)[0] == run(SOURCE, earlier=first)[0]


def test_failures_foreign_and_short_texts_are_labelled_fallbacks():
    source = lines_of(*(row(r) for r in REQUESTS[:3]), row(FOREIGN), row(FOREIGN, id="s", text="We release the code."), row(FOREIGN, id="w", text="Health"))  # fmt: skip

    output, tally = run(source, Fake(fails_on=("arxiv:0001",)))

    told = [(a["fallback"], [p["kind"] for p in a["problems"]]) for a in read(output)]
    assert [(False, []), (True, ["failed"]), (False, []), (True, ["language"]), (True, []), (False, ["short"])] == told  # fmt: skip
    assert 3 == tally.own_words
    assert "" == read(output)[-1]["summary"]


def test_without_a_model_nothing_is_a_fallback():
    assert {False} == {a["fallback"] for a in read(run(SOURCE, ExtractiveSummarizer())[0])}


@pytest.mark.parametrize("order", INJECTIONS)
def test_an_order_in_a_text_is_text(order):
    text = f"Networks forget old tasks. {order} We propose replay of stored examples, which keeps the accuracy high."

    (answer,) = read(run(lines_of({"id": order, "text": text}), ExtractiveSummarizer())[0])

    assert answer["summary"] in " ".join(text.split())
    assert order == answer["id"]


def test_memory_does_not_grow_with_the_lines(small_chunks):
    def lines(count):
        for i in range(count):
            yield json.dumps({"id": f"paper {i}", "title": "Replay", "text": REQUESTS[i % 18].text}).encode()  # fmt: skip

    class Stream:
        def __init__(self, count):
            self._lines = lines(count)

        def readline(self, _limit):
            return next(self._lines, b"")

    def peak(count):
        tracemalloc.start()
        for _ in answers(Stream(count), ExtractiveSummarizer(), Fingerprints(), written=DAY):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(300)  # what is loaded once, and the caches of words that fill up with the first texts
    assert peak(400) < peak(100) + 100_000  # ids not yet merged cost some 100 bytes, merged ones 8


def test_fingerprints_know_what_was_added_before_and_after_merging(monkeypatch):
    monkeypatch.setattr(Fingerprints, "_RECENT", 100)
    known = Fingerprints()
    for i in range(0, 1_000, 2):
        known.add(f"id {i}")

    assert [i % 2 == 0 for i in range(1_000)] == [f"id {i}" in known for i in range(1_000)]
    assert 500 == len(known._sorted) + len(known._recent)


def test_a_line_without_an_end_is_read_and_one_too_long_is_skipped_whole():
    long = b"x" * (9 << 20)

    assert [(1, b"a\n"), (2, None), (4, b"b")] == list(read_lines(io.BytesIO(b"a\n" + long + b"\n\nb")))  # fmt: skip


def test_a_line_gives_a_record_or_a_fault():
    good = parse(1, b'{"id": "x", "title": " A \\n title ", "text": "One. Two is here."}')
    assert isinstance(good, Record)
    assert ("x", "A title", ("One.", "Two is here.")) == (good.id, good.request.title, good.sentence_texts)  # fmt: skip
    assert isinstance(parse(1, b"{}"), Fault)
