"""`explain` over a stored week: the story, where it stands and why, or why it is in none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.config import parse_config
from digest.errors import CollectError, ConfigError
from digest.explain import Absence, explain
from digest.pipeline import make_issue
from digest.store import Store
from digest.types import Fetched
from digest.week import Week
from tests.demo_run import Silent
from tests.explain.weeks import WEEK, paper, thread

NOW = WEEK.end


@pytest.fixture
def settings():
    return parse_config(
        {
            "sources": [
                {"kind": "arxiv", "categories": ["cs.LG", "cs.CV"]},
                {"kind": "reddit", "subreddit": "MachineLearning"},
                {"kind": "feed", "name": "A blog", "url": "https://feeds.lab.example.org/rss"},
                {"kind": "hackernews", "enabled": False},
            ],
            "summarizer": {"backend": "extractive"},
            "similarity": {"model": "none"},
            "length": {"full_stories": 1, "brief_stories": 1},
        }
    )


@pytest.fixture
def store(tmp_path):
    """The week: three papers, the first with a thread; arXiv was read, the blog failed."""
    talk = thread("lg1xyz", title="[R] Clouds Seen From Afar", text="", score=300)
    talk = replace(talk, links=(paper(1).url,))
    with Store(tmp_path / "digest.db") as opened:
        opened.save_fetched(Fetched(source="arXiv", items=(paper(1), paper(2), paper(3))), now=NOW)
        opened.save_fetched(Fetched(source="r/MachineLearning", items=(talk,)), now=NOW)
        error = CollectError("A blog", "HTTP 503")
        opened.save_fetched(Fetched(source="A blog", error=error), now=NOW)
        yield opened


@pytest.fixture
def ask(store, settings):
    def run(text, week=WEEK, now=NOW):
        return explain(text, settings, store, None, week=week, now=now)

    return run


def test_a_shown_story_is_told_with_its_items_links_and_rule(ask):
    found = ask("2102.00001")

    assert ("full", "score", 1, 3) == (
        found.placing.place, found.placing.rule, found.position, found.of,
    )  # fmt: skip
    assert ["arxiv:2102.00001", "reddit:lg1xyz"] == [i.id for i in found.ranked.story.items]
    assert ["the thread links to arXiv 2102.00001"] == [link.reason for link in found.links]
    assert () == found.missing
    assert found.to_spare > 0


def test_it_is_the_same_story_by_whichever_item_it_is_asked_for(ask):
    by_paper, by_thread = ask("2102.00001"), ask("reddit:lg1xyz")

    assert by_paper.ranked == by_thread.ranked
    assert (("arxiv:2102.00001",), ("reddit:lg1xyz",)) == (by_paper.asked, by_thread.asked)


def test_a_story_that_is_left_out_knows_how_far_it_is_from_both_places(ask):
    found = ask("2102.00003")

    assert "left_out" == found.placing.place
    assert ["brief", "full"] == [place for place, _ in found.missing]
    assert all(points > 0 for _, points in found.missing)
    assert 2 == len(found.why)
    assert found.changes


def test_without_a_week_it_is_looked_for_in_the_weeks_of_its_date(ask):
    assert str(WEEK) == ask("2102.00001", week=None, now=NOW + timedelta(days=400)).week


def test_a_number_is_a_story_of_the_issue(ask, store, settings):
    make_issue(WEEK, settings, store, now=NOW, watch=Silent())

    assert "arxiv:2102.00001" == ask("1").ranked.story.key
    assert "arxiv:2102.00001" == ask("1", week=None).ranked.story.key
    with pytest.raises(ConfigError, match="has no story 7"):
        ask("7")


def test_a_number_without_an_issue_is_refused(ask):
    with pytest.raises(ConfigError, match="no issue"):
        ask("1")


def test_where_the_issue_has_it_elsewhere_that_is_said(ask, store, settings):
    make_issue(WEEK, settings, store, now=NOW, watch=Silent())
    louder = thread("aaaaaa", title="[R] Bridges", text="", score=900)
    louder = replace(louder, links=(paper(2).url,))
    store.save_fetched(Fetched(source="r/MachineLearning", items=(louder,)), now=NOW)

    assert ("brief", "full") == (
        ask("2102.00001").placing.place,
        ask("2102.00001").said_otherwise,
    )


def test_what_an_earlier_issue_has_told_is_in_no_story(ask, store, settings):
    make_issue(WEEK, settings, store, now=NOW, watch=Silent())
    following = Week.of(WEEK.end)
    late = paper(4, published=following.start + timedelta(days=1))
    store.save_fetched(Fetched(source="arXiv", items=(late,)), now=following.end)
    found = ask("2102.00001", week=following, now=following.end)

    assert isinstance(found, Absence)
    assert "shown_before" == found.reason
    assert f"Issue 1 ({WEEK}) has told it, under the title “Clouds Seen From Afar”" in found.why[0]


def test_what_is_of_another_week_names_the_window_and_its_own_week(ask, store):
    early = paper(5, published=WEEK.start - timedelta(days=60))
    store.save_fetched(Fetched(source="arXiv", items=(early,)), now=NOW)
    found = ask(early.id)

    assert "other_week" == found.reason
    assert "The issue of 2021-W06 takes what appeared from 4 Feb 2021 to 15 Feb 2021." in found.why
    assert (
        "It belongs to 2020-W50: see `explain arxiv:2102.00005 --week 2020-W50`."
        in found.would_help
    )


def test_a_paper_that_never_came_names_the_sources_that_might_bring_it(ask):
    found = ask("2102.77777")

    assert "never_collected" == found.reason
    assert [("arXiv", True, "complete", "papers of cs.LG, cs.CV")] == [
        (s.name, s.is_enabled, s.state, s.what) for s in found.sources
    ]
    assert any("thread of the week that links to it" in sentence for sentence in found.would_help)


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        ("https://lab.example.org/posts/new", ["A blog"], ""),
        ("https://elsewhere.example.com/a", [], "`run_digest.py sources add https://elsewhere"),
        ("https://www.reddit.com/r/MachineLearning/comments/zz9/x/", ["r/MachineLearning"], ""),
        ("https://www.reddit.com/r/other/comments/zz9/x/", [], "sources add"),
        ("https://news.ycombinator.com/item?id=1", ["Hacker News"], "`enabled: true`"),
        ("feed:0123456789abcdef", ["A blog"], ""),
        ("openreview:abc", [], ""),
        ("1904.00001", ["arXiv"], "links to it"),
    ],
)
def test_what_never_came_is_matched_with_the_sources_of_its_kind_or_site(ask, text, names, said):
    found = ask(text)

    assert names == [s.name for s in found.sources]
    assert not said or any(said in sentence for sentence in found.would_help)


def test_a_failed_source_says_so(ask):
    (source,) = ask("https://lab.example.org/posts/new").sources

    assert "failed: HTTP 503; never reached yet" == source.state


def test_an_arxiv_number_of_another_month_is_told(ask):
    assert any("of April 2019" in sentence for sentence in ask("1904.00001").why)
    assert not any("number is of" in sentence for sentence in ask("2102.77777").why)


def test_explaining_leaves_the_database_as_it_was(ask, store):
    before = (store.issues(), store.corrections(), store.last_run())
    ask("2102.00003")

    assert before == (store.issues(), store.corrections(), store.last_run())
