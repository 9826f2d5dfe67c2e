"""A folder of saved pages, links and PDFs that a lecturer dropped there.

Every item has the address that a reader can open: the page's own, the one in a file NAME.url beside NAME.html, or the
one that an arXiv id or a DOI stands for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digest.collect.article import door_of
from digest.collect.markup import is_http
from digest.collect.page import Page, extract
from digest.collect.pdf import MAX_BYTES, Pdf, read_pdf
from digest.collect.reach import fetch_page
from digest.collect.saved import (
    Link,
    from_list,
    from_mhtml,
    from_shortcut,
    from_webloc,
    saved_from,
)
from digest.collect.visit import Visit
from digest.errors import CollectError, ParseError
from digest.identity import arxiv_ids, canonical_url, dois
from digest.sources import FolderSource, Source
from digest.types import Item, ItemKind
from digest.week import LOOK_BACK

MAX_FILES = 1000
MAX_FETCHED = 100  #: pages of links in one run
PDF_CHARS = 20_000  #: kept of a PDF's text where it has no abstract

PAGES = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
SHORTCUTS = (".url", ".webloc", ".desktop")
LISTS = (".txt", ".md")
SUFFIXES = (*PAGES, *SHORTCUTS, *LISTS, ".pdf")
#: Folders in which browsers keep the pictures and scripts of a page saved beside them.
_PARTS = ("_files", ".files", "-Dateien", "_fichiers")
_STAMP = re.compile(r"arXiv:\s?\S{9,30}\s+\[[a-z-]+(?:\.[A-Z-]+)?\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    shown: str  #: within the folder, for messages
    changed: datetime


def collect(source: Source, visit: Visit) -> Iterator[Item]:
    """One item a saved page or PDF, and one a link whose page can be read or that has a title; in the order of names.

    Files are read again in each run, which costs no call; the page of a link is fetched only while its file is newer
    than the window's beginning. CollectError where the folder is missing.
    """
    assert isinstance(source, FolderSource)
    files = list(_files(source, visit))
    beside = {file.path for file in files}
    fetched: list[str] = []
    waiting = 0
    for file in files:
        suffix = file.path.suffix.lower()
        if suffix == ".url" and _has_page(file.path, beside):
            continue  # the address of that page
        try:
            if suffix in PAGES:
                yield _saved_page(file, source, visit)
            elif suffix == ".pdf":
                yield _saved_pdf(file, source, visit)
            elif file.changed >= visit.since:
                yield from _links(file, source, visit, fetched)
            else:
                waiting += 1
        except (CollectError, ValueError, OSError) as e:
            reason = e.message if isinstance(e, CollectError) else e.strerror if isinstance(e, OSError) else e  # fmt: skip
            visit.skip(f"{file.shown}: {reason}")
    if waiting and not fetched:
        visit.note = (
            f"{waiting} files of links are older than the week, and were read when they were new"
        )


# -- the files --------------------------------------------------------------------------------------------------------


def _files(source: FolderSource, visit: Visit) -> Iterator[_File]:
    """The files of the folder and of its folders, by name; what is hidden, of another kind or elsewhere is left out."""
    hint = "make the folder, or correct its path: in feeds.yaml"
    try:
        root = source.path.resolve(strict=True)
        entries = [*_listed(root), *(f for d in _listed(root) if _is_subfolder(d) for f in _listed(d))]  # fmt: skip
    except (OSError, RuntimeError) as e:  # RuntimeError: links in a circle
        reason = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        raise CollectError(source.name, f"{source.path}: {reason}", hint=hint) from e
    others: list[str] = []
    count = 0
    for path in entries:
        shown = path.relative_to(root).as_posix()
        try:
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                visit.skip(f"{shown}: is a link to a file outside the folder; copy that file here")
                continue
            if path.suffix.lower() not in SUFFIXES:
                others.append(shown)
                continue
            stat = path.stat()
            changed = datetime.fromtimestamp(stat.st_mtime, UTC)
        except (OSError, RuntimeError, ValueError, OverflowError) as e:
            visit.skip(f"{shown}: cannot be read: {e}")
            continue
        if stat.st_size > MAX_BYTES:
            visit.skip(f"{shown}: is larger than {MAX_BYTES >> 20} MiB")
            continue
        count += 1
        if count > MAX_FILES:
            visit.warn(
                f"only the first {MAX_FILES} files are read; make a second folder for the rest"
            )
            break
        yield _File(path, shown, changed)
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        visit.warn(f"files of other kinds are left out: {', '.join(others[:3])}{more}")


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _is_subfolder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.endswith(_PARTS)


def _has_page(shortcut: Path, beside: set[Path]) -> bool:
    stem = shortcut.with_suffix("")
    return any(stem.with_name(stem.name + s) in beside for s in (*PAGES, ".pdf")) or stem in beside


def _address_beside(file: _File) -> str:
    """The address in NAME.url or NAME.html.url beside NAME.html, "" where there is none."""
    names = (file.path.with_suffix(".url"), file.path.with_name(file.path.name + ".url"))
    for path in names:
        if path.is_file() and path.resolve().is_relative_to(file.path.parent.resolve()):
            return from_shortcut(path.read_bytes()[:10_000]).url
    return ""


# -- one file ---------------------------------------------------------------------------------------------------------


def _saved_page(file: _File, source: FolderSource, visit: Visit) -> Item:
    content, content_type, url = file.path.read_bytes(), "text/html", _address_beside(file)
    if file.path.suffix.lower() in (".mhtml", ".mht"):
        content, content_type, stated = from_mhtml(content)
        url = url or stated
    url = url or saved_from(content)
    page = extract(content, url, content_type)
    url = url or page.canonical
    if not url:
        raise ValueError(
            f"its address is unknown; add it on the first line of {file.path.stem}.url"
        )
    if not page.url:
        page = extract(content, url, content_type)  # with its address, relative links are known too
    return _item(url, page, file, source, visit, title=page.title or file.path.stem)


def _saved_pdf(file: _File, source: FolderSource, visit: Visit) -> Item:
    pdf = read_pdf(file.path.read_bytes(), source.name)
    url, doi = _address_of_pdf(file, pdf)
    if not url:
        raise ValueError(
            f"its address is unknown; add it on the first line of {file.path.stem}.url"
        )
    page = Page(url=url, text=pdf.abstract or pdf.text[:PDF_CHARS], authors=pdf.authors)
    is_paper = bool(arxiv_ids(url) or doi)
    kind: ItemKind = "paper" if is_paper else source.item_kind
    title = pdf.title or file.path.stem
    return _item(url, page, file, source, visit, title=title, kind=kind, doi=doi)


def _address_of_pdf(file: _File, pdf: Pdf) -> tuple[str, str | None]:
    """Where a PDF can be read, and its DOI; by the file beside it, its name, or what is printed on its first page."""
    url = _address_beside(file)
    if url:
        return url, next(iter(dois(url)), None)
    name = file.path.stem
    # arXiv's own name of the file: 2102.06171v2.pdf
    ids = arxiv_ids(f"[{name}]") or arxiv_ids(name)
    # arXiv's stamp names the paper itself, and any other id on the page may be that of a paper it cites
    stamp = _STAMP.search(pdf.first_page)
    ids = ids or arxiv_ids(stamp[0] if stamp else pdf.first_page)
    found = dois(name.replace("_", "/", 1)) or dois(pdf.first_page)
    doi = found[0] if found else None
    if ids:
        return f"https://arxiv.org/abs/{ids[0]}", doi
    return (f"https://doi.org/{doi}" if doi else ""), doi


def _links(file: _File, source: FolderSource, visit: Visit, fetched: list[str]) -> Iterator[Item]:
    """The pages that a file of links names; one that cannot be read is warned of, and kept where it has a title."""
    content = file.path.read_bytes()
    suffix = file.path.suffix.lower()
    if suffix in LISTS:
        links = from_list(content)
        if not links:
            raise ValueError("names no address")
    else:
        link = from_webloc(content) if suffix == ".webloc" else from_shortcut(content)
        links = (Link(url=link.url, title=link.title or file.path.stem),)
    for link in links:
        place = f"{file.shown}, line {link.line}" if link.line else file.shown
        page = Page(url=link.url, text="")
        if len(fetched) >= MAX_FETCHED:
            visit.warn(f"{place}: more than {MAX_FETCHED} links; its page is not fetched")
        else:
            fetched.append(link.url)
            page = _linked_page(link, place, visit) or page
        if title := page.title or link.title:
            yield _item(link.url, page, file, source, visit, title=title)


def _linked_page(link: Link, place: str, visit: Visit) -> Page | None:
    try:
        response = fetch_page(visit.http, link.url)
        page = extract(response.content, response.url, response.content_type)
        if door := door_of(link.url, page):
            raise ParseError(visit.source, door)
    except CollectError as e:
        visit.warn(f"{place}: {e.message}")
        return None
    return page


def _item(
    url: str,
    page: Page,
    file: _File,
    source: FolderSource,
    visit: Visit,
    *,
    title: str,
    kind: ItemKind | None = None,
    doi: str | None = None,
) -> Item:
    assert is_http(url)
    address = canonical_url(url)
    written = visit.believable(page.published)
    changed = visit.believable(file.changed)
    # Somebody dropped it for the next issue, however old it is: without a date it counts from when it was first seen.
    is_old = written is not None and changed is not None and changed - written > LOOK_BACK
    return Item(
        id=f"file:{hashlib.sha256(address.encode()).hexdigest()[:16]}",
        source=source.name,
        kind=kind or source.item_kind,
        title=title,
        url=url,
        text=page.text,
        authors=page.authors,
        published=None if is_old else written or changed,
        updated=changed,
        note=f"published on {written.day} {written:%B %Y}" if is_old and written else "",
        links=tuple(link for link in page.links if canonical_url(link) != address),
        doi=doi,
        figures=page.figures,
    )
