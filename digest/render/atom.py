"""The archive as an Atom feed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from digest.issue import Issue
from digest.render.environment import html_environment
from digest.render.marks import marked
from digest.render.web import describe


def render_atom(issues: Sequence[Issue], *, title: str, site_url: str) -> bytes:
    """``atom.xml``, in the order given (newest first); every id is a tag URI that never changes (RFC 4151).

    Links are absolute where there is a site, else relative to the feed.
    """
    site_url = site_url and site_url.rstrip("/") + "/"
    host = urlsplit(site_url).hostname or "localhost"
    first_year = min((issue.date.year for issue in issues), default=1970)
    return (
        html_environment()
        .get_template("atom.xml.j2")
        .render(
            title=title,
            site_url=site_url,
            issues=issues,
            feed_id=f"tag:{host},{first_year}:issues",
            ids={i.week: f"tag:{host},{i.date.year}:{i.week}" for i in issues},
            updated=max((issue.created for issue in issues), default=None),
            describe=describe,
            marked=marked,
        )
        .encode()
    )
