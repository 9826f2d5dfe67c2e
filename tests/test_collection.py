"""The first stage as a whole: what is missed is caught up with, what is deleted is forgotten, nobody stays silently broken."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from digest.collection import collect_week, purge
from digest.config import parse_config
from digest.pipeline import make_issue, rebuild
from digest.report import RunReport
from digest.shortlist import shortlist
from digest.store import Store
from digest.week import Week
from tests.collect.fakes import listing, reddit_comment, reddit_post
from tests.loopback import Answer, serving

WEEK = Week(2021, 6)
CREDENTIALS = {"REDDIT_CLIENT_ID": "an id", "REDDIT_CLIENT_SECRET": "a secret"}


class Lines:
    """A ``report.Watch`` that keeps what was said."""

    def __init__(self):
        self.said = []

    def stage(self, name, total=None):
        pass

    def advance(self, done, total):
        pass

    def line(self, text, *, is_bad=False):
        self.said.append(f"{'✗' if is_bad else '✓'} {text}")


@pytest.fixture(autouse=True)
def no_waits(monkeypatch):
    monkeypatch.setattr("digest.net.back_off_s", lambda *_: 0.0)


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "digest.db") as store:
        yield store


@pytest.fixture
def watch():
    return Lines()


def config(site, *sources, **sections):
    plain = {"summarizer": {"backend": "extractive"}, "pace_s": {"127.0.0.1": 0}}
    return parse_config({"sources": list(sources), **plain, **sections})


def feed(site, name="blog", **fields):
    return {"kind": "feed", "name": name, "url": f"{site.url}/{name}.xml", **fields}


def rss(*entries):
    """A feed of (number, moment) entries with a text long enough to be told."""
    items = "".join(
        f"<item><title>Post number {n} about sparse networks</title><link>https://blog.example.org/{n}</link>"
        f"<guid>https://blog.example.org/{n}</guid><pubDate>{format_datetime(at)}</pubDate><description>"
        f"{' '.join(f'Sentence {k} of post {n} says what sparse networks gain.' for k in range(12))}"
        "</description></item>"
        for n, at in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>A blog</title>{items}</channel></rss>'


def collect(config, store, watch, *, week=WEEK, now=None, environ=None):
    return collect_week(
        week, config, store, now=now or week.end, environ=environ or {}, watch=watch
    )


def day(week, n=2):
    return week.start + timedelta(days=n)


# -- what was missed --------------------------------------------------------------------------------------------------


def test_a_run_after_two_missed_weeks_tells_their_news_and_says_so(site, store, watch):
    weeks = [Week(2021, n) for n in (4, 5, 6, 7)]
    site.routes["/blog.xml"] = Answer(rss(*((w.number, day(w)) for w in weeks)))
    settings = config(site, feed(site))
    collect(settings, store, watch, week=weeks[0])
    make_issue(weeks[0], settings, store, now=weeks[0].end, watch=watch)

    collect(settings, store, watch, week=weeks[3])
    issue, _ = make_issue(weeks[3], settings, store, now=weeks[3].end, watch=watch)

    told = {s.title for s in (*issue.stories, *issue.briefs)}
    assert {f"Post number {n} about sparse networks" for n in (5, 6, 7)} == told
    assert weeks[0].end - timedelta(days=4) == issue.sources[0].since


def test_a_run_in_time_tells_its_week_alone(site, store, watch):
    first, second = Week(2021, 5), Week(2021, 6)
    site.routes["/blog.xml"] = Answer(
        rss((4, day(Week(2021, 4))), (5, day(first)), (6, day(second)))
    )
    settings = config(site, feed(site))
    collect(settings, store, watch, week=first)
    make_issue(first, settings, store, now=first.end, watch=watch)
    collect(settings, store, watch, week=second)

    found = shortlist(second, settings, store, None, now=second.end)

    assert ["https://blog.example.org/6"] == [i.url for i in found.items]


def test_arxiv_is_asked_again_for_the_week_in_which_it_was_down(site, store, watch):
    source = {"kind": "arxiv", "categories": ["cs.LG"], "url": f"{site.url}/api/query"}
    settings = config(site, source, feed(site))
    asked = []

    def answer(request):
        asked.append(request.query["search_query"].partition("[")[2][:12])
        return (
            Answer(status=503)
            if WEEK.end.strftime("%Y%m%d") in request.query["search_query"]
            else Answer('<feed xmlns="http://www.w3.org/2005/Atom"></feed>')
        )

    site.routes["/api/query"] = Answer(status=404)
    site.routes["/blog.xml"] = Answer(rss((1, day(WEEK)), (2, day(Week(2021, 7)))))
    collect(settings, store, watch, week=Week(2021, 6))
    make_issue(Week(2021, 6), settings, store, now=WEEK.end, watch=watch)

    site.routes["/api/query"] = answer
    collect(settings, store, watch, week=Week(2021, 7))

    down = Week(2021, 6)
    assert [f"{down.since:%Y%m%d%H%M}"[:12]] == sorted(set(asked))[:1]


# -- what stays broken ------------------------------------------------------------------------------------------------


def test_a_source_that_fails_for_three_weeks_is_told_loudly_and_by_the_exit_code(
    site, store, watch
):
    settings = config(site, feed(site), feed(site, "gone"))
    for n in (4, 5, 6):
        site.routes["/blog.xml"] = Answer(rss((n, day(Week(2021, n)))))
        collected = collect(settings, store, watch, week=Week(2021, n))

    (alarm,) = [r.alarm for r in collected.sources if r.alarm]
    assert "gone has not been readable for 3 weeks" in alarm
    assert f"✗ {alarm}" == watch.said[-1]
    issue, _ = make_issue(WEEK, settings, store, now=WEEK.end, watch=watch)
    assert ["gone"] == [s.name for s in issue.sources if s.is_alarming]


def test_a_source_that_turns_mute_is_no_success(site, store, watch):
    """Green and empty is what nobody notices."""
    settings = config(site, feed(site), feed(site, "steady"))
    for n in range(1, 8):
        week = Week(2021, n)
        entries = [(10 * n + k, day(week, k)) for k in range(3)] if n <= 4 else []
        site.routes["/blog.xml"] = Answer(rss(*entries))
        site.routes["/steady.xml"] = Answer(rss((n, day(week))))
        collected = collect(settings, store, watch, week=week)

    (mute,) = [r for r in collected.sources if r.alarm]
    assert ("blog", "") == (mute.name, mute.error)
    assert "has given nothing for 3 weeks, where a usual week brings 3" in mute.alarm
    assert 3 == RunReport(week=str(week), sources=collected.sources).exit_code


# -- what was deleted -------------------------------------------------------------------------------------------------


def as_json(data):
    return Answer(json.dumps(data), headers={"Content-Type": "application/json"})


@pytest.fixture
def reddit(site):
    token = {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    site.routes["/api/v1/access_token"] = as_json(token)
    return site


def subreddit(site):
    urls = dict.fromkeys(("url", "reddit_url", "oauth_url"), site.url)
    return {"kind": "reddit", "subreddit": "MachineLearning", "comment_limit": 0, **urls}


def top(*posts):
    return as_json(listing(*posts))


def post(n, week=WEEK, **fields):
    given = {
        "title": f"[D] A question of some length, number {n}",
        "created_utc": day(week).timestamp(),
    }
    return reddit_post(f"abc{n}", **(given | fields))


def test_what_reddit_has_deleted_since_is_purged_on_the_next_run(reddit, store, watch):
    settings = config(reddit, subreddit(reddit))
    reddit.routes["/r/MachineLearning/top"] = top(post(1), post(2), post(3), post(4))
    collect(settings, store, watch, environ=CREDENTIALS)
    make_issue(WEEK, settings, store, now=WEEK.end, watch=watch)

    reddit.routes["/r/MachineLearning/top"] = top(post(4, author=None, selftext="[deleted]"))
    gone = [post(1, selftext="[deleted]", author=None), post(2, author=None)]
    reddit.routes["/api/info/"] = as_json(listing(*gone, post(3)))
    later = collect(settings, store, watch, week=Week(2021, 7), environ=CREDENTIALS)

    ids = [f"reddit:abc{n}" for n in (1, 2, 3, 4)]
    left = store.items_by_id(ids)
    assert [("reddit:abc2", ()), ("reddit:abc3", ("someone",))] == [(i.id, i.authors) for i in left]
    assert (str(WEEK),) == later.redacted_weeks
    assert "number 1" not in repr(store.issue(WEEK))
    assert "number 3" in repr(store.issue(WEEK))
    assert {"t3_abc1,t3_abc2,t3_abc3"} == {
        a.query["id"] for a in reddit.asked if a.path == "/api/info/"
    }


def test_a_server_that_fails_makes_nobody_forget(reddit, store, watch):
    settings = config(reddit, subreddit(reddit))
    reddit.routes["/r/MachineLearning/top"] = top(post(1))
    collect(settings, store, watch, environ=CREDENTIALS)

    for answer in (as_json(listing()), Answer(status=404), Answer("<html>whoa there</html>")):
        reddit.routes["/api/info/"] = answer
        purged, warnings = purge(
            settings, store, now=WEEK.end + timedelta(days=7), environ=CREDENTIALS, watch=watch
        )
        assert (False, 1) == (bool(purged.deletions), len(warnings))
    assert 1 == len(store.items_by_id(["reddit:abc1"]))


def test_without_credentials_the_purge_says_that_it_cannot_see(reddit, store, watch):
    settings = config(reddit, subreddit(reddit))
    reddit.routes["/r/MachineLearning/top"] = top(post(1))
    collect(settings, store, watch, environ=CREDENTIALS)

    purged, (warning,) = purge(
        settings, store, now=WEEK.end + timedelta(days=7), environ={}, watch=watch
    )

    assert not purged.deletions
    assert "REDDIT_CLIENT_ID" in warning


def test_deleted_comments_are_looked_for_a_hundred_at_a_time(reddit, store, watch):
    settings = config(reddit, subreddit(reddit) | {"comment_limit": 150})
    reddit.routes["/r/MachineLearning/top"] = top(post(1, num_comments=150))
    comments = [
        reddit_comment(f"c{n}", body=f"Comment number {n} says a thing.") for n in range(150)
    ]
    reddit.routes["/comments/abc1/"] = as_json([listing(post(1)), listing(*comments)])
    collect(settings, store, watch, environ=CREDENTIALS)
    assert 150 == len(store.items_by_id(["reddit:abc1"])[0].comments)

    def info(asked):
        names = asked.query["id"].split(",")
        alive = [post(1), *(c for c in comments if c["data"]["id"] not in ("c7", "c140"))]
        return as_json(listing(*(c for c in alive if f"{c['kind']}_{c['data']['id']}" in names)))

    reddit.routes["/api/info/"] = info
    purged, warnings = purge(
        settings, store, now=WEEK.end + timedelta(days=7), environ=CREDENTIALS, watch=watch
    )

    assert (("reddit:c140", "reddit:c7"), ()) == (purged.deletions.comments, warnings)
    assert [100, 51] == [
        a.query["id"].count(",") + 1 for a in reddit.asked if a.path == "/api/info/"
    ]
    assert 148 == len(store.items_by_id(["reddit:abc1"])[0].comments)


def test_pages_in_out_are_rendered_again_without_it(reddit, store, watch, tmp_path):
    settings = config(reddit, subreddit(reddit))
    reddit.routes["/r/MachineLearning/top"] = top(post(1), post(2))
    collect(settings, store, watch, environ=CREDENTIALS)
    make_issue(WEEK, settings, store, now=WEEK.end, watch=watch)
    out = tmp_path / "OUT"
    (out / WEEK.slug).mkdir(parents=True)
    reddit.routes["/api/info/"] = as_json(listing(post(1, selftext="[removed]"), post(2)))

    purged, _ = purge(
        settings, store, now=WEEK.end + timedelta(days=7), environ=CREDENTIALS, watch=watch
    )
    files = rebuild(purged.weeks, settings, store, out, watch=watch)

    page = (out / WEEK.slug / "index.html").read_text("utf-8")
    assert ("number 1" in page, "number 2" in page) == (False, True)
    assert out / WEEK.slug / "index.html" in files
