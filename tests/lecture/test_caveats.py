"""Caveats: limits that a source admits of its own work, and facts that the digest knows."""

from __future__ import annotations

import pytest

from digest.lecture import frame
from digest.lecture.candidates import candidates
from digest.lecture.caveats import Shared, admitted, from_facts, lacks_code, only_data_set
from digest.summarize.roles import roles_by_cues
from digest.types import Story
from tests.lecture.make import item


def story(text="We propose a rule.", **kw):
    one = item(text=text, **kw)
    return Story(key=one.id, items=(one,))


def told(sentence):
    found = candidates(story(f"We propose RuleNet, a new rule. {sentence}"), roles_by_cues)
    return [c.text for c in admitted(found)]


@pytest.mark.parametrize(
    "sentence",
    [
        "However, this improvement comes at the cost of longer training.",
        "Our preliminary results show the value of the rule for photographs.",
        "More research is needed to find suitable measures for other tasks.",
        "A limitation of our study is that we looked at English alone.",
        "The proposed method cannot treat images of different sizes.",
        "RuleNet still struggles with small objects in the results that we show.",
        "Our analysis is limited to two years of data from one hospital.",
    ],
)
def test_what_the_authors_say_of_their_own_work_is_a_caveat(sentence):
    assert [sentence] == told(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We find that current models fall short in tasks of planning.",
        "Our results highlight the limitations of large language models in logic.",
        "Finally, we discuss applications, limitations and challenges for future work.",
        "Our model is not restricted to particular categories of objects.",
        "The rule saves time at the cost of little bias in the results.",
        "While these methods raise novelty, they do so at the expense of quality.",
        "This provides a foundation for future work on the robustness of models.",
        "We show that human annotators fail to see what the rule sees in images.",
    ],
)
def test_what_is_said_of_others_promised_or_denied_is_none(sentence):
    assert [] == told(sentence)


def facts(one, **kw):
    return [s.text for s in from_facts(one, "arXiv", **kw)]


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "This paper has been withdrawn by the authors"},
        {"title": "WITHDRAWN: A rule"},
        {"text": "This submission has been withdrawn due to an error in section 3."},
    ],
)
def test_a_withdrawn_paper_says_so_first(fields):
    assert facts(story(**fields))[0].startswith("This paper has been withdrawn")


def test_withdrawal_as_a_subject_is_none():
    assert [] == facts(story("We study how patients cope when a drug is taken from the market."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We propose a rule. Experiments on the CIFAR-10 dataset show gains.", "CIFAR-10"),
        ("We propose a rule. It achieves 61 % on the VizQA 2 benchmark.", "VizQA 2"),
        ("Experiments on the CIFAR-10 dataset and the VizQA dataset show gains.", ""),
        ("Experiments on the CIFAR-10 dataset and on three other datasets show gains.", ""),
        ("We introduce VizQA, a benchmark. Results on the VizQA benchmark are poor.", ""),
        ("The CIFAR-10 dataset is old.", ""),
        ("Experiments on several tasks show gains on the CIFAR-10 dataset.", ""),
    ],
)
def test_the_only_data_set_is_named_where_an_abstract_tests_on_one(text, expected):
    assert expected == only_data_set(story(text))


@pytest.mark.parametrize(
    ("text", "links", "expected"),
    [
        ("We propose a rule.", (), True),
        ("Code is available at our page.", (), False),
        ("We will release the code and models.", (), False),
        ("See https://rule.example.org for films.", (), False),
        ("We propose a rule.", ("https://github.com/x/rule",), False),
        ("We propose a code of conduct for reviewers.", (), True),
        ("", (), False),
    ],
)
def test_a_paper_lacks_code_where_nothing_speaks_of_any(text, links, expected):
    assert expected == lacks_code(story(text, links=links))


def test_what_holds_for_many_stories_is_said_once():
    stories = [story(), story("Code is available."), story()]
    shared = Shared.of(stories)

    assert [
        frame.PREPRINT_MANY.format(stories="Stories 1, 2 and 3"),
        "Stories 1 and 3 link no code, as far as was read here.",
    ] == facts(stories[0], shared=shared, number=1)
    assert [] == facts(stories[2], shared=shared, number=3)


def test_of_a_paper_with_a_venue_it_is_said_that_the_abstract_alone_was_read():
    assert ["Only the abstract was read for this issue."] == facts(
        story(note="Accepted at ICML 2021")
    )
