"""YouTube's feeds; the number is that of the trap that a test stands for."""

from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.collect.youtube import TRIES
from digest.errors import ParseError
from digest.identity import canonical_url
from digest.net import Http
from digest.sources import YoutubeSource
from digest.types import Validator
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes_json import channel, video
from tests.loopback import Answer

PATH = "/feeds/videos.xml"
CHANNEL = {"channel_id": "UC1234567890"}


@pytest.fixture
def fetch(site, http):
    def fetch(*, http=http, names=CHANNEL, **fields):
        source = YoutubeSource(
            kind="youtube", name="A channel", url=f"{site.url}{PATH}", **names, **fields
        )
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


def test_a_video_becomes_a_post_with_its_description(site, fetch):
    site.routes[PATH] = Answer(channel(video()))
    (item,) = fetch().items

    assert ("A channel", "post", "We read a paper") == (item.source, item.kind, item.title)
    assert "https://www.youtube.com/watch?v=abc123" == item.url
    assert "https://youtube.com/watch?v=abc123" == canonical_url(item.url)
    assert "See https://arxiv.org/abs/2102.06171 ." == item.text
    assert ("https://arxiv.org/abs/2102.06171",) == item.links
    assert datetime(2021, 2, 9, 15, tzinfo=UTC) == item.published
    assert ("A channel",) == item.authors


def test_views_are_no_score(site, fetch):
    site.routes[PATH] = Answer(channel(video()))
    (item,) = fetch().items

    assert (None, None, ()) == (item.score, item.comment_count, item.signals)


@pytest.mark.parametrize("names", [CHANNEL, {"playlist_id": "PL-1_2"}])
def test_a_channel_or_a_playlist_is_asked_for(site, fetch, names):
    site.routes[PATH] = Answer(channel(video()))
    fetch(names=names)

    assert names == site.asked[0].query


@pytest.mark.parametrize("status", [404, 500])
def test_trap_59_a_burst_is_an_error_of_this_run_only_and_the_hint_says_so(site, fetch, status):
    site.routes[PATH] = Answer("<html>no</html>", status)
    fetched = fetch()

    assert (status, TRIES) == (fetched.error.status, len(site.asked))
    assert "is kept and asked again next run" in fetched.error.hint
    assert "\n" not in str(fetched.error)
    site.routes[PATH] = Answer(channel(video()))
    assert (1, None) == (len((again := fetch()).items), again.error)


def test_trap_59_an_answer_at_the_second_try_is_no_error(site, fetch):
    site.routes[PATH] = [Answer("no", 404), Answer(channel(video()))]

    assert (1, None) == (len((fetched := fetch()).items), fetched.error)


def test_trap_59_a_burst_leaves_nothing_for_a_later_304_to_hide(site, fetch):
    site.routes[PATH] = Answer("no", 404, {"ETag": '"of the error page"'})

    assert {None} == {receipt.etag for receipt in fetch().receipts}


def test_an_unchanged_feed_is_no_error(site, fetch):
    site.routes[PATH] = Answer(status=304)
    url = f"{site.url}{PATH}?channel_id=UC1234567890"
    with Http(validators={url: Validator(etag='"1"')}, wall_clock=NOW.timestamp) as http:
        fetched = fetch(http=http)

    assert (True, None) == (fetched.is_unchanged, fetched.error)


def test_a_page_that_asks_for_consent_is_an_error(site, fetch):
    site.routes[PATH] = Answer("<!doctype html><html><body>Before you go on</body></html>")

    assert isinstance(fetch().error, ParseError)
