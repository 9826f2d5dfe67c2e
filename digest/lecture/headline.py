"""The story in one sentence, as the summarizer gave it, in the third person and with its place in the source."""

from __future__ import annotations

from digest.issue import Sentence
from digest.lecture.narrator import narrator_of
from digest.lecture.reported import reported, without_connective
from digest.lecture.spoken import spoken
from digest.shorten import main_clauses
from digest.types import Checked, Origin, Story


def headline_of(story: Story, checked: Checked | None) -> tuple[Sentence, ...]:
    """The summary's sentences; () where there is no summary."""
    if checked is None:
        return ()
    items = {i.id: i for i in story.items}
    narrator = narrator_of(story.lead)
    said: list[Sentence] = []
    for sentence in checked.summary.sentences:
        flat = " ".join(sentence.text.split())
        item = items.get(sentence.spans[0].item_id) if sentence.spans else None
        source_text = ""
        if item is not None:
            span = sentence.spans[0]
            source_text = " ".join(item.text[span.start : span.end].split())
        origin: Origin = sentence.origin
        if origin == "model" and not _quotes(flat, source_text):
            text = spoken(flat, story.lead)
        else:
            text = reported(without_connective(flat), narrator)
            origin = "extractive" if text == flat else "reported"
        said.append(
            Sentence(
                text=text,
                origin=origin,
                spans=sentence.spans,
                source_text="" if source_text == text else source_text,
                url=(item or story.lead).url,
            )
        )
    return tuple(said)


def _quotes(sentence: str, source_sentence: str) -> bool:
    """A model's sentence is, word for word, the source's or a clause of it, and is marked as that."""
    return sentence == source_sentence or sentence in main_clauses(source_sentence)
