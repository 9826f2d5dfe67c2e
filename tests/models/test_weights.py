"""Weights: where a name leads, and a conversion that survives being killed."""

import subprocess
import sys

import pytest

from digest.errors import BackendUnavailable
from digest.models import weights
from digest.models.weights import Weights, converted, find_weights, fingerprint


def package(root, name, *files):
    folder = root / name
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    for file in files:
        (folder / file).write_bytes(b"weights of " + name.encode())
    return folder


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_an_installed_package_is_found_without_being_imported(site):
    package(site, "my_gguf_package", "Tiny.Q4.gguf")
    package(site, "my_folder_package", "model/config.json", "model/model.safetensors")

    gguf, folder = find_weights("my-gguf-package", {}), find_weights("my_folder_package", {})

    assert ("my-gguf-package/Tiny.Q4", "Tiny.Q4.gguf") == (gguf.model_id, gguf.path.name)
    assert ("my_folder_package/model", site / "my_folder_package" / "model") == (folder.model_id, folder.path)  # fmt: skip


def test_a_folder_of_weights_is_named_with_its_bytes(tmp_path):
    for name, content in (("a", b"1"), ("b", b"2")):
        (tmp_path / name / "m").mkdir(parents=True)
        (tmp_path / name / "m" / "config.json").write_text("{}")
        (tmp_path / name / "m" / "x.safetensors").write_bytes(content)

    one, two = find_weights(str(tmp_path / "a" / "m"), {}), find_weights(str(tmp_path / "b" / "m"), {})  # fmt: skip

    assert one.model_id.startswith("m@")
    assert one.model_id != two.model_id


def test_a_hub_name_needs_the_network():
    assert ("hf:owner/name@abc", "owner/name", "abc") == (
        (found := find_weights("owner/name@abc", {})).model_id,
        found.hub_name,
        found.revision,
    )
    with pytest.raises(BackendUnavailable, match="no weights for 'owner/name'"):
        find_weights("owner/name", {"HF_HUB_OFFLINE": "1"})


@pytest.mark.parametrize("model", ["no-such-package", "json", "../nowhere", ""])
def test_what_leads_nowhere_is_said_in_one_line(model):
    with pytest.raises(BackendUnavailable) as caught:
        find_weights(model, {"HF_HUB_OFFLINE": "1"})

    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_folder_without_weights_is_said_to_hold_none(tmp_path):
    with pytest.raises(BackendUnavailable, match="holds no weights"):
        find_weights(str(tmp_path), {})


def test_a_changed_byte_or_length_changes_the_fingerprint(tmp_path):
    file = tmp_path / "x.gguf"
    marks = set()
    for content in (b"", b"a", b"b", b"a" * 3_000_000, b"a" * 2_999_999 + b"b"):
        file.write_bytes(content)
        marks.add(fingerprint(file))

    assert 5 == len(marks)


class FakeConversion:
    """Writes a file where ``convert.py`` would, or dies before."""

    def __init__(self, *, error=""):
        self.error = error
        self.calls = 0

    def __call__(self, command, **_):
        self.calls += 1
        from pathlib import Path

        Path(command[-1], "config.json").write_text("{}")
        stderr = f"Traceback ...\n{self.error}" if self.error else ""
        return subprocess.CompletedProcess(command, 1 if self.error else 0, "", stderr)


@pytest.fixture
def gguf(tmp_path):
    file = tmp_path / "x.gguf"
    file.write_bytes(b"x")
    return Weights(model_id="x", path=file, fingerprint=fingerprint(file))


def test_a_conversion_happens_once(gguf, tmp_path, monkeypatch):
    fake = FakeConversion()
    monkeypatch.setattr(weights.subprocess, "run", fake)

    first, second = (converted(gguf, tmp_path / "cache") for _ in range(2))

    assert (1, first) == (fake.calls, second)
    assert ["config.json"] == [f.name for f in first.iterdir()]


def test_a_failed_conversion_leaves_nothing_and_says_why(gguf, tmp_path, monkeypatch):
    monkeypatch.setattr(weights.subprocess, "run", FakeConversion(error="ValueError: not GGUF"))

    with pytest.raises(BackendUnavailable, match="cannot be converted: ValueError: not GGUF"):
        converted(gguf, tmp_path / "cache")

    assert [] == [f for f in (tmp_path / "cache").iterdir() if f.is_dir()]


def test_what_a_killed_conversion_left_is_swept_away(gguf, tmp_path, monkeypatch):
    stale = tmp_path / "cache" / f"{gguf.fingerprint}.abc.part"
    stale.mkdir(parents=True)
    monkeypatch.setattr(weights.subprocess, "run", FakeConversion())

    converted(gguf, tmp_path / "cache")

    assert not stale.exists()


def test_a_real_conversion_of_rubbish_fails_in_one_line(gguf, tmp_path, monkeypatch):
    # The real child process, with a stand-in for gguf that refuses: no second of importing torch.
    (tmp_path / "gguf.py").write_text("raise ImportError('no gguf here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(BackendUnavailable, match="no gguf here"):
        converted(gguf, tmp_path / "cache")


def test_an_unwritable_cache_is_said_in_one_line(gguf, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BackendUnavailable, match="cannot be written"):
        converted(gguf, tmp_path / "file" / "cache")


def test_importing_the_stage_imports_no_torch():
    code = (
        "import sys; import digest.summarize as s; from digest.config import SummarizerConfig;"
        "s.make_summarizer(SummarizerConfig(backend='extractive'));"
        "import digest.summarize.local, digest.verify, digest.summarize.roles;"
        "print([m for m in ('torch', 'transformers', 'gguf', 'numpy') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert "[]\n" == done.stdout, done.stderr
