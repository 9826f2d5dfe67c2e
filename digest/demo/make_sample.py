"""sample/source/<week>.yaml -> the files that the sources would have served, in their own wire formats.

    python -m digest.demo.make_sample

Feeds pile up as real ones do: a later week's feed still lists the entries of the weeks before. Ids that only the live
services know are derived from the text, so that the same sources always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from digest.demo import wire_feeds, wire_reddit
from digest.demo.wire import Data, to_json
from digest.paths import sample_week


def wire_files() -> dict[str, bytes]:
    """Every wire file of the sample by its path below ``sample/``, made anew from the sources."""
    files: dict[str, bytes] = {}
    weeks: list[Data] = []
    for path in sorted((sample_week() / "source").glob("*.yaml")):
        week = yaml.safe_load(path.read_text("utf-8"))
        weeks.append(week)
        as_of, posts = week["as_of"], wire_reddit.best_first(week["reddit"])
        made = {
            "arxiv.xml": wire_feeds.arxiv_answer(week["papers"], as_of),
            "feeds/google-ai-blog.xml": wire_feeds.blogger_feed(
                _all(weeks, "google_ai_blog"), as_of
            ),
            "feeds/the-batch.xml": wire_feeds.newsletter_feed(_all(weeks, "the_batch")),
            "feeds/plos-genetics.xml": wire_feeds.journal_feed(_all(weeks, "plos_genetics"), as_of),
            "reddit/top.json": to_json(
                wire_reddit.listing([wire_reddit.as_post(p) for p in posts])
            ),
            "reddit/top.xml": wire_reddit.reddit_feed(posts, as_of),
            **{
                f"reddit/comments/{p['id']}.json": to_json(wire_reddit.comment_tree(p))
                for p in posts
            },
        }
        files |= {f"{path.stem}/{name}": content for name, content in made.items()}
    return files


def _all(weeks: Sequence[Data], key: str) -> list[Data]:
    """The entries of a feed up to the newest of ``weeks``, newest first."""
    entries = [entry for week in weeks for entry in week[key]]
    return sorted(entries, key=lambda e: e["published"], reverse=True)


def main() -> None:
    """Write every wire file below ``sample/``."""
    for name, content in wire_files().items():
        path = sample_week() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
