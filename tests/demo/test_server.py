"""The sample server answers each path as the live service does."""

from __future__ import annotations

import json
from collections.abc import Iterator

import feedparser
import httpx
import pytest
from lxml import etree

from digest.demo import demo_environ
from digest.demo.arxiv_api import parse
from digest.demo.server import SampleServer
from digest.demo.wire import ATOM, OPENSEARCH
from digest.paths import sample_week

WINDOW = "submittedDate:[202102040000 TO 202102142359]"


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer("2021-W06") as running:
        yield running


@pytest.fixture(scope="module")
def client(server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as c:
        yield c


def query(client: httpx.Client, **params: str) -> etree._Element:
    response = client.get("/api/query", params=params)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    return etree.fromstring(response.content)


def ids(feed: etree._Element) -> list[str]:
    return [e.text.rsplit("/", 1)[1] for e in feed.findall(f"{{{ATOM}}}entry/{{{ATOM}}}id")]


def total(feed: etree._Element) -> int:
    return int(feed.findtext(f"{{{OPENSEARCH}}}totalResults"))


def test_a_window_leaves_out_papers_submitted_before_it(client):
    feed = query(client, search_query=f"cat:cs.LG AND {WINDOW}", max_results="100")
    assert "2102.03054v1" in ids(feed)
    assert "2002.08484v3" not in ids(feed)
    assert "2002.08484v3" in ids(query(client, search_query="cat:cs.LG", max_results="100"))


def test_a_cross_listed_paper_is_found_by_its_second_category(client):
    assert "2102.03314v1" in ids(query(client, search_query="cat:cs.CR", max_results="100"))


def test_categories_in_brackets_are_joined(client):
    both = query(client, search_query=f"(cat:cs.CV OR cat:cs.CL) AND {WINDOW}", max_results="100")
    each = [
        set(ids(query(client, search_query=f"cat:{c} AND {WINDOW}", max_results="100")))
        for c in ("cs.CV", "cs.CL")
    ]
    assert set(ids(both)) == each[0] | each[1]


def test_pages_follow_each_other_without_gap_or_repetition(client):
    params = {"search_query": f"cat:cs.CV AND {WINDOW}", "sortBy": "submittedDate"}
    whole = query(client, **params, max_results="100")
    pages = [query(client, **params, start=str(s), max_results="7") for s in range(0, 35, 7)]
    assert [i for page in pages for i in ids(page)] == ids(whole)
    assert {total(page) for page in pages} == {len(ids(whole))}


def test_submission_order_can_be_turned_round(client):
    params = {
        "search_query": f"cat:cs.CV AND {WINDOW}",
        "sortBy": "submittedDate",
        "max_results": "100",
    }
    ascending = ids(query(client, **params, sortOrder="ascending"))
    assert ascending == ids(query(client, **params, sortOrder="descending"))[::-1]


def test_ten_results_come_where_no_number_is_asked_for(client):
    assert len(ids(query(client, search_query="cat:cs.CV"))) == 10


def test_an_id_is_found_whatever_its_date_and_with_or_without_version(client):
    assert ids(query(client, id_list="2002.08484")) == ["2002.08484v3"]
    assert ids(query(client, id_list="2002.08484v3")) == ["2002.08484v3"]


def test_an_unknown_id_is_an_empty_answer(client):
    feed = query(client, id_list="0000.0000")
    assert (ids(feed), total(feed)) == ([], 0)


@pytest.mark.parametrize(
    "params",
    [
        {"id_list": "abc"},
        {"search_query": "cat:cs.LG", "max_results": "5000"},
        {"search_query": "cat:cs.LG", "start": "x"},
        {"search_query": "(cat:cs.LG"},
        {"search_query": "cat:cs.LG AND"},
        {"search_query": "cat:cs.LG )"},
        {"search_query": "submittedDate:[yesterday TO today]"},
    ],
)
def test_a_malformed_call_is_an_error_entry_with_status_400(client, params):
    response = client.get("/api/query", params=params)
    entry = etree.fromstring(response.content).find(f"{{{ATOM}}}entry")
    assert response.status_code == 400
    assert entry.findtext(f"{{{ATOM}}}title") == "Error"
    assert entry.find(f"{{{ATOM}}}published") is None


def test_what_the_sample_cannot_answer_is_refused_and_not_guessed():
    with pytest.raises(ValueError, match="cat: and submittedDate: only"):
        parse("ti:attention")


@pytest.mark.parametrize("name", ["google-ai-blog", "the-batch", "plos-genetics"])
def test_a_feed_comes_byte_for_byte_and_then_304(client, name):
    first = client.get(f"/feeds/{name}.xml")
    again = client.get(f"/feeds/{name}.xml", headers={"If-None-Match": first.headers["etag"]})
    assert first.content == (sample_week() / "2021-W06" / "feeds" / f"{name}.xml").read_bytes()
    assert (again.status_code, again.content) == (304, b"")


def test_a_stale_etag_gets_the_whole_feed(client):
    assert client.get("/feeds/the-batch.xml", headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize("path", ["/feeds/none.xml", "/feeds/../arxiv.xml", "/r/other/top", "/", "/feeds/%2e%2e/arxiv.xml"])  # fmt: skip
def test_another_path_is_404(client, path):
    assert client.get(path).status_code == 404


def test_blogger_puts_the_comments_before_the_post_itself(client):
    entry = feedparser.parse(client.get("/feeds/google-ai-blog.xml").content).entries[0]
    assert entry.links[0].rel == "replies"
    assert entry.feedburner_origlink.startswith("http://ai.googleblog.com/2021/02/")


def test_reddit_shows_its_feed_to_any_user_agent_and_to_no_other(client):
    path = "/r/MachineLearning/top/.rss?t=week"
    feed = feedparser.parse(client.get(path).content)
    assert len(feed.entries) == 12
    assert client.get(path, headers={"User-Agent": ""}).status_code == 403


@pytest.mark.parametrize("path", ["/r/MachineLearning/top", "/comments/zzdlth1"])
def test_reddit_gives_json_only_for_a_token(client, path):
    assert client.get(path).status_code == 403
    token = client.post("/api/v1/access_token", data={"grant_type": "client_credentials"}).json()
    headers = {"Authorization": f"bearer {token['access_token']}"}
    assert client.get(path, headers=headers).status_code == 200


def test_reddit_escapes_markup_unless_raw_json_is_asked_for(client):
    headers = {"Authorization": "bearer sample-token"}
    path = "/comments/zzdlth1"
    plain = client.get(path, headers=headers).text
    raw = client.get(path, params={"raw_json": "1"}, headers=headers).text
    assert "<strong>" not in plain
    assert "<strong>" in raw


def test_a_listing_is_paged_by_after(client):
    headers = {"Authorization": "bearer sample-token"}
    names: list[str] = []
    after: str | None = ""
    while after is not None:
        params = {"limit": "4", "after": after}
        data = client.get("/r/MachineLearning/top", params=params, headers=headers).json()["data"]
        names += [c["data"]["name"] for c in data["children"]]
        after = data["after"]
    top = json.loads((sample_week() / "2021-W06" / "reddit" / "top.json").read_bytes())
    assert names == [c["data"]["name"] for c in top["data"]["children"]]


def test_praw_reads_posts_and_comments_with_the_made_up_credentials(server):
    import praw

    environ = demo_environ()
    reddit = praw.Reddit(
        client_id=environ["REDDIT_CLIENT_ID"],
        client_secret=environ["REDDIT_CLIENT_SECRET"],
        user_agent="ml-digest tests",
        reddit_url=server.url,
        oauth_url=server.url,
        check_for_updates=False,
    )
    found = list(reddit.subreddit("MachineLearning").top(time_filter="week", limit=50))
    thread = next(p for p in found if p.id == "zzdlth1")
    thread.comments.replace_more(limit=0)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len(thread.comments.list()) == 15
    assert thread.comments[0].replies[0].depth == 1


def test_the_server_is_gone_when_its_context_ends():
    with SampleServer("2021-W04") as short:
        url = short.url
        assert httpx.get(f"{url}/feeds/the-batch.xml").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/feeds/the-batch.xml")


def test_an_unknown_week_is_refused_at_once():
    with pytest.raises(ValueError, match="2021-W40"):
        SampleServer("2021-W40")
