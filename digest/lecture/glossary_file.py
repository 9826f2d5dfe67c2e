"""The glossary's file, and a lecturer's own one that adds to it or overrides it; every fault in one line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError

from digest.errors import ConfigError
from digest.lecture.glossary import Entry, Glossary

GLOSSARY = Path(__file__).with_name("glossary.yaml")
FIELDS = tuple(f.alias or name for name, f in Entry.model_fields.items())

#: libyaml's, which reads the shipped file in a tenth of the time; not every build of PyYAML has it
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What a lecturer may write of a term: its fields, and "skip: true" to have it never explained.
Raw: TypeAlias = Mapping[str, Any]


@cache
def load_glossary(own: Path | None = None) -> Glossary:
    """The shipped glossary, with the terms of the file ``own`` added or put in place of those of the same name.

    ConfigError with one line for each fault, all of them at once.
    """
    shipped = _entries(_read(GLOSSARY), GLOSSARY)
    if own is None:
        return Glossary(tuple(shipped.values()))
    raw = _read(own)
    known = {term.casefold(): entry for term, entry in shipped.items()}
    merged: list[Raw] = []
    dropped: set[str] = set()
    faults: list[str] = []
    for fields in raw:
        old = known.get(str(fields.get("term", "")).casefold())
        if fields.get("skip", False) is True:
            if old is None:
                guess = difflib.get_close_matches(str(fields.get("term")), list(shipped), n=1)
                meant = f"; did you mean {guess[0]!r}?" if guess else ""
                faults.append(f"{_label(fields)}: skip: no such term is shipped{meant}")
            else:
                dropped.add(old.term)
        else:
            # what the lecturer leaves out stays as shipped
            base = old.model_dump(by_alias=True, exclude_unset=True) if old else {}
            merged.append({**base, **fields, **({"term": old.term} if old else {})})
    if faults:
        raise _fault(own, faults)
    entries = _entries(merged, own)
    taken = {n.casefold() for e in entries.values() for n in e.names}
    for term, entry in shipped.items():
        if term in entries or term in dropped:
            continue
        if term.casefold() in taken:
            by = next(e.term for e in entries.values() if term.casefold() in _folded(e))
            faults.append(f"{by}: {term!r} is a term of its own; skip it, or leave the alias out")
        entries[term] = _without(entry, taken)
    if faults:
        raise _fault(own, faults)
    return Glossary(tuple(entries.values()))


def _read(path: Path) -> list[Raw]:
    """The terms in the file, not checked yet; ConfigError where it holds no list of mappings."""
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError(
            f"{path}: cannot be read: {e}", hint="see course.glossary in feeds.yaml"
        ) from e
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        raise ConfigError(
            f"{path}:{place} not YAML: {getattr(e, 'problem', None) or e}",
            hint="put a definition in double quotes",
        ) from e
    if not isinstance(data, list):
        raise ConfigError(
            f"{path}: must be a list of terms, each beginning with '- ', not {_kind(data)}"
        )
    faults = [
        f"entry {n}: must be a mapping such as {{term: ..., definition: ...}}, not {_kind(x)}"
        for n, x in enumerate(data, start=1)
        if not isinstance(x, dict)
    ]
    if faults:
        raise _fault(path, faults)
    return data


def _entries(raw: list[Raw], path: Path) -> dict[str, Entry]:
    """The checked entries by term; ConfigError names every fault, and every name that two terms share."""
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    owner: dict[str, str] = {}
    for number, fields in enumerate(raw, start=1):
        try:
            entry = Entry.model_validate({k: v for k, v in fields.items() if k != "skip"})
        except ValidationError as e:
            faults += [f"{_label(fields, number)}: {x}" for x in _explain(e)]
            continue
        for name in sorted(_folded(entry)):
            if name in owner:
                faults.append(f"{entry.term}: {name!r} is a name of {owner[name]!r} too")
            owner[name] = entry.term
        entries[entry.term] = entry
    if faults:
        raise _fault(path, faults)
    return entries


def _explain(error: ValidationError) -> list[str]:
    faults = []
    for fault in error.errors(include_url=False):
        where = ".".join(map(str, fault["loc"]))
        if fault["type"] == "missing":
            faults.append(f"{where}: is missing")
        elif fault["type"] == "extra_forbidden":
            close = difflib.get_close_matches(where, FIELDS, n=1)
            guess = f"did you mean {close[0]!r}? " if close else ""
            faults.append(f"unknown key {where!r}; {guess}allowed: {', '.join(FIELDS)}, skip")
        elif where:
            shown = f"{fault.get('input')!r:.60}"
            faults.append(f"{where}: got {shown}; {fault['msg'].removeprefix('Value error, ')}")
        else:
            faults.append(fault["msg"].removeprefix("Value error, "))
    return faults


def _without(entry: Entry, taken: set[str]) -> Entry:
    """``entry`` without the names that the lecturer's file gives to other terms."""

    def left(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(n for n in names if n.casefold() not in taken)

    changed = {k: left(getattr(entry, k)) for k in ("aliases", "verbs", "loose")}
    if entry.loose and not changed["loose"]:
        changed |= {"needs": (), "not_near": ()}  # they were about the names that are gone
    return entry.model_copy(update=changed)


def _folded(entry: Entry) -> set[str]:
    return {n.casefold() for n in entry.names}


def _label(fields: Raw, number: int = 0) -> str:
    return str(fields.get("term") or f"entry {number}")


def _kind(data: object) -> str:
    return "nothing" if data is None else f"a {type(data).__name__}"


def _fault(path: Path, faults: list[str]) -> ConfigError:
    return ConfigError("\n".join(f"{path}: {f}" for f in faults))
