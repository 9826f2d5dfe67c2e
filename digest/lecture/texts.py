"""The words of a story as matching needs them: all its titles, and the texts that are about its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from digest.types import Item, Story
from digest.words import fold, stems


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """Titles and text of a story, and their words in order: as stems, and as they are."""

    title: str
    text: str
    own_text: str  #: without comments
    title_stems: tuple[str, ...]
    text_stems: tuple[str, ...]
    title_words: tuple[str, ...]  #: plural endings taken off, but not stemmed
    text_words: tuple[str, ...]

    @classmethod
    def of(cls, story: Story) -> StoryText:
        """Of papers, posts and articles; of a thread (with its comments) only where the thread itself is the story."""
        title = " . ".join(item.title for item in story.items)
        own = " . ".join(item.text for item in told(story))
        comments = story.lead.comments if story.lead.kind == "thread" else ()
        text = " . ".join((own, *(comment.text for comment in comments)))
        return cls(
            title=title,
            text=text,
            own_text=own,
            title_stems=stems(title),
            text_stems=stems(text),
            title_words=singulars(title),
            text_words=singulars(text),
        )


def beginning(text: StoryText, words: int) -> StoryText:
    """``text`` with no more than its first ``words`` words: what it is about stands there."""
    if len(text.text_words) <= words:
        return text
    end = [m.end() for m in islice(re.finditer(r"[^\W_]+", text.text), words)][-1]
    return replace(
        text,
        text=text.text[:end],
        text_stems=text.text_stems[:words],
        text_words=text.text_words[:words],
    )


def told(story: Story) -> tuple[Item, ...]:
    """The items whose text tells the story: the lead, and with it papers, posts and articles, but no threads."""
    others = (i for i in story.items[1:] if i.kind in ("paper", "post", "article") and i.text)
    return (story.lead, *others)


def singulars(text: str) -> tuple[str, ...]:
    """The words of ``text`` in lower case, plural endings taken off."""
    return tuple(_singular(word) for word in re.findall(r"[^\W_]+", fold(text)))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "aisu" else word


def has_phrase(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return count_phrase(words, phrase) > 0


def count_phrase(words: tuple[str, ...], phrase: tuple[str, ...]) -> int:
    """How often ``phrase`` stands in ``words``, both as stems or both as words; 0 for an empty phrase.

    ``tuple.index`` looks for the first word at C's speed: a course has a hundred keywords, a week thousands of stories.
    """
    count, at = 0, -1
    while phrase:
        try:
            at = words.index(phrase[0], at + 1)
        except ValueError:
            break
        count += words[at : at + len(phrase)] == phrase
    return count
