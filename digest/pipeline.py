"""The stages in order. Each is re-runnable: what is stored is not fetched, summarized or numbered twice.

    sources --collect--> items --store--> SQLite
    items of the week + the papers they name
        --group--> stories --(not shown before)--> --rank--> --choose--> full, brief, left out
        --summarize, verify--> sentences --compose--> Issue --store--> SQLite
    Issue --render--> files --write--> OUT
    digest.eml --deliver--> readers (only what is configured, each reader once)

Only this module knows all stages; no stage imports a later one. Whatever is killed midway is done again from the last
stored state and gives the same issue: the number, the date and the time of an issue are fixed at its first
composition, summaries come from the cache, and no stage below reads a clock.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import __version__
from digest.collection import collect_week
from digest.errors import DigestError, LockHeld, RenderError, StoreError
from digest.report import RunReport, Watch
from digest.week import Week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.config import Config
    from digest.deliver import DeliveryResult
    from digest.issue import Issue
    from digest.store import Store

log = logging.getLogger(__name__)

#: Issues that a lecture looks back on: for its recap, its connections, and what it has explained already.
PAST_ISSUES = 12

__all__ = ["build", "collect_week", "deliver", "exclusive", "make_issue", "rebuild", "run"]


@contextmanager
def exclusive(db: Path) -> Iterator[None]:
    """Hold the database for this run; LockHeld (exit 75) where another run has it. Freed by the system on a kill."""
    from filelock import FileLock, Timeout

    if not db.absolute().parent.is_dir():
        raise StoreError(
            f"{db}: there is no folder {db.parent}", hint="make it, or name another --db"
        )
    lock = FileLock(f"{db}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockHeld(f"{db}: another run is at work", hint="wait for it to end") from None
    except OSError as e:
        raise DigestError(f"{db}: cannot be used: {e.strerror or e}") from e
    try:
        yield
    finally:
        lock.release()


def make_issue(
    week: Week, config: Config, store: Store, *, now: datetime, watch: Watch
) -> tuple[Issue, RunReport]:
    """Group, rank, summarize, verify and compose the week from what is stored; the issue is stored too.

    An issue that a reader already has is returned as it was sent: a rerun must not tell another story.
    """
    from digest.issue import ModelNote
    from digest.lecture import compose
    from digest.lecture.nearness import alike, comment_vectors, nearness
    from digest.lecture.syllabus import load_course
    from digest.lecture.texts import told
    from digest.shortlist import shortlist
    from digest.summarize import condense, request_for
    from digest.summarize.roles import roles_of

    if store.is_delivered(week) and (sent := store.issue(week)):
        watch.line(f"issue {sent.number} has been sent already and stays as it is")
        return sent, _issue_report(sent)
    syllabus = load_course(config)
    watch.stage("group and rank")
    chosen = shortlist(week, config, store, syllabus, now=now, on_progress=watch.advance)
    for warning in chosen.warnings:
        watch.line(warning, is_bad=True)
    if chosen.embedder_lack:
        watch.line(f"texts are compared by words alone: {chosen.embedder_lack}", is_bad=True)
    selection = chosen.selection
    requests = [
        request_for(i.id, i.title, i.text)
        for i in (r.story.lead for r in (*selection.full, *selection.brief))
        if i.text.strip()
    ]
    watch.stage("summarize", len(requests))
    condensed = condense(
        requests, config.summarizer, store, written=now.date(), on_progress=watch.advance
    )
    if condensed.fallback_reason:
        watch.line(f"summaries: {condensed.fallback_reason}", is_bad=True)
    note = ModelNote(
        model_id=condensed.model_id,
        # a thread before a model of abstracts is none of them
        summaries=sum(
            c.summary.model_id == condensed.model_id or bool(c.unwritten)
            for c in condensed.checked.values()
        ),
        replaced=sum(c.is_replaced for c in condensed.checked.values()),
        unwritten=sum(bool(c.unwritten) for c in condensed.checked.values()),
        fallback_reason=condensed.fallback_reason,
        embedder_id=chosen.embedder_id,
        embedder_lack=chosen.embedder_lack,
    )
    in_full = [i.text for r in selection.full for i in told(r.story)]
    roles = roles_of(in_full, store) if config.similarity.model != "none" else {}
    figures = {}
    if config.figures != "off":
        from digest.illustrate import figures_of

        watch.stage("figures")
        figures = figures_of(selection.full, config, store, now=now)
    watch.stage("compose")
    slot = store.allot_issue(week, date=week.issue_date(now), created=now)
    until = min(week.end, now)
    names = [s.name for s in config.sources if s.is_enabled]
    starts = store.window_starts(names, week)
    statuses = [
        replace(s, since=starts[s.name]) if starts[s.name] < week.since else s
        for s in store.source_statuses(names, week.since, until, as_of=now)
    ]
    past = store.issues_before(week, limit=PAST_ISSUES)
    full = [r.story for r in selection.full]
    issue = compose(
        week=week,
        slot=slot,
        config=config,
        syllabus=syllabus,
        selection=selection,
        checked=condensed.checked,
        model=note,
        statuses=statuses,
        items=chosen.items,
        topic_counts=chosen.topic_counts,
        past=past,
        version=__version__,
        nearness=nearness(full, syllabus, chosen.embeddings, store, config.similarity),
        roles=roles,
        figures=figures,
        comments=comment_vectors(full, store, config.similarity),
        alike=alike(full, past, chosen.embeddings, store, config.similarity),
    )
    store.save_issue(issue)
    return issue, replace(_issue_report(issue), model_calls=condensed.model_calls)


def _issue_report(issue: Issue) -> RunReport:
    return RunReport(
        week=issue.week,
        issue_number=issue.number,
        full=issue.coverage.full,
        brief=issue.coverage.brief,
        left_out=issue.coverage.left_out,
        model=issue.model.model_id,
        fallback_reason=issue.model.fallback_reason,
    )


def check_output(out: Path) -> None:
    """RenderError where ``out`` cannot become a folder that this process writes to; nothing is made yet."""
    nearest = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise RenderError(
            f"{out}: cannot be written: {nearest} is not a writable folder",
            hint="choose another --out",
        )


def build(
    issue: Issue, config: Config, store: Store, out: Path, *, watch: Watch
) -> tuple[Path, ...]:
    """Render the issue, its neighbours' links and the archive, and write what changed; returns the issue's files."""
    from digest.deliver.message import build_message
    from digest.render import render_archive, render_issue
    from digest.render.web import render_web
    from digest.render.write import write_all
    from digest.types import Rendered

    watch.stage("render")
    issues = store.issues()
    at = next(i for i, other in enumerate(issues) if other.week == issue.week)
    newer = issues[at - 1] if at else None
    older = issues[at + 1] if at + 1 < len(issues) else None
    pictures = store.picture_files(s.figure.picture for s in issue.stories if s.figure)
    files = list(render_issue(issue, newer=newer, older=older, pictures=pictures))
    html, text = (
        next(f.content for f in files if f.path.endswith(n)) for n in ("email.html", "email.txt")
    )
    charts = {Path(f.path).name: f.content for f in files if f.path.endswith(".png")}
    mail = build_message(issue, html, text, config.delivery, pictures=charts)
    files.append(Rendered(path=f"{issue.slug}/digest.eml", content=mail))
    files += [Rendered(path=f"{issue.slug}/{n}", content=c) for n, c in pictures.items()]
    # The page before this one gains its "next issue" link, the page after it a new "previous" one.
    neighbours = [
        Rendered(
            path=f"{issues[i].slug}/index.html",
            content=render_web(
                issues[i],
                newer=issues[i - 1] if i else None,
                older=issues[i + 1] if i + 1 < len(issues) else None,
            ),
        )
        for i in (at - 1, at + 1)
        if 0 <= i < len(issues) and (out / issues[i].slug / "index.html").exists()
    ]
    archive = render_archive(issues, title=config.title, site_url=config.site_url or "")
    write_all(out, [*files, *neighbours, *archive])
    return tuple(out / f.path for f in (*files, *archive))


def rebuild(
    weeks: Sequence[str], config: Config, store: Store, out: Path, *, watch: Watch
) -> tuple[Path, ...]:
    """The issues of ``weeks`` rendered again from what is stored, where OUT has them; returns their files."""
    issues = [store.issue(Week.parse(week)) for week in weeks]
    made = [issue for issue in issues if issue and (out / issue.slug).is_dir()]
    return tuple(path for issue in made for path in build(issue, config, store, out, watch=watch))


def deliver(
    issue: Issue,
    config: Config,
    store: Store,
    out: Path,
    *,
    now: datetime,
    environ: Mapping[str, str],
    is_dry_run: bool = False,
    resend: Sequence[str] = (),
) -> tuple[DeliveryResult, ...]:
    """Mail ``digest.eml`` as it lies in OUT to every configured reader who does not have it yet."""
    from digest.deliver import send

    path = out / issue.slug / "digest.eml"
    try:
        message = path.read_bytes()
    except OSError as e:
        raise DigestError(
            f"{path}: cannot be read: {e.strerror}",
            hint=f"make it with `run_digest.py build --week {issue.week}`",
        ) from e
    return send(
        issue,
        message,
        config.delivery,
        store,
        now=now,
        environ=environ,
        is_dry_run=is_dry_run,
        resend=resend,
    )


def run(
    week: Week,
    config: Config,
    store: Store,
    out: Path,
    *,
    now: datetime,
    environ: Mapping[str, str],
    watch: Watch,
) -> RunReport:
    """The whole job for one week, unattended: a dead source or a dead mail server is reported, not fatal."""
    check_output(out)  # what would fail at the end is looked at first: a run may take many minutes
    collected = collect_week(week, config, store, now=now, environ=environ, watch=watch)
    rebuild(collected.redacted_weeks, config, store, out, watch=watch)
    issue, report = make_issue(week, config, store, now=now, watch=watch)
    files = build(issue, config, store, out, watch=watch)
    deliveries: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    if config.delivery.send_on_run and config.delivery.recipients:
        watch.stage("deliver")
        try:
            results = deliver(issue, config, store, out, now=now, environ=environ)
            deliveries = tuple((r.status, r.detail) for r in results)
        except DigestError as e:
            problems = (str(e),)
            watch.line(f"delivery failed: {e}", is_bad=True)
    report = replace(
        report,
        sources=collected.sources,
        files=tuple(map(str, files)),
        deliveries=deliveries,
        problems=problems,
    )
    store.save_run(report.to_json(), now=now)
    return report
