from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from digest.collect.visit import Visit
from digest.net import Http
from tests.loopback import serving

SINCE = datetime(2021, 2, 4, tzinfo=UTC)
UNTIL = datetime(2021, 2, 15, tzinfo=UTC)
NOW = datetime(2021, 2, 15, 8, tzinfo=UTC)


@pytest.fixture
def site():
    with serving() as site:
        yield site


@pytest.fixture
def http():
    """The real thing, but nothing is waited for, and it is Monday after the week."""
    with Http(sleep=lambda _: None, wall_clock=NOW.timestamp, rng=random.Random(0)) as http:
        yield http


@pytest.fixture
def visit(http):
    return Visit(http=http.session("a source"), since=SINCE, until=UNTIL, now=NOW)
