"""The pictures of figures, and the figures of pages."""

from datetime import UTC, datetime

from digest.store import Store
from digest.store.pictures import StoredPicture
from digest.types import Article, Figure

NOW = datetime(2021, 2, 15, tzinfo=UTC)
URL = "https://arxiv.org/html/2102.00001/x1.png"
SCALED = StoredPicture("figure-0000000000000001.png", b"scaled", 10, 20)
WHOLE = StoredPicture("figure-0000000000000002.png", b"whole", 30, 40)


def test_a_picture_comes_back_by_its_address_and_by_its_name(path):
    with Store(path) as store:
        store.save_picture(URL, SCALED, is_altered=True)
        store.save_picture(URL, WHOLE, is_altered=False)
    with Store(path) as store:
        assert SCALED == store.picture(URL, is_altered=True)
        assert WHOLE == store.picture(URL, is_altered=False)
        assert store.picture(URL + "?", is_altered=True) is None
        assert {SCALED.name: b"scaled"} == store.picture_files(["", "no", SCALED.name])


def test_what_an_issue_has_shown_stays(path):
    with Store(path) as store:
        store.save_picture(URL, SCALED, is_altered=True)
        store.save_picture(URL, WHOLE, is_altered=True)
        assert SCALED == store.picture(URL, is_altered=True)


def test_one_picture_at_two_addresses_is_one_file(path):
    with Store(path) as store:
        store.save_picture(URL, SCALED, is_altered=True)
        store.save_picture(URL + "2", SCALED, is_altered=True)
        assert {SCALED.name: b"scaled"} == store.picture_files([SCALED.name])


def test_figures_of_pages_come_back_by_item(path):
    figure = Figure(url=URL, caption="Figure 1: A.", page=URL + "#S1", picture_count=3)
    page = Article(item_id="arxiv:2102.00001", url=URL, figures=(figure,))
    with Store(path) as store:
        store.save_articles([page], now=NOW)
        assert {page.item_id: (figure,)} == store.page_figures([page.item_id, "arxiv:other"])
        assert frozenset([page.item_id]) == store.settled_articles([page.item_id])
