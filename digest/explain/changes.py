"""What would have given a story another place, in concrete words: each was tried, none is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from digest.config import Config
from digest.explain.trial import ORDER, Outcome, Trial, least
from digest.rank import parts
from digest.rank.community import COMMUNITY_FULL, community
from digest.rank.story_words import StoryWords
from digest.topics import TOPIC_TITLES
from digest.types import Item, Place, ScorePart, Story
from digest.words import STOPWORDS, TermIndex, fold, stems

#: How far a limit is raised before it is said that it would not help.
RAISED_BY = 3
MOST_FULL, MOST_BRIEF = 20, 60  #: as feeds.yaml allows
#: Tries to find a round figure that holds when the whole week is ranked with it.
CONFIRMATIONS = 3
_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z-]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that might have been otherwise, and where the story would stand then."""

    what: str  #: "a thread of about 40 points on r/MachineLearning that links to it"
    outcome: Outcome
    points: float | None = None  #: of score, more or less than now; None where the score stays


def changes(trial: Trial, config: Config) -> tuple[Change, ...]:
    """What would have given the story a better place, and for one that is shown, what would have cost it its place."""
    found: list[Change] = []
    if trial.now.place != "full":
        for make in (_thread, _keyword, _topic, _not_avoided, _fresh, _limits, _length, _kept):
            found += make(trial, config)
    if trial.now.place != "left_out":
        found += _losses(trial, config)
    return tuple(found)


def _better(trial: Trial) -> tuple[Place, ...]:
    """The places above the story's own, the nearest first."""
    return ORDER[ORDER.index(trial.now.place) + 1 :]


def _gain(trial: Trial, outcome: Outcome) -> float:
    return outcome.score - trial.now.score


# -- what others make of it -------------------------------------------------------------------------------------------


def _thread(trial: Trial, config: Config) -> Iterator[Change]:
    """The points of a thread, on one that it has or on a new one."""
    story = trial.one.story
    known = max(
        (i for i in story.items if i.kind == "thread"), key=lambda i: i.score or 0, default=None
    )
    where = known.source if known else _place_of_threads(config)

    def with_thread(points: float) -> Story:
        return _with_thread(story, known, where, math.ceil(points))

    def quick(points: float) -> Outcome:
        other = with_thread(points)
        return trial.with_parts(
            {"community": community(other), "spread": parts.spread(other)}, story=other
        )

    start = known.score if known else None
    for place in _better(trial):
        if not quick(COMMUNITY_FULL).is_at_least(place):
            outcome = trial.with_story(with_thread(COMMUNITY_FULL))
            what = f"even {COMMUNITY_FULL:,} points on {where}"
            yield Change(what=what, outcome=outcome, points=_gain(trial, outcome))
            return
        needed = least(lambda x, to=place: quick(x).is_at_least(to), COMMUNITY_FULL, 0.5)  # type: ignore[misc]
        for points in _rounder(needed):
            outcome = trial.with_story(with_thread(points))
            if outcome.is_at_least(place):
                yield Change(
                    what=_thread_in_words(points, start, where, is_new=known is None),
                    outcome=outcome,
                    points=_gain(trial, outcome),
                )
                if outcome.place == "full":
                    return
                break


def _place_of_threads(config: Config) -> str:
    threads = [
        s.name for s in config.sources if s.is_enabled and s.kind in ("reddit", "hackernews")
    ]
    return threads[0] if threads else "a forum"


def _with_thread(story: Story, known: Item | None, where: str, points: int) -> Story:
    if known is not None:
        items = (replace(i, score=points) if i is known else i for i in story.items)
        return replace(story, items=tuple(items))
    lead = story.lead
    thread = Item(
        id="thread:imagined", source=where, kind="thread", title=lead.title, url=lead.url,
        published=lead.published, links=(lead.url,), score=points,
    )  # fmt: skip
    return replace(story, items=(*story.items, thread))


def _thread_in_words(points: int, start: int | None, where: str, *, is_new: bool) -> str:
    if is_new and points == 1:
        return f"any thread on {where} that links to it, even of 1 point"
    said = f"about {points:,} point{'' if points == 1 else 's'}"
    if is_new:
        return f"a thread of {said} on {where} that links to it"
    return f"{said} on {where}" + (f" instead of {start:,}" if start is not None else "")


def _rounder(needed: float) -> Iterator[int]:
    """Round figures from ``needed`` on, since "about 40" says as much as 37 and is not off by one."""
    figure = max(1, math.ceil(needed))
    for _ in range(CONFIRMATIONS):
        step = max(1, 10 ** (len(str(figure)) - 1) // 2)
        figure = math.ceil(figure / step) * step
        yield figure
        figure += step


# -- what the readers care for ----------------------------------------------------------------------------------------


def _keyword(trial: Trial, _config: Config) -> Iterator[Change]:
    phrase = telling_phrase(trial.one.story, [r.story for r in trial.ranked])
    interests = trial.interests
    if phrase is None or phrase in interests.wanted:
        return
    wider = interests.model_copy(update={"keywords": (*interests.keywords, phrase)})
    outcome, _ = trial.with_interests(wider)
    what = f"the keyword “{phrase}” in interests"
    yield Change(what=what, outcome=outcome, points=_gain(trial, outcome))


def telling_phrase(story: Story, others: Sequence[Story]) -> str | None:
    """Two words of the lead's title that its text comes back to, and that few others of the week have."""
    # "Adam: Communication" is no phrase, and "[R]" no word
    runs = re.split(r"[.,:;!?()\[\]\"“”|/]+(?:\s|$)|\[\w+\]|\s[-–—]\s", story.lead.title)
    pairs = [
        f"{a} {b}".lower()
        for run in runs
        for a, b in pairwise(run.split())
        if all(_PLAIN_WORD.fullmatch(w) and fold(w) not in STOPWORDS for w in (a, b))
    ]
    if not pairs:
        return None
    index = TermIndex(pairs)
    own = index.count(StoryWords.of(story).text)
    frequency = dict.fromkeys(pairs, 0)
    for other in others:
        for term in index.count(stems(other.lead.title)):
            frequency[term] += 1
    return max(pairs, key=lambda p: (min(own[p], 3), -frequency[p], -pairs.index(p)))


def _topic(trial: Trial, _config: Config) -> Iterator[Change]:
    interests = trial.interests
    topic = next(iter(trial.one.topics), None)
    if topic is None or topic in interests.topics:
        return
    wider = interests.model_copy(update={"topics": (*interests.topics, topic)})
    outcome, _ = trial.with_interests(wider)
    what = f"the topic {topic} ({TOPIC_TITLES[topic]}) in interests"
    yield Change(what=what, outcome=outcome, points=_gain(trial, outcome))


def _not_avoided(trial: Trial, _config: Config) -> Iterator[Change]:
    if not any(p.name == "avoid" and p.value < 0 for p in trial.one.parts):
        return
    interests, words = trial.interests, StoryWords.of(trial.one.story)
    met = [term for term in interests.unwanted if words.find(TermIndex([term]))]
    without = interests.model_copy(
        update={
            "avoid": tuple(w for w in interests.avoid if w not in met),
            "keywords": tuple(
                w
                for w in interests.keywords
                if not (w.startswith("-") and w.removeprefix("-").strip() in met)
            ),
        }
    )
    outcome, _ = trial.with_interests(without)
    what = f"without {', '.join(f'“{w}”' for w in met)} among what you avoid"
    yield Change(what=what, outcome=outcome, points=_gain(trial, outcome))


# -- when it appeared -------------------------------------------------------------------------------------------------


def _fresh(trial: Trial, _config: Config) -> Iterator[Change]:
    if any(p.name == "recency" and p.value < 0 for p in trial.one.parts):
        outcome = trial.with_parts({"recency": ScorePart(name="recency", value=0.0)})
        what = "had it appeared in this week"
        yield Change(what=what, outcome=outcome, points=_gain(trial, outcome))


# -- how the issue is made --------------------------------------------------------------------------------------------


def _limits(trial: Trial, _config: Config) -> Iterator[Change]:
    length = trial.length
    for name, what in (("per_topic", "main topic"), ("per_source", "source")):
        limit = getattr(length, name)
        for raised in range(limit + 1, limit + 1 + RAISED_BY):
            outcome = trial.with_length(**{name: raised})
            if outcome.is_at_least("full"):
                yield Change(
                    what=f"{raised} instead of {limit} full stories of one {what} (length.{name})",
                    outcome=outcome,
                )
                break


def _length(trial: Trial, _config: Config) -> Iterator[Change]:
    """The longer issue that would have had room."""
    length = trial.length
    rows: tuple[tuple[str, Place, int, int, str], ...] = (
        ("brief_stories", "brief", length.brief_stories, MOST_BRIEF, "one-line stories"),
        ("full_stories", "full", length.full_stories, MOST_FULL, "full stories"),
    )
    for name, place, now, most, what in rows:
        if place not in _better(trial):
            continue
        found = _least_whole(
            lambda n, key=name, to=place: trial.with_length(**{key: n}).is_at_least(to),  # type: ignore[misc]
            now + 1,
            most,
        )
        if found is not None:
            outcome = trial.with_length(**{name: found})
            yield Change(
                what=f"room for {found} {what} instead of {now} (length.{name})", outcome=outcome
            )


def _least_whole(is_enough: Callable[[int], bool], low: int, high: int) -> int | None:
    if high < low or not is_enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return high


def _kept(trial: Trial, _config: Config) -> Iterator[Change]:
    for name, what in (
        ("keep_discussion", "a discussion"),
        ("keep_non_paper", "a story that is no paper"),
    ):
        if getattr(trial.length, name):
            outcome = trial.with_length(**{name: False})
            if outcome.is_at_least(_better(trial)[0]):
                yield Change(
                    what=f"no place kept for {what} (length.{name}: false)", outcome=outcome
                )


# -- what it stands on ------------------------------------------------------------------------------------------------


def _losses(trial: Trial, _config: Config) -> Iterator[Change]:
    """Each part without which the story would stand lower."""
    for part in sorted(trial.one.parts, key=lambda p: -p.value):
        if part.value <= 0:
            continue
        outcome = trial.with_parts({part.name: ScorePart(name=part.name, value=0.0)})
        if not outcome.is_at_least(trial.now.place):
            why = f": {part.reason}" if part.reason else ""
            yield Change(
                what=f"without its {part.name} ({part.value:+.2f}{why})",
                outcome=outcome,
                points=-part.value,
            )
