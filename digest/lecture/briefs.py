"""A story in one line: badge, title, one sentence, why it is there."""

from __future__ import annotations

from collections.abc import Mapping

from digest.issue import BriefStory, Sentence
from digest.lecture.headline import headline_of
from digest.lecture.links import badge, display_title, told_item
from digest.sentences import split
from digest.types import Checked, Ranked, Span, Summary, SummarySentence
from digest.week import Week


def brief(
    ranked: Ranked, checked: Checked | None, week: Week, labels: Mapping[str, str]
) -> BriefStory:
    """The story with the first sentence of its summary; without one, of its text; None where there is no text."""
    item = told_item(ranked.story, week)
    sentences = headline_of(ranked.story, checked) or headline_of(
        ranked.story, _first_sentence(ranked)
    )
    sentence: Sentence | None = sentences[0] if sentences else None
    return BriefStory(
        key=ranked.story.key,
        item_ids=tuple(i.id for i in ranked.story.items),
        badge=badge(item, labels),
        title=display_title(item),
        url=item.url,
        sentence=sentence,
        topics=ranked.topics,
        reasons=ranked.reasons,
        summarizer=checked.summary.model_id if checked else "",
        written=checked.summary.written if checked else None,
    )


def _first_sentence(ranked: Ranked) -> Checked | None:
    lead = ranked.story.lead
    spans = split(lead.text)
    if not spans:
        return None
    start, end = spans[0]
    sentence = SummarySentence(
        text=lead.text[start:end],
        origin="extractive",
        spans=(Span(item_id=lead.id, start=start, end=end),),
    )
    return Checked(summary=Summary(item_id=lead.id, sentences=(sentence,), model_id="extractive"))
