"""Roles of sentences: one each whatever comes, the same in any company, by cue words where the model is missing."""

import itertools
import json
import logging

import numpy as np
import pytest

from digest.errors import BackendUnavailable
from digest.store import Store
from digest.summarize import roles
from digest.summarize.roles import classify, classify_all, roles_by_cues, roles_of
from digest.summarize.roles.chain import log_chances
from digest.summarize.roles.windows import MAX_TOKENS, owners, place, windows

ABSTRACT = (
    "Batch normalization is widely used, but its cost remains a challenge.",
    "In this paper we study how to train networks without it.",
    "We train residual networks with clipped gradients on ImageNet.",
    "Experiments show that our networks outperform the state of the art by 2%.",
    "Our code is available at https://example.org/code.",
)
ODD = {
    "one sentence": ABSTRACT[:1],
    "200 sentences": ABSTRACT * 40,
    "5,000 words": ("the model is trained on words " * 833,),
    "a long word": ("x" * 100_000,),
    "punctuation": ("...", "!?", "", " \n ", "$$", "\ud800"),
    "other languages": ("这是一个句子。", "Wir zeigen ein Verfahren.", "Это предложение.", "😀"),
}


@pytest.fixture
def lacking(monkeypatch):
    """A machine without the models."""
    monkeypatch.setattr("digest.summarize.roles.tagger.find_weights", _nothing)
    roles._tagger.cache_clear()
    yield
    roles._tagger.cache_clear()


@pytest.fixture(params=["cues", pytest.param("model", marks=pytest.mark.model)])
def tell(request):
    """Both ways to tell roles."""
    if request.param == "cues":
        return lambda texts: [roles_by_cues(t) for t in texts]
    assert roles._tagger() is not None, "tests marked model need the packages of weights.lock"
    return classify_all


def _nothing(model):
    raise BackendUnavailable("no weights", hint="install them")


def test_an_abstract_goes_from_background_to_result(tell):
    assert [("background", "objective", "method", "result", "other")] == tell([ABSTRACT])


@pytest.mark.parametrize("sentences", ODD.values(), ids=ODD)
def test_there_is_one_role_a_sentence_however_odd_it_is(tell, sentences):
    assert len(sentences) == len(tell([sentences])[0])


def test_nothing_has_no_roles(tell):
    assert [] == tell([])
    assert [(), ("background",), ()] == tell([(), ABSTRACT[:1], ()])


def test_without_the_model_cue_words_tell_and_it_is_said_once(lacking, caplog):
    with caplog.at_level(logging.WARNING):
        told = [classify(ABSTRACT), *classify_all([ABSTRACT, ABSTRACT[:2]])]

    assert [roles_by_cues(t) for t in (ABSTRACT, ABSTRACT, ABSTRACT[:2])] == told
    assert ["roles of sentences are told by cue words: no weights (install them)"] == [
        r.message for r in caplog.records
    ]


def test_where_memory_runs_out_cue_words_tell(monkeypatch, caplog):
    class Full:
        def roles(self, texts):
            raise RuntimeError("CUDA out of memory\nand more")

    monkeypatch.setattr(roles, "_tagger", Full)

    assert [roles_by_cues(ABSTRACT)] == classify_all([ABSTRACT])
    assert "CUDA out of memory" in caplog.text


def test_roles_of_texts_are_found_by_their_sentences(lacking):
    text = " ".join(ABSTRACT)

    assert {ABSTRACT: roles_by_cues(ABSTRACT)} == roles_of([text, text])


def test_a_text_of_an_earlier_run_costs_no_model(tmp_path, monkeypatch):
    asked = []

    class Tagger:
        def roles(self, texts):
            asked.extend(texts)
            return [("result",) * len(t) for t in texts]

    monkeypatch.setattr(roles, "_tagger", Tagger)
    monkeypatch.setattr(roles, "classifier_id", lambda: "one")
    text, other = " ".join(ABSTRACT), "We learn. It helps."
    with Store(tmp_path / "digest.db") as store:
        first = roles_of([text], store)
    with Store(tmp_path / "digest.db") as store:
        assert {**first, ("We learn.", "It helps."): ("result", "result")} == roles_of(
            [text, other], store
        )
        assert [ABSTRACT, ("We learn.", "It helps.")] == asked

        monkeypatch.setattr(
            roles, "classifier_id", lambda: "another"
        )  # other weights, another adapter
        roles_of([text], store)
    assert [ABSTRACT, ("We learn.", "It helps."), ABSTRACT] == asked


def test_what_cue_words_said_is_not_kept_for_when_the_models_are_back(tmp_path, monkeypatch):
    class Full:
        def roles(self, texts):
            raise MemoryError

    monkeypatch.setattr(roles, "_tagger", Full)
    monkeypatch.setattr(roles, "classifier_id", lambda: "one")
    text = " ".join(ABSTRACT)
    with Store(tmp_path / "digest.db") as store:
        assert {ABSTRACT: roles_by_cues(ABSTRACT)} == roles_of([text], store)

        class Tagger:
            def roles(self, texts):
                return [("result",) * len(t) for t in texts]

        monkeypatch.setattr(roles, "_tagger", Tagger)
        assert {ABSTRACT: ("result",) * len(ABSTRACT)} == roles_of([text], store)


@pytest.mark.model
def test_a_text_gets_the_same_roles_in_any_company():
    """In float32; bfloat16 keeps three digits, so that there a close call may go otherwise."""
    from digest.summarize.roles.tagger import open_tagger

    tagger = open_tagger("cpu", dtype="float32")
    short = [ODD[name] for name in ("one sentence", "punctuation", "other languages")]
    texts = [ABSTRACT, ABSTRACT[:3], ABSTRACT[::-1], ABSTRACT * 3, *short]
    together = tagger.roles(texts)

    assert together == [tagger.roles([t])[0] for t in texts]
    assert together[::-1] == tagger.roles(texts[::-1])


@pytest.mark.model
@pytest.mark.parametrize("which", [0, 1])
def test_an_adapter_of_other_weights_is_refused(monkeypatch, which):
    from dataclasses import replace

    from digest.summarize.roles import tagger

    base = tagger.bases()[which]
    found = tagger.find_weights(base.model)
    place = tagger.converted(found, tagger.model_cache())
    monkeypatch.setattr(tagger, "find_weights", lambda _: replace(found, fingerprint="0" * 16))
    monkeypatch.setattr(tagger, "converted", lambda *_: place)

    with pytest.raises(BackendUnavailable, match="other weights"):
        tagger.open_reader(base, "cpu", "float32")


@pytest.mark.model
def test_where_one_model_is_missing_the_other_tells_alone_and_it_is_said(monkeypatch, caplog):
    from digest.summarize.roles import tagger

    find = tagger.find_weights
    monkeypatch.setattr(
        tagger, "find_weights", lambda m: find(m) if m == tagger.embedder.MODEL else _nothing(m)
    )

    told = tagger.open_tagger("cpu").roles([ABSTRACT])

    assert [("background", "objective", "method", "result", "other")] == told
    assert ["roles of sentences are told by one model of two: no weights (install them)"] == [
        r.message for r in caplog.records if r.levelno >= logging.WARNING
    ]


def test_readers_that_disagree_are_averaged():
    from digest.summarize.roles.tagger import RoleTagger

    class Reader:
        def __init__(self, *chances):
            self.chances = np.log([chances])

        def log_chances(self, texts):
            return [self.chances] * len(texts)

    sure, unsure = (
        Reader(0.1, 0.1, 0.7, 0.05, 0.05),
        Reader(0.4, 0.3, 0.2, 0.05, 0.05),
    )

    assert [("method",)] == RoleTagger([unsure, sure]).roles([["one"]])
    assert [("background",)] == RoleTagger([unsure]).roles([["one"]])


def test_windows_hold_every_sentence_in_order_within_the_models_reach():
    sentences = [[7] * n for n in (3, 0, 400, 127, 128, 128, 128, 1, 60) * 4]

    found = windows(sentences, 101, 102)

    assert all(len(w.ids) <= MAX_TOKENS and w.ids[0] == 101 for w in found)
    assert all(w.ids[end] == 102 for w in found for end in w.ends)
    told_by = [found[number].first + at for number, at in owners(found)]
    assert list(range(len(sentences))) == told_by
    assert () == windows([], 101, 102)
    assert () == owners(())


def test_a_sentence_in_two_windows_is_read_where_more_stands_around_it():
    found = windows([[7] * 60] * 12, 101, 102)  # eight to a window

    assert [(0, 8), (5, 7)] == [(w.first, len(w.ends)) for w in found]
    assert [(0, 5), (0, 6), (1, 2)] == list(owners(found)[5:8])


def test_a_place_is_told_from_both_ends():
    assert (0.0, 1.0, 1.0, 0.0, 0.0, 1.0) == place(0, 1)
    assert (0.5, 0.0, 0.0, 0.1, 0.1, 1 / 3) == place(1, 3)


def test_the_chain_knows_how_probable_each_role_of_each_sentence_is():
    chance = np.random.default_rng(1)
    for _ in range(20):
        scores, steps = chance.normal(size=(4, 3)), chance.normal(size=(3, 3)) * 2
        starts, stops = chance.normal(size=3), chance.normal(size=3)
        mass = np.zeros((4, 3))
        for path in itertools.product(range(3), repeat=4):
            value = (
                starts[path[0]] + stops[path[-1]] + sum(scores[i, r] for i, r in enumerate(path))
            )
            value += sum(steps[a, b] for a, b in itertools.pairwise(path))
            for i, r in enumerate(path):
                mass[i, r] += np.exp(value)

        chances = np.exp(log_chances(scores, steps, starts, stops))
        assert np.allclose(mass / mass.sum(axis=1, keepdims=True), chances)


@pytest.mark.parametrize("sentences", [5, 3])
def test_learning_and_telling_know_the_same_chain(sentences):
    torch = pytest.importorskip("torch")
    from training.roles import chain as learned

    chance = np.random.default_rng(2)
    scores, steps = chance.normal(size=(1, 5, 3)), chance.normal(size=(3, 3)) * 2
    starts, stops = chance.normal(size=3), chance.normal(size=3)
    ours = log_chances(scores[0, :sentences], steps, starts, stops)
    chain = tuple(torch.from_numpy(t) for t in (steps, starts, stops))
    mask = torch.arange(5)[None] < sentences

    told = learned.log_chances(torch.from_numpy(scores), mask, chain)
    losses = [
        learned.sequence_loss(torch.from_numpy(scores), torch.tensor([labels]), mask, chain).item()
        for labels in itertools.product(range(3), *[range(3)] * (sentences - 1), *[[0]] * (5 - sentences))
    ]  # fmt: skip

    assert np.allclose(ours, told[0, :sentences].numpy())
    assert np.isclose(1, np.exp(-np.array(losses)).sum())


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("tell", "floor"), [("cues", 64), pytest.param("model", 70, marks=[pytest.mark.model, pytest.mark.slow])],
    indirect=["tell"],
)  # fmt: skip
def test_roles_reach_the_floor_on_csabstruct(corpus, tell, floor):
    """Micro-F1 when written: see training/roles/README.md; all background would be 33."""
    lines = (corpus / "csabstruct" / "dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]

    told = tell([r["sentences"] for r in rows])

    pairs = [p for t, r in zip(told, rows, strict=True) for p in zip(t, r["labels"], strict=True)]
    assert 100 * sum(a == b for a, b in pairs) / len(pairs) >= floor
