"""Reddit by praw and by Atom, against a loopback server that answers in its formats and with its faults."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import collect
from digest.errors import FetchError, ParseError
from digest.net import Http
from digest.sources import RedditSource
from digest.types import Deletions
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes import (
    listing,
    reddit_comment,
    reddit_entry,
    reddit_feed,
    reddit_post,
)
from tests.loopback import Answer

CREDENTIALS = {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}
TOKEN = "/api/v1/access_token"
TOP = "/r/MachineLearning/top"
FEED = "/r/MachineLearning/top/.rss"
LINK_TAIL = (
    '<table><tr><td><a href="https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/"><img src="x"/></a></td><td>'
    ' &#32; submitted by &#32; <a href="https://www.reddit.com/user/a"> /u/a </a> <br/> <span><a href="{}">[link]</a></span>'
    ' &#32; <span><a href="https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/">[comments]</a></span></td></tr></table>'
)


def as_json(data, **fields):
    return Answer(json.dumps(data), headers={"Content-Type": "application/json"}, **fields)


@pytest.fixture
def reddit(site):
    """A server with a token to give and an empty week."""
    token = {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    site.routes[TOKEN] = as_json(token)
    site.routes[TOP] = as_json(listing())
    site.routes[FEED] = Answer(reddit_feed())
    return site


@pytest.fixture
def fetch(reddit, http):
    def fetch(environ=CREDENTIALS, **fields):
        urls = dict.fromkeys(("url", "reddit_url", "oauth_url"), reddit.url)
        source = RedditSource(kind="reddit", subreddit="MachineLearning", **urls, **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ=environ)
        return fetched

    return fetch


# -- by the API -------------------------------------------------------------------------------------------------------


def test_a_post_becomes_a_thread(reddit, fetch):
    body = '<!-- SC_OFF --><div class="md"><p>Why so?</p>\n\n<p>See <a href="https://arxiv.org/abs/2102.06171">this</a>.</p></div>'
    post = reddit_post(
        selftext="Why so?", selftext_html=body, num_comments=1, link_flair_text="Discussion"
    )
    reddit.routes[TOP] = as_json(listing(post))
    fetched = fetch()
    (item,) = fetched.items
    assert (item.id, item.kind, item.source) == ("reddit:abc1", "thread", "r/MachineLearning")
    assert item.title == "[D] A question"
    assert item.text == "Why so?\n\nSee this."
    assert item.url == "https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/"
    assert item.links == ("https://arxiv.org/abs/2102.06171",)
    assert (item.score, item.comment_count, item.note) == (10, 1, "Discussion")
    assert item.published == datetime(2021, 2, 8, 12, tzinfo=UTC)
    assert item.authors == ("someone",)
    assert (fetched.error, fetched.warnings) == (None, ())


def test_the_top_of_the_week_is_asked_for_with_a_token(reddit, fetch):
    fetch()
    token, top = reddit.asked
    assert token.body == b"grant_type=client_credentials"
    assert token.headers["authorization"].startswith("Basic ")
    assert top.headers["authorization"] == "bearer t"
    assert top.query == {"t": "week", "limit": "300", "raw_json": "1"}
    assert top.headers["user-agent"].startswith("ml-digest/")


def test_every_page_of_the_listing_is_read(reddit, fetch):
    pages = [
        listing(reddit_post("abc1"), reddit_post("abc2"), after="t3_abc2"),
        listing(reddit_post("abc3")),
    ]
    reddit.routes[TOP] = [as_json(page) for page in pages]
    assert [item.id for item in fetch().items] == ["reddit:abc1", "reddit:abc2", "reddit:abc3"]
    assert reddit.asked[-1].query["after"] == "t3_abc2"


def test_each_call_leaves_a_receipt(reddit, fetch):
    receipts = fetch().receipts
    assert [r.status for r in receipts] == [200, 200]
    assert receipts[1].url.startswith(reddit.url + TOP)


def test_trap_38_stickied_adult_and_automatic_posts_are_left_out(reddit, fetch):
    posts = [
        reddit_post("abc1", stickied=True),
        reddit_post("abc2", over_18=True),
        reddit_post("abc3", author="AutoModerator"),
        reddit_post("abc4"),
    ]
    reddit.routes[TOP] = as_json(listing(*posts))
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc4"]
    assert fetched.skipped == 0


def test_trap_39_what_was_deleted_or_removed_is_no_item_and_must_be_purged(reddit, fetch):
    posts = [
        reddit_post("abc1", author=None, selftext="[removed]"),
        reddit_post("abc2", author="[deleted]", selftext="[deleted]"),
        reddit_post("abc3", selftext="still there", removed_by_category="moderator"),
        reddit_post("abc4"),
    ]
    reddit.routes[TOP] = as_json(listing(*posts))
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc4"]
    assert fetched.deletions == Deletions(items=("reddit:abc1", "reddit:abc2", "reddit:abc3"))
    assert fetched.skipped == 0


@pytest.mark.parametrize("author", [None, "[deleted]"])
def test_trap_39_a_deleted_account_is_nobody_and_must_be_forgotten(reddit, fetch, author):
    reddit.routes[TOP] = as_json(listing(reddit_post("abc1", author=author)))
    fetched = fetch()
    assert [item.authors for item in fetched.items] == [()]
    assert fetched.deletions == Deletions(authors=("reddit:abc1",))


@pytest.mark.parametrize(("days", "span"), [(0, "week"), (1, "week"), (7, "month"), (60, "year")])
def test_a_missed_week_is_looked_for_in_the_top_of_the_month(reddit, site, days, span):
    urls = dict.fromkeys(("url", "reddit_url", "oauth_url"), reddit.url)
    source = RedditSource(kind="reddit", subreddit="MachineLearning", **urls)
    with Http(wall_clock=(UNTIL + timedelta(days=days)).timestamp) as http:
        list(collect([source], http, since=SINCE, until=UNTIL, environ=CREDENTIALS))
    assert [a.query["t"] for a in site.asked if a.path == TOP] == [span]


def test_trap_37_asking_for_a_missing_field_costs_no_call(reddit, fetch):
    post = reddit_post()
    for name in ("link_flair_text", "over_18", "stickied", "is_self"):
        del post["data"][name]
    reddit.routes[TOP] = as_json(listing(post))
    assert len(fetch().items) == 1
    assert reddit.paths() == [TOKEN, TOP]


def test_trap_40_text_without_html_is_unescaped_and_stripped_of_markdown(reddit, fetch):
    text = "**Why** is a &lt; b &amp; c?\n\n* [one](https://a.org/1)\n* two: https://b.org/2."
    reddit.routes[TOP] = as_json(listing(reddit_post(title="R&amp;D", selftext=text)))
    (item,) = fetch().items
    assert item.title == "R&D"
    assert item.text == "Why is a < b & c?\n\none\n\ntwo: https://b.org/2."
    assert item.links == ("https://a.org/1", "https://b.org/2")


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/", ()),
        ("https://old.reddit.com/r/MachineLearning/comments/abc1/a_question", ()),
        (
            "/r/other/comments/xyz9/a_crosspost/",
            ("https://www.reddit.com/r/other/comments/xyz9/a_crosspost/",),
        ),
        ("https://arxiv.org/abs/2102.06171", ("https://arxiv.org/abs/2102.06171",)),
    ],
)
def test_trap_41_the_url_of_a_post_is_a_link_unless_it_is_itself(reddit, fetch, url, links):
    reddit.routes[TOP] = as_json(listing(reddit_post(is_self=False, url=url)))
    assert fetch().items[0].links == links


def test_the_flair_is_read_from_the_tag_where_there_is_none(reddit, fetch):
    titles = ["[R] a", " [project] b", "[N]c", "no tag [D]"]
    posts = [reddit_post(f"abc{i}", title=title) for i, title in enumerate(titles)]
    reddit.routes[TOP] = as_json(listing(*posts))
    assert [item.note for item in fetch().items] == ["Research", "Project", "News", ""]


def test_posts_before_the_window_are_left_out_and_later_ones_kept(reddit, fetch):
    days = {"abc1": SINCE.timestamp() - 1, "abc2": SINCE.timestamp(), "abc3": UNTIL.timestamp() + 9}
    posts = [reddit_post(post_id, created_utc=at) for post_id, at in days.items()]
    reddit.routes[TOP] = as_json(listing(*posts))
    assert [item.id for item in fetch().items] == ["reddit:abc2", "reddit:abc3"]


# -- comments ---------------------------------------------------------------------------------------------------------


def with_comments(reddit, *comments, **fields):
    post = reddit_post(num_comments=9, **fields)
    reddit.routes[TOP] = as_json(listing(post))
    reddit.routes["/comments/abc1/"] = as_json([listing(post), listing(*comments)])


def test_the_comments_of_a_discussed_post_come_best_first(reddit, fetch):
    answer = reddit_comment("c3", "So do I.", score=7, depth=1, parent_id="t1_c1")
    more = {
        "kind": "more",
        "data": {
            "count": 3,
            "id": "c9",
            "children": ["c9"],
            "parent_id": "t3_abc1",
            "name": "t1_c9",
            "depth": 0,
        },
    }
    with_comments(
        reddit,
        reddit_comment("c1", "I think *so*.", score=3, replies=listing(answer)),
        reddit_comment("c2", "Hidden.", score_hidden=True),
        more,
    )
    (item,) = fetch(comment_limit=3).items
    assert [(c.id, c.score, c.depth) for c in item.comments] == [
        ("reddit:c3", 7, 1),
        ("reddit:c1", 3, 0),
        ("reddit:c2", None, 0),
    ]
    assert item.comments[0].text == "So do I."
    assert item.comments[0].author == "reader"
    assert item.comments[0].url == (
        "https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/c3/"
    )
    assert item.comment_count == 9
    asked = reddit.asked[-1]
    assert (asked.query["limit"], asked.query["sort"]) == ("3", "top")
    assert reddit.paths().count("/comments/abc1/") == 1


def test_comments_that_are_gone_or_automatic_are_left_out(reddit, fetch):
    with_comments(
        reddit,
        reddit_comment("c1", "[deleted]", author=None),
        reddit_comment("c2", "[removed]"),
        reddit_comment("c3", "I am a bot.", author="AutoModerator"),
        reddit_comment("c4", "Rules.", stickied=True),
        reddit_comment("c5", "Real.", author=None),
    )
    (item,) = fetch().items
    assert [(c.id, c.author) for c in item.comments] == [("reddit:c5", "")]


def test_only_the_most_discussed_posts_cost_a_request_for_comments(reddit, fetch):
    posts = [reddit_post(f"abc{n:02d}", num_comments=3, score=n) for n in range(20)]
    posts += [reddit_post("quiet", num_comments=2, score=99)]
    posts += [reddit_post("later", num_comments=9, score=99, created_utc=UNTIL.timestamp())]
    reddit.routes[TOP] = as_json(listing(*posts))
    for post in posts:
        path = f"/comments/{post['data']['id']}/"
        reddit.routes[path] = as_json([listing(post), listing(reddit_comment("c1", "Yes."))])
    fetched = fetch()
    assert len(fetched.items) == 22
    assert {i.id for i in fetched.items if i.comments} == {
        f"reddit:abc{n:02d}" for n in range(5, 20)
    }


def test_no_comments_are_asked_for_where_none_are_wanted(reddit, fetch):
    with_comments(reddit, reddit_comment("c1", "Yes."))
    assert fetch(comment_limit=0).items[0].comments == ()
    assert reddit.paths() == [TOKEN, TOP]


def test_a_post_whose_comments_fail_is_kept_without_them(reddit, fetch):
    with_comments(reddit)
    reddit.routes["/comments/abc1/"] = Answer("<html>", 403)
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc1"]
    assert fetched.error is None
    assert "reddit:abc1 is kept without its comments" in fetched.warnings[0]


def test_where_no_comments_come_at_all_the_source_has_failed_in_part(reddit, fetch):
    posts = [reddit_post(f"abc{n}", num_comments=9) for n in range(5)]
    reddit.routes[TOP] = as_json(listing(*posts))
    fetched = fetch()
    assert len(fetched.items) == 5
    assert "threads are kept without their comments" in fetched.error.message
    assert sum("/comments/" in path for path in reddit.paths()) == 3


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_trap_33_a_429_with_a_date_is_waited_out(reddit, fetch):
    date = "Mon, 15 Feb 2021 08:00:05 GMT"
    reddit.routes[TOP] = [
        Answer("slow down", 429, headers={"Retry-After": date}),
        as_json(listing(reddit_post())),
    ]
    fetched = fetch()
    assert (len(fetched.items), fetched.error) == (1, None)


@pytest.mark.parametrize(
    "limits",
    [
        {"x-ratelimit-remaining": "abc", "x-ratelimit-used": "1", "x-ratelimit-reset": "9"},
        {"x-ratelimit-remaining": "9.0", "x-ratelimit-used": "1.5", "x-ratelimit-reset": "9"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-used": "600", "x-ratelimit-reset": "599"},
    ],
)
def test_trap_34_odd_rate_limits_neither_crash_nor_stall(reddit, fetch, limits):
    post = as_json(
        listing(reddit_post()),
    )
    reddit.routes[TOP] = Answer(post.body, headers={**post.headers, **limits})
    assert len(fetch().items) == 1


@pytest.mark.parametrize(
    ("path", "answer", "kind"),
    [
        (TOP, Answer("<html>whoa there, pardner</html>"), ParseError),
        (TOP, as_json({"kind": "Listing", "data": {}}), ParseError),
        (TOP, as_json([1, 2]), ParseError),
        (TOP, as_json({"error": "odd"}), ParseError),
        (TOP, Answer("[" * 100_000), ParseError),
        (TOP, Answer("no", 404), FetchError),
        (TOP, Answer("no", 500), FetchError),
        (TOP, Answer("no", 429), FetchError),
        (TOP, Answer("half", length=99), FetchError),
        (TOP, Answer(status=302, headers={"Location": "/subreddits/search"}), FetchError),
        (TOKEN, Answer("<html>"), ParseError),
        (TOKEN, as_json({}), ParseError),
        (TOKEN, Answer("no", 503), FetchError),
    ],
    ids=[
        "html",
        "nodata",
        "list",
        "object",
        "deep",
        "404",
        "500",
        "429",
        "short",
        "302",
        "tokenhtml",
        "tokenempty",
        "token503",
    ],
)
def test_trap_35_36_every_failure_of_the_api_is_one_error_and_the_feed_stands_in(
    reddit, fetch, path, answer, kind
):
    reddit.routes[path] = answer
    reddit.routes[FEED] = Answer(reddit_feed(reddit_entry()))
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc1"]
    assert type(fetched.error) is kind
    assert "\n" not in str(fetched.error)
    assert "read by the Atom feed instead" in fetched.warnings[0]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (TOP, Answer("<html>blocked</html>", 403)),
        (TOP, Answer("no", 401)),
        (TOKEN, as_json({"message": "Unauthorized", "error": 401}, status=401)),
        (TOKEN, as_json({"error": "invalid_grant"})),
    ],
    ids=["403", "401", "token401", "grant"],
)
def test_where_the_api_refuses_us_the_feed_takes_its_place(reddit, fetch, path, answer):
    reddit.routes[path] = answer
    reddit.routes[FEED] = Answer(reddit_feed(reddit_entry()))
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc1"]
    assert fetched.error is None
    assert "read by the Atom feed instead" in fetched.warnings[0]


def test_posts_that_came_before_the_api_failed_are_kept(reddit, fetch):
    reddit.routes[TOP] = [as_json(listing(reddit_post(), after="t3_abc1")), Answer("no", 403)]
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc1"]
    assert fetched.error.status == 403
    assert FEED not in reddit.paths()


def test_a_post_that_cannot_be_read_is_skipped_and_counted(reddit, fetch):
    reddit.routes[TOP] = as_json(listing(reddit_post(title=""), reddit_post("abc2")))
    fetched = fetch()
    assert [item.id for item in fetched.items] == ["reddit:abc2"]
    assert fetched.skipped == 1


# -- by the Atom feed -------------------------------------------------------------------------------------------------


def test_trap_42_without_credentials_scores_and_comments_are_unknown(reddit, fetch):
    body = '<!-- SC_OFF --><div class="md"><p>Why so?</p></div><!-- SC_ON -->' + LINK_TAIL.format(
        "https://www.reddit.com/r/MachineLearning/comments/abc1/a_question/"
    )
    reddit.routes[FEED] = Answer(reddit_feed(reddit_entry(content=body)))
    fetched = fetch(environ={})
    (item,) = fetched.items
    assert (item.score, item.comment_count, item.comments) == (None, None, ())
    assert (item.id, item.title, item.text) == ("reddit:abc1", "[D] A question", "Why so?")
    assert (item.note, item.authors, item.links) == ("Discussion", ("someone",), ())
    assert item.published == datetime(2021, 2, 8, 12, tzinfo=UTC)
    assert reddit.asked[0].query == {"t": "week", "limit": "100"}
    assert "set REDDIT_CLIENT_ID" in fetched.warnings[0]
    assert fetched.error is None


def test_the_feed_gives_the_same_item_as_the_api(reddit, fetch):
    target = "https://arxiv.org/abs/2102.06171?a=1&b=2"
    reddit.routes[TOP] = as_json(listing(reddit_post(is_self=False, url=target)))
    reddit.routes[FEED] = Answer(
        reddit_feed(reddit_entry(content=LINK_TAIL.format(target.replace("&", "&amp;"))))
    )
    (by_api,), (by_feed,) = fetch().items, fetch(environ={}).items
    same = ("id", "title", "text", "url", "links", "published", "authors", "kind", "content_hash")
    assert [getattr(by_feed, name) for name in same] == [getattr(by_api, name) for name in same]


def test_only_half_of_the_credentials_is_none(reddit, fetch):
    fetch(environ={"REDDIT_CLIENT_ID": "an id"})
    assert reddit.paths() == [FEED]


def test_the_feed_leaves_out_what_is_automatic_or_too_old(reddit, fetch):
    entries = [
        reddit_entry("abc1", author="/u/AutoModerator"),
        reddit_entry("abc2", date="2021-01-01T00:00:00+00:00"),
        reddit_entry("abc3", author="/u/[deleted]", content="[removed]"),
    ]
    reddit.routes[FEED] = Answer(reddit_feed(*entries))
    (item,) = fetch(environ={}).items
    assert (item.id, item.authors, item.text) == ("reddit:abc3", (), "")


def test_trap_35_a_block_page_in_place_of_the_feed_is_an_error(reddit, fetch):
    reddit.routes[FEED] = Answer("<html>whoa there</html>")
    assert isinstance(fetch(environ={}).error, ParseError)


def test_a_feed_cut_in_the_middle_keeps_whole_entries_and_tells(reddit, fetch):
    body = reddit_feed(reddit_entry("abc1"), reddit_entry("abc2"), reddit_entry("abc3"))
    reddit.routes[FEED] = Answer(body[: body.index("t3_abc3") + 20])
    fetched = fetch(environ={})
    assert [item.id for item in fetched.items] == ["reddit:abc1", "reddit:abc2"]
    assert isinstance(fetched.error, ParseError)
