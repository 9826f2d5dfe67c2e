"""The words of a story that interests and lectures are looked for in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from digest.types import Item, Story
from digest.words import TermIndex, stems

#: What a long post is about it says at its beginning; further down it touches on everything.
MAX_WORDS = 300
#: Comments beyond the best ones drift from the question.
MAX_COMMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWords:
    """The stems of all titles of a story, and of what is said in it: by the lead, and by papers, posts and articles."""

    title: tuple[str, ...]
    text: tuple[str, ...]

    @classmethod
    def of(cls, story: Story) -> Self:
        titles = " . ".join(item.title for item in story.items)
        others = [
            item.text for item in story.items[1:] if item.kind in ("paper", "post", "article")
        ]
        return cls(title=stems(titles), text=stems(" . ".join((content(story.lead), *others))))

    def find(self, index: TermIndex) -> tuple[str, ...]:
        """The terms of ``index`` that occur, those of the title first."""
        return tuple(dict.fromkeys((*index.count(self.title), *index.count(self.text))))


def content(item: Item) -> str:
    """What ``item`` says: the beginning of its text; of a thread also the comments, as these are the discussion."""
    text = " ".join(item.text.split()[:MAX_WORDS])
    if item.kind != "thread":
        return text
    return " . ".join((text, *(c.text for c in item.comments[:MAX_COMMENTS])))
