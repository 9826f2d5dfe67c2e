"""PDFs to text with paragraphs, in a process of their own that is bounded in time and memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from digest.collect.markup import mended, one_line, paragraphs
from digest.errors import ParseError

MAX_BYTES = 32 << 20
MAX_PAGES = 40  #: read; what a digest tells of stands before the appendix
TIMEOUT_S = 40.0
SHORT_LINE = (
    0.8  #: of the usual length: a line that ends a sentence and is shorter ends its paragraph
)

_CHILD = Path(__file__).with_name("pdf_child.py")
_ABSTRACT = re.compile(
    r"(?:^|\n\n|\n)\s*abstract\b[\s.:—–-]*(.{200,4000}?)\s*(?=\n\s*(?:(?:1|I)\.?\s+)?Introduction\b)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """What a PDF says of itself, and the text of its first pages."""

    title: str  #: of its metadata, else its first line; "" where it has neither
    authors: tuple[str, ...]
    text: str
    first_page: str  #: as it was read, line by line
    abstract: str  #: "" where none stands before an introduction


def is_pdf(data: bytes) -> bool:
    """``data`` begins as PDFs do; readers allow for some bytes before the mark."""
    return b"%PDF-" in data[:1024]


def read_pdf(data: bytes, source: str, *, timeout_s: float = TIMEOUT_S) -> Pdf:
    """The text of a PDF; ParseError, which names ``source``, where it is damaged, locked, too large or too slow to read."""
    if len(data) > MAX_BYTES:
        raise ParseError(source, f"the PDF is larger than {MAX_BYTES >> 20} MiB")
    command = [sys.executable, "-I", str(_CHILD), str(MAX_PAGES)]
    try:
        done = subprocess.run(  # noqa: S603  # this package's own script
            command, input=data, capture_output=True, timeout=timeout_s, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as e:
        raise ParseError(source, f"the PDF cannot be read within {timeout_s:g} s") from e
    except (OSError, ValueError) as e:  # no answer: it was stopped at a limit
        raise ParseError(
            source, "the PDF cannot be read within the limits of memory and time"
        ) from e
    if "error" in answer:
        raise ParseError(source, f"the PDF cannot be read: {answer['error']}")
    pages = [mended(page) for page in answer["pages"]]
    lines = [line.strip() for page in pages for line in page.strip().split("\n")]
    first_line = next((line for line in lines if len(line) > 3 and not line.lower().startswith("arxiv:")), "")  # fmt: skip
    text = _with_paragraphs(lines)
    first = "\n".join(pages[:2])
    match = _ABSTRACT.search(first)
    return Pdf(
        title=one_line(_stated(answer["title"])) or one_line(first_line)[:300],
        authors=_names(answer["author"]),
        text=text,
        first_page=pages[0] if pages else "",
        abstract=_with_paragraphs(match[1].split("\n")).replace("\n\n", " ") if match else "",
    )


def _stated(title: str) -> str:
    """The title of the metadata, unless a program put its own there."""
    is_made_up = re.match(r"(?:untitled|microsoft word|\(?anonymous|slide 1|.*\.(?:tex|dvi|docx?|pdf)$)", title, re.IGNORECASE)  # fmt: skip
    return "" if is_made_up else title.strip()


def _names(author: str) -> tuple[str, ...]:
    names = (one_line(name) for name in re.split(r";|,| and ", author))
    return tuple(dict.fromkeys(name for name in names if name and "@" not in name))


def _with_paragraphs(lines: list[str]) -> str:
    """Lines as they stand on paper to paragraphs: words divided at the end of a line are put together."""
    usual = median([len(line) for line in lines if len(line) > 20] or [80])
    pieces = []
    for line in map(str.strip, lines):
        if re.search(r"[a-z]-$", line):
            pieces.append(line[:-1])
        elif line == "" or (line[-1] in ".!?:" and len(line) < SHORT_LINE * usual):
            pieces.append(line + "\n\n")
        else:
            pieces.append(line + " ")
    return paragraphs("".join(pieces))
