"""Grouping and ranking of a real week, where the data is at hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from digest.config import Interests
from digest.group import group
from digest.identity import arxiv_ids
from digest.rank import rank
from digest.types import Item
from digest.week import Week

WEEK = Path(__file__).parents[2] / "shared" / "data" / "replay" / "2021-W06"
ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not WEEK.is_dir(), reason="../shared/data is not at hand"),
]


@pytest.fixture(scope="module")
def papers():
    found = {}
    for path in sorted(WEEK.glob("arxiv/query-*.xml")):
        for entry in etree.parse(path).iter(f"{ATOM}entry"):
            url = entry.findtext(f"{ATOM}id")
            for paper in arxiv_ids(url):
                found[paper] = Item(
                    id=f"arxiv:{paper}",
                    source="arXiv",
                    kind="paper",
                    title=" ".join(entry.findtext(f"{ATOM}title").split()),
                    text=" ".join((entry.findtext(f"{ATOM}summary") or "").split()),
                    url=url,
                    authors=tuple(a.findtext(f"{ATOM}name") for a in entry.iter(f"{ATOM}author")),
                    published=datetime.fromisoformat(entry.findtext(f"{ATOM}published")).astimezone(
                        UTC
                    ),
                    categories=tuple(c.get("term") for c in entry.iter(f"{ATOM}category")),
                )
    return tuple(found.values())


def test_a_week_of_papers_has_as_many_stories_as_papers(papers):
    assert len(papers) > 100
    assert len(papers) == len(group(papers))


def test_nearly_every_paper_has_a_topic(papers):
    ranked = rank(group(papers), interests=Interests(), lectures=(), week=Week(2021, 6))

    assert sum(bool(r.topics) for r in ranked) > 0.9 * len(ranked)
