"""Sentences -> their rhetorical roles: background, objective, method, result, other.

    tagger.py   the trained classifier: two models averaged    windows.py  what they read at a time
    network.py  their layers (the only module with torch)    chain.py    which role follows which
    cues.py     phrases and position: where both are missing

Importing this loads nothing heavy; the weights are read with the first text, once a process.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from digest.errors import BackendUnavailable
from digest.sentences import split
from digest.summarize.roles.cues import roles_by_cues
from digest.types import Role

if TYPE_CHECKING:
    from digest.summarize.roles.tagger import RoleTagger

__all__ = ["KnownRoles", "classify", "classify_all", "roles_by_cues", "roles_of"]

log = logging.getLogger(__name__)

#: The roles of some texts, each text by its sentences.
KnownRoles = Mapping[tuple[str, ...], tuple[Role, ...]]


def classify_all(texts: Sequence[Sequence[str]]) -> list[tuple[Role, ...]]:
    """One role for each sentence of each text, in order; by cue words where the trained classifier cannot run.

    What a text gets does not depend on the others in the list.
    """
    tagger = _tagger() if any(texts) else None
    if tagger is not None:
        try:
            return tagger.roles(texts)
        except (RuntimeError, MemoryError) as e:  # out of memory, on the device or here
            said = (str(e).strip().splitlines() or [type(e).__name__])[0]
            log.warning("roles of sentences are told by cue words: %s", said)
    return [roles_by_cues(sentences) for sentences in texts]


def classify(sentences: Sequence[str]) -> tuple[Role, ...]:
    """As ``classify_all``, of one text; many texts are faster together."""
    return classify_all([sentences])[0]


def roles_of(texts: Iterable[str]) -> dict[tuple[str, ...], tuple[Role, ...]]:
    """The roles of the sentences of ``texts``, split as everywhere; see ``KnownRoles``."""
    found = dict.fromkeys(tuple(t[a:b] for a, b in split(t)) for t in texts)
    return dict(zip(found, classify_all(list(found)), strict=True))


@cache
def _tagger() -> RoleTagger | None:
    """The trained classifier of this process; None, said once, where it cannot run."""
    from digest.summarize.roles.tagger import open_tagger

    try:
        return open_tagger()
    except BackendUnavailable as e:
        log.warning("roles of sentences are told by cue words: %s", e)
        return None
