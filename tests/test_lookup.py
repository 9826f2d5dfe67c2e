"""What a person may call an item by, and which stored item is meant."""

import pytest

from digest.lookup import find, possible_ids
from digest.store import Store
from digest.types import Fetched, Item
from tests.store.make import NOW

ITEMS = (
    ("arxiv:2102.06171", "http://arxiv.org/abs/2102.06171v1"),
    ("reddit:lg1xyz", "https://www.reddit.com/r/MachineLearning/comments/lg1xyz/a_title/"),
    ("hn:26000001", "https://news.ycombinator.com/item?id=26000001"),
    ("feed:aa", "http://ai.googleblog.com/2021/02/tracin-simple.html"),
    ("feed:bb", "https://blog.example.org/posts/?p=77"),
    ("feed:cc", "https://other.example.org/posts/?p=77"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    items = tuple(Item(id=i, source="s", kind="post", title="A title", url=url) for i, url in ITEMS)
    with Store(tmp_path_factory.mktemp("db") / "digest.db") as opened:
        opened.save_fetched(Fetched(source="s", items=items), now=NOW)
        yield opened


@pytest.mark.parametrize(
    ("text", "item_id"),
    [
        ("arxiv:2102.06171", "arxiv:2102.06171"),
        ("2102.06171", "arxiv:2102.06171"),
        (" 2102.06171v3 ", "arxiv:2102.06171"),
        ("arXiv:2102.06171v3", "arxiv:2102.06171"),
        ("https://arxiv.org/pdf/2102.06171v1.pdf", "arxiv:2102.06171"),
        ("https://huggingface.co/papers/2102.06171", "arxiv:2102.06171"),
        ("https://old.reddit.com/r/MachineLearning/comments/lg1xyz/", "reddit:lg1xyz"),
        ("https://redd.it/lg1xyz", "reddit:lg1xyz"),
        ("https://news.ycombinator.com/item?id=26000001", "hn:26000001"),
        ("https://ai.googleblog.com/2021/02/tracin-simple.html?m=1&utm_source=x", "feed:aa"),
        ("https://research.google/blog/tracin-simple/", "feed:aa"),
        ("https://blog.example.org/posts?p=77&utm_medium=mail", "feed:bb"),
        ("feed:cc", "feed:cc"),
    ],
)
def test_an_item_is_found_by_every_name_it_has(store, text, item_id):
    assert [item_id] == [item.id for item in find(store, text)]


@pytest.mark.parametrize(
    "text", ["", "nothing", "2102.99999", "https://blog.example.org/", "https://x.org/posts/?p=77"]
)
def test_what_is_not_stored_is_not_found(store, text):
    assert () == find(store, text)


def test_what_a_text_may_stand_for_comes_with_the_text_itself():
    assert ("2102.06171", "arxiv:2102.06171") == possible_ids("2102.06171")
    assert ("doi:10.1371/x.1",) == possible_ids("doi:10.1371/x.1")
