"""How long a text takes to read and to say."""

from __future__ import annotations

import math
from collections.abc import Iterable

READ_WORDS_PER_MINUTE = 230  #: silent reading of English prose
SPOKEN_WORDS_PER_MINUTE = 130  #: a lecturer who wants to be understood


def word_count(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one."""
    return max(1, math.ceil(words / READ_WORDS_PER_MINUTE))


def speaking_seconds(words: int) -> int:
    return round(60 * words / SPOKEN_WORDS_PER_MINUTE)


def speaking_minutes(words: int) -> int:
    """Whole minutes, at least one."""
    return max(1, math.ceil(words / SPOKEN_WORDS_PER_MINUTE))
