"""Entries of a BibTeX file, by bibtexparser: a broken one costs itself, not those behind it."""

from __future__ import annotations

import logging

from digest.feedback.library import Entry, Library


def parse(text: str) -> Library:
    """The entries; ValueError where the text has none at all, and nothing that looks like one."""
    from bibtexparser import middlewares, model
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library as Blocks

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what is skipped is counted
    decode = middlewares.LatexDecodingMiddleware()
    parsed = parse_string(text, append_middleware=[decode])
    found = list(parsed.entries)
    skipped = 0
    for block in parsed.failed_blocks:
        # two entries with one key, or two fields with one name: all there, and no fault of the work
        kept = getattr(block, "ignore_error_block", None)
        if isinstance(kept, model.Entry):
            unwrapped = middlewares.RemoveEnclosingMiddleware().transform(Blocks([kept]))
            found += decode.transform(unwrapped).entries
        else:
            skipped += 1
    if not found and not skipped:
        raise ValueError("holds no BibTeX entry")
    entries = [_entry({f.key.lower(): str(f.value) for f in e.fields}) for e in found]
    return Library(
        entries=tuple(e for e in entries if e is not None),
        skipped=skipped + sum(e is None for e in entries),
    )


def _entry(fields: dict[str, str]) -> Entry | None:
    eprint = fields.get("eprint", "")
    server = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    names = [f"arXiv:{eprint}"] if eprint and server.casefold() == "arxiv" else []
    names += [fields.get(n, "") for n in ("doi", "url", "journal", "number", "note")]
    return Entry.of(fields.get("title", ""), fields.get("abstract", ""), names)
