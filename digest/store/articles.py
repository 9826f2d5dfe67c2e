"""Articles: the pages behind entries whose feed gives no text, each read once.

They stand beside the items and are laid over them on reading, so that the next sight of the feed, which still gives no
text, takes nothing away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from digest.store.database import Connection
from digest.store.times import to_text
from digest.types import Article, Figure, Item

MAX_TRIES = 3  #: of a page that another try may still bring


def save(db: Database, articles: Iterable[Article], now: datetime) -> None:
    """Write within the open transaction of ``db``; a page that was read before is not forgotten for a failure."""
    db.conn.executemany(
        """INSERT INTO articles (item_id, url, text, links, figures, error, is_final, tries, at)
           VALUES (:item_id, :url, :text, :links, :figures, :error, :is_final, 1, :at)
           ON CONFLICT (item_id) DO UPDATE SET
               url = excluded.url, text = excluded.text, links = excluded.links,
               figures = excluded.figures, error = excluded.error, is_final = excluded.is_final,
               tries = tries + 1, at = excluded.at
           WHERE text = ''""",
        [
            {
                "item_id": a.item_id,
                "url": a.url,
                "text": a.text,
                "links": json.dumps(a.links, ensure_ascii=False),
                "figures": json.dumps([asdict(f) for f in a.figures], ensure_ascii=False),
                "error": a.error,
                "is_final": int(a.is_final),
                "at": to_text(now),
            }
            for a in articles
        ],
    )


def settled(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Those of ``ids`` whose page need not be fetched: it has been read, or it never will be."""
    rows = connection.rows(
        """SELECT item_id FROM articles WHERE item_id IN (SELECT value FROM json_each(:ids))
           AND (is_final = 1 OR tries >= :max_tries)""",
        ids=json.dumps(list(ids)),
        max_tries=MAX_TRIES,
    )
    return frozenset(row["item_id"] for row in rows)


def figures(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Figure, ...]]:
    """By item id, the figures of the pages that have been read."""
    rows = connection.rows(
        "SELECT item_id, figures FROM articles WHERE item_id IN (SELECT value FROM json_each(:ids))",
        ids=json.dumps(list(ids)),
    )
    return {r["item_id"]: tuple(Figure(**f) for f in json.loads(r["figures"])) for r in rows}


def fill(connection: Connection, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items, with the text of their page where it is the longer one, and with its links and figures."""
    rows = connection.rows(
        """SELECT item_id, text, links, figures FROM articles
           WHERE text != '' AND item_id IN (SELECT value FROM json_each(:ids))""",
        ids=json.dumps([i.id for i in items]),
    )
    if not rows:
        return items
    pages = {row["item_id"]: row for row in rows}
    return tuple(
        _with_page(item, page["text"], json.loads(page["links"]), json.loads(page["figures"]))
        if (page := pages.get(item.id))
        else item
        for item in items
    )


def _with_page(item: Item, text: str, links: list[str], figures: list[dict[str, Any]]) -> Item:
    by_url = {f.url: f for f in (*item.figures, *(Figure(**f) for f in figures))}
    return replace(
        item,
        text=text if len(text) > len(item.text) else item.text,
        links=tuple(dict.fromkeys((*item.links, *links))),
        figures=tuple(by_url.values()),
    )
