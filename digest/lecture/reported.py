"""A source's first-person sentence -> reported speech, by rule: "We propose X" -> "The authors propose X".

Only who speaks changes: numbers, terms, quotations, TeX and URLs stay as they are, and a sentence without a first
person comes back unchanged. Where a rule could break the grammar (agreement with a single author, a question, "let us",
a "we" that means everybody), the sentence is quoted instead, which is always right. ``narrator.py`` tells who speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.lecture import frame
from digest.lecture.agreement import Edit, agrees, is_past_participle
from digest.lecture.narrator import Narrator, Party
from digest.shorten import TO_AN_END


def reported(sentence: str, narrator: Narrator, *, is_continued: bool = False) -> str:
    """The sentence with its first person turned into the third.

    ``is_continued``: the sentence before has the same party as its subject, so this one may begin with "They".
    """
    said = in_third_person(sentence, narrator, is_continued=is_continued)
    return _quote(sentence, narrator) if said is None else said


def in_third_person(sentence: str, narrator: Narrator, *, is_continued: bool = False) -> str | None:
    """The sentence as ``reported`` tells it, but None where it would be quoted."""
    masked, kept = _mask(sentence.strip())
    masked = _generic(_drop_lead_in(masked))
    if not _speaks(masked):
        return _unmask(masked, kept)
    if _UNSAYABLE.search(masked) or _asks(masked):
        return None
    masked = _CONTRACTED.sub(_written_out, masked)
    edits = _edits(masked, narrator, is_continued=is_continued)
    return None if edits is None else _unmask(_edited(masked, edits), kept)


def _edits(masked: str, narrator: Narrator, *, is_continued: bool) -> list[Edit] | None:
    """What turns each first person into the third, with its verbs; None where a rule cannot be sure."""
    edits: list[Edit] = []
    named: Party | None = None
    for match in _FIRST.finditer(masked):
        if _is_numeral(masked, match):
            continue
        word = match["word"].lower()
        party = narrator.i if word in _SINGULAR else narrator.we
        if party is None or named not in (None, party):
            return None  # "I think that we": two parties, and only one "they"
        is_start = not masked[: match.start()].strip(" ([*_")
        is_again = (
            named is not None or (is_continued and is_start) or _is_named(masked, match, party)
        )
        named = party
        said = _third(word, party, is_again=is_again)
        if word in ("our", "my") and not is_again and _ALL.search(masked[: match.start()]):
            said = f"of {said}"
        if word in ("we", "i"):
            verbs = _verbs(masked, match, party, is_again=is_again)
            if verbs is None:
                return None
            edits += verbs
            if (
                party.is_vendor
                and not is_again
                and is_start
                and not _SPEECH.match(masked, match.end())
            ):
                said = frame.VENDOR_SAYS.format(name=said)
        is_capital = match["word"][0].isupper() and match["word"] != "I"
        if is_start or (is_capital and not masked[: match.start()].endswith(", ")):
            said = frame.capitalized(said)
        edits.append(Edit(*match.span(), said))
    return edits


def _is_named(masked: str, match: re.Match[str], party: Party) -> bool:
    """The sentence itself has said the name of a company: "At Google we" -> "At Google the company"."""
    return (
        party.is_vendor
        and re.search(rf"\b{re.escape(party.name)}\b(?!['’]s)", masked[: match.start()]) is not None
    )


def _verbs(masked: str, match: re.Match[str], party: Party, *, is_again: bool) -> list[Edit] | None:
    """What makes the verbs agree with the name or the pronoun that stands for ``match``."""
    is_plural = party.is_plural_again if is_again else party.is_plural
    if match["word"] == "I":
        clause = re.split(r"\b(?:I|we|they|he|she)\b|;", masked[match.end() :], maxsplit=1)[0]
        if (_AND_WAS if is_plural else _AND_AM).search(clause):
            return None  # "I went and am glad"
    if is_plural:
        was = _BE.match(masked, match.end()) if match["word"] == "I" else None
        return [Edit(*was.span("verb"), _PLURAL_BE[was["verb"]])] if was else []
    if _INVERTED.search(masked[: match.start()]):
        return None  # "nor do we": the verb stands before
    return agrees(masked, match.end())


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def has_first_person(sentence: str) -> bool:
    """A first person stands in the sentence outside quotations."""
    masked, _ = _mask(sentence)
    return _speaks(masked)


def _speaks(masked: str) -> bool:
    if re.search(r"\b[Ll]et['’]s\b", masked):
        return True
    return any(not _is_numeral(masked, m) for m in _FIRST.finditer(masked))


def speaks_first(sentence: str) -> bool:
    """Its subject is the one who speaks: "We show", "In this paper, we show"."""
    masked, _ = _mask(without_connective(sentence.strip()))
    return re.match(r"(?:We|we|I)(?:['’]\w+)? ", _drop_lead_in(masked)) is not None


def names_speaker(said: str, narrator: Narrator) -> bool:
    """The reported sentence has the speaker as its subject, and is no quotation."""
    if narrator.we is None:
        return False
    names = "|".join(re.escape(frame.capitalized(x)) for x in (narrator.we.name, narrator.we.again))
    quoting = f"{frame.WRITES}|{frame.WRITE}|{frame.ASKS}|{frame.ASK}"
    return re.match(rf"(?:{names}) (?!(?:{quoting}): )", said) is not None


def without_connective(sentence: str) -> str:
    """The sentence without the words that tied it to one before, for where it now stands first.

    "Finally, we" -> "We"; "We therefore show" -> "We show".
    """
    said = _CONNECTIVE.sub("", sentence)
    said = _TIED_VERB.sub(r"\g<who> ", said)
    return sentence if said == sentence else frame.capitalized(said)


_TIED_VERB = re.compile(
    r"^(?P<who>We|I) (?:therefore|thus|hence|then|consequently|accordingly) (?=\w)"
)
_CONNECTIVE = re.compile(
    r"^(?:Furthermore|Moreover|Additionally|In addition|Finally|Lastly|Next|Second(?:ly)?|Third(?:ly)?|Also|Besides"
    r"|Specifically|In particular|However|Nevertheless|Then|Further|As a result|Consequently|Thus|Hence|Therefore"
    rf"|To (?:this end|that end|do so)|(?i:{TO_AN_END})), (?=\w)"
    r"|^(?:For|With) (?:this|that),? (?=(?:we|I)\b)"
)

# -- the words that are replaced

_SINGULAR = frozenset(("i", "my", "me", "myself", "mine"))
_FIRST = re.compile(
    r"(?<![\w.@/#])(?<!\w-)(?P<word>We|we|Our|our|Ours|ours|Ourselves|ourselves|us|I|My|my|me|Myself|myself|(?<=of )mine|(?<=than )mine)"
    r"(?![\w@/]|-[A-Z\d]|['’]s\b)"
)
#: What no replacement makes right.
_UNSAYABLE = re.compile(
    r"\b[Ll]et(?:['’]s| us)\b|\b(?:[Ww]e|I) hereby\b|\b(?:[Ww]e|us) (?:all|both|humans|as)\b|\b[Aa]s humans\b|-we-"
    r"|\b(?:dear|thank|thanks|[Pp]lease)\b|\b(?:upon|before|among|around|ahead of|in front of|surrounds?) us\b"
    r"|\b(?:[Aa]ll|[Mm]any|[Mm]ost|[Ss]ome|[Nn]one|[Oo]ne|[Tt]hose|[Ee]ach|[Bb]oth|[Ee]ither|[Tt]wo) of us\b"
    r"|\b(?:[Bb]etween|[Ww]ith|[Jj]oin|[Tt]ell|[Ff]ollow|[Vv]isit|[Cc]ontact|[Ee]mail|[Tt]rust) (?:us|me)\b"
    r"|\b[Aa]s we (?:know|age|grow|live|progress|move|enter|approach|head|step)\b"
    r"|\bwe (?:are|stand|live) (?:now |currently )?(?:at|in) (?:an?|the|times) (?:\w+ )?(?:time|moment|point|era|age|crossroads?)\b"
    r"|\bhow we (?:connect|communicate|interact|perceive|view|live|talk)\b"
)
_LEAD_IN = re.compile(
    r"^(?:(?:In|Throughout|Within|Through|With) (?:this|the present|the current|our) (?:new |short |brief |recent )?"
    r"(?:paper|work|article|study|report|technical report|letter|manuscript|blog post|post|note|thesis|survey"
    r"|tutorial|contribution|research)(?:, |(?= (?:we|our|I|the|an?)\b) )"
    r"|(?:Here|Herein|Today),? (?=(?:we|our|I)\b))"
)
#: Before a subject that follows its verb, or whose verb is a subjunctive: "they suggested that we look".
_INVERTED = re.compile(
    r"\b(?:do|does|did|are|am|were|have|had|can|could|will|would|should|must|may|might"
    r"|(?:suggest|recommend|propos|request|requir|ask|insist|demand)(?:s|ed|es|ing|e)?(?: that)?)\s*$",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:[Aa]ll|[Bb]oth) $")  #: "all our models": "all of the authors’ models"
#: What "Google" itself does by writing: the other verbs are claims.
_SPEECH = re.compile(
    r"\s+(?:(?:also|then|further|here|now|today|\w+ly) )?(?:propose|present|introduce|describe|announce|release|launch|publish"
    r"|report|show|illustrate|demonstrate|find|found|argue|believe|think|hope|explain|discuss|share|invite|offer|open-source|say|ask"
    r"|thank|acknowledge|expect|recommend|suggest|conclude|note|define|outline|explore|investigate|study|aim|plan|want)\b"
)
#: A "we" that means everybody.
_EVERYBODY = (
    (re.compile(r"\b([Oo])ur (everyday|daily) (?=li[fv]e)"), r"\2 "),
    (re.compile(r"\bour (?=(?:lives|homes|minds|hands|movements|surroundings)\b)"), "people’s "),
    (re.compile(r"\b[Oo]ur (?=societ(?:y|ies)\b)"), ""),
    (
        re.compile(
            r"\b[Oo]ur (?=(?:(?:visual |physical |real |3D |everyday |natural |modern )?world|planet|universe"
            r"|(?:current |present |existing |collective )?understanding|comprehension|ability to|inability to|knowledge (?:of|about)|brains?)\b)"
        ),
        "the ",
    ),
    (re.compile(r"\bwhat we (?:already )?know about\b"), "what is known about"),
    (re.compile(r"\b(the way|how the world) we (?=\w)"), r"\1 people "),
    (re.compile(r"\bhow we (?=think about)"), "how people "),
    (re.compile(r"\b(world|times|age|society) we live\b"), r"\1 people live"),
    (re.compile(r"\bthe (\w+) around us\b"), r"the \1 around people"),
)


def _third(word: str, party: Party, *, is_again: bool) -> str:
    """The name at the first mention, a pronoun or "the company" later."""
    if word in ("we", "i"):
        return party.again if is_again else party.name
    if word in ("us", "me"):
        return party.again_object if is_again else party.name
    if word in ("our", "my"):
        return party.again_possessive if is_again else party.possessive
    if word in ("ours", "mine"):
        return "theirs" if is_again and party.is_plural_again else f"{party.possessive} own"
    return party.self_word


def _written_out(match: re.Match[str]) -> str:
    """A contraction as it is spoken after a name: "we've" -> "we have"."""
    tail = match["tail"]
    if tail == "d":
        following = re.match(
            r"\s+(?:(?:never|always|also|already|not|ever|\w+ly) )*(\w+)",
            match.string[match.end() :],
        )
        verb = "had" if following and is_past_participle(following[1]) else "would"
    else:
        verb = {"re": "are", "ve": "have", "ll": "will", "m": "am"}[tail]
    return f"{match['word']} {verb}"


_CONTRACTED = re.compile(r"(?<![\w.@/#-])(?P<word>We|we|I)['’](?P<tail>re|ve|ll|d|m)\b")
#: After "I", where "they" comes to stand.
_PLURAL_BE = {"am": "are", "was": "were", "wasn't": "weren't", "wasn’t": "weren’t"}
_AND_AM = re.compile(r"(?:\band|\bbut|\bor|,) (?:\w+ly |also |still )?am\b")
_AND_WAS = re.compile(r"(?:\band|\bbut|\bor|,) (?:\w+ly |also |still )?(?:am|was)\b")
_BE = re.compile(r"(?:\s+\w+ly|\s+also)?\s+(?P<verb>am|was(?:n['’]t)?)\b")


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
    if match["word"] != "I" or re.match(r"['’](?:m|ve|ll|d)\b", masked[match.end() :]):
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
    r"(?:(?:But|And|So|Then),? )?(?:[Ww]hat|[Ww]hich|[Ww]ho|[Ww]hose|[Hh]ow|[Ww]hy|[Ww]hen|[Ww]here|[Cc]an|[Cc]ould|[Aa]m"
    r"|[Ss]hould|[Dd]oe?s?|[Dd]id|[Ii]s|[Aa]re|[Ww]ill|[Ww]ould|[Hh]ave|[Hh]as)\b.*\?\s*$",
    re.DOTALL,
)

# -- text that stays as it is

_OPAQUE = re.compile(
    r"“[^”]{0,400}”|\"[^\"]{1,400}\"|‘[^’]{12,400}’(?!\w)|``[^`']{1,400}''|`[^`]{1,200}`"
    r"|\$\$.+?\$\$|\$(?=\S)(?:\\.|[^$\\]){0,299}?(?<=\S)\$(?!\d)|(?:https?://|www\.)\S+|\S+@\S+\.\w+"
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
    is_one = re.search(r"\bI(?:['’]\w+)? [a-z]|\b(?:my|me)\b", sentence) is not None
    party = narrator.i if is_one and narrator.i else narrator.speaker
    is_question = bool(_QUESTION.match(sentence))
    plural, singular = (frame.ASK, frame.ASKS) if is_question else (frame.WRITE, frame.WRITES)
    return frame.QUOTED.format(
        subject=frame.capitalized(party.name),
        verb=plural if party.is_plural else singular,
        sentence=sentence.strip().replace("“", "‘").replace("”", "’").replace('"', "'"),
    )
