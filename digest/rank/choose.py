"""What the issue carries: the best stories, but not all of one topic or one source, and not papers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from digest.config import Length
from digest.rank.parts import is_discussion
from digest.types import Ranked, Selection

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


def choose(ranked: Sequence[Ranked], length: Length) -> Selection:
    """What is told in full, in one line, and not at all, each best first.

    The full stories are the best ones within ``per_topic`` (of the first topic) and ``per_source`` (of the lead). One
    place goes to a discussion and one to a story that is no paper, where a decent one exists.
    """
    shown = [r for r in ranked if r.score >= MIN_SCORE]
    full = _full(shown, length)
    taken = {r.story.key for r in full}
    brief = _brief([r for r in shown if r.story.key not in taken], full, length.brief_stories)
    taken |= {r.story.key for r in brief}
    return Selection(
        full=tuple(full),
        brief=tuple(brief),
        left_out=tuple(r for r in ranked if r.story.key not in taken),
    )


def _full(ranked: Sequence[Ranked], length: Length) -> list[Ranked]:
    candidates = [r for r in ranked if _can_be_told(r)]
    if len({r.story.lead.source for r in candidates}) == 1:  # a limit between sources needs two
        length = length.model_copy(update={"per_source": length.full_stories})
    kept: list[Ranked] = []
    chosen = _greedy(candidates, kept, length)
    for is_wanted in (_is_discussion, _is_no_paper):
        if not any(is_wanted(r) for r in chosen):
            kept += _kept_place(candidates, chosen, is_wanted)
            chosen = _greedy(candidates, kept, length)
    return chosen


def _greedy(candidates: Sequence[Ranked], kept: Sequence[Ranked], length: Length) -> list[Ranked]:
    """The kept stories and the best others within the limits, best first."""
    chosen = list(kept[: length.full_stories])
    left = [r for r in candidates if r not in chosen]
    while len(chosen) < length.full_stories:
        topics = Counter(r.topics[0] for r in chosen if r.topics)
        sources = Counter(r.story.lead.source for r in chosen)
        threads = sum(r.story.lead.kind == "thread" for r in chosen)
        allowed = [
            r
            for r in left
            if sources[r.story.lead.source] < length.per_source
            and topics[_main_topic(r)] < length.per_topic
            and (
                r.story.lead.kind != "thread"
                or threads < max(1, length.full_stories * THREAD_SHARE)
            )
        ]
        if not allowed:
            break
        best = max(allowed, key=lambda r: r.score - SAME_TOPIC * topics[_main_topic(r)])
        if best.score < DECENT * left[0].score:
            break
        chosen.append(best)
        left.remove(best)
    return sorted(chosen, key=lambda r: (-r.score, r.story.key))


def _main_topic(ranked: Ranked) -> str:
    return ranked.topics[0] if ranked.topics else ""


def _kept_place(
    candidates: Sequence[Ranked], chosen: Sequence[Ranked], is_wanted: Callable[[Ranked], bool]
) -> list[Ranked]:
    best = next((r for r in candidates if is_wanted(r)), None)
    if best is None or len(chosen) < 2 or best.score < DECENT * chosen[-1].score:
        return []
    return [best]


def _can_be_told(ranked: Ranked) -> bool:
    lead = ranked.story.lead
    return len(lead.text.split()) >= MIN_TOLD_WORDS or bool(lead.comments)


def _is_discussion(ranked: Ranked) -> bool:
    return is_discussion(ranked.story.lead)


def _is_no_paper(ranked: Ranked) -> bool:
    return not _is_discussion(ranked) and all(i.kind != "paper" for i in ranked.story.items)


def _brief(candidates: Sequence[Ranked], full: Sequence[Ranked], count: int) -> list[Ranked]:
    """The best ``count``, a source losing a little each time it is taken.

    Who configured a source wants to hear of it: one that is nowhere in the issue gets a line for its best story, if
    that is a decent one; half of the lines at most go that way.
    """
    chosen = _round_robin(candidates, count)
    if not chosen:
        return []
    seen = {i.source for r in (*full, *chosen) for i in r.story.items}
    unheard: dict[str, Ranked] = {}
    for one in candidates:
        if one.story.lead.source not in seen and one.score >= DECENT * chosen[-1].score:
            unheard.setdefault(one.story.lead.source, one)
    kept = list(unheard.values())[: count // 2]
    chosen = [*chosen[: count - len(kept)], *kept]
    return sorted(chosen, key=lambda r: (-r.score, r.story.key))


def _round_robin(candidates: Sequence[Ranked], count: int) -> list[Ranked]:
    left = list(candidates)
    chosen: list[Ranked] = []
    sources: Counter[str] = Counter()
    while left and len(chosen) < count:
        best = max(left, key=lambda r: r.score - SAME_SOURCE * sources[r.story.lead.source])
        left.remove(best)
        chosen.append(best)
        sources[best.story.lead.source] += 1
    return sorted(chosen, key=lambda r: (-r.score, r.story.key))
