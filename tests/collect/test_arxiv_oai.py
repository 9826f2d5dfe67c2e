"""arXiv by OAI-PMH against a loopback server; the parser on its own where no server is needed."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import collect, collect_linked
from digest.collect.arxiv_oai import MAX_IDS, parse_listing, parse_record, set_of
from digest.collect.xmltree import parse_tree
from digest.errors import FetchError, ParseError
from digest.sources import ArxivSource
from tests.collect.arxiv_fakes import (
    OAI_PATH,
    oai_by_id,
    oai_deleted,
    oai_error,
    oai_list,
    oai_page,
    oai_record,
)
from tests.collect.conftest import SINCE, UNTIL
from tests.loopback import Answer


def source(site, **fields):
    values = {"kind": "arxiv", "categories": ("cs.LG",), "mode": "oai", **fields}
    return ArxivSource(oai_url=site.url + OAI_PATH, **values)


def fetch(site, http, since=SINCE, **fields):
    (fetched,) = collect([source(site, **fields)], http, since=since, until=UNTIL, environ={})
    return fetched


def one(record, visit):
    return parse_record(parse_listing(oai_page([record]), "arXiv").records[0], "arXiv", visit)


def ids(fetched):
    return [item.id for item in fetched.items]


def arxiv(*numbers):
    return [f"arxiv:2102.{n:05d}" for n in numbers]


# -- one record -------------------------------------------------------------------------------------------------------


def test_a_record_becomes_a_paper(visit):
    extra = """<comments>12 pages, code at https://github.com/a/b.</comments><doi>10.1000/ABC 10.1000/2</doi>"""
    item = one(oai_record(7, versions=3, extra=extra), visit)
    assert ("arxiv:2102.00007", "paper", "Paper 7") == (item.id, item.kind, item.title)
    assert "https://arxiv.org/abs/2102.00007" == item.url
    assert ("Ada Example", "Bo Muster") == item.authors
    assert datetime(2021, 2, 11, 12, tzinfo=UTC) == item.published
    assert (3, datetime(2021, 2, 13, 12, tzinfo=UTC)) == (item.version, item.updated)
    assert ("stat.ML", "cs.LG") == item.categories
    assert "http://creativecommons.org/licenses/by/4.0/" == item.license
    assert ("12 pages, code at https://github.com/a/b.", "10.1000/abc") == (item.note, item.doi)
    assert ("https://github.com/a/b",) == item.links


def test_a_licence_that_is_no_address_is_none(visit):
    record = oai_record().replace("http://creativecommons.org", "javascript:x")
    assert "" == one(record, visit).license


def test_a_journal_is_the_note_of_a_paper_without_a_comment(visit):
    extra = "<journal-ref>Journal of Examples 3 (2021)</journal-ref>"
    assert "Journal of Examples 3 (2021)" == one(oai_record(extra=extra), visit).note


def test_trap_15_white_space_is_folded_and_formulas_are_kept(visit):
    item = one(oai_record(title="Of\n  $a<b$", abstract="  If $a<b$ and\n$x < y$.\n\nMore."), visit)
    assert ("Of $a<b$", "If $a<b$ and $x < y$.\n\nMore.") == (item.title, item.text)


def test_trap_16_a_paper_may_be_titled_0(visit):
    assert "0" == one(oai_record(title="0"), visit).title


def test_an_old_id_is_read(visit):
    assert "arxiv:math/0611800" == one(oai_record(arxiv_id="math/0611800"), visit).id


@pytest.mark.parametrize(
    "record",
    [
        oai_record(title=" "),
        oai_record(arxiv_id="12"),
        oai_record(versions=0),
        oai_record().replace("v1", "v2"),
        oai_record().replace("GMT", "soon").replace("Feb", "X"),
        oai_record().replace(" 2021 ", " 99999999999999999999 "),
    ],
    ids=["no title", "no id", "no version", "no first version", "no date", "no year"],
)
def test_a_record_that_lacks_what_a_paper_needs_is_refused(visit, record):
    with pytest.raises(ValueError, match=r"no arXiv id|has no"):
        one(record, visit)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("stat.ML", "stat:stat:ML"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("hep-th", "physics:hep-th"),
        ("quant-ph", "physics:quant-ph"),
        ("math-ph", "physics:math-ph"),
        ("cond-mat.dis-nn", "physics:cond-mat:dis-nn"),
        ("physics.data-an", "physics:physics:data-an"),
        ("cs", "cs:cs"),
    ],
)
def test_a_category_has_its_set(category, expected):
    assert expected == set_of(category)


# -- the request ------------------------------------------------------------------------------------------------------


def test_each_category_is_asked_for_from_the_day_the_window_begins_and_without_an_end(site, http):
    site.routes[OAI_PATH] = oai_list([])
    fetch(site, http, categories=("cs.LG", "hep-th"))
    expected = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": "2021-02-04"}
    assert [expected | {"set": s} for s in ("cs:cs:LG", "physics:hep-th")] == [
        asked.query for asked in site.asked
    ]


def test_a_window_of_long_ago_is_not_asked_for_since_every_change_would_be_listed(site, http):
    fetched = fetch(site, http, since=SINCE - timedelta(days=80))
    assert "too many since 16 Nov 2020" in fetched.error.message
    assert [] == site.asked


# -- lists ------------------------------------------------------------------------------------------------------------


def test_all_pages_are_read_and_papers_come_newest_first(site, http):
    site.routes[OAI_PATH] = oai_list([oai_record(n, day=n) for n in (8, 9, 11, 10, 12)])
    fetched = fetch(site, http)
    assert arxiv(12, 11, 10, 9, 8) == ids(fetched)
    assert (None, ()) == (fetched.error, fetched.warnings)
    assert [None, "verb%3DListRecords%26skip%3D2", "verb%3DListRecords%26skip%3D4"] == [
        asked.query.get("resumptionToken") for asked in site.asked
    ]
    assert {"verb", "resumptionToken"} == set(site.asked[1].query)


def test_only_papers_first_submitted_in_the_window_are_kept(site, http):
    records = [oai_record(1, day=3, versions=9), oai_record(2, day=4), oai_record(3, day=15)]
    site.routes[OAI_PATH] = oai_list(records)
    assert arxiv(2) == ids(fetch(site, http))


def test_a_paper_of_two_categories_comes_once(site, http):
    site.routes[OAI_PATH] = oai_list([oai_record(1), oai_record(2, kinds="I")])
    fetched = fetch(site, http, categories=("cs.LG", "stat.ML"))
    assert arxiv(1) == ids(fetched)
    assert ("left out arxiv:2102.00002: withdrawn by its authors",) == fetched.warnings


def test_trap_31_nothing_new_is_an_error_code_and_no_error(site, http):
    site.routes[OAI_PATH] = Answer(oai_error("noRecordsMatch"))
    fetched = fetch(site, http)
    assert ((), None, 1) == (fetched.items, fetched.error, len(site.asked))


def test_trap_31_an_empty_token_ends_the_list(site, http):
    site.routes[OAI_PATH] = Answer(oai_page([oai_record(1)], token=""))
    assert (arxiv(1), 1) == (ids(fetch(site, http)), len(site.asked))


def test_trap_31_nothing_behind_a_token_ends_the_list(site, http):
    site.routes[OAI_PATH] = [
        Answer(oai_page([oai_record(1)], token="t")),
        Answer(oai_error("noRecordsMatch")),
    ]
    fetched = fetch(site, http)
    assert (arxiv(1), None) == (ids(fetched), fetched.error)


def test_trap_31_an_expired_token_starts_the_list_anew_and_nothing_comes_twice(site, http):
    site.routes[OAI_PATH] = oai_list([oai_record(n, day=4 + n) for n in range(7)], expires_after=2)
    fetched = fetch(site, http)
    assert (arxiv(6, 5, 4, 3, 2, 1, 0), None) == (ids(fetched), fetched.error)
    assert 2 == sum("from" in asked.query for asked in site.asked)


def test_trap_31_a_token_that_always_expires_is_an_error_and_what_came_is_kept(site, http):
    site.routes[OAI_PATH] = lambda asked: Answer(
        oai_error("badResumptionToken", "Expired.")
        if "resumptionToken" in asked.query
        else oai_page([oai_record(1)], token="t")
    )
    fetched = fetch(site, http)
    assert arxiv(1) == ids(fetched)
    assert "OAI-PMH refuses cs.LG (badResumptionToken): Expired." == fetched.error.message
    assert 4 == len(site.asked)


def test_a_token_that_repeats_does_not_page_for_ever(site, http):
    site.routes[OAI_PATH] = Answer(oai_page([oai_record(1)], token="t"))
    fetched = fetch(site, http)
    assert (arxiv(1), 2) == (ids(fetched), len(site.asked))
    assert "the same page for ever" in fetched.error.message


def test_a_list_of_ever_new_tokens_has_an_end(site, http, monkeypatch):
    monkeypatch.setattr("digest.collect.arxiv_oai.MAX_PAGES", 5)
    site.routes[OAI_PATH] = lambda asked: Answer(
        oai_page([oai_record(1)], token=f"t{len(site.asked)}")
    )
    fetched = fetch(site, http)
    assert (arxiv(1), 5) == (ids(fetched), len(site.asked))
    assert "has no end" in fetched.error.message


def test_trap_31_a_deleted_record_has_no_metadata_and_is_passed_over(site, http):
    site.routes[OAI_PATH] = oai_list([oai_deleted(1), oai_record(2)])
    fetched = fetch(site, http)
    assert (arxiv(2), 0, ()) == (ids(fetched), fetched.skipped, fetched.warnings)


def test_trap_31_a_paper_that_changes_while_the_list_is_read_comes_once_as_it_is_now(site, http):
    first, second = oai_record(1), oai_record(1, versions=2, changed="2021-02-13")
    site.routes[OAI_PATH] = oai_list([first, oai_record(2), second])
    fetched = fetch(site, http)
    assert {"arxiv:2102.00001": 2, "arxiv:2102.00002": 1} == {
        i.id: i.version for i in fetched.items
    }


@pytest.mark.parametrize(
    "record",
    [
        oai_record(1, versions=2, kinds=("D", "I")),
        oai_record(1, extra="<comments>This paper has been withdrawn by the authors</comments>"),
    ],
    ids=["by its mark", "by its comment"],
)
def test_trap_21_a_withdrawn_paper_is_left_out_and_told_of(site, http, record):
    site.routes[OAI_PATH] = oai_list([record, oai_record(2)])
    fetched = fetch(site, http)
    assert arxiv(2) == ids(fetched)
    assert ("left out arxiv:2102.00001: withdrawn by its authors",) == fetched.warnings


def test_a_record_that_cannot_be_read_is_skipped_and_counted(site, http):
    site.routes[OAI_PATH] = oai_list([oai_record(1, title=""), oai_record(2)])
    fetched = fetch(site, http)
    assert (arxiv(2), 1) == (ids(fetched), fetched.skipped)


def test_a_category_that_arxiv_does_not_know_names_the_key_and_leaves_the_others_alone(site, http):
    known = oai_list([oai_record(1)])
    site.routes[OAI_PATH] = lambda asked: (
        known(asked)
        if asked.query["set"] == "cs:cs:LG"
        else Answer(oai_error("badArgument", "Set does not exist"))
    )
    fetched = fetch(site, http, categories=("cs.XX", "cs.LG"))
    assert arxiv(1) == ids(fetched)
    assert "OAI-PMH refuses cs.XX (badArgument): Set does not exist" == fetched.error.message
    assert "categories:" in fetched.error.hint


# -- faults -----------------------------------------------------------------------------------------------------------


def test_trap_02_a_server_that_asks_for_patience_gets_it(site, http):
    site.routes[OAI_PATH] = [
        Answer("wait", 503, {"Retry-After": "7"}),
        Answer(oai_page([oai_record(1)])),
    ]
    fetched = fetch(site, http)
    assert (arxiv(1), None) == (ids(fetched), fetched.error)


def test_trap_10_an_answer_that_always_breaks_off_gives_its_whole_records_and_an_error(site, http):
    content = oai_page([oai_record(n) for n in range(9)], token="t")
    site.routes[OAI_PATH] = Answer(content[: len(content) // 2])
    fetched = fetch(site, http)
    assert 3 <= len(fetched.items) <= 5
    assert {"An abstract."} == {item.text for item in fetched.items}
    assert "breaks off" in fetched.error.message
    assert 3 == len(site.asked)


def test_trap_10_an_answer_that_is_whole_at_the_next_try_costs_nothing(site, http):
    content = oai_page([oai_record(1), oai_record(2)])
    site.routes[OAI_PATH] = [Answer(content[:1500]), Answer(content)]
    fetched = fetch(site, http)
    assert (2, None, ()) == (len(fetched.items), fetched.error, fetched.warnings)


@pytest.mark.parametrize(
    "body",
    ["<!doctype html><html><body>down</body></html>", oai_page([]).replace(b"ListRecords", b"Li")],
    ids=["a page", "neither records nor an error"],
)
def test_trap_11_what_is_no_answer_is_an_error_and_no_empty_week(site, http, body):
    site.routes[OAI_PATH] = Answer(body)
    fetched = fetch(site, http)
    assert isinstance(fetched.error, ParseError)
    assert 3 == len(site.asked)


def test_what_came_before_a_failure_is_kept(site, http):
    full = oai_list([oai_record(n) for n in range(6)])
    site.routes[OAI_PATH] = lambda asked: (
        Answer("no", 403) if "skip%3D4" in asked.query.get("resumptionToken", "") else full(asked)
    )
    fetched = fetch(site, http)
    assert 4 == len(fetched.items)
    assert (FetchError, 403) == (type(fetched.error), fetched.error.status)


def test_an_external_entity_is_not_read():
    content = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><a>1 &x; 2</a></rss>'
    root, _ = parse_tree(content, "rss")
    assert "1 &x; 2" == "".join(root.itertext())


# -- by id ------------------------------------------------------------------------------------------------------------


def test_papers_are_looked_up_one_by_one_where_the_api_has_no_address(site, http):
    known = ["2102.06171", "math/0611800"]
    site.routes[OAI_PATH] = oai_by_id({i: oai_record(arxiv_id=i, day=1) for i in known})
    fetched = collect_linked([*known, "2102.99999", "nonsense"], source(site), http)
    assert [f"arxiv:{i}" for i in known] == ids(fetched)  # whatever their date
    assert ("not arXiv ids: 'nonsense'", "arXiv has no paper '2102.99999'") == fetched.warnings
    assert None is fetched.error
    assert {"GetRecord"} == {asked.query["verb"] for asked in site.asked}


def test_no_more_papers_are_looked_up_one_by_one_than_a_run_can_wait_for(site, http):
    site.routes[OAI_PATH] = Answer(oai_error("idDoesNotExist"))
    fetched = collect_linked([f"2102.{n:05d}" for n in range(MAX_IDS + 5)], source(site), http)
    assert MAX_IDS == len(site.asked)
    assert f"only {MAX_IDS} of {MAX_IDS + 5} papers are looked up" in fetched.warnings[0]
