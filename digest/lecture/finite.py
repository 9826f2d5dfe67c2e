"""Whether a phrase without a subject of its own is a sentence after all: "a net that learns" or "a net learns"."""

from __future__ import annotations

import re

from digest.lecture.agreement import ADVERBS, BASE_IN_ED, COORDINATED, PAST, third_person

_WORD = re.compile(r"[\w'’-]+")
_OPENERS = frozenset(
    "that which who whose where when whenever while if because whether how why whereas although so unless until".split()
)
_AUXILIARIES = frozenset(
    "is are was were has have had does do did can could will would may might must should cannot isn't aren't doesn't don't"
    " isn’t aren’t doesn’t don’t can't can’t".split()
)
#: Verbs beside those that authors hang on each other.
_MORE = (
    "matter contain remain seem become exist suffer lack depend yield lead allow ensure converge beat gain hold occur rely"
    " consist result forget stay decrease grow adjust happen balance reject subsume drop rise speed scale surpass tackle emerge"
    " arise cause come win preserve satisfy correspond act behave differ benefit struggle work appear vary tend aim"
)
_FORMS = frozenset(form for verb in (*COORDINATED, *_MORE.split()) if (form := third_person(verb)))
#: Plural nouns as well.
_NOUN_FORMS = frozenset(
    "models uses results works maps measures designs scores tests samples benchmarks approaches estimates studies reports"
    " searches shows views plans supports changes matches starts stores links points prompts filters forms ranks projects"
    " features bounds aims needs calls addresses offers labels limits costs controls contrasts queries runs reviews"
    " attempts weights transfers ensembles functions traces edits leads gains yields holds updates separates"
    " combines captures guides focuses estimates writes backs codes answers fuses aggregates releases samples stacks sorts"
    " scales records displays moves wins taps orders answers looks asks trains helps learns lets sets splits".split()
) - {"combines", "captures", "learns", "lets", "asks", "writes"}  # fmt: skip
_AFTER_A_VERB = re.compile(
    r"\s+(?:an?|the|its|their|all|both|how|whether|that|better|well|as|no|state-of-the-art|\w+ly|up to|\d\S*|comparable"
    r"|similar|new|significant|superior|strong|good|more|fewer|less)\b"
)
#: A past tense that is a participle as well stands after a noun without a clause: "a net trained", "a bound found".
_PARTICIPLES_ONLY = frozenset("found built made led left held kept met lost spent brought thought taught bought caught laid paid fed hung lent lit sent sold told felt said heard meant shot ground saw fit put set cut let".split())  # fmt: skip


def is_finite(phrase: str) -> bool:
    """A verb in ``phrase`` may be that of a main clause: "a net learns", but not "a net that learns and forgets".

    Where a word may be a noun or a verb, what follows decides: "trains models for" has none, "models the" has one.
    """
    open_clauses, has_verb = 0, False
    words = list(_WORD.finditer(phrase))
    for index, word in enumerate(words):
        text = word[0].lower()
        if text in _OPENERS:
            open_clauses += 1
            continue
        before = words[index - 1][0].lower() if index else ""
        if index > 1 and (before.endswith("ly") or before in ADVERBS):
            before = words[index - 2][0].lower()
        is_of_clause = before in ("that", "which", "who") and text.endswith("s")
        if not is_of_clause and not _may_be_finite(text, phrase[word.end() :]):
            continue
        is_tied = before in ("and", "or", "but") or phrase[: word.start()].rstrip().endswith(",")
        if open_clauses:
            open_clauses -= 1
        elif not (is_tied and has_verb):
            return True
        has_verb = True
    return False


def _may_be_finite(word: str, after: str) -> bool:
    if word in _AUXILIARIES or word in PAST - _PARTICIPLES_ONLY:
        return True
    if word in _NOUN_FORMS:
        return _AFTER_A_VERB.match(after) is not None
    if word.endswith("ed") and word not in BASE_IN_ED:
        return re.match(r"\s+(?:an?|the|its|their|that)\b", after) is not None
    return word in _FORMS or word in (
        "outperform",
        "achieve",
        "improve",
        "show",
        "perform",
        "exhibit",
    )
