"""The fused layers compute what transformers' own compute, and other models are left as they are."""

import os
import subprocess
import sys

import pytest

from tests.summarize.tiny_model import make_tiny_model

torch = pytest.importorskip("torch")

from digest.models.fused import FusedLayer, PackedLinear, fuse  # noqa: E402

IDS = torch.randint(3, 400, (3, 37), generator=torch.Generator().manual_seed(0))


def load(folder, dtype=torch.float32, **config):
    from transformers import AutoConfig, AutoModelForCausalLM

    settings = AutoConfig.from_pretrained(folder)
    settings.update(config)
    torch.manual_seed(1)
    return AutoModelForCausalLM.from_config(settings, dtype=dtype).eval()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


def logits(model):
    with torch.inference_mode():
        return model(input_ids=IDS).logits.float()


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 0.02)], ids=["float32", "bfloat16"]
)  # fmt: skip
def test_the_logits_are_those_of_the_library(folder, dtype, tolerance):
    model = load(folder, dtype, initializer_range=0.2)
    expected = logits(model)

    fuse(model)

    assert all(isinstance(layer, FusedLayer) for layer in model.model.layers)
    assert isinstance(model.lm_head, PackedLinear)
    off = (logits(model) - expected).abs().max() / expected.abs().max()
    assert 0 < off < tolerance, "another order of the sums, and no more"


def test_the_part_below_the_head_is_fused_as_well(folder):
    body = load(folder).model
    with torch.inference_mode():
        expected = body(input_ids=IDS).last_hidden_state
        fuse(body)
        found = body(input_ids=IDS).last_hidden_state

    assert isinstance(body.layers[0], FusedLayer)
    assert torch.allclose(expected, found, atol=1e-4)


def test_it_can_be_undone(folder):
    model = load(folder)
    expected = logits(model)

    fuse(model)()

    assert not any(isinstance(m, FusedLayer | PackedLinear) for m in model.modules())
    assert torch.equal(expected, logits(model))


@pytest.mark.parametrize(
    "config", [{"attention_bias": True}, {"mlp_bias": True}, {"hidden_act": "gelu"}], ids=str
)
def test_layers_that_are_not_as_usual_are_left_alone(folder, config):
    model = load(folder, **config)

    fuse(model)

    assert not any(isinstance(m, FusedLayer | PackedLinear) for m in model.modules())


def test_another_kind_of_model_is_left_alone():
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(vocab_size=400, n_positions=64, n_embd=32, n_layer=1, n_head=2)).eval()  # fmt: skip
    expected = logits(model)

    fuse(model)

    assert torch.equal(expected, logits(model))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "2000 256 64"),
        (
            {
                "GOMP_SPINCOUNT": "7",
                "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "9",
                "LRU_CACHE_CAPACITY": "5",
            },
            "7 9 5",
        ),
        ({"OMP_WAIT_POLICY": "ACTIVE"}, "None 256 64"),
    ],
)
def test_what_the_user_says_of_threads_and_memory_stays(given, expected):
    shown = ("GOMP_SPINCOUNT", "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY")
    environment = {
        k: v for k, v in os.environ.items() if k not in (*shown, "OMP_WAIT_POLICY")
    } | given
    say = f"import os, digest.models; print(*(os.environ.get(n) for n in {shown}))"

    found = subprocess.run([sys.executable, "-c", say], env=environment, capture_output=True, text=True, check=True)  # fmt: skip

    assert expected == found.stdout.strip()
