"""The tables, as numbered migrations: a migration that was released is never edited, a new one is added below it.

    items          one row an item as last seen; tuples and comments as JSON text
    item_sources   which sources brought an item (an item may come by several)
    fetches        one row a source and run: did it succeed, and when
    receipts       the HTTP exchanges of a fetch
    moves          feeds that have moved for good, and where to
    articles       the pages behind entries whose feed gives no text, read once
    purged         ids of items that were deleted at their source, so that they do not come back
    validators     what to send a server so that it can answer 304
    embeddings     the cache of vectors; the key covers the text and the model
    summaries      the cache of the model stage; the key covers content, model, prompt and parameters
    issues         one row a week: number, date and time of the first composition, and the issue as JSON
    issue_stories  which items an issue showed, so that none is shown twice
    deliveries     one row a mail, written before and after the SMTP dialogue
    runs           the report of each run
    story_corrections  which items a reader joined or split by hand
    ratings        what the reader likes and dislikes, with the words rated; value 0 where it was taken back

All times are text in UTC, ``2021-02-11T18:06:00.000000+00:00``: of equal length, so that text order is time order.
"""

from __future__ import annotations

import json

from sqlite_utils import Database, Migrations

migrations = Migrations("digest")


@migrations()
def m0001_initial(db: Database) -> None:
    db.table("items").create(
        {
            "id": str,
            "source": str,
            "kind": str,
            "title": str,
            "url": str,
            "text": str,
            "authors": str,
            "published": str,
            "updated": str,
            "version": int,
            "categories": str,
            "links": str,
            "doi": str,
            "note": str,
            "score": int,
            "comment_count": int,
            "comments": str,
            "content_hash": str,
            "first_seen": str,
            "last_seen": str,
        },
        pk="id",
        not_null={"source", "kind", "title", "url", "content_hash", "first_seen", "last_seen"},
    )
    db.table("items").create_index(["published"])
    db.table("items").create_index(["first_seen"])
    db.table("item_sources").create(
        {"item_id": str, "source": str, "first_seen": str}, pk=("item_id", "source")
    )
    db.table("item_sources").create_index(["source"])
    db.table("fetches").create(
        {
            "id": int,
            "source": str,
            "at": str,
            "is_ok": int,
            "is_unchanged": int,
            "item_count": int,
            "skipped": int,
            "error": str,
            "hint": str,
        },
        pk="id",
        not_null={"source", "at", "is_ok"},
    )
    db.table("fetches").create_index(["source", "id"])
    db.table("receipts").create(
        {
            "id": int,
            "fetch_id": int,
            "url": str,
            "status": int,
            "byte_count": int,
            "elapsed_s": float,
            "etag": str,
            "last_modified": str,
            "error": str,
        },
        pk="id",
    )
    db.table("receipts").create_index(["fetch_id"])
    db.table("validators").create({"url": str, "etag": str, "last_modified": str}, pk="url")
    db.table("summaries").create({"key": str, "json": str}, pk="key", not_null={"json"})
    db.table("issues").create(
        {"week": str, "number": int, "date": str, "created": str, "json": str},
        pk="week",
        not_null={"number", "date", "created"},
    )
    db.table("issues").create_index(["number"], unique=True)
    db.table("issue_stories").create(
        {"week": str, "item_id": str, "key": str, "place": str}, pk=("week", "item_id", "key")
    )
    db.table("deliveries").create(
        {
            "week": str,
            "recipient": str,
            "message_id": str,
            "status": str,
            "detail": str,
            "updated": str,
        },
        pk=("week", "recipient"),
        not_null={"message_id", "status", "updated"},
    )
    db.table("runs").create({"id": int, "at": str, "report": str}, pk="id")


@migrations()
def m0002_sources_that_last(db: Database) -> None:
    items = db.table("items")
    items.add_column("signals", str, not_null_default="[]")
    items.add_column("figures", str, not_null_default="[]")
    items.add_column("license", str, not_null_default="")
    fetches = db.table("fetches")
    fetches.add_column("since", str)
    fetches.add_column("until", str)
    fetches.add_column("new_count", int, not_null_default=0)
    fetches.add_column("changed_count", int, not_null_default=0)
    fetches.add_column("http_status", int)
    fetches.add_column("byte_count", int, not_null_default=0)
    fetches.add_column("note", str, not_null_default="")
    db.table("moves").create({"url": str, "target": str, "at": str}, pk="url", not_null={"target"})
    db.table("articles").create(
        {
            "item_id": str,
            "url": str,
            "text": str,
            "links": str,
            "figures": str,
            "error": str,
            "is_final": int,
            "tries": int,
            "at": str,
        },
        pk="item_id",
        not_null={"url", "text", "links", "figures", "error", "is_final", "tries", "at"},
    )
    db.table("purged").create(
        {"id": str, "reason": str, "at": str}, pk="id", not_null={"reason", "at"}
    )


@migrations()
def m0003_embeddings(db: Database) -> None:
    db.table("embeddings").create({"key": str, "vector": bytes}, pk="key", not_null={"vector"})


@migrations()
def m0004_titles_of_told_stories(db: Database) -> None:
    stories = db.table("issue_stories")
    stories.add_column("title", str, not_null_default="")
    stories.add_column("url", str, not_null_default="")
    for week, text in list(db.conn.execute("SELECT week, json FROM issues WHERE json IS NOT NULL")):
        issue = json.loads(text)
        for story in (*issue["stories"], *issue["briefs"]):
            db.conn.execute(
                """UPDATE issue_stories SET title = :title, url = :url
                   WHERE week = :week AND key = :key""",
                {
                    "title": story["title"],
                    "url": issue.get("url", ""),
                    "week": week,
                    "key": story["key"],
                },
            )


@migrations()
def m0005_ratings(db: Database) -> None:
    db.table("ratings").create(
        {"item_id": str, "value": int, "title": str, "text": str, "at": str, "origin": str},
        pk="item_id",
        not_null={"value", "title", "text", "at", "origin"},
    )


@migrations()
def m0006_story_corrections(db: Database) -> None:
    # by hand: only AUTOINCREMENT keeps a number from coming back for another correction
    db.conn.execute(
        """CREATE TABLE story_corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL, item_ids TEXT NOT NULL, rest_ids TEXT NOT NULL, at TEXT NOT NULL
        )"""
    )


@migrations()
def m0007_pictures(db: Database) -> None:
    db.table("pictures").create(
        {"url": str, "is_altered": int, "name": str, "content": bytes, "width": int, "height": int},
        pk=("url", "is_altered"),
        not_null={"name", "content", "width", "height"},
    )
    db.table("pictures").create_index(["name"])


@migrations()
def m0008_roles(db: Database) -> None:
    db.table("roles").create({"key": str, "roles": str}, pk="key", not_null={"roles"})
