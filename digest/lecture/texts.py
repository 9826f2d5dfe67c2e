"""The words of a story as matching needs them: all its titles, and the texts that are about its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.types import Item, Story
from digest.words import stems


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """Titles and text of a story, and their stems in order."""

    title: str
    text: str
    title_stems: tuple[str, ...]
    text_stems: tuple[str, ...]

    @classmethod
    def of(cls, story: Story) -> StoryText:
        """Of papers, posts and articles; of a thread (with its comments) only where the thread itself is the story."""
        title = " . ".join(item.title for item in story.items)
        parts = [item.text for item in told(story)]
        if story.lead.kind == "thread":
            parts += [comment.text for comment in story.lead.comments]
        text = " . ".join(parts)
        return cls(title=title, text=text, title_stems=stems(title), text_stems=stems(text))


def told(story: Story) -> tuple[Item, ...]:
    """The items whose text tells the story: the lead, and with it papers, posts and articles, but no threads."""
    others = (i for i in story.items[1:] if i.kind in ("paper", "post", "article") and i.text)
    return (story.lead, *others)


def share_with(stem_sequence: tuple[str, ...], corpus: Sequence[StoryText]) -> float:
    """The share of the corpus's stories that have the phrase in title or text; 0 for an empty corpus."""
    if not corpus:
        return 0.0
    return sum(
        has_phrase(t.title_stems, stem_sequence) or has_phrase(t.text_stems, stem_sequence)
        for t in corpus
    ) / len(corpus)


def has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return count_phrase(words, phrase) > 0


def count_phrase(words: Sequence[str], phrase: Sequence[str]) -> int:
    """How often ``phrase`` stands in ``words``, both as stems."""
    n = len(phrase)
    if not n:
        return 0
    first = phrase[0]
    return sum(
        words[i] == first and tuple(words[i : i + n]) == tuple(phrase)
        for i in range(len(words) - n + 1)
    )
