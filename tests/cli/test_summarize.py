"""The command ``summarize``: on the lines of a file, and on a week as ever."""

import io
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2021-02-13T18:00:00Z")

#: Dies by SIGKILL at the N-th fsync of the command, before or after it, with some bytes of the chunk torn off.
KILLED = """
import os, signal, sys
from digest.cli import main
from digest.summarize import jsonl
jsonl.CHUNK_LINES, jsonl.CHUNK_BATCHES = 10, 0
real, left, torn = os.fsync, int(sys.argv[1]), int(sys.argv[2])
def deadly(number):
    global left
    left -= 1
    real(number)
    if left == 0:
        os.ftruncate(number, os.fstat(number).st_size - torn)
        os.kill(os.getpid(), signal.SIGKILL)
os.fsync = deadly
sys.exit(main(sys.argv[3:]))
"""


def rows(count):
    for i in range(count):
        text = f"Networks of kind {i} forget old tasks. We propose replay of {i} stored examples. It keeps accuracy {'very ' * (i % 4)}high."
        yield {"id": f"paper-{i}", "title": f"Replay {i}", "text": text}


def write(path, given):
    path.write_text("".join(json.dumps(r) + "\n" for r in given), "utf-8")
    return path


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def summarize(folder, capsys):
    """The exit code, stdout and stderr of ``summarize`` with the arguments given, without a model."""

    def run(*argv, backend="extractive"):
        code = main(["summarize", *NOW, "--backend", backend, *map(str, argv)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_each_line_of_a_file_is_answered_without_a_feeds_yaml(folder, summarize):
    source = write(folder / "X.jsonl", rows(30))

    code, out, err = summarize("--input", source, "--output", folder / "Y.jsonl")

    answers = read(folder / "Y.jsonl")
    assert (0, "") == (code, err)
    assert "30 texts answered by extractive" in out
    assert [f"paper-{i}" for i in range(30)] == [a["id"] for a in answers]
    assert {"2021-02-13"} == {a["written"] for a in answers}
    assert not (folder / "feeds.yaml").exists()


def test_a_run_killed_anywhere_and_taken_up_again_ends_in_the_same_file(folder, summarize):
    source = write(
        folder / "X.jsonl", [*rows(25), {"id": "paper-3", "text": "Again."}, {"no": "id"}]
    )
    whole = folder / "whole.jsonl"
    assert 3 == summarize("--input", source, "--output", whole)[0]

    for nth, torn in ((1, 0), (2, 700), (3, 40)):
        output = folder / f"Y-{nth}-{torn}.jsonl"
        argv = [
            "summarize",
            *NOW,
            "--backend",
            "extractive",
            "--input",
            str(source),
            "--output",
            str(output),
        ]
        died = subprocess.run([sys.executable, "-c", KILLED, str(nth), str(torn), *argv], check=False, cwd=ROOT, timeout=120)  # fmt: skip
        assert -signal.SIGKILL == died.returncode
        before = output.read_bytes()
        assert b"" != before != whole.read_bytes()

        code, _, err = summarize("--input", source, "--output", output)

        assert (3, "") == (code, err)
        assert whole.read_bytes() == output.read_bytes()


def test_stdin_and_stdout_work_as_files_do(folder, monkeypatch, capfdbinary):
    data = "".join(json.dumps(r) + "\n" for r in rows(3)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    code = main(["summarize", *NOW, "--backend", "extractive", "--input", "-"])

    captured = capfdbinary.readouterr()
    assert 0 == code
    assert ["paper-0", "paper-1", "paper-2"] == [json.loads(x)["id"] for x in captured.out.splitlines()]  # fmt: skip
    assert b"3 texts answered" in captured.err


def test_bad_lines_are_answered_and_end_the_run_with_3(folder, summarize):
    source = folder / "X.jsonl"
    source.write_bytes(
        b'{"id": "a", "text": "We propose replay of stored examples."}\nnonsense\n\xff\xfe\n'
    )

    code, out, _ = summarize("--input", source, "--output", folder / "Y.jsonl", "--json")

    assert 3 == code
    assert ["a", None, None] == [a["id"] for a in read(folder / "Y.jsonl")]
    assert {"answered": 1, "refused": 2, "model": "extractive"}.items() <= json.loads(out).items()
    assert 3 == summarize("--input", source, "--output", folder / "Y.jsonl")[0]
    assert 3 == len(read(folder / "Y.jsonl"))


def test_texts_that_have_changed_are_told_of(folder, summarize):
    output = folder / "Y.jsonl"
    summarize("--input", write(folder / "X.jsonl", rows(3)), "--output", output)
    before = output.read_bytes()
    changed = [r | {"text": r["text"] + " It is new."} for r in rows(3)]

    code, _, err = summarize("--input", write(folder / "X.jsonl", changed), "--output", output)

    assert 3 == code
    assert "3 texts have changed since they were answered" in err
    assert before == output.read_bytes()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--input", "none.jsonl"], "none.jsonl: no such file"),
        (["--input", "."], ".: cannot be read: Is a directory"),
        (["--input", "X.jsonl", "--output", "no/such/Y.jsonl"], "no/such/Y.jsonl: cannot be written: No such file"),
        (["--input", "X.jsonl", "--output", "."], ".: cannot be written: Is a directory"),
        (["--input", "X.jsonl", "--output", "X.jsonl"], "X.jsonl: is the input"),
        (["--input", "X.jsonl", "--output", "thesis.txt"], "thesis.txt: line 1 is not an answer of this command"),
        (["--output", "Y.jsonl"], "--output is for texts from a file"),
        (["--input", "X.jsonl", "--feeds", "none.yaml"], "none.yaml: no such file"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_in_one_line_before_any_work(folder, summarize, argv, message):
    write(folder / "X.jsonl", rows(3))
    (folder / "thesis.txt").write_text("My thesis\nhas two lines")
    before = sorted(p.name for p in folder.iterdir())

    code, out, err = summarize(*argv)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert message in err
    assert before == sorted(p.name for p in folder.iterdir())
    assert "My thesis\nhas two lines" == (folder / "thesis.txt").read_text()


def test_an_unknown_back_end_and_one_without_weights_leave_no_file(folder, summarize):
    source = write(folder / "X.jsonl", rows(3))
    (folder / "feeds.yaml").write_text("sources: [{kind: arxiv, categories: [cs.LG]}]\nsummarizer: {model: no-such-weights}\n")  # fmt: skip

    code, _, err = summarize("--input", source, "--output", "Y.jsonl", backend="magic")
    assert (2, 1) == (code, err.count("\n"))
    assert "--backend: got 'magic' (allowed: " in err

    code, _, err = summarize("--input", source, "--output", "Y.jsonl", backend="local")
    assert (1, 1) == (code, err.count("\n"))
    assert "no weights for 'no-such-weights'" in err
    assert not (folder / "Y.jsonl").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_left_alone(folder, summarize):
    output = write(folder / "Y.jsonl", [])
    output.chmod(0o400)

    code, _, err = summarize("--input", write(folder / "X.jsonl", rows(3)), "--output", output)

    assert 2 == code
    assert "cannot be written: Permission denied" in err


def test_two_runs_never_write_to_one_file(folder, summarize):
    fcntl = pytest.importorskip("fcntl")
    source, output = write(folder / "X.jsonl", rows(3)), folder / "Y.jsonl"
    with output.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, _, err = summarize("--input", source, "--output", output)
        assert 75 == code
        assert "another run writes to it" in err
        assert b"" == output.read_bytes()

    assert 0 == summarize("--input", source, "--output", output)[0]


def test_a_full_disk_is_said_in_one_line(folder, summarize):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")

    code, _, err = summarize("--input", write(folder / "X.jsonl", rows(3)), "--output", "/dev/full")

    assert (1, 1) == (code, err.count("\n"))
    assert "/dev/full: cannot be written: No space left on device (run it again" in err


def test_without_a_file_the_command_is_about_the_week(folder, capsys):
    assert 2 == main(["summarize", "--feeds", "none.yaml"])
    assert "none.yaml: no such file" in capsys.readouterr().err


@pytest.mark.model
@pytest.mark.slow
def test_the_whole_command_keeps_to_two_and_a_half_gigabytes(tmp_path):
    """With all its models: the one that writes and the two that tell roles. On Linux, whose unit of memory is the KiB."""
    chance = random.Random(0)
    words = "nets of old tasks replay some images that learn fast under noise and keep labels for speech".split()
    texts = []
    for i in range(128):
        said = [" ".join(chance.choices(words, k=chance.randrange(8, 40))) for _ in range(8)]
        texts.append({"id": f"paper-{i}", "title": f"Replay {i}", "text": ". We show that ".join(said) + "."})  # fmt: skip
    asked, told = write(tmp_path / "in.jsonl", texts), tmp_path / "out.jsonl"
    code = (
        "import resource, sys; from digest.cli import main; code = main(sys.argv[1:]);"
        " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "summarize", "--input", str(asked), "--output", str(told)]  # fmt: skip

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert 128 == len(read(told))
    assert "tldr" in read(told)[0]["model"]
    assert int(run.stdout.split()[-1]) < 2.5 * 2**20
