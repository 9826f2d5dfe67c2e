"""A model's summary becomes a sentence that the digest can say; where that is not safe it stays a phrase."""

from __future__ import annotations

import re

import pytest

from digest.lecture.finite import is_finite
from digest.lecture.headline import headline_of
from digest.lecture.spoken import spoken
from digest.types import Checked, Span, Story, Summary, SummarySentence
from tests.lecture.make import item

PAPER = item(authors=("A", "B"))
SINGLE = item(authors=("A",))
POST = item("feed:1", kind="post", url="https://example.org/post")
COMPANY = item("feed:2", kind="post", url="https://openai.com/index/x")
THREAD = item("reddit:1", "[P] Tiny", kind="thread")

# what the model writes of a paper -> what the digest says
OF_A_PAPER = {
    "We propose a sampler that needs no tuning.": "The authors propose a sampler that needs no tuning.",
    "we propose a sampler": "The authors propose a sampler.",
    "In this paper, we propose a sampler.": "The authors propose a sampler.",
    "TL;DR: We propose a sampler.": "The authors propose a sampler.",
    "Propose a sampler that needs no tuning.": "The authors propose a sampler that needs no tuning.",
    "propose to tune a sampler by noise": "The authors propose to tune a sampler by noise.",
    "Show that nets forget.": "The authors show that nets forget.",
    "Show cases.": "Show cases.",
    "Use noise to tune a net.": "The authors use noise to tune a net.",
    "Use of noise to tune a net.": "Use of noise to tune a net.",
    "Study of noise in nets.": "Study of noise in nets.",
    "Study how noise helps.": "The authors study how noise helps.",
    "Train nets that forget less.": "The authors train nets that forget less.",
    "Introduced a sampler for text.": "The authors introduced a sampler for text.",
    "Proposed method is fast.": "Proposed method is fast.",
    "Proposing a sampler for text.": "The authors propose a sampler for text.",
    "Proposing a sampler is hard.": "Proposing a sampler is hard.",
    "Presents a sampler and shows that it is fast.": "The paper presents a sampler and shows that it is fast.",
    "Carefully examines how nets forget.": "The paper carefully examines how nets forget.",
    "A sampler for text.": "The paper presents a sampler for text.",
    "a sampler for text": "The paper presents a sampler for text.",
    "A new sampler that needs no tuning and beats 3 others.": "The paper presents a new sampler that needs no tuning and beats 3 others.",
    "A net trained on noise.": "The paper presents a net trained on noise.",
    "A way to train language models on 2 GPUs.": "The paper presents a way to train language models on 2 GPUs.",
    "The first sampler with a proof.": "The paper presents the first sampler with a proof.",
    "Two new samplers for text.": "The paper presents two new samplers for text.",
    "A sampler is proposed for text.": "A sampler is proposed for text.",
    "A sampler for text outperforms 3 others.": "A sampler for text outperforms 3 others.",
    "A sampler that needs no tuning outperforms 3 others.": "A sampler that needs no tuning outperforms 3 others.",
    "A sampler we propose is fast.": "A sampler the authors propose is fast.",
    "A sampler for text; we test it.": "A sampler for text; the authors test it.",
    "A sampler for text. We test it.": "The paper presents a sampler for text. The authors test it.",
    "The sampler of nets.": "The sampler of nets.",
    "Tiny: a sampler for text.": "The paper presents Tiny, a sampler for text.",
    "TinyNet - A sampler for text.": "The paper presents TinyNet, a sampler for text.",
    "Tiny: a sampler is born.": "Tiny: a sampler is born.",
    "Unsupervised learning of samplers.": "Unsupervised learning of samplers.",
    "fast samplers for text": "Fast samplers for text.",
    "k-means for text": "k-means for text.",
    "iNaturalist holds 800,000 pictures": "iNaturalist holds 800,000 pictures.",
    "GANs forget.": "GANs forget.",
    "This paper proposes a sampler.": "This paper proposes a sampler.",
    "Our sampler needs 3 steps.": "The authors’ sampler needs 3 steps.",
    "What can we learn from noise?": "What can we learn from noise?",
    "Is noise useful? We test it.": "Is noise useful? The authors test it.",
    "Let us look at noise.": "Let us look at noise.",
    "Finally, we test it.": "The authors test it.",
    "A sampler reaching 86.5% at $k=3$.": "The paper presents a sampler reaching 86.5% at $k=3$.",
    "": "",
}  # fmt: skip

OF_OTHERS = [
    (SINGLE, "We propose a sampler.", "The author proposes a sampler."),
    (SINGLE, "Propose a sampler and test it.", "The author proposes a sampler and tests it."),
    (
        SINGLE,
        "We show that nets learn and generalize.",
        "They show that nets learn and generalize.",
    ),
    (SINGLE, "A sampler for text.", "The paper presents a sampler for text."),
    (POST, "A sampler for text.", "The post presents a sampler for text."),
    (POST, "We release a sampler.", "The authors release a sampler."),
    (COMPANY, "A sampler for text.", "OpenAI presents a sampler for text."),
    (COMPANY, "Introduce a sampler for text.", "OpenAI introduces a sampler for text."),
    (COMPANY, "We trained a sampler.", "OpenAI says it trained a sampler."),
    (
        COMPANY,
        "We show that nets learn and generalize.",
        "OpenAI’s researchers show that nets learn and generalize.",
    ),
    (THREAD, "A sampler for text.", "The post presents a sampler for text."),
    (THREAD, "I built a sampler.", "The poster built a sampler."),
]


@pytest.mark.parametrize(("written", "said"), OF_A_PAPER.items())
def test_a_summary_of_a_paper(written, said):
    assert said == spoken(written, PAPER)


@pytest.mark.parametrize(("of", "written", "said"), OF_OTHERS)
def test_a_summary_of_anything_else(of, written, said):
    assert said == spoken(written, of)


@pytest.mark.parametrize("written", OF_A_PAPER)
def test_a_model_is_never_quoted_as_the_authors_and_its_numbers_stay(written):
    said = spoken(written, PAPER)

    assert "write" not in said
    assert re.findall(r"\d[\d.,]*\d|\d", written) == re.findall(r"\d[\d.,]*\d|\d", said)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("A net that learns", False),
        ("A net learns", True),
        ("A net that learns and forgets", False),
        ("A net that learns forgets", True),
        ("A way to train language models for text", False),
        ("A net models the world", True),
        ("A loss improved the net", True),
        ("A loss improved by noise", False),
        ("A net whose loss, which is low, stays low", False),
    ],
)
def test_a_verb_of_a_main_clause_is_seen(phrase, expected):
    assert expected == is_finite(phrase)


def headline(origin, written, source="We made a sampler. It is fast."):
    lead = item(text=source, authors=("A", "B"))
    span = Span(item_id=lead.id, start=0, end=18)
    sentence = SummarySentence(text=written, origin=origin, spans=(span,))
    summary = Summary(item_id=lead.id, sentences=(sentence,), model_id="m")
    return headline_of(Story(key=lead.id, items=(lead,)), Checked(summary=summary))


def test_a_headline_of_a_model_is_said_and_keeps_its_origin_and_its_spans():
    (said,) = headline("model", "A fast sampler.")

    assert ("The paper presents a fast sampler.", "model") == (said.text, said.origin)
    assert "We made a sampler." == said.source_text
    assert (0, 18) == (said.spans[0].start, said.spans[0].end)


@pytest.mark.parametrize(
    ("written", "text", "origin"),
    [
        ("Gradients can be clipped.", "Gradients can be clipped.", "extractive"),
        ("We made a sampler.", "The authors made a sampler.", "reported"),
        ("We made one sampler.", "The authors made one sampler.", "model"),
    ],
)
def test_what_a_model_quotes_is_marked_as_quoted(written, text, origin):
    sources = {"Gradients can be clipped.": "Gradients can be clipped."}
    source = sources.get(written, "To close this gap, we made a sampler.")
    lead = item(text=source, authors=("A", "B"))
    sentence = SummarySentence(
        text=written, origin="model", spans=(Span(item_id=lead.id, start=0, end=len(source)),)
    )
    summary = Summary(item_id=lead.id, sentences=(sentence,), model_id="m")

    (said,) = headline_of(Story(key=lead.id, items=(lead,)), Checked(summary=summary))

    assert (text, origin) == (said.text, said.origin)


def test_a_phrase_of_the_source_gets_no_words_that_the_source_does_not_have():
    (said,) = headline("extractive", "A fast sampler.")

    assert ("A fast sampler.", "extractive") == (said.text, said.origin)
