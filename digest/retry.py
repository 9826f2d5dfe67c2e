"""When to ask a server again, how long to wait before, and what to tell a person where it is no use."""

from __future__ import annotations

import random
from datetime import UTC
from email.utils import parsedate_to_datetime

WAIT_BUDGET_S = (
    120.0  #: of all waits of one request; a host that asks for more is left alone in this run
)
FIRST_WAIT_S = 2.0
RETRY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})

_HINTS = {
    401: "the source wants credentials, or others than it got",
    403: "the server refuses this program; see whether the source needs a key, and set contact: in feeds.yaml",
    404: "check the url of this source in feeds.yaml",
    410: "the source is gone for good; take it out of feeds.yaml",
    429: "too many calls from here; run again in an hour",
}
CHECK_URL = _HINTS[404]
LATER = "run again later"


def hint_for(status: int) -> str:
    """What to do about an HTTP status, "" where there is nothing to say."""
    return _HINTS.get(status, f"the server has a fault; {LATER}" if status >= 500 else "")


def back_off_s(tries: int, rng: random.Random) -> float:
    """Seconds to wait after the ``tries``-th failure: doubled each time, with a jitter of half of it either way."""
    wait_s: float = FIRST_WAIT_S * 2 ** (tries - 1) * rng.uniform(0.5, 1.5)
    return wait_s


def parse_retry_after(value: str | None, *, now: float) -> float | None:
    """Seconds to wait from a Retry-After header in either form; None where it says nothing readable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - now)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
