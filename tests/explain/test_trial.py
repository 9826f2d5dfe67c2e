"""How far a story is from another place: the figure is the border, tried from both sides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.explain.trial import PRECISION, least
from tests.explain.weeks import config, paper, story, thread, trial

ONE_EACH = {"full_stories": 1, "brief_stories": 1}


def week():
    """Papers that lead by their threads, 500 points down to 20, and one without any."""
    loud = [
        story(paper(n), thread(f"t{n}", score=points))
        for n, points in enumerate((500, 200, 80, 20), start=1)
    ]
    return [*loud, story(paper(5))]


@given(st.floats(0, 40), st.floats(0.001, 1))
def test_the_least_number_is_found_to_the_precision_asked_for(border, precision):
    found = least(lambda x: x >= border, 40.0, precision)

    assert border - 1e-9 <= found <= border + precision


@pytest.mark.parametrize("place", ["brief", "full"])
def test_with_the_points_that_are_missing_it_has_the_place_and_with_less_it_has_not(place):
    one = trial("arxiv:2102.00005", week(), config(**ONE_EACH))
    points = one.missing(place)

    assert "left_out" == one.now.place
    assert one.with_points(points).is_at_least(place)
    assert not one.with_points(points - 2 * PRECISION).is_at_least(place)


@pytest.mark.parametrize(("number", "place"), [(1, "full"), (2, "brief")])
def test_what_a_shown_story_may_lose_is_the_border_too(number, place):
    one = trial(f"arxiv:2102.0000{number}", week(), config(**ONE_EACH))
    points = one.to_spare()

    assert place == one.now.place == one.with_points(-(points - 2 * PRECISION)).place
    assert place != one.with_points(-points).place


def test_no_score_gives_a_place_to_a_story_without_text():
    one = trial("arxiv:2102.00001", [story(paper(1, text="")), story(paper(2))], config())

    assert ("brief", None) == (one.now.place, one.missing("full"))


def test_where_there_is_room_for_all_a_story_may_lose_points_until_it_is_below_zero():
    one = trial("arxiv:2102.00002", week(), config())

    assert one.to_spare() <= one.now.score + PRECISION


@settings(max_examples=25)
@given(st.sampled_from(range(1, 6)), st.floats(-3, 3))
def test_a_trial_says_what_choosing_says(number, points):
    one = trial(f"arxiv:2102.0000{number}", week(), config(**ONE_EACH))
    before = one.now
    outcome = one.with_points(points)

    assert outcome.score == pytest.approx(before.score + points)
    assert 1 <= outcome.position <= 5
    assert one.now == before
