"""A feed's links lead nowhere inwards, whatever the address is written like, and each redirect is looked at."""

import pytest

from digest.collect.reach import fetch_page, may_lead, zone_of
from digest.errors import CollectError, FetchError
from tests.loopback import Answer


@pytest.mark.parametrize(
    ("host", "zone"),
    [
        ("blog.example.org", "public"),
        ("blog.example.org.", "public"),
        ("93.184.216.34", "public"),
        ("[2606:4700::1111]", "public"),
        ("face.be", "public"),
        ("localhost", "here"),
        ("LOCALHOST:8080", "here"),
        ("blog.localhost", "here"),
        ("127.0.0.1", "here"),
        ("127.1", "here"),
        ("0x7f000001", "here"),
        ("2130706433", "here"),
        ("0.0.0.0", "here"),
        ("[::1]", "here"),
        ("[::ffff:127.0.0.1]", "here"),
        ("10.0.0.7", "inside"),
        ("192.168.1.1", "inside"),
        ("172.16.0.1:8000", "inside"),
        ("169.254.169.254", "inside"),
        ("100.64.0.1", "inside"),
        ("[fd00::1]", "inside"),
        ("[fe80::1]", "inside"),
        ("224.0.0.1", "inside"),
        ("intranet", "inside"),
        ("printer.local", "inside"),
        ("wiki.corp", "inside"),
    ],
)
def test_an_address_lies_here_or_inside_or_in_public(host, zone):
    assert zone == zone_of(f"http://{host}/page")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("https://blog.example.org/feed", "https://other.example.org/p", True),
        ("https://blog.example.org/feed", "http://127.0.0.1/p", False),
        ("https://blog.example.org/feed", "http://10.0.0.7/p", False),
        ("http://localhost:1/feed", "http://127.0.0.1:2/p", True),
        ("http://127.0.0.1/feed", "https://blog.example.org/p", False),
        ("http://127.0.0.1/feed", "http://10.0.0.7/p", False),
        ("http://wiki.corp/feed", "http://wiki.corp/p", True),
        ("http://wiki.corp/feed", "https://blog.example.org/p", True),
        ("http://wiki.corp/feed", "http://localhost/p", False),
        ("https://blog.example.org/feed", "mailto:a@b.c", False),
        ("https://blog.example.org/feed", "http://[x/", False),
    ],
)
def test_no_address_leads_inwards_and_this_machine_leads_only_to_itself(start, end, expected):
    assert expected == may_lead(start, end)


def test_redirects_are_followed_to_the_page(site, http):
    site.routes["/a"] = Answer(status=301, headers={"Location": "/b"})
    site.routes["/b"] = Answer(status=302, headers={"Location": f"{site.url}/c?x=1#top"})
    site.routes["/c"] = Answer("here it is")
    response = fetch_page(http.session("a blog"), f"{site.url}/a")
    assert (f"{site.url}/c?x=1", b"here it is") == (response.url, response.content)


@pytest.mark.parametrize(
    "target", ["https://blog.example.org/", "http://10.0.0.7/", "ftp://a.org/", "", "http://[x/"]
)
def test_a_redirect_that_leads_where_it_may_not_is_never_called(site, http, target):
    site.routes["/a"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(CollectError, match="no page to follow it to") as caught:
        fetch_page(http.session("a blog"), f"{site.url}/a")
    assert not isinstance(caught.value, FetchError)
    assert ["/a"] == site.paths()


def test_a_circle_of_redirects_ends(site, http):
    site.routes["/a"] = Answer(status=302, headers={"Location": "/a"})
    with pytest.raises(CollectError, match="redirects more than 5 times"):
        fetch_page(http.session("a blog"), f"{site.url}/a")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "::1", "fe80::1%eth0"])
def test_a_public_name_that_stands_for_an_inner_address_is_never_called(http, address):
    asked = []

    def resolve(host):
        asked.append(host)
        return (address,)

    with pytest.raises(CollectError, match="no public address"):
        fetch_page(http.session("a blog"), "https://blog.example.org/p", resolve=resolve)
    assert ["blog.example.org"] == asked
    assert () == tuple(http.session("a blog").receipts)
