"""A story is told in the talk's order from its own sentences, each once, each with its place in the source."""

from __future__ import annotations

import pytest

from digest.lecture.candidates import candidates
from digest.lecture.caveats import Shared, admitted, from_facts, is_preprint
from digest.lecture.parts import tell
from digest.sentences import split
from digest.types import Checked, Item, Span, Story, Summary, SummarySentence
from tests.lecture.make import item

ABSTRACT = (
    "Earlier networks without normalization became unstable. "
    "We propose a clipping rule for gradients. "
    "The rule compares each gradient with the norm of its weights. "
    "On ImageNet our largest network reaches 86.5% top-1 accuracy. "
    "The rule could help people who train on small machines. "
    "The method does not work for recurrent networks."
)
ROLES = ("background", "objective", "method", "result", "result", "result")


def fake_roles(*roles):
    """A classifier that knows the answer; an unknown sentence is background."""
    return lambda texts: tuple((*roles, *("background",) * len(texts))[: len(texts)])


def story(text=ABSTRACT, *others, **kw):
    lead = item(text=text, authors=("A", "B"), **kw)
    return Story(key=lead.id, items=(lead, *others))


def found(text=ABSTRACT, roles=ROLES, *others, **kw):
    return candidates(story(text, *others, **kw), fake_roles(*roles))


def told(parts):
    return {p.kind: [s.text for s in p.sentences] for p in parts}


def checked(text, number, origin="extractive"):
    start, end = split(text)[number]
    sentence = SummarySentence(
        text=text[start:end],
        origin=origin,
        spans=(Span(item_id="arxiv:2102.00001", start=start, end=end),),
    )
    return Checked(summary=Summary(item_id="arxiv:2102.00001", sentences=(sentence,), model_id="m"))


def test_the_parts_come_in_the_talks_order():
    assert {
        "whats_new": ["The authors propose a clipping rule for gradients."],
        "before": ["Earlier networks without normalization became unstable."],
        "how": ["The rule compares each gradient with the norm of its weights."],
        "tested": ["On ImageNet the authors’ largest network reaches 86.5% top-1 accuracy."],
        "why": ["The rule could help people who train on small machines."],
    } == told(tell(found(), None))


def test_every_sentence_keeps_its_place_and_its_source():
    for part in tell(found(), None):
        for sentence in part.sentences:
            (span,) = sentence.spans
            source = ABSTRACT[span.start : span.end]
            assert source == (sentence.source_text or sentence.text)
            assert ("extractive" if source == sentence.text else "reported") == sentence.origin


def test_the_headline_is_not_told_again():
    assert "whats_new" not in told(tell(found(), checked(ABSTRACT, 1)))


def test_a_headline_of_a_model_that_says_the_same_is_not_repeated_either():
    summary = checked(ABSTRACT, 3, origin="model")

    assert "tested" not in told(tell(found(), summary))


def test_a_part_without_a_sentence_is_left_out():
    assert {"before"} == set(told(tell(found("Old networks were slow and large.", ()), None)))


def test_a_sentence_that_leans_on_one_that_is_not_told_is_left_out():
    text = "We propose a rule for gradients. Code: https://x.org/code/rule here. This makes training ten times as fast."

    assert ["whats_new"] == list(told(tell(found(text, ("objective", "other", "result")), None)))


def test_why_it_matters_needs_words_that_say_so():
    text = "We propose a rule for it. The rule is applied in each step of training."

    assert "why" not in told(tell(found(text, ("objective", "method")), None))


def test_a_second_sentence_of_the_same_people_says_they():
    text = "We propose a clipping rule. First we collect gradients from many runs. We sort them by norm then."

    assert [
        "First the authors collect gradients from many runs.",
        "The authors sort them by norm then.",
    ] == told(tell(found(text, ("objective", "method", "method")), None))["how"]
    text = "We propose a clipping rule. We collect gradients from many runs. We sort them by norm then."
    assert ["The authors collect gradients from many runs.", "They sort them by norm then."] == (
        told(tell(found(text, ("objective", "method", "method")), None))["how"]
    )


def test_a_post_told_with_the_paper_fills_what_the_abstract_leaves_open():
    post = item(
        "feed:1",
        "A post",
        "We release a tool. The figure shows a run. After a zucchini the loss falls.",
        kind="post",
        source="blog",
    )
    abstract = "We propose a rule for gradients here."
    parts = tell(found(abstract, ("objective",), post), None)

    assert ["The figure shows a run.", "After a zucchini the loss falls."] == told(parts)["tested"]
    assert {"feed:1"} == {s.spans[0].item_id for p in parts if p.kind == "tested" for s in p.sentences}  # fmt: skip


def test_no_sentence_is_used_twice():
    spans = [s.spans for p in tell(found(), None) for s in p.sentences]
    spans += [(c.span,) for c in admitted(found())]

    assert len(spans) == len(set(spans))


def test_a_limit_that_the_source_admits_is_a_caveat():
    assert ["The method does not work for recurrent networks."] == [
        c.text for c in admitted(found())
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Our rule overcomes the limitations of earlier methods.",
        "Existing methods are limited to small images.",
        "It runs without a limitation.",
    ],
)
def test_a_limit_of_others_is_no_caveat(sentence):
    assert [] == admitted(found(f"We propose a rule. {sentence}", ("objective", "result")))


@pytest.mark.parametrize(
    ("note", "doi", "expected"),
    [
        ("", None, True),
        ("12 pages", None, True),
        ("Accepted at ICML 2021", None, False),
        ("NeurIPS 2020", None, False),
        ("", "10.1/x", False),
    ],
)
def test_a_preprint_is_a_paper_of_arxiv_without_a_venue(note, doi, expected):
    assert expected == is_preprint(story(note=note, doi=doi))


def test_a_paper_of_a_journal_is_no_preprint():
    assert not is_preprint(story(id_="feed:1"))


def test_the_preprints_of_an_issue_are_named_once():
    shared = Shared(preprints=(1, 3, 4))
    (caveat,) = from_facts(story(), "arXiv", shared=shared, number=1)

    assert caveat.text.startswith("Stories 1, 3 and 4 are preprints: ")
    assert ("digest", ()) == (caveat.origin, caveat.spans)
    assert [] == from_facts(story(), "arXiv", shared=shared, number=3)


def test_a_post_about_its_own_work_says_whose_it_is():
    own = item("feed:1", text="We release a tool.", kind="post")
    other = item("feed:2", text="A tool was released.", kind="post")

    assert 1 == len(from_facts(Story(key="a", items=(own,)), "Blog"))
    assert [] == from_facts(Story(key="b", items=(other,)), "Blog")


@pytest.mark.parametrize(
    ("item_id", "doi", "note", "expected"),
    [
        ("arxiv:2102.00001", None, "", True),
        ("arxiv:2102.00001", "10.48550/arXiv.2102.00001", "", True),
        ("arxiv:2102.00001", "10.1371/journal.pgen.1009303", "", False),
        ("arxiv:2102.00001", None, "Accepted at ICML 2021", False),
        ("doi:10.1101/2021.02.01.429000", "10.1101/2021.02.01.429000", "", True),
        ("doi:10.64898/2026.01.01.700000", "10.64898/2026.01.01.700000", "", True),
        ("openreview:abc", None, "", True),
        ("feed:1", "10.1371/journal.pgen.1009303", "PLOS Genetics", False),
    ],
)
def test_a_preprint_is_known_on_every_server_of_them(item_id, doi, note, expected):
    paper = Item(
        id=item_id,
        source="a server",
        kind="paper",
        title="A title",
        url="https://x.org/1",
        doi=doi,
        note=note,
    )

    assert expected == is_preprint(Story(key=paper.id, items=(paper,)))
