"""How the sources did week by week: what came of each, when it was asked, and what went wrong last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from digest.health import SourceHistory, WeekCount
from digest.store.database import Connection
from digest.store.times import from_text, to_text
from digest.week import Week


def histories(
    connection: Connection, names: Sequence[str], weeks: Sequence[Week]
) -> tuple[SourceHistory, ...]:
    """One of each name, in the order of ``names``; a source never asked has empty weeks and no dates."""
    if not weeks:
        raise ValueError("name at least one week")
    counts = _counts(connection, names, weeks)
    good, bad = _fetch_weeks(connection, names)
    latest = _latest(connection, names)
    found = []
    for name in names:
        row = latest.get(name, {})
        by_week = tuple(
            WeekCount(
                week=str(week),
                items=counts[name, week],
                is_fetched=(name, week) in good,
                is_failed=(name, week) in bad and (name, week) not in good,
            )
            for week in weeks
        )
        found.append(
            SourceHistory(
                name=name,
                weeks=by_week,
                last_attempt=from_text(row.get("at")),
                last_success=from_text(row.get("last_success")),
                failing_since=from_text(row.get("failing_since")),
                error=row.get("error") or "",
                hint=row.get("hint") or "",
                note=row.get("note") or "",
                http_status=row.get("http_status"),
            )
        )
    return tuple(found)


def _counts(
    connection: Connection, names: Sequence[str], weeks: Sequence[Week]
) -> Counter[tuple[str, Week]]:
    """Items by source and week of publication, or of the first sight where the source gives no date.

    Counted by day: SQLite knows ISO weeks only since 3.46.
    """
    rows = connection.rows(
        """SELECT item_sources.source AS source,
                  substr(coalesce(items.published, items.first_seen), 1, 10) AS day, count(*) AS n
           FROM item_sources JOIN items ON items.id = item_sources.item_id
           WHERE item_sources.source IN (SELECT value FROM json_each(:names))
             AND coalesce(items.published, items.first_seen) >= :since
             AND coalesce(items.published, items.first_seen) < :until
           GROUP BY item_sources.source, day""",
        names=json.dumps(list(names)),
        since=to_text(min(weeks).start),
        until=to_text(max(weeks).end),
    )
    counts: Counter[tuple[str, Week]] = Counter()
    for row in rows:
        counts[row["source"], Week.of(date.fromisoformat(row["day"]))] += row["n"]
    return counts


def _fetch_weeks(
    connection: Connection, names: Sequence[str]
) -> tuple[set[tuple[str, Week]], set[tuple[str, Week]]]:
    """(source, week) of the fetches that succeeded, and of those that failed.

    A fetch belongs to the week in which its window ends: on Monday the week before is collected. Fetches stored before
    windows were may have been of either.
    """
    rows = connection.rows(
        """SELECT DISTINCT source, is_ok, substr(until, 1, 26) AS until, substr(at, 1, 10) AS day
           FROM fetches WHERE source IN (SELECT value FROM json_each(:names))""",
        names=json.dumps(list(names)),
    )
    good: set[tuple[str, Week]] = set()
    bad: set[tuple[str, Week]] = set()
    for row in rows:
        if row["until"]:
            moment = from_text(f"{row['until']}+00:00")
            assert moment is not None
            days = [(moment - timedelta(microseconds=1)).date()]  # the window does not hold its end
        else:
            day = date.fromisoformat(row["day"])
            days = [day, day - timedelta(days=7)]
        (good if row["is_ok"] else bad).update((row["source"], Week.of(day)) for day in days)
    return good, bad


def _latest(connection: Connection, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By source, its latest fetch, its latest success, and the first failure after that."""
    rows = connection.rows(
        """WITH asked AS (
               SELECT * FROM fetches WHERE source IN (SELECT value FROM json_each(:names))
           ), success AS (
               SELECT source, max(at) AS at FROM asked WHERE is_ok = 1 GROUP BY source
           ), ranked AS (
               SELECT *, row_number() OVER (PARTITION BY source ORDER BY at DESC, id DESC) AS place
               FROM asked
           )
           SELECT ranked.source, ranked.at, ranked.error, ranked.hint, ranked.note, ranked.http_status,
                  success.at AS last_success,
                  CASE WHEN ranked.is_ok = 0 THEN (
                      SELECT min(asked.at) FROM asked
                      WHERE asked.source = ranked.source AND asked.is_ok = 0
                        AND asked.at >= coalesce(success.at, '')
                  ) END AS failing_since
           FROM ranked LEFT JOIN success ON success.source = ranked.source
           WHERE ranked.place = 1""",
        names=json.dumps(list(names)),
    )
    return {row["source"]: row for row in rows}
