"""Errors put into a true summary, one of each kind where there is a place for it: what verification has to catch.

Each function takes the reference, its ``Paper`` and a seeded ``Random``; it returns the text with the error in it, or None
where that kind has no place. Nothing that the source itself supports counts as an error: a number, name, unit or strong
word that is swapped in does not occur in the source; a hedge is dropped only where the source hedges as well; a turned "not",
"improves" or "more" contradicts the reference, which is taken to be true.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Chance = random.Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of the corpus, and words of others to make errors of."""

    title: str
    source: str
    reference: str  #: ends in a full stop
    foreign_reference: str  #: of another paper
    foreign_names: tuple[str, ...]  #: of other papers
    foreign_words: tuple[str, ...]  #: lower case, of other papers' titles

    @property
    def everything(self) -> str:
        return f"{self.title} {self.source}"


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _cut(text: str, match: re.Match[str], new: str) -> str:
    """``text`` with ``new`` for ``match``, its first letter kept as large as it was."""
    if match[0][:1].isupper() and new[:1].islower():
        new = new[0].upper() + new[1:]
    return " ".join((text[: match.start()] + new + text[match.end() :]).split())


# -- numbers, units, dates --------------------------------------------------------------------------------------------

_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_DIGITS = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=[\s%x×.,;)]|-[a-z]|$)")
_WORD_NUMBER = re.compile(rf"\b(?:one(?= \w+s\b)|{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)


def number(text: str, paper: Paper, chance: Chance) -> str | None:
    """Another number, that the source does not state in digits or as a word."""
    places = [*_DIGITS.finditer(text), *_WORD_NUMBER.finditer(text)]
    if not places:
        return None
    place = chance.choice(places)
    stated = f"{paper.everything} {text}".lower()
    for _ in range(40):
        if place[0][0].isdigit():
            value = float(place[0]) * chance.choice((0.5, 0.8, 1.1, 1.3, 2, 3)) + chance.choice(
                (0, 1)
            )
            new = f"{value:.1f}" if "." in place[0] else str(max(2, round(value)))
            words = [w for i, w in enumerate(_NUMBER_WORDS, 2) if new == str(i)]
        else:
            new = chance.choice(_NUMBER_WORDS)
            words = [new, str(_NUMBER_WORDS.index(new) + 2)]
        if not any(_has(stated, w) for w in (new, *words)) and new not in stated:
            return _cut(text, place, new)
    return None


_UNITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=\d)\s?(?:%|percent\b|per cent\b)", (" times", "x", " points")),
    (r"(?<=\d)\s?(?:x\b(?!\s?\d)|×(?!\s?\d)|times\b|-?\s?fold\b)", ("%", " percent", " points")),
    (r"(?<=\d) (?:percentage )?points?\b", (" times", "x")),
    (r"(?<=\d)\s?ms\b", (" s", " minutes")),
    (r"(?<=\d) (?:hours?|minutes?|seconds?)\b", (" days", " ms")),
    (r"\bmillion\b", ("billion",)),
    (r"\bbillion\b", ("million",)),
    (r"\bthousands?\b", ("million",)),
    (r"\btwice\b", ("half",)),
    (r"\bhalf\b", ("twice",)),
)  # fmt: skip


def unit(text: str, paper: Paper, chance: Chance) -> str | None:
    """The same number of something else: 94% as 94x, 10 times as 10%, a million as a billion."""
    places = [(m, news) for pattern, news in _UNITS for m in re.finditer(pattern, text)]
    if not places:
        return None
    place, news = chance.choice(places)
    new = chance.choice(news)
    before = re.search(r"[\d.]+$", text[: place.start()])
    if before and re.search(rf"{re.escape(before[0])}{re.escape(new)}", paper.everything):
        return None
    if not before and _has(paper.everything, new):
        return None
    return _cut(text, place, new)


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def date(text: str, paper: Paper, chance: Chance) -> str | None:
    """A wrong date; few summaries have one, so the ``planted`` pair gives both sides a true one first."""
    year, month = str(chance.randrange(1990, 2015)), chance.choice(_MONTHS)
    places = list(re.finditer(r"\b(?:19|20)\d\d\b", text))
    places += re.finditer(rf"\b(?:{'|'.join(_MONTHS)})(?= \d)", text)
    if not places:
        return None
    place = chance.choice(places)
    new = year if place[0].isdigit() else month
    return None if _has(paper.everything, new) or _has(text, new) else _cut(text, place, new)


def planted_date(paper: Paper, chance: Chance) -> Paper:
    """``paper`` with one true date more in its source and in its reference."""
    when = f"{chance.choice(_MONTHS)} {chance.randrange(2015, 2024)}"
    told = re.sub(r"\.$", f", with data of {when}.", paper.reference)
    return Paper(
        title=paper.title,
        source=f"{paper.source} All data were collected in {when}.",
        reference=told,
        foreign_reference=paper.foreign_reference,
        foreign_names=paper.foreign_names,
        foreign_words=paper.foreign_words,
    )


# -- names ------------------------------------------------------------------------------------------------------------

NAME = re.compile(
    r"(?<![\w-])(?:[A-Za-z]*[A-Z]+[a-z]*[A-Z]\w*|(?<=[a-z,] )[A-Z][a-z]{2,})(?![\w-])"
)


def name(text: str, paper: Paper, chance: Chance) -> str | None:
    """A name of another paper in the place of one that the source has."""
    places = [m for m in NAME.finditer(text) if _has(paper.everything, m[0])]
    news = [n for n in paper.foreign_names if n.lower() not in paper.everything.lower()]
    return _cut(text, chance.choice(places), chance.choice(news)) if places and news else None


_ACRONYM = re.compile(r"\b[A-Z]{3,6}\b")


def acronym(text: str, paper: Paper, chance: Chance) -> str | None:
    """An acronym with two letters exchanged or one of them changed."""
    places = [m for m in _ACRONYM.finditer(text) if _has(paper.everything, m[0])]
    if not places:
        return None
    place = chance.choice(places)
    for _ in range(20):
        letters = list(place[0])
        i = chance.randrange(len(letters) - 1)
        if chance.random() < 0.5:
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        else:
            letters[i] = chance.choice("BDFGHKPQTWXZ")
        new = "".join(letters)
        if new != place[0] and new.lower() not in paper.everything.lower():
            return _cut(text, place, new)
    return None


def expansion(text: str, paper: Paper, chance: Chance) -> str | None:
    """An acronym explained by words that begin with its letters, but are another paper's."""
    places = [m for m in _ACRONYM.finditer(text) if text[m.end() : m.end() + 1] == " "]
    if not places:
        return None
    place = chance.choice(places)
    words = []
    for letter in place[0].lower():
        fit = [w for w in paper.foreign_words if w[0] == letter and not _has(paper.everything, w)]
        if not fit:
            return None
        words.append(chance.choice(fit))
    return _cut(text, place, f"{place[0]} ({' '.join(words)})")


# -- polarity ---------------------------------------------------------------------------------------------------------

_VERBS = (
    "improve outperform achieve reduce enable allow require learn lead provide use increase preserve generalize exploit"
    " capture match perform scale help make yield speed depend need converge transfer avoid encourage leverage predict"
    " generate combine incorporate work retain maintain accelerate produce guarantee suffer prevent mitigate extend"
    " handle solve detect recover encode satisfy affect cause exhibit benefit hurt support rely adapt integrate"
).split()
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|does|do|will|could|should|may|has been|have been)\b(?! not\b|n't)(?= (?!no |only |sometimes |often )[a-z])", re.IGNORECASE)  # fmt: skip
_THIRD = re.compile(rf"(?<!not )\b(?:{'|'.join(_VERBS)})e?s\b", re.IGNORECASE)
_WE_VERB = re.compile(r"\bwe (?=(?:show|find|prove|demonstrate|use|apply|train|learn|extend|improve|achieve|analyze|evaluate|provide)\b)", re.IGNORECASE)  # fmt: skip
_WITH = re.compile(r"(?<!deal )(?<!compared )(?<!associated )(?<!consistent )(?<!competitive )(?<!along )(?<!together )(?<!dealing )(?<!both )\bwith (?!and |or |no |only |just |little )(?=[a-z])")  # fmt: skip


def _infinitive(verb: str) -> str:
    verb = verb.lower()
    return next(v for v in _VERBS if verb in (f"{v}s", f"{v}es"))


def negation_added(text: str, paper: Paper, chance: Chance) -> str | None:
    """A "not" or "without" that turns a statement round."""
    places = [
        (m, "cannot" if m[0].lower() == "can" else f"{m[0]} not") for m in _AUXILIARY.finditer(text)
    ]
    places += [(m, f"does not {_infinitive(m[0])}") for m in _THIRD.finditer(text)]
    places += [(m, f"{m[0]}do not ") for m in _WE_VERB.finditer(text)]
    places += [(m, "without ") for m in _WITH.finditer(text)]
    return _cut(text, *chance.choice(places)) if places else None


_REMOVALS: tuple[tuple[str, str], ...] = (
    (r"\b(?:does|do|did) not (?=[a-z])", ""),
    (r"\b(?:doesn't|don't|didn't) (?=[a-z])", ""),
    (r"\bcannot\b|\bcan not\b|\bcan't\b", "can"),
    (r"(?<=\bis|\bbe) not (?!only|just|necessarily)", " "),
    (r"(?<=\bare) not (?!only|just|necessarily)", " "),
    (r"(?<!or )\bwithout\b(?! or)", "with"),
    (r"\bno (?=[a-z])(?!longer|matter|more)", ""),
    (r"\bfails? to (?=[a-z])", "is able to "),
    (r"\bunable to\b", "able to"),
    (r"\bnever\b", "always"),
    (r"\b(?:un(?=supervised|labeled|labelled|paired|biased|stable|known|seen|constrained|structured|aligned)|non-?(?=convex|linear|parametric|stationary|autoregressive|negative|smooth))", ""),
)  # fmt: skip


def negation_removed(text: str, paper: Paper, chance: Chance) -> str | None:
    """A "not", "without", "un-" or "non-" lost."""
    places = [(m, new) for p, new in _REMOVALS for m in re.finditer(p, text, re.IGNORECASE)]
    return _cut(text, *chance.choice(places)) if places else None


_TURNS: tuple[tuple[str, str], ...] = (
    ("improves", "degrades"), ("improve", "degrade"), ("improved", "degraded"), ("improving", "degrading"),
    ("improves", "reduces"), ("improve", "reduce"), ("improving", "reducing"), ("improvement", "deterioration"),
    ("improvements", "degradations"), ("increases", "decreases"), ("increase", "decrease"),
    ("increasing", "decreasing"), ("increased", "decreased"), ("increases", "reduces"), ("increase", "reduce"),
    ("increasing", "reducing"), ("better", "worse"), ("best", "worst"), ("higher", "lower"), ("more", "less"),
    ("more", "fewer"), ("faster", "slower"), ("larger", "smaller"), ("large", "small"), ("high", "low"),
    ("greater", "smaller"), ("stronger", "weaker"), ("easier", "harder"), ("outperforms", "underperforms"),
    ("outperform", "underperform"), ("outperforming", "underperforming"), ("outperforms", "is worse than"),
    ("maximizing", "minimizing"), ("maximize", "minimize"), ("maximizes", "minimizes"), ("longer", "shorter"),
    ("accelerates", "slows"), ("accelerate", "slow"), ("accelerating", "slowing"), ("superior", "inferior"),
    ("stabilizes", "destabilizes"), ("stabilize", "destabilize"), ("enhances", "weakens"), ("enhance", "weaken"),
)  # fmt: skip


def direction(text: str, paper: Paper, chance: Chance) -> str | None:
    """A comparison or a change turned round."""
    places: list[tuple[re.Match[str], str]] = []
    for pair in _TURNS:
        for old, new in (pair, pair[::-1]):
            if " " not in old:
                places += [(m, new) for m in re.finditer(rf"\b{old}\b(?! or\b)(?! than one)", text, re.IGNORECASE)]  # fmt: skip
    return _cut(text, *chance.choice(places)) if places else None


# -- certainty --------------------------------------------------------------------------------------------------------

_HEDGES: tuple[tuple[str, str], ...] = (
    (r"\b(?:may|might|could) be\b", "is"),
    (r"\b(?:may|might|could) (?:not )?(?=[a-z])", "does "),
    (r"\bsuggests?\b", "proves"),
    (r"\b(?:indicates?|hints?)\b", "proves"),
    (r"\b(?:potentially|possibly|perhaps|likely|often|sometimes|usually|typically|partially|partly|almost|nearly|approximately|roughly|empirically) (?=[a-z])", ""),
    (r"\bpotential (?=[a-z])", "proven "),
    (r"\b(?:seems?|appears?|tends?) to\b", "is certain to"),
    (r"\b(?:hypothesize|conjecture|believe)\b", "prove"),
    (r"\b(?:aims?|attempts?|tr(?:y|ies)) to (?=[a-z])", "succeeds to "),
)  # fmt: skip


def hedge(text: str, paper: Paper, chance: Chance) -> str | None:
    """A "may" or "suggests" of the source's own, lost: the source has the same hedge, and not the stronger word."""
    places = [
        (m, new)
        for p, new in _HEDGES
        for m in re.finditer(p, text, re.IGNORECASE)
        if re.search(rf"\b{re.escape(m[0].split()[0][:6])}", paper.source, re.IGNORECASE)
        and not (new in ("proves", "prove", "proven ") and "prove" in paper.source.lower())
    ]
    return _cut(text, *chance.choice(places)) if places else None


_OVERCLAIMS: tuple[tuple[str, str], ...] = (
    (r"\bshow(?:s|ed)?(?= that)", "prove"),
    (r"\bdemonstrates?(?= that)", "proves"),
    (r"\b(?:competitive with|comparable (?:to|with)|on par with)\b", "superior to"),
    (r"\b(?:some|many|most|several)(?= [a-z]+s\b)", "all"),
    (r"\bcan (?=[a-z])(?!be)", "can always "),
    (r"\b(?:improves?|outperforms?|reduces?|achieves?)\b", "always {}"),
    (r"\bwe propose an? ", "we propose the first "),
    (r"\ban? (?:new|novel|simple|efficient)\b", "the first ever"),
)  # fmt: skip
_STRONG = {"prove": "prov|proof|theor", "proves": "prov|proof|theor", "superior to": "superior|outperform|better|surpass|exceed", "all": r"\b(?:all|every|each|any|whole|entire)\b", "always": r"\balways|\bevery\b|\ball\b|\bany\b|guarantee", "first": r"\bfirst\b|novel|\bnew\b"}  # fmt: skip


def overclaim(text: str, paper: Paper, chance: Chance) -> str | None:
    """A claim stronger than the source's: proves, always, all, superior, the first ever."""
    places = []
    for pattern, new in _OVERCLAIMS:
        ground = next(g for s, g in _STRONG.items() if s in new)
        if not re.search(ground, paper.everything, re.IGNORECASE):
            places += [(m, new.format(m[0])) for m in re.finditer(pattern, text, re.IGNORECASE)]
    return _cut(text, *chance.choice(places)) if places else None


# -- form -------------------------------------------------------------------------------------------------------------


def foreign(text: str, paper: Paper, chance: Chance) -> str | None:
    """The reference of another paper."""
    return paper.foreign_reference


def truncated(text: str, paper: Paper, chance: Chance) -> str | None:
    """The first 40 to 85 % of the words, as an answer ends that ran out of tokens."""
    words = text.split()
    return " ".join(words[: max(4, int(len(words) * chance.uniform(0.4, 0.85)))]).rstrip(".!?")


def repetition(text: str, paper: Paper, chance: Chance) -> str | None:
    """A word said twice, or a run of words that the text falls into again and again."""
    words = text.rstrip(".").split()
    at = chance.randrange(max(1, len(words) - 4))
    size = chance.choice((1, 3, 4, 5))
    if size == 1:
        plain = [i for i, w in enumerate(words) if w.isalpha()]
        at = chance.choice(plain) if plain else at
        return " ".join([*words[: at + 1], words[at], *words[at + 1 :]]) + "."
    run = words[at : at + size]
    return " ".join([*words[: at + size], *run * chance.choice((1, 2, 3))]) + "."


_ECHOES: tuple[str, ...] = (
    "Here is a one-sentence summary: {text}", "Sure, here is the summary you asked for: {text}",
    "The abstract describes how {low}", "This is a summary of the abstract: {text}", "{title}.",
    "The title of the paper is {title}.", "Title: {title}. Abstract: {text}", "Abstract: {text} TL;DR: {text}",
    "Write a short summary of the following abstract: {text}", "The main idea of this paper is that {low}",
    "As an AI language model, I would say that {low}", "In summary, the passage says that {low}",
    "The key takeaway of the text is that {low}", "Question: what does the paper do? Answer: {text}",
    "I will now condense the text in one sentence: {text}", "The following text is about {title}.",
    "Okay, so {low}", "Note: {text}",
)  # fmt: skip


def echo(text: str, paper: Paper, chance: Chance) -> str | None:
    """The task or the prompt in the place of, or before, the summary."""
    title = paper.title.strip().rstrip(".")
    low = text[0].lower() + text[1:]
    return chance.choice(_ECHOES).format(text=text, low=low, title=title)


_OTHER_LANGUAGES: tuple[str, ...] = (
    "Wir stellen ein neues Verfahren vor, das große Netze schneller und genauer trainiert als bisher.",
    "Nous proposons une nouvelle méthode pour apprendre des représentations à partir de données rares.",
    "Proponemos un método sencillo que mejora la precisión de los modelos con pocos datos etiquetados.",
    "Proponiamo un modello semplice che impara dai dati senza bisogno di etichette scritte a mano.",
    "Propomos um modelo que aprende com poucos exemplos e funciona bem em tarefas novas.",
    "Авторы предлагают новый способ обучения нейронных сетей на малых данных.",
    "我们提出了一种新的方法，可以在少量数据上训练神经网络。",
    "我々は少ないデータでニューラルネットワークを学習する新しい手法を提案する。",
    "نقترح طريقة جديدة لتدريب الشبكات العصبية على بيانات قليلة.",
    "Wij stellen een nieuwe methode voor die met weinig data goede modellen leert.",
)  # fmt: skip


def language(text: str, paper: Paper, chance: Chance) -> str | None:
    """A sentence in another language."""
    return chance.choice(_OTHER_LANGUAGES)


def length(text: str, paper: Paper, chance: Chance) -> str | None:
    """A word or two, or a whole page."""
    if chance.random() < 0.5:
        return " ".join(text.rstrip(".").split()[: chance.choice((1, 2, 3))]) + "."
    words = paper.source.split()
    return (
        None
        if len(words) < 80
        else " ".join(words[: chance.randrange(75, len(words))]).rstrip(".") + "."
    )


KINDS: dict[str, Callable[[str, Paper, Chance], str | None]] = {
    f.__name__: f
    for f in (
        number, unit, date, name, acronym, expansion, negation_added, negation_removed, direction, hedge, overclaim,
        foreign, truncated, repetition, echo, language, length,
    )
}  # fmt: skip


def perturbed(kind: str, paper: Paper, chance: Chance) -> tuple[str, Paper] | None:
    """The reference with one error of ``kind`` and the paper to check it against; None where it has no place."""
    if kind == "date":
        paper = planted_date(paper, chance)
    told = KINDS[kind](paper.reference, paper, chance)
    return None if told is None or told == paper.reference else (told, paper)


def names_of(texts: Sequence[str], abstracts: Sequence[str]) -> tuple[str, ...]:
    """The names of ``texts``, each once, in order: those with two capitals, and words that ``abstracts`` never have small."""
    small = {w for a in abstracts for w in re.findall(r"\b[a-z]+\b", a)}
    found = (m[0] for t in texts for m in NAME.finditer(t))
    return tuple(dict.fromkeys(n for n in found if sum(map(str.isupper, n)) > 1 or n.lower() not in small))  # fmt: skip
