"""Small documents in the sources' wire formats, written for the tests."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.loopback import Answer


def arxiv_entry(
    n=1,
    *,
    arxiv_id=None,
    title=None,
    version=1,
    day=5,
    summary="An abstract.",
    comment="",
    extra="",
):
    full = arxiv_id or f"2102.{n:05d}"
    note = f"<arxiv:comment>{escape(comment)}</arxiv:comment>" if comment else ""
    return f"""<entry><id>http://arxiv.org/abs/{full}v{version}</id>
    <title>{escape(f"Paper {n}" if title is None else title)}</title>
    <updated>2021-02-{day + version - 1:02d}T12:00:00Z</updated>
    <published>2021-02-{day:02d}T12:00:00Z</published>
    <summary>{escape(summary)}</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/><category term="stat.ML"/>
    <arxiv:primary_category term="stat.ML"/>{note}{extra}
    <author><name>Ada Example</name></author><author><name>Bo Muster</name></author></entry>"""


def arxiv_feed(entries, total=None):
    said = "" if total is None else f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
 <updated>2021-02-15T00:00:00Z</updated>{said}{"".join(entries)}</feed>""".encode()


ARXIV_ERROR = b"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><opensearch:totalResults>1</opensearch:totalResults>
 <entry><id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title><updated>2021-02-15T00:00:00Z</updated>
 <summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry></feed>"""


def arxiv_list(papers, *, total=None, pages=None):
    """A route that pages through ``papers`` (entries, newest first) as the API does; ``pages`` collects the starts."""

    def answer(asked):
        start, size = int(asked.query.get("start", 0)), int(asked.query["max_results"])
        if pages is not None:
            pages.append(start)
        named = len(papers) if total is None else total
        return Answer(arxiv_feed(papers[start : start + size], named))

    return answer


def rss(*items, channel=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:arxiv="http://arxiv.org/schemas/atom">
<channel><title>A blog</title><link>https://blog.example.org/</link>{channel}{"".join(items)}</channel></rss>"""


def rss_item(
    title="A post",
    link="https://blog.example.org/p/1",
    date="Mon, 08 Feb 2021 10:00:00 GMT",
    **fields,
):
    parts = {"title": title, "link": link, "pubDate": date, **fields}
    return f"<item>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in parts.items() if v is not None)}</item>"


def reddit_post(post_id="abc1", *, title="[D] A question", **fields):
    path = f"/r/MachineLearning/comments/{post_id}/a_question/"
    data = {
        "id": post_id,
        "name": f"t3_{post_id}",
        "title": title,
        "selftext": "",
        "author": "someone",
        "subreddit": "MachineLearning",
        "permalink": path,
        "url": f"https://www.reddit.com{path}",
        "is_self": True,
        "created_utc": 1612785600.0,  # Mon 8 Feb 2021 12:00
        "score": 10,
        "num_comments": 0,
        "over_18": False,
        "stickied": False,
        "link_flair_text": None,
        **fields,
    }
    return {"kind": "t3", "data": data}


def reddit_comment(comment_id, body, *, score=1, replies="", **fields):
    data = {
        "id": comment_id,
        "name": f"t1_{comment_id}",
        "body": body,
        "author": "reader",
        "score": score,
        "depth": 0,
        "permalink": f"/r/MachineLearning/comments/abc1/a_question/{comment_id}/",
        "replies": replies,
        "link_id": "t3_abc1",
        "parent_id": "t3_abc1",
        **fields,
    }
    return {"kind": "t1", "data": data}


def listing(*children, after=None):
    data = {"after": after, "before": None, "dist": len(children), "children": list(children)}
    return {"kind": "Listing", "data": data}


def reddit_entry(
    post_id="abc1",
    *,
    title="[D] A question",
    content="",
    author="/u/someone",
    date="2021-02-08T12:00:00+00:00",
):
    return f"""<entry><author><name>{author}</name></author><category term="MachineLearning" label="r/MachineLearning"/>
    <content type="html">{escape(content)}</content><id>t3_{post_id}</id>
    <link href="https://www.reddit.com/r/MachineLearning/comments/{post_id}/a_question/"/>
    <updated>{date}</updated><published>{date}</published><title>{escape(title)}</title></entry>"""


def reddit_feed(*entries):
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">
    <title>top posts</title>{"".join(entries)}</feed>"""
