"""The embedded sample: three weeks of early 2021, their configuration, and credentials that open nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, NamedTuple

import yaml

from digest.config import Config, parse_config
from digest.paths import sample_week


class DemoWeek(NamedTuple):
    """One sample week, and how the demo makes its issue."""

    week: str
    now: datetime  #: the moment at which its feeds are read
    backend: Literal["local", "extractive"]


#: The issues get the numbers 1, 2 and 3. The first two stand behind the third for its recap, and are made without the
#: model, so that the demo stays short.
DEMO_WEEKS = (
    DemoWeek("2021-W04", datetime(2021, 1, 28, 8, tzinfo=UTC), "extractive"),
    DemoWeek("2021-W05", datetime(2021, 2, 4, 8, tzinfo=UTC), "extractive"),
    DemoWeek("2021-W06", datetime(2021, 2, 13, 18, tzinfo=UTC), "local"),
)

PLACEHOLDER = "http://127.0.0.1:0"  #: stands in sample/feeds.yaml where the server's address goes


def demo_config(base_url: str, backend: Literal["local", "extractive"] = "local") -> Config:
    """The sample's configuration with every source at ``base_url``."""
    path = sample_week() / "feeds.yaml"
    text = path.read_text("utf-8").replace(PLACEHOLDER, base_url.rstrip("/"))
    config = parse_config(yaml.safe_load(text), str(path))
    assert config.course.syllabus is not None
    course = config.course.model_copy(update={"syllabus": sample_week() / config.course.syllabus})
    summarizer = config.summarizer.model_copy(update={"backend": backend})
    return config.model_copy(update={"course": course, "summarizer": summarizer})


def demo_environ() -> dict[str, str]:
    """Made-up Reddit credentials: the server on loopback takes any, and the collector goes its normal way."""
    return {"REDDIT_CLIENT_ID": "sample-client", "REDDIT_CLIENT_SECRET": "sample-secret"}
