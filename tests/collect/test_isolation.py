"""One source's death leaves the others alone."""

import threading

import pytest

import digest.collect as collecting
from digest.collect import collect
from digest.errors import CollectError, FetchError
from digest.sources import ArxivSource, FeedSource
from digest.types import Item
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes import rss, rss_item
from tests.loopback import Answer


def feed(site, name, **fields):
    return FeedSource(kind="feed", name=name, url=f"{site.url}/{name}", **fields)


def run(sources, http):
    return collect(sources, http, since=SINCE, until=UNTIL, environ={})


def item(n):
    return Item(id=f"feed:{n}", source="s", kind="post", title=str(n), url="https://a.org/")


@pytest.fixture
def stand_in(monkeypatch):
    """Put functions of this module in the place of the arXiv collector."""

    def stand_in(function):
        monkeypatch.setattr(
            collecting,
            "_collector",
            lambda source: function if source.kind == "arxiv" else original(source),
        )

    original = collecting._collector
    return stand_in


ARXIV = ArxivSource(kind="arxiv", categories=("cs.LG",))


def test_each_source_gives_its_items_whatever_becomes_of_the_others(site, http):
    site.routes["/good"] = Answer(rss(rss_item()))
    site.routes["/bad"] = Answer("no", 404)
    fetched = {f.source: f for f in run([feed(site, n) for n in ("good", "bad", "lost")], http)}
    assert len(fetched["good"].items) == 1
    assert fetched["good"].error is None
    assert fetched["bad"].error.source == "bad"
    assert fetched["lost"].error.status == 404


def test_a_source_that_is_off_is_not_asked(site, http):
    assert list(run([feed(site, "a", enabled=False)], http)) == []
    assert site.asked == []


def test_sources_are_visited_at_the_same_time_and_yielded_as_they_finish(site, http):
    quick_is_read = threading.Event()

    def slow(_):
        assert quick_is_read.wait(5)
        return Answer(rss(rss_item()))

    site.routes["/slow"] = slow
    site.routes["/quick"] = Answer(rss(rss_item()))
    names = []
    for fetched in run([feed(site, "slow"), feed(site, "quick")], http):
        names.append(fetched.source)
        quick_is_read.set()
    assert names == ["quick", "slow"]


def test_items_that_came_before_an_error_are_kept(http, stand_in):
    def dies(source, visit):
        yield item(1)
        yield item(1)
        yield item(2)
        raise FetchError(source.name, "no more", status=500)

    stand_in(dies)
    (fetched,) = run([ARXIV], http)
    assert [i.id for i in fetched.items] == ["feed:1", "feed:2"]
    assert isinstance(fetched.error, CollectError)
    assert not fetched.is_unchanged


def test_a_bug_lets_the_other_sources_finish_and_is_raised_then(site, http, stand_in):
    def bug(source, visit):
        raise ZeroDivisionError
        yield

    stand_in(bug)
    site.routes["/good"] = Answer(rss(rss_item()))
    seen = []
    with pytest.raises(ZeroDivisionError) as caught:
        seen.extend(f.source for f in run([ARXIV, feed(site, "good")], http))
    assert seen == ["good"]
    assert caught.value.__notes__ == ["while collecting arXiv"]


def test_a_reader_that_stops_early_does_not_wait_for_the_rest(site, http):
    site.routes["/quick"] = Answer(rss(rss_item()))
    site.routes["/slow"] = Answer(write=lambda handler: site.stopped.wait(5))
    sources = run([feed(site, "quick"), feed(site, "slow")], http)
    assert next(sources).source == "quick"
    sources.close()
    http.close()


def test_validators_are_forgotten_where_the_source_failed(site, http):
    """The same bytes would be answered 304 the next time, and nobody would see that they cannot be read."""
    site.routes["/page"] = Answer("<html>log in</html>", headers={"ETag": '"1"'})
    site.routes["/good"] = Answer(rss(rss_item()), headers={"ETag": '"2"'})
    fetched = {f.source: f for f in run([feed(site, "page"), feed(site, "good")], http)}
    assert [r.etag for r in fetched["page"].receipts] == [None, None]
    assert [r.etag for r in fetched["good"].receipts] == ['"2"']


def test_the_clock_of_the_visit_is_the_one_that_http_was_given(http, stand_in):
    seen = []

    def look(source, visit):
        seen.append(visit.now)
        return iter(())

    stand_in(look)
    list(run([ARXIV], http))
    assert seen == [NOW]
