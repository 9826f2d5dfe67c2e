"""HTML that nh3 has written is read as by a parser of HTML."""

import nh3
import pytest

from digest.collect.cleaned import read

BLOCKS = frozenset({"p", "ul", "li", "hr"})


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("one <b>two</b>\nthree", "one two three"),
        ("<p>one</p><p>two</p>", "\n\none\n\n\n\ntwo\n\n"),
        ("one<br>two<br/> <br>three", "one two\n\n  three"),
        ("one<br>&nbsp;<br>two", "one\n\n\xa0 two"),
        ("10<sup>5</sup> and x<sup>2</sup>", "10^5 and x2"),
        ("a &lt; b &amp;amp; <i>c > d</i>", "a < b &amp; c > d"),
        ("<hr>after a rule", "\n\n\n\nafter a rule".removeprefix("\n\n")),
    ],
)
def test_the_text_has_blank_lines_around_blocks(markup, text):
    cleaner = nh3.Cleaner(tags={"p", "br", "sup", "hr", "a", "img"})
    assert text == read(cleaner.clean(markup), BLOCKS).text


def test_links_and_pictures_come_in_order_with_their_attributes():
    markup = (
        '<a href="https://lab.example.org/?a=1&amp;b=2">x</a><a>y</a>'
        '<img src="https://lab.example.org/1.png" alt="a &gt; b, &quot;so&quot;"><img>'
    )
    found = read(nh3.clean(markup, tags={"a", "img"}, link_rel=None), BLOCKS)
    assert found.hrefs == ("https://lab.example.org/?a=1&b=2", "")
    assert found.images == (
        {"src": "https://lab.example.org/1.png", "alt": 'a > b, "so"'},
        {},
    )
