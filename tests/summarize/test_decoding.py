"""The decoder of our own writes what transformers' ``generate`` writes, whatever the batch."""

import itertools
import random

import pytest

from tests.summarize.tiny_model import make_tiny_model

torch = pytest.importorskip("torch")

from digest.summarize.decoding import SharedWriter, _top  # noqa: E402
from digest.summarize.generation import Decoding, LibraryWriter, Room, sentence_ended  # noqa: E402

ROOM = Room(read_tokens=100, cache_bytes=1 << 30)
ENDS = [2, *range(9, 400, 25)]  # a model of random weights seldom chooses one way to end


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def model(folder):
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():  # larger weights: distributions with peaks, far from a tie
        for weights in model.parameters():
            weights.mul_(6 if weights.dim() > 1 else 1)
    return model


def prompts(count, seed=0):
    chance = random.Random(seed)
    return [[chance.randrange(3, 400) for _ in range(chance.randrange(1, 40))] for _ in range(count)]  # fmt: skip


def library(model, one_by_one_of, how, **options):
    writer = LibraryWriter(model, pad_id=0, end_ids=ENDS, room=ROOM, **{"ended": None, **options})
    return [row for p in one_by_one_of for row in writer.write([p], how)]


@pytest.mark.parametrize("beams", [1, 2, 4])
@pytest.mark.parametrize("penalty", [0.0, 1.0, 2.0])
def test_the_texts_are_those_of_the_library_one_by_one(model, folder, beams, penalty):
    how = Decoding(max_new_tokens=20, beams=beams, length_penalty=penalty)
    asked = prompts(30)
    expected = library(model, asked, how)

    found = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(asked, how)

    assert expected == found
    lengths = {len(version) for versions in found for version in versions}
    assert 20 in lengths, "some go on to the last token"
    assert min(lengths) < 15 or penalty > 1, "some end early, where length is not what counts"


@pytest.mark.parametrize("beams", [1, 3])
def test_a_rule_that_ends_a_text_by_its_words_does_so_in_both(model, beams):
    how = Decoding(max_new_tokens=16, beams=beams)
    asked = prompts(12, seed=2)

    def ended(rows):
        return [sum(row) % 9 == 0 for row in rows]

    expected = library(model, asked, how, ended=ended)

    assert expected == SharedWriter(model, end_ids=ENDS, room=ROOM, ended=ended).write(asked, how)
    assert expected != library(model, asked, how)


def test_little_memory_gives_the_same_texts_in_smaller_batches(model, monkeypatch):
    how = Decoding(max_new_tokens=12, beams=2)
    asked = prompts(9)
    wide = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(asked, how)
    narrow = SharedWriter(
        model, end_ids=ENDS, room=Room(read_tokens=1, cache_bytes=60_000), ended=None
    )
    sizes = []
    read = SharedWriter._read
    monkeypatch.setattr(SharedWriter, "_read", lambda self, p: sizes.append(len(p)) or read(self, p))  # fmt: skip

    assert wide == narrow.write(asked, how)
    assert 9 == sum(sizes)
    assert max(sizes) < 9


def test_nothing_asked_is_nothing_written(model):
    assert [] == SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write([], Decoding(max_new_tokens=4))  # fmt: skip


def test_memory_that_was_never_written_is_never_read(model, monkeypatch):
    """The rows of short prompts have columns that nothing fills; rubbish in them must not come through."""
    empty = torch.Tensor.new_empty
    monkeypatch.setattr(torch.Tensor, "new_empty", lambda self, shape: empty(self, shape).fill_(float("nan")))  # fmt: skip
    how = Decoding(max_new_tokens=8)
    asked = prompts(8)

    found = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None).write(asked, how)

    monkeypatch.undo()
    assert library(model, asked, how) == found


@pytest.mark.parametrize("size", [100, 5000, 49_152])
def test_the_largest_are_found_as_by_sorting(size):
    logits = torch.randn(3, 2, size, generator=torch.Generator().manual_seed(0))

    values, places = _top(logits, 8)

    expected = logits.topk(8, dim=-1)
    assert expected.indices.tolist() == places.tolist()
    assert expected.values.tolist() == values.tolist()


def test_a_sentence_has_ended_when_another_begins_or_the_line_does():
    class Letters:
        def batch_decode(self, rows, **_):
            return ["".join(map(chr, row)) for row in rows]

    rows = [" It is so. We", " It is 3.5 et", " Just text ok", " A line.\n\nNo"]

    ended = sentence_ended(Letters())([[ord(c) for c in row] for row in rows])

    assert [True, False, False, True] == ended


def test_pairwise_rows_do_not_disturb_each_other(model):
    how = Decoding(max_new_tokens=10)
    asked = prompts(6, seed=5)
    writer = SharedWriter(model, end_ids=ENDS, room=ROOM, ended=None)
    alone = [writer.write([p], how)[0] for p in asked]

    for i, j in itertools.combinations(range(6), 2):
        assert [alone[i], alone[j]] == writer.write([asked[i], asked[j]], how)
