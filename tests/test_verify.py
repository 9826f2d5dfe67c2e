"""Verification: what a source does not say does not pass, what it does say does, and what is refused is replaced."""

import json
import random
import re

import pytest

from digest.types import Span, Summary, SummaryRequest, SummarySentence
from digest.verify import check, clean, find_problems

TITLE = "Gradient clipping for networks without normalization"
SOURCE = (
    "Batch normalization is costly in large image classifiers. However, networks without it do not train stably. "
    "We propose adaptive gradient clipping (AGC), which scales each gradient to the norm of its weights. "
    "Our networks reach 86.5% top-1 accuracy on ImageNet and train 8.7 times faster than EfficientNet-B7. "
    "The method needs two extra lines of code and does not require large batches."
)
TRUE = "The authors propose adaptive gradient clipping, which scales each gradient to the norm of its weights."
REQUEST = SummaryRequest(
    item_id="arxiv:2102.06171", title=TITLE, text=SOURCE, content_hash="0" * 16
)


def kinds(sentence, source=SOURCE, title=TITLE):
    return {p.kind for p in find_problems(sentence, source, title)}


def summary(*texts, origin="model"):
    sentences = tuple(SummarySentence(text=t, origin=origin) for t in texts)
    return Summary(item_id=REQUEST.item_id, sentences=sentences, model_id="m", prompt_version="1")


@pytest.mark.parametrize(
    "sentence",
    [
        TRUE,
        "Networks with adaptive gradient clipping reach 86.5 percent top-1 accuracy on ImageNet.",
        "Their networks train 8.7x faster than EfficientNet-B7 and reach 86.5% on ImageNet.",
        "Adaptive gradient clipping needs 2 extra lines of code and no large batches.",
        "AGC scales each gradient to the norm of its weights without requiring large batches.",
    ],
)
def test_what_the_source_says_passes(sentence):
    assert set() == kinds(sentence)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("number", "Their networks reach 87.5% top-1 accuracy on ImageNet and train faster."),
        ("number", "Adaptive gradient clipping needs three extra lines of code."),
        ("number", "Their networks reach 86.5x accuracy on ImageNet with gradient clipping."),
        ("number", "Their networks train 8.7% faster than EfficientNet-B7 on ImageNet."),
        ("number", "Their networks train twelve times faster than EfficientNet-B7 on ImageNet."),
        ("name", "Their networks reach 86.5% top-1 accuracy on CIFAR and ImageNet."),
        ("name", "Their networks train 8.7 times faster than ResNet on ImageNet."),
        ("expansion", "The authors propose adaptive gesture clipping (AGC) for large networks."),
        ("claim", "The authors propose the first adaptive gradient clipping for large networks."),
        ("claim", "The authors propose groundbreaking adaptive gradient clipping for networks."),
        ("unsupported", "The authors study how dolphins talk to each other under the surface."),
        ("direction", "Their networks train 8.7 times slower than EfficientNet-B7 on ImageNet."),
        ("negation", "Adaptive gradient clipping does not scale each gradient to the norm of its weights."),
        ("negation", "The method needs two extra lines of code and requires large batches."),
        ("echo", "This abstract summarizes adaptive gradient clipping for large networks."),
        ("echo", "The main idea of the paper is adaptive gradient clipping of networks."),
        ("echo", "Here is adaptive gradient clipping, which scales each gradient to its weights."),
        ("echo", "Gradient clipping for networks without normalization."),
        ("repetition", "Adaptive gradient clipping scales each gradient and scales each gradient and scales each gradient."),
        ("repetition", "Adaptive adaptive gradient clipping scales each gradient to the norm."),
        ("truncated", "The authors propose adaptive gradient clipping, which scales each"),
        ("truncated", "The authors propose adaptive gradient clipping (AGC for large networks."),
        ("truncated", "The authors propose adaptive gradient clipping for networks of the."),
        ("length", "Gradient clipping works."),
        ("length", "Adaptive gradient clipping " * 21 + "ends."),
        ("language", "Авторы предлагают адаптивное отсечение градиента для больших сетей."),
        ("language", "Wir stellen ein Verfahren vor, das Gradienten nach der Norm der Gewichte skaliert."),
    ],
)  # fmt: skip
def test_an_error_is_found_and_named(kind, sentence):
    assert kind in kinds(sentence)


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("claim", "We apply a graph rewriting engine to the plans of queries.", "We propose a graph rewriting engine for plans of queries."),
        ("direction", "We learn from the implicit feedback of users of a shop.", "We learn from the explicit feedback of users of a shop."),
        ("direction", "Early exits let a network stop for the local maps of a street.", "Early exits let a network stop for the global maps of a street."),
    ],
)  # fmt: skip
def test_what_is_taken_up_is_not_brought_and_a_thing_is_not_its_opposite(kind, said, told):
    assert set() == kinds(
        said.replace("apply", "use") if kind == "claim" else said, said, "On plans"
    )
    assert {kind} == kinds(told, said, "On plans")


def test_what_is_new_in_the_source_may_be_proposed_and_both_of_two_opposites_named():
    used = (
        "We apply a graph rewriting engine to plans. Our graph rewriting engine is fast on queries."
    )
    both = "We compare implicit feedback and explicit feedback of the users of a shop."

    assert set() == kinds("We propose a graph rewriting engine for plans of queries.", used, "On plans")  # fmt: skip
    assert set() == kinds("We compare explicit feedback of users with implicit feedback.", both, "")


def test_a_collection_achieves_nothing():
    source = (
        "We introduce a benchmark of wind fields. We also propose a model, WindNet, achieving superior performance on"
        " the benchmark of wind fields."
    )

    assert {"claim"} == kinds("We introduce a benchmark of wind fields, which achieves superior performance.", source, "")  # fmt: skip
    assert set() == kinds("We introduce a benchmark and a model of wind fields, which achieves superior performance.", source, "")  # fmt: skip


def test_a_word_may_break_off_at_a_hyphen_only_where_the_source_does():
    source = (
        "We train WindNet-S and WindNet-L, with long- and short-range attention, on maps of wind."
    )

    assert set() == kinds("We train WindNet-S and WindNet-L on maps, with long- and short-range attention.", source, "")  # fmt: skip
    assert {"truncated"} == kinds("We train WindNet- and WindNet-L on maps of wind.", source, "")
    assert {"truncated"} == kinds("We train WindNet-S and WindNet-, on maps of wind.", source, "")


def test_the_number_of_a_name_is_no_new_number():
    assert set() == kinds("They train faster than EfficientNet-B7 with adaptive gradient clipping.")


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("10,000 images", "10000 images"),
        ("ten images", "10 images"),
        (r"$86.5\%$ of images", "86.5% of images"),
        (r"a $3\times$ share of images", "a threefold share of images"),
        ("2.5M images", "2.5 million images"),
        ("2 times the images", "twice the images"),
    ],
)
def test_a_number_may_be_written_otherwise(stated, told):
    source = f"The authors label {stated} of the training set by hand."

    assert "number" not in kinds(f"The authors label {told} of the training set by hand.", source)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("10,000 images", "ten thousand images"),
        ("twice the images", "2 times the images"),
        ("a dozen images", "12 images"),
    ],
)
def test_a_number_that_a_reader_cannot_look_up_is_refused_though_it_means_the_same(stated, told):
    source = f"The authors label {stated} of the training set by hand."

    assert {"number"} == kinds(f"The authors label {told} of the training set by hand.", source)


def test_an_acronym_may_stand_for_words_of_the_source():
    source = "We train variational autoencoders on images of faces and measure their quality."

    assert set() == kinds("The authors train VAEs on images of faces and measure quality.", source)
    assert {"name"} == kinds(
        "The authors train GANs on images of faces and measure quality.", source
    )


def test_a_source_about_summaries_may_say_summary():
    source = "We write the summary of each article with a pointer network and rate it by hand."

    assert set() == kinds("They write the summary of each article with a pointer network.", source)


def test_what_passes_carries_the_sentences_it_rests_on():
    checked = check(summary(TRUE), REQUEST)

    (sentence,) = checked.summary.sentences
    span = sentence.spans[0]
    assert not checked.is_replaced
    assert ("model", TRUE) == (sentence.origin, sentence.text)
    assert SOURCE[span.start : span.end].startswith("We propose adaptive gradient clipping (AGC)")


def test_a_refused_sentence_gives_way_to_the_sources_own_and_is_recorded():
    refused = "Their networks reach 99.9% top-1 accuracy on ImageNet and train 8.7 times faster."

    checked = check(summary(refused), REQUEST)

    (sentence,) = checked.summary.sentences
    (span,) = sentence.spans
    assert "extractive" == sentence.origin
    assert sentence.text == SOURCE[span.start : span.end]
    assert [("number", refused)] == [(p.kind, p.sentence) for p in checked.problems]
    assert "99.9% is not in the source" == checked.problems[0].detail


def test_two_refused_sentences_are_not_replaced_by_the_same_one():
    checked = check(
        summary("Nonsense about 7 dolphins is here.", "More about 9 whales is here."), REQUEST
    )

    first, second = checked.summary.sentences
    assert first.text != second.text


def test_words_of_the_source_tied_together_wrongly_are_refused():
    crossed = (
        "The authors propose large batches, which the code of ImageNet scales to extra classifiers."
    )

    assert set() == kinds(crossed)
    assert ["recombined"] == [p.kind for p in check(summary(crossed), REQUEST).problems]


def test_a_model_does_not_say_we():
    told = TRUE.replace("The authors", "We")

    assert ["voice"] == [p.kind for p in check(summary(told), REQUEST).problems]


def test_where_the_source_has_no_sentence_a_refused_one_is_dropped():
    empty = SummaryRequest(item_id="feed:1", title="Title", text="", content_hash="0")

    assert (
        ()
        == check(summary("The authors propose something new and great."), empty).summary.sentences
    )


@pytest.mark.parametrize(
    "text",
    [f"Summary: {TRUE}", f"**TL;DR:** {TRUE}", f"- {TRUE}", TRUE.replace("gradient", "**gradient**", 1), TRUE.replace(" ", " \n ")],
)  # fmt: skip
def test_mark_up_and_a_leading_label_are_taken_off(text):
    assert TRUE == clean(text)
    assert TRUE == check(summary(text), REQUEST).summary.sentences[0].text


def test_a_quotation_that_is_none_is_refused():
    true = SummarySentence(text=SOURCE[:57], origin="extractive", spans=(Span(item_id="x", start=0, end=57),))  # fmt: skip
    false = SummarySentence(text="Not this.", origin="extractive", spans=true.spans)

    def problems(sentence):
        whole = Summary(item_id="x", sentences=(sentence,), model_id="extractive")
        return [p.kind for p in check(whole, REQUEST).problems]

    assert [] == problems(true)
    assert ["quotation"] == problems(false)


@pytest.mark.parametrize(
    "text",
    ["", "word", "A" * 200_000, "e.g. " * 20_000, "$x$ " * 20_000, "这是一个句子。" * 50, "| a | b |\n|---|---|\n| 1 | 2 |", "ALL CAPS TEXT. " * 20],
)  # fmt: skip
def test_odd_sources_are_survived(text):
    request = SummaryRequest(item_id="feed:1", title="", text=text, content_hash="0")

    checked = check(summary("The authors propose a new model of language."), request)

    assert all(s.origin == "extractive" for s in checked.summary.sentences)


NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.corpus
def test_references_mostly_pass_and_references_of_other_papers_do_not(corpus):
    """Floors; measured on these 300 references of SciTLDR train: 9 % flagged, 94 % of foreign ones and every number caught.

    One foreign reference in twenty passes on purpose: it says so little ("We propose a new method for training networks.")
    that to refuse it costs as many true ones.
    """
    lines = (corpus / "scitldr" / "train.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in random.Random(3).sample(lines, 300)]
    source = [" ".join(s.strip() for s in r["source"]) for r in rows]
    told = [re.sub(r"[.!?]?$", ".", r["target"][0].strip(), count=1) for r in rows]

    own = [bool(find_problems(told[i], source[i], r["title"])) for i, r in enumerate(rows)]
    foreign = [bool(find_problems(told[i - 1], source[i], r["title"])) for i, r in enumerate(rows)]
    swapped = [
        bool(find_problems(NUMBER.sub("7713", told[i], count=1), source[i], r["title"]))
        for i, r in enumerate(rows)
        if NUMBER.search(told[i])
    ]

    assert sum(own) <= 0.12 * len(own)
    assert sum(foreign) >= 0.93 * len(foreign)
    assert sum(swapped) == len(swapped)


LISTS = (
    "We compare four classifiers (AlexNet, VGG, ResNet and ViT) on photographs of birds. Each is scored by the Weighted Recall"
    " of experts, and by accuracy. ResNet and ViT are ahead."
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We compare four classifiers (AlexNet, VGG, ResNet, ViT) on photographs of birds.", []),
        ("We compare classifiers (ResNet, VGG, AlexNet) on photographs of birds.", []),
        ("We compare four classifiers (AlexNet, VGG, ResNet, Weighted Recall) on photographs of birds.",
         ["Weighted Recall does not stand beside AlexNet in the source"]),
        ("We compare classifiers (AlexNet, VGG) on photographs of birds by recall.", []),
    ],
)  # fmt: skip
def test_what_is_listed_stands_side_by_side_in_the_source(sentence, expected):
    found = find_problems(sentence, LISTS, "Which classifier for birds?")

    assert expected == [p.detail for p in found if "stand beside" in p.detail]
