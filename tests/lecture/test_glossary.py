"""Terms are found as written in papers, explained once, the hardest first, and never where they mean something else."""

from __future__ import annotations

from collections import Counter

import pytest

from digest.errors import ConfigError
from digest.lecture.glossary_file import load_glossary
from digest.topics import TOPIC_TITLES

GLOSSARY = load_glossary()


def terms(text):
    return [f.entry.term for f in GLOSSARY.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Batch normalization helps.", ["batch normalization"]),
        ("batch-normalized networks", ["batch normalization"]),
        ("without batch normalisation", ["batch normalization"]),
        ("BatchNorm layers", ["batch normalization"]),
        ("GANs and RBMs", ["generative adversarial network", "restricted Boltzmann machine"]),
        ("generative adversarial networks (GANs)", ["generative adversarial network"]),
        ("a SOTA result", ["state of the art"]),
        ("state-of-the-art results", ["state of the art"]),
        ("86.5% top-1 accuracy on ImageNet", ["top-1 accuracy", "ImageNet"]),
        ("the network overfits", ["overfitting"]),
        ("sensitive attributes", ["sensitive attribute"]),
        ("a ResNet-50 backbone", ["residual network", "backbone"]),
        ("ResNets of any depth", ["residual network"]),
        ("Fréchet Inception Distance", ["FID"]),
        ("a large language model", ["language model"]),
        ("stochastic gradient descent", ["gradient descent"]),
        ("word embeddings", ["word embedding"]),
    ],
)
def test_a_term_is_found_in_every_form(text, found):
    assert found == terms(text)


@pytest.mark.parametrize(
    "text",
    [
        "a paper clip",  # and no CLIP
        "the power transformer of a substation",
        "he drew attention to it",
        "the opponents of the law",
        "a garganey",
        "the Adam family",
        "the insurance policy",
        "subgradient descents",
        "BERTology",
        "GAN-derived",
    ],
)
def test_a_word_that_means_something_else_is_left_alone(text):
    assert [] == terms(text)


def test_at_most_two_are_explained_the_hardest_first():
    text = "On ImageNet, a network without batch normalization shows double descent."

    assert ["double descent", "batch normalization"] == [
        t.term for t in GLOSSARY.explain("Title", text, known=())
    ]


def test_among_equally_hard_terms_the_one_of_the_title_comes_first():
    text = "Pruning comes first, then batch normalization."

    assert ["batch normalization", "pruning"] == [
        t.term for t in GLOSSARY.explain("No batch norm", text + " Network weights.", known=())
    ]


def test_what_has_been_explained_is_not_explained_again():
    text = "Double descent and the lottery ticket hypothesis."

    assert ["lottery ticket hypothesis"] == [
        t.term for t in GLOSSARY.explain("", text, known={"double descent"})
    ]


def test_every_entry_is_complete_and_no_name_stands_for_two_terms():
    names = Counter(n for e in GLOSSARY.entries for n in {x.casefold() for x in e.names})

    assert len(GLOSSARY.entries) >= 250
    assert [] == [n for n, count in names.items() if count > 1]
    assert set() == {e.topic for e in GLOSSARY.entries} - set(TOPIC_TITLES)


@pytest.mark.parametrize("entry", GLOSSARY.entries, ids=lambda e: e.term)
def test_a_definition_is_one_or_two_sentences_and_the_term_is_found_by_its_own_names(entry):
    alone = GLOSSARY.__class__([entry.model_copy(update={"needs": ()})])

    assert entry.definition.endswith(".")
    assert 1 <= entry.definition.count(". ") + 1 <= 2
    assert len(entry.definition.split()) <= 45
    assert [] == [n for n in (entry.term, *entry.aliases) if not alone.find(f"the {n} here")]


def test_a_wrong_entry_is_told_in_one_line(tmp_path):
    path = tmp_path / "glossary.yaml"
    path.write_text("- {term: noise, definition: Random changes., topic: data, hardness: 9}")

    with pytest.raises(ConfigError, match="hardness: got 9"):
        load_glossary(path)
