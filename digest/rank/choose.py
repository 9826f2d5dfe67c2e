"""What the issue carries: the best stories, but not all of one topic or one source, and not papers only.

Each story's place comes with the rule that gave it, or that kept it from a better one (``Selection.trace``), found while
choosing: who asks why is told what happened, not a guess made afterwards.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest.config import Length
from digest.rank.parts import is_discussion
from digest.types import Placing, Ranked, Rule, Selection

#: A story takes a place before a better one, which the limits shut out, with at least this share of its score; else the
#: place goes to the better one, or stays empty.
DECENT = 0.6
#: Words without which a story can be named in one line, but not told in full.
MIN_TOLD_WORDS = 20
#: Of the full stories at most this share (one at least) are discussions: an issue of threads only would be a chat.
THREAD_SHARE = 1 / 3
#: What a story loses for each one of its main topic that is told in full already: where scores are close, a new topic
#: tells the reader more.
SAME_TOPIC = 0.3
#: What a brief loses for each one of its source that stands before it: a light round robin.
SAME_SOURCE = 0.15
#: Below this nothing is shown at all: the reader avoids it, or it is not of this week.
MIN_SCORE = 0.0


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some stories, best first, and by key the rule that gave or refused each one its place."""

    stories: list[Ranked]
    rules: dict[str, Rule]


def choose(ranked: Sequence[Ranked], length: Length) -> Selection:
    """What is told in full, in one line, and not at all, each best first, and why.

    The full stories are the best ones within ``per_topic`` (of the first topic) and ``per_source`` (of the lead). One
    place goes to a discussion and one to a story that is no paper, where a decent one exists.
    """
    shown = [r for r in ranked if r.score >= MIN_SCORE]
    full = _full(shown, length)
    in_full = {r.story.key for r in full.stories}
    brief = _brief(
        [r for r in shown if r.story.key not in in_full], full.stories, length.brief_stories
    )
    in_brief = {r.story.key for r in brief.stories}
    taken = in_full | in_brief
    return Selection(
        full=tuple(full.stories),
        brief=tuple(brief.stories),
        left_out=tuple(r for r in ranked if r.story.key not in taken),
        trace=tuple(_placing(r.story.key, in_full, in_brief, full, brief) for r in ranked),
    )


def _placing(
    key: str, in_full: set[str], in_brief: set[str], full: _Chosen, brief: _Chosen
) -> Placing:
    if key in in_full:
        return Placing(key=key, place="full", rule=full.rules[key])
    return Placing(
        key=key,
        place="brief" if key in in_brief else "left_out",
        rule=brief.rules.get(key, "below_zero"),
        not_full=full.rules.get(key, "below_zero"),
    )


# -- in full ----------------------------------------------------------------------------------------------------------


def _full(ranked: Sequence[Ranked], length: Length) -> _Chosen:
    candidates = [r for r in ranked if _can_be_told(r)]
    told = {r.story.key for r in candidates}
    if len({r.story.lead.source for r in candidates}) == 1:  # a limit between sources needs two
        length = length.model_copy(update={"per_source": length.full_stories})
    kept: list[Ranked] = []
    rules: dict[str, Rule] = {}
    chosen = _greedy(candidates, kept, length)
    wanted: tuple[tuple[bool, Rule, Callable[[Ranked], bool]], ...] = (
        (length.keep_discussion, "kept_discussion", _is_discussion),
        (length.keep_non_paper, "kept_non_paper", _is_no_paper),
    )
    for is_kept, rule, is_wanted in wanted:
        if is_kept and not any(is_wanted(r) for r in chosen.stories):
            for one in _kept_place(candidates, chosen.stories, is_wanted):
                kept.append(one)
                rules[one.story.key] = rule
            chosen = _greedy(candidates, kept, length)
    too_short: dict[str, Rule] = {
        r.story.key: "too_little_text" for r in ranked if r.story.key not in told
    }
    # a place may have been kept for one that a later kept place then pushed out
    kept_rules = {r.story.key: rules[r.story.key] for r in chosen.stories if r.story.key in rules}
    return _Chosen(chosen.stories, {**too_short, **chosen.rules, **kept_rules})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A story with what the limits ask of it, looked up once: `explain` chooses a hundred times from thousands."""

    ranked: Ranked
    score: float
    topic: str  #: the main one, "" where there is none
    source: str
    is_thread: bool

    @classmethod
    def of(cls, ranked: Ranked) -> _Candidate:
        lead = ranked.story.lead
        topic = ranked.topics[0] if ranked.topics else ""
        return cls(ranked, ranked.score, topic, lead.source, lead.kind == "thread")


@dataclass(frozen=True, slots=True)
class _Taken:
    """What stands already among the full stories when one more is looked for."""

    topics: Counter[str]
    sources: Counter[str]
    threads: int

    @classmethod
    def of(cls, chosen: Sequence[_Candidate]) -> _Taken:
        return cls(
            topics=Counter(c.topic for c in chosen if c.topic),
            sources=Counter(c.source for c in chosen),
            threads=sum(c.is_thread for c in chosen),
        )

    def limit(self, one: _Candidate, length: Length) -> Rule | None:
        """What shuts the story out of the next place, however good it is."""
        if self.topics[one.topic] >= length.per_topic:
            return "topic_limit"
        if self.sources[one.source] >= length.per_source:
            return "source_limit"
        if one.is_thread and self.threads >= max(1, length.full_stories * THREAD_SHARE):
            return "thread_limit"
        return None

    def worth(self, one: _Candidate) -> float:
        return one.score - SAME_TOPIC * self.topics[one.topic]


def _greedy(candidates: Sequence[Ranked], kept: Sequence[Ranked], length: Length) -> _Chosen:
    """The kept stories and the best others within the limits, best first."""
    kept_keys = [r.story.key for r in kept[: length.full_stories]]
    chosen = [_Candidate.of(r) for r in kept[: length.full_stories]]
    left = [_Candidate.of(r) for r in candidates if r.story.key not in kept_keys]
    rules: dict[str, Rule] = {c.ranked.story.key: "outscored" for c in left}
    while left and len(chosen) < length.full_stories:
        taken = _Taken.of(chosen)
        rows = [(c, taken.limit(c, length), taken.worth(c)) for c in left]
        best, most = None, -math.inf
        for one, limit, worth in rows:
            if limit is None and worth > most:
                best, most = one, worth
        if best is None or best.score < DECENT * left[0].score:
            best, most = None, -math.inf  # the place stays empty
        for one, limit, worth in rows:
            if worth > most:
                rules[one.ranked.story.key] = limit or "far_behind"
        if best is None:
            break
        chosen.append(best)
        left = [c for c in left if c is not best]
    rules |= {c.ranked.story.key: "score" for c in chosen}
    return _Chosen(sorted((c.ranked for c in chosen), key=_order), rules)


def _order(ranked: Ranked) -> tuple[float, str]:
    return -ranked.score, ranked.story.key


def _kept_place(
    candidates: Sequence[Ranked], chosen: Sequence[Ranked], is_wanted: Callable[[Ranked], bool]
) -> list[Ranked]:
    best = next((r for r in candidates if is_wanted(r)), None)
    if best is None or len(chosen) < 2 or best.score < DECENT * chosen[-1].score:
        return []
    return [best]


def _can_be_told(ranked: Ranked) -> bool:
    lead = ranked.story.lead
    return len(lead.text.split(None, MIN_TOLD_WORDS)) >= MIN_TOLD_WORDS or bool(lead.comments)


def _is_discussion(ranked: Ranked) -> bool:
    return is_discussion(ranked.story.lead) and not _is_standing(ranked)


def _is_no_paper(ranked: Ranked) -> bool:
    is_thread = is_discussion(ranked.story.lead) or _is_standing(ranked)
    return not is_thread and all(i.kind != "paper" for i in ranked.story.items)


def _is_standing(ranked: Ranked) -> bool:
    """It is opened every week, whatever has happened: no place is kept for that, however many take part."""
    return any(p.name == "standing" and p.value < 0 for p in ranked.parts)


# -- in one line ------------------------------------------------------------------------------------------------------


def _brief(candidates: Sequence[Ranked], full: Sequence[Ranked], count: int) -> _Chosen:
    """The best ``count``, a source losing a little each time it is taken.

    Who configured a source wants to hear of it: one that is nowhere in the issue gets a line for its best story, if
    that is a decent one; half of the lines at most go that way.
    """
    chosen = _round_robin(candidates, count)
    if not chosen:
        return _Chosen([], {r.story.key: "no_lines" for r in candidates})
    seen = {i.source for r in (*full, *chosen) for i in r.story.items}
    unheard: dict[str, Ranked] = {}
    for one in candidates:
        if one.story.lead.source not in seen and one.score >= DECENT * chosen[-1].score:
            unheard.setdefault(one.story.lead.source, one)
    kept = list(unheard.values())[: count // 2]
    taken = [*chosen[: count - len(kept)], *kept]
    least = min(r.score for r in chosen)
    rules: dict[str, Rule] = {
        r.story.key: "source_turns" if r.score > least else "outscored" for r in candidates
    }
    rules |= {r.story.key: "gave_way" for r in chosen}
    rules |= {r.story.key: "score" for r in taken}
    rules |= {r.story.key: "unheard_source" for r in kept}
    return _Chosen(sorted(taken, key=_order), rules)


def _round_robin(candidates: Sequence[Ranked], count: int) -> list[Ranked]:
    """The best ``count`` of ``candidates`` (best first), each source losing a little by what of it stands already."""
    queues: dict[str, deque[Ranked]] = {}
    for one in candidates:
        queues.setdefault(one.story.lead.source, deque()).append(one)
    chosen: list[Ranked] = []
    sources: Counter[str] = Counter()
    while queues and len(chosen) < count:
        # within a source all lose alike, so that only the first of each can be the next
        source = min(
            queues,
            key=lambda s: (SAME_SOURCE * sources[s] - queues[s][0].score, _order(queues[s][0])),
        )
        chosen.append(queues[source].popleft())
        sources[source] += 1
        if not queues[source]:
            del queues[source]
    return sorted(chosen, key=_order)
