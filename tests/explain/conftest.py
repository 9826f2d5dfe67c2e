import pytest

from digest.types import ScorePart


class Indifferent:
    """Takes the place of ``rank.importance.Importance``: made-up papers differ in what a test gives them alone."""

    def parts(self, stories, embeddings):
        return [ScorePart(name="importance", value=0.0)] * len(stories)


@pytest.fixture(autouse=True)
def every_paper_is_equally_important(monkeypatch):
    monkeypatch.setattr("digest.rank.shipped", Indifferent)
