"""The parts of a story's score that it carries in itself, each with its reason in words and figures.

A part's weight is the most it can give. They were set by reasoning, on one scale: what a community singled out (3) beats
what the course relation gives (1.5), two tellers (1.2) beat a well-furnished abstract (1). None was fitted to a week.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from digest.identity import is_of_preprint_server
from digest.rank.story_words import content
from digest.types import Item, ScorePart, Story
from digest.week import Week

SPREAD = 1.2  #: for the second teller; a third and fourth add half and a third of it
SUBSTANCE = 1.0  #: there is something to tell: text, an evaluation, figures, code
AUTHORITY = 0.6  #: reviewed, or (half) signed by a lab; small, as labs advertise too
RECENCY = 0.05  #: only breaks ties within the week; 0.3 cost two of 26 human picks their place in the top 50
STALE = -10.0  #: an old paper that somebody named is no news of this week by itself
STANDING = (
    -5.0
)  #: a thread that is opened every week collects comments whatever happens; it is no story at all

FULL_TEXT_WORDS = 80  #: an abstract this long can be told in full
#: Results and sizes: "86.5%", "8.7x", "2.1 points", "300,000", "eight data sets"; not years, versions and list numbers.
_FIGURE = re.compile(
    r"\b\d+(?:[.,]\d+)*\s?(?:%|x\b|×|(?:percent|times|points?|million|billion|BLEU|mAP|FID)\b)|\b\d{1,3}(?:,\d{3})+\b"
    r"|\b(?:four|five|six|seven|eight|nine|ten|eleven|twelve|\d+) (?:\w+ )?"
    r"(?:data ?sets|benchmarks|tasks|languages|models)\b",
    re.IGNORECASE,
)
_EVALUATION = re.compile(
    r"\b(?:evaluat\w+|experiment\w*|outperform\w*|accuracy|baselines?|benchmarks?|state of the art|data ?sets?)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:github|gitlab)\.com/[\w.-]+/[\w.-]+|huggingface\.co/(?!papers)", re.IGNORECASE
)
_STANDING = re.compile(
    r"\b(?:simple questions|self.promotion|who(?:'?s| is) hiring|who wants to be hired|what are you (?:reading|working on))\b"
    r"|\b(?:daily|weekly|monthly)\b.*\bthread\b|\bmega.?thread\b",
    re.IGNORECASE,
)


def spread(story: Story) -> ScorePart:
    """Independent tellers: sources, papers counted as one whatever the server."""
    others = sorted({i.source for i in story.items if i.kind != "paper"})
    papers = any(i.kind == "paper" for i in story.items)
    tellers = [*map(_with_article, others), *(["a paper"] if papers else [])]
    if len(tellers) < 2:
        return ScorePart(name="spread", value=0.0)
    value = SPREAD * sum(1 / n for n in range(1, len(tellers)))
    reason = f"told by {', '.join(tellers[:-1])} and {tellers[-1]}"
    return ScorePart(name="spread", value=value, reason=reason)


def _with_article(source: str) -> str:
    is_common = source.rsplit(maxsplit=1)[-1].casefold() in (
        "blog",
        "news",
        "newsletter",
        "journal",
    )
    is_name = source.casefold().startswith("the ") or source == "Hacker News"
    return f"the {source}" if is_common and not is_name else source


def substance(story: Story) -> ScorePart:
    """Text enough to tell, an evaluation, figures in it, and code to try."""
    text = content(story.lead)
    length = min(1.0, max(len(content(i).split()) for i in story.items) / FULL_TEXT_WORDS)
    figures = list(dict.fromkeys(match.group().strip() for match in _FIGURE.finditer(text)))
    is_evaluated = bool(_EVALUATION.search(text))
    has_code = any(_CODE.search(" ".join((*i.links, i.text, i.note))) for i in story.items)
    shares = 0.4 * length + 0.2 * is_evaluated + 0.2 * min(1.0, len(figures) / 2) + 0.2 * has_code
    reasons = [f"gives figures ({', '.join(figures[:2])})"] if figures else []
    if has_code:
        reasons.append("links code")
    return ScorePart(name="substance", value=SUBSTANCE * shares, reason="; ".join(reasons))


def authority(story: Story) -> ScorePart:
    """A journal that reviewed it, or a lab that signs it."""
    for item in story.items:
        if item.kind == "paper" and not is_of_preprint_server(item):
            return ScorePart(
                name="authority", value=AUTHORITY, reason=f"published in {item.source}"
            )
    for item in story.items:
        if item.kind == "post":
            return ScorePart(name="authority", value=AUTHORITY / 2, reason="")
    return ScorePart(name="authority", value=0.0)


def recency(story: Story, week: Week, starts: Mapping[str, datetime] | None = None) -> ScorePart:
    """A little for what is fresh; far down for what is wholly from before the week and its look-back.

    ``starts`` names sources that are being caught up with, whose news begins earlier.
    """
    dates = [i.published for i in story.items if i.published]
    if len(dates) < len(story.items):  # without a date it was first seen in this week
        return ScorePart(name="recency", value=RECENCY / 2)
    latest = max(dates)
    begun = starts or {}
    if all(day < begun.get(i.source, week.since) for i in story.items if (day := i.published)):
        return ScorePart(
            name="recency", value=STALE, reason=f"from {latest:%B %Y}, before this week"
        )
    share = min(1.0, max(0.0, (latest - week.since) / (week.end - week.since)))
    return ScorePart(name="recency", value=RECENCY * share)


def standing(story: Story) -> ScorePart:
    """Far down for a thread that is opened anew every day, week or month."""
    if story.lead.kind == "thread" and _STANDING.search(story.lead.title):
        return ScorePart(name="standing", value=STANDING, reason="a standing thread, not news")
    return ScorePart(name="standing", value=0.0)


def is_discussion(item: Item) -> bool:
    """A thread in which people answer each other, or that asks to."""
    return item.kind == "thread" and (
        (item.comment_count or len(item.comments)) >= 5
        or "?" in item.title
        or item.note.casefold() == "discussion"
        or item.title.casefold().startswith(("[d]", "[discussion]"))
    )
