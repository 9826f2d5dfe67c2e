"""arXiv by RSS against a loopback server; the parser on its own where no server is needed."""

from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.collect.arxiv_paper import split_authors
from digest.collect.arxiv_rss import FULL, is_new, parse_feed, parse_item
from digest.errors import FetchError, ParseError
from digest.net import Http
from digest.sources import ArxivSource
from digest.types import Validator
from tests.collect.arxiv_fakes import RSS_ERROR, rss_feed, rss_paper
from tests.collect.conftest import NOW, SINCE, UNTIL
from tests.loopback import Answer


def fetch(site, http, **fields):
    values = {"kind": "arxiv", "categories": ("cs.LG",), "mode": "rss", **fields}
    source = ArxivSource(rss_url=site.url + "/rss/", **values)
    (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
    return fetched


def element(paper):
    return parse_feed(rss_feed(paper), "arXiv", "cs.LG").items[0]


def one(paper, visit):
    return parse_item(element(paper), "arXiv", visit)


def ids(fetched):
    return [item.id for item in fetched.items]


# -- one item ---------------------------------------------------------------------------------------------------------


def test_an_item_becomes_a_paper(visit):
    extra = "<arxiv:DOI>10.1000/ABC</arxiv:DOI><arxiv:journal_reference>J. Ex. 3</arxiv:journal_reference>"
    item = one(rss_paper(7, abstract="See https://github.com/a/b.", extra=extra), visit)
    assert ("arxiv:2102.00007", "paper", "Paper 7") == (item.id, item.kind, item.title)
    assert "https://arxiv.org/abs/2102.00007" == item.url
    assert ("Ada Example", "Bo Muster") == item.authors
    assert ("stat.ML", "cs.LG") == item.categories
    assert ("10.1000/abc", "J. Ex. 3") == (item.doi, item.note)
    assert "http://creativecommons.org/licenses/by/4.0/" == item.license
    assert ("https://github.com/a/b",) == item.links


def test_trap_16_a_paper_may_be_titled_0(visit):
    assert "0" == one(rss_paper(title="0"), visit).title


def test_trap_23_formulas_with_a_less_than_sign_survive(visit):
    abstract = "If $a<b$ and $x < y$, then <EOS> &amp; more."
    item = one(rss_paper(title="Of $a<b$", abstract=abstract), visit)
    assert ("Of $a<b$", abstract) == (item.title, item.text)


@pytest.mark.parametrize(
    "description",
    [
        "arXiv:2102.00001v1 Announce Type: new \nAbstract: We show it.",
        "arXiv:2102.00001v1 Announce Type: new\nWe show it.",
        "We show it.",
    ],
)
def test_trap_24_the_text_is_the_abstract_without_what_stands_before_it(visit, description):
    assert "We show it." == one(rss_paper(1, description=description), visit).text


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("new", True),
        ("cross", True),
        ("replace", False),
        ("replace-cross", False),
        ("absonly", False),
    ],
)
def test_trap_25_only_new_papers_are_new(visit, kind, expected):
    assert is_new(element(rss_paper(kind=kind)), visit) is expected
    without_type = element(rss_paper(kind=kind).replace("announce_type", "x"))
    assert is_new(without_type, visit) is expected  # the description says it too


@pytest.mark.parametrize(
    "paper",
    [
        rss_paper(kind="cross", arxiv_id="2012.00001"),
        rss_paper(kind="cross", version=2),
        rss_paper(kind="cross", arxiv_id="math/0611800"),
    ],
    ids=["of another month", "of a later version", "of old times"],
)
def test_trap_25_an_old_paper_that_joins_a_category_is_not_new(visit, paper):
    assert not is_new(element(paper), visit)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ada Example, Bo Muster", ("Ada Example", "Bo Muster")),
        (
            "Ada Example (MIT, Cambridge, USA), Bo Muster (ETH)",
            ("Ada Example", "Bo Muster"),
        ),
        (
            "Ada Example (1 and 2), Bo Muster (2) ((1) MIT, (2) ETH)",
            ("Ada Example", "Bo Muster"),
        ),
        (
            "Ada Example, Bo Muster, and Cy Third",
            ("Ada Example", "Bo Muster", "Cy Third"),
        ),
        (
            "The X Collaboration: Ada Example and Bo Muster",
            ("The X Collaboration", "Ada Example", "Bo Muster"),
        ),
        ("Bo Muster, Jr., Ada Anderson", ("Bo Muster Jr.", "Ada Anderson")),
        (r"L\'evy D\"{o}e, Wei Wu, Wei Wu", (r"L\'evy D\"{o}e", "Wei Wu", "Wei Wu")),
        ("Ada Example (MIT, Bo Muster", ("Ada Example (MIT", "Bo Muster")),
        ("", ()),
    ],
)
def test_trap_26_one_line_of_authors_is_divided_outside_its_brackets(line, expected):
    assert expected == split_authors(line)


def test_trap_27_the_version_is_in_the_guid_and_the_link_stands_in_for_it(visit):
    item = one(rss_paper(1, version=3), visit)
    assert ("arxiv:2102.00001", 3) == (item.id, item.version)
    paper = rss_paper(1, description="We show it.").replace("oai:arXiv.org:", "tag:")
    assert ("arxiv:2102.00001", None) == (one(paper, visit).id, one(paper, visit).version)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 15 Feb 2021 00:00:00 -0500", datetime(2021, 2, 12, 19, tzinfo=UTC)),
        ("Thu, 11 Feb 2021 00:00:00 -0500", datetime(2021, 2, 10, 19, tzinfo=UTC)),
        ("some day", None),
        ("Fri, 31 Dec 9999 23:00:00 -0500", None),
        ("Fri, 31 Dec 99999999999999999999 23:00:00 -0500", None),
    ],
)
def test_trap_32_the_date_is_the_last_moment_for_submissions_in_new_york(visit, date, expected):
    assert expected == one(rss_paper(date=date), visit).published


@pytest.mark.parametrize(
    "paper",
    [
        rss_paper(title=" "),
        rss_paper(arxiv_id="12"),
    ],
)
def test_an_item_that_lacks_what_a_paper_needs_is_refused(visit, paper):
    with pytest.raises(ValueError, match=r"no arXiv id|has no title"):
        one(paper, visit)


# -- feeds ------------------------------------------------------------------------------------------------------------


def test_each_category_has_a_feed_of_its_own(site, http):
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1)))
    site.routes["/rss/stat.ML"] = Answer(rss_feed(rss_paper(2)))
    fetched = fetch(site, http, categories=("cs.LG", "stat.ML"))
    assert ["arxiv:2102.00001", "arxiv:2102.00002"] == ids(fetched)
    assert ["/rss/cs.LG", "/rss/stat.ML"] == site.paths()
    assert (None, ()) == (fetched.error, fetched.warnings)


def test_trap_27_a_paper_new_in_one_feed_and_cross_listed_in_another_is_one_item(site, http):
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1, kind="cross")))
    site.routes["/rss/stat.ML"] = Answer(rss_feed(rss_paper(1, kind="new")))
    assert ["arxiv:2102.00001"] == ids(fetch(site, http, categories=("cs.LG", "stat.ML")))


def test_trap_22_the_empty_feed_of_a_weekend_is_as_it_should_be(site):
    site.routes["/rss/cs.LG"] = Answer(rss_feed())
    saturday = datetime(2021, 2, 13, 12, tzinfo=UTC)
    with Http(wall_clock=saturday.timestamp) as http:
        fetched = fetch(site, http)
    assert ((), None, ()) == (fetched.items, fetched.error, fetched.warnings)
    assert "no announcements on 12 Feb (Friday)" == fetched.note


def test_trap_22_a_day_without_a_new_paper_in_a_category_is_no_alarm(site, http):
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1, kind="replace")))
    fetched = fetch(site, http)
    assert ((), None, ()) == (fetched.items, fetched.error, fetched.warnings)
    assert "no new paper in the latest announcement" == fetched.note


def test_trap_28_a_category_that_arxiv_does_not_know_names_the_key(site, http):
    site.routes["/rss/cs.XX"] = Answer(RSS_ERROR, 400)
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1)))
    fetched = fetch(site, http, categories=("cs.XX", "cs.LG"))
    assert ["arxiv:2102.00001"] == ids(fetched)
    assert "arXiv's RSS has no category cs.XX: Bad subject class 'XX'." == fetched.error.message
    assert "check categories: of this source in feeds.yaml" == fetched.error.hint


def test_trap_28_another_400_is_an_error_with_its_status(site, http):
    site.routes["/rss/cs.LG"] = Answer("no", 400)
    error = fetch(site, http).error
    assert (FetchError, 400) == (type(error), error.status)


def test_trap_29_the_etag_is_not_used_since_it_changes_with_each_build(site):
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1)), headers={"ETag": "0123abcd"})
    known = {site.url + "/rss/cs.LG": Validator(etag="0123abcd")}
    with Http(wall_clock=NOW.timestamp, validators=known) as http:
        assert ["arxiv:2102.00001"] == ids(fetch(site, http))
    assert "if-none-match" not in site.asked[0].headers


def test_trap_30_a_full_feed_has_lost_new_papers_and_it_is_said(site, http):
    papers = [rss_paper(n, kind="replace") for n in range(FULL - 1)]
    site.routes["/rss/cs.LG"] = Answer(rss_feed(*papers, rss_paper(FULL)))
    fetched = fetch(site, http)
    assert ["arxiv:2102.02000"] == ids(fetched)
    assert "the RSS feed of cs.LG is full" in fetched.warnings[0]


def test_trap_21_a_withdrawn_paper_is_left_out_and_told_of(site, http):
    withdrawn = rss_paper(1, abstract="This paper has been withdrawn by the author.")
    site.routes["/rss/cs.LG"] = Answer(rss_feed(withdrawn, rss_paper(2)))
    fetched = fetch(site, http)
    assert ["arxiv:2102.00002"] == ids(fetched)
    assert ("left out arxiv:2102.00001: withdrawn by its authors",) == fetched.warnings


def test_an_item_that_cannot_be_read_is_skipped_and_counted(site, http):
    site.routes["/rss/cs.LG"] = Answer(rss_feed(rss_paper(1, title=""), rss_paper(2)))
    fetched = fetch(site, http)
    assert (["arxiv:2102.00002"], 1) == (ids(fetched), fetched.skipped)


def test_trap_10_a_feed_that_breaks_off_gives_its_whole_items_and_an_error(site, http):
    content = rss_feed(*(rss_paper(n) for n in range(9)))
    site.routes["/rss/cs.LG"] = Answer(content[: len(content) // 2])
    fetched = fetch(site, http)
    assert 2 <= len(fetched.items) <= 5
    assert {"An abstract."} == {item.text for item in fetched.items}
    assert "breaks off" in fetched.error.message


def test_trap_11_a_maintenance_page_is_an_error(site, http):
    site.routes["/rss/cs.LG"] = Answer("<!doctype html><html><body>down</body></html>")
    fetched = fetch(site, http)
    assert isinstance(fetched.error, ParseError)
    assert 2 == len(site.asked)
