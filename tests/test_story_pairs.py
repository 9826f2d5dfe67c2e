"""Grouping on the labelled pairs (tests/data/README.md): floors that may only rise."""

from collections import Counter

import pytest

from bench.grouping import PAIRS, Pair, count, embedded, judge, pooled, read_pairs, report
from tests.conftest import CORPUS

#: Classes that are hard in their own way; each must be there.
HARD = {"announcement", "blog/paper", "press/paper", "round-up", "same title", "thread/paper", "three hosts", "versions"}  # fmt: skip


def test_the_pairs_are_many_and_each_hard_class_is_among_them():
    pairs = read_pairs()
    kinds = Counter(pair.kind for pair in pairs)

    assert len(pairs) >= 400
    assert sum(pair.is_same for pair in pairs) >= len(pairs) / 3
    assert set() == {kind for kind in HARD if kinds[kind] < 10}
    assert len({frozenset((pair.a, pair.b)) for pair in pairs}) == len(pairs)


def test_the_file_holds_ids_and_labels_and_no_texts():
    lines = PAIRS.read_text("utf-8").splitlines()

    assert "a\tb\tsame\tclass" == lines[0]
    assert set() == {line for line in lines[1:] if " " in line.rpartition("\t")[0]}


def test_a_pair_stays_in_its_half():
    assert "check" == Pair("arxiv:1", "arxiv:2", is_same=True, kind="x").half


@pytest.fixture(scope="module")
def material():
    pairs = read_pairs()
    return pairs, *pooled(pairs, CORPUS)


@pytest.mark.corpus
@pytest.mark.model
@pytest.mark.slow
def test_with_vectors_hardly_a_join_is_wrong_and_few_are_missed(material):
    pairs, ids, items = material
    embeddings, reason = embedded(items)
    assert embeddings, reason

    judged = judge(pairs, ids, items, embeddings)
    print("\n".join(report(judged)))

    for half in ("tune", "check"):
        counts = count([j for j in judged if j.pair.half == half])
        assert counts.precision >= 0.99
        assert counts.recall >= 0.95


@pytest.mark.corpus
@pytest.mark.slow
def test_by_words_alone_hardly_a_join_is_wrong(material):
    pairs, ids, items = material

    counts = count(judge(pairs, ids, items, None))

    assert counts.precision >= 0.99
    assert counts.recall >= 0.92
