"""A source's first-person sentence -> reported speech, by rule: "We propose X" -> "The authors propose X".

Only who speaks changes: numbers, terms, quotations, TeX and URLs stay as they are, and a sentence without a first
person comes back unchanged. Where a rule could break the grammar (agreement with a single author, a question, "let us"),
the sentence is quoted instead, which is always right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.lecture import frame
from digest.lecture.agreement import agrees, is_past_participle
from digest.types import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whom a first person means: "the authors" (they propose), "the author" (proposes)."""

    name: str
    is_plural: bool

    @property
    def possessive(self) -> str:
        return f"{self.name}’" if self.is_plural else f"{self.name}’s"


AUTHORS = Party(name=frame.AUTHORS, is_plural=True)
AUTHOR = Party(name=frame.AUTHOR, is_plural=False)
POSTER = Party(name=frame.POSTER, is_plural=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """Who speaks in a text. ``we`` or ``i`` is None where that word cannot be reported: it is quoted then."""

    speaker: Party
    we: Party | None
    i: Party | None


def narrator_of(item: Item) -> Narrator:
    """Who says "we" and "I" in the text of ``item``."""
    if item.kind == "thread":
        shows_work = re.match(r"\[[RP]\]|(?:Show|Launch) HN\b", item.title) is not None
        return Narrator(speaker=POSTER, we=AUTHORS if shows_work else None, i=POSTER)
    if item.kind == "paper" and len(item.authors) == 1:
        return Narrator(speaker=AUTHOR, we=AUTHOR, i=AUTHOR)
    if item.kind == "paper":
        return Narrator(speaker=AUTHORS, we=AUTHORS, i=None)
    return Narrator(speaker=AUTHORS, we=AUTHORS, i=AUTHOR)


def reported(sentence: str, narrator: Narrator, *, is_continued: bool = False) -> str:
    """The sentence with its first person turned into the third.

    ``is_continued``: the sentence before has named the same party, so this one begins with "They".
    """
    masked, kept = _mask(sentence.strip())
    masked = _drop_lead_in(masked)
    if not _FIRST.search(masked):
        return _unmask(masked, kept)
    if _UNSAYABLE.search(masked) or _asks(masked):
        return _quote(sentence, narrator)
    masked = _generic(masked)
    out: list[str] = []
    at, is_named = 0, is_continued
    for match in _FIRST.finditer(masked):
        word = match["word"]
        is_i = word.lower() in _SINGULAR
        if is_i and (narrator.i is None or _is_numeral(masked, match)):
            continue
        party = narrator.i if is_i else narrator.we
        if party is None:
            return _quote(sentence, narrator)
        is_start = not masked[: match.start()].strip(" ([*_")
        out.append(masked[at : match.start()])
        replaced = _third(word.lower(), party, is_named=is_named)
        verb = _expanded(match["tail"] or "", masked[match.end() :])
        rest_at = match.end()
        if not party.is_plural and not is_named and word.lower() in ("we", "i"):
            verb_and_rest = agrees(verb + masked[rest_at:])
            if verb_and_rest is None:
                return _quote(sentence, narrator)
            # "the author" is followed by a verb of another form: go on in the text that has it
            rest, skipped = verb_and_rest
            replaced += rest
            rest_at += skipped - len(verb)
        else:
            replaced += verb
        is_capital = is_start or (word[0].isupper() and word != "I")
        out.append(frame.capitalized(replaced) if is_capital else replaced)
        at, is_named = rest_at, True
    out.append(masked[at:])
    return _unmask("".join(out), kept)


def has_first_person(sentence: str) -> bool:
    """A first person stands in the sentence outside quotations."""
    masked, _ = _mask(sentence)
    return any(not _is_numeral(masked, m) for m in _FIRST.finditer(masked))


def without_connective(sentence: str) -> str:
    """The sentence without the word that tied it to one before, for where it now stands first: "Finally, we" -> "We"."""
    return (
        frame.capitalized(_CONNECTIVE.sub("", sentence))
        if _CONNECTIVE.match(sentence)
        else sentence
    )


_CONNECTIVE = re.compile(
    r"(?:Furthermore|Moreover|Additionally|In addition|Finally|Lastly|Next|Second(?:ly)?|Third(?:ly)?|Also|Besides"
    r"|Specifically|In particular|However|Nevertheless|Then|Further|As a result|Consequently|Thus|Hence|Therefore"
    r"|To (?:this end|that end|do so)|To (?:address|tackle|overcome|solve|resolve|mitigate|alleviate|bridge|close|fill|remedy)"
    r" (?:this|these|that|those|such|the above)\b[^,.;:]{0,50}), (?=\w)"
)

# -- the words that are replaced

_SINGULAR = frozenset(("i", "my", "me", "myself", "mine"))
_FIRST = re.compile(
    r"(?<![\w.@/#])(?<!\w-)(?P<word>We|we|Our|our|Ours|ours|Ourselves|ourselves|us|I|My|my|me|Myself|myself)"
    r"(?P<tail>['’](?:re|ve|ll|d|m)\b)?(?![\w@/]|-[A-Z\d]|['’]s\b)"
)
#: What no replacement makes right.
_UNSAYABLE = re.compile(
    r"\b[Ll]et(?:['’]s| us)\b|\b(?:[Ww]e|I) hereby\b|\b[Ww]e (?:all|both|humans)\b|\b(?:dear|thank)\b"
)
_LEAD_IN = re.compile(
    r"^(?:(?:In|Throughout|Within|Through|With) (?:this|the present|the current|our) (?:new |short |brief |recent )?"
    r"(?:paper|work|article|study|report|technical report|letter|manuscript|blog post|post|note|thesis|survey"
    r"|tutorial|contribution|research)(?:, |(?= (?:we|our|I|the|an?)\b) )"
    r"|(?:Here|Herein|Today),? (?=(?:we|our|I)\b))"
)
#: A "we" that means everybody.
_EVERYBODY = (
    (re.compile(r"\b([Oo])ur (everyday|daily) (?=li[fv]e)"), r"\2 "),
    (re.compile(r"\bour (?=lives\b)"), "people’s "),
    (re.compile(r"\b[Oo]ur (?=societ(?:y|ies)\b)"), ""),
    (re.compile(r"\bOur (?=(?:world|planet|universe|understanding|brains?)\b)"), "The "),
    (re.compile(r"\bour (?=(?:world|planet|universe|understanding|brains?)\b)"), "the "),
    (re.compile(r"\b(the way|how the world) we (?=\w)"), r"\1 people "),
    (re.compile(r"\b(world|times|age|society) we live\b"), r"\1 people live"),
    (re.compile(r"\bthe (\w+) around us\b"), r"the \1 around people"),
)


def _third(word: str, party: Party, *, is_named: bool) -> str:
    if word in ("we", "i"):
        return "they" if is_named else party.name
    if word in ("us", "me"):
        return "them" if is_named else party.name
    if word in ("our", "my"):
        return "their" if is_named else party.possessive
    if word == "ours":
        return "theirs" if is_named else f"{party.possessive} own"
    return "themselves" if party.is_plural else "themself"


def _expanded(tail: str, rest: str) -> str:
    """A contraction written out, as it is spoken after a name: "'ve" -> " have"."""
    if not tail:
        return ""
    if tail[1:] == "d":
        following = re.match(r"\s+(\w+)", rest)
        return " had" if following and is_past_participle(following[1]) else " would"
    return {"re": " are", "ve": " have", "ll": " will", "m": " are"}[tail[1:]]


def _generic(masked: str) -> str:
    said = masked
    for pattern, instead in _EVERYBODY:
        said = pattern.sub(instead, said)
    return frame.capitalized(said) if said != masked else masked


def _asks(masked: str) -> bool:
    """A question in the first person; "We ask: is it so?" is a statement with a question in it."""
    if not masked.rstrip().endswith("?"):
        return False
    last_clause = re.split(r":\s|;\s", masked)[-1]
    return bool(_FIRST.search(last_clause))


def _drop_lead_in(masked: str) -> str:
    """Without "In this paper, ": the digest has said which paper it is."""
    dropped = _LEAD_IN.sub("", masked)
    return frame.capitalized(dropped) if dropped != masked else masked


def _is_numeral(masked: str, match: re.Match[str]) -> bool:
    """A numeral or a name, not a person: "Type I error", "Part I", "I/O"."""
    if match["word"] != "I" or match["tail"]:
        return False
    before = re.search(r"([\w-]+)[\s-]*$", masked[: match.start()])
    after = masked[match.end() :]
    if not re.match(r" [a-z]", after):
        return True
    return bool(
        before
        and re.fullmatch(
            r"[Tt]ype|[Pp]art|[Pp]hase|[Ss]tage|[Cc]lass|[Tt]able|[Ll]evel|[Gg]rade|[Cc]ategory|[Mm]odule",
            before[1],
        )
    )


_QUESTION = re.compile(
    r"(?:(?:But|And|So|Then),? )?(?:[Ww]hat|[Ww]hich|[Ww]ho|[Ww]hose|[Hh]ow|[Ww]hy|[Ww]hen|[Ww]here|[Cc]an|[Cc]ould"
    r"|[Ss]hould|[Dd]oe?s?|[Dd]id|[Ii]s|[Aa]re|[Ww]ill|[Ww]ould|[Hh]ave|[Hh]as)\b.*\?\s*$",
    re.DOTALL,
)

# -- text that stays as it is

_OPAQUE = re.compile(
    r"“[^”]{0,400}”|\"[^\"]{1,400}\"|‘[^’]{12,400}’(?!\w)|`[^`]{1,200}`"
    r"|\$\$.+?\$\$|\$(?:\\.|[^$\\]){1,300}\$|(?:https?://|www\.)\S+|\S+@\S+\.\w+"
)
_MASK = re.compile("\ue000(\\d+)\ue001")


def _mask(sentence: str) -> tuple[str, list[str]]:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue000{len(kept) - 1}\ue001"

    return _OPAQUE.sub(keep, sentence), kept


def _unmask(masked: str, kept: list[str]) -> str:
    return _MASK.sub(lambda m: kept[int(m[1])], masked)


def _quote(sentence: str, narrator: Narrator) -> str:
    """The sentence in its own words, with who says them."""
    party = narrator.speaker
    is_question = bool(_QUESTION.match(sentence))
    plural, singular = (frame.ASK, frame.ASKS) if is_question else (frame.WRITE, frame.WRITES)
    return frame.QUOTED.format(
        subject=frame.capitalized(party.name),
        verb=plural if party.is_plural else singular,
        sentence=sentence.strip().replace("“", "‘").replace("”", "’").replace('"', "'"),
    )
