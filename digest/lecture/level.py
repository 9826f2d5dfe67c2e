"""For whom the issue is told: what a class of that level knows already, and what a student of it can compute with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digest.lecture import frame

LevelName = Literal["undergraduate", "graduate", "lab"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What changes with the level; see ``Course.level`` in digest/config.py."""

    name: LevelName
    least_hardness: int  #: terms of the glossary that are easier than this are known
    max_terms: int  #: explained in a story
    compute: str  #: what a project may take, as the idea says it


LEVELS: dict[LevelName, Level] = {
    "undergraduate": Level(
        name="undergraduate", least_hardness=1, max_terms=2, compute=frame.COMPUTE["undergraduate"]
    ),
    "graduate": Level(
        name="graduate", least_hardness=2, max_terms=2, compute=frame.COMPUTE["graduate"]
    ),
    "lab": Level(name="lab", least_hardness=3, max_terms=1, compute=frame.COMPUTE["lab"]),
}
