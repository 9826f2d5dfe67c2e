"""Around the back end: the cache, the batches, the fallbacks, and a killed run taken up again."""

import random
import time
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from digest.config import SummarizerConfig, parse_config
from digest.errors import BackendUnavailable, SummarizeError
from digest.pipeline import make_issue
from digest.render.speech import disclosure
from digest.store import Store
from digest.summarize import condense, request_for
from digest.summarize.batching import batches, cache_key, condense_with
from digest.summarize.extractive import ExtractiveSummarizer
from digest.types import Comment, Summary, SummaryRequest, SummarySentence
from digest.week import Week
from tests.demo_run import Silent
from tests.store.make import NOW, fetched, item
from tests.summarize.injections import INJECTIONS

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
    reads_threads = True

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


FOREIGN = SummaryRequest(
    item_id="feed:de",
    title="Netze",
    text="Neuronale Netze vergessen alte Aufgaben, wenn sie neue lernen. "
    "Wir schlagen vor, einige der alten Beispiele zu speichern und zu wiederholen.",
    content_hash="de",
)


@pytest.mark.parametrize("back_end", [Fake(), ExtractiveSummarizer()], ids=["model", "extractive"])
def test_a_text_in_another_language_keeps_its_own_words_and_is_labelled(back_end):
    condensed = condense_with(back_end, [*REQUESTS, FOREIGN], Memory())

    checked = condensed.checked["feed:de"]
    assert [("language", "the text is in German and stays in its own words", "")] == [
        (p.kind, p.detail, p.sentence) for p in checked.problems
    ]
    assert ("extractive", False) == (checked.summary.model_id, checked.is_replaced)
    assert checked.summary.sentences[0].text in FOREIGN.text
    assert 18 * (condensed.model_id == "fake") == condensed.model_calls


ODD = {
    "empty": "",
    "blank": " \n\t ",
    "one word": "Replay",
    "200,000 characters": "We propose replay of stored examples. It keeps accuracy high. " * 3226,
    "no full stop": "replay of stored examples keeps accuracy " * 2500,
    "one long word": "x" * 200_000,
    "all TeX": r"$$\sum_{i=1}^{n} \alpha_i x_i \leq \beta$$ \begin{equation} y = W x + b \end{equation} " * 40,
    "all capitals": "NETWORKS FORGET OLD TASKS. WE PROPOSE REPLAY OF STORED EXAMPLES, AND IT KEEPS THE ACCURACY HIGH.",
    "table": "| model | top-1 | top-5 |\n|---|---|---|\n" + "| ResNet-50 | 76.1 | 92.9 |\n" * 60,
    "quotes and controls": "\x07\x1b[31mWe propose\u202e \"replay\" of 'stored' examples\u200b, and it keeps the accuracy of old tasks high.\r\n",
    "emoji": "🔥 We propose replay 🔥 of stored examples 👩‍💻, and it keeps the accuracy of old tasks high 🚀🚀🚀.",
    **{f"order {i}": f"Networks forget old tasks. {order} We propose replay of stored examples, which keeps accuracy high." for i, order in enumerate(INJECTIONS)},
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_every_odd_text_is_answered_in_its_own_words_or_by_a_model_that_holds(text):
    asked = request_for("arxiv:9999", "Replay", text)
    began = time.monotonic()

    for back_end in (Fake(), Fake(fails_on=("arxiv:9999",)), ExtractiveSummarizer()):
        checked = condense_with(back_end, [asked], Memory()).checked["arxiv:9999"]
        for sentence in checked.summary.sentences:
            assert all(0 <= s.start < s.end <= len(text) for s in sentence.spans)
            if sentence.origin == "extractive":
                assert [sentence.text] == [" ".join(text[s.start : s.end].split()) for s in sentence.spans]  # fmt: skip

    assert time.monotonic() - began < 20  # a text that takes minutes would stop a run of a million


def test_a_summary_bears_the_day_it_was_written_and_keeps_it_in_the_cache():
    cache = Memory()
    first = condense_with(Fake(), REQUESTS[:4], cache, written=date(2021, 2, 13))
    later = condense_with(Fake(), [*REQUESTS[:5], FOREIGN], cache, written=date(2021, 2, 20))

    assert {date(2021, 2, 13)} == {c.summary.written for c in first.checked.values()}
    days = {i: c.summary.written.day for i, c in later.checked.items()}
    assert dict.fromkeys((r.item_id for r in REQUESTS[:4]), 13) | {"arxiv:0004": 20, "feed:de": 20} == days  # fmt: skip


def test_the_hash_of_a_request_covers_title_and_text_and_nothing_else():
    same = request_for("arxiv:1", "A", "B"), request_for("arxiv:2", "A", "B")

    assert same[0].content_hash == same[1].content_hash
    others = {request_for("arxiv:1", a, b).content_hash for a, b in (("A", "C"), ("C", "B"), ("", "AB"), ("AB", ""))}  # fmt: skip
    assert 5 == len({same[0].content_hash, *others})


@pytest.fixture
def week(tmp_path, monkeypatch):
    """What making the issue of a week of eight papers asks the model for, given what changed since the last time."""
    config = parse_config(
        {
            "sources": [{"kind": "arxiv", "categories": ["cs.LG"]}],
            "similarity": {"model": "none"},
        }
    )
    fake = Fake()
    monkeypatch.setattr("digest.summarize.local.LocalSummarizer", lambda _: fake)
    papers = {r.item_id: item(r.item_id, title=f"Paper {i} on {r.title}", text=r.text) for i, r in enumerate(REQUESTS[:8])}  # fmt: skip

    def make(changes=None):
        fake.seen.clear()
        for item_id, fields in (changes or {}).items():
            papers[item_id] = replace(papers[item_id], **fields)
        with Store(tmp_path / "digest.db") as store:
            store.save_fetched(fetched(*papers.values()), now=NOW)
            issue, report = make_issue(Week(2021, 6), config, store, now=NOW, watch=Silent())
        assert sum(map(len, fake.seen)) == report.model_calls
        return issue, [i for batch in fake.seen for i in batch]

    return make


def test_the_issue_of_an_unchanged_week_costs_no_model_call(week):
    first, asked = week()

    assert 8 == len(asked) == len(first.stories) + len(first.briefs)
    assert (first, []) == week()


def test_a_changed_abstract_costs_exactly_one_call_and_new_counts_and_comments_none(week):
    week()

    _, after_text = week({"arxiv:0003": {"text": REQUESTS[3].text + " We also release the code."}})
    _, after_comment = week({"arxiv:0004": {"score": 12, "comments": (Comment(id="c", author="a", text="Nice.", url="https://x.example/c"),)}})  # fmt: skip

    assert (["arxiv:0003"], []) == (after_text, after_comment)


def test_the_issue_discloses_model_and_day_of_every_summary_and_what_was_left_in_its_own_words(
    week,
):
    issue, _ = week({"arxiv:0003": {"text": FOREIGN.text}})

    told = {s.key: s for s in (*issue.stories, *issue.briefs)}
    assert {"fake": 7, "extractive": 1} == Counter(s.summarizer for s in told.values())
    assert {NOW.date()} == {s.written for s in told.values()}
    assert (8, 1) == (issue.model.summaries, issue.model.unwritten)
    assert "fake condensed 7 texts" in disclosure(issue)
    assert "1 text more it could not read" in disclosure(issue)


def test_a_model_of_abstracts_is_not_asked_for_a_thread():
    """It made claims of the questions: "It was a bad idea, it took 3 years"."""
    thread = request_for("reddit:abc", "Why did it take 3 years?", "Networks of attention were known in 2017. Why did it take three years to use them for images? I ask myself what was missing.")  # fmt: skip
    back_end = Fake()
    back_end.reads_threads = False

    condensed = condense_with(back_end, [thread, *REQUESTS[:2]], Memory())

    checked = condensed.checked["reddit:abc"]
    assert "extractive" == checked.summary.model_id
    assert () == checked.problems
    assert checked.summary.sentences[0].text in thread.text
    assert 2 == condensed.model_calls
