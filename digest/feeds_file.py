"""feeds.yaml as a file that a person keeps: sources are added to it, and every other byte stays.

A new source is put in as lines of text behind the last one, so that comments, order, quoting and line ends are left as
they are. Where the list is written in brackets, ruamel.yaml writes the file anew and keeps what it can. Either way the
result is read back before it takes the place of the old file: it must hold what was there, and what was added.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from digest.config import load_config, parse_config
from digest.errors import ConfigError
from digest.sources import Source

Entry = Mapping[str, Any]


def add_sources(path: Path, entries: Sequence[Entry]) -> tuple[Source, ...]:
    """Write ``entries`` behind the sources of the file at ``path``, whole or not at all; the sources they make.

    ConfigError, and an untouched file, where it cannot be read, would not load afterwards, or cannot be written.
    """
    load_config(
        path
    )  # its errors name the file and what to do, and it must be right before it is changed
    with path.open(encoding="utf-8", newline="") as file:  # CRLF stays CRLF
        text = file.read()
    before = yaml.safe_load(text)
    wanted = before | {"sources": [*before["sources"], *map(dict, entries)]}
    added = parse_config(wanted, str(path)).sources[len(before["sources"]) :]
    if not entries:
        return ()
    for edit in (_insert, _rewrite):
        after = edit(text, entries)
        if after is not None and _reads_as(after, wanted):
            _replace(path, after)
            return tuple(added)
    raise ConfigError(
        f"{path}: the new source cannot be put in without changing the rest",
        hint=f"add it by hand under 'sources:': {_inline(dict(entries[0]))}",
    )


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return bool(yaml.safe_load(text) == wanted)
    except yaml.YAMLError:
        return False


def _insert(text: str, entries: Sequence[Entry]) -> str | None:
    """``text`` with the entries as new lines behind the last source; None where the list is not written in lines."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    sources = next(value for key, value in root.value if key.value == "sources")
    if not isinstance(sources, yaml.SequenceNode) or sources.flow_style or not sources.value:
        return None
    lines = text.splitlines(keepends=True)
    # PyYAML ends a list where the next key begins; comments and blank lines before that belong to the key
    end = sources.end_mark.line + bool(sources.end_mark.column)
    while _is_aside(lines[end - 1]):
        end -= 1
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    dash = sources.value[-1].start_mark.line
    while not lines[dash].lstrip().startswith("-"):  # it may stand on a line of its own
        dash -= 1
    indent = lines[dash].partition("-")[0]
    new = [indent + line + newline for entry in entries for line in _block(entry)]
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
    return "".join([*lines[:end], *new, *lines[end:]])


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _block(entry: Entry) -> list[str]:
    """The lines of one item of a list, a key a line, quoted as the reader of feeds.yaml needs it."""
    lines = [f"{key}: {_inline(value)}" for key, value in entry.items()]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _inline(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=float("inf"), default_flow_style=True
    )
    return text.removesuffix("...\n").strip()


def _rewrite(text: str, entries: Sequence[Entry]) -> str | None:
    """``text`` read and written again by ruamel.yaml with the entries in its list; None where it cannot."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    round_trip = YAML()
    round_trip.preserve_quotes = True
    round_trip.width = 100_000  # a line that a person wrote stays one
    round_trip.indent(mapping=2, sequence=4, offset=2)
    try:
        data = round_trip.load(text)
        for entry in entries:
            # quoted throughout: ruamel.yaml knows YAML 1.2, where a bare "no" is a text, and the reader 1.1, where it is not
            quoted = {
                k: DoubleQuotedScalarString(v) if isinstance(v, str) and k != "kind" else v
                for k, v in entry.items()
            }
            item = CommentedMap(quoted)
            item.fa.set_flow_style()
            data["sources"].append(item)
        out = io.StringIO()
        round_trip.dump(data, out)
    except (YAMLError, AttributeError):
        return None
    return out.getvalue()


def _replace(path: Path, text: str) -> None:
    path = path.resolve()  # a link to the file stays a link
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
        shutil.copymode(path, temporary)
        os.replace(temporary, path)  # noqa: PTH105 -- the word says that an existing file is replaced
    except OSError as e:
        temporary.unlink(missing_ok=True)
        raise ConfigError(
            f"{path}: cannot be written: {e.strerror or e}", hint="may you write there?"
        ) from e
