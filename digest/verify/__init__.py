"""Is a summary true to its source? Pure checks of each sentence; what fails is replaced by the source's own words.

Nothing here understands language: a sentence passes when its numbers, names and claims can be found in the source, its
content words in one or two source sentences, and no "not" or "better" has been turned round. Measured on 800 papers of
SciTLDR train: ``find_problems`` refuses 17 % of the human references (most name what the abstract does not), and of those it
lets pass, once an error has been put in: 97 % of swapped numbers, 99 % of foreign names, 99 % where the reference is another
paper's, 99.7 % of truncated ones, all repetitions, but 66 % of turned negations and 64 % of turned directions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from digest.alignment import STOP_WORDS, align, content_words
from digest.drift import drift_problems
from digest.quantities import missing
from digest.salience import extract
from digest.sentences import split
from digest.types import (
    Checked,
    Problem,
    Span,
    Summary,
    SummaryRequest,
    SummarySentence,
)

# Tuned on 800 papers of SciTLDR train: one or both of these refuse 98 % of other papers' references and 5 % of the own ones.
MIN_COVERAGE = 0.45
MIN_SUPPORT = 0.35
MIN_WORDS, MAX_WORDS = 5, 60  #: 1 % of SciTLDR's references are shorter, none is longer

_ECHOES = re.compile(
    r"\b(?:this|the|an?) (?:abstract|summary|text|passage|title|tl;?dr|prompt)\b"
    r"|\b(?:main|key|central) (?:idea|point|takeaway|message)s?\b"
    r"|\bkey (?:aspect|part|component) of (?:the|their|this|its) (?:work|paper|approach|method|model|research)"
    r"|\b(?:paper|article|study|post|authors?) (?:titled|entitled|with the title)\b"
    r"|\b(?:post|paper|article|study) is about\b|\bthe topic of\b|\bin one sentence\b|\bin (?:summary|conclusion)\b|\bas an ai\b|\bi (?:am|cannot|can't|will)\b"
    r"|^(?:sure|okay|certainly|of course|here (?:is|are|'s))\b|^(?:question|answer|note|title|abstract|text)\s*:"
    r"|\b(?:related articles|references|read more|click here|let's dive)\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:[-*•>#]+\s+|(?:\*\*)?(?:one[- ]sentence )?(?:summary|tl;?dr|headline)(?:\*\*)?\s*:(?:\*\*)?\s*)+",
    re.IGNORECASE,
)
# Praise and firsts: a summary may repeat them, never add them. Beside each, what in the source is ground enough for it.
_CLAIMS = tuple(
    (re.compile(rf"\b(?:{made})", re.IGNORECASE), re.compile(rf"\b(?:{made}|{also})", re.IGNORECASE))
    for made, also in (
        (r"first\b(?! (?:step|stage|order|layer|then|learn|train))|never before\b", r"novel|new\b|no (?:prior|previous|existing)"),
        (r"state[- ]of[- ]the[- ]art\b|sota\b", r"best|outperform|superior|record"),
        (r"outperform|surpass|superior|exceed|beat", r"better|improv|state[- ]of[- ]the[- ]art|sota|than|gain|higher|best|advantage"),
        (r"(?:significant|substantial|large|great)(?:ly)? (?:improv|better|outperform|advanc|gain)", r"(?:outperform|surpass|better|improv|gain|superior|state-of-the-art)"),
        (r"(?:improvement|advantage) over|than (?:existing|previous|prior|other)", r"outperform|surpass|better|improv|superior|exceed|than\b|state-of-the-art|gain|higher"),
        (r"groundbreaking|revolution|unprecedented|breakthrough|remarkabl|game[- ]chang|cutting[- ]edge", r"$^"),
        (r"guarantee|provabl|prov(?:e|es|en|ing)\b|proof", r"theor|bound|converg"),
        (r"human[- ]level|superhuman", r"human"),
        (r"only (?:when|if|where)|always\b|never\b", r"only\b|sole|always|never|every|necessar|requir|all\b|must|without"),
    )
)  # fmt: skip
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})\w*", re.IGNORECASE), re.compile(rf"\b(?:{b})\w*", re.IGNORECASE))
    for a, b in (
        (r"outperform|exceed|surpass|better\b|superior", r"underperform|worse\b|inferior|fall short"),
        (r"increas|grow|rais|boost", r"decreas|reduc|shrink|lower(?:s|ed|ing)\b|drop|mitigat|alleviat"),
        (r"improv|enhanc|boost", r"degrad|worsen|deteriorat|harm|hurt|damag"),
        (r"higher|high\b", r"lower\b|low\b"),
        (r"more\b", r"less\b|fewer"),
        (r"faster|fast\b|quick", r"slower|slow\b"),
        (r"larger|large\b|bigger|big\b", r"smaller|small\b|tiny"),
        (r"maximi[sz]", r"minimi[sz]"),
        (r"stronger|strong\b", r"weaker|weak\b"),
        (r"always", r"never"),
        (r"easy|easier|easily", r"hard\b|harder|difficult"),
        (r"stable|stabil", r"unstable|instabil"),
        (r"(?<!-)supervised", r"unsupervised|self-supervised"),
    )
)  # fmt: skip
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|hardly|fails?|failed|lacks?|lacking)\b|n't\b",
    re.IGNORECASE,
)
# What may stand in the source where a summary says "not" in other words.
_SOFT_NOT = re.compile(
    _NOT.pattern
    + r"|\b(?:instead|rather|unable|avoid\w*|prevent\w*|free|remov\w*|eliminat\w*|limit\w*|difficult\w*|few|less|only"
    r"|poor\w*|hard\w*|despite|unlike|ignor\w*|absen\w*|un(?!der|i|til)\w{3,}|in(?:capable|sufficient|ability|accurate)\w*"
    r"|non\w*|obviat\w*|dispens\w*|neglect\w*|little|out-of|im(?:possible|practical)\w*|overlook\w*|miss\w*|disjoint)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z0-9]*[A-Z][A-Za-z0-9]*")
_COMMON_ACRONYMS = frozenset(
    ("AI", "ML", "NLP", "SOTA")
)  # of the whole field: they name nothing that could be wrong
_LONG_FORM = re.compile(r"((?:[\w-]+ ){2,6})\(([A-Z][A-Za-z-]{1,7})s?\)")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*$")
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|and|or|to|with|for|by|in|on|that|which|(?<!as it )is|(?<!as they )are|as)[.!?]$",
    re.IGNORECASE,
)


def check(summary: Summary, request: SummaryRequest) -> Checked:
    """The summary with every refused sentence replaced by the source's best one that it does not yet hold.

    A sentence of a model is first cleaned: markdown, a leading "Summary:" and doubled white space go. It passes where
    ``find_problems`` and ``drift.drift_problems`` find none; it then gets the spans of the source sentences it rests on. A
    refused one leaves a ``Problem`` for each reason; where the source has no sentence left, it is dropped. Sentences of origin "extractive" must be the source's words at their
    spans, and are not judged otherwise.
    """
    kept: list[SummarySentence] = []
    problems: list[Problem] = []
    for sentence in summary.sentences:
        if sentence.origin == "extractive":
            found = _misquotations(sentence, request)
        else:
            sentence = replace(sentence, text=clean(sentence.text))  # noqa: PLW2901
            found = find_problems(sentence.text, request.text, request.title)
            found = found or drift_problems(sentence.text, request)
        if not found:
            kept.append(_with_spans(sentence, request))
            continue
        problems.extend(found)
        taken = {s for k in kept for s in k.spans}
        spare = (s for s in extract(request, count=len(taken) + 1) if s.spans[0] not in taken)
        kept.extend(islice(spare, 1))
    return Checked(summary=replace(summary, sentences=tuple(kept)), problems=tuple(problems))


def clean(sentence: str) -> str:
    """``sentence`` without markdown emphasis, list markers, a leading "Summary:" and doubled white space."""
    text = " ".join(sentence.split())
    text = _PREFIX.sub("", text)
    return re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text).strip()


def find_problems(sentence: str, source: str, title: str) -> tuple[Problem, ...]:
    """Everything wrong with ``sentence`` as a summary of ``source``, which has ``title``; empty where it holds.

    Kinds, in order: length, truncated, language, echo, repetition, number, name, expansion, claim, unsupported,
    direction, negation.
    """
    pieces = [source[a:b] for a, b in split(source)]
    everything = f"{title}\n{source}"
    checks: tuple[tuple[str, Iterator[str]], ...] = (
        ("length", _length(sentence)),
        ("truncated", _truncation(sentence)),
        ("language", _language(sentence)),
        ("echo", _echo(sentence, source, title)),
        ("repetition", _repetition(sentence)),
        ("number", (f"{q.text} is not in the source" for q in missing(sentence, everything))),
        ("name", (f"{n} is not in the source" for n in _foreign_names(sentence, everything))),
        ("expansion", _expansions(sentence, everything)),
        ("claim", _claims(sentence, everything)),
        ("unsupported", _support(sentence, pieces, title)),
        ("direction", _directions(sentence, pieces, title)),
        ("negation", _negations(sentence, pieces, title)),
    )
    return tuple(
        Problem(kind=kind, detail=detail, sentence=sentence)
        for kind, details in checks
        for detail in details
    )


def _with_spans(sentence: SummarySentence, request: SummaryRequest) -> SummarySentence:
    if sentence.spans:
        return sentence
    offsets = split(request.text)
    aligned = align(sentence.text, [request.text[a:b] for a, b in offsets], request.title)
    spans = tuple(
        Span(item_id=request.item_id, start=offsets[i][0], end=offsets[i][1])
        for i in aligned.sentences
    )
    return replace(sentence, spans=spans)


def _misquotations(sentence: SummarySentence, request: SummaryRequest) -> tuple[Problem, ...]:
    quoted = " ".join(" ".join(request.text[s.start : s.end].split()) for s in sentence.spans)
    if quoted and quoted == sentence.text:
        return ()
    detail = "is not the source's words at its spans"
    return (Problem(kind="quotation", detail=detail, sentence=sentence.text),)


# -- form -------------------------------------------------------------------------------------------------------------


def _length(sentence: str) -> Iterator[str]:
    count = len(sentence.split())
    if count < MIN_WORDS:
        yield f"{count} words are too few"
    if count > MAX_WORDS:
        yield f"{count} words are too many"


def _truncation(sentence: str) -> Iterator[str]:
    if not _SENTENCE_END.search(sentence):
        yield "does not end in a full stop"
    elif _DANGLING.search(sentence):
        yield "ends in the middle of a phrase"
    for opening, closing in ("()", "[]"):
        if sentence.count(opening) != sentence.count(closing):
            yield f"has an unpaired {opening} or {closing}"
    if sentence.count("$") % 2:
        yield "has an unpaired $"
    if sentence.count('"') % 2:
        yield 'has an unpaired "'


def _language(sentence: str) -> Iterator[str]:
    letters = [c for c in sentence if c.isalpha()]
    if not letters or sum(c.isascii() for c in letters) < 0.8 * len(letters):
        yield "is not in Latin script"
    words = re.findall(r"[a-z']+", sentence.lower())
    if len(words) >= 8 and not STOP_WORDS & set(words):
        yield "has no English function word"


def _echo(sentence: str, source: str, title: str) -> Iterator[str]:
    # A source about text summarization may speak of "the summary" itself.
    if (echo := _ECHOES.search(sentence)) and echo[0].lower() not in source.lower():
        yield f"talks about the task: {echo[0]!r}"
    told, named = content_words(sentence), content_words(title)
    if told and len(named) >= 3 and told == named:
        yield "only repeats the title"


def _repetition(sentence: str) -> Iterator[str]:
    words = re.findall(r"[\w'-]+", sentence.lower())
    for size, limit in ((1, 1), (2, 2), (3, 2), (4, 1)):
        grams = [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
        if size == 1:
            twice = next((a for a, b in pairwise(grams) if a == b and a[0].isalpha()), None)
        else:
            twice = next((g for g, n in Counter(grams).items() if n > limit), None)
        if twice:
            yield f"repeats {' '.join(twice)!r}"
            return


# -- facts ------------------------------------------------------------------------------------------------------------


def _foreign_names(sentence: str, everything: str) -> Iterator[str]:
    """Capitalized words inside the sentence, and acronyms anywhere in it, that the source does not know."""
    known, initials = _squeezed(everything), _initials(everything)
    for match in _NAME.finditer(sentence):
        name = match[0]
        is_first = not re.search(r"\w", re.split(r"[.:;?!]\s", sentence[: match.start()])[-1])
        has_inner_capital = any(c.isupper() for c in name[1:])
        if (
            (is_first and not has_inner_capital)
            or len(name) == 1
            or name.upper() in _COMMON_ACRONYMS
        ):
            continue
        bare = _squeezed(name)
        if bare in known or (bare.endswith("s") and bare.removesuffix("s") in known):
            continue
        letters = name.removesuffix("s")
        if letters.isupper() and letters.isalpha() and letters.lower() in initials:
            continue  # "VAE" where the source writes "variational autoencoder"
        yield name


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _initials(text: str) -> str:
    """The first letters of all words, parts of compounds counted, so that acronyms can be looked up in them."""
    parts = re.sub(
        r"\bauto(?=[a-z]{4})|\b(?:hyper|meta|multi)(?=[a-z]{4})", r"\g<0> ", text.lower()
    )
    every = re.findall(r"[a-z0-9]+", parts)
    return "".join(w[0] for w in every) + " " + "".join(w[0] for w in every if w not in STOP_WORDS)


def _expansions(sentence: str, everything: str) -> Iterator[str]:
    """An acronym in brackets after words that the source does not use to explain it."""
    known = set(content_words(everything))
    for match in _LONG_FORM.finditer(sentence):
        words = match[1].split()[-len(match[2]) :]
        if strange := [w for w in words if not set(content_words(w)) <= known]:
            yield f"{' '.join(words)} ({match[2]}): {strange[0]!r} is not in the source"


def _claims(sentence: str, everything: str) -> Iterator[str]:
    for claim, ground in _CLAIMS:
        if (made := claim.search(sentence)) and not ground.search(everything):
            yield f"{made[0]!r} is not claimed by the source"


def _support(sentence: str, pieces: list[str], title: str) -> Iterator[str]:
    aligned = align(sentence, pieces, title)
    if aligned.coverage < MIN_COVERAGE:
        yield f"{aligned.coverage:.0%} of its words are in the source"
    elif aligned.support < MIN_SUPPORT:
        yield f"{aligned.support:.0%} of its words are in any two sentences of the source"


# -- polarity ---------------------------------------------------------------------------------------------------------


def _directions(sentence: str, pieces: list[str], title: str) -> Iterator[str]:
    """A comparison or change that the source makes of the same thing the other way round."""
    everything = " . ".join([title, *pieces])
    for pair in _OPPOSITES:
        for stated, opposite in (pair, pair[::-1]):
            for said in stated.finditer(sentence):
                about = _neighbors(sentence, said)
                same = max((len(about & _neighbors(everything, m)) for m in stated.finditer(everything)), default=0)  # fmt: skip
                turned = max(
                    opposite.finditer(everything),
                    key=lambda m: len(about & _neighbors(everything, m)),
                    default=None,
                )
                if turned and len(about & _neighbors(everything, turned)) > same:
                    yield f"{said[0]!r} where the source has {turned[0]!r}"
                    return


def _neighbors(text: str, match: re.Match[str]) -> set[str]:
    """The content words close to ``match``: three after it, and two before it."""
    after = content_words(text[match.end() : match.end() + 80])[:3]
    before = content_words(text[max(0, match.start() - 60) : match.start()])[-2:]
    return {*after, *before}


def _negations(sentence: str, pieces: list[str], title: str) -> Iterator[str]:
    """A "not" that the source does not say of the same things, or one of the source's that has been lost."""
    sources = [title, *pieces]
    for said in _NOT.finditer(sentence):
        denied = content_words(sentence[said.end() :])[:3]
        known = [w for w in denied if any(w in content_words(p) for p in sources)]
        if known and not any(_is_denied(known[0], p) for p in sources):
            yield f"{said[0]!r} is not said of {known[0]!r} in the source"
            return
    if _SOFT_NOT.search(sentence):
        return
    told = content_words(sentence)
    for piece in sources:
        for said in _NOT.finditer(piece):
            denied = content_words(piece[said.end() :])[:2]
            if len(denied) < 2 or not _has_run(told, denied):
                continue
            if all(_SOFT_NOT.search(p) for p in sources if _has_run(content_words(p), denied)):
                yield f"drops {said[0]!r} before {' '.join(denied)!r}"
                return


def _is_denied(word: str, piece: str) -> bool:
    """Something like a "not" stands near ``word``: at most five content words before it, or two after it."""
    for said in _SOFT_NOT.finditer(piece):
        if word in content_words(piece[said.start() :])[:6]:
            return True
        if word in content_words(piece[: said.start()])[-2:]:
            return True
    return False


def _has_run(words: list[str], run: list[str]) -> bool:
    return any(words[i : i + len(run)] == run for i in range(len(words)))
