"""Words: forms of one word have one stem, other words have another, and terms are found by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.words import TermIndex, stem, stems


@pytest.mark.parametrize(
    "words",
    [
        ("normalize", "normalizing", "normalized", "normalization", "normalisation"),
        ("image", "images", "imaging"),
        ("estimate", "estimates", "estimating", "estimation"),
        ("supervised", "supervision"),
        ("policy", "policies"),
        ("bias", "biases", "biased"),
        ("box", "boxes"),
    ],
)
def test_forms_of_a_word_have_one_stem(words):
    assert 1 == len({stem(w) for w in words})


@pytest.mark.parametrize(
    "words",
    [("generate", "generator", "generative", "general"), ("loss", "los"), ("data", "date"), ("class", "clas"), ("noise", "no")],
)  # fmt: skip
def test_different_words_have_different_stems(words):
    assert len(words) == len({stem(w) for w in words})


def test_accents_and_case_do_not_count_and_c_is_not_c_plus_plus():
    assert stems("NYSTRÖM") == stems("Nyström") == stems("nystrom")
    assert ("c++",) == stems("C++") != stems("C")


def test_terms_are_found_in_all_their_forms_and_as_whole_words():
    index = TermIndex(["batch normalization", "GAN", "C++"])

    assert {"batch normalization": 2, "GAN": 1} == dict(
        index.count(stems("Batch-normalised nets; batch normalization. GANs, not organs, in C."))
    )


def test_a_word_serves_its_longest_term_only_where_asked():
    index = TermIndex(["vision", "language", "vision and language"])
    words = stems("Vision and language, and vision")

    assert {"vision": 2, "language": 1, "vision and language": 1} == dict(index.count(words))
    assert {"vision": 1, "vision and language": 1} == dict(index.count_longest(words))


@given(st.text(max_size=40))
def test_a_term_is_found_in_itself(text):
    found = TermIndex([text]).count(stems(text))

    assert ({text} if stems(text) else set()) == set(found)
