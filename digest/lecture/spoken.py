"""A model's summary as a sentence that the digest can say.

Trained on SciTLDR, the model writes in several ways, all of them right:

    We propose X that ...          -> The authors propose X that ...
    Propose X that ...             -> The authors propose X that ...
    Proposes X that ...            -> The paper proposes X that ...
    A new method for X             -> The paper presents a new method for X.
    Name: a new method for X       -> The paper presents Name, a new method for X.
    Unsupervised learning of X     -> stays a phrase: nothing tells that a sentence around it would be right

Only words about who speaks are added; the model's words are never quoted as those of the authors.
"""

from __future__ import annotations

import re

from digest.lecture import frame
from digest.lecture.finite import is_finite
from digest.lecture.narrator import Narrator, Party, narrator_of
from digest.lecture.reported import has_first_person, in_third_person, without_connective
from digest.sentences import split
from digest.types import Item


def spoken(text: str, item: Item) -> str:
    """``text``, a model's summary of ``item``, in the third person, with a subject, a capital and a full stop."""
    flat = " ".join(text.split())
    said = [_one(flat[start:end], item) for start, end in split(flat)]
    return " ".join(said)


def _one(sentence: str, item: Item) -> str:
    sentence = without_connective(_LABEL.sub("", sentence))
    sentence = _with_subject(sentence, item)
    sentence = _turned(sentence, narrator_of(item))
    return _finished(sentence)


_LABEL = re.compile(r"^(?:TL;?DR|Summary)\s*:\s*", re.IGNORECASE)

#: Verbs that begin a summary whose subject was left out; those that are nouns as well need an object after them.
_BARE = (
    "propose|present|introduce|develop|describe|investigate|demonstrate|examine|explore|evaluate|improve|extend|apply"
    "|derive|prove|provide|achieve|analyze|analyse|compare|learn|make|build|reduce|reformulate|generate|identify|address"
    "|enable|exploit|leverage|utilize|employ|combine|predict|train|solve|obtain|establish|formulate|replace|create"
    "|adapt|incorporate|characterize|quantify|unify|generalize|optimize|integrate|discover|argue|find|verify|validate|use"
)
_NOUNS_TOO = "show|study|design|release|report|test|model|measure|benchmark|review|search"
_OBJECT = r"(?:that|how|whether|why|when|an?|the|its|new|novel|several|two|three|it)"
_IMPERATIVE = re.compile(
    rf"(?:(?:{_BARE}) (?!of\b|cases?\b)\w|(?:{_NOUNS_TOO}) {_OBJECT}\b)", re.IGNORECASE
)
_PAST = re.compile(
    r"(?:proposed|presented|introduced|developed|described|showed|demonstrated|investigated|explored|used)"
    r" (?:that|how|whether|an?|the|two|three|several|to)\b",
    re.IGNORECASE,
)
#: "Proposing X": a phrase that says what was done, unless a verb follows ("Proposing X is easy").
_GERUNDS = {
    "proposing": "propose", "introducing": "introduce", "presenting": "present", "describing": "describe",
    "investigating": "investigate", "demonstrating": "demonstrate", "exploring": "explore", "developing": "develop",
    "providing": "provide", "examining": "examine", "showing": "show",
}  # fmt: skip
_THIRD = re.compile(
    r"(?:\w+ly )?(?:proposes|presents|introduces|develops|describes|investigates|demonstrates|examines|explores|evaluates|derives"
    r"|proves|provides|analyzes|compares|addresses|extends|argues|identifies|shows (?:that|how)|studies (?:the|how|an?))\b",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(
    r"(?:an?|the first|(?:two|three|four|five|several) (?:new|novel|simple|efficient)) [\w(]",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<name>[A-Z][\w.+-]{1,24}(?: [A-Z][\w.+-]{1,24})?)(?::| [-–—]) (?=an? )", re.IGNORECASE)  # fmt: skip


def _with_subject(sentence: str, item: Item) -> str:
    """The sentence with a subject and a verb, where the model left one out and it is safe to add it."""
    first, _, rest = sentence.partition(" ")
    if _IMPERATIVE.match(sentence) and not is_finite(sentence[len(first) :]):
        return f"We {_lowered(sentence)}"
    if _PAST.match(sentence) and not is_finite(rest):
        return f"We {_lowered(sentence)}"
    if (verb := _GERUNDS.get(first.lower())) and not is_finite(rest):
        return f"We {verb} {rest}"
    if _THIRD.match(sentence):
        return f"{frame.capitalized(_work(item))} {_lowered(sentence)}"
    if named := _NAMED.match(sentence):
        rest = sentence[named.end() :]
        if named["name"][:1].isupper() and not is_finite(rest) and not has_first_person(rest):
            return _presents(f"{named['name']}, {_lowered(rest)}", item)
    if _NOUN_PHRASE.match(sentence) and not is_finite(sentence) and not _ASIDE.search(sentence):
        return _presents(_lowered(sentence), item)
    return sentence


#: A second phrase: "A study of X. Applied to Y" has been split; "A study of X; results hold" has not.
_ASIDE = re.compile(r"[;?]|\.\s|\b(?:we|our|us)\b", re.IGNORECASE)


def _work(item: Item) -> str:
    """What the item is called: "the paper"."""
    return frame.WORKS[item.kind]


def _presents(what: str, item: Item) -> str:
    party = narrator_of(item).we
    who = party.name if party is not None and party.is_vendor else _work(item)
    return frame.PRESENTS.format(who=frame.capitalized(who), what=what)


def _turned(sentence: str, narrator: Narrator) -> str:
    """In the third person; where the verbs of one author or of a company are not clear, those of several are."""
    said = in_third_person(sentence, narrator)
    if said is None and narrator.we is not None and not narrator.we.is_plural:
        if narrator.we.is_plural_again:
            said = in_third_person(sentence, narrator, is_continued=True)
        else:
            name = frame.RESEARCHERS.format(possessive=narrator.we.possessive)
            several = Party(name=name, is_plural=True)
            said = in_third_person(sentence, Narrator(speaker=several, we=several, i=None))
    return sentence if said is None else said


def _lowered(sentence: str) -> str:
    """The first letter small, unless the first word is a name: "GANs", "iNaturalist", "X-ray"."""
    first = sentence.split(maxsplit=1)[0]
    return sentence if re.search(r"[A-Z\d]", first[1:]) else sentence[:1].lower() + sentence[1:]


def _finished(sentence: str) -> str:
    """With a capital, unless a name begins it ("iNaturalist", "k-means"), and an end."""
    first = sentence.split(maxsplit=1)[0] if sentence.strip() else ""
    if not re.search(r"[A-Z\d]", first[1:]) and first[1:2] != "-":
        sentence = frame.capitalized(sentence)
    sentence = sentence.rstrip(" ,;:")
    return (
        sentence if re.search(r"[.!?…][\"'”’)\]]*$", sentence) or not sentence else f"{sentence}."
    )
