"""The ranking of real weeks against what a human list picked of them, each week unknown to the importance that ranks it."""

import json
import subprocess
import sys

import pytest

from bench import ranking

pytestmark = [pytest.mark.corpus, pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(request):
    """Keeps the vectors of 5,000 texts from one run of the tests to the next: they take three minutes."""
    return request.config.cache.mkdir("picks")


@pytest.fixture(scope="module")
def found(corpus, folder):
    return ranking.measure(corpus, folder)


def total(found, place):
    return sum(week.within(place) for week in found.values())


def test_half_of_the_picks_are_among_the_first_hundred(found):
    program = found["the program"]

    assert 26 == sum(week.picks for week in program.values())
    assert total(program, 100) >= 14, "16 when this was written"
    assert total(program, 50) >= 11, "13 when this was written"
    assert all(week.within(100) >= 3 for week in program.values()), "6, 6 and 4"


def test_the_first_fifty_hold_five_times_as_many_picks_as_at_random(found):
    program = found["the program"]
    _, expected, _, _ = ranking.random_order(program)

    assert total(program, 50) >= 5 * expected


def test_the_program_finds_more_than_newest_first_and_than_a_tf_idf_profile(found):
    program = found["the program"]

    for other in ("newest first", "TF-IDF profile of earlier picks"):
        assert total(program, 50) > total(found[other], 50)
        assert total(program, 100) > total(found[other], 100)


def test_the_words_alone_find_more_than_five_times_as_many_as_at_random(found):
    words = found["the program without vectors"]
    _, expected, _, _ = ranking.random_order(words)

    assert total(words, 50) >= 5 * expected, "7 when this was written"
    assert total(words, 100) >= 9, "11 when this was written"


def test_the_count_is_that_of_the_common_score(corpus, tmp_path):
    """``score.py picks`` and the benchmark agree on the same order."""
    picks = corpus / "replay" / "2025-W16" / "picks.json"
    papers = ranking.train.read_papers(picks.parent)
    stories = [ranking.Story(key=p.id, items=(p,)) for p in papers]
    order = tmp_path / "ranked.json"
    order.write_text(json.dumps([{"ids": [i.id for i in s.items]} for s in stories]))

    said = subprocess.run(
        [sys.executable, corpus.parent / "tools" / "score.py", "picks", picks, order],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    one = ranking.find(stories, picks)
    assert said.startswith(
        f"stories {len(stories)} picks {one.picks} top10 {one.within(10)}"
        f" top50 {one.within(50)} top100 {one.within(100)} MRR {one.mrr:.3f} "
    )


def test_a_week_of_2021_is_not_ranked_against_its_readers(corpus, folder):
    """A loose floor: 68 papers, of another year than the picks."""
    heat = ranking.measure_heat(corpus, folder)

    assert heat["importance alone"][0] > 0, "0.15 when this was written"
    assert heat["the program"][0] > 0, "0.13 when this was written"
