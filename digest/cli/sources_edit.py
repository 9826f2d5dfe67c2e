"""``sources add``, ``import`` and ``export``: which sources there are, changed by command."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.cli import options, show, sources_check
from digest.errors import ConfigError, FetchError
from digest.paths import default_feeds

if TYPE_CHECKING:
    from digest.config import Config
    from digest.opml import Outline
    from digest.sources import Source
    from digest.trial import Trial

#: A new source is tried over these days: arXiv has papers in any four of them, and is asked for no more than that.
TRIAL_WINDOW = timedelta(days=4)
NAME_LENGTH = 80  #: what a source may be called at most, see sources.Name


def add_arguments(
    add: argparse.ArgumentParser, imports: argparse.ArgumentParser, exports: argparse.ArgumentParser
) -> None:
    """The options of each."""
    add.add_argument("address", metavar="URL", help="of a feed or a page, or a folder")
    add.add_argument("--name", metavar="NAME", help="what to call it (default: its own title)")
    add.add_argument(
        "--kind",
        choices=("feed", "arxiv", "reddit", "youtube", "file"),
        help="what it is, where the address does not tell: a mirror, for one",
    )
    imports.add_argument("file", metavar="FILE", type=Path)
    imports.add_argument("--check", action="store_true", help="try each, and add what gives items")
    exports.add_argument("file", metavar="FILE", type=Path, nargs="?", help="default: stdout")


def add(args: argparse.Namespace) -> int:
    """Find, try and write down one source; exit 0 added, 1 nothing in it, 2 there already, 3 it does not answer."""
    from digest.addresses import find, twin
    from digest.feeds_file import add_sources

    path, config = _target_file(args)
    if "://" in args.address and (known := find(args.address, config.sources)):
        raise _there_already(args.address, known, path)
    if args.name:
        _check_name(args.name, config.sources, path)
    with sources_check.open_http(config) as http:
        base = path.parent
        try:
            proposal = sources_check.ask(args.address, http, args, base=base, kind=args.kind)
        except FetchError as e:
            print(f"error: {args.address}: {e}", file=sys.stderr)
            return 3
        entry = proposal.entry | ({"name": args.name} if args.name else {})
        source = _in_place(sources_check.source_of(entry, args.address), base)
        if known := twin(source, config.sources):
            raise _there_already(args.address, known, path)
        if "name" in entry:
            _check_name(entry["name"], config.sources, path)
        now = options.now(args)
        window = {"since": now - TRIAL_WINDOW, "until": now}
        [trial] = sources_check.run_trials([source], http, is_quiet=args.quiet, **window)
    is_added = trial.exit_code == 0
    if is_added:
        entry = _ordered(entry | {"name": entry.get("name") or _name_of(trial)})
        _check_name(entry["name"], config.sources, path)
        with _own_copy(path, args):
            add_sources(path, [entry])
    if args.json:
        done = {"is_added": is_added, "entry": entry, "feeds": str(path)}
        show.as_json(done | {"trial": sources_check.trial_json(trial)})
        return trial.exit_code
    sources_check.print_trial(trial)
    if is_added:
        show.line(f"added to {path}: {entry['name']} ({entry['kind']})")
    else:
        show.line(f"not added to {path}: it gives no item")
    return trial.exit_code


def import_opml(args: argparse.Namespace) -> int:
    """Add the feeds of an OPML file that are not there yet; exit 1 where none could be, 3 where some gave nothing."""
    from digest.feeds_file import add_sources
    from digest.opml import read_opml

    path, config = _target_file(args)
    try:
        content = args.file.read_bytes()
    except OSError as e:
        raise ConfigError(
            f"{args.file}: cannot be read: {e.strerror or e}", hint="name an OPML file"
        ) from e
    outlines = read_opml(content, str(args.file))
    if not outlines:
        raise ConfigError(f"{args.file}: names no feed", hint="an OPML file has them as xmlUrl=")
    entries, refused = _entries(outlines, config.sources)
    duplicates = len(outlines) - len(entries) - len(refused)
    is_partial = False
    if args.check and entries:
        entries, dead = _alive(entries, config, args)
        refused += dead
        is_partial = bool(dead)
    if entries:
        with _own_copy(path, args):
            add_sources(path, entries)
    if args.json:
        done = {"added": entries, "duplicates": duplicates, "feeds": str(path)}
        show.as_json(done | {"refused": [{"url": url, "reason": why} for url, why in refused]})
    else:
        said = [f"{show.count(len(entries), 'feed')} added to {path}"]
        said += [f"{duplicates} there already"] if duplicates else []
        said += [f"{len(refused)} refused"] if refused else []
        show.line(", ".join(said))
        for url, why in refused:
            show.detail(f"{url}: {why}", indent=4)
    if is_partial:
        return 3
    return 1 if refused and not entries else 0


def export_opml(args: argparse.Namespace) -> int:
    """Write every source that has a feed, the disabled ones too, as OPML to the file or to stdout."""
    from digest.addresses import feed_urls
    from digest.config import load_config
    from digest.opml import Outline, write_opml

    config = load_config(options.feeds_path(args))
    outlines = [Outline(title, url) for s in config.sources for title, url in feed_urls(s)]
    content = write_opml(outlines, title=config.title, created=options.now(args))
    to_stdout = args.file in (None, Path("-"))
    if not to_stdout:
        _write(args.file, content)
    if args.json:
        feeds = [{"title": o.title, "url": o.url} for o in outlines]
        show.as_json({"file": None if to_stdout else str(args.file), "feeds": feeds})
    elif to_stdout:
        sys.stdout.write(content.decode())
    elif not args.quiet:
        show.line(f"{show.count(len(outlines), 'feed')} written to {args.file}")
    return 0


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)  # noqa: PTH105 -- the word says that an existing file is replaced
    except OSError as e:
        temporary.unlink(missing_ok=True)
        raise ConfigError(
            f"{path}: cannot be written: {e.strerror or e}", hint="name another file"
        ) from e


# -- the file ---------------------------------------------------------------------------------------------------------


def _target_file(args: argparse.Namespace) -> tuple[Path, Config]:
    """The file to write to, which may not be there yet, and the configuration that holds now."""
    from digest.config import load_config

    path = args.feeds or options.FEEDS
    return path, load_config(options.feeds_path(args))


@contextmanager
def _own_copy(path: Path, args: argparse.Namespace) -> Iterator[None]:
    """The shipped feeds.yaml copied to ``path`` where nothing is there yet; taken away again where the block fails."""
    is_new = args.feeds is None and not path.exists()
    if is_new:
        try:
            shutil.copyfile(default_feeds(), path)
        except OSError as e:
            raise ConfigError(
                f"{path}: cannot be written: {e.strerror or e}", hint="may you write here?"
            ) from e
    try:
        yield
    except BaseException:
        if is_new:
            path.unlink(missing_ok=True)
        raise
    if is_new and not args.json and not args.quiet:
        show.line(f"{path} was not here: the shipped one has been copied")


def _there_already(address: str, known: Source, path: Path) -> ConfigError:
    hint = "" if known.is_enabled else "set 'enabled: true' on it"
    return ConfigError(f"{address}: is in {path} already, as {known.name!r}", hint=hint)


def _check_name(name: str, sources: Sequence[Source], path: Path) -> None:
    if name.casefold() in {s.name.casefold() for s in sources}:
        raise ConfigError(
            f"{path}: the name {name!r} is used already", hint="give another with --name"
        )


# -- entries ----------------------------------------------------------------------------------------------------------


def _ordered(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The kind and the name first, as a person writes it."""
    return {"kind": entry["kind"], "name": entry["name"], **entry}


def _in_place(source: Source, base: Path) -> Source:
    """A folder's path as it is seen from here, not from the file's folder."""
    from digest.sources import FolderSource

    if isinstance(source, FolderSource):
        return source.model_copy(update={"path": base / source.path})
    return source


def _name_of(trial: Trial) -> str:
    """What a channel is called, by the author of its newest video."""
    authors = [item.authors[0] for item in trial.newest if item.authors]
    name = authors[0] if authors else f"{trial.source.kind} {trial.source.name}"
    return name[:NAME_LENGTH].strip()


def _entries(
    outlines: Sequence[Outline], known: Sequence[Source]
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """An entry for each feed that is not there yet, each with a name of its own; and (URL, reason) of what is none."""
    from digest.addresses import split, twin

    entries: list[dict[str, Any]] = []
    refused: list[tuple[str, str]] = []
    sources = list(known)
    names = {s.name.casefold() for s in known}
    for outline in outlines:
        try:
            host = (split(outline.url).hostname or "").removeprefix("www.")
            entry = {"kind": "feed", "name": "", "url": outline.url}
            title = show.clean(outline.title).strip() or host
            entry["name"] = _free_name(title, host, names)
            source = sources_check.source_of(entry, outline.url)
        except ConfigError:
            refused.append((outline.url, "is no http(s) URL"))
            continue
        if twin(source, sources):
            continue
        sources.append(source)
        names.add(entry["name"].casefold())
        entries.append(entry)
    return entries, refused


def _free_name(title: str, host: str, taken: set[str]) -> str:
    """``title``, with its host or a number behind it where that name is taken."""
    tails = ("", f" ({host})", *(f" ({n})" for n in range(2, 10_000)))
    names = (title[: NAME_LENGTH - len(tail)].strip() + tail for tail in tails if len(tail) < 60)
    return next(name for name in names if name.casefold() not in taken)


def _alive(
    entries: Sequence[dict[str, Any]], config: Config, args: argparse.Namespace
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The entries that give items when tried, and (URL, reason) of the others."""
    sources = [sources_check.source_of(entry, entry["url"]) for entry in entries]
    now = options.now(args)
    with sources_check.open_http(config) as http:
        trials = sources_check.run_trials(
            sources, http, since=now - TRIAL_WINDOW, until=now, is_quiet=args.quiet
        )
    good = [e for e, t in zip(entries, trials, strict=True) if t.exit_code == 0]
    dead = [
        (entry["url"], str(trial.fetched.error or "gives no item"))
        for entry, trial in zip(entries, trials, strict=True)
        if trial.exit_code
    ]
    return good, dead
