"""The command ``summarize``: the stories of a week, or with ``--input`` the texts of a JSONL file."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from digest.cli import options, weekly
from digest.errors import ConfigError, DigestError, LockHeld

if TYPE_CHECKING:
    from digest.config import SummarizerConfig
    from digest.summarize.jsonl import Tally

STANDARD = Path("-")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``summarize`` alone."""
    add = parser.add_argument
    add(
        "--input",
        type=Path,
        metavar="FILE",
        help='summarize the texts of this JSONL file instead: {"id", "title", "text"} or {"id", "title", "sentences"}'
        " a line; - for stdin",
    )
    add(
        "--output",
        type=Path,
        metavar="FILE",
        help="where one answer a line goes, in the order of the input; a file that is there is gone on with"
        " (default: -, stdout)",
    )
    add("--backend", metavar="NAME", help="the back end, instead of that of feeds.yaml")


def summarize(args: argparse.Namespace) -> int:
    """Condense a week's stories, or the lines of ``--input``; exit 3 where some line of it holds no text."""
    if args.input is not None:
        return _summarize_lines(args)
    for name in ("output", "backend"):
        if getattr(args, name) is not None:
            raise ConfigError(f"--{name} is for texts from a file", hint="name it with --input")
    return weekly.summarize(args)


def _summarize_lines(args: argparse.Namespace) -> int:
    from digest.progress import Terminal
    from digest.summarize import make_summarizer
    from digest.summarize.jsonl import Fingerprints, Tally, answers, read_answers

    output = args.output or STANDARD
    written = options.now(args).date()
    with ExitStack() as stack:
        stream = stack.enter_context(_opened_input(args.input))
        sink = stack.enter_context(_opened_output(output, args.input))
        summarizer = make_summarizer(_settings(args))
        known = Fingerprints()
        if _is_file(sink):
            with output.open("rb") as earlier:
                known, whole = read_answers(earlier, str(output), summarizer)
            sink.truncate(whole)
            sink.seek(whole)
        watch = stack.enter_context(Terminal(is_quiet=args.quiet))
        total = _line_count(args.input)
        watch.stage("summarize", total)
        tally = Tally()
        for chunk, more in answers(stream, summarizer, known, written=written):
            _append(sink, chunk, output)
            tally += more
            watch.advance(tally.lines, max(total or 0, tally.lines))
        if tally.changed:
            watch.line(
                f"{output}: {tally.changed} texts have changed since they were answered, and keep their old answers;"
                " name another --output to ask anew",
                is_bad=True,
            )
        if output == STANDARD:
            watch.line(_told(tally, summarizer.model_id))
        elif args.json:
            print(json.dumps(asdict(tally) | {"model": summarizer.model_id}))
        elif not args.quiet:
            print(f"{output}: {_told(tally, summarizer.model_id)}")
    return 3 if tally.refused or tally.changed else 0


def _told(tally: Tally, model_id: str) -> str:
    parts = [f"{tally.answered} texts answered by {model_id}"]
    if tally.own_words:
        parts.append(f"{tally.own_words} of them in the source's own words")
    if tally.known:
        parts.append(f"{tally.known} answered before")
    if tally.refused:
        parts.append(f'{tally.refused} lines hold no text (see their "error")')
    return ", ".join(parts)


def _settings(args: argparse.Namespace) -> SummarizerConfig:
    """The summarizer section of the configuration, with the back end that the command names."""
    from digest.config import load_config
    from digest.summarize import BACKENDS

    settings = load_config(options.feeds_path(args)).summarizer
    if args.backend is None:
        return settings
    if args.backend not in BACKENDS:
        raise ConfigError(
            f"--backend: got {args.backend!r}", hint=f"allowed: {', '.join(sorted(BACKENDS))}"
        )
    return settings.model_copy(update={"backend": args.backend})


@contextmanager
def _opened_input(path: Path) -> Iterator[BinaryIO]:
    if path == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file", hint="name a JSONL file with --input, or - for stdin"
        ) from None
    except OSError as e:
        raise ConfigError(f"{path}: cannot be read: {e.strerror}") from e
    with stream:
        yield stream


@contextmanager
def _opened_output(path: Path, source: Path) -> Iterator[IO[bytes]]:
    """The output, locked against a second run; a file that stays empty is not left behind."""
    if path == STANDARD:
        yield sys.stdout.buffer
        return
    is_new = not path.exists()
    if not is_new and source != STANDARD and path.samefile(source):
        raise ConfigError(f"{path}: is the input", hint="name another --output")
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
    except OSError as e:
        raise ConfigError(
            f"{path}: cannot be written: {e.strerror}", hint="choose another --output"
        ) from e
    try:
        # without a buffer, which would try again on closing what a full disk has refused
        with os.fdopen(number, "wb", buffering=0) as sink:
            if _is_file(sink):
                _lock(sink, path)
            yield sink
    finally:
        if is_new and path.is_file() and path.stat().st_size == 0:
            path.unlink()


def _lock(sink: IO[bytes], path: Path) -> None:
    """LockHeld where another run writes to the file; the system frees it on a kill. Windows has no such call."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        return
    try:
        flock(sink, LOCK_EX | LOCK_NB)
    except OSError:
        raise LockHeld(f"{path}: another run writes to it", hint="wait for it to end") from None


def _is_file(sink: IO[bytes]) -> bool:
    """A file that can be gone on with; a pipe or a device is only written to."""
    try:
        return stat.S_ISREG(os.fstat(sink.fileno()).st_mode) and sink is not sys.stdout.buffer
    except OSError:
        return False


def _append(sink: IO[bytes], chunk: bytes, path: Path) -> None:
    """Write a chunk through to the disk: what is said to be done survives a power cut."""
    try:
        while chunk:
            chunk = chunk[sink.write(chunk) :]
        sink.flush()
        if _is_file(sink):
            os.fsync(sink.fileno())
    except BrokenPipeError:
        raise
    except OSError as e:
        raise DigestError(
            f"{path}: cannot be written: {e.strerror}",
            hint="run it again to go on where it stopped",
        ) from e


def _line_count(path: Path) -> int | None:
    """Lines of a file, for the progress bar; None where they cannot be counted beforehand."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(2**20), b""))
