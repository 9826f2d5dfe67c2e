"""Entries of what Zotero exports: CSL-JSON, Better BibTeX's JSON, CSV and RDF (zotero.org/support/kb/exporting)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from digest.feedback.library import Entry, Library

_NOT_WORKS = frozenset({"attachment", "note", "annotation"})
_IDS = ("DOI", "doi", "archiveID", "url", "URL", "Url", "number", "extra", "note", "Extra")
_RDF = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


def parse_json(text: str) -> Library:
    """CSL-JSON, Better BibTeX's JSON, or what Zotero's API answers; ValueError where it is none of them."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise ValueError(f"is not JSON: {e}") from e
    if isinstance(data, dict):
        data = data.get("items")
    if not isinstance(data, list):
        raise ValueError("is JSON, but no list of entries")  # noqa: TRY004 - of the file, not a type
    return _library(_of_json(entry) for entry in data)


def parse_csv(text: str) -> Library:
    """Zotero's CSV; ValueError where it has no column Title."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    found: list[dict[str, Any] | None] = []
    try:
        if "Title" not in (rows.fieldnames or ()):
            raise ValueError("is no CSV of Zotero: it has no column Title")
        while True:
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error:  # a field of more than 128 KiB
                found.append(None)
                continue
            found.append(row | {"title": row["Title"], "abstract": row.get("Abstract Note")})
    except csv.Error as e:
        raise ValueError(f"is not CSV: {e}") from e
    return _library(found)


def parse_rdf(text: str) -> Library:
    """Zotero's RDF; ValueError where it is not. No entity is resolved and nothing is loaded from elsewhere."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise ValueError(f"is not XML: {e}") from e
    if root.tag != f"{{{_RDF['rdf']}}}RDF":
        raise ValueError("is XML, but not RDF")
    return _library(
        {
            "itemType": kind,
            "title": element.findtext("dc:title", namespaces=_RDF),
            "abstract": element.findtext("dcterms:abstract", namespaces=_RDF),
            # "DOI 10.1371/...", or a URI around an address
            "DOI": " ".join(
                " ".join(map(str, found.itertext()))
                for found in element.iterfind("dc:identifier", namespaces=_RDF)
            ),
            "extra": element.findtext("dc:description", namespaces=_RDF),
        }
        for element in root
        if (kind := element.findtext("z:itemType", namespaces=_RDF))
    )


def _of_json(entry: object) -> dict[str, Any] | None:
    if not isinstance(entry, dict):
        return None
    data = entry.get("data")
    fields: dict[str, Any] = data if isinstance(data, dict) else entry
    return fields | {"abstract": fields.get("abstract") or fields.get("abstractNote")}


def _library(found: Iterable[dict[str, Any] | None]) -> Library:
    """Notes and attachments are no works, and not counted; what has no title is."""
    works = [
        fields
        for fields in found
        if fields is None
        or (fields.get("itemType") or fields.get("Item Type") or fields.get("type"))
        not in _NOT_WORKS
    ]
    entries = [
        fields
        and Entry.of(
            _line(fields.get("title")),
            _line(fields.get("abstract")),
            [_line(fields.get(n)) for n in _IDS],
        )
        for fields in works
    ]
    kept = tuple(e for e in entries if e)
    return Library(entries=kept, skipped=len(works) - len(kept))


def _line(value: object) -> str:
    return value if isinstance(value, str) else ""
