"""The benchmarks of speed run, on a model of 20,000 weights and on the CPU, and count what they say they count."""

import json
import sys
import types

import pytest

pytest.importorskip("torch")

from bench import summaries, summaries_gpu, summaries_sides
from tests.summarize.tiny_model import make_tiny_model

TINY = {
    "vocab_size": 300, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128,
    "tie_word_embeddings": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    """One that changes nothing much: with it the model is asked as the shipped one is."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("adapter")
    layer = "base_model.model.model.layers.0.mlp.up_proj"
    torch.manual_seed(3)
    save_file(
        {f"{layer}.lora_A.weight": torch.randn(2, 32), f"{layer}.lora_B.weight": torch.randn(64, 2)},
        folder / "adapter_model.safetensors",
    )  # fmt: skip
    settings = {"peft_type": "LORA", "r": 2, "lora_alpha": 1, "bias": "none"}
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.mark.slow
def test_every_side_summarizes_its_share_and_the_table_says_how_fast(model, adapter):
    texts = [("Lamps", "We dim lamps."), ("", "A map of bread."), ("Oak", "Oak lasts. We show it.")]

    found = summaries.measure(texts, rounds=2, model=str(model), adapter=str(adapter), samples=3)

    plain, auto, _, sampled = found.values()
    assert [plain.texts, auto.texts, sampled.texts] == [[2, 1], [3, 3], [3, 3]]
    assert {0, 1, 2} == set(plain.summaries) == set(auto.summaries)
    assert all(side.rate > 0 and side.cost > 0 and side.peak_mib > 50 for side in found.values())
    assert all(len(side.start_s) == 1 for side in list(found.values())[1:])
    rows = summaries.table(found).splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == list(found)
    assert " of 3 |" in rows[1]


def test_the_plain_side_writes_what_the_engine_writes_in_the_same_number_format(model, adapter):
    settings = {"model": str(model), "adapter": str(adapter), "dtype": "float32"}
    asked = {"texts": [["Lamps", "We dim lamps."], ["", "A map of bread."], ["Oak", "Oak lasts."]]}

    plain = summaries_sides.plain(settings)(asked)

    assert plain["summaries"] == summaries_sides.engine(settings)(asked)["summaries"]
    assert all(plain["summaries"])
    assert all(plain["prompts"])
    assert all(1 <= count <= 64 for count in plain["written"])


def test_ratios_and_other_texts_are_counted_from_what_was_measured():
    plain = summaries.Measured(texts=[2, 2], seconds=[4, 4], cpu_seconds=[8, 8])
    ours = summaries.Measured(texts=[4, 4], seconds=[1, 2], cpu_seconds=[2, 2], start_s=[3.21])
    plain.summaries = {0: "a", 1: "b", 2: "c", 3: "d"}
    ours.summaries = {0: "a", 1: "x", 2: "c", 3: "d"}

    row = summaries.table({summaries.PLAIN: plain, "ours": ours}).splitlines()[-1]

    assert "| ours | 2.67 | 5.3 (4.0 to 8.0) |  | 0.50 | 8.0 | 1 of 4 | 3.2 | 0 |" == row


def test_llama_reads_the_prompts_and_writes_as_many_tokens_as_asked(monkeypatch):
    calls = []

    class Llama:
        def __init__(self, path, **_):
            calls.append(path)

        def reset(self):
            calls.append("reset")

        def generate(self, prompt, **how):
            calls.append((tuple(prompt), how["temp"]))
            yield from range(1000)

    monkeypatch.setitem(sys.modules, "llama_cpp", types.SimpleNamespace(Llama=Llama))

    side = summaries_sides.llama({"gguf": "m.gguf", "threads": 2})

    assert [5, 1] == side({"prompts": [[7, 8], [9]], "written": [5, 1]})["written"]
    assert ["m.gguf", "reset", ((7, 8), 0.0), "reset", ((9,), 0.0)] == calls


def test_a_model_that_llama_cannot_read_is_refused(model):
    with pytest.raises(ValueError, match="no GGUF file"):
        summaries.gguf_of(str(model))


def test_a_side_that_dies_ends_the_benchmark(model):
    settings = {"side": "engine", "model": str(model / "absent"), "adapter": "none", "dtype": "auto"}  # fmt: skip
    with summaries.Process(sys.executable, settings) as process, pytest.raises(RuntimeError, match="died"):  # fmt: skip
        process.ask({"texts": []})


def test_the_gpu_benchmark_runs_on_the_cpu_too():
    found = summaries_gpu.measure(
        TINY, device="cpu", texts=6, read=9, written=4, plain_batches=(2, 5), rounds=1
    )

    assert ["ours", "generate, batches of 2", "generate, batches of 5"] == [w.name for w in found]
    assert all(way.rate > 0 and way.share is None for way in found)
    assert 5 == len(summaries_gpu.table(found, 4).splitlines())


def test_the_roofline_is_arithmetic_while_reading_and_memory_while_writing():
    how = {"texts": 8, "batch": 4, "read": 10}
    layer = 2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 64
    weights, output = 2 * layer, 32 * 300
    slow_at_sums = (1.0, 1e30)
    read = 4 * (10 * (2 * weights + 2 * 2 * 32 * 10) + 2 * output)
    assert 2 * read == pytest.approx(
        summaries_gpu.least_seconds(TINY, written=1, card=slow_at_sums, **how)
    )

    slow_memory = (1e30, 1.0)
    kept = 2 * 2 * 2 * 16  # bytes of a token: keys and values, 2 layers, 2 heads of 8
    first = 2 * (weights + output) + 4 * 10 * kept
    second = 2 * (weights + output) + 4 * 11 * kept
    assert 2 * (first + second) == pytest.approx(
        summaries_gpu.least_seconds(TINY, written=2, card=slow_memory, **how)
    )


@pytest.mark.gpu
def test_the_engine_is_faster_than_plain_batches_on_a_gpu():
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    ours, *plain = summaries_gpu.measure(summaries_gpu.SHAPE, device="cuda", texts=2048, rounds=1)

    assert ours.rate > max(way.rate for way in plain)
