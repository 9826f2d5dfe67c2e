"""The result that a sentence reports, where it compares two values of one measure, or says how many times a baseline.

    "... reaches a top-1 accuracy of 86.5%, compared with 84.3% for EfficientNet-B7"     compared
    "... lowers the word error rate from 12.1% to 8.4%"                                  changed
    "... matches EfficientNet-B7 and trains up to 8.7x faster"                           a factor
    "... its AP is 49.7% for boxes and 44.4% for masks"                                  by case

By rule, and rather none than a wrong one: the measure must be a known one and stand beside its values, these must have one unit, and what each
belongs to must be named. The numbers stay as the source writes them. Years, ranges, differences ("+2.3 points"),
shares of the data and counts are no results.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from digest.lecture.metrics import METRIC, Direction, Metric, metrics
from digest.quantities import plain

Kind = Literal["compared", "changed", "factor", "by_case"]

#: The better told kinds first.
KINDS: tuple[Kind, ...] = ("compared", "changed", "factor", "by_case")

_ABOUT = r"(?:(?:up to|about|around|over|more than|nearly|almost|approximately|roughly|at least|only|just|merely) )?"
_UNIT = r"\s?%|\s?percent\b|\s?per cent\b|\s?ms\b|\s?dB\b|\s?(?:seconds|minutes|hours|days)\b"
_NUMBER = (
    rf"(?<![\w.,+/-])(?<!by )(?<!by up to )(?<!by over )(?<!by about )(?:~|≈)?\d{{1,4}}(?:\.\d+)?(?:\s?±\s?\d+(?:\.\d+)?)?(?:{_UNIT})?"
    r"(?![\w.]*\w)(?!\s?(?:x|×|k|M|B|-|–|/)(?:\b|\d))(?!\s?[-–/]\s?\d)(?!\s(?:times|fold|points?|pp|percentage|million|billion|thousand|shots?|bits?|layers?|epochs?|steps)\b)"
)
_VALUE = re.compile(rf"(?P<amount>\d+(?:\.\d+)?)(?:\s?±\s?\d+(?:\.\d+)?)?(?P<unit>{_UNIT})?")
#: A proper name of a system or a data set: "EfficientNet-B7", "BERT", "Mask R-CNN", "GPT-4 Turbo".
_NAME = r"[A-Z][\w.+/-]*[\w+](?: (?:[A-Z\d][\w.+/-]*[\w+]|\d+|v\d))*"
_INNER_CAPITAL = r"[A-Z](?:[\w+.-]*[A-Z\d][\w+-]*)(?: [A-Z\d][\w+-]*)*"
_BASELINE = (
    r"(?:(?:the|a|an|its|our) )?(?:(?:best|strongest|previous(?:ly)?|prior|earlier|standard|existing|strong|current|next|second|original|full|dense|fine-tuned|supervised|vanilla|random) ){0,3}"
    r"(?:baselines?(?: models?| methods?| systems?| networks?| transformers?)?|state[- ]of[- ]the[- ]art(?: methods?| models?)?|SOTA|methods?|models?|competitors?|human experts?|humans?|chance)\b"
)
_LABEL = rf"(?:(?:the|an?) )?(?P<label>{_NAME}|{_BASELINE})"
_GAP = r"[^.;:()\d]{0,60}?"
_AT = r"(?: scores?| rates?)?(?: value)?(?: (?:of|is|was|at|reaches|to|equals)| =|:)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a result."""

    label: str  #: what it belongs to; "" for the work itself, where the source says "we" or "our method"
    amount: float
    text: str  #: as the source writes it: "86.5%", "up to 8.7x"
    is_main: bool = False  #: of what the sentence is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Values that can be compared with one another, as one sentence reports them."""

    kind: Kind
    measure: (
        str  #: as the source names it, "top-1 accuracy"; of a factor "training speed", "memory"
    )
    direction: Direction | Literal[""]  #: which way is better; "" where less is only cheaper
    values: tuple[Value, ...]  #: two or more, of one unit; of a change the earlier one first


#: Two numbers, or "so many times": most sentences have neither, and are done with.
_MAY_REPORT = re.compile(r"\d.*\D\d|\d\s?(?:[x×]|times)")


def result_in(sentence: str) -> Result | None:
    """The result that the sentence reports; None where it reports none, or not clearly."""
    text = " ".join(plain(sentence).split())
    if not _MAY_REPORT.search(text):
        return None
    found = (_compared(text), _changed(text), _factor(text), _by_case(text))
    return next((r for r in found if r is not None and _is_sound(r)), None)


# -- compared with a baseline --------------------------------------------------------------------------------------------

_FIRST = rf"(?:(?P<m1>{METRIC.pattern}){_AT} {_ABOUT}(?P<a>{_NUMBER})|(?P<a2>{_NUMBER}) (?:in )?(?P<m2>{METRIC.pattern}))"
_THAN = r"(?:as )?(?:compared (?:to|with)|in comparison (?:to|with)|versus|vs\.?|against|as opposed to|instead of|rather than)"
_OWNER = r"(?: (?:for|of|by|with|from|using|(?:achieved|obtained|reached|reported|attained) (?:by|with)))"
_VERBS = r"(?:achiev|obtain|reach|attain|scor|get|yield|ha)(?:e?s|ed|e)?"


def _once(pattern: str) -> str:
    """The pattern without the groups' names, which may stand in one pattern only once."""
    return re.sub(r"\?P<(?:kind|lower|higher)>", "?:", pattern)


_COMPARED = tuple(
    re.compile(_once(_FIRST + rest))
    for rest in (
        rf"{_GAP},? ?\(?{_THAN} {_ABOUT}(?:the )?(?P<b>{_NUMBER})(?: {METRIC.pattern})?{_OWNER} {_LABEL}",
        rf"{_GAP},? ?\(?{_THAN} {_LABEL}(?:'s| (?:with|at)|,| \() ?{_ABOUT}(?P<b>{_NUMBER})",
        rf"\)? ?{_GAP},? (?:while|whereas|where|but) {_LABEL} (?:only |just )?{_VERBS} (?:only |just )?{_ABOUT}(?P<b>{_NUMBER})",
    )
)


def _compared(text: str) -> Result | None:
    for pattern in _COMPARED:
        if not (match := pattern.search(text)):
            continue
        metric = _only_metric(text, match.start(), match.end())
        subject = _subject(text[: match.start()])
        if metric is None or subject is None:
            return None
        ours = _value(subject, match["a"] or match["a2"], is_main=True)
        other = _value(_without_article(match["label"]), match["b"])
        return _result("compared", metric, (ours, other))
    return None


# -- changed ----------------------------------------------------------------------------------------------------------

_CHANGE = re.compile(
    r"\b(?:improv|increas|rais|boost|lift|push|reduc|decreas|lower|cut|drop|fall|fell|rise|rose|grow|grew|bring|brought|declin|degrad|mov)\w*\b"
)
_FROM_TO = re.compile(
    rf"(?<!ranging )(?<!ranges )(?<!range )(?<!vary )(?<!varying )(?<!varied )\bfrom {_ABOUT}(?P<a>{_NUMBER}) to {_ABOUT}(?P<b>{_NUMBER})"
)


def _changed(text: str) -> Result | None:
    spans = list(_FROM_TO.finditer(text))
    if len(spans) != 1:
        return None
    match = spans[0]
    clause = re.split(r"[;:]|, (?:and|while|but) ", text[: match.start()])[-1]
    start = match.start() - len(clause)
    after = re.match(rf" (?:in )?(?:{_once(METRIC.pattern)})", text[match.end() :])
    end = match.end() + (after.end() if after else 0)
    if not _CHANGE.search(clause) or re.search(r"\d+(?:\.\d+)?%|\brang(?:e|es|ing)\b", clause):
        return None
    metric = _only_metric(text, start, end)
    if metric is None or (not after and match.start() - metric.end > 60):
        return None
    return _result(
        "changed", metric, (_value("", match["a"]), _value("", match["b"], is_main=True))
    )


# -- how many times ---------------------------------------------------------------------------------------------------

_TIMES = rf"(?<!\d[x×] - )(?<!\d[x×] to )(?<!\d to )(?<!\d - )(?<!\d[x×] and )(?P<about>{_ABOUT})(?P<n>(?<![\w.,+/–-])\d{{1,4}}(?:\.\d+)?)(?:\s?[x×]| times)"
_FASTER = (
    rf"(?:(?P<before>train(?:s|ed|ing)?|runs?|running|inference|decod(?:es|ing)|generation|generates?) (?:is )?)?(?:by )?{_TIMES} (?:faster|quicker)"
    r"(?: (?:to|in|at|for|during) (?P<after>train|training|run|running|inference|decoding|generation)| (?P<after2>training|inference|decoding|generation|sampling))?"
)
_LESS = rf"{_TIMES} (?:less|fewer|lower) (?P<what>memory|GPU memory|compute time|compute|computation|energy|parameters|FLOPs|training data|data|latency|training time|inference time|time|cost)(?: usage| consumption)?"
_EQUAL_TO = re.compile(
    rf"\b(?:match(?:es|ing)?|equal(?:s|ing)?)(?: (?:the )?(?:[\w-]+ ){{1,5}}of| the)?(?: an?)? (?P<label>{_NAME})"
)
_THAN_LABEL = re.compile(
    rf"[^.;:()\d,]{{0,30}}? than (?:(?:the|an?|its) )?(?P<label>{_NAME}|{_BASELINE})(?! (?:and|or) [A-Z])"
)
_FASTER_RE, _LESS_RE = re.compile(_FASTER), re.compile(_LESS)
_SPEED = {"train": "training", "run": "", "decod": "decoding", "generat": "generation", "inference": "inference", "sampling": "sampling"}  # fmt: skip


def _factor(text: str) -> Result | None:
    faster, less = list(_FASTER_RE.finditer(text)), list(_LESS_RE.finditer(text))
    if len(faster) + len(less) != 1:
        return None
    match = (faster or less)[0]
    than = _THAN_LABEL.match(text, match.end())
    equal = _EQUAL_TO.search(text[: match.start()])
    named = than or equal
    subject = _subject(text[: equal.start() if equal else match.start()])
    if (
        named is None
        or subject is None
        or (not than and re.match(r"[^.;:]* than\b", text[match.end() :]))
    ):
        return None  # fmt: skip
    label = _without_article(named["label"])
    times = f"{match['about']}{match['n']}x"
    many = float(match["n"])
    if faster:
        groups = (match["before"], match["after"], match["after2"])
        doing = next((g for g in groups if g), "")
        kind = next((s for beginning, s in _SPEED.items() if doing.startswith(beginning)), "")
        values = (
            Value(label=subject, amount=many, text=times, is_main=True),
            Value(label=label, amount=1, text="1x"),
        )
        return Result(kind="factor", measure=f"{kind} speed".strip(), direction="higher", values=values)  # fmt: skip
    values = (
        Value(label=subject, amount=1, text="1x", is_main=True),
        Value(label=label, amount=many, text=times),
    )
    direction: Direction | Literal[""] = "lower" if re.search("time|latency", match["what"]) else ""
    return Result(kind="factor", measure=match["what"], direction=direction, values=values)


# -- by case: data sets, tasks ------------------------------------------------------------------------------------------

_CASE = rf"(?:{_NAME}|[a-z]+(?: [a-z]+)?)"
_ON = r"(?:on|for|in)"
_LIST = re.compile(
    rf"(?:,? (?P<after>{_once(METRIC.pattern)}))?,? {_ON} (?:the )?(?P<cases>[^.;:()]+?)(?:,? respectively|(?=[.;:(])|$|,? (?:while|which|with|without)\b)"
)
_VALUES = re.compile(rf"{_NUMBER}(?:, {_NUMBER})*,? and {_NUMBER}")
_PAIR = re.compile(
    rf"(?P<v>{_NUMBER})(?P<m>,? (?:{_once(METRIC.pattern)}))? {_ON} (?:the )?(?P<case>{_NAME}|[a-z]+)(?= and |, |[.;]|$| data ?set)(?: data ?sets?)?"
)


def _by_case(text: str) -> Result | None:
    return _by_pairs(text) or _by_list(text)


def _by_pairs(text: str) -> Result | None:
    """Each value with its case: "72.1% accuracy on MNLI and 80.3% on QNLI"."""
    pairs = list(_PAIR.finditer(text))
    if len(pairs) < 2 or any(not _is_joined(text[a.end() : b.start()]) for a, b in pairwise(pairs)):
        return None
    near = re.search(rf"(?:{_once(METRIC.pattern)}){_AT} {_ABOUT}$", text[: pairs[0].start()])
    metric = _only_metric(text, near.start() if near else pairs[0].start(), pairs[-1].end())
    if metric is None or (not near and not pairs[0]["m"]):
        return None
    return _result("by_case", metric, [_value(p["case"], p["v"], is_main=True) for p in pairs])


def _by_list(text: str) -> Result | None:
    """As many values as cases: "accuracies of 72.1% and 80.3% on MNLI and QNLI"."""
    for values in _VALUES.finditer(text):
        tail = _LIST.match(text, values.end())
        near = re.search(rf"(?:{_once(METRIC.pattern)}){_AT} {_ABOUT}$", text[: values.start()])
        if not tail or not (near or tail["after"]):
            continue
        cases = re.split(r",? and |, ", tail["cases"].strip().rstrip(","))
        amounts = re.findall(_NUMBER, values[0])
        metric = _only_metric(text, near.start() if near else values.start(), tail.end())
        if metric is None or len(cases) != len(amounts):
            continue
        if all(re.fullmatch(_NAME, c) for c in cases):
            pairs = zip(cases, amounts, strict=True)
            return _result("by_case", metric, [_value(c, a, is_main=True) for c, a in pairs])
    return None


def _is_joined(between: str) -> bool:
    return (
        re.fullmatch(r"(?: data ?sets?)?(?:,| and|, and)? ?(?:about |up to )?", between) is not None
    )


# -- what all have in common --------------------------------------------------------------------------------------------

_INTRO = re.compile(
    r"^(?:[^.;:]{0,80}\b(?:show|demonstrate|find|report|indicate|observe|see)(?:s|ed)? that |[A-Z][a-z]+ly, |(?:On|In|For|With|When|At|Under|Inside|Across|Using|Trained|Compared|Without|Finally|Moreover|Furthermore|Notably|Remarkably|Specifically|Here)\b[^,;]{0,90}, )+"
)
_OURS = re.compile(
    r"(?:[Ww]e|[Oo]urs?|[Ii]t|[Tt]hey|[Tt]he (?:proposed|resulting|final|trained|new)|[Tt]his|[Tt]he (?:model|method|approach|system|network|algorithm|framework|classifier)|[Ii]ts|[Tt]heir)\b"
)
_SUBJECT = re.compile(
    rf"(?:[Tt]he |[Oo]ur )?(?P<name>{_INNER_CAPITAL})(?:,[^,]{{0,60}},)? (?!and\b|or\b|of\b|is\b|are\b|[a-z]+ing\b)"
)


def _subject(before: str) -> str | None:
    """What the sentence is about, by what stands before its result: a name, "" for the work itself, None where unclear."""
    start = _INTRO.sub("", before, count=1)
    if named := _SUBJECT.match(f"{start} "):
        return named["name"]
    return "" if _OURS.match(start) else None


def _only_metric(text: str, start: int, end: int) -> Metric | None:
    """The one measure named in ``text[start:end]`` or touching it; None where there are none or several."""
    found = [m for m in metrics(text) if m.end > start and m.start < end]
    names = {m.name.casefold().rstrip("s") for m in found}
    if len(names) > 1 or not found:
        return None
    first = found[0]
    around = text[max(0, first.start - 30) : first.start], text[first.end : first.end + 30]
    if any(re.search(rf"(?:{_once(METRIC.pattern)}),? (?:and|or|/) $", a) for a in around[:1]):
        return None
    return None if re.match(rf",? (?:and|or) (?:{_once(METRIC.pattern)})", around[1]) else first


def _value(label: str, written: str, *, is_main: bool = False) -> Value:
    match = _VALUE.search(written)
    assert match is not None  # _NUMBER has matched
    return Value(label=label, amount=float(match["amount"]), text=written.strip(), is_main=is_main)


def _result(kind: Kind, metric: Metric, values: list[Value] | tuple[Value, ...]) -> Result | None:
    """With one unit for all: where only the last value has one, it is that of all ("from 71.2 to 74.5%")."""
    units = [_unit_of(v.text) for v in values]
    named = {u for u in units if u}
    if len(named) > 1 or (named and not units[-1]):
        return None
    unit = units[-1]
    shared = (
        v if u else Value(label=v.label, amount=v.amount, text=v.text + unit, is_main=v.is_main)
        for v, u in zip(values, units, strict=True)
    )
    return Result(kind=kind, measure=metric.name, direction=metric.direction, values=tuple(shared))


def _unit_of(written: str) -> str:
    match = _VALUE.search(written)
    return (match["unit"] or "") if match else ""


def _without_article(label: str) -> str:
    return re.sub(r"^(?:the|an?|its|our) ", "", label)


def _is_sound(result: Result) -> bool:
    """Values that differ, can be drawn on one scale, and are what the measure can be."""
    amounts = [v.amount for v in result.values]
    labels = [v.label for v in result.values]
    if result.kind != "changed" and len(set(labels)) < len(labels):
        return False
    if min(amounts) <= 0 or max(amounts) > 200 * min(amounts) or len(set(amounts)) < 2:
        return False
    if any(a >= 1900 and a == int(a) for a in amounts):
        return False  # a year
    is_percent = "%" in result.values[0].text or "percent" in result.values[0].text
    return not (is_percent and max(amounts) > 100) and not (
        max(amounts) > 1 >= min(amounts) and re.search("accura|F-?1|AUC", result.measure)
    )
