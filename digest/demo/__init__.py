"""The embedded sample: three weeks of early 2021, their configuration, and credentials that open nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import yaml

from digest.config import Config, parse_config
from digest.paths import sample_week

#: (week, the moment at which its feeds are read); the issues get the numbers 1, 2 and 3
DEMO_WEEKS: tuple[tuple[str, datetime], ...] = (
    ("2021-W04", datetime(2021, 1, 28, 8, tzinfo=UTC)),
    ("2021-W05", datetime(2021, 2, 4, 8, tzinfo=UTC)),
    ("2021-W06", datetime(2021, 2, 13, 18, tzinfo=UTC)),
)

PLACEHOLDER = "http://127.0.0.1:0"  #: stands in sample/feeds.yaml where the server's address goes


def demo_config(base_url: str) -> Config:
    """The sample's configuration with every source at ``base_url``."""
    path = sample_week() / "feeds.yaml"
    text = path.read_text("utf-8").replace(PLACEHOLDER, base_url.rstrip("/"))
    config = parse_config(yaml.safe_load(text), str(path))
    assert config.course.syllabus is not None
    course = config.course.model_copy(update={"syllabus": sample_week() / config.course.syllabus})
    return config.model_copy(update={"course": course})


def demo_environ() -> dict[str, str]:
    """Made-up Reddit credentials: the server on loopback takes any, and the collector goes its normal way."""
    return {"REDDIT_CLIENT_ID": "sample-client", "REDDIT_CLIENT_SECRET": "sample-secret"}
