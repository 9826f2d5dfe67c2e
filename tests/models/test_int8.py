"""8-bit products: close to the exact ones, and each row for itself."""

import pytest

torch = pytest.importorskip("torch")

from digest.models.int8 import Int8Linear, _Rounding, is_quantized, quantize  # noqa: E402


def layer(bias=True):
    torch.manual_seed(0)
    return torch.nn.Linear(64, 48, bias=bias)


@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_computes_what_it_did_but_for_rounding(bias):
    exact = layer(bias)
    x = torch.randn(3, 5, 64)

    found = Int8Linear(exact, _Rounding())(x)

    expected = exact(x)
    assert expected.shape == found.shape
    error = (found - expected).norm() / expected.norm()
    assert 0 < error < 0.02


def test_a_row_does_not_depend_on_the_others():
    ours = Int8Linear(layer(), _Rounding())
    x = torch.randn(7, 64)
    x[3] *= 1000

    assert torch.equal(ours(x)[2], ours(x[2:3].clone())[0])


def test_a_row_of_zeros_gives_the_bias():
    exact = layer()

    assert torch.equal(exact.bias, Int8Linear(exact, _Rounding())(torch.zeros(1, 64))[0])


def test_layers_that_share_their_rows_do_not_mix_them_up():
    rounding = _Rounding()
    first, second = Int8Linear(layer(), rounding), Int8Linear(layer(), rounding)
    x, y = torch.randn(4, 64), torch.randn(4, 64)

    assert torch.equal(first(x), second(x))
    assert torch.equal(second(y), Int8Linear(layer(), _Rounding())(y))
    assert not torch.equal(first(x), first(y))


def test_all_layers_of_a_model_are_replaced_and_its_rows_let_go():
    model = torch.nn.Sequential(layer(), torch.nn.ReLU(), torch.nn.Linear(48, 3))
    assert not is_quantized(model)

    quantize(model)
    model(torch.randn(2, 64))

    assert is_quantized(model)
    assert [Int8Linear, torch.nn.ReLU, Int8Linear] == [type(m) for m in model]
    assert model[0]._rounding._last is None
    assert model[0]._rounding is model[2]._rounding
