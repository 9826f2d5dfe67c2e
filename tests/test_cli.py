"""The command line: exit codes, one-line errors, light imports, results on stdout and the rest on stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]
CLOSED = "http://127.0.0.1:9"  # the discard port: nothing listens there


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def feeds(folder, text):
    path = folder / "feeds.yaml"
    path.write_text(text)
    return path


@pytest.fixture
def impatient(monkeypatch):
    """Retries without the waits between them, which have their own tests."""
    monkeypatch.setattr("digest.net.back_off_s", lambda *_, **__: 0.0)


DEAD = f"""
sources:
  - {{kind: arxiv, categories: [cs.LG], url: "{CLOSED}/api/query"}}
  - {{kind: feed, name: Blog, url: "{CLOSED}/feed.xml"}}
  - {{kind: reddit, subreddit: MachineLearning, url: "{CLOSED}"}}
summarizer: {{backend: extractive}}
pace_s: {{127.0.0.1: 0}}
"""


def test_help_is_light():
    code = (
        "import sys; from digest.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sqlite_utils', 'pydantic', 'httpx', 'rich', 'praw', 'feedparser'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)
    for command in COMMANDS:
        assert command in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("", "is empty"),
        ("sources: [", "not YAML"),
        ("sources: []", "sources: is empty"),
        ("sources: [{kind: arxiv, categories: [cs.LG], colour: red}]", "colour: unknown key"),
        ("sources: [{kind: feed, name: a, url: 'htp://x'}]", "sources[0].url"),
        (
            "sources: [{kind: arxiv, categories: [cs.LG], enabled: false}]",
            "every source is disabled",
        ),
        (
            "sources: [{kind: arxiv, categories: [cs.LG]}]\ncourse: {syllabus: none.yaml}",
            "none.yaml: no such file",
        ),
    ],
)
def test_a_bad_configuration_ends_2_with_one_line_and_writes_nothing(folder, capsys, text, said):
    path = folder / "mine.yaml"
    if text is not None:
        path.write_text(text)

    code = main(["--feeds", str(path)])
    captured = capsys.readouterr()

    assert (2, "", 1) == (code, captured.out, captured.err.count("\n"))
    assert said in captured.err
    assert [] == [p.name for p in folder.iterdir() if p != path]


@pytest.mark.parametrize(
    "argv", [["--week", "2021-W60"], ["--now", "yesterday"], ["publish"], ["build", "--dry-run"]]
)
def test_bad_usage_ends_2(argv):
    with pytest.raises(SystemExit) as caught:
        main(argv)

    assert 2 == caught.value.code


@pytest.mark.usefixtures("impatient")
def test_without_a_network_every_source_has_its_line_and_the_demo_is_named(folder, capsys):
    code = main(["--feeds", str(feeds(folder, DEAD)), "--week", "2021-W06"])
    err = capsys.readouterr().err

    assert 1 == code
    for source in ("arXiv", "Blog", "r/MachineLearning"):
        assert 1 == sum(line.startswith(f"✗ {source}: failed") for line in err.splitlines()), err
    assert "no items for 2021-W06" in err
    assert "run_digest.py demo" in err
    assert not (folder / "OUT").exists()


@pytest.mark.usefixtures("impatient")
def test_one_dead_source_ends_3_and_the_issue_is_made_and_says_so(folder, capsys):
    from digest.demo.server import SampleServer

    with SampleServer("2021-W06") as server:
        text = DEAD.replace(f"{CLOSED}/api/query", f"{server.url}/api/query")
        path = feeds(folder, text)
        code = main(
            ["--feeds", str(path), "--week", "2021-W06", "--now", "2021-02-13T18:00Z", "--json"]
        )
    report = json.loads(capsys.readouterr().out)
    issue = json.loads((folder / "OUT/2021/w06/digest.json").read_bytes())

    assert 3 == code == report["exit_code"]
    assert {"arXiv": True, "Blog": False, "r/MachineLearning": False} == {
        s["name"]: s["is_ok"] for s in issue["sources"]
    }
    assert issue["stories"]
    assert "Blog" in (folder / "OUT/2021/w06/email.txt").read_text()


def test_without_weights_the_issue_is_extractive_and_both_terminal_and_issue_say_so(folder, capsys):
    from digest.demo.server import SampleServer

    with SampleServer("2021-W06") as server:
        path = feeds(
            folder,
            f"sources: [{{kind: arxiv, categories: [cs.LG, cs.CV], url: '{server.url}/api/query'}}]\n"
            "summarizer: {model: no-such-model}\npace_s: {127.0.0.1: 0}\n",
        )
        code = main(["--feeds", str(path), "--week", "2021-W06", "--now", "2021-02-13T18:00Z"])
    captured = capsys.readouterr()
    issue = json.loads((folder / "OUT/2021/w06/digest.json").read_bytes())

    assert (0, 1) == (code, captured.err.count("no-such-model")), captured.err
    assert "extractive" == issue["model"]["model_id"]
    assert "no-such-model" in issue["model"]["fallback_reason"]
    for name in ("index.html", "email.txt"):
        assert "no-such-model" in (folder / "OUT/2021/w06" / name).read_text()


def test_an_unwritable_output_ends_1_with_one_line(folder, capsys):
    (folder / "file").write_text("not a folder")

    code = main(["demo", "--quiet", "--out", str(folder / "file" / "OUT")])
    err = capsys.readouterr().err

    assert (1, 1) == (code, err.count("\n")), err
    assert "file" in err


@pytest.mark.parametrize("what", ["folder", "garbage", "missing/x.db"])
def test_an_unusable_database_ends_1_with_one_line(folder, capsys, what):
    (folder / "folder").mkdir()
    (folder / "garbage").write_bytes(b"this is no database at all" * 50)

    code = main(
        ["collect", "--feeds", str(feeds(folder, DEAD)), "--quiet", "--db", str(folder / what)]
    )
    err = capsys.readouterr().err

    assert (1, 1) == (code, err.count("\n")), err
    assert what.split("/")[0] in err


def test_two_runs_at_once_end_75(folder, capsys):
    from digest.pipeline import exclusive

    with exclusive(folder / "digest.db"):
        code = main(["collect", "--feeds", str(feeds(folder, DEAD))])

    assert 75 == code
    assert "another run" in capsys.readouterr().err


def test_options_stand_before_or_behind_the_command(folder, capsys):
    path = str(feeds(folder, DEAD))

    assert 1 == main(["--db", "a.db", "status", "--feeds", path])
    assert 1 == main(["status", "--feeds", path, "--db", "a.db"])
    assert 2 == capsys.readouterr().err.count("a.db: no such database")


def test_status_tells_sources_issues_and_mails(folder, extractive_demo, capsys):
    text = "sources: [{kind: arxiv, categories: [cs.LG]}]"
    argv = [
        "status",
        "--feeds",
        str(feeds(folder, text)),
        "--db",
        str(extractive_demo.db),
        "--week",
        "2021-W06",
    ]

    assert 0 == main(argv)
    lines = capsys.readouterr().out

    assert "arXiv" in lines
    assert ["no. 3", "no. 2", "no. 1"] == [
        line.strip()[:5] for line in lines.splitlines() if line.strip().startswith("no. ")
    ]
    assert 0 == main([*argv, "--json"])
    assert [3, 2, 1] == [i["number"] for i in json.loads(capsys.readouterr().out)["issues"]]
