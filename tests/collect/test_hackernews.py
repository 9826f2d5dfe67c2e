"""Hacker News by its search; the numbers are those of the traps that a test stands for."""

import re
from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.collect.hackernews import MAX_SEARCHES, parse_hits, parse_thread
from digest.errors import ParseError
from digest.identity import canonical_url
from digest.sources import HackerNewsSource
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes_json import MONDAY, as_json, hn_comment, hn_hit, hn_hits
from tests.loopback import Answer

SOURCE = HackerNewsSource(kind="hackernews")
SEARCH = "/search_by_date"
THREAD = "/items/26000001"
WORDS = "A comment of some length on the matter."


@pytest.fixture
def fetch(site, http):
    def fetch(*, queries=("LLM",), until=UNTIL, **fields):
        source = HackerNewsSource(kind="hackernews", url=site.url, queries=queries, **fields)
        (fetched,) = collect([source], http, since=SINCE, until=until, environ={})
        return fetched

    return fetch


def bounds(asked):
    """The window that a search asked for, in seconds, ends included and excluded."""
    low, high = re.findall(r"created_at_i[<>](\d+)", asked.query["numericFilters"])
    return int(low) + 1, int(high)


def crowd(count, *, most):
    """A search over ``count`` stories, evenly spread over the window, that gives ``most`` of them at a time."""
    step = (UNTIL - SINCE).total_seconds() / count
    stories = [
        hn_hit(str(n + 1), created_at_i=int(SINCE.timestamp() + step * n)) for n in range(count)
    ]

    def answer(asked):
        low, high = bounds(asked)
        found = [s for s in stories if low <= s["created_at_i"] < high]
        return as_json(hn_hits(*found[:most], total=len(found)))

    return answer


# -- stories ----------------------------------------------------------------------------------------------------------


def test_a_hit_becomes_a_thread_that_links_its_story(visit):
    (item,) = parse_hits([hn_hit(num_comments=17)], SOURCE, visit)

    assert ("hn:26000001", "thread", "A new network") == (item.id, item.kind, item.title)
    assert "https://news.ycombinator.com/item?id=26000001" == item.url == canonical_url(item.url)
    assert ("https://blog.example.org/network",) == item.links
    assert (120, 17, ("someone",)) == (item.score, item.comment_count, item.authors)
    assert datetime(2021, 2, 8, 12, tzinfo=UTC) == item.published
    assert "" == item.text


def test_trap_66_a_question_has_no_url_but_text_and_the_links_in_it(visit):
    text = 'Which &quot;one&quot;?<p>I read <a href="https:&#x2F;&#x2F;arxiv.org&#x2F;abs&#x2F;2102.06171">this</a>.'
    (item,) = parse_hits([hn_hit(url=None, story_text=text)], SOURCE, visit)

    assert 'Which "one"?\n\nI read this.' == item.text
    assert ("https://arxiv.org/abs/2102.06171",) == item.links


def test_trap_66_deleted_stories_are_left_out_without_a_word(visit):
    hits = [None, hn_hit(deleted=True), hn_hit(dead=True), hn_hit()]

    assert 1 == len(parse_hits(hits, SOURCE, visit))
    assert [] == visit.skip_reasons


@pytest.mark.parametrize(
    "hit", [7, [], {}, hn_hit(title=None), hn_hit(title=" "), hn_hit(""), hn_hit("x/../y")]
)
def test_a_hit_without_id_or_title_is_skipped_and_counted(visit, hit):
    assert ["hn:26000001"] == [i.id for i in parse_hits([hit, hn_hit()], SOURCE, visit)]
    assert 1 == len(visit.skip_reasons)


def test_a_number_may_stand_for_the_id_and_a_string_for_a_count(visit):
    (item,) = parse_hits([hn_hit(26000001, points="120", num_comments=None)], SOURCE, visit)

    assert ("hn:26000001", 120, None) == (item.id, item.score, item.comment_count)


# -- searches ---------------------------------------------------------------------------------------------------------


def test_each_query_asks_for_the_window_and_the_points(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit()))
    fetch(queries=("LLM", "neural network"), min_points=55)

    assert ["LLM", "neural network"] == [asked.query["query"] for asked in site.asked]
    assert {"story"} == {asked.query["tags"] for asked in site.asked}
    assert (SINCE.timestamp(), UNTIL.timestamp()) == bounds(site.asked[0])
    assert site.asked[0].query["numericFilters"].endswith(",points>=55")


def test_a_story_that_two_queries_find_is_one(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit()))

    assert 1 == len(fetch(queries=("LLM", "neural network")).items)


def test_a_search_never_looks_beyond_now(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits())
    fetched = fetch(until=datetime(2021, 3, 1, tzinfo=UTC))

    assert datetime(2021, 2, 15, 8, tzinfo=UTC).timestamp() == bounds(site.asked[0])[1]
    assert (None, ()) == (fetched.error, fetched.warnings)


def test_trap_66_more_hits_than_one_search_gives_are_asked_for_in_halves(site, fetch):
    site.routes[SEARCH] = crowd(100, most=30)
    fetched = fetch()

    assert {f"hn:{n + 1}" for n in range(100)} == {item.id for item in fetched.items}
    assert ((), None) == (fetched.warnings, fetched.error)
    assert 7 == len(site.asked)


def test_trap_66_a_server_that_always_names_more_than_it_gives_is_not_asked_forever(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit(), total=10**6))
    fetched = fetch()

    assert (1, MAX_SEARCHES) == (len(fetched.items), len(site.asked))
    assert "some are left out" in fetched.warnings[0]


def test_the_stories_with_most_points_come_first_and_are_kept(site, fetch):
    hits = [hn_hit(str(n), points=n) for n in range(1, 6)]
    site.routes[SEARCH] = as_json(hn_hits(*hits))
    fetched = fetch(max_items=2)

    assert [5, 4] == [item.score for item in fetched.items]
    assert "only the 2 of 5 stories" in fetched.warnings[0]


def test_where_a_query_fails_what_the_others_found_is_kept(site, fetch):
    site.routes[SEARCH] = [as_json(hn_hits(hn_hit())), Answer("{", 200)]
    fetched = fetch(queries=("LLM", "neural network"))

    assert 1 == len(fetched.items)
    assert isinstance(fetched.error, ParseError)


# -- comments ---------------------------------------------------------------------------------------------------------


def test_comments_come_in_the_order_of_depth_and_of_what_they_drew():
    thread = {
        "children": [
            hn_comment(1, f"<p>{WORDS}"),
            hn_comment(2, "Much answered.", hn_comment(3, "An answer."), hn_comment(4, "Another.")),
        ]
    }

    assert [("hn:2", 0), ("hn:1", 0), ("hn:3", 1), ("hn:4", 1)] == [
        (c.id, c.depth) for c in parse_thread(thread)
    ]


def test_a_comment_is_plain_text_with_its_address_and_no_score():
    (comment,) = parse_thread({"children": [hn_comment(9, "I <i>do</i> &gt; you.<p>Truly.")]})

    assert ("I do > you.\n\nTruly.", "reader") == (comment.text, comment.author)
    assert ("https://news.ycombinator.com/item?id=9", None) == (comment.url, comment.score)


def test_a_deleted_comment_is_left_out_and_the_answers_to_it_are_kept():
    gone = hn_comment(1, None, hn_comment(2, WORDS), author=None)

    assert [("hn:2", 1)] == [(c.id, c.depth) for c in parse_thread({"children": [None, gone, 7]})]


def test_a_thread_nested_by_the_hundred_is_read_to_its_end():
    child = hn_comment(1000, WORDS)
    for n in range(999, 0, -1):
        child = hn_comment(n, WORDS, child)

    assert 999 == parse_thread({"children": [child]})[-1].depth


def test_the_most_discussed_stories_get_their_comments_up_to_the_limit(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit(num_comments=9), hn_hit("2", points=40)))
    site.routes[THREAD] = as_json({"children": [hn_comment(n, WORDS) for n in range(1, 6)]})
    fetched = fetch(comment_limit=3)

    assert [3, 0] == [len(item.comments) for item in fetched.items]
    assert [SEARCH, THREAD] == site.paths()


def test_no_comments_are_asked_for_where_none_are_wanted(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit(num_comments=9)))
    fetch(comment_limit=0)

    assert [SEARCH] == site.paths()


def test_only_the_ten_most_discussed_are_asked_for_their_comments(site, fetch):
    hits = [hn_hit(str(n), num_comments=n, created_at_i=MONDAY + n) for n in range(1, 31)]
    site.routes[SEARCH] = as_json(hn_hits(*hits))
    for n in range(1, 31):
        site.routes[f"/items/{n}"] = as_json({"children": []})
    fetch()

    assert {f"/items/{n}" for n in range(21, 31)} == set(site.paths()) - {SEARCH}


def test_a_thread_that_cannot_be_read_is_kept_without_comments(site, fetch):
    site.routes[SEARCH] = as_json(hn_hits(hn_hit(num_comments=9)))
    site.routes[THREAD] = Answer("<html>sorry</html>")
    fetched = fetch()

    assert (1, (), None) == (len(fetched.items), fetched.items[0].comments, fetched.error)
    assert (
        "hn:26000001 is kept without its comments: the answer is a web page" == fetched.warnings[0]
    )


def test_after_three_failures_no_more_comments_are_asked_for(site, fetch):
    hits = [hn_hit(str(n), num_comments=n) for n in range(11, 20)]
    site.routes[SEARCH] = as_json(hn_hits(*hits))
    fetched = fetch()

    assert (9, 3, None) == (len(fetched.items), len(fetched.warnings), fetched.error)
