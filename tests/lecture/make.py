"""Items and stories as tests need them, with everything they do not care for filled in."""

from __future__ import annotations

from datetime import UTC, datetime

from digest.types import Comment, Item, Ranked, ScorePart, Story


def item(id_="arxiv:2102.00001", title="A title", text="", **kw):
    kind = kw.pop("kind", "paper")
    defaults = {
        "source": "arXiv",
        "url": f"https://example.org/{id_}",
        "published": datetime(2021, 2, 10, tzinfo=UTC),
    }
    return Item(id=id_, title=title, text=text, kind=kind, **(defaults | kw))


def ranked(*items, topics=("vision",), reason="", score=1.0):
    story = Story(key=items[0].id, items=items)
    return Ranked(
        story=story,
        score=score,
        parts=(ScorePart(name="community", value=score, reason=reason),),
        topics=topics,
    )


def comment(text, author="ann", score=10, id_="c1", **kw):
    return Comment(id=id_, author=author, text=text, url=f"https://r.org/{id_}", score=score, **kw)
