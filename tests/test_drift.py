"""A small model's sentence is held to one sentence of the source, in the third person, and says nothing twice."""

import pytest

from digest.drift import drift_problems
from digest.types import SummaryRequest

TEXT = (
    "Networks can invent portraits of people who do not exist; here we let them invent genomes. "
    "We train two kinds of model, adversarial networks and Boltzmann machines, on real genomes. "
    "The artificial genomes keep the frequencies of the real ones, and no donor is found in them."
)
REQUEST = SummaryRequest(item_id="a", title="Artificial human genomes", text=TEXT, content_hash="x")


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("The authors train adversarial networks and Boltzmann machines on real genomes.", []),
        ("The artificial genomes keep the frequencies of the real ones.", []),
        ("Artificial human genomes.", []),
        ("Adversarial networks and Boltzmann machines can invent portraits of people who do not exist.", ["recombined"]),
        ("Donor machines exist in portraits of frequencies.", ["recombined"]),
        ("We train two kinds of model on real genomes.", ["voice"]),
        ("Our artificial genomes keep the frequencies.", ["voice"]),
        ("The authors train adversarial networks, and do so on real genomes.", ["leaning"]),
        ("The authors train real genomes on real genomes.", ["repetition"]),
    ],
)  # fmt: skip
def test_drift_is_told_by_its_kind(sentence, kinds):
    assert kinds == [p.kind for p in drift_problems(sentence, REQUEST)]


def test_a_source_without_sentences_refuses_everything_that_its_title_does_not_say():
    empty = SummaryRequest(item_id="a", title="Artificial genomes", text="", content_hash="x")

    assert ["recombined"] == [p.kind for p in drift_problems("Machines invent portraits.", empty)]
