"""A source's figure as the issue shows it: its words quoted, its licence named, how to read it from the caption."""

from __future__ import annotations

from digest.issue import StoryFigure
from digest.lecture import frame
from digest.lecture.figure_choice import Choice
from digest.lecture.figure_reading import reading
from digest.lecture.licences import Licence
from digest.types import Item

MAX_CAPTION_CHARS = 280  #: a quotation, not a copy of the text
MAX_AUTHORS = 6


def story_figure(
    item: Item, choice: Choice, licence: Licence, *, picture: str = "", width: int = 0, height: int = 0
) -> StoryFigure:  # fmt: skip
    """The chosen figure of ``item``; ``picture`` names the file where ``licence`` lets it be shown, else it is linked."""
    caption = _cut(choice.figure.caption)
    kind = frame.FIGURE_KINDS[choice.kind]
    return StoryFigure(
        kind=kind,
        caption=caption,
        reading=reading(choice.figure.caption),
        url=choice.figure.page or item.url,
        credit=_credit(item),
        licence=licence.name,
        licence_url=licence.url,
        changes=_changes(licence) if picture else "",
        picture=picture,
        width=width,
        height=height,
        alt=frame.FIGURE_ALT.format(kind=kind, caption=caption) if picture else "",
    )


def _credit(item: Item) -> str:
    """Who made it, what it is called, and where it is."""
    names = list(item.authors[:MAX_AUTHORS])
    who = frame.joined(names) if names else item.source
    if len(item.authors) > MAX_AUTHORS:
        who = frame.COLLEAGUES.format(name=item.authors[0])
    where = item.id.replace("arxiv:", "arXiv ") if item.id.startswith("arxiv:") else item.url
    return frame.FIGURE_CREDIT.format(authors=who, title=frame.quoted(item.title), where=where)


def _changes(licence: Licence) -> str:
    done = frame.FIGURE_UNALTERED if licence.use == "unaltered" else frame.FIGURE_RESIZED
    return f"{done}. {frame.FIGURE_SHARE_ALIKE}" if licence.is_share_alike else f"{done}."


def _cut(caption: str) -> str:
    if len(caption) <= MAX_CAPTION_CHARS:
        return caption
    return caption[:MAX_CAPTION_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
