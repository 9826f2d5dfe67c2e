"""bioRxiv's rows; the numbers are those of the traps that a test stands for."""

from datetime import UTC, datetime

import pytest

from digest.collect import collect
from digest.collect.biorxiv import join_versions, parse_page
from digest.errors import ParseError
from digest.sources import BiorxivSource
from tests.collect.conftest import SINCE, UNTIL
from tests.collect.fakes_json import NO_PREPRINTS, as_json, preprint, preprints

SOURCE = BiorxivSource(kind="biorxiv")


@pytest.fixture
def fetch(site, http):
    def fetch(rows=(), *, page_size=30, total=None, **fields):
        """Collect from a server that pages through ``rows``."""

        def answer(asked):
            cursor = int(asked.path.split("/")[-2])
            page = rows[cursor : cursor + page_size]
            return as_json(preprints(*page, total=total) if page else NO_PREPRINTS)

        class Routes(dict):
            def get(self, path, other=None):
                return super().get(path) or (answer if path.endswith("/json") else other)

        site.routes = Routes(site.routes)
        source = BiorxivSource(kind="biorxiv", url=f"{site.url}/details", **fields)
        (fetched,) = collect([source], http, since=SINCE, until=UNTIL, environ={})
        return fetched

    return fetch


def parsed(*rows, visit):
    return join_versions(parse_page(list(rows), "bioinformatics", SOURCE, visit))


def test_a_row_becomes_a_paper(visit):
    (item,) = parsed(preprint(), visit=visit)

    doi = "10.1101/2021.02.05.000001"
    assert (f"doi:{doi}", "paper", doi) == (item.id, item.kind, item.doi)
    assert f"https://www.biorxiv.org/content/{doi}v1" == item.url
    assert ("On proteins", "What version 1 says.") == (item.title, item.text)
    assert ("Example, A.", "Muster, B.") == item.authors
    assert (datetime(2021, 2, 8, tzinfo=UTC), None, 1) == (
        item.published,
        item.updated,
        item.version,
    )
    assert ("bioinformatics",) == item.categories
    assert "https://creativecommons.org/licenses/by-nc/4.0/" == item.license


@pytest.mark.parametrize("stated", ["cc_no", "NA", None, 7, {}])
def test_a_license_that_is_none_is_not_stated(visit, stated):
    assert "" == parsed(preprint(license=stated), visit=visit)[0].license


def test_medrxiv_has_its_own_address(site, fetch):
    fetched = fetch([preprint()], server="medrxiv")

    assert fetched.items[0].url.startswith("https://www.medrxiv.org/content/10.1101/")
    assert "/details/medrxiv/2021-02-04/2021-02-14/0/json" == site.asked[0].path


def test_trap_64_two_versions_are_one_paper_with_the_text_of_the_later_and_the_date_of_the_first(
    visit,
):
    rows = [preprint(version=2, date="2021-02-12"), preprint(date="2021-02-08")]
    (item,) = parsed(*rows, visit=visit)

    assert ("What version 2 says.", 2) == (item.text, item.version)
    assert item.url.endswith("v2")
    assert (datetime(2021, 2, 8, tzinfo=UTC), datetime(2021, 2, 12, tzinfo=UTC)) == (
        item.published,
        item.updated,
    )


def test_trap_64_a_revision_of_an_earlier_preprint_is_no_news(fetch):
    fetched = fetch([preprint(1), preprint(2, version=3)])

    assert ["doi:10.1101/2021.02.05.000001"] == [item.id for item in fetched.items]
    assert "left out 1 that are revisions" in fetched.warnings[0]


@pytest.mark.parametrize("page_size", [30, 100])
def test_trap_64_the_cursor_moves_by_what_came_whatever_the_page_size(site, fetch, page_size):
    rows = [preprint(n) for n in range(1, 76)]
    fetched = fetch(rows, page_size=page_size, total=500)

    cursors = [0, 30, 60, 75] if page_size == 30 else [0, 75]
    assert cursors == [int(path.split("/")[-2]) for path in site.paths()]
    assert (75, (), None) == (len(fetched.items), fetched.warnings, fetched.error)


def test_trap_64_no_posts_found_is_an_empty_week_and_no_fault(fetch):
    fetched = fetch([])

    assert ((), (), None) == (fetched.items, fetched.warnings, fetched.error)


def test_another_status_without_rows_is_an_error(site, fetch):
    path = "/details/biorxiv/2021-02-04/2021-02-14/0/json"
    site.routes[path] = as_json({"messages": [{"status": "bad date range"}], "collection": []})
    fetched = fetch([])

    assert isinstance(fetched.error, ParseError)
    assert "bad date range" in fetched.error.message


def test_every_category_is_asked_for_and_others_are_left_out(site, fetch):
    rows = [preprint(1), preprint(2, category="Cell Biology"), preprint(3, category="ecology")]
    fetched = fetch(rows, categories=("bioinformatics", "cell biology"))

    assert {"bioinformatics", "cell_biology"} == {a.query["category"] for a in site.asked}
    assert 2 == len(fetched.items)


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        {},
        preprint(doi=None),
        preprint(doi="none"),
        preprint(title=" "),
        preprint(date="soon"),
        preprint(date=None),
        preprint(date="2121-01-01"),
    ],
)
def test_a_row_without_doi_title_or_date_is_skipped_and_counted(visit, row):
    assert 1 == len(parsed(row, preprint(9), visit=visit))
    assert 1 == len(visit.skip_reasons)


def test_where_a_page_fails_what_came_is_kept(site, fetch):
    site.routes["/details/biorxiv/2021-02-04/2021-02-14/30/json"] = as_json([], 404)
    fetched = fetch([preprint(n) for n in range(1, 51)])

    assert (30, 404) == (len(fetched.items), fetched.error.status)


def test_the_newest_are_kept_where_there_are_too_many(fetch):
    fetched = fetch([preprint(n, date=f"2021-02-{n + 4:02d}") for n in range(1, 8)], max_items=2)

    assert [11, 10] == [item.published.day for item in fetched.items]
    assert "only the newest 2 of 7" in fetched.warnings[0]
