"""What each licence lets the digest show of a paper's figures."""

from __future__ import annotations

import pytest

from digest.lecture.licences import LINK_ONLY, Licence, licence_of

CC = "creativecommons.org"


@pytest.mark.parametrize(
    ("uri", "use", "name", "url"),
    [
        (f"http://{CC}/publicdomain/zero/1.0/", "resized", "CC0 1.0", "publicdomain/zero/1.0/"),
        (f"http://{CC}/publicdomain/mark/1.0/", "resized", "Public Domain Mark 1.0", "publicdomain/mark/1.0/"),
        (f"http://{CC}/licenses/publicdomain/", "resized", "Public domain", "licenses/publicdomain/"),
        (f"http://{CC}/licenses/by/4.0/", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"http://{CC}/licenses/by/3.0/", "resized", "CC BY 3.0", "licenses/by/3.0/"),
        (f"http://{CC}/licenses/by-sa/4.0/", "resized", "CC BY-SA 4.0", "licenses/by-sa/4.0/"),
        (f"http://{CC}/licenses/by-sa/3.0/", "resized", "CC BY-SA 3.0", "licenses/by-sa/3.0/"),
        (f"http://{CC}/licenses/by-nd/4.0/", "unaltered", "CC BY-ND 4.0", "licenses/by-nd/4.0/"),
        (f"http://{CC}/licenses/by-nc/4.0/", "link", "CC BY-NC 4.0", "licenses/by-nc/4.0/"),
        (f"http://{CC}/licenses/by-nc-sa/4.0/", "link", "CC BY-NC-SA 4.0", "licenses/by-nc-sa/4.0/"),
        (f"http://{CC}/licenses/by-nc-sa/3.0/", "link", "CC BY-NC-SA 3.0", "licenses/by-nc-sa/3.0/"),
        (f"http://{CC}/licenses/by-nc-nd/4.0/", "link", "CC BY-NC-ND 4.0", "licenses/by-nc-nd/4.0/"),
        # every way in which one address is written
        (f"https://{CC}/licenses/by/4.0", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"https://www.{CC}/licenses/by/4.0/deed.en", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"https://{CC}/licenses/by/4.0/deed.pt-br", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"https://{CC}/licenses/by-sa/4.0/legalcode", "resized", "CC BY-SA 4.0", "licenses/by-sa/4.0/"),
        (f"https://{CC}/licenses/by/4.0/?ref=chooser-v1#deed", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"  HTTPS://{CC.upper()}/licenses/BY/4.0/ ", "resized", "CC BY 4.0", "licenses/by/4.0/"),
        (f"http://{CC}/licenses/by/3.0/us/", "resized", "CC BY 3.0 US", "licenses/by/3.0/us/"),
    ],
)  # fmt: skip
def test_a_free_licence_says_what_may_be_shown_and_what_it_is_called(uri, use, name, url):
    found = licence_of(uri)
    assert (use, name, f"https://{CC}/{url}") == (found.use, found.name, found.url)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "   ",
        "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        "https://arxiv.org/licenses/nonexclusive-distrib/1.0",
        "http://arxiv.org/licenses/assumed-1991-2003/",
        f"http://{CC}/licenses/by/2.0/",
        f"http://{CC}/licenses/by/9.9/",
        f"http://{CC}/licenses/by/",
        f"http://{CC}/licenses/by-xx/4.0/",
        f"http://{CC}/licenses/by-sa-nd/4.0/",
        f"http://{CC}/licenses/zero/1.0/",
        f"http://{CC}/publicdomain/by/4.0/",
        f"http://{CC}/",
        f"http://{CC}.example.org/licenses/by/4.0/",
        f"http://example.org/?{CC}/licenses/by/4.0/",
        f"ftp://{CC}/licenses/by/4.0/",
        f"http://{CC}/licenses/by/4.0/extra/words",
        "CC BY 4.0",
        "all rights reserved",
        "https://www.elsevier.com/tdm/userlicense/1.0/",
    ],
)
def test_what_is_missing_unknown_or_allows_nothing_is_linked_only(uri):
    assert LINK_ONLY == licence_of(uri)
    assert LINK_ONLY == licence_of(uri, is_non_commercial=True)


@pytest.mark.parametrize(
    ("kind", "use"), [("by-nc", "resized"), ("by-nc-sa", "resized"), ("by-nc-nd", "unaltered")]
)
def test_a_non_commercial_licence_needs_a_digest_that_says_it_is(kind, use):
    uri = f"https://{CC}/licenses/{kind}/4.0/"
    assert "link" == licence_of(uri).use
    assert use == licence_of(uri, is_non_commercial=True).use


@pytest.mark.parametrize("kind", ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"])
def test_share_alike_is_marked(kind):
    found = licence_of(f"https://{CC}/licenses/{kind}/4.0/", is_non_commercial=True)
    assert kind.endswith("sa") == found.is_share_alike


def test_the_answer_is_a_value():
    one, other = (licence_of(f"{scheme}://{CC}/licenses/by/4.0/") for scheme in ("http", "https"))
    assert isinstance(one, Licence)
    assert one == other
