"""An adapter: merged as PEFT defines it, and refused in one line where it belongs to something else."""

import json
import math

import pytest

from digest.errors import BackendUnavailable
from digest.models.adapter import find_adapter, merge_adapter

torch = pytest.importorskip("torch")
from safetensors.torch import save_file  # noqa: E402

RANK = 2


def model():
    torch.manual_seed(0)
    inner = torch.nn.Module()
    inner.up = torch.nn.Linear(3, 5)
    inner.down = torch.nn.Linear(5, 3, bias=False)
    outer = torch.nn.Module()
    outer.block = inner
    return outer


def halves(name, n_in, n_out, rank=RANK):
    return {
        f"base_model.model.block.{name}.lora_A.weight": torch.randn(rank, n_in),
        f"base_model.model.block.{name}.lora_B.weight": torch.randn(n_out, rank),
    }


def save(folder, tensors=None, **settings):
    torch.manual_seed(1)
    tensors = {**halves("up", 3, 5), **halves("down", 5, 3)} if tensors is None else tensors
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": 3, "bias": "none", "lora_dropout": 0.1, **settings}  # fmt: skip
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return tensors


@pytest.mark.parametrize(("rslora", "scale"), [(False, 3 / RANK), (True, 3 / math.sqrt(RANK))])
def test_the_merged_layer_computes_what_layer_and_adapter_compute(tmp_path, rslora, scale):
    tensors = save(tmp_path, use_rslora=rslora)
    ours = model()
    x = torch.randn(4, 3)
    low, high = (tensors[f"base_model.model.block.up.lora_{half}.weight"] for half in "AB")
    expected = ours.block.up(x) + scale * (x @ low.T @ high.T)

    changed = merge_adapter(ours, find_adapter(tmp_path))

    assert 2 == changed
    assert torch.allclose(expected, ours.block.up(x), atol=1e-6)


def test_weights_that_lie_the_other_way_round_are_turned(tmp_path):
    tensors = save(tmp_path, halves("up", 5, 3), fan_in_fan_out=True)
    ours = model()
    before = ours.block.up.weight.clone()
    low, high = (tensors[f"base_model.model.block.up.lora_{half}.weight"] for half in "AB")

    merge_adapter(ours, find_adapter(tmp_path))

    assert torch.allclose(before + 1.5 * (high @ low).T, ours.block.up.weight, atol=1e-6)


def test_the_sum_is_made_in_float32_and_rounded_once(tmp_path):
    save(tmp_path)
    exact, rounded = model(), model().bfloat16()
    exact.load_state_dict({n: w.float() for n, w in rounded.state_dict().items()})

    for one in (exact, rounded):
        merge_adapter(one, find_adapter(tmp_path))

    assert torch.equal(exact.block.up.weight.bfloat16(), rounded.block.up.weight)


def test_other_weights_have_another_fingerprint(tmp_path):
    marks = []
    for n, settings in enumerate([{}, {}, {"lora_alpha": 4}]):
        folder = tmp_path / str(n)
        folder.mkdir()
        save(folder, **settings)
        marks.append(find_adapter(folder).fingerprint)

    assert marks[0] == marks[1] != marks[2]
    assert {8} == {len(m) for m in marks}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"peft_type": "IA3"}, "is of type 'IA3'; only LORA can be merged"),
        ({"use_dora": True}, "uses use_dora, which cannot be merged"),
        ({"rank_pattern": {"up": 4}}, "uses rank_pattern"),
        ({"init_lora_weights": "pissa"}, "begins by pissa, which changes the model itself"),
        ({"bias": "all"}, "trains biases"),
        ({"r": 0}, "has no rank `r`"),
        ({"lora_alpha": None}, "has no rank `r` and `lora_alpha`"),
    ],
)
def test_settings_that_mean_something_else_are_refused(tmp_path, settings, said):
    save(tmp_path, **settings)

    with pytest.raises(BackendUnavailable, match=said):
        find_adapter(tmp_path)


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        (halves("side", 3, 5), "changes block.side, which the model does not have"),
        (halves("up", 4, 5), r"block.up is \(5, 3\) in the model, \(5, 2\) x \(2, 4\) in the adapter"),
        (dict(list(halves("up", 3, 5).items())[:1]), "has only lora_A of block.up"),
        ({"block.up.weight": torch.zeros(5, 3)}, "has a tensor block.up.weight"),
        ({}, "has no weights"),
    ],
)  # fmt: skip
def test_an_adapter_of_another_model_changes_nothing(tmp_path, tensors, said):
    save(tmp_path, {**halves("down", 5, 3), **tensors} if tensors else {})
    ours = model()
    before = {n: w.clone() for n, w in ours.state_dict().items()}

    with pytest.raises(BackendUnavailable, match=said) as caught:
        merge_adapter(ours, find_adapter(tmp_path))

    assert "\n" not in str(caught.value)
    assert all(torch.equal(before[n], w) for n, w in ours.state_dict().items())


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff" * 100])
def test_files_that_cannot_be_read_are_told_of_in_one_line(tmp_path, content):
    with pytest.raises(BackendUnavailable, match=r"has no adapter_config.json .*adapter: none"):
        find_adapter(tmp_path)
    save(tmp_path)
    (tmp_path / "adapter_model.safetensors").write_bytes(content)
    with pytest.raises(
        BackendUnavailable, match=r"adapter_model\.safetensors cannot be read"
    ) as caught:
        merge_adapter(model(), find_adapter(tmp_path))
    assert "\n" not in str(caught.value)
    (tmp_path / "adapter_config.json").write_bytes(content)
    with pytest.raises(BackendUnavailable, match=r"adapter_config\.json cannot be read"):
        find_adapter(tmp_path)
