"""Around the back end: the cache, the batches, the fallbacks, and a killed run taken up again."""

import random

import pytest

from digest.config import SummarizerConfig
from digest.errors import BackendUnavailable, SummarizeError
from digest.summarize import condense
from digest.summarize.batching import batches, cache_key, condense_with
from digest.types import Summary, SummaryRequest, SummarySentence

TEXT = (
    "Networks forget old tasks. We propose replay of stored examples for networks of kind {i}. "
    "It keeps the accuracy of old tasks high, and costs little memory{more}."
)


def request(i, more=""):
    text = TEXT.format(i=i, more=" and time" * (i % 5) + more)
    title = f"Replay number {i}"
    return SummaryRequest(item_id=f"arxiv:{i:04}", title=title, text=text, content_hash=f"{hash((title, text)):x}")  # fmt: skip


class Memory(dict):
    """A cache that counts its transactions."""

    saves = 0

    def summaries(self, keys):
        return {k: self[k] for k in keys if k in self}

    def save_summaries(self, summaries):
        self.saves += 1
        self.update(summaries)


class Fake:
    """A back end whose text depends on its whole batch, as padding makes a real one's do, only more so."""

    model_id = "fake"
    prompt_version = "1"
    parameters = "p=1"

    def __init__(self, batch_size=4, dies_after=None, fails_on=()):
        self.batch_size = batch_size
        self.dies_after = dies_after
        self.fails_on = fails_on
        self.seen = []

    def summarize(self, batch):
        if self.dies_after is not None and len(self.seen) >= self.dies_after:
            raise KeyboardInterrupt
        self.seen.append([r.item_id for r in batch])
        return [self._one(r, batch) for r in batch]

    def _one(self, r, batch):
        if r.item_id in self.fails_on:
            return SummarizeError("out of memory")
        mark = sum(int(b.item_id[-4:]) for b in batch) % 3
        text = (
            "The authors propose replay of stored examples for networks.",
            "The authors propose replay of stored examples.",
            "Replay keeps the accuracy of old tasks high.",
        )[mark]
        sentence = SummarySentence(text=text, origin="model")
        return Summary(
            item_id=r.item_id, sentences=(sentence,), model_id="fake", prompt_version="1"
        )


REQUESTS = [request(i) for i in range(18)]


def test_every_request_comes_back_checked_in_its_order():
    condensed = condense_with(Fake(), REQUESTS, Memory())

    assert [r.item_id for r in REQUESTS] == list(condensed.checked)
    assert {"model"} == {s.origin for c in condensed.checked.values() for s in c.summary.sentences}
    assert ("fake", 18, "") == (
        condensed.model_id,
        condensed.model_calls,
        condensed.fallback_reason,
    )


@pytest.mark.parametrize("survived", [0, 1, 3, 4])
def test_a_killed_run_taken_up_again_gives_the_same_summaries(survived):
    whole = condense_with(Fake(), REQUESTS, Memory()).checked
    cache = Memory()
    with pytest.raises(KeyboardInterrupt):
        condense_with(Fake(dies_after=survived), REQUESTS, cache)

    again = condense_with(Fake(), random.Random(1).sample(REQUESTS, 18), cache)

    assert whole == again.checked
    assert 18 - again.model_calls == sum(len(b) for b in list(batches(REQUESTS, 4))[:survived])


def test_what_an_earlier_week_cached_does_not_change_what_a_killed_run_gives():
    earlier = Memory()
    condense_with(Fake(), REQUESTS[:7], earlier)
    whole = condense_with(Fake(), REQUESTS, Memory(earlier)).checked
    cache = Memory(earlier)
    with pytest.raises(KeyboardInterrupt):
        condense_with(Fake(dies_after=2), REQUESTS, cache)

    assert whole == condense_with(Fake(), REQUESTS, cache).checked


def test_an_unchanged_week_asks_no_model_and_a_changed_text_asks_once():
    cache = Memory()
    condense_with(Fake(), REQUESTS, cache)
    fake = Fake()

    unchanged = condense_with(fake, REQUESTS, cache)
    changed = condense_with(fake, [*REQUESTS[:-1], request(17, more=" today")], cache)

    assert (0, 1) == (unchanged.model_calls, changed.model_calls)
    assert [["arxiv:0017"]] == fake.seen


def test_a_batch_is_saved_before_the_next_one_is_asked_for():
    cache = Memory()
    with pytest.raises(KeyboardInterrupt):
        condense_with(Fake(dies_after=2), REQUESTS, cache)

    assert (2, 7) == (cache.saves, len(cache))  # 18 in five batches of 3 or 4


@pytest.mark.parametrize("change", ["model_id", "prompt_version", "parameters"])
def test_another_model_prompt_or_parameter_is_another_key(change):
    other = Fake()
    setattr(other, change, "other")

    assert cache_key(REQUESTS[0], Fake()) != cache_key(REQUESTS[0], other)


def test_batches_hold_neighbours_in_length_and_are_nearly_of_one_size():
    cut = list(batches(REQUESTS, 4))

    lengths = [len(r.title) + len(r.text) for b in cut for r in b]
    assert sorted(lengths, reverse=True) == lengths
    assert {3, 4} == {len(b) for b in cut}
    assert list(batches(REQUESTS[::-1], 4)) == cut
    assert [] == list(batches([], 4))


def test_a_failed_text_is_extracted_labelled_and_tried_again_next_time():
    cache = Memory()
    condensed = condense_with(Fake(fails_on=("arxiv:0003",)), REQUESTS, cache)

    checked = condensed.checked["arxiv:0003"]
    assert ["failed"] == [p.kind for p in checked.problems]
    assert ("extractive", "extractive") == (
        checked.summary.model_id,
        checked.summary.sentences[0].origin,
    )
    assert 1 == condense_with(Fake(), REQUESTS, cache).model_calls


def test_a_text_too_short_to_summarize_is_not_given_to_the_model():
    short = SummaryRequest(item_id="feed:1", title="A post", text="We release all of the code.", content_hash="1")  # fmt: skip
    label = SummaryRequest(item_id="feed:2", title="A post", text="Health", content_hash="2")
    fake = Fake()

    checked = condense_with(fake, [short, label], Memory()).checked

    assert [] == fake.seen
    assert ("We release all of the code.",) == tuple(
        s.text for s in checked["feed:1"].summary.sentences
    )
    assert () == checked["feed:2"].summary.sentences


def test_progress_counts_every_text_up_to_all():
    steps = []
    condense_with(Fake(), REQUESTS, Memory(), on_progress=lambda done, total: steps.append((done, total)))  # fmt: skip

    assert ((0, 18), (18, 18)) == (steps[0], steps[-1])
    assert sorted(steps) == steps


def test_a_dead_back_end_leaves_the_source_its_own_words_and_says_why():
    condensed = condense(REQUESTS, SummarizerConfig(model="no-such-weights"), Memory())

    assert "extractive" == condensed.model_id
    assert "no weights for 'no-such-weights'" in condensed.fallback_reason
    assert {"extractive"} == {
        s.origin for c in condensed.checked.values() for s in c.summary.sentences
    }
    assert not any(c.is_replaced for c in condensed.checked.values())


def test_a_back_end_that_dies_midway_leaves_no_mixture(monkeypatch):
    class Dying(Fake):
        def __init__(self, config):
            super().__init__()

        def summarize(self, batch):
            if self.seen:
                raise BackendUnavailable("the device is gone")
            return super().summarize(batch)

    monkeypatch.setattr("digest.summarize.local.LocalSummarizer", Dying)

    condensed = condense(REQUESTS, SummarizerConfig(), Memory())

    assert {"extractive"} == {c.summary.model_id for c in condensed.checked.values()}
    assert ("the device is gone", "extractive") == (condensed.fallback_reason, condensed.model_id)
