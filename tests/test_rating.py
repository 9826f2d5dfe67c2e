"""The line that rates an item: written and read alike, and nothing else is taken for it."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from digest.rating import VERDICTS, command, parse_command, rating_url

IDS = [
    "arxiv:2102.06171",
    "arxiv:cs/9301111",
    "reddit:lg1xyz",
    "hn:26000001",
    "feed:9f2c4b1d77aa0e31",
    "doi:10.1371/journal.pgen.1009303",
    "doi:10.1002/(sici)1097-4571",
    "openreview:a-B_c",
]


@pytest.mark.parametrize("item_id", IDS)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_is_written_is_read_back(item_id, verdict):
    assert (item_id, verdict) == parse_command(command(item_id, verdict))


@pytest.mark.parametrize("item_id", IDS)
def test_a_link_carries_the_line_or_its_parts_and_nothing_more(item_id):
    mail = urlsplit(rating_url("mailto:ada@example.org", item_id, "up"))
    call = urlsplit(rating_url("http://127.0.0.1:8713/rate?key=1", item_id, "down"))

    assert ("ada@example.org", f"subject=rate {item_id} up") == (mail.path, unquote(mail.query))
    assert {"key": ["1"], "item": [item_id], "rating": ["down"]} == parse_qs(call.query)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Re: rate arxiv:2102.06171 up",
        "rate arxiv:2102.06171 up\n",
        "rate arxiv:2102.06171  up",
        "rate arxiv:2102.06171 UP",
        "rate arxiv:2102.06171 up; rm -rf /",
        "rate 2102.06171 up",
        "rate arxiv:2102.06171 purge",
        "rate feed:<script> up",
        "rate feed:a\u202eb up",
        "rate feed:' OR 1=1-- up",
        f"rate feed:{'a' * 1000} up",
    ],
)
def test_what_is_only_close_to_such_a_line_is_none(line):
    assert parse_command(line) is None


def test_there_is_no_link_without_an_address_or_for_an_id_that_could_not_be_read_back():
    assert "" == rating_url("", IDS[0], "up")
    assert "" == rating_url("mailto:ada@example.org", 'x"><script>', "up")
