"""``sources``: a line for each source that is configured."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta

import pytest

from digest.cli import main, show
from digest.errors import FetchError
from digest.store import Store
from digest.types import Fetched, Item, Receipt
from digest.week import Week
from tests.cli.feeds import blog, write

NOW = datetime(2021, 2, 16, 18, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = Week.parse("2021-W06")
AT = ("--now", "2021-02-16T18:00Z")
URL = "https://blog.example/feed"


def fetch(store, name, days_ago=1, published=(), week=WEEK, **fields):
    items = tuple(
        Item(
            id=f"feed:{name}{n}",
            source=name,
            kind="post",
            title="A post",
            url=f"https://blog.example/{n}",
            published=moment,
        )
        for n, moment in enumerate(published)
    )
    fetched = Fetched(source=name, items=items, since=week.since, until=week.end, **fields)
    store.save_fetched(fetched, now=NOW - days_ago * DAY)


@pytest.fixture
def five(folder):
    """Five sources, of which one works, one fails, one is off, one is new, and one has moved."""
    write(
        folder / "feeds.yaml",
        blog("Works", "https://works.example/feed"),
        blog("Fails", "https://fails.example/feed"),
        blog("Off", "https://off.example/feed", enabled=False),
        blog("New", "https://new.example/feed"),
        blog("Moved", URL),
    )
    start = WEEK.start
    with Store(folder / "digest.db") as store:
        before = WEEK.previous()
        fetch(store, "Works", 8, [before.start] * 3, before)
        fetch(store, "Works", 2, [before.start] * 3 + [start] * 7)
        fetch(store, "Fails", 40, [start - 35 * DAY], Week.parse("2021-W01"))
        dead = {"error": FetchError("Fails", "HTTP 503", hint="run again later")}
        fetch(store, "Fails", 13, week=before, **dead)
        fetch(store, "Fails", 1, **dead)
        moved = Receipt(
            url="https://blog.example/new", status=200, byte_count=9, elapsed_s=0.1, moved_from=URL
        )
        fetch(store, "Moved", 1, receipts=(moved,))
    return folder


def test_every_source_has_its_line_in_the_order_of_the_file(five, sources):
    code, out, err = sources(*AT)

    assert (0, "") == (code, err)
    assert [
        "state  source  kind  a week          w06  last success",
        "ok     Works   feed  ··········▄█      7  2 days ago",
        "failed Fails   feed  ······█···××      -  5 weeks ago",
        "       failing since 3 Feb 2021: HTTP 503 (run again later)",
        "off    Off     feed  ············      -  never",
        "never  New     feed  ············      -  never",
        "ok     Moved   feed  ···········▁      0  1 day ago",
        "       moved to https://blog.example/new: change it in feeds.yaml",
    ] == out.splitlines()


def test_as_json_all_of_it_is_there_with_dates(five, sources):
    code, out, _ = sources("--json", *AT)
    report = json.loads(out)
    works, fails, off, _, moved = report["sources"]

    assert (0, "2021-W06", 12) == (code, report["week"], len(works["weeks"]))
    assert ["ok", "failed", "off", "never", "ok"] == [s["state"] for s in report["sources"]]
    assert {"week": "2021-W06", "items": 7, "is_fetched": True, "is_failed": False} == works[
        "weeks"
    ][-1]
    assert "2021-02-14T18:00:00+00:00" == works["last_success"]
    assert "2021-02-03T18:00:00+00:00" == fails["failing_since"]
    assert ("HTTP 503", "run again later") == (fails["error"], fails["hint"])
    assert ("https://blog.example/new", URL) == (moved["moved_to"], moved["url"])
    assert off["last_success"] is None


def test_the_week_named_is_the_last_one_shown(five, sources):
    _, out, _ = sources("--week", "2021-W05", "--json", *AT)

    assert (3, "2021-W05") == (json.loads(out)["sources"][0]["latest"], json.loads(out)["week"])


def test_before_the_first_run_all_is_never_and_no_database_is_made(folder, sources):
    write(folder / "feeds.yaml", blog("New", URL), blog("Off", URL, enabled=False))

    for argv in ((), ("--json",)):
        code, out, _ = sources(*argv)
        assert 0 == code
        assert "never" in out
    assert ["feeds.yaml"] == [p.name for p in folder.iterdir()]


def test_every_line_has_at_most_a_hundred_columns(folder, sources):
    long = "A name that a person would not give to any source of theirs, but may"
    kinds = {"kind": "semanticscholar", "name": "機械学習" * 12}
    write(folder / "feeds.yaml", blog(long, URL), kinds)
    with Store(folder / "digest.db") as store:
        error = FetchError(long, "https://blog.example: " + "no complete answer " * 9, hint="wait")
        fetch(store, long, 400)
        fetch(store, long, 1, error=error)
    _, out, _ = sources(*AT)

    assert all(show.columns(line) <= 100 for line in out.splitlines()), out
    assert 5 <= len(out.splitlines())


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("no_color", "is_colored"), [("", True), ("1", False)])
def test_color_is_for_terminals_and_for_those_who_want_it(five, monkeypatch, no_color, is_colored):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    main(["sources", *AT])

    assert is_colored == ("\x1b[32m" in screen.getvalue())
    assert is_colored == ("31m" in screen.getvalue())


def test_a_terminal_that_knows_no_bars_gets_question_marks(five, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    code = main(["sources", *AT])
    sys.stdout.flush()

    assert 0 == code
    assert b"Works   feed  ????????????" in raw.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("sources: [{kind: feed, name: a, url: 'htp://x'}]", "sources[0].url"),
    ],
)
@pytest.mark.parametrize(
    "action", [[], ["check"], ["add", "https://x.example"], ["export"], ["import", "x.opml"]]
)
def test_a_bad_configuration_ends_2_with_one_line(folder, sources, action, text, said):
    path = folder / "mine.yaml"
    if text:
        path.write_text(text)
    code, out, err = sources(*action, "--feeds", path)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err


def test_options_may_stand_before_or_behind_the_action(folder, capsys):
    path = write(folder / "mine.yaml", blog("New", URL))
    for argv in (
        ["--json", "sources", "--feeds", str(path), "export"],
        ["sources", "--json", "export", "--feeds", str(path)],
        ["--feeds", str(path), "sources", "export", "--json"],
    ):
        assert 0 == main(argv)
        assert [URL] == [f["url"] for f in json.loads(capsys.readouterr().out)["feeds"]]


@pytest.mark.parametrize(
    "argv", [["publish"], ["add"], ["import"], ["add", "x", "--kind", "telex"]]
)
def test_bad_usage_ends_2(argv):
    with pytest.raises(SystemExit) as caught:
        main(["sources", *argv])

    assert 2 == caught.value.code
