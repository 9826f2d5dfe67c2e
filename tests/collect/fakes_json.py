"""Answers of the JSON services, in their fields, written for the tests."""

from __future__ import annotations

import json

from tests.loopback import Answer

MONDAY = 1612785600  #: Mon 8 Feb 2021 12:00 UTC, in seconds


def as_json(value, status=200, **headers):
    return Answer(json.dumps(value), status, {"Content-Type": "application/json", **headers})


def hf_entry(arxiv_id="2102.06171", *, upvotes=42, comments=3, day=8, **fields):
    paper = {
        "id": arxiv_id,
        "title": "A title\n  with $a<b$",
        "summary": "First line,\nsecond line, where $a<b$.",
        "authors": [{"name": "Ada Example", "hidden": False}, {"name": "Bo Muster"}],
        "upvotes": upvotes,
        "publishedAt": f"2021-02-{day:02d}T17:59:00.000Z",
        "ai_summary": "Words of a model.",
        "githubRepo": "https://github.com/ada/example",
        **fields,
    }
    return {"paper": paper, "title": paper["title"], "numComments": comments}


def hn_hit(story_id="26000001", *, title="A new network", **fields):
    return {
        "objectID": story_id,
        "title": title,
        "url": "https://blog.example.org/network",
        "author": "someone",
        "points": 120,
        "num_comments": 0,
        "created_at_i": MONDAY,
        "story_text": None,
        **fields,
    }


def hn_hits(*hits, total=None):
    return {"hits": list(hits), "nbHits": len(hits) if total is None else total, "page": 0}


def hn_comment(comment_id, text, *children, author="reader"):
    return {"id": comment_id, "text": text, "author": author, "children": list(children)}


def note(forum="abcD-12", *, wrapped=True, made=MONDAY, **dates):
    content = {
        "title": "A submission with $a<b$",
        "abstract": "We show a thing.\n\nAnd another.",
        "authors": ["Ada Example", "Bo Muster"],
        "keywords": ["vision", "theory"],
        "venue": "ICLR 2021 Poster",
    }
    if wrapped:
        content = {name: {"value": value} for name, value in content.items()}
    times = {name: moment and moment * 1000 for name, moment in {"cdate": made, **dates}.items()}
    return {"id": forum, "forum": forum, "content": content, **times}


def preprint(number=1, *, version=1, date="2021-02-08", **fields):
    return {
        "doi": f"10.1101/2021.02.05.{number:06d}",
        "title": "On proteins",
        "authors": "Example, A.; Muster, B.",
        "date": date,
        "version": str(version),
        "license": "cc_by_nc",
        "category": "bioinformatics",
        "abstract": f"What version {version} says.",
        "published": "NA",
        **fields,
    }


def preprints(*rows, status="ok", total=None):
    count = len(rows)
    message = {"status": status, "count": count, "total": str(count if total is None else total)}
    return {"messages": [message], "collection": list(rows)}


NO_PREPRINTS = {"messages": [{"status": "no posts found"}], "collection": []}


def s2_paper(arxiv_id="2102.06171", **fields):
    return {
        "paperId": "abc",
        "externalIds": {"ArXiv": arxiv_id},
        "title": "A title",
        "url": "https://www.semanticscholar.org/paper/abc",
        "citationCount": 7,
        "tldr": {"model": "tldr@v2", "text": "Networks without normalization train well."},
        **fields,
    }


def video(
    video_id="abc123", *, title="We read a paper", text="See https://arxiv.org/abs/2102.06171 ."
):
    return f"""<entry><id>yt:video:{video_id}</id><yt:videoId>{video_id}</yt:videoId><title>{title}</title>
    <link rel="alternate" href="https://www.youtube.com/watch?v={video_id}"/>
    <author><name>A channel</name><uri>https://www.youtube.com/channel/UC1234567890</uri></author>
    <published>2021-02-09T15:00:00+00:00</published><updated>2021-02-10T15:00:00+00:00</updated>
    <media:group><media:title>{title}</media:title><media:description>{text}</media:description>
    <media:community><media:starRating count="5" average="5.00"/><media:statistics views="1234"/></media:community>
    </media:group></entry>"""


def channel(*videos):
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
    xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/">
    <id>yt:channel:1234567890</id><title>A channel</title>{"".join(videos)}</feed>"""
