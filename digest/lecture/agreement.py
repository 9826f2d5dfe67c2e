"""The verbs after "we" or "I" made to agree with "the author" or "Google": "propose" -> "proposes".

English verbs have one such form; the rules below know it, and they know when they do not know: where no verb can be
recognized, or where a second verb may hang on the same subject or on another one, the answer is None.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_UNCHANGED = frozenset(
    "can could may might must shall should will would cannot can't can’t couldn't couldn’t won't won’t wouldn't wouldn’t"
    " had did didn't didn’t hadn't hadn’t ought used".split()
)
_IRREGULAR = {
    "have": "has", "haven't": "hasn't", "haven’t": "hasn’t", "are": "is", "aren't": "isn't", "aren’t": "isn’t",
    "am": "is", "were": "was", "weren't": "wasn't", "weren’t": "wasn’t", "do": "does", "don't": "doesn't",
    "don’t": "doesn’t", "go": "goes", "undergo": "undergoes", "was": "was", "wasn't": "wasn't", "wasn’t": "wasn’t",
}  # fmt: skip
PAST = frozenset(
    "found built saw took made gave got went began came became wrote ran led left held kept met won lost spent brought"
    " thought taught chose drew grew knew understood said told felt sought fought sold sent fell rose broke heard meant"
    " stood stuck struck swept swore threw wore woke withdrew overcame underwent bought caught dealt drove flew"
    " forgot froze laid paid rode shook shot slept spoke stole bent bore bit blew dug drank fed fled ground hid hung lent lit"
    " rang sang sank sat shone shrank slid sprang swam swung tore wept dreamt learnt leapt crept mistook".split()
)
PAST = PAST | {f"{prefix}{verb}" for prefix in ("re", "over", "under", "out") for verb in PAST}
_PARTICIPLES = PAST | frozenset("been seen taken given written run done known shown grown drawn chosen gone had come become begun".split())  # fmt: skip
#: "put" and the like are their own past tense: which one is meant, no rule tells.
_UNCLEAR = frozenset("put set let cut read hit cost shut spread split quit fit beat".split())
BASE_IN_ED = frozenset("need embed feed proceed succeed exceed seed shed speed heed breed bleed".split())  # fmt: skip
ADVERBS = frozenset(
    "also then first further thus therefore now still often never always only just even already instead here hence"
    " again next finally not both rather soon sometimes later once ever perhaps together currently thereby".split()
)
#: What stands after "we" and is no verb.
_NO_VERB = frozenset(
    "a about across after against all alone among an and around as at before behind between both but by during each either"
    " else even every few for from here how if in into many more most much neither no nor of off on one onto or out"
    " over own per same several since so some such than that the their there these this those though three through to"
    " toward towards two under until up upon via what when where whereas whether which while who whose why with within"
    " without humans people researchers users".split()
)
#: Verbs that authors hang on with "and"; most of them are nouns too, so what stands after them cannot be told.
COORDINATED = frozenset(
    "accelerate achieve adapt add address adopt aim allow analyse analyze apply argue ask assess attain attempt augment"
    " bound build calculate call can capture characterize choose collect combine compare compute conclude conduct confirm"
    " conjecture connect consider construct contrast contribute control convert create curate decompose define deliver"
    " demonstrate deploy derive describe design detail detect determine develop devise discover discuss distill employ"
    " enable encourage enforce enhance ensure establish estimate evaluate examine exhibit expect explain exploit explore"
    " express extend extract factor find fine-tune fit focus formalize formulate further generalize generate get give go"
    " guide have hear help highlight hope hypothesize identify illustrate implement improve incorporate increase infer"
    " inject inspect integrate interpret introduce invert investigate is iterate keep know learn leverage like link look"
    " make map match maximize measure minimize mitigate model modify monitor motivate need observe obtain offer open"
    " optimize outline outperform overcome parameterize perform plan point predict present prevent process produce project"
    " propose prove provide prune publish push quantify query reach recommend reconstruct reduce refine reformulate regularize"
    " relate release rely remove repeat replace report represent require resolve retrain retrieve reveal review revisit rewrite"
    " run sample scale search see select separate share show simulate sketch solve specify standardize start store stress"
    " study suggest summarize support surpass survey synthesize tackle take target teach test think track train transfer"
    " transform translate treat try tune turn understand unify update upgrade use utilize validate verify visualize want"
    " wish wonder work write are do don't begin provide fix introduce scan deepen let put set"
    " aggregate align answer arrange back benchmark code close configure constrain coordinate decode deduce delete denoise"
    " distinguish edit embed emphasize empower encode enrich envision exclude expand facilitate fail fall filter form fuse"
    " inform inspire instantiate invent lay lead manage merge move multiply neglect open-source organize parse pay project"
    " prompt propagate push rank rasterize recall recast recompose render reproduce request resample restore save"
    " score self-improve showcase simplify smooth sort stack summarise switch tap trace trade uncover weigh win".split()
)
#: After "and" these speak of the authors, whatever stands between.
_SAYING = frozenset(
    "show demonstrate prove find argue report observe conclude discuss explain establish suggest believe hope hypothesize"
    " verify confirm reveal highlight illustrate think discover conjecture note describe".split()
)
#: Words that end as verbs do and are none.
_NOT_ATE = (
    "accurate|inaccurate|adequate|appropriate|approximate|private|candidate|template|intermediate|delicate|intricate"
    "|univariate|bivariate|multivariate|climate|corporate|deliberate|immediate|ultimate|state|certificate|surrogate"
    "|coordinate|graduate|aggregate|exercise|noise|precise|concise|otherwise|rise|enterprise|expertise|size|prize"
    "|likewise|disparate|legitimate|innate|covariate|moderate|affiliate"
)
_HANGING = re.compile(
    rf"(?P<tie>(?:\b(?:and|or|but)\b|,)\s+(?:(?:\w+ly|{'|'.join(sorted(ADVERBS))})\s+)?)"
    rf"(?P<verb>(?:{'|'.join(sorted(COORDINATED, key=len, reverse=True))}|(?!(?:{_NOT_ATE})\b)\w{{3,}}(?:ize|ise|ate|ify|iply)|(?<=then )(?!\w+(?:ing|ed|s)\b)[a-z-]+))(?![\w’'-])"
)
#: After a verb, not after a noun.
_OBJECT = re.compile(
    r"\s+(?:an?|the|its?|their|them|our|us|this|that|these|those|how|whether|why|what|several|two|three|four|new|novel"
    r"|various|both|all|it)\b"
)
_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|whom|to|where|when|whenever|how|why|what|whether|if|while|as|because|since|so|until|unless"
    r"|although|though|let|lets|make|makes|help|helps)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\b(?:we|I|they|you|authors?)\b|;|[.!?:]\s")
_LY_VERBS = "apply|supply|rely|multiply|imply|comply|reply|fly|ally|tally|reapply"
_NEXT = re.compile(
    rf"(?P<adverbs>(?:,?\s+(?:(?!(?:{_LY_VERBS})\b)\w+ly|{'|'.join(sorted(ADVERBS))}|in turn|in particular)(?![\w-]),?)*)"
    r"\s+(?P<verb>[a-z][\w'’-]*)"
)


class Edit(NamedTuple):
    """Characters ``start:end`` of a text become ``text``."""

    start: int
    end: int
    text: str


def agrees(text: str, at: int) -> list[Edit] | None:
    """What makes the verbs agree whose subject ends at ``at``, and those that hang on it; [] where they do already.

    None where the verb is not clear or it is not clear whether a second one depends on the same subject.
    """
    match = _NEXT.match(text, at)
    if match is None:
        return None
    verb = match["verb"]
    form = third_person(verb)
    if form is None:
        return None
    edits = [Edit(*match.span("verb"), form)] if form != verb else []
    if form in _UNCHANGED:  # a second verb has the same form
        return edits
    following = _SUBJECT.search(text, match.end())
    end = following.start() if following else len(text)
    if form.startswith("doesn") or (verb == "do" and re.match(r" not\b", text[match.end() :])):
        # "do not train or test": both verbs hang on "does"
        return None if re.search(r"\bbut\b|, and\b", text[match.end() : end]) else edits
    hanging = _hanging(text, match.end(), end, is_past=form == verb)
    return None if hanging is None else edits + hanging


def _hanging(text: str, start: int, end: int, *, is_past: bool) -> list[Edit] | None:
    """What makes the verbs agree that hang on the one before ``start``; None where one may hang on it or may not."""
    edits: list[Edit] = []
    for found in _HANGING.finditer(text, start, end):
        before, after = text[start : found.start()].rstrip(), text[found.end() : end]
        is_saying = found["verb"] in _SAYING and re.match(r"\s+(?:that|how|why|whether)\b", after)
        if re.search(r"\bto (?:\w+ly )?[\w-]+,?$", before) and not is_saying:
            continue  # "to train and test": an infinitive
        if is_past and not is_saying:
            if _OBJECT.match(after) or re.match(r" \w+ing\b", after):
                return None  # "we went there and recall seeing it"
            continue  # a noun: what hangs on a past tense is past as well
        if not is_saying and "then" not in found["tie"]:
            if _CLAUSE.search(before):
                return None
            if before.strip(" ,") and not _OBJECT.match(after):
                return None
        form = third_person(found["verb"])
        if form is None:
            return None
        edits.append(Edit(*found.span("verb"), form))
    return edits


def third_person(verb: str) -> str | None:
    """The form after "she": "study" -> "studies"; a modal or a past tense unchanged; None where the form is unclear."""
    if verb in _UNCHANGED or verb in PAST:
        return verb
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb in _UNCLEAR or verb in _NO_VERB or verb.endswith("ing"):
        return None
    if not verb.replace("-", "").isalpha():
        return None
    if verb.endswith("ed") and verb not in BASE_IN_ED:
        return verb
    if re.search(r"(?:s|x|z|ch|sh)$", verb):
        return f"{verb}es"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def is_past_participle(word: str) -> bool:
    """After "we'd": "had" where this is one, else "would"."""
    return word in _PARTICIPLES or word.endswith("ed")
