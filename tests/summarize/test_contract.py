"""What every back end owes its caller; one test for all four. The cluster's are slow, since each call starts Ray."""

from __future__ import annotations

import importlib.util

import pytest

from digest.config import SummarizerConfig
from digest.errors import SummarizeError
from digest.summarize import BACKENDS, make_summarizer, request_for
from digest.verify import check
from tests.summarize.injections import INJECTIONS
from tests.summarize.model_server import model_server
from tests.summarize.tiny_model import make_tiny_model

TEXT = "Networks need labels. We propose a network that learns images and text fast with no labels for each task. It is new."
ODD = {
    "empty": "",
    "one word": "word",
    "long": "We propose a network of images. It learns fast. " * 4000,
    "one long word": "x" * 200_000,
    "TeX": r"$$\sum_{i} \alpha_i x_i \leq \beta$$ \begin{equation} y = W x \end{equation} " * 40,
    "foreign": "这是一个句子。" * 30,
    "capitals": "WE PROPOSE A NETWORK OF IMAGES. IT LEARNS FAST. " * 8,
    "table": "| a | b |\n|---|---|\n| 1 | 2 |\n" * 40,
    "controls": "\x00\ud7ff\u202e\n\n\t We propose a network of images, and it learns fast.",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def server():
    with model_server() as served:
        yield served


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.slow if name == "cluster" else ()) for name in BACKENDS]
)  # fmt: skip
def summarizer(request, tiny, server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if request.param == "remote":
        return server.summarizer()
    if request.param == "cluster":
        skip_without_ray()
    config = SummarizerConfig(
        backend=request.param, model=str(tiny), device="cpu", dtype="float32",
        max_new_tokens=12, batch_size=64, over="local", workers=2,
    )  # fmt: skip
    return make_summarizer(config)


def skip_without_ray():
    if (
        importlib.util.find_spec("ray") is None
    ):  # not imported: the back end sets its environment before
        pytest.skip("ray is not installed")


def batch_of(texts, title="A new network"):
    return [request_for(f"arxiv:{i}", title, text) for i, text in enumerate(texts)]


def test_there_is_a_contract_for_every_back_end(request):
    assert {"extractive", "local", "remote", "cluster"} == set(BACKENDS)


def test_a_back_end_says_what_it_is_without_being_asked_for_a_text(summarizer):
    for said in (summarizer.model_id, summarizer.prompt_version):
        assert said.strip()
    for said in (summarizer.model_id, summarizer.prompt_version, summarizer.parameters):
        assert said == " ".join(said.split())
    assert summarizer.batch_size >= 1


def test_trap_74_one_answer_comes_back_per_text_in_order_with_the_name_of_who_wrote_it(summarizer):
    batch = batch_of([TEXT + " More." * (i % 5) for i in range(20)])

    answers = summarizer.summarize(batch)

    assert [r.item_id for r in batch] == [a.item_id for a in answers]
    assert {(summarizer.model_id, summarizer.prompt_version)} == {(a.model_id, a.prompt_version) for a in answers}  # fmt: skip
    assert all(a.sentences and a.sentences[0].text.strip() for a in answers)
    assert answers == summarizer.summarize(batch)


def test_odd_texts_and_orders_in_texts_get_an_answer_each_that_holds_once_it_is_checked(summarizer):
    ordered = [f"{TEXT} {order}" for order in INJECTIONS]
    batch = batch_of([*ODD.values(), *ordered])
    assert len(INJECTIONS) >= 30

    answers = summarizer.summarize(batch)

    assert len(batch) == len(answers)
    assert not any(isinstance(a, SummarizeError) for a in answers[len(ODD) :])
    for asked, answer in zip(batch, answers, strict=True):
        if isinstance(answer, SummarizeError):
            assert str(answer).strip()
            continue
        assert asked.item_id == answer.item_id
        assert not any("<|im_" in s.text for s in answer.sentences)
        for sentence in check(answer, asked).summary.sentences:
            spans = [asked.text[s.start : s.end] for s in sentence.spans]
            assert all(0 <= s.start < s.end <= len(asked.text) for s in sentence.spans)
            if sentence.origin == "extractive":
                assert [sentence.text] == [" ".join(s.split()) for s in spans]
            else:
                assert spans  # a model's sentence that stays rests on some of the source's
                assert len(sentence.text) < 2000


def test_no_text_at_all_is_no_work(summarizer):
    assert [] == list(summarizer.summarize([]))
