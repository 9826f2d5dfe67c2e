"""What would have changed a story's place: everything that is said comes true when it is done."""

import re
from dataclasses import replace

import pytest

from digest.config import Length
from digest.explain.changes import changes, telling_phrase
from digest.rank import choose, rank
from tests.explain.weeks import DAY, TEXT, WEEK, config, paper, story, thread, trial

LEFT_OUT = "arxiv:2102.00005"
ONE_EACH = {"full_stories": 1, "brief_stories": 1}


def week(*more):
    loud = [
        story(paper(n), thread(f"t{n}", score=points))
        for n, points in enumerate((500, 200, 80, 20), start=1)
    ]
    return [*loud, *more]


def found(key, stories, settings):
    return changes(trial(key, stories, settings), settings)


def about(word, all_changes):
    return [c for c in all_changes if word in c.what]


def place_of(key, stories, settings):
    """Done for real: ranked and chosen with what is given."""
    ranked = rank(stories, interests=settings.interests, lectures=(), week=WEEK)
    return choose(ranked, settings.length).placing(key).place


def test_a_thread_of_the_points_named_gives_the_place_named():
    settings = config(**ONE_EACH)
    told = about("thread of about", found(LEFT_OUT, week(story(paper(5))), settings))

    assert ["brief", "full"] == [c.outcome.place for c in told]
    for change in told:
        points = int(re.search(r"about ([\d,]+) point", change.what)[1].replace(",", ""))
        with_it = story(paper(5), thread("new", title=paper(5).title, text="", score=points))
        assert change.outcome.place == place_of(LEFT_OUT, week(with_it), settings)


def test_of_a_thread_that_is_there_the_points_are_named_that_it_lacks():
    (quiet,) = (s for s in week() if s.key == "arxiv:2102.00004")
    settings = config(**ONE_EACH)
    told = about("instead of 20", found(quiet.key, week(), settings))

    assert told
    assert all(re.match(r"about [\d,]+ points on r/MachineLearning", c.what) for c in told)


def test_where_no_thread_would_be_enough_that_is_said():
    told = found("arxiv:2102.00001", [story(paper(1, text="")), story(paper(2))], config())

    (change,) = about("even 1,000 points", told)
    assert "brief" == change.outcome.place


def test_a_keyword_of_its_title_counts_for_others_too():
    rivals = [story(paper(n, f"Quiet Engines of Kind {n}")) for n in (5, 6)]
    settings = config(full_stories=1, brief_stories=4)
    (change,) = about("keyword", found(rivals[1].key, week(*rivals), settings))

    assert "the keyword “quiet engines” in interests" == change.what
    wanted = config({"keywords": ["quiet engines"]}, full_stories=1, brief_stories=4)
    assert change.outcome.place == place_of(rivals[1].key, week(*rivals), wanted)


def test_what_is_avoided_is_named_with_what_it_costs():
    settings = config({"avoid": ["anchors", "ladders"], "keywords": ["-engines"]}, **ONE_EACH)
    engines = story(paper(5, "Ladders for Engines"))
    (change,) = about("avoid", found(engines.key, [engines], settings))

    assert "without “ladders”, “engines” among what you avoid" == change.what
    assert "full" == change.outcome.place


def test_an_old_story_is_tried_as_a_fresh_one():
    old = story(paper(5, published=DAY.replace(year=2019)))
    (change,) = about("had it appeared", found(old.key, [old], config()))

    assert ("full", pytest.approx(10.0)) == (change.outcome.place, change.points)


def test_the_limit_that_shuts_it_out_is_named_with_the_one_that_would_not():
    loud = [replace(s, items=(s.lead, replace(s.items[1], source=f"r/{s.key}"))) for s in week()]
    press = story(paper(7, source="A journal", kind="article"))
    settings = config(full_stories=4, per_source=2, brief_stories=0)
    (change,) = about("per_source", found("arxiv:2102.00003", [*loud, press], settings))

    assert "3 instead of 2 full stories of one source (length.per_source)" == change.what
    assert ("full", None) == (change.outcome.place, change.points)


def test_the_least_room_that_would_be_enough_is_named():
    settings = config(**ONE_EACH)
    told = about("room for", found(LEFT_OUT, week(story(paper(5))), settings))

    for change in told:
        room, name = re.search(r"room for (\d+) .* \(length\.(\w+)\)", change.what).groups()
        for figure, is_enough in ((int(room), True), (int(room) - 1, False)):
            length = Length(**{**ONE_EACH, name: figure})
            ranked = rank(
                week(story(paper(5))), interests=settings.interests, lectures=(), week=WEEK
            )
            place = choose(ranked, length).placing(LEFT_OUT).place
            assert is_enough == (place == change.outcome.place)


def test_of_a_shown_story_each_part_is_named_without_which_it_would_stand_lower():
    lost = about("without its", found("arxiv:2102.00001", week(), config(**ONE_EACH)))

    assert ["community", "spread"] == [re.search(r"without its (\w+)", c.what)[1] for c in lost]
    assert "500 points on r/MachineLearning" in lost[0].what
    assert "full" != lost[0].outcome.place


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("1-bit Adam: Efficient Training of Wide Nets", "efficient training"),
        ("[D] Why is it so?", None),
        ("GUI-R1 : A Model For GUI Agents", "gui agents"),
        ("On $x^2$ and Tables", None),
    ],
)
def test_the_phrase_that_is_tried_stands_in_the_title_and_says_something(title, phrase):
    assert phrase == telling_phrase(story(paper(1, title)), [])


def test_the_phrase_that_is_tried_is_one_that_the_text_comes_back_to():
    one = story(paper(1, "Wide Kettles With Copper Lids", text=f"{TEXT} Copper lids. Copper lids."))

    assert "copper lids" == telling_phrase(one, [one])
