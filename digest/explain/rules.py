"""The rules of digest/rank/choose.py in whole sentences, with the figures of the story at hand."""

from __future__ import annotations

from digest.config import Length
from digest.rank.choose import DECENT, MIN_TOLD_WORDS, SAME_SOURCE, SAME_TOPIC
from digest.topics import TOPIC_TITLES
from digest.types import Placing, Ranked, Rule, Selection


def in_words(
    ranked: Ranked, placing: Placing, selection: Selection, length: Length
) -> tuple[str, ...]:
    """Which rules gave the story its place, and which kept it from a better one."""
    if placing.place == "full":
        return (_in_full(placing.rule, selection),)
    if "below_zero" in (placing.rule, placing.not_full):
        return (_below_zero(ranked),)
    said = [_not_full(placing.not_full, ranked, selection, length)]
    if placing.place == "brief":
        said.append(_in_brief(placing.rule, ranked))
    else:
        said.append(_no_line(placing.rule, ranked, selection))
    return tuple(said)


def _in_full(rule: Rule, selection: Selection) -> str:
    if rule == "kept_discussion":
        return "Told in full by the place that is kept for a discussion."
    if rule == "kept_non_paper":
        return "Told in full by the place that is kept for a story that is no paper."
    return (
        f"Told in full by its score: it is among the best {len(selection.full)} within the limits."
    )


def _below_zero(ranked: Ranked) -> str:
    bad = min(ranked.parts, key=lambda p: p.value)
    why = f"{bad.name} {bad.value:+.1f}{f', {bad.reason}' if bad.reason else ''}"
    return f"Its score is below zero ({why}), and such stories are not shown."


def _not_full(rule: Rule | None, ranked: Ranked, selection: Selection, length: Length) -> str:
    full = selection.full
    if rule == "topic_limit":
        topic = TOPIC_TITLES[ranked.topics[0]] if ranked.topics else "no topic"
        same = sum(r.topics[:1] == ranked.topics[:1] for r in full)
        return (
            f"Not in full: {same} of the full stories are on {topic} already, and no more than "
            f"{length.per_topic} may share a main topic."
        )
    if rule == "source_limit":
        return (
            f"Not in full: {ranked.story.lead.source} leads {length.per_source} full stories already, "
            "and no more may come from one source."
        )
    if rule == "thread_limit":
        return "Not in full: at most a third of the full stories are discussions."
    if rule == "too_little_text":
        return (
            f"Not in full: its text has fewer than {MIN_TOLD_WORDS} words and no comments, "
            "which is too little to tell."
        )
    if rule == "far_behind":
        return (
            f"Not in full, though a place stayed empty: its score is less than {DECENT:.0%} of that of better "
            "stories that the limits shut out."
        )
    by_score = [r.score for r in full if selection.placing(r.story.key).rule == "score"]
    if not by_score:
        return "Not in full: all places for full stories are kept for others."
    if by_score[-1] >= ranked.score:
        return (
            f"Not in full: the last story told in full by its score has {by_score[-1]:.2f}, "
            f"this one {ranked.score:.2f}."
        )
    return (
        f"Not in full: its main topic is told already, and a story loses {SAME_TOPIC} for each one of its topic "
        "that stands before it."
    )


def _in_brief(rule: Rule, ranked: Ranked) -> str:
    if rule == "unheard_source":
        return f"In one line because nothing else of {ranked.story.lead.source} is in the issue."
    return "In one line by its score."


def _no_line(rule: Rule, ranked: Ranked, selection: Selection) -> str:
    if rule == "no_lines":
        return "Not in one line: no room is given to such stories."
    if rule == "gave_way":
        return "Not in one line: its line went to the best story of a source that would not be heard otherwise."
    source = ranked.story.lead.source
    same = sum(r.story.lead.source == source for r in selection.brief)
    cost = (
        f"{source} has {same} of the {len(selection.brief)} lines already, and each one costs the next "
        f"{SAME_SOURCE}"
    )
    by_score = [r.score for r in selection.brief if selection.placing(r.story.key).rule == "score"]
    if rule == "source_turns" or not by_score:
        return f"Not in one line: {cost}."
    said = f"the last story there by its score has {by_score[-1]:.2f}, this one {ranked.score:.2f}"
    return f"Not in one line: {said}{f'; {cost}' if same else ''}."
