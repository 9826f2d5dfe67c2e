"""Items, fetches and issues for the tests of the store."""

from dataclasses import replace
from datetime import UTC, date, datetime

from digest.issue import BriefStory
from digest.types import Comment, Fetched, Item, Receipt
from tests.render.sample_issue import minimal_issue

NOW = datetime(2021, 2, 13, 18, tzinfo=UTC)


def item(item_id="arxiv:2102.06171", **fields):
    given = {
        "source": "arXiv",
        "kind": "paper",
        "title": "Without Normalization",
        "url": f"https://arxiv.org/abs/{item_id.split(':')[-1]}",
        "text": "A text.",
        "published": datetime(2021, 2, 11, 18, 23, tzinfo=UTC),
    }
    return Item(id=item_id, **(given | fields))


def full_item():
    """An item with every field set."""
    return item(
        authors=("Ada Lovelace", "Alan Turing"),
        updated=datetime(2021, 2, 12, tzinfo=UTC),
        version=2,
        categories=("cs.CV", "cs.LG"),
        links=("https://github.com/a/b",),
        doi="10.1371/journal.pgen.1009303",
        note="12 pages",
        score=183,
        comment_count=14,
        comments=(
            Comment(
                id="c1",
                author="",
                text="„Ähnlich“ \n wie $a<b$",
                url="https://x.org/c1",
                score=None,
                depth=1,
            ),
        ),
    )


def fetched(*items, source="arXiv", **fields):
    return Fetched(source=source, items=items, **fields)


def receipt(url="https://x.org/feed", **fields):
    return Receipt(**({"url": url, "status": 200, "byte_count": 10, "elapsed_s": 0.1} | fields))


def issue(week="2021-W06", number=1, full=("arxiv:1",), brief=("arxiv:2",)):
    """An issue that shows, in full, stories of two items, and in one line, stories of one."""
    empty = minimal_issue()
    told = empty.stories[0]
    return replace(
        empty,
        week=week,
        slug=week.lower().replace("-", "/"),
        number=number,
        date=date(2021, 2, 13),
        stories=tuple(replace(told, key=key, item_ids=(key, f"thread-of-{key}")) for key in full),
        briefs=tuple(
            BriefStory(
                key=key,
                item_ids=(key,),
                badge="arXiv",
                title="B",
                url="https://x.org",
                sentence=None,
            )
            for key in brief
        ),
        created=NOW,
    )
