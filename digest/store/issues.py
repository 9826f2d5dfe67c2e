"""Issues: number and date fixed at the first composition, the issue as JSON, and which items it showed."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlite_utils import Database

from digest.errors import StoreError
from digest.issue import BriefStory, FullStory, Issue, from_json, to_json
from digest.records import IssueSlot, Shown
from digest.redact import Gone, redact
from digest.store.database import Connection
from digest.store.times import to_text
from digest.week import Week


def allot(
    connection: Connection, db: Database, week: Week, day: date, created: datetime
) -> IssueSlot:
    """The slot of ``week``, made within the open transaction of ``db`` where there is none yet."""
    db.conn.execute(
        """INSERT INTO issues (week, number, date, created)
           VALUES (:week, (SELECT coalesce(max(number), 0) + 1 FROM issues), :date, :created)
           ON CONFLICT (week) DO NOTHING""",
        {"week": str(week), "date": day.isoformat(), "created": to_text(created)},
    )
    row = connection.rows(
        "SELECT number, date, created FROM issues WHERE week = :week", week=str(week)
    )[0]
    return IssueSlot(
        number=row["number"],
        date=date.fromisoformat(row["date"]),
        created=datetime.fromisoformat(row["created"]),
    )


def save(db: Database, issue: Issue) -> None:
    """Write the issue and what it shows within the open transaction of ``db``."""
    db.conn.execute(
        """INSERT INTO issues (week, number, date, created, json)
           VALUES (:week, :number, :date, :created, :json)
           ON CONFLICT (week) DO UPDATE SET json = excluded.json""",
        {
            "week": issue.week,
            "number": issue.number,
            "date": issue.date.isoformat(),
            "created": to_text(issue.created),
            "json": to_json(issue).decode(),
        },
    )
    db.conn.execute("DELETE FROM issue_stories WHERE week = :week", {"week": issue.week})
    told: list[tuple[str, FullStory | BriefStory]] = [("full", s) for s in issue.stories]
    told += [("brief", b) for b in issue.briefs]
    db.conn.executemany(
        """INSERT INTO issue_stories (week, item_id, key, place, title, url)
           VALUES (:week, :item_id, :key, :place, :title, :url) ON CONFLICT DO NOTHING""",
        [
            {
                "week": issue.week,
                "item_id": item_id,
                "key": story.key,
                "place": place,
                "title": story.title,
                "url": issue.url,
            }
            for place, story in told
            for item_id in (*story.item_ids, story.key)
        ],
    )


def read(connection: Connection, week: Week) -> Issue | None:
    rows = connection.rows(
        "SELECT week, json FROM issues WHERE week = :week AND json IS NOT NULL", week=str(week)
    )
    return _issue(connection, rows[0]) if rows else None


def read_all(connection: Connection) -> tuple[Issue, ...]:
    rows = connection.rows(
        "SELECT week, json FROM issues WHERE json IS NOT NULL ORDER BY week DESC"
    )
    return tuple(_issue(connection, row) for row in rows)


def read_before(connection: Connection, week: Week, limit: int | None) -> tuple[Issue, ...]:
    rows = connection.rows(
        """SELECT week, json FROM issues WHERE json IS NOT NULL AND week < :week
           ORDER BY week DESC LIMIT :limit""",
        week=str(week),
        limit=-1 if limit is None else limit,
    )
    return tuple(_issue(connection, row) for row in rows)


def redact_all(
    connection: Connection, db: Database, item_ids: Collection[str], gone: Gone
) -> tuple[str, ...]:
    """The weeks whose stored issue showed what is gone; their issues are written anew without it.

    An issue is looked at where it shows one of ``item_ids``, and so is the one after it, whose recap may name it. What was
    rated may be named as a reason anywhere.
    """
    rows = connection.rows(
        """SELECT week, json FROM issues WHERE json IS NOT NULL AND (
               week >= (
                   SELECT min(week) FROM issue_stories
                   WHERE item_id IN (SELECT value FROM json_each(:ids))
               ) OR EXISTS (
                   SELECT 1 FROM ratings WHERE item_id IN (SELECT value FROM json_each(:ids))
               )
           ) ORDER BY week""",
        ids=json.dumps(sorted(item_ids)),
    )
    changed = []
    for row in rows:
        issue = _issue(connection, row)
        redacted = redact(issue, gone)
        if redacted != issue:
            db.conn.execute(
                "UPDATE issues SET json = :json WHERE week = :week",
                {"week": row["week"], "json": to_json(redacted).decode()},
            )
            told: tuple[FullStory | BriefStory, ...] = (*redacted.stories, *redacted.briefs)
            db.conn.executemany(
                """UPDATE issue_stories SET title = :title WHERE week = :week AND key = :key""",
                [{"title": s.title, "week": row["week"], "key": s.key} for s in told],
            )
            changed.append(str(row["week"]))
    return tuple(changed)


def previous(connection: Connection, week: Week) -> tuple[Week, datetime] | None:
    """The latest issue before ``week``: its week, and when it was first composed."""
    rows = connection.rows(
        "SELECT week, created FROM issues WHERE week < :week ORDER BY week DESC LIMIT 1",
        week=str(week),
    )
    if not rows:
        return None
    return Week.parse(rows[0]["week"]), datetime.fromisoformat(rows[0]["created"])


def shown(connection: Connection, before: Week) -> dict[str, Shown]:
    rows = connection.rows(
        """SELECT item_id, issue_stories.week, key, title, url, number
           FROM issue_stories JOIN issues ON issues.week = issue_stories.week
           WHERE issue_stories.week < :before ORDER BY issue_stories.week""",
        before=str(before),
    )
    return {
        row["item_id"]: Shown(
            issue_number=row["number"],
            week=row["week"],
            key=row["key"],
            title=row["title"],
            url=row["url"],
        )
        for row in rows
    }


def _issue(connection: Connection, row: dict[str, Any]) -> Issue:
    try:
        return from_json(row["json"])
    except ValidationError as e:
        field = ".".join(map(str, e.errors(include_url=False)[0]["loc"]))
        raise StoreError(
            f"{connection.path}: the stored issue of {row['week']} cannot be read ({field})",
            hint="it was made by another version of this program",
        ) from e
