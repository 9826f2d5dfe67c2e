"""Items: what the sources published, one row each, as last seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from digest.records import SaveCounts
from digest.store import articles
from digest.store.database import Connection
from digest.store.times import from_text, to_text
from digest.types import Comment, Figure, Item, Signal

#: An item without a date counts from the moment it was first seen. That border is inclusive: a run looks at the window
#: up to its own `now`, and must find what it has itself just stored at `now`.
IN_WINDOW = """(
    (published >= :since AND published < :until)
    OR (published IS NULL AND items.first_seen >= :since AND items.first_seen <= :until)
)"""


def merge(known: Item, seen: Item) -> Item:
    """What is known after an item was seen again: ``known`` brought up to date, with nothing lost.

    What the new sight leaves open (None, "" or ()) stays as it was: Reddit's Atom feed has no scores, and must not
    erase those its API gave. Title and text follow the source that brought the item first, so that two sources with
    different abstracts of one paper do not take turns; another source only fills gaps, or brings a higher version. A paper
    that a list named first belongs to the server that knows its version.
    Links of a paper add up: a list of papers knows the repository that the abstract does not name.
    """
    seen_version, known_version = seen.version or 0, known.version or 0
    is_newer = seen_version > known_version
    if is_newer or (seen.source == known.source and seen_version == known_version):
        newer, older = seen, known
    else:
        newer, older = known, seen
    links = newer.links or older.links
    if known.kind == "paper":
        links = tuple(dict.fromkeys((*newer.links, *older.links)))
    # Of a thread the larger count is not the newer one (points fall too), so counts follow the later sight.
    is_first_hand = is_newer and not known_version and known.kind == "paper"
    return replace(
        known,
        source=seen.source if is_first_hand else known.source,
        title=newer.title or older.title,
        url=known.url if known.source != seen.source else seen.url,
        text=newer.text if newer.text.strip() else older.text,
        authors=newer.authors or older.authors,
        published=_first_published(known, seen),
        updated=newer.updated or older.updated,
        version=newer.version or older.version,
        categories=newer.categories or older.categories,
        links=links,
        doi=newer.doi or older.doi,
        note=newer.note or older.note,
        score=known.score if seen.score is None else seen.score,
        comment_count=known.comment_count if seen.comment_count is None else seen.comment_count,
        comments=seen.comments or known.comments,
        signals=_merged_signals(known.signals, seen.signals),
        figures=newer.figures or older.figures,
        license=newer.license or older.license,
    )


def _first_published(known: Item, seen: Item) -> datetime | None:
    """The earlier date of a paper: some services only know when it was announced. A post keeps its first one."""
    if known.kind == "paper" and known.published and seen.published:
        return min(known.published, seen.published)
    return known.published or seen.published


def _merged_signals(known: tuple[Signal, ...], seen: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """The latest of each name and source."""
    return tuple({(s.name, s.source): s for s in (*known, *seen)}.values())


def save(connection: Connection, db: Database, items: Sequence[Item], now: datetime) -> SaveCounts:
    """Insert or update ``items`` within the open transaction of ``db``."""
    moment = to_text(now)
    dropped = _purged(connection, (i.id for i in items))
    items = [i for i in items if i.id not in dropped]
    stored = {row["id"]: row for row in _rows_by_id(connection, (i.id for i in items))}
    known = {row["id"]: _item(row) for row in stored.values()}
    before = {row["id"]: row["content_hash"] for row in stored.values()}
    latest: dict[str, Item] = {}
    for item in items:
        at_hand = latest.get(item.id) or known.get(item.id)
        latest[item.id] = merge(at_hand, item) if at_hand else item
    rows = []
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    for item in latest.values():
        row = _row(item)
        first, last = moment, moment
        if item.id in stored:
            first = min(moment, stored[item.id]["first_seen"])
            last = max(moment, stored[item.id]["last_seen"])
        rows.append(row | {"first_seen": first, "last_seen": last})
        if item.id not in before:
            counts["new"] += 1
        elif before[item.id] != row["content_hash"]:
            counts["changed"] += 1
        else:
            counts["unchanged"] += 1
    if rows:
        # by hand: sqlite_utils binds all values of a hundred rows to one statement, which takes five times as long
        names = tuple(rows[0])
        db.conn.executemany(
            f"""INSERT INTO items ({", ".join(names)}) VALUES ({", ".join(f":{n}" for n in names)})
                ON CONFLICT (id) DO UPDATE SET {", ".join(f"{n} = excluded.{n}" for n in names)}""",  # noqa: S608 - own names
            rows,
        )
        db.conn.executemany(
            """INSERT INTO item_sources (item_id, source, first_seen)
               VALUES (:item_id, :source, :first_seen) ON CONFLICT DO NOTHING""",
            [{"item_id": i.id, "source": i.source, "first_seen": moment} for i in items],
        )
    return SaveCounts(**counts)


def in_window(
    connection: Connection,
    since: datetime,
    until: datetime,
    starts: Mapping[str, datetime] | None = None,
) -> tuple[Item, ...]:
    """As ``Store.items``."""
    early = {name: to_text(start) for name, start in (starts or {}).items() if start < since}
    rows = connection.rows(
        f"""SELECT * FROM items WHERE {IN_WINDOW} OR EXISTS (
                SELECT 1 FROM item_sources
                JOIN json_each(:early) AS start ON start.key = item_sources.source
                WHERE item_sources.item_id = items.id
                AND items.published >= start.value AND items.published < :until
            ) ORDER BY id""",  # noqa: S608 - a constant
        since=to_text(since),
        until=to_text(until),
        early=json.dumps(early),
    )
    return articles.fill(connection, tuple(map(_item, rows)))


def by_id(connection: Connection, ids: Iterable[str]) -> tuple[Item, ...]:
    return articles.fill(connection, tuple(map(_item, _rows_by_id(connection, ids))))


def find(
    connection: Connection, url: str, dois: Iterable[str], titles: Iterable[str]
) -> tuple[Item, ...]:
    """As ``Store.find_items``; an empty argument finds nothing."""
    rows = connection.rows(
        """SELECT * FROM items WHERE (:url != '' AND instr(url, :url))
           OR lower(doi) IN (SELECT lower(value) FROM json_each(:dois))
           OR lower(title) IN (SELECT lower(value) FROM json_each(:titles)) ORDER BY id""",
        url=url,
        dois=json.dumps(list(dois)),
        titles=json.dumps(list(titles)),
    )
    return articles.fill(connection, tuple(map(_item, rows)))


def known_ids(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    rows = connection.rows(
        "SELECT id FROM items WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=json.dumps(list(ids)),
    )
    return frozenset(row["id"] for row in rows)


def _purged(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Those of ``ids`` that were purged: a source that still lists them must not bring them back."""
    rows = connection.rows(
        "SELECT id FROM purged WHERE id IN (SELECT value FROM json_each(:ids))",
        ids=json.dumps(list(ids)),
    )
    return frozenset(row["id"] for row in rows)


def _rows_by_id(connection: Connection, ids: Iterable[str]) -> list[dict[str, Any]]:
    # json_each, because a week's ids are more than a statement may have parameters
    return connection.rows(
        "SELECT * FROM items WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id",
        ids=json.dumps(list(ids)),
    )


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "source": item.source,
        "kind": item.kind,
        "title": item.title,
        "url": item.url,
        "text": item.text,
        "authors": _json(item.authors),
        "published": to_text(item.published),
        "updated": to_text(item.updated),
        "version": item.version,
        "categories": _json(item.categories),
        "links": _json(item.links),
        "doi": item.doi,
        "note": item.note,
        "score": item.score,
        "comment_count": item.comment_count,
        "comments": _json([asdict(c) for c in item.comments]),
        "signals": _json([asdict(s) for s in item.signals]),
        "figures": _json([asdict(f) for f in item.figures]),
        "license": item.license,
        "content_hash": item.content_hash,
    }


def _item(row: dict[str, Any]) -> Item:
    return Item(
        id=row["id"],
        source=row["source"],
        kind=row["kind"],
        title=row["title"],
        url=row["url"],
        text=row["text"],
        authors=tuple(json.loads(row["authors"])),
        published=from_text(row["published"]),
        updated=from_text(row["updated"]),
        version=row["version"],
        categories=tuple(json.loads(row["categories"])),
        links=tuple(json.loads(row["links"])),
        doi=row["doi"],
        note=row["note"],
        score=row["score"],
        comment_count=row["comment_count"],
        comments=tuple(Comment(**c) for c in json.loads(row["comments"])),
        signals=tuple(Signal(**s) for s in json.loads(row["signals"])),
        figures=tuple(Figure(**f) for f in json.loads(row["figures"])),
        license=row["license"],
    )


def _json(value: Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "[]"
