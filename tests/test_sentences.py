"""Sentences: where they end, and where they only seem to."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sentences import split


def cut(text):
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We train a net. It is small.", ["We train a net.", "It is small."]),
        ("Nets, e.g. ResNets, win. We agree.", ["Nets, e.g. ResNets, win.", "We agree."]),
        ("Shown by Li et al. (2016). We go on.", ["Shown by Li et al. (2016).", "We go on."]),
        (
            "See Fig. 3 and Sec. 4.2 of it. Then stop.",
            ["See Fig. 3 and Sec. 4.2 of it.", "Then stop."],
        ),
        ("It gains 3.5 points at 0.1 cost. Good.", ["It gains 3.5 points at 0.1 cost.", "Good."]),
        ("D. J. Hebb said so. We test it.", ["D. J. Hebb said so.", "We test it."]),
        ("We eat vitamin C. We like it.", ["We eat vitamin C.", "We like it."]),
        ("Is it so? We ask!", ["Is it so?", "We ask!"]),
        ("What is it? and why then?", ["What is it? and why then?"]),
        ('He said "It works." Then he left.', ['He said "It works."', "Then he left."]),
        (
            "A net (see Sec. 2. It is long) learns. Yes.",
            ["A net (see Sec. 2. It is long) learns.", "Yes."],
        ),
        ("An open bracket ( is a typo. We go on.", ["An open bracket ( is a typo.", "We go on."]),
        ("Wait... really. Yes... No.", ["Wait... really.", "Yes...", "No."]),
        ("We measure CF. Our nets forget.", ["We measure CF.", "Our nets forget."]),
        ("Compare cf. Table 2 of it.", ["Compare cf. Table 2 of it."]),
        ("We use SGD, Adam, etc. We win.", ["We use SGD, Adam, etc.", "We win."]),
        ("Great results.We also find more.", ["Great results.", "We also find more."]),
        (
            "We call torch.Tensor twice. iNaturalist is big.",
            ["We call torch.Tensor twice.", "iNaturalist is big."],
        ),
        ("It is known. [12] We go on.", ["It is known. [12]", "We go on."]),
        ("这是第一句。第二句!", ["这是第一句。", "第二句!"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    assert sentences == cut(text)


def test_tex_and_urls_are_not_cut():
    text = r"Let $f(x. Y) = 1$ hold. The code is at https://x.org/a.b?c=D.E. It runs."

    assert [
        "Let $f(x. Y) = 1$ hold.",
        "The code is at https://x.org/a.b?c=D.E.",
        "It runs.",
    ] == cut(text)


def test_a_lone_dollar_sign_does_not_swallow_the_rest():
    assert ["It costs $5.", "We pay.", "All of it."] == cut("It costs $5. We pay. All of it.")


def test_paragraphs_and_list_items_end_a_sentence_but_a_line_break_does_not():
    text = "No full stop here\n\nA line\nbreak is none.\n- one item\n- another. With more\n1. Intro"

    assert [
        "No full stop here",
        "A line\nbreak is none.",
        "- one item",
        "- another.",
        "With more",
        "1. Intro",
    ] == cut(text)


@pytest.mark.parametrize("text", ["", "  \n ", "\n\n\n"])
def test_nothing_has_no_sentences(text):
    assert () == split(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aA .!?()[]$\n-\"'1,。é", max_size=80))
def test_every_visible_character_lies_in_exactly_one_sentence(text):
    spans = split(text)

    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert "".join(text.split()) == "".join("".join(text[a:b].split()) for a, b in spans)


@pytest.mark.parametrize(
    "piece",
    ["(a $x ", "(e.g. B. A [", "See http://x.y/z. ", "a. ", "$x$. A", "...! (", "\n- a", "A.A"],
)
def test_the_time_grows_with_the_text_and_no_faster(piece):
    def seconds(length):
        text = (piece * length)[:length]
        start = time.process_time()
        split(text)
        return time.process_time() - start

    seconds(1_000)  # compiles and warms up
    assert seconds(60_000) < 1.5  # what is quadratic takes some 5 s
