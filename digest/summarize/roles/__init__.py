"""Sentences -> their rhetorical roles: background, objective, method, result, other.

    tagger.py   the trained classifier: two models averaged    windows.py  what they read at a time
    network.py  their layers (the only module with torch)    chain.py    which role follows which
    cues.py     phrases and position: where both are missing

Importing this loads nothing heavy; the weights are read with the first text, once a process.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from digest.errors import BackendUnavailable
from digest.sentences import split
from digest.summarize.roles.cues import roles_by_cues
from digest.summarize.roles.tagger import classifier_id
from digest.types import Role

if TYPE_CHECKING:
    from digest.summarize.roles.tagger import RoleTagger

__all__ = ["KnownRoles", "classify", "classify_all", "roles_by_cues", "roles_of"]

log = logging.getLogger(__name__)

#: The roles of some texts, each text by its sentences.
KnownRoles = Mapping[tuple[str, ...], tuple[Role, ...]]


class RoleCache(Protocol):
    """Where the roles of earlier runs lie; the Store is one."""

    def roles(self, keys: Sequence[str]) -> dict[str, tuple[Role, ...]]:
        """The known ones among ``keys``."""

    def save_roles(self, by_key: Mapping[str, tuple[Role, ...]]) -> None:
        """Save all of ``by_key`` or, when killed, none."""


def classify_all(texts: Sequence[Sequence[str]]) -> list[tuple[Role, ...]]:
    """One role for each sentence of each text, in order; by cue words where the trained classifier cannot run.

    What a text gets does not depend on the others in the list.
    """
    told = _by_models(texts)
    return [roles_by_cues(sentences) for sentences in texts] if told is None else told


def _by_models(texts: Sequence[Sequence[str]]) -> list[tuple[Role, ...]] | None:
    """What the trained classifier says; None where it cannot run, or has nothing to read."""
    tagger = _tagger() if any(texts) else None
    if tagger is None:
        return None
    try:
        return tagger.roles(texts)
    except (RuntimeError, MemoryError) as e:  # out of memory, on the device or here
        said = (str(e).strip().splitlines() or [type(e).__name__])[0]
        log.warning("roles of sentences are told by cue words: %s", said)
        return None


def classify(sentences: Sequence[str]) -> tuple[Role, ...]:
    """As ``classify_all``, of one text; many texts are faster together."""
    return classify_all([sentences])[0]


def roles_of(
    texts: Iterable[str], cache: RoleCache | None = None
) -> dict[tuple[str, ...], tuple[Role, ...]]:
    """The roles of the sentences of ``texts``, split as everywhere; see ``KnownRoles``.

    What the trained classifier has said is kept in ``cache``: a text of an earlier run costs no model. Cue words are not.
    """
    found = dict.fromkeys(tuple(t[a:b] for a, b in split(t)) for t in texts)
    name = classifier_id() if cache is not None else ""
    keys = {s: _key(name, s) for s in found} if name else {}
    known = cache.roles(list(keys.values())) if cache is not None and keys else {}
    new = [s for s in found if keys.get(s) not in known]
    told = _by_models(new)
    if told is not None and cache is not None and keys:
        cache.save_roles({keys[s]: r for s, r in zip(new, told, strict=True)})
    by_text = dict(zip(new, told or map(roles_by_cues, new), strict=True))
    return {s: known[keys[s]] if s not in by_text else by_text[s] for s in found}


def _key(classifier: str, sentences: Sequence[str]) -> str:
    return hashlib.sha256("\x00".join((classifier, *sentences)).encode()).hexdigest()[:32]


@cache
def _tagger() -> RoleTagger | None:
    """The trained classifier of this process; None, said once, where it cannot run."""
    from digest.summarize.roles.tagger import open_tagger

    try:
        return open_tagger()
    except BackendUnavailable as e:
        log.warning("roles of sentences are told by cue words: %s", e)
        return None
