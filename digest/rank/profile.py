"""The reader's interests: what a story matches of them, and what of the things to avoid."""

from __future__ import annotations

from collections.abc import Sequence

from digest.config import Interests
from digest.rank.story_words import StoryWords
from digest.topics import TOPIC_TITLES
from digest.types import Item, ScorePart, Story
from digest.words import TermIndex, fold, stems

INTEREST = 1.2  #: for the first match; the n-th adds an n-th of it, so that a long list of keywords does not decide all
INTEREST_MOST = 3.0  #: as much as the community can give
AVOID = -3.0  #: takes away what the community or the profile can give
IN_TEXT = 0.6  #: a keyword only in the text is what the story uses, not what it is about
SECOND_TOPIC = 0.5  #: as above: a topic beside the main one
MAX_SHOWN = 3  #: matches named in a reason


class Profile:
    """The reader's interests, made ready to be looked for in many stories."""

    def __init__(self, interests: Interests) -> None:
        self._topics = frozenset(interests.topics)
        self._keywords = TermIndex(interests.wanted)
        self._avoid = TermIndex(interests.unwanted)
        self._venues = TermIndex(interests.venues)
        self._authors = [(name, _name_parts(name)) for name in interests.authors]

    def interest(self, story: Story, words: StoryWords, topics: Sequence[str]) -> ScorePart:
        """Matches of the profile, the strongest counting most."""
        in_title = self._keywords.count(words.title)
        keywords = words.find(self._keywords)
        matched = [t for t in topics if t in self._topics]
        followed = [
            name
            for name, parts in self._authors
            if any(_is_name(parts, author) for item in story.items for author in item.authors)
        ]
        venues = list(
            dict.fromkeys(v for item in story.items for v in self._venues.count(_place(item)))
        )
        strengths = [1.0 if t == topics[0] else SECOND_TOPIC for t in matched]
        strengths += [1.0 if k in in_title else IN_TEXT for k in keywords]
        strengths += [1.0] * (len(followed) + len(venues))
        strengths.sort(reverse=True)
        value = INTEREST * sum(strength / n for n, strength in enumerate(strengths, start=1))
        reasons = [
            _named("topic", [TOPIC_TITLES[t] for t in matched]),
            _named("keyword", keywords),
        ]
        found = " and ".join(r for r in reasons if r)
        reason = "; ".join(
            r
            for r in (
                f"matches your {found}" if found else "",
                f"by {_listed(followed)}, whom you follow" if followed else "",
                f"in {_listed(venues)}, which you follow" if venues else "",
            )
            if r
        )
        return ScorePart(name="interest", value=min(INTEREST_MOST, value), reason=reason)

    def avoided(self, words: StoryWords) -> ScorePart:
        """What the reader avoids: in the title it counts in full, in the text half."""
        found = words.find(self._avoid)
        if not found:
            return ScorePart(name="avoid", value=0.0)
        is_in_title = bool(self._avoid.count(words.title))
        return ScorePart(
            name="avoid",
            value=AVOID if is_in_title else AVOID / 2,
            reason=f"matches what you avoid: {_listed(found)}",
        )


def _place(item: Item) -> tuple[str, ...]:
    """The stems of where an item appeared: its source, and what arXiv's authors or OpenReview say of it.

    The flair of a thread ("Discussion") is no place.
    """
    return stems(item.source if item.kind == "thread" else f"{item.source} . {item.note}")


def _named(kind: str, names: Sequence[str]) -> str:
    return f"{kind}{'s' if len(names) > 1 else ''} {_listed(names)}" if names else ""


def _listed(names: Sequence[str]) -> str:
    *first, last = names[:MAX_SHOWN]
    return f"{', '.join(first)} and {last}" if first else last


def _name_parts(name: str) -> tuple[str, ...]:
    return tuple(fold(name).replace(",", " ").replace(".", " ").split())


def _is_name(wanted: tuple[str, ...], author: str) -> bool:
    """Every word of the wanted name is one of the author's; an initial stands for the word it begins."""
    parts = _name_parts(author)
    return bool(wanted) and all(
        any(w == p or (1 in (len(w), len(p)) and w[0] == p[0]) for p in parts) for w in wanted
    )
