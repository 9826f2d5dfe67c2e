"""Which passages of a long text a model should read when it cannot read all of it.

A blog post, a thread or a full text is several times as long as what a small model takes in. Chosen are whole sentences
that speak of what the whole text speaks of, that say what is new, that have results in them, and that do not repeat each
other; left out are code, tables, lists of names, references, thanks and the furniture of web pages.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest.alignment import content_words
from digest.salience import leans
from digest.sentences import split

# Weights set by hand, once, before the first look at posts; then 40 posts of two months' blogs were read beside what is
# chosen of them at 1,500 characters: fillers, bylines and "was originally published in" were to go, the weights stayed.
# Centrality lies in 0..1, and so does the share of the title's words.
_CUES = (
    (re.compile(r"\b(?:today|here|now|in this (?:post|paper|work|article|blog post|study)),? (?:we|i)\b|\bwe(?: are|'re|’re)? (?:\w+ )?(?:introduc|present|propos|announc|releas|launch|open[- ]sourc|excited to)|\b(?:are|is) excited to\b", re.IGNORECASE), 1.2),
    (re.compile(r"\bin (?:our (?:recent |new )?|a (?:recent|new) |the )(?:paper|work|study)\b|\bin [\"“][A-Z]|\bthis (?:paper|work|post|study|article)\b|\btl;?dr\b", re.IGNORECASE), 0.8),
    (re.compile(r"\bwe (?:\w+ )?(?:show|find|found|demonstrate|prove|develop|developed|built|build|create|created|designed|achieve|reduced|improved|discovered|observe)", re.IGNORECASE), 0.5),
    (re.compile(r"\b(?:outperform|state[- ]of[- ]the[- ]art|results? (?:show|suggest|indicate)|faster|fewer|improv\w+ (?:by|of|over)|reduc\w+ (?:by|of|the)|compared (?:to|with)|in (?:summary|conclusion|short)|the key (?:idea|insight|finding)|as a result)", re.IGNORECASE), 0.4),
)  # fmt: skip
_RESULT = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|percent\b|[x×]\b|times\b|(?:k|m|b|million|billion|thousand)\b)",
    re.IGNORECASE,
)
_CENTRALITY_WEIGHT = 1.5
_TITLE_WEIGHT = 1.0
_RESULT_WEIGHT = 0.3
_LEAD_WEIGHT = 0.8
_CONCLUSION_WEIGHT = 0.5
_LEAN_WEIGHT = -0.4
_CAPTION_WEIGHT = -0.6
_LONG_WEIGHT = -0.5
_LEAD_SHARE = 0.15  #: of the text, where its subject is told
_SHORT_WEIGHT = -0.4
_FEW_WORDS, _SHORT_WORDS, _MANY_WORDS = 5, 9, 55
_MIN_NEW = 0.3  #: of a sentence's words; one with fewer repeats what is chosen already
_MIN_GAIN = 0.2  #: of the best sentence's; a filler that only fits the space left helps no reader
_REPEATED = 0.3  #: what a sentence without a new word would still be worth

_CAPTION = re.compile(
    r"^(?:figure|fig\.|table|left|right|top|bottom|above|below|examples? of|illustration|overview of|comparison of"
    r"|an? (?:illustration|overview|example)|visuali[sz]ation|image|photo|credit|source|video)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:subscribe|sign up|cookies?|all rights reserved|click here|read more|follow us|share this|newsletter"
    r"|privacy policy|terms of (?:use|service)|copyright|posted by|originally (?:published|appeared) (?:in|on|at)|leave a comment|log ?in|join us|we(?: are|'re|’re) hiring"
    r"|would (?:also )?like to thank|we(?: also)? thank\b|thanks? to (?:our|all|the)|special thanks|grateful|acknowledg"
    r"|if you(?:'re|’re| are)? (?:interested|want|would like)|stay tuned|check (?:out|back)|download (?:here|the app))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^(?:\[\w{1,12}\]|\(?\d{1,3}[.)\]])\s.*\b(?:19|20)\d\d\b|\b(?:arxiv preprint|arxiv:\d|doi:|https?://doi|proc(?:eedings|\.) of|pp\. \d|isbn|in: )",
    re.IGNORECASE,
)
_BACK_MATTER = re.compile(
    r"^(?:#+ *)?(?:\d+\.? )?(?:acknowledge?ments?|references|bibliography|related (?:posts?|articles?|reading|content)"
    r"|about the authors?|further reading|footnotes?|author contributions|funding|disclosures?|comments?|appendix|you might also like"
    r"|recommended|tags?|categories|labels)\b(?! (?:and|or|on|of|for|is|are|was|were|that|which|from|in|to)\b)",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(
    r"^(?:#+ *)?(?:\d+\.? )?(?:abstract|conclusions?|discussion|summary|takeaways?|tl;?dr|in conclusion|to summarize|final thoughts|closing thoughts|looking (?:ahead|forward)|results)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"\n\s*\n")
_SYMBOLS = re.compile(r"[{}()\[\];=<>_\\|^$#@*/+~`]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    value: float  #: what it is worth alone
    words: frozenset[str]

    @property
    def length(self) -> int:
        return self.end - self.start


def choose(title: str, text: str, max_chars: int) -> tuple[tuple[int, int], ...]:
    """(start, end) offsets of the passages of ``text`` to read, in the order of the text, at most ``max_chars`` together.

    The whole text, without white space at its ends, where it fits. Otherwise whole sentences, neighbors joined into one
    passage; where no sentence fits, the beginning of the text up to a white space. Empty for a blank text. The time is
    linear in the text but for a sort: 200,000 characters take 0.3 s.
    """
    spans = split(text)
    if not spans or max_chars <= 0:
        return ()
    if spans[-1][1] - spans[0][0] <= max_chars:
        return ((spans[0][0], spans[-1][1]),)
    sentences = _valued(title, text, spans)
    chosen = _cover([s for s in sentences if s.value > 0], max_chars)
    if not chosen:  # nothing but tables, code or names: what stands first is as good as anything
        chosen = _first(sentences, max_chars)
    if not chosen:
        return (_cut(text, *spans[0], max_chars),)
    return _joined(chosen)


def _valued(title: str, text: str, spans: Sequence[tuple[int, int]]) -> list[_Sentence]:
    """Each sentence with its value; 0 where it is none that a reader would read."""
    pieces = [text[a:b] for a, b in spans]
    words = [frozenset(content_words(p)) for p in pieces]
    places = _places(text, spans)
    named = frozenset(content_words(title))
    # Of every word the number of sentences that have it, damped: what a text speaks of, it speaks of again and again.
    counts = Counter(w for i, own in enumerate(words) if places[i] != "back" for w in own)
    weight = {w: math.log(n) for w, n in counts.items()}
    central = [sum(weight.get(w, 0.0) for w in own) / math.sqrt(len(own) + 4) for own in words]
    most = max(central, default=0.0) or 1.0
    lead = max(3.0, _LEAD_SHARE * len(pieces))
    found = []
    for i, ((start, end), piece) in enumerate(zip(spans, pieces, strict=True)):
        value = 0.0
        is_title = words[i] == named and i == 0
        if places[i] != "back" and not _is_noise(piece) and not is_title:
            value = _CENTRALITY_WEIGHT * central[i] / most
            value += _TITLE_WEIGHT * len(words[i] & named) / max(len(named), 1)
            value += sum(weight for cue, weight in _CUES if cue.search(piece))
            value += _LEAD_WEIGHT * max(0.0, 1 - i / lead)
            value += _RESULT_WEIGHT * bool(_RESULT.search(piece))
            value += _CONCLUSION_WEIGHT * (places[i] == "conclusion")
            value += _LEAN_WEIGHT * (i > 0 and leans(piece))
            value += _CAPTION_WEIGHT * bool(_CAPTION.search(piece))
            value += _LONG_WEIGHT * (len(piece.split()) > _MANY_WORDS)
            value += _SHORT_WEIGHT * (len(piece.split()) < _SHORT_WORDS)
            value = max(value, 0.01)
        found.append(_Sentence(start=start, end=end, value=value, words=words[i]))
    return found


def _places(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Of each sentence "back" (thanks, references and what follows), "conclusion" or "body"."""
    found: list[str] = []
    place, last_end = "body", 0
    for start, end in spans:
        opens = not found or _GAP.search(text, last_end, start) is not None
        piece = text[start : start + 80]
        if opens:
            is_heading = end - start < 60 and text[end - 1] not in ".!?…:,;"
            # a heading may stand alone above its section, or at the beginning of its first paragraph
            if _BACK_MATTER.search(piece):
                place = "back"
            elif _CONCLUSION.search(piece):
                place = "conclusion"
            elif is_heading and (place != "back" or start < 0.6 * len(text)):
                place = "body"
        found.append(place)
        last_end = end
    return found


def _is_noise(piece: str) -> bool:
    """Code, a table, a formula, a list of names, a reference, or what a web page says of itself."""
    words = piece.split()
    if len(words) < _FEW_WORDS:
        return True
    letters = sum(c.isalpha() for c in piece)
    visible = len(_SPACE.sub("", piece))
    if letters < 0.75 * visible or len(_SYMBOLS.findall(piece)) > 0.08 * visible:
        return True
    inner = [w for w in words[1:] if w[0].isalpha()]
    if len(inner) > 8 and sum(w[0].isupper() and not w.isupper() for w in inner) > 0.6 * len(inner):
        return True
    return bool(_ASIDE.search(piece) or _REFERENCE.search(piece))


def _cover(sentences: Iterable[_Sentence], max_chars: int) -> list[_Sentence]:
    """Greedily the sentences that are worth most beside those chosen before (lazy, as gains can only shrink).

    What a sentence adds shrinks with the share of its words that stand in chosen ones: Lin and Bilmes, A Class of
    Submodular Functions for Document Summarization, 2011.
    """
    queue = [(-s.value, s.start, s) for s in sentences if s.length <= max_chars]
    heapq.heapify(queue)
    covered: set[str] = set()
    chosen: list[_Sentence] = []
    left = max_chars
    least = -_MIN_GAIN * queue[0][0] if queue else 0.0
    while queue and left > 0 and -queue[0][0] >= least:
        promised, _, best = heapq.heappop(queue)
        if best.length + bool(chosen) > left:
            continue
        new = len(best.words - covered) / max(len(best.words), 1)
        if new < _MIN_NEW:
            continue
        gain = best.value * (_REPEATED + (1 - _REPEATED) * new)
        if (
            gain < -promised
        ):  # it was promised before others were chosen: let those ahead of it go first
            heapq.heappush(queue, (-gain, best.start, best))
            continue
        chosen.append(best)
        covered |= best.words
        left -= best.length + 1
    return chosen


def _first(sentences: Iterable[_Sentence], max_chars: int) -> list[_Sentence]:
    chosen: list[_Sentence] = []
    left = max_chars
    for sentence in sentences:
        if sentence.length + bool(chosen) > left:
            break
        chosen.append(sentence)
        left -= sentence.length + 1
    return chosen


def _joined(chosen: Sequence[_Sentence]) -> tuple[tuple[int, int], ...]:
    """The sentences in order; those with nothing but a blank between them as one passage."""
    passages: list[tuple[int, int]] = []
    for sentence in sorted(chosen, key=lambda s: s.start):
        if passages and sentence.start - passages[-1][1] <= 1:
            passages[-1] = (passages[-1][0], sentence.end)
        else:
            passages.append((sentence.start, sentence.end))
    return tuple(passages)


def _cut(text: str, start: int, end: int, max_chars: int) -> tuple[int, int]:
    """The beginning of ``text[start:end]``, ending at a white space where there is one in its second half."""
    end = min(end, start + max_chars)
    blank = max(text.rfind(c, start + max_chars // 2, end) for c in " \n\t")
    return (start, blank) if blank > 0 else (start, end)
