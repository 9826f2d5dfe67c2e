"""Weeks of any size that look like real ones to the program: papers, posts that announce them, threads on them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from xml.sax.saxutils import escape

from digest.types import Comment, Item
from digest.week import Week

WEEK = Week(2021, 6)
NOW = datetime(2021, 2, 15, 7, tzinfo=UTC)
CATEGORIES = ("cs.LG", "cs.CV", "cs.CL", "stat.ML", "cs.AI", "math.OC")

_TEXT = (
    "gradient kernel network sample label image graph token policy prior layer batch norm loss feature signal cluster"
    " margin tensor matrix search memory transfer noise bias sparse deep robust causal latent neural linear convex"
    " random visual speech video text agent reward state action code data model train test learn adapt prune distill"
)
_STEMS = _TEXT.split()
_ENDINGS = ("", "s", "ed", "ing", "al", "er", "ity", "ness", "ful", "wise")
_WORDS = [stem + ending for ending in _ENDINGS for stem in _STEMS]
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))  # Zipf's law
_FRAMES = (
    "We study {} in {}.",
    "Existing work on {} assumes {}.",
    "We propose {}, which needs no {}.",
    "Experiments on {} show {} of {:.1f}%.",
    "Our results suggest that {} matters for {}.",
)


def make_papers(count: int, seed: int = 0) -> list[dict[str, object]]:
    """``count`` papers of the week as ``digest.demo.wire_feeds.arxiv_answer`` takes them."""
    rng = random.Random(seed)
    return [
        {
            "id": f"2102.{i:05d}v1",
            "title": _phrase(rng, rng.randint(5, 12)).title(),
            "abstract": " ".join(_sentence(rng) for _ in range(rng.randint(6, 10))),
            "authors": [_phrase(rng, 2).title() for _ in range(rng.randint(1, 6))],
            "categories": rng.sample(CATEGORIES, rng.randint(1, 3)),
            "published": WEEK.start + timedelta(seconds=rng.randrange(7 * 86400)),
        }
        for i in range(count)
    ]


def make_posts(papers: list[Item], seed: int = 0) -> list[Item]:
    """For one paper in 25 a post that announces it, for one in 40 a thread about it, each telling it in other words."""
    rng = random.Random(seed)
    posts = [_post(rng, i, paper) for i, paper in enumerate(papers) if i % 25 == 0]
    threads = [_thread(rng, i, paper) for i, paper in enumerate(papers) if i % 40 == 0]
    return posts + threads


def _post(rng: random.Random, i: int, paper: Item) -> Item:
    return Item(
        id=f"feed:{i:016x}",
        source="Lab blog",
        kind="post",
        title=" ".join(paper.title.split()[:4]),
        url=f"https://blog.example.org/{i}",
        text=" ".join(_sentence(rng) for _ in range(5)),
        published=paper.published,
        links=(paper.url,),
    )


def _thread(rng: random.Random, i: int, paper: Item) -> Item:
    comments = tuple(
        Comment(id=f"c{i}x{n}", author=f"user{n}", text=_sentence(rng), url=paper.url, score=n)
        for n in range(8)
    )
    return Item(
        id=f"reddit:{i}",
        source="r/Example",
        kind="thread",
        title=f"[D] {paper.title}",
        url=f"https://forum.example.org/{i}",
        text=_sentence(rng),
        published=paper.published,
        links=(paper.url,),
        score=rng.randint(1, 300),
        comment_count=len(comments),
        comments=comments,
    )


def _phrase(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(_WORDS, cum_weights=_WEIGHTS, k=count))


def _sentence(rng: random.Random) -> str:
    first, second = _phrase(rng, rng.randint(3, 8)), _phrase(rng, rng.randint(3, 8))
    return rng.choice(_FRAMES).format(first, second, rng.uniform(50, 99))


def make_feeds(count: int, entries: int, seed: int = 0) -> list[bytes]:
    """``count`` feeds of a week, RSS and Atom in turns, each of ``entries`` posts with bodies of about 1.2 kB of HTML."""
    rng = random.Random(seed)
    return [
        (_atom_feed if number % 2 else _rss_feed)(
            f"https://lab{number}.example.org", [_blog_post(rng) for _ in range(entries)]
        )
        for number in range(count)
    ]


@dataclass(frozen=True)
class BlogPost:
    title: str
    author: str
    tag: str
    at: datetime
    teaser: str
    body: str  #: HTML


def _blog_post(rng: random.Random) -> BlogPost:
    paper = f"https://arxiv.org/abs/2102.{rng.randrange(20000):05d}"
    picture = f'<img src="/figures/{rng.randrange(9999)}.png" alt="{_phrase(rng, 3)}" width="640" height="360"/>'
    paragraphs = [" ".join(_sentence(rng) for _ in range(rng.randint(2, 4))) for _ in range(3)]
    return BlogPost(
        title=_phrase(rng, rng.randint(4, 10)).capitalize() + rng.choice((" & more", "", " – why")),
        author=_phrase(rng, 2).title(),
        tag=_phrase(rng, 1),
        at=WEEK.start + timedelta(seconds=rng.randrange(7 * 86400)),
        teaser=paragraphs[0],
        body=f'<p>{paragraphs[0]}</p>\n<p>{picture} See <a href="{paper}">the paper</a>, in <em>press</em>.</p>\n'
        f"<p>{paragraphs[1]}</p><ul><li>{_sentence(rng)}</li><li>{_sentence(rng)}</li></ul><p>{paragraphs[2]}&nbsp;…</p>",
    )


def _rss_feed(home: str, posts: list[BlogPost]) -> bytes:
    items = "\n".join(
        f"<item><title>{escape(p.title)}</title><link>{home}/posts/{n}</link>"
        f'<guid isPermaLink="false">{home}/?p={n}</guid><dc:creator>{p.author}</dc:creator>'
        f"<pubDate>{format_datetime(p.at)}</pubDate><category>{p.tag}</category>"
        f"<description>{escape(p.teaser)}</description>"
        f"<content:encoded><![CDATA[{p.body}]]></content:encoded></item>"
        for n, p in enumerate(posts)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel><title>A lab</title><link>{home}/</link><description>News</description>\n{items}\n</channel></rss>"
    ).encode()


def _atom_feed(home: str, posts: list[BlogPost]) -> bytes:
    entries = "\n".join(
        f"<entry><title>{escape(p.title)}</title><id>tag:{home[8:]},2021:{n}</id>"
        f'<link rel="alternate" type="text/html" href="{home}/posts/{n}"/>'
        f"<published>{p.at.isoformat()}</published><updated>{p.at.isoformat()}</updated>"
        f'<author><name>{p.author}</name></author><category term="{p.tag}"/>'
        f'<summary>{escape(p.teaser)}</summary><content type="html">{escape(p.body)}</content></entry>'
        for n, p in enumerate(posts)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title>A lab</title><id>{home}/</id><link href="{home}/"/><updated>{NOW.isoformat()}</updated>\n'
        f"{entries}\n</feed>"
    ).encode()
