"""A reader's library -> likes: what somebody keeps, they care for.

An entry is known by its arXiv id, its DOI, or else its title. Where the database has such an item, its text is rated, else the
entry's own title and abstract: the interest model needs no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.embeddings import text_of
from digest.errors import ConfigError
from digest.identity import arxiv_ids, dois, normal_title
from digest.rating import Rating
from digest.types import Item

if TYPE_CHECKING:
    from digest.store import Store

MAX_BYTES = 64 * 2**20  #: a library of 20,000 entries with abstracts has about half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One work of a library; "" for what it does not say."""

    title: str
    abstract: str = ""
    arxiv_id: str = ""  #: without a version
    doi: str = ""  #: in lower case

    @classmethod
    def of(cls, title: str, abstract: str, names: Iterable[str]) -> Entry | None:
        """The entry; ``names`` are the fields that may hold its ids, the surest first. None without a title."""
        title = " ".join(title.split())
        if not normal_title(title):
            return None
        fields = [n for n in names if n]
        papers = [paper for name in fields for paper in arxiv_ids(name)]
        works = [doi for name in fields for doi in dois(name)]
        return cls(
            title=title,
            abstract=" ".join(abstract.split()),
            arxiv_id=papers[0] if papers else "",
            doi=works[0] if works else "",
        )

    @property
    def item_id(self) -> str:
        """As an item of it would be called."""
        if self.arxiv_id:
            return f"arxiv:{self.arxiv_id}"
        if self.doi:
            return f"doi:{self.doi}"
        return f"title:{hashlib.sha256(normal_title(self.title).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What a file holds, in its order."""

    entries: tuple[Entry, ...] = ()
    skipped: int = 0  #: entries that are broken or have no title


def read_library(path: Path) -> Library:
    """The entries of a file, or of all such files in a folder; ConfigError where there is none to read."""
    from digest.feedback import bibtex, zotero

    readers = {
        ".bib": bibtex.parse,
        ".json": zotero.parse_json,
        ".csv": zotero.parse_csv,
        ".rdf": zotero.parse_rdf,
    }
    named = f"{', '.join(list(readers)[:-1])} or {list(readers)[-1]}"
    files = [path]
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in readers and f.is_file())
        if not files:
            raise ConfigError(f"{path}: holds no {named} file", hint="export the library into it")
    read = []
    for file in files:
        parse = readers.get(file.suffix.lower())
        if parse is None:
            raise ConfigError(f"{file}: is no {named} file", hint="export BibTeX or CSL-JSON")
        try:
            if file.stat().st_size > MAX_BYTES:
                raise ConfigError(f"{file}: is larger than {MAX_BYTES >> 20} MiB")
            # Zotero begins a CSV with a byte order mark; old BibTeX files are Latin-1
            text = _text(file.read_bytes())
        except OSError as e:
            raise ConfigError(f"{file}: cannot be read: {e.strerror or e}") from e
        try:
            read.append(parse(text))
        except ValueError as e:
            raise ConfigError(f"{file}: {e}") from e
    return Library(
        entries=tuple(e for library in read for e in library.entries),
        skipped=sum(library.skipped for library in read),
    )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def likes(entries: Sequence[Entry], store: Store, *, now: datetime) -> tuple[Rating, ...]:
    """One like a work, in the order of the entries."""
    known = {i.id: i for i in store.items_by_id(e.item_id for e in entries)}
    others = store.find_items(
        dois=[e.doi for e in entries if e.doi], titles=[e.title for e in entries]
    )
    by_doi = {i.doi.lower(): i for i in others if i.doi}
    by_title = {i.title.lower(): i for i in others if i.kind == "paper"}
    rated: dict[str, Rating] = {}
    for entry in entries:
        item = (
            known.get(entry.item_id)
            or by_doi.get(entry.doi)
            or (by_title.get(entry.title.lower()) if not entry.arxiv_id else None)
            or Item(
                id=entry.item_id,
                source="library",
                kind="paper",
                title=entry.title,
                url="",
                text=entry.abstract,
            )
        )
        rated.setdefault(
            item.id,
            Rating(
                item_id=item.id,
                value=1,
                title=item.title,
                text=text_of(item),
                at=now,
                origin="library",
            ),
        )
    return tuple(rated.values())
