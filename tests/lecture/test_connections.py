"""Stories are tied by what they share in so many words, and every tie says its kind."""

from __future__ import annotations

import pytest

from digest.issue import from_json, to_json
from digest.lecture.connections import Connector, Told
from digest.lecture.glossary_file import load_glossary
from digest.lecture.texts import StoryText
from digest.lecture.traits import is_telling, phrases_of, shared_authors
from tests.lecture.conftest import make_issue
from tests.lecture.make import item, ranked

CONNECTOR = Connector(load_glossary(), ())


def tied(one, other, cosine=None, topics=("vision",)):
    """The connection of ``other`` to ``one``, which is told before it as story 2; None where there is none."""
    first, second = ranked(one, topics=topics), ranked(other, topics=("vision",))
    alike = {} if cosine is None else {second.story.key: {first.story.key: cosine}}
    connector = Connector(CONNECTOR.glossary, (), alike)
    told = Told(
        key=first.story.key,
        title=one.title,
        number=2,
        traits=connector.traits(StoryText.of(first.story), first),
    )
    traits = connector.traits(StoryText.of(second.story), second)
    return next(iter(connector.connections(traits, [told], (), second.story.key)), None)


def test_a_paper_that_is_pointed_to_is_a_citation():
    one = item("arxiv:2101.00001", "A first look", "Words.")
    other = item("feed:1", "Looking again", "As in arXiv:2101.00001, only longer.", kind="post")

    found = tied(one, other)

    assert "cites" == found.kind
    assert "It refers to the work of story 2: “A first look”." == found.sentence
    assert "This is what story 2 refers to: “Looking again”." == tied(other, one).sentence


def test_the_name_that_one_work_has_and_the_other_speaks_of_is_a_tie():
    one = item("arxiv:1", "QuokkaNet: small nets", "QuokkaNet is small.")
    other = item("arxiv:2", "Pruning", "We prune what is large. QuokkaNet becomes smaller.")

    found = tied(one, other)

    assert ("names", "QuokkaNet") == (found.kind, found.shared)
    assert "QuokkaNet is the work of story 2: “QuokkaNet: small nets”." == found.sentence


def test_two_of_the_same_people_are_a_tie_and_one_is_not():
    one = item("arxiv:1", "Cats", "On cats.", authors=("Ann Lee", "Bob Ray", "Cy Fox"))
    other = item("arxiv:2", "Dogs", "On dogs.", authors=("Bob Ray", "Ann Lee"))

    assert (
        "Some of the authors are those of story 2, Bob Ray and Ann Lee among them: “Cats”."
        == tied(one, other).sentence
    )
    assert None is tied(one, item("arxiv:3", "Fish", "On fish.", authors=("Ann Lee", "Dan Orr")))


def test_initials_tell_nobody_from_another():
    assert () == shared_authors(("A. Lee", "B. Ray"), ("A. Lee", "B. Ray"))
    assert ("Ánn Lee",) == shared_authors(("Ánn Lee",), ("Ann Lee",))


ONE = item("arxiv:1", "Sharper cloud masking", "We rank pictures.")
OTHER = item("arxiv:2", "Faster search", "Haze goes first, cloud masking comes after.")


@pytest.mark.parametrize(
    ("cosine", "topics", "expected"),
    [
        (0.7, ("vision",), "subject"),
        (0.5, ("vision",), None),
        (0.7, ("audio",), None),
        (None, ("vision",), None),
    ],
)
def test_a_phrase_is_a_subject_only_between_near_stories_of_one_topic(cosine, topics, expected):
    found = tied(ONE, OTHER, cosine, topics)

    assert expected == (found.kind if found else None)


def test_the_phrase_in_common_is_what_is_said():
    assert "Like story 2, it is about cloud masking: “Sharper cloud masking”." == (
        tied(ONE, OTHER, 0.7).sentence
    )


def test_a_term_that_one_only_mentions_is_no_tie_between_distant_stories():
    one = item("arxiv:1", "Self-play again", "Self-play is good.")
    other = item("arxiv:2", "Weather", "We forecast rain. There is self-play.")

    assert "term" == tied(one, other).kind
    assert "term" == tied(one, other, 0.5).kind
    assert None is tied(one, other, 0.2)


def test_a_term_of_specialists_ties_stories_that_are_less_near():
    one = item("arxiv:1", "Double descent again", "Double descent is real.")
    other = item("arxiv:2", "Weather", "We forecast rain. There is double descent.")

    assert "term" == tied(one, other, 0.35).kind
    assert None is tied(one, other, 0.2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("StyleGAN", True), ("GPT-7", True), ("NAS", False), ("ImageNet", False), ("CNNs", False)],
)
def test_a_name_is_telling_where_it_is_not_everybodys(name, expected):
    assert expected == is_telling(name)


def test_phrases_are_words_in_a_row_that_say_what_a_title_is_about():
    assert (("cloud", "masking"),) == phrases_of("Better cloud masking with one new method")
    assert () == phrases_of("Generative adversarial learning")


def test_a_tie_to_a_past_issue_names_the_issue_and_survives_the_json():
    one = item(
        "arxiv:2101.1",
        "Sharper nets",
        "Nets are blurred. We sharpen them with a new filter today.",
        authors=("Ann Lee", "Bob Ray"),
    )
    two = item(
        "arxiv:2102.1",
        "Cooler nets",
        "Nets are hot. We cool them with a new fan today.",
        authors=("Ann Lee", "Bob Ray"),
    )
    before = make_issue([ranked(one)], week="2021-W05", number=2)

    issue = make_issue([ranked(two)], past=(before,))

    (tie,) = issue.stories[0].connections
    assert ("authors", 2, "arxiv:2101.1") == (tie.kind, tie.issue_number, tie.target_key)
    assert issue == from_json(to_json(issue))
