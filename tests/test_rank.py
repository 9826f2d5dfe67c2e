"""Ranking: a score of named parts with reasons, and a selection that is not all of one kind."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import Interests, Length
from digest.rank import choose, rank
from digest.types import Comment, Item, Ranked, ScorePart, Signal, Story
from digest.week import Week

WEEK = Week(2021, 6)
DAY = datetime(2021, 2, 9, tzinfo=UTC)
VENUES = Interests(venues=("NeurIPS",))
TEXT = "We study a matter and tell what we see in words that say nothing more. " * 4


@dataclass(frozen=True, kw_only=True)
class Lesson:
    number: int = 11
    title: str = "Batch normalization"
    topics: tuple[str, ...] = ("optimization",)
    keywords: tuple[str, ...] = ("batch normalization", "gradient clipping")


def item(item_id="arxiv:2102.00001", **fields):
    given = {
        "source": "arXiv", "kind": "paper", "title": "A matter", "text": TEXT, "published": DAY,
        "url": f"https://x.org/{item_id}",
    }  # fmt: skip
    return Item(id=item_id, **(given | fields))


def thread(**fields):
    given = {"source": "r/MachineLearning", "kind": "thread", "title": "[D] A matter"}
    return item(fields.pop("id", "reddit:t"), **(given | fields))


def story(*items):
    return Story(key=items[0].id, items=items)


def part(name, *items, interests=Interests(), lectures=(), others=()):  # noqa: B008 - frozen
    """The named part of the story of ``items``, ranked beside ``others``."""
    ranked = rank([story(*items), *others], interests=interests, lectures=lectures, week=WEEK)
    found = next(r for r in ranked if r.story.key == items[0].id)
    return next(p for p in found.parts if p.name == name)


# -- parts ------------------------------------------------------------------------------------------------------------


def test_community_gives_the_figures():
    told = part("community", item(), thread(score=183, comment_count=14))

    assert "183 points and 14 comments on r/MachineLearning" == told.reason
    assert 1 < told.value < 3


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"score": 1, "comment_count": 1}, "1 point and 1 comment on r/MachineLearning"),
        ({"score": 1234}, "1,234 points on r/MachineLearning"),
        ({"comment_count": 3}, "3 comments on r/MachineLearning"),
        ({"score": 0, "comment_count": 3}, "3 comments on r/MachineLearning"),
        ({"score": 0, "comment_count": 0}, ""),
        ({"score": -7}, ""),
    ],
)
def test_community_says_only_what_is_known(fields, reason):
    assert reason == part("community", thread(**fields)).reason


def test_two_threads_count_together_and_the_bigger_one_is_named():
    two = part("community", thread(score=50), thread(id="reddit:u", score=200))

    assert "200 points on r/MachineLearning, and 1 other thread" == two.reason
    assert two.value > part("community", thread(score=200)).value


def test_an_unknown_score_is_neutral_and_not_zero():
    unknown, ignored, liked = (part("community", thread(score=s)) for s in (None, 0, 50))

    assert ignored.value < unknown.value < liked.value
    assert "" == unknown.reason


def listed(upvotes=None, comments=None, citations=None, **fields):
    """A paper with signals; None leaves one out."""
    counts = {"upvotes": upvotes, "comments": comments}
    signals = [
        Signal(name=name, source="Hugging Face papers", value=value)
        for name, value in counts.items()
        if value is not None
    ]
    if citations is not None:
        signals.append(Signal(name="citations", source="Semantic Scholar", value=citations))
    return item(signals=tuple(signals), **fields)


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (listed(42), "42 upvotes on Hugging Face papers"),
        (listed(1, 0), "1 upvote on Hugging Face papers"),
        (listed(42, 3), "42 upvotes and 3 comments on Hugging Face papers"),
        (listed(None, 3), "3 comments on Hugging Face papers"),
        (listed(0, 0), ""),
    ],
)
def test_upvotes_of_a_list_are_told_in_words(paper, reason):
    assert reason == part("community", paper).reason


def test_an_upvote_counts_as_much_as_a_point():
    assert (
        part("community", listed(42, 3)).value
        == part("community", thread(score=42, comment_count=3)).value
    )


def test_threads_and_lists_count_together_and_are_told_one_after_the_other():
    threads = (
        thread(score=183, comment_count=14),
        thread(id="hn:1", score=9, source="Hacker News"),
    )

    told = part("community", listed(42), *threads)

    assert (
        "183 points and 14 comments on r/MachineLearning, 1 other thread,"
        " and 42 upvotes on Hugging Face papers" == told.reason
    )
    assert told.value > part("community", item(), *threads).value
    assert "9 points on Hacker News, and 42 upvotes on Hugging Face papers" == (
        part("community", listed(42), threads[1]).reason
    )


def test_a_paper_on_a_list_is_worth_no_less_than_one_on_none():
    assert part("community", listed(0)).value == part("community", item()).value
    assert part("community", listed(20)).value > part("community", item()).value


def test_citations_and_the_sentence_of_a_model_are_no_echo_of_the_week():
    assert part("community", item()) == part("community", listed(citations=900))
    assert part("community", listed(42)) == part("community", listed(42, citations=900))


def test_a_list_and_an_enricher_are_no_tellers_beside_the_paper():
    paper = listed(42, citations=900, source="Hugging Face papers")

    assert 0 == part("spread", paper).value
    assert "told by r/MachineLearning and a paper" == part("spread", paper, thread()).reason


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_points_are_never_worth_less(a, b):
    low, high = (part("community", thread(score=s)).value for s in sorted((a, b)))

    assert 0 <= low <= high <= 3


def test_spread_names_the_tellers():
    blog = item("feed:a", source="Google AI blog", kind="post")

    told = part("spread", item(), blog, thread())

    assert "told by the Google AI blog, r/MachineLearning and a paper" == told.reason
    assert told.value > part("spread", item(), blog).value > part("spread", item()).value == 0


def test_a_site_that_is_called_news_has_no_article():
    told = part("spread", item(), thread(id="hn:1", source="Hacker News"))

    assert "told by Hacker News and a paper" == told.reason


def test_two_threads_of_one_source_are_one_teller():
    assert (0.0, "") == (
        (told := part("spread", thread(), thread(id="reddit:u"))).value,
        told.reason,
    )


def test_interest_names_topics_keywords_and_authors():
    wanted = Interests(
        topics=("Computer Vision",), keywords=("state space",), authors=("Y. LeCun",)
    )
    one = item(title="State spaces for image recognition", authors=("Yann LeCun", "A. B."))

    assert (
        "matches your topic computer vision and keyword state space; by Y. LeCun, whom you follow"
        == part("interest", one, interests=wanted).reason
    )


def test_a_match_in_the_title_counts_more_than_one_in_the_text_and_both_more_than_none():
    wanted = Interests(keywords=("distillation",))
    values = [
        part("interest", i, interests=wanted).value
        for i in (item(title="On distillation"), item(text="By distillation."), item())
    ]

    assert values[0] > values[1] > values[2] == 0


def test_many_keywords_do_not_outweigh_everything():
    words = tuple(f"word{i}" for i in range(100))

    assert (
        3.0
        >= part("interest", item(text=" ".join(words)), interests=Interests(keywords=words)).value
    )


def test_what_the_reader_avoids_counts_against_a_story():
    wanted = Interests(avoid=("blockchain",))
    in_title, in_text = (
        part("avoid", i, interests=wanted)
        for i in (item(title="Blockchains"), item(text="A blockchain."))
    )

    assert "matches what you avoid: blockchain" == in_title.reason
    assert in_title.value < in_text.value < 0 == part("avoid", item(), interests=wanted).value


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "12 pages, accepted at NeurIPS 2021"},
        {"id": "openreview:a", "note": "NeurIPS 2021 Conference"},
        {"id": "feed:a", "source": "NeurIPS blog", "kind": "post"},
    ],
)
def test_a_venue_is_found_in_comment_and_source(fields):
    told = part("interest", item(fields.pop("id", "arxiv:1"), **fields), interests=VENUES)

    assert "in NeurIPS, which you follow" == told.reason
    assert told.value > 0


def test_the_flair_of_a_thread_is_no_venue():
    told = part("interest", thread(note="Discussion"), interests=Interests(venues=("discussion",)))

    assert (0, "") == (told.value, told.reason)


def test_a_keyword_with_a_minus_counts_against_a_story():
    wanted = Interests(keywords=("state space", "-blockchain"))

    told = part("avoid", item(title="Blockchains"), interests=wanted)

    assert "matches what you avoid: blockchain" == told.reason
    assert 0 == part("interest", item(title="Blockchains"), interests=wanted).value


def test_what_ratings_say_is_a_part_like_any_other():
    one, other = story(item("arxiv:a")), story(item("arxiv:b"))
    liked = {"arxiv:b": ScorePart(name="liked", value=1.5, reason="because you liked “X”")}

    first, second = rank([one, other], interests=Interests(), lectures=(), week=WEEK, liked=liked)

    assert ("arxiv:b", "because you liked “X”") == (first.story.key, first.reasons[0])
    assert first.score == pytest.approx(second.score + 1.5)
    assert "liked" not in [p.name for p in second.parts]


def test_course_names_the_closest_lecture():
    lessons = (
        Lesson(),
        Lesson(number=2, title="Short history", keywords=("ImageNet", "batch normalization")),
    )
    one = item(title="Without batch normalization", text="By gradient clipping.")

    assert (
        "close to lecture 11, Batch normalization" == part("course", one, lectures=lessons).reason
    )


def test_one_mention_in_passing_is_no_relation_to_a_lecture():
    assert (0.0, "") == (
        (
            told := part("course", item(text="Unlike batch normalization."), lectures=(Lesson(),))
        ).value,
        told.reason,
    )


def test_what_a_long_text_touches_on_far_down_is_not_what_it_is_about():
    long = "Words on another matter. " * 100 + "Batch normalization and gradient clipping. " * 3

    assert 0 == part("course", item(text=long), lectures=(Lesson(),)).value


def test_the_comments_are_what_a_discussion_says():
    answer = Comment(id="c", author="a", text="By gradient clipping. " * 3, url="https://x.org/c")

    assert part("course", thread(comments=(answer,)), lectures=(Lesson(),)).value > 0


def test_a_word_of_every_story_points_to_no_lecture():
    lesson = Lesson(keywords=("loss",))
    others = [story(item(f"arxiv:2102.1{i:04}", text="The loss.")) for i in range(30)]
    one = item(title="A loss", text="")

    assert part("course", one, lectures=(lesson,)).value > 0
    assert 0 == part("course", one, lectures=(lesson,), others=others).value


def test_substance_gives_figures_and_code():
    rich = item(
        text=f"{TEXT} It reaches 86.5% on eight data sets, 8.7x faster.",
        links=("https://github.com/a/b",),
    )

    told = part("substance", rich)

    assert "gives figures (86.5%, eight data sets); links code" == told.reason
    assert told.value > part("substance", item()).value > part("substance", item(text="")).value


@pytest.mark.parametrize(
    "text", ["In 2021.", "Version 2.0 of it.", "See arXiv 2102.06171.", "In 3D."]
)
def test_years_versions_and_ids_are_no_figures(text):
    assert "" == part("substance", item(text=text)).reason


def test_a_journal_is_named_and_a_preprint_server_is_not():
    journal = item("doi:10.1371/x", source="PLOS Genetics", doi="10.1371/x")
    preprint = item("doi:10.1101/x", source="bioRxiv", doi="10.1101/x")

    submission = item("openreview:abc", source="OpenReview", note="ICLR 2021 Conference")

    assert "published in PLOS Genetics" == part("authority", journal).reason
    assert 0 == part("authority", preprint).value == part("authority", submission).value


def test_an_old_paper_that_a_thread_named_is_no_news_by_itself():
    old = item(published=datetime(2018, 3, 9, tzinfo=UTC))

    assert "from March 2018, before this week" == part("recency", old).reason
    assert part("recency", old).value < -5
    assert part("recency", old, thread()).value >= 0, "told anew this week"


def test_an_item_without_a_date_is_of_this_week():
    assert part("recency", item(published=None)).value > 0


@pytest.mark.parametrize(
    "title",
    [
        "[D] Simple Questions Thread February 07, 2021",
        "[D] Monthly Who's Hiring thread",
        "Ask HN: Who is hiring? (February 2021)",
    ],
)
def test_a_thread_that_is_opened_every_week_is_never_shown(title):
    ranked = rank(
        [story(thread(title=title, score=900, comment_count=900))],
        interests=Interests(),
        lectures=(),
        week=WEEK,
    )

    assert ((), ()) == ((selection := choose(ranked, Length())).full, selection.brief)


def test_the_score_is_the_sum_of_the_parts_and_the_best_comes_first_with_reasons():
    ranked = rank(
        [story(item("arxiv:b")), story(item("arxiv:a")), story(item("arxiv:c"), thread(score=99))],
        interests=Interests(), lectures=(), week=WEEK,
    )  # fmt: skip

    assert ["arxiv:c", "arxiv:a", "arxiv:b"] == [r.story.key for r in ranked]
    assert all(sum(p.value for p in r.parts) == pytest.approx(r.score) for r in ranked)
    assert "99 points on r/MachineLearning" == ranked[0].reasons[0]


@given(st.permutations(range(6)))
def test_the_order_of_the_stories_does_not_matter(order):
    stories = [story(item(f"arxiv:{i}", title=f"Vision {i % 2}")) for i in range(6)]
    shuffled = [stories[i] for i in order]

    assert rank(stories, interests=Interests(), lectures=(), week=WEEK) == rank(
        shuffled, interests=Interests(), lectures=(), week=WEEK
    )


def test_no_stories_make_no_ranking_and_an_empty_selection():
    assert () == rank([], interests=Interests(), lectures=(Lesson(),), week=WEEK)
    assert ((), (), ()) == (
        (selection := choose([], Length())).full, selection.brief, selection.left_out,
    )  # fmt: skip


# -- choosing ---------------------------------------------------------------------------------------------------------


def scored(score, name="", topic="vision", **fields):
    one = item(name or f"arxiv:{score}", **fields)
    return Ranked(
        story=story(one),
        score=score,
        parts=(ScorePart(name="x", value=score),),
        topics=(topic,) if topic else (),
    )


def keys(ranked):
    return [r.story.key for r in ranked]


def test_everything_is_in_full_in_brief_or_left_out():
    ranked = [scored(9 - i / 10, f"n{i}", topic="") for i in range(40)]

    chosen = choose(ranked, Length(full_stories=5, brief_stories=10))

    assert [5, 10, 25] == [len(chosen.full), len(chosen.brief), len(chosen.left_out)]
    assert keys(ranked) == keys((*chosen.full, *chosen.brief, *chosen.left_out))


def test_no_more_of_one_topic_in_full_than_configured():
    ranked = [scored(9.0 - i / 10, f"v{i}") for i in range(5)] + [scored(8.0, "t", topic="theory")]

    assert ["v0", "v1", "t"] == keys(choose(ranked, Length(full_stories=4, per_topic=2)).full)


def test_no_more_of_one_source_in_full_than_configured():
    ranked = [scored(9.0 - i / 10, f"a{i}", topic="") for i in range(5)]
    ranked += [scored(8.0, "p", topic="", source="PLOS")]

    assert ["a0", "a1", "p"] == keys(choose(ranked, Length(full_stories=4, per_source=2)).full)


def test_the_only_source_is_not_limited():
    ranked = [scored(9.0 - i, f"a{i}", topic="") for i in range(5)]

    assert 5 == len(choose(ranked, Length(full_stories=5, per_source=2)).full)


def test_where_scores_are_close_another_topic_is_told():
    ranked = [
        scored(9.0, "v0"),
        scored(8.0, "v1"),
        scored(7.9, "t", topic="theory"),
        scored(4.0, "u", topic="rl"),
    ]

    assert ["v0", "t"] == keys(choose(ranked, Length(full_stories=2)).full)


def a_thread(score, name="d", **fields):
    given = {"source": "r/ML", "kind": "thread", "title": "[D] Why?", "topic": ""}
    return scored(score, name, **(given | fields))


def test_one_place_is_kept_for_a_discussion_and_one_for_the_press():
    papers = [scored(9.0 - i / 10, f"a{i}", topic="", source=f"s{i % 3}") for i in range(9)]
    press = scored(6.0, "p", topic="", source="The Batch", kind="article")

    assert ["a0", "a1", "d", "p"] == keys(
        choose([*papers, a_thread(7.0), press], Length(full_stories=4)).full
    )


def test_no_place_is_kept_for_a_poor_story():
    papers = [scored(9.0 - i / 10, f"a{i}", topic="", source=f"s{i % 3}") for i in range(9)]

    assert ["a0", "a1", "a2", "a3"] == keys(
        choose([*papers, a_thread(2.0)], Length(full_stories=4)).full
    )


def test_no_place_is_kept_where_none_is_wanted():
    papers = [scored(9.0 - i / 10, f"a{i}", topic="", source=f"s{i % 3}") for i in range(9)]
    press = scored(6.0, "p", topic="", source="The Batch", kind="article")
    length = Length(full_stories=4, keep_discussion=False, keep_non_paper=False)

    assert ["a0", "a1", "a2", "a3"] == keys(choose([*papers, a_thread(7.0), press], length).full)


def test_no_place_is_kept_for_a_standing_thread_however_many_take_part():
    papers = [scored(9.0 - i / 10, f"a{i}", topic="", source=f"s{i % 3}") for i in range(9)]
    standing = (ScorePart(name="x", value=12.0), ScorePart(name="standing", value=-5.0))
    thread = replace(a_thread(7.0, title="[D] Simple Questions Thread"), parts=standing)

    assert ["a0", "a1", "a2", "a3"] == keys(choose([*papers, thread], Length(full_stories=4)).full)


def test_an_issue_is_not_made_of_threads():
    threads = [a_thread(9.0 - i / 10, f"d{i}", source=f"r/{i}") for i in range(6)]
    papers = [scored(7.0 - i / 10, f"a{i}", topic="", source=f"s{i}") for i in range(6)]

    assert ["d0", "d1", "a0", "a1", "a2", "a3"] == keys(
        choose([*threads, *papers], Length(full_stories=6)).full
    )


def test_a_story_without_any_text_is_told_in_one_line_only():
    ranked = [scored(9.0, "empty", topic="", text=""), scored(5.0, "a", topic="")]

    chosen = choose(ranked, Length())

    assert (["a"], ["empty"]) == (keys(chosen.full), keys(chosen.brief))


def test_a_thread_of_a_bare_title_can_be_told_by_its_comments():
    answer = Comment(id="c", author="a", text="Because.", url="https://x.org/c")

    assert ["d"] == keys(choose([a_thread(5.0, text="", comments=(answer,))], Length()).full)


def test_a_poor_story_does_not_fill_a_place_before_far_better_ones():
    ranked = [scored(9.0 - i / 10, f"a{i}", topic="") for i in range(6)]
    ranked += [scored(1.0, "poor", topic="", source="PLOS")]

    assert ["a0", "a1", "a2"] == keys(choose(ranked, Length(full_stories=6, per_source=3)).full)


def test_below_zero_nothing_is_shown():
    chosen = choose([scored(-0.1, "x")], Length())

    assert ((), (), ["x"]) == (chosen.full, chosen.brief, keys(chosen.left_out))


def test_briefs_take_turns_where_scores_are_close():
    ranked = [scored(5.0 - i / 100, f"a{i}", topic="", source="arXiv") for i in range(9)]
    ranked += [
        scored(4.8, "b", topic="", source="PLOS", text=""),
        scored(4.75, "c", topic="", source="X", text=""),
    ]

    brief = choose(ranked, Length(full_stories=1, brief_stories=4)).brief

    assert {"b", "c"} < set(keys(brief))
    assert sorted((r.score for r in brief), reverse=True) == [r.score for r in brief]


def test_a_source_that_is_nowhere_else_gets_a_line():
    ranked = [scored(5.0, f"a{i}", topic="", source="arXiv") for i in range(9)]
    ranked += [scored(3.5, "b", topic="", source="PLOS", text="")]

    assert "b" in keys(choose(ranked, Length(full_stories=1, brief_stories=4)).brief)


def test_no_briefs_are_made_where_none_are_wanted():
    assert () == choose([scored(5.0, f"a{i}") for i in range(9)], Length(brief_stories=0)).brief


def traced(ranked, length):
    """By key, the place, the rule that gave it, and the rule that kept the story from being told in full."""
    return {p.key: (p.place, p.rule, p.not_full) for p in choose(ranked, length).trace}


def test_the_trace_names_the_limit_that_shut_a_better_story_out():
    vision = [scored(9.0 - i / 10, f"v{i}", source=f"s{i}") for i in range(3)]
    found = traced([*vision, scored(6.0, "t", topic="theory")], Length(full_stories=3, per_topic=2))

    assert {
        "v0": ("full", "score", None),
        "v1": ("full", "score", None),
        "t": ("full", "score", None),
        "v2": ("brief", "score", "topic_limit"),
    } == found


def test_the_trace_tells_a_limit_from_a_score_that_is_too_low():
    ranked = [scored(9.0 - i, f"a{i}", topic="") for i in range(4)]
    ranked += [scored(5.5, "p", topic="", source="PLOS"), scored(1.0, "a4", topic="")]
    found = traced(ranked, Length(full_stories=3, per_source=2, brief_stories=0))

    assert ("full", "score", None) == found["p"]
    assert ("left_out", "no_lines", "source_limit") == found["a2"]
    assert ("left_out", "no_lines", "outscored") == found["a4"]


def test_the_trace_names_kept_places_and_what_can_never_be_told():
    papers = [scored(9.0 - i / 10, f"a{i}", topic="", source=f"s{i % 3}") for i in range(9)]
    press = scored(6.0, "p", topic="", source="The Batch", kind="article")
    rest = [scored(5.0, "bare", topic="", text=""), scored(-1.0, "avoided", topic="")]
    found = traced([*papers, a_thread(7.0), press, *rest], Length(full_stories=4, brief_stories=1))

    assert ("full", "kept_discussion", None) == found["d"]
    assert ("full", "kept_non_paper", None) == found["p"]
    assert ("left_out", "outscored", "too_little_text") == found["bare"]
    assert ("left_out", "below_zero", "below_zero") == found["avoided"]


def test_the_trace_tells_of_places_that_stay_empty():
    ranked = [scored(9.0 - i / 10, f"a{i}", topic="") for i in range(6)]
    ranked += [scored(1.0, "poor", topic="", source="PLOS")]

    assert "far_behind" == traced(ranked, Length(full_stories=6, per_source=3))["poor"][2]


def test_the_trace_tells_of_lines_given_to_other_sources():
    ranked = [scored(5.0, f"a{i}", topic="", source="arXiv") for i in range(9)]
    ranked += [scored(3.5, "b", topic="", source="PLOS", text="")]
    found = traced(ranked, Length(full_stories=1, brief_stories=4))

    assert "unheard_source" == found["b"][1]
    assert ["gave_way"] == [rule for place, rule, _ in found.values() if rule == "gave_way"]


@given(
    st.lists(
        st.tuples(st.integers(-2, 9), st.sampled_from("ab"), st.sampled_from(["", "t", "u"])),
        max_size=14,
    )
)
def test_limits_hold_and_no_story_is_lost_or_shown_twice(rows):
    ranked = [scored(s, f"n{i}", topic=t, source=src) for i, (s, src, t) in enumerate(rows)]
    ranked.sort(key=lambda r: (-r.score, r.story.key))
    length = Length(full_stories=4, brief_stories=3, per_topic=2, per_source=2)

    chosen = choose(ranked, length)

    everything = (*chosen.full, *chosen.brief, *chosen.left_out)
    assert sorted(keys(ranked)) == sorted(keys(everything))
    assert len(chosen.full) <= 4
    assert len(chosen.brief) <= 3
    assert all(r.score >= 0 for r in (*chosen.full, *chosen.brief))
    topics = [r.topics[0] for r in chosen.full if r.topics]
    assert all(topics.count(t) <= 2 for t in topics)
    assert keys(ranked) == [p.key for p in chosen.trace]
    places = {"full": chosen.full, "brief": chosen.brief, "left_out": chosen.left_out}
    assert all(p.key in keys(places[p.place]) for p in chosen.trace)
    given = {"score", "kept_discussion", "kept_non_paper", "unheard_source"}
    assert all((p.rule in given) == (p.place != "left_out") for p in chosen.trace)
    assert all((p.not_full is None) == (p.place == "full") for p in chosen.trace)


def test_a_story_of_the_week_outranks_the_same_story_of_last_year():
    old = story(item("arxiv:old", published=DAY - timedelta(days=365)))
    new = replace(old, key="arxiv:new", items=(item("arxiv:new"),))

    assert ["arxiv:new", "arxiv:old"] == keys(
        rank([old, new], interests=Interests(), lectures=(), week=WEEK)
    )
