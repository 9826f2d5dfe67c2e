"""The rhetorical role of each sentence of an abstract, by the phrases authors use and by position.

For where the trained classifier cannot run; see the figures at ``roles_by_cues``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast, get_args

from digest.types import Role

_ROLES: tuple[Role, ...] = get_args(Role)

# A phrase votes for a role with a weight. Set by hand, then by steps of 0.4 and 0.5 on 500
# abstracts of CSAbstruct train, two rounds.
_CUES: tuple[tuple[Role, float, re.Pattern[str]], ...] = tuple(
    (cast("Role", role), weight, re.compile(pattern, re.IGNORECASE))
    for role, weight, pattern in (
        ("objective", 2.0, r"\b(?:in this|this|the present|our) (?:paper|work|article|study|report|thesis|chapter|survey|research)\b"),
        ("objective", 0.5, r"\bwe (?:\w+ )?(?:propose|present|introduce|address|aim|investigate|study|consider|explore|examine|tackle|focus|seek|ask|revisit)\b"),
        ("objective", 1.5, r"\b(?:aims? (?:to|at)|goal|objective|purpose|motivat|is (?:proposed|presented|introduced|addressed))\b"),
        ("objective", 1.0, r"\b(?:paper|article|study) (?:\w+ )?(?:proposes?|presents?|introduces?|describes?|addresses|investigates?|examines?)\b"),
        ("method", 1.5, r"\bwe (?:\w+ )?(?:use|used|employ|apply|applied|train|trained|develop|developed|design|designed|formulate|model|combine|construct|collect|collected|derive|learn|extend|adopt|implement|conduct|conducted|perform|analyze|describe)\b"),
        ("method", 1.0, r"\b(?:is|are|was|were) (?:used|applied|employed|trained|computed|collected|performed|conducted|implemented|developed|designed|modeled|learned|extracted|formulated|constructed|combined|introduced)\b"),
        ("method", 0.3, r"\b(?:our|the proposed|this) (?:method|approach|model|algorithm|framework|system|architecture|network|technique)\b|\b(?:based on|by using|first,|second,|then,|finally, we|specifically|in particular|consists? of|to this end|namely)\b"),
        ("result", 1.0, r"\bwe (?:\w+ )?(?:show|showed|find|found|demonstrate|demonstrated|prove|observe|observed|achieve|obtain|conclude|report|verify|validate|evaluate)\b"),
        ("result", 2.0, r"\b(?:results?|experiments?|findings|evaluations?|simulations?|analysis|empirical\w*) (?:\w+ ){0,4}(?:show|showed|shows|demonstrate[sd]?|indicate[sd]?|suggest|suggests|suggested|reveal|reveals|revealed|confirm|verify|validate)\b"),
        ("result", 1.0, r"\b(?:outperform|state[- ]of[- ]the[- ]art (?:results?|performance|methods?)|achiev\w+|significantly|superior|improv(?:es|ed|ement)|accurac(?:y|ies) of|compared (?:to|with)|up to \d|better than|p ?[<=] ?0)"),
        ("result", 0.2, r"\d+(?:\.\d+)? ?%|\\%|\b(?:yields?|exhibits?|results? in|in conclusion|effective(?:ness)?)\b"),
        ("background", 0.5, r"\b(?:however|recent(?:ly)?|traditional(?:ly)?|existing|previous|prior|current(?:ly)?|many|most|often|typically|commonly|widely|has been|have been|have become|has become|increasingly|despite|important|challeng\w+|popular|literature|although|while|well[- ]known|remains?|crucial|essential)\b"),
        ("other", 3.0, r"\b(?:code|data(?:set)?s?|software|demo|video|source code|implementation|toolkit)\b.{0,60}\b(?:available|released|found at|downloaded)\b|https?://|©|\bcopyright\b|all rights reserved|\bpublished by\b"),
        ("other", 1.5, r"^(?:keywords?|index terms|acm|categories)\b"),
    )
)  # fmt: skip
_POSITION: dict[Role, tuple[float, float]] = {  # weight at the first sentence and at the last
    "background": (2.1, -1.8),
    "objective": (0.1, -0.9),
    "method": (0.6, 1.0),
    "result": (-1.4, 1.3),
    "other": (-1.0, -0.8),
}
# A move back in the usual order is rare: from a result to background, say.
_ORDER: dict[Role, int] = {"background": 0, "objective": 1, "method": 2, "result": 3, "other": 3}
_BACKWARD = 1.2


def roles_by_cues(sentences: Sequence[str]) -> tuple[Role, ...]:
    """One role per sentence of one text, in order; the likeliest sequence, so that neighbours speak for each other.

    On CSAbstruct dev 64.8 micro-F1; all background has 33.6, the trained classifier 70.6; see training/roles/README.md.
    """
    if not sentences:
        return ()
    votes = [_votes(s, i / max(len(sentences) - 1, 1)) for i, s in enumerate(sentences)]
    paths: dict[Role, tuple[float, tuple[Role, ...]]] = {r: (votes[0][r], (r,)) for r in _ROLES}
    for vote in votes[1:]:
        paths = {
            role: max(
                (
                    (value - _penalty(last, role) + vote[role], (*path, role))
                    for last, (value, path) in paths.items()
                ),
                key=lambda pair: pair[0],
            )
            for role in _ROLES
        }
    return max(paths.values(), key=lambda pair: pair[0])[1]


def _penalty(last: Role, role: Role) -> float:
    return _BACKWARD * max(0, _ORDER[last] - _ORDER[role])


def _votes(sentence: str, position: float) -> dict[Role, float]:
    votes: dict[Role, float] = {
        role: first + (last - first) * position for role, (first, last) in _POSITION.items()
    }
    for role, weight, cue in _CUES:
        if cue.search(sentence):
            votes[role] += weight
    return votes
