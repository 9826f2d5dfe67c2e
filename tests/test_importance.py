"""The learned importance: what it rewards, what it says, and that it is neutral where it knows nothing."""

from dataclasses import replace

import numpy as np
import pytest

from digest.config import Interests
from digest.embeddings import Embeddings
from digest.rank import importance, rank
from digest.rank.importance import IMPORTANCE, NEUTRAL, WEIGHTS, Importance, likeness, shipped
from digest.topics import TOPIC_TITLES
from digest.types import Item, Story
from digest.week import Week

MODEL = "a model"
NORTH, EAST = np.eye(384, dtype=np.float32)[:2]


@pytest.fixture
def learned():
    """Picks that all point north, mostly on language models; "agent" is a word of picks, "rare" of none."""
    return Importance(
        model_id=MODEL,
        since="July 2024",
        center=np.zeros(384, dtype=np.float32),
        picks=np.tile(NORTH, (6, 1)),
        topics=("language", "language", "language", "language", "rl", ""),
        words={"agent": (1.0, 1.0, 0.0), "rare": (1.0, 0.0, 0.0), "hot": (1.0, 0.0, 1.0)},
        means=(0.0, 0.0, 0.0, 0.0),
        deviations=(1.0, 1.0, 1.0, 0.5),
        ladder_with_vectors=(0.0, 2.0),
        ladder_by_words=(0.0, 4.0),
    )


def paper(item_id="arxiv:1", **fields):
    given = {"source": "arXiv", "kind": "paper", "title": "A rare matter", "authors": ("A",)}
    return Item(id=item_id, url="https://x.org", **(given | fields))


def story(*items):
    return Story(key=items[0].id, items=items)


def pointing(**vectors):
    ids = {name.replace("_", ":"): row for row, name in enumerate(vectors)}
    return Embeddings(row_of=ids, matrix=np.stack(list(vectors.values())), model_id=MODEL)


def part(learned, *items, embeddings=None):
    (found,) = learned.parts([story(*items)], embeddings)
    return found


def test_a_paper_close_to_picks_is_worth_more_and_says_to_how_many(learned):
    close = part(learned, paper(), embeddings=pointing(arxiv_1=NORTH))
    far = part(learned, paper(), embeddings=pointing(arxiv_1=EAST))

    assert close.value > far.value == 0
    assert (
        "close to 6 papers picked as the week's best since July 2024,"
        " most of them on language models" == close.reason
    )
    assert "" == far.reason


def test_no_topic_is_named_that_fewer_than_half_of_the_close_picks_have(learned):
    mixed = replace(learned, topics=("language", "language", "language", "rl", "", ""))

    told = part(mixed, paper(), embeddings=pointing(arxiv_1=NORTH))

    assert "close to 6 papers picked as the week's best since July 2024" == told.reason


def test_without_vectors_the_words_stand_in_and_the_reason_says_so(learned):
    told = part(learned, paper(title="An agent"))

    assert told.value > part(learned, paper()).value
    assert "its words are those of papers picked before" == told.reason


@pytest.mark.parametrize(
    "embeddings",
    [pointing(arxiv_2=NORTH), replace(pointing(arxiv_1=NORTH), model_id="another model")],
    ids=["no vector of this paper", "vectors of another model"],
)
def test_a_vector_that_is_not_comparable_is_not_compared(learned, embeddings):
    assert part(learned, paper()) == part(learned, paper(), embeddings=embeddings)


def test_a_large_team_counts_and_is_told(learned):
    few, many = (part(learned, paper(authors=("A",) * n)) for n in (2, 32))

    assert many.value > few.value
    assert "by 32 authors" == many.reason
    assert "" == few.reason


def test_hot_words_count(learned):
    assert part(learned, paper(title="A hot matter")).value > part(learned, paper()).value


def test_what_is_no_paper_is_neutral(learned):
    post = paper("feed:1", kind="post", title="An agent", authors=("A",) * 50)

    told = part(learned, post, embeddings=pointing(feed_1=NORTH))

    assert (IMPORTANCE * NEUTRAL, "") == (told.value, told.reason)


def test_a_paper_that_a_post_tells_of_has_no_less_than_the_post_alone(learned):
    post = paper("feed:1", kind="post")

    assert IMPORTANCE * NEUTRAL == part(learned, paper(), post).value
    assert 0 == part(learned, paper()).value


def test_a_paper_gives_between_nothing_and_all(learned):
    much = paper(title="An agent, hot", authors=("A",) * 10**5)

    assert 0 == part(learned, paper(title="")).value
    assert IMPORTANCE == part(learned, much, embeddings=pointing(arxiv_1=NORTH)).value


def test_other_stories_do_not_change_the_value_of_a_paper(learned):
    embeddings = pointing(arxiv_1=NORTH, arxiv_2=EAST)
    one, two = story(paper()), story(paper("arxiv:2"))

    assert learned.parts([one, two], embeddings) == learned.parts([two, one], embeddings)[::-1]
    assert learned.parts([one], embeddings) == learned.parts([one, two], embeddings)[:1]


def test_no_stories_have_no_parts(learned):
    assert () == learned.parts([], None)


def test_likeness_is_the_mean_of_the_nearest(monkeypatch):
    monkeypatch.setattr(importance, "NEAREST", 2)

    assert [0.75, 0.5] == likeness(np.array([[0.5, 1.0, 0.0], [0.5, 0.5, 0.5]])).tolist()


def test_the_shipped_figures_are_small_and_hold_no_text_longer_than_a_word():
    one = shipped()

    assert WEIGHTS.stat().st_size < 500_000
    assert one.picks.shape == (len(one.topics), 384)
    assert np.linalg.norm(one.picks, axis=1) == pytest.approx(1, abs=1e-2)
    assert set(one.topics) <= {"", *TOPIC_TITLES}
    assert all(stem.isalnum() or stem in ("c++", "c#") for stem in one.words)


def test_rank_adds_the_part_and_shows_its_reason(learned):
    embeddings = pointing(arxiv_1=NORTH, arxiv_2=EAST)
    stories = [story(paper("arxiv:2")), story(paper())]
    week = Week(2021, 6)

    found = rank(
        stories,
        interests=Interests(),
        lectures=(),
        week=week,
        embeddings=embeddings,
        importance=learned,
    )

    assert ["arxiv:1", "arxiv:2"] == [r.story.key for r in found]
    assert any(reason.startswith("close to 6 papers") for reason in found[0].reasons)
