"""Files are written whole, only where they changed, and only below the output folder."""

import os

import pytest

from digest.errors import RenderError
from digest.render.write import write_all
from digest.types import Rendered


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_come_to_lie_below_out_and_are_returned(tmp_path):
    files = [
        Rendered(path="2021/w06/index.html", content=b"a"),
        Rendered(path="atom.xml", content=b"b"),
    ]

    assert (tmp_path / "2021/w06/index.html", tmp_path / "atom.xml") == write_all(tmp_path, files)
    assert b"a" == (tmp_path / "2021/w06/index.html").read_bytes()
    assert ["2021", "atom.xml"] == names(tmp_path)


def test_a_file_with_the_same_bytes_is_left_alone(tmp_path):
    write_all(tmp_path, [Rendered(path="a", content=b"1"), Rendered(path="b", content=b"1")])
    os.utime(tmp_path / "a", (1, 1))

    assert (tmp_path / "b",) == write_all(
        tmp_path, [Rendered(path="a", content=b"1"), Rendered(path="b", content=b"2")]
    )
    assert 1 == (tmp_path / "a").stat().st_mtime


@pytest.mark.parametrize("path", ["../a", "/etc/a", "a/../../b", "", "."])
def test_no_file_leaves_the_output_folder(tmp_path, path):
    with pytest.raises(RenderError, match="not a path below"):
        write_all(tmp_path / "out", [Rendered(path=path, content=b"")])
    assert [] == names(tmp_path)


def test_what_cannot_be_written_is_one_line_and_leaves_the_old_file(tmp_path, monkeypatch):
    write_all(tmp_path, [Rendered(path="a", content=b"old")])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RenderError) as caught:
        write_all(tmp_path, [Rendered(path="a", content=b"new")])

    assert "\n" not in str(caught.value)
    assert f"{tmp_path / 'a'}: cannot be written: No space left on device" in str(caught.value)
    assert ["a"] == names(tmp_path)
    assert b"old" == (tmp_path / "a").read_bytes()


def test_a_folder_in_the_way_is_an_error_in_one_line(tmp_path):
    (tmp_path / "a").mkdir()

    with pytest.raises(RenderError, match="cannot be written"):
        write_all(tmp_path, [Rendered(path="a", content=b"x")])


def test_what_a_killed_run_left_behind_is_overwritten(tmp_path):
    (tmp_path / ".a.part").write_bytes(b"half")
    write_all(tmp_path, [Rendered(path="a", content=b"whole")])

    assert ["a"] == names(tmp_path)
