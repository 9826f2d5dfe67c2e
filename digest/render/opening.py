"""How a story's opening line runs into its title."""

from __future__ import annotations

import re

from digest.issue import FullStory

#: What may follow the title in an opening line and is said by the byline anyway.
_BYLINE = re.compile(r"[,.]?( by [^:;]{1,80})?[.?!]?")


def lead_in(story: FullStory) -> str:
    """The opening line up to the title, where the title stands at its end: "The title of the paper is".

    An opening that names another title, or goes on after it, comes back whole: then it says more than the heading does.
    """
    before, mark, after = story.opening.rpartition("“")
    quoted, end, rest = after.rpartition("”")
    if not (mark and end) or _plain(quoted) != _plain(story.title) or not _BYLINE.fullmatch(rest):
        return story.opening
    return before.rstrip(" ")


def _plain(title: str) -> str:
    return "".join(c for c in title.casefold() if c.isalnum())
