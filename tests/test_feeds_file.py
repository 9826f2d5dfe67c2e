"""Sources are added to the file that a person keeps, and everything else in it stays as it was."""

from __future__ import annotations

import os
import stat

import pytest
import yaml

from digest.config import load_config
from digest.errors import ConfigError
from digest.feeds_file import add_sources
from digest.paths import default_feeds

NEW = {"kind": "feed", "name": "New: blog", "url": "https://new.example/#feed"}
LINES = ["- kind: feed", "  name: 'New: blog'", "  url: https://new.example/#feed"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feeds.yaml"


def added(path, text, *entries):
    """The lines that were added; every other line must be what it was."""
    path.write_bytes(text.encode())
    add_sources(path, entries or [NEW])
    before, after = text.splitlines(), path.read_bytes().decode().splitlines()
    at = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before)
    )
    count = len(after) - len(before)
    assert before == after[:at] + after[at + count :]
    return after[at : at + count]


def test_the_shipped_file_keeps_every_line_and_gains_the_source_behind_the_last(path):
    text = default_feeds().read_text("utf-8")

    assert [f"  {line}" for line in LINES] == added(path, text)
    assert "New: blog" == load_config(path).sources[-1].name


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("sources:\n- {kind: arxiv, categories: [cs.LG]}\n", ""),
        ("sources:\n    - kind: arxiv\n      categories:\n      - cs.LG\n", "    "),
        ("sources:\n  - kind: arxiv\n    categories: [cs.LG]", "  "),
        (
            "# of mine\nsources:  # these\n  - kind: arxiv  # papers\n    categories: [cs.LG]\n  # - kind: feed\n\n# I like\ninterests: {}\n",
            "  ",
        ),
        (
            "title: 'Quoted'\nsources:\n  -\n    kind: arxiv\n    categories: [cs.LG]\nlength: {full_stories: 0x4}\n",
            "  ",
        ),
        ("sources: &all\n  - {kind: arxiv, categories: [cs.LG]}\n...\n", "  "),
    ],
)
def test_comments_quotes_blank_lines_and_indentation_stay(path, text, indent):
    assert [indent + line for line in LINES] == added(path, text)


def test_line_ends_of_windows_stay(path):
    text = "sources:\r\n  - {kind: arxiv, categories: [cs.LG]}\r\ntitle: x\r\n"

    assert 3 == len(added(path, text))
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_a_list_in_brackets_is_written_anew_and_keeps_comments_around_it(path):
    text = "# mine\nsources: [{kind: arxiv, categories: [cs.LG]}]  # few\ntitle: 'x'  # short\n"
    path.write_text(text)
    add_sources(path, [NEW])
    after = path.read_text()

    assert [NEW] == yaml.safe_load(after)["sources"][1:]
    for kept in ("# mine\n", "# few", "title: 'x'  # short\n"):
        assert kept in after


@pytest.mark.parametrize(
    "name", ["no", "1:20", "0x1F", "~", "- a", "#1", "a: b", "'", '"', "é 学", "[x]", "null"]
)
@pytest.mark.parametrize("text", ["sources: [{0}]\n", "sources:\n  - {0}\n"])
def test_a_name_that_yaml_would_take_for_something_else_is_quoted(path, text, name):
    path.write_text(text.replace("{0}", "{kind: arxiv, categories: [cs.LG]}"))

    [source] = add_sources(path, [NEW | {"name": name}])

    assert name == source.name == load_config(path).sources[1].name


def test_several_sources_keep_their_order(path):
    entries = [NEW, NEW | {"name": "Second", "url": "https://second.example/"}]
    path.write_text("sources: \n  - {kind: arxiv, categories: [cs.LG]}\n")

    assert ["New: blog", "Second"] == [s.name for s in add_sources(path, entries)]
    assert ["arXiv", "New: blog", "Second"] == [s.name for s in load_config(path).sources]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (NEW | {"name": "arXiv"}, "is used twice"),
        (NEW | {"url": "nowhere"}, r"sources\[1\].url"),
        (NEW | {"colour": "red"}, "unknown key"),
    ],
)
def test_a_source_that_would_not_load_is_refused_and_the_file_untouched(path, entry, said):
    path.write_text("sources: [{kind: arxiv, categories: [cs.LG]}]  # mine\n")
    before = path.read_bytes()

    with pytest.raises(ConfigError, match=said):
        add_sources(path, [entry])
    assert before == path.read_bytes()
    assert [path] == list(path.parent.iterdir())


def test_a_file_that_is_wrong_already_is_left_alone(path):
    path.write_text("sources: [")

    with pytest.raises(ConfigError, match="not YAML"):
        add_sources(path, [NEW])
    assert "sources: [" == path.read_text()


def test_a_link_stays_a_link_and_the_mode_of_the_file_stays(path, tmp_path):
    real = tmp_path / "real.yaml"
    real.write_text("sources:\n  - {kind: arxiv, categories: [cs.LG]}\n")
    real.chmod(0o640)
    path.symlink_to(real)
    add_sources(path, [NEW])

    assert path.is_symlink()
    assert 0o640 == stat.S_IMODE(real.stat().st_mode)
    assert 2 == len(load_config(real).sources)


def test_a_failure_to_write_leaves_the_old_file_and_no_other(path, monkeypatch):
    path.write_text("sources:\n  - {kind: arxiv, categories: [cs.LG]}\n")
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ConfigError, match="No space left"):
        add_sources(path, [NEW])
    assert before == path.read_bytes()
    assert [path] == list(path.parent.iterdir())
