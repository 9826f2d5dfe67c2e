"""Long texts: the passages chosen are whole, in order, within the limit, and hold what the text has to tell."""

import random
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sentences import split
from digest.summarize.passages import choose
from digest.week import Week
from tests.loopback import Answer, serving
from tests.story_items import _collected

FILLER = (
    "Gardens need water in the dry months. ",
    "A bench of oak lasts for many winters. ",
    "Paint dries slowly when the air is cold. ",
    "Old maps show rivers that have moved since. ",
    "Bread rises faster in a warm kitchen. ",
)
CLAIM = "Today, we introduce replay nets, which forget 40% less than networks without replay. "


def chosen(title, text, max_chars):
    return [text[a:b] for a, b in choose(title, text, max_chars)]


def article(*parts):
    return "\n\n".join(p.strip() for p in parts)


def filler(count, seed=0):
    words = "lamp river cloud stone bread paint map bench winter garden kitchen oak water letter".split()
    pick = random.Random(seed)
    return " ".join(
        f"{pick.choice(words).capitalize()} and {pick.choice(words)} number {i} stand by the {pick.choice(words)} of house {i * 7}."
        for i in range(count)
    )


def test_a_text_that_fits_is_read_whole():
    assert ((2, 19),) == choose("Any", "  One. Two is here. \n", 17)
    assert () == choose("Any", " \n ", 100)
    assert () == choose("Any", "Some words here.", 0)


@pytest.mark.parametrize("at", [0, 40, 99])
def test_the_statement_of_what_is_new_is_found_wherever_it_stands(at):
    text = filler(at) + " " + CLAIM + filler(100 - at, seed=1)

    assert CLAIM.strip() in " ".join(chosen("Replay nets", text, 300))


def test_thanks_references_code_and_tables_are_left_out():
    body = filler(40)
    code = (
        "for name in names:\n    print(name, len(name), sizes[name])\n    total += sizes[name] * 3"
    )
    table = "Model 76.1 77.2 79.9 80.1 ResNet 88.2 90.1 91.5 92.0 ViT 81.2 84.0"
    footer = "Subscribe to the newsletter on replay nets and follow us for more replay nets."
    thanks = "Acknowledgements\n\nReplay nets were built with Ann Author, and we show our debt to Bob Builder for replay nets."
    references = "References\n\n[1] Author, A. Replay nets and their kin. Proceedings of Things, 2019.\n\n[2] Builder, B. More replay nets. arXiv:1901.00001, 2019."
    text = article(CLAIM, body, code, table, footer, thanks, references)

    told = " ".join(chosen("Replay nets", text, 600))

    assert CLAIM.strip() in told
    for unwanted in ("print(", "76.1", "newsletter", "Ann Author", "Proceedings", "arXiv"):
        assert unwanted not in told


def test_a_section_of_thanks_in_the_middle_ends_at_the_next_heading():
    text = article("Opening", filler(20), "Acknowledgements", "We name Ann Author here with great care and at length.", "How it works", CLAIM, filler(40, seed=3))  # fmt: skip

    told = " ".join(chosen("Replay nets", text, 400))

    assert CLAIM.strip() in told
    assert "Ann Author" not in told


def test_what_is_said_twice_is_read_once():
    twin = (
        "In this post we introduce replay nets that forget 40% less than networks without replay."
    )
    text = CLAIM + filler(30) + " " + twin + " " + filler(30, seed=2)

    told = chosen("Replay nets", text, 400)

    assert 1 == sum("40%" in passage for passage in told)


def test_neighbors_are_one_passage():
    pair = f"{CLAIM}We show that robots on long shelves of books need 30% fewer examples than any earlier kind."
    text = f"{FILLER[0] * 9}{pair} {FILLER[1] * 9}"

    assert pair in chosen("Replay nets", text, 250)


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000, "word " * 1_000, "a b c d e\n" * 500, "| 1 | 2 | 3 |\n" * 400, "if (x) { y(); } " * 300],
    ids=["one word", "no full stop", "short lines", "table", "code"],
)  # fmt: skip
def test_a_text_without_a_readable_sentence_is_read_from_its_beginning(text):
    ((start, end),) = choose("Any", text, 200)

    assert 0 == start
    assert 100 <= end <= 200


@given(
    st.lists(
        st.sampled_from([*FILLER, CLAIM, "References\n\n", "\n\n", "x = {1; 2};\n", "“Quote!” ", "Ann Bo. "])
        | st.text(max_size=40),
        max_size=60,
    ),
    st.integers(1, 1_500),
)  # fmt: skip
def test_passages_are_whole_sentences_in_order_within_the_limit(parts, max_chars):
    text = "".join(parts)
    passages = choose("Replay nets", text, max_chars)

    assert sum(b - a for a, b in passages) <= max_chars
    assert sorted(passages) == list(passages)
    assert all(a[1] <= b[0] for a, b in pairwise(passages))
    assert bool(passages) == bool(text.strip())
    starts, ends = ({s[i] for s in split(text)} for i in (0, 1))
    assert {a for a, _ in passages} <= starts
    if len(passages) > 1 or (passages and passages[0][0] > min(starts)):
        assert {b for _, b in passages} <= ends


def test_choosing_again_chooses_the_same():
    text = CLAIM + filler(200)

    assert 1 == len({choose("Replay nets", text, n) for n in (500,) * 3})


@pytest.mark.parametrize(
    "unit", ["one sentence of eight words stands here again. ", "x", "a b\n\n", "(", "$a ", "A. b "]
)
def test_two_hundred_thousand_characters_take_less_than_a_second_of_work(unit):
    """0.02 to 0.4 s when written."""
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    choose("A sentence", text, 1_500)

    assert time.process_time() - began < 1.5  # a second and some, for a busy machine's caches


#: (part of the title, what a reader of the post should come away with); looked up by reading the posts.
FACTS = (
    ("More Inclusive People Annotations", ("More Inclusive Annotations for People", "454k")),
    ("FRILL", ("40% the size", "32x faster")),
    ("Variational Transformer", ("layout generation system", "arbitrarily large number")),
    ("Extending Contrastive Learning", ("SupCon", "81.4%")),
    ("Data Cascades", ("formalize", "guidelines")),
    ("Sim-to-Real Transfer", ("RL-CycleGAN", "RetinaGAN", "94%")),
    ("Human Cortex", ("H01", "1.4 petabyte", "130 million")),
    ("Accurate Physics Simulator", ("SimGAN", "learnable component")),
    ("A/B Testing", ("random assignment",)),
    ("Genomic Discovery", ("classify medical imaging", "GWAS")),
    ("Gender Bias in Translation", ("Translated Wikipedia Biographies", "67%")),
    ("Quantum Material", ("18 qubits", "blueprint")),
    ("Windows’ TCP", ("RACK-TLP", "macOS")),
    ("Optimizing payments", ("gradient boosted",)),
    ("How image search works", ("image classification and word vectors",)),
    ("Exploring Data @ Netflix", ("open-sourcing", "Cassandra")),
)  # fmt: skip


@pytest.fixture(scope="module")
def posts(corpus):
    """The long posts of 2021-W25 by title."""
    folder = corpus / "replay" / "2021-W25"
    paths = ("google-ai-blog/atom.xml", "rss/dropbox-tech.xml", "rss/netflix-techblog.xml")
    week = Week.parse("2021-W25")
    with serving() as site:
        for path in paths:
            site.routes[f"/{path}"] = Answer((folder / path).read_bytes())
        sources = [{"kind": "feed", "name": p, "url": f"{site.url}/{p}"} for p in paths]
        items = _collected(sources, week.start - timedelta(days=90), week.end)
    return {i.title: i.text for i in items if len(i.text) > 3_000}


@pytest.mark.corpus
@pytest.mark.parametrize(("part", "facts"), FACTS, ids=[p for p, _ in FACTS])
def test_the_passages_of_a_post_hold_what_it_has_to_tell(posts, part, facts):
    """31 facts of 31 when written; the first 1,500 characters of the posts hold 19."""
    title = next(t for t in posts if part in t)

    told = " ".join(chosen(title, posts[title], 1_500))

    assert [] == [fact for fact in facts if fact not in told]


@pytest.mark.corpus
def test_no_post_is_told_by_its_thanks_or_its_footer(posts):
    for title, text in posts.items():
        told = " ".join(chosen(title, text, 1_500))
        assert "originally published" not in told
        assert "would like to thank" not in told
        assert len(told) >= 800, title  # a post that lists papers has the least
