"""Small weeks of stories, ranked and chosen from as the program does it."""

from datetime import UTC, datetime
from functools import partial

from digest.config import parse_config
from digest.explain.trial import Trial
from digest.rank import rank
from digest.types import Item, Story
from digest.week import Week

WEEK = Week(2021, 6)
DAY = datetime(2021, 2, 9, tzinfo=UTC)
TEXT = "We study a matter and tell what we see in words that say nothing more. " * 4
NAMES = ("Rivers", "Clouds", "Bridges", "Ladders", "Kettles", "Gardens", "Lanterns", "Anchors")


def paper(n, title="", **fields):
    given = {
        "id": f"arxiv:2102.0000{n}", "source": "arXiv", "kind": "paper", "text": TEXT, "published": DAY,
        "title": title or f"{NAMES[n]} Seen From Afar", "url": f"https://arxiv.org/abs/2102.0000{n}",
    }  # fmt: skip
    return Item(**(given | fields))


def thread(name, **fields):
    given = {
        "id": f"reddit:{name}", "source": "r/MachineLearning", "kind": "thread", "title": "[D] Why?",
        "text": TEXT, "published": DAY, "url": f"https://www.reddit.com/r/x/comments/{name}/y/",
    }  # fmt: skip
    return Item(**(given | fields))


def story(*items):
    return Story(key=items[0].id, items=items)


def config(interests=None, **length):
    return parse_config(
        {
            "sources": [
                {"kind": "arxiv", "categories": ["cs.LG"]},
                {"kind": "reddit", "subreddit": "MachineLearning"},
            ],
            "interests": interests or {},
            "length": length,
        }
    )


def trial(key, stories, settings):
    """The story of ``key`` among ``stories``."""
    ranker = partial(rank, lectures=(), week=WEEK)
    ranked = ranker(stories, interests=settings.interests)
    return Trial(key, ranked, length=settings.length, interests=settings.interests, ranker=ranker)
