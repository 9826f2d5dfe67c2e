"""A thousand texts over two processes of a Ray cluster on this machine; one is killed on the way."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable
from digest.summarize import make_summarizer, request_for
from digest.summarize.batching import condense_with
from tests.summarize.test_contract import skip_without_ray
from tests.summarize.tiny_model import make_tiny_model

WORDS = "net image text task label model graph speech robot agent".split()


class Counting(dict):
    """A cache that counts how often each summary was written."""

    def __init__(self):
        self.written = Counter()

    def summaries(self, keys):
        return {k: self[k] for k in keys if k in self}

    def save_summaries(self, summaries):
        self.written.update(summaries.keys())
        self.update(summaries)


def workers():
    """The process ids of this machine's Ray workers that run a back end."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"ray::Worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="workers are found through /proc")  # fmt: skip
def test_a_thousand_texts_are_each_summarized_once_though_a_worker_is_killed(tmp_path, monkeypatch):
    skip_without_ray()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    config = SummarizerConfig(
        backend="cluster", over="local", workers=2, batch_size=20,
        model=str(make_tiny_model(tmp_path / "tiny")), device="cpu", dtype="float32", max_new_tokens=12,
    )  # fmt: skip
    asked = [
        request_for(f"arxiv:{i}", "A new network", f"We propose a network of {WORDS[i % 10]} number {i}. It learns fast from {i} images.")
        for i in range(1000)
    ]  # fmt: skip
    killed = []

    def kill_one(done, total):
        if done >= 300 and not killed:
            killed.append(workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    cache = Counting()
    condensed = condense_with(make_summarizer(config), asked, cache, on_progress=kill_one)

    assert 1 == len(killed)
    assert killed[0] not in workers()
    assert [r.item_id for r in asked] == list(condensed.checked)
    assert 1000 == len(cache.written) == len(cache)
    assert {1} == set(cache.written.values())
    assert 1000 == condensed.model_calls
    assert not any(c.unwritten for c in condensed.checked.values())

    # what a cluster wrote, this machine alone finds in the cache
    alone = make_summarizer(config.model_copy(update={"backend": "local"}))
    assert 0 == condense_with(alone, asked, cache).model_calls


def test_without_ray_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr("digest.summarize.cluster.importlib.util.find_spec", lambda _: None)

    with pytest.raises(BackendUnavailable, match="ray") as told:
        make_summarizer(SummarizerConfig(backend="cluster", over="extractive"))
    assert "pip install" in told.value.hint
