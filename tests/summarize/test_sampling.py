"""What is drawn by chance is the same for the same prompt, whatever else is in the batch."""

from dataclasses import replace

import pytest

from tests.summarize.test_decoding import ENDS, ROOM, folder, model, prompts  # noqa: F401

torch = pytest.importorskip("torch")

from digest.summarize.decoding import SharedWriter  # noqa: E402
from digest.summarize.generation import Decoding, Room  # noqa: E402
from digest.summarize.sampling import MAY_END, TOP_P, chances, draw, share_of  # noqa: E402

HOW = Decoding(max_new_tokens=14, samples=6)


def test_the_first_version_is_the_likeliest_and_others_differ(model):  # noqa: F811
    asked = prompts(12, seed=4)
    writer = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None)
    likeliest = writer.write(asked, Decoding(max_new_tokens=14))

    found = writer.write(asked, HOW)

    assert [6] * 12 == [len(versions) for versions in found]
    assert [v[0] for v in likeliest] == [v[0] for v in found]
    assert sum(len({tuple(v) for v in versions}) > 1 for versions in found) > 6
    assert {len(v) for versions in found for v in versions} > {14}, "some end early, some do not"
    assert not any(token in ENDS for versions in found for v in versions for token in v)


def test_a_prompt_gets_the_same_versions_in_any_batch(model):  # noqa: F811
    asked = prompts(9, seed=5)
    together = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(asked, HOW)
    small = Room(read_tokens=1, cache_bytes=60_000)

    alone = [SharedWriter(model, end_ids=ENDS, room=small, ended=None).write([p], HOW)[0] for p in asked]  # fmt: skip
    backwards = SharedWriter(model, end_ids=ENDS, room=small, ended=None).write(asked[::-1], HOW)

    assert together == alone
    assert together == backwards[::-1]


def test_tokens_are_drawn_as_often_as_they_are_likely():
    logits = torch.tensor([[2.0, 1.0, 0.0, -9.0]])
    places = torch.tensor([[7, 5, 3, 1]])
    chance = torch.linspace(0, 0.9999, 1000)

    drawn = draw(logits.expand(1000, -1), places.expand(1000, -1), chance)

    likely = (logits[0] / 0.7).softmax(-1)
    likely[likely.cumsum(-1) - likely >= TOP_P] = 0
    likely /= likely.sum()
    for place, share in zip(places[0].tolist(), likely.tolist(), strict=True):
        assert (drawn == place).float().mean().item() == pytest.approx(share, abs=0.003)


def test_without_chance_the_likeliest_token_is_taken():
    logits = torch.tensor([[2.0, 1.9, 1.8]])

    assert [4] == draw(logits, torch.tensor([[4, 5, 6]]), torch.tensor([-1.0])).tolist()


def test_chances_depend_on_the_prompt_alone():
    one, two = chances([[1, 2], [3]], 2, 5), chances([[3], [1, 2], [9]], 2, 5)

    assert torch.equal(one[0], two[1])
    assert torch.equal(one[1], two[0])
    assert not torch.equal(one[0], one[1])
    assert 0 <= one.min() <= one.max() < 1


def test_beginnings_that_might_have_been_all_follow_the_versions(model):  # noqa: F811
    asked = prompts(12, seed=4)
    stops = tuple(range(3, 400, 2))
    plain = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(asked, HOW)

    found = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(
        asked, replace(HOW, stops=stops)
    )

    assert plain == [versions[:6] for versions in found], "what is drawn does not depend on it"
    assert any(len(versions) > 6 for versions in found)
    for prompt, versions in zip(asked, found, strict=True):
        drawn, beginnings = versions[:6], versions[6:]
        likely = {
            tuple(version[:n])
            for version in drawn
            for n in range(1, len(version))
            if version[n] not in stops and _share(model, [*prompt, *version[:n]], stops) >= MAY_END
        }
        assert sorted(likely) == sorted(tuple(b) for b in beginnings)


def _share(model, ids, stops):  # noqa: F811
    """Of the 32 likeliest next tokens."""
    with torch.inference_mode():
        values, places = model(input_ids=torch.tensor([ids])).logits[0, -1].float().topk(32)
    return sum(p for p, t in zip(values.softmax(-1).tolist(), places.tolist(), strict=True) if t in stops)  # fmt: skip


def test_the_share_of_tokens_is_their_probability_together():
    values, places = torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), torch.tensor([[7, 5, 3], [1, 2, 3]])  # fmt: skip

    shares = share_of(torch.tensor([3, 5, 9]), values, places).tolist()

    assert [1 - values[0].softmax(-1)[0].item(), 1 / 3] == pytest.approx(shares)
