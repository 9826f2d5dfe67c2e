"""Semantic Scholar's signals for papers at hand; the numbers are those of the traps that a test stands for."""

import json
from email.utils import format_datetime

import pytest

from digest.collect import _gather
from digest.collect.semanticscholar import BATCH_SIZE, collect, parse_batch
from digest.collect.visit import Visit
from digest.errors import CollectError, FetchError
from digest.sources import SemanticScholarSource
from digest.types import Signal
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.collect.fakes_json import as_json, s2_paper
from tests.loopback import Answer

SOURCE = SemanticScholarSource(kind="semanticscholar")
BATCH = "/paper/batch"
ONE = ("2102.06171",)


@pytest.fixture
def fetch(site, http):
    def fetch(wanted=ONE, environ=None):
        source = SemanticScholarSource(kind="semanticscholar", url=site.url)
        session = http.session(source.name)
        visit = Visit(
            http=session, since=SINCE, until=UNTIL, now=NOW, environ=environ or {}, wanted=wanted
        )
        return _gather(source, visit, collect)

    return fetch


def known(asked):
    """A server that knows every paper it is asked about."""
    return as_json([s2_paper(i.removeprefix("ARXIV:")) for i in json.loads(asked.body)["ids"]])


def test_a_paper_gets_its_citations_and_the_sentence_of_their_model(visit):
    (item,) = parse_batch([s2_paper()], ONE, SOURCE, visit)

    page = "https://www.semanticscholar.org/paper/abc"
    sentence = "Networks without normalization train well."
    assert ("arxiv:2102.06171", "paper", "A title") == (item.id, item.kind, item.title)
    assert ("https://arxiv.org/abs/2102.06171", "", None) == (item.url, item.text, item.published)
    assert (
        Signal(name="citations", source="Semantic Scholar", value=7, url=page),
        Signal(name="tldr", source="Semantic Scholar", text=sentence, url=page),
    ) == item.signals


@pytest.mark.parametrize("tldr", [None, {}, {"text": None}, {"text": " "}, "a text", []])
def test_trap_65_a_paper_may_have_no_sentence(visit, tldr):
    (item,) = parse_batch([s2_paper(tldr=tldr)], ONE, SOURCE, visit)

    assert ["citations"] == [signal.name for signal in item.signals]


def test_trap_65_null_stands_for_a_paper_that_is_not_known(visit):
    ids = ("2102.00001", "2102.06171")

    assert ["arxiv:2102.06171"] == [
        i.id for i in parse_batch([None, s2_paper()], ids, SOURCE, visit)
    ]
    assert [] == visit.skip_reasons


def test_a_paper_of_which_nothing_is_known_is_left_out(visit):
    assert [] == parse_batch([s2_paper(citationCount=None, tldr=None)], ONE, SOURCE, visit)


def test_an_entry_without_an_arxiv_id_is_the_one_asked_for_in_its_place(visit):
    ids = ("2102.00001", "2102.06171")
    nameless = s2_paper(externalIds=None)

    assert ["arxiv:2102.06171"] == [i.id for i in parse_batch([None, nameless], ids, SOURCE, visit)]
    assert [] == parse_batch([nameless], ids, SOURCE, visit), (
        "a place in a shorter list says nothing"
    )


@pytest.mark.parametrize("entry", [7, [], {}, s2_paper("2102.99999"), s2_paper(title=None)])
def test_an_entry_that_is_none_of_the_papers_is_skipped_and_counted(visit, entry):
    assert [] == parse_batch([entry], ONE, SOURCE, visit)
    assert 1 == len(visit.skip_reasons)


def test_nothing_wanted_is_nothing_asked(site, fetch):
    fetched = fetch(())

    assert ((), None, []) == (fetched.items, fetched.error, site.asked)


def test_ids_are_asked_for_in_batches_each_once(site, fetch):
    site.routes[BATCH] = known
    ids = tuple(f"2102.{n:05d}" for n in range(1, BATCH_SIZE + 8))
    fetched = fetch((*ids, ids[0], "no id"))

    assert [f"arxiv:{i}" for i in ids] == [item.id for item in fetched.items]
    assert [BATCH_SIZE, 7] == [len(json.loads(asked.body)["ids"]) for asked in site.asked]
    assert {("POST", "externalIds,title,url,citationCount,tldr")} == {
        (asked.method, asked.query["fields"]) for asked in site.asked
    }


def test_the_key_is_sent_where_there_is_one(site, fetch):
    site.routes[BATCH] = known
    fetch()
    fetch(environ={"S2_API_KEY": " s3cret\n"})

    assert [None, "s3cret"] == [asked.headers.get("x-api-key") for asked in site.asked]


@pytest.mark.parametrize("key", ["with space", "with\nline", "schlüssel"])
def test_a_key_that_is_none_is_an_error_that_does_not_show_it(site, fetch, key):
    fetched = fetch(environ={"S2_API_KEY": key})

    assert isinstance(fetched.error, CollectError)
    assert key not in str(fetched.error)
    assert [] == site.asked


def test_the_key_does_not_follow_to_another_host(site, fetch):
    site.routes[BATCH] = Answer("", 302, {"Location": "http://127.0.0.1:1/"})
    fetched = fetch(environ={"S2_API_KEY": "s3cret"})

    assert (302, 1) == (fetched.error.status, len(site.asked))


@pytest.mark.parametrize("wait", ["3", format_datetime(NOW, usegmt=True), None])
def test_trap_65_too_many_calls_may_be_answered_at_any_time_and_a_key_is_what_helps(
    site, fetch, wait
):
    refused = Answer('{"message": "Too Many Requests"}', 429, {"Retry-After": wait} if wait else {})
    site.routes[BATCH] = refused
    fetched = fetch()

    assert isinstance(fetched.error, FetchError)
    assert 429 == fetched.error.status
    assert "S2_API_KEY" in str(fetched.error)
    assert "\n" not in str(fetched.error)


def test_trap_65_a_call_that_is_let_through_at_the_second_try_is_no_error(site, fetch):
    site.routes[BATCH] = [Answer("{}", 429), as_json([s2_paper()])]

    assert (1, None) == (len((fetched := fetch()).items), fetched.error)


def test_what_came_before_a_refusal_is_kept(site, fetch):
    ids = tuple(f"2102.{n:05d}" for n in range(1, BATCH_SIZE + 2))
    first = as_json([s2_paper(i) for i in ids[:BATCH_SIZE]])
    site.routes[BATCH] = [first, Answer("no", 403)]
    fetched = fetch(ids, {"S2_API_KEY": "s3cret"})

    assert (BATCH_SIZE, 403) == (len(fetched.items), fetched.error.status)
    assert "check S2_API_KEY" == fetched.error.hint
