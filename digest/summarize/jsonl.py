"""Texts by the line, condensed by the chunk: for one paper or a million, in little memory, and resumable.

    lines -> chunks of records -> batches of equal length -> back end -> verify, roles -> answers, in the order of the lines

**A killed run, taken up again, ends in the same file.** Chunks and batches are cut from the input alone, however much of
it is answered already. An answered line is recognized by its id, a refused one by its number, and of a batch that is
answered in part all texts go to the model again, because a text may come out otherwise in other company (see batching.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Any, BinaryIO

import numpy as np

from digest.errors import ConfigError
from digest.summarize.batching import ask, batches, cache_key, judge, set_aside
from digest.summarize.extractive import ExtractiveSummarizer
from digest.summarize.lines import Fault, Record, parse, read_lines
from digest.summarize.protocol import Summarizer
from digest.summarize.roles import classify_all
from digest.types import Checked, Problem, Role, Summary

CHUNK_LINES = 256  #: at least; long enough for batches of nearly equal length, and some 3 minutes of two CPU cores
CHUNK_BATCHES = 4  #: at least
FIRST_LINES = 8  #: the first chunk, which doubles from one to the next until it is as long as it should be: who waits sees answers soon
CHUNK_BYTES = 16 * 2**20  #: of input lines; a chunk closes early where texts are books

_OPENING = b'{"id": '  #: every answer begins so; a last line that does may be one cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the lines of a chunk, or of all."""

    answered: int = 0  #: in this run
    own_words: int = 0  #: of those, how many by the source's own sentence
    refused: int = 0  #: lines that hold no text, answered by an error now or before
    known: int = 0  #: texts that an earlier run answered
    changed: int = 0  #: of those, how many are not what was answered: their text is another now

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            answered=self.answered + other.answered,
            own_words=self.own_words + other.own_words,
            refused=self.refused + other.refused,
            known=self.known + other.known,
            changed=self.changed + other.changed,
        )

    @property
    def lines(self) -> int:
        return self.answered + self.refused + self.known


class Fingerprints:
    """A set of texts in 8 bytes each; of a million, one in thirty million runs would take a new one for an old."""

    _RECENT = 65_536

    def __init__(self) -> None:
        self._sorted = np.empty(0, np.uint64)
        self._recent: set[int] = set()

    def __contains__(self, text: str) -> bool:
        mark = _mark(text)
        at = int(np.searchsorted(self._sorted, np.uint64(mark)))
        is_old = at < len(self._sorted) and int(self._sorted[at]) == mark
        return is_old or mark in self._recent

    def add(self, text: str) -> None:
        self._recent.add(_mark(text))
        if len(self._recent) >= self._RECENT:
            recent = np.fromiter(self._recent, np.uint64, len(self._recent))
            self._sorted = np.union1d(self._sorted, recent)
            self._recent.clear()


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def read_answers(stream: BinaryIO, where: str, summarizer: Summarizer) -> tuple[Fingerprints, int]:
    """What the earlier runs answered, and the length in bytes of their whole lines; a torn last line is not counted.

    ConfigError where ``stream`` holds something else, or answers of another model or prompt: nothing may be lost or
    mixed.
    """
    known = Fingerprints()
    whole = 0
    for number, line in enumerate(stream, start=1):
        if not line.endswith(b"\n") and (line.startswith(_OPENING) or _OPENING.startswith(line)):
            break
        try:
            answer = json.loads(line)
            marks = _marks_of(answer)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ConfigError(
                f"{where}: line {number} is not an answer of this command",
                hint="name another --output; what is there is not overwritten",
            ) from None
        by = (answer.get("model"), answer.get("prompt"))
        if "error" not in answer and by != (summarizer.model_id, summarizer.prompt_version):
            raise ConfigError(
                f"{where}: line {number} was answered by {by[0]}, prompt {by[1]}; now it would be"
                f" {summarizer.model_id}, prompt {summarizer.prompt_version}",
                hint="name another --output, so that one model answers all",
            )
        for mark in marks:
            known.add(mark)
        whole += len(line)
    return known, whole


def _marks_of(answer: dict[str, Any]) -> tuple[str, ...]:
    if "error" in answer:
        return (_line_mark(int(answer["line"])),)
    return (_id_mark(answer["id"]), _text_mark(answer["id"], str(answer["key"])))


def _id_mark(row_id: object) -> str:
    return f"id {row_id}"


def _text_mark(row_id: object, key: str) -> str:
    return f"text {key} {row_id}"


def _line_mark(number: int) -> str:
    return f"line {number}"


def answers(
    stream: BinaryIO, summarizer: Summarizer, known: Fingerprints, *, written: date
) -> Iterator[tuple[bytes, Tally]]:
    """(lines to append, what they are), a chunk at a time: one answer to every line of ``stream`` that has none yet.

    BackendUnavailable passes through; what was yielded before stays valid, and the next run goes on behind it.
    """
    seen = Fingerprints()
    least = max(CHUNK_LINES, CHUNK_BATCHES * summarizer.batch_size)
    for chunk in _chunks(read_lines(stream), least):
        rows = [_once(parse(number, line), seen) for number, line in chunk]
        yield _answer_chunk(rows, summarizer, known, written)


def _chunks(
    lines: Iterable[tuple[int, bytes | None]], count: int
) -> Iterator[list[tuple[int, bytes | None]]]:
    """Of ``count`` lines, the first ones of fewer. Where they begin depends on the lines alone: a run taken up again cuts the same."""
    chunk: list[tuple[int, bytes | None]] = []
    size = 0
    wanted = min(FIRST_LINES, count)
    for number, line in lines:
        chunk.append((number, line))
        size += len(line or b"")
        if len(chunk) >= wanted or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
            wanted = min(2 * wanted, count)
    if chunk:
        yield chunk


def _once(row: Record | Fault, seen: Fingerprints) -> Record | Fault:
    """``row``, or a fault where an earlier line has its id."""
    if isinstance(row, Fault):
        return row
    mark = _id_mark(row.id)
    if mark in seen:
        return Fault(line=row.line, id=row.id, error='an earlier line has this "id"')
    seen.add(mark)
    return row


def _answer_chunk(
    rows: list[Record | Fault], summarizer: Summarizer, known: Fingerprints, written: date
) -> tuple[bytes, Tally]:
    records = [row for row in rows if isinstance(row, Record)]
    keys = {r.request.item_id: cache_key(r.request, summarizer)[:16] for r in records}
    new = {r.request.item_id: r for r in records if _id_mark(r.id) not in known}
    tally = Tally(
        known=len(records) - len(new),
        changed=sum(
            r.request.item_id not in new and _text_mark(r.id, keys[r.request.item_id]) not in known
            for r in records
        ),
    )
    checked = _checked(records, new, summarizer, written)
    roles = dict(zip(new, classify_all([r.sentence_texts for r in new.values()]), strict=True))
    lines = []
    for row in rows:
        if isinstance(row, Fault):
            tally += Tally(refused=1)
            if _line_mark(row.line) not in known:
                lines.append({"id": row.id, "line": row.line, "error": row.error})
        elif (item_id := row.request.item_id) in new:
            answer = _answer(row, checked[item_id], roles[item_id], summarizer)
            lines.append(answer | {"key": keys[item_id]})
            tally += Tally(answered=1, own_words=int(answer["fallback"]))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return text.encode(), tally


def _checked(
    records: list[Record], new: dict[str, Record], summarizer: Summarizer, written: date
) -> dict[str, Checked]:
    """By item id, at least those of ``new``; whole batches, for the sake of a text's company."""
    requests = [r.request for r in records]
    aside = {r.item_id: why for r in requests if (why := set_aside(r, summarizer)) is not None}
    for_model = [r for r in requests if r.item_id not in aside]
    checked = {
        i: judge(r.request, None, aside=aside[i], written=written)
        for i, r in new.items()
        if i in aside
    }
    cut = batches(for_model, summarizer.batch_size)
    pending = [b for b in cut if any(r.item_id in new for r in b)]
    for batch, outcomes in ask(summarizer, pending):
        for request, outcome in zip(batch, outcomes, strict=True):
            if request.item_id not in new:
                continue
            if isinstance(outcome, Summary):
                outcome = replace(outcome, written=written)  # noqa: PLW2901
            checked[request.item_id] = judge(request, outcome, written=written)
    return checked


def _answer(
    record: Record, checked: Checked, roles: tuple[Role, ...], summarizer: Summarizer
) -> dict[str, Any]:
    summary = checked.summary
    has_model = summarizer.model_id != ExtractiveSummarizer.model_id
    problems = [_problem(p) for p in checked.problems]
    if not summary.sentences:
        problems.append({"kind": "short", "detail": "the text has no sentence", "sentence": ""})
    return {
        "id": record.id,
        "summary": " ".join(s.text for s in summary.sentences),
        "roles": list(roles),
        "sentences": [list(span) for span in record.sentences],
        "spans": [[s.start, s.end] for told in summary.sentences for s in told.spans],
        "model": summarizer.model_id,
        "prompt": summarizer.prompt_version,
        "written": written.isoformat() if (written := summary.written) else None,
        "fallback": has_model and any(s.origin == "extractive" for s in summary.sentences),
        "problems": problems,
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {"kind": problem.kind, "detail": problem.detail, "sentence": problem.sentence}
