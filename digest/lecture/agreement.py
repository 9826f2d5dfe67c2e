"""The verb after "we" or "I" made to agree with "the author": "propose" -> "proposes".

English verbs have one such form; the rules below know it, and they know when they do not know: where a second verb hangs
on the same subject ("We propose and evaluate"), or where no verb can be recognized, the answer is None.
"""

from __future__ import annotations

import re

_UNCHANGED = frozenset(
    "can could may might must shall should will would cannot can't can’t couldn't couldn’t won't won’t wouldn't wouldn’t"
    " had did didn't didn’t hadn't hadn’t ought used".split()
)
_IRREGULAR = {
    "have": "has", "haven't": "hasn't", "haven’t": "hasn’t", "are": "is", "aren't": "isn't", "aren’t": "isn’t",
    "am": "is", "were": "was", "weren't": "wasn't", "weren’t": "wasn’t", "do": "does", "don't": "doesn't",
    "don’t": "doesn’t", "go": "goes", "undergo": "undergoes", "was": "was", "wasn't": "wasn't", "wasn’t": "wasn’t",
}  # fmt: skip
_PAST = frozenset(
    "found built saw took made gave got went began came became wrote ran led left held kept met won lost spent brought"
    " thought taught chose drew grew knew understood said told felt sought fought sold sent fell rose broke heard meant"
    " stood stuck struck swept swore threw wore woke".split()
)
_PARTICIPLES = _PAST | frozenset("been seen taken given written run done known shown grown drawn chosen gone had come become begun".split())  # fmt: skip
#: "put" and the like are their own past tense: which one is meant, no rule tells.
_UNCLEAR = frozenset("put set let cut read hit cost shut spread split quit fit beat".split())
_BASE_IN_ED = frozenset("need embed feed proceed succeed exceed seed shed speed heed breed bleed".split())  # fmt: skip
_ADVERBS = frozenset(
    "also then first further thus therefore now still often never always only just even already instead here hence"
    " again next finally not both rather soon sometimes later once ever".split()
)
#: Verbs that authors hang on with "and"; most of them are nouns too, so what stands after them cannot be told.
_COORDINATED = (
    "accelerate achieve adapt add address adopt aim allow analyse analyze apply argue ask assess attain attempt build calculate"
    " call characterize choose collect combine compare compute conclude conduct conjecture consider construct contrast"
    " create decompose define demonstrate derive describe design detail determine develop devise discover discuss"
    " employ enable encourage ensure establish estimate evaluate examine exhibit expect explain exploit explore"
    " extend extract find fine-tune focus formalize formulate generalize generate give have hear highlight hope hypothesize identify"
    " illustrate implement improve incorporate infer integrate introduce investigate is keep know learn leverage like look"
    " make measure modify motivate obtain observe offer open optimize outline outperform outline perform point predict"
    " present produce propose prove provide publish quantify reach recommend reduce release replace report review"
    " run see select share show sketch solve specify study suggest summarize survey take test think train treat try"
    " use validate verify want wish wonder work would-be write"
)
_HANGING = re.compile(
    rf"(?:\b(?:and|or|but)\b|,)\s+(?:\w+ly\s+|(?:{'|'.join(_ADVERBS)})\s+)?(?:{'|'.join(sorted(set(_COORDINATED.split())))})\b"
)
_LY_VERBS = "apply|supply|rely|multiply|imply|comply|reply|fly|ally|tally|reapply"
_NEXT = re.compile(
    rf"(?P<adverbs>(?:\s+(?:(?!(?:{_LY_VERBS})\b)\w+ly|{'|'.join(sorted(_ADVERBS))})(?![\w-]))*)"
    r"\s+(?P<verb>[a-z][\w'’-]*)"
)


def agrees(rest: str) -> tuple[str, int] | None:
    """The text after the subject up to its verb, made to agree, and how many characters of ``rest`` it stands for.

    None where the verb is not clear or a second one depends on the same subject.
    """
    match = _NEXT.match(rest)
    if match is None:
        return None
    verb = third_person(match["verb"])
    if verb is None:
        return None
    if verb != match["verb"] and _HANGING.search(_own_clause(rest[match.end() :])):
        return None
    return f"{match['adverbs']} {verb}", match.end()


def third_person(verb: str) -> str | None:
    """The form after "she": "study" -> "studies"; a modal or a past tense unchanged; None where the form is unclear."""
    if verb in _UNCHANGED or verb in _PAST:
        return verb
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _UNCLEAR or not verb.replace("-", "").isalpha() or verb.endswith("ing"):
        return None
    if verb.endswith("ed") and verb not in _BASE_IN_ED:
        return verb
    if re.search(r"(?:s|x|z|ch|sh)$", verb):
        return f"{verb}es"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def is_past_participle(word: str) -> bool:
    """After "we'd": "had" where this is one, else "would"."""
    return word in _PARTICIPLES or word.endswith("ed")


def _own_clause(rest: str) -> str:
    """Up to where a new subject takes over the verbs."""
    return re.split(r"\b(?:we|I|they|it|which|who|authors?)\b|;", rest, maxsplit=1)[0]
