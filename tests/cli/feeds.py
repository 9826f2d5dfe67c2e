"""Feeds, pages and configurations for the tests of the command line."""

from __future__ import annotations

import json

from digest.types import Item
from tests.loopback import Answer

HTML = {"Content-Type": "text/html"}


def feed(count=3, title="The Blog"):
    """A feed of ``count`` posts, the newest last."""
    items = "".join(
        f"<item><title>Post {n}</title><link>https://blog.example/{n}</link>"
        f"<pubDate>{n:02d} Feb 2021 12:00:00 +0000</pubDate></item>"
        for n in range(1, count + 1)
    )
    return Answer(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>")


def page(*hrefs):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="feed of {href}" href="{href}">'
        for href in hrefs
    )
    return Answer(f"<!doctype html><html><head>{links}</head></html>", headers=HTML)


def write(path, *entries):
    """A feeds.yaml at ``path`` with these sources, a line each, and comments that must stay."""
    lines = [f"  - {json.dumps(entry)}  # mine" for entry in entries]
    path.write_text(
        "\n".join(["sources:  # of my course", *lines, "", "title: 'Mine'  # short", ""])
    )
    return path


def blog(name, url, **fields):
    return {"kind": "feed", "name": name, "url": url} | fields


def collect_folder(source, _visit):
    """Stands in for the collector of folders: an item for each file, so that the path must lead there."""
    for path in source.path.iterdir():
        yield Item(
            id=f"file:{path.name}",
            source=source.name,
            kind="article",
            title=path.name,
            url="https://x.example/",
        )
