"""How an issue and its stories open: greeting, recap, this week's theme, and each story's first line."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from digest.identity import canonical_url, is_of_preprint_server
from digest.issue import Issue, Recap
from digest.lecture import frame
from digest.lecture.links import badge, display_title, told_item
from digest.topics import TOPIC_TITLES
from digest.types import Item, Ranked, Selection, Story
from digest.week import Week

#: Weight of a full story's first, second and third topic for the theme, and of a brief one's first.
TOPIC_WEIGHTS = (1.0, 0.4, 0.2)
BRIEF_WEIGHT = 0.25
#: The theme has at least this share of all weight, this lead over the next topic, and two full stories.
THEME_SHARE = 0.2
THEME_LEAD = 1.15
_VIDEO = "https://youtube.com/watch?"


def greeting(title: str, number: int, day: date) -> str:
    return frame.GREETING.format(title=title, number=number, day=frame.full_day(day, has_year=True))


def recap(past: Sequence[Issue], week: Week) -> Recap | None:
    """One line on the newest stored issue before this one; None where there is none, or it told nothing."""
    if not past or not past[0].stories:
        return None
    last = past[0]
    main = last.stories[0].title
    is_last_week = last.week == str(week.previous())
    day = frame.full_day(last.date)
    quoted = frame.quoted(main)
    if last.theme:
        when = (
            frame.LAST_WEEK
            if is_last_week
            else frame.LAST_ISSUE.format(number=last.number, day=day)
        )
        sentence = frame.RECAP_THEME.format(when=when, theme=last.theme, main=quoted)
    else:
        when = (
            frame.LAST_WEEK
            if is_last_week
            else frame.LAST_ISSUE_ADVERBIAL.format(number=last.number, day=day)
        )
        sentence = frame.RECAP.format(when=when, main=quoted)
    return Recap(
        issue_number=last.number,
        date=last.date,
        theme=last.theme,
        main_title=main,
        url=last.url,
        sentence=frame.finished(sentence),
    )


def theme_of(selection: Selection) -> str:
    """The topic, by its reader's title, that stands out among the stories shown; "" where none does."""
    weights: defaultdict[str, float] = defaultdict(float)
    for ranked in selection.full:
        for topic, weight in zip(ranked.topics, TOPIC_WEIGHTS, strict=False):
            weights[topic] += weight
    for ranked in selection.brief:
        for topic in ranked.topics[:1]:
            weights[topic] += BRIEF_WEIGHT
    if not weights:
        return ""
    order = sorted(weights, key=lambda t: (-weights[t], t))
    best, next_best = weights[order[0]], weights[order[1]] if len(order) > 1 else 0.0
    stands_out = best >= THEME_SHARE * sum(weights.values()) and best >= THEME_LEAD * next_best
    full_count = sum(order[0] in r.topics[:2] for r in selection.full)
    return TOPIC_TITLES.get(order[0], order[0]) if stands_out and full_count > 1 else ""


def theme_sentence(theme: str, past: Sequence[Issue], week: Week) -> str:
    """The theme weighed against last week's; "" where there is no theme."""
    if not theme:
        return ""
    last = past[0].theme if past and past[0].week == str(week.previous()) else ""
    if last == theme:
        return frame.THEME_AGAIN.format(theme=theme)
    if last:
        return frame.THEME_AFTER.format(last=last, theme=theme)
    return frame.THEME.format(theme=theme)


class Openings:
    """The first line of each story in turn, varied by kind and place."""

    def __init__(self, week: Week, labels: Mapping[str, str], story_count: int) -> None:
        self._week, self._labels, self._count = week, labels, story_count
        self._used: Counter[tuple[str, ...]] = Counter()
        self._told = 0
        self._last_topic = ""

    def line(self, ranked: Ranked) -> str:
        """The opening of the next story."""
        item = told_item(ranked.story, self._week)
        topic = ranked.topics[0] if ranked.topics else ""
        templates = self._templates(item, ranked.story, topic)
        fields = {
            "title": frame.quoted(display_title(item)),
            "topic": TOPIC_TITLES.get(topic, topic),
            "where": badge(item, self._labels),
            "by": frame.BY.format(names=by) if (by := names(item.authors)) else "",
            "by_from": frame.FROM.format(names=by) if by else "",
        }
        usable = [t for t in templates if topic or "{topic}" not in t]
        usable = [t for t in usable if by or "{by_from}" not in t]
        least = min(self._used[(t,)] for t in usable)
        template = next(t for t in usable if self._used[(t,)] == least)
        self._used[(template,)] += 1
        self._told += 1
        self._last_topic = topic
        line = frame.capitalized(template.format(**fields))
        if self._told == self._count > 2 and template not in frame.OPEN_THREAD:
            line = frame.OPEN_LAST + frame.capitalized(line.removeprefix(frame.NEXT))
        return frame.finished(re.sub(r"\b([Tt]he) [Tt]he ", r"\1 ", line, count=1))  # "The Batch"

    def _templates(self, item: Item, story: Story, topic: str) -> tuple[str, ...]:
        has_paper = any(i.kind == "paper" for i in story.items)
        if item.kind == "post" and canonical_url(item.url).startswith(_VIDEO):
            return frame.OPEN_VIDEO_PAPER if has_paper else frame.OPEN_VIDEO
        if item.kind == "post":
            return frame.OPEN_POST_PAPER if has_paper else frame.OPEN_POST
        if item.kind == "thread":
            return frame.OPEN_THREAD
        if item.kind == "article":
            return frame.OPEN_ARTICLE
        if item.kind == "code":
            return frame.OPEN_CODE
        if not is_of_preprint_server(item):
            return frame.OPEN_JOURNAL
        if self._told == 0 and topic:
            return frame.OPEN_FIRST_PAPER
        if topic and topic == self._last_topic:
            return frame.OPEN_SAME_TOPIC
        return frame.OPEN_PAPER


def names(authors: Sequence[str]) -> str:
    """Authors as spoken: up to three by name, more as "A and colleagues"."""
    if len(authors) > 3:
        return frame.COLLEAGUES.format(name=authors[0])
    return frame.joined(list(authors)) if authors else ""
