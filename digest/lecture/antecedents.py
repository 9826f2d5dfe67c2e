"""What "it" stands for where a sentence is told without the one before it: the name that the authors gave their work.

    We present TinyNet, a small network. | It learns from noise.    ->  TinyNet learns from noise.

Only where the sentence before introduces the name or begins with it; anything else is left alone, and leans.
"""

from __future__ import annotations

import re

#: "WebAgent-R1", "MMaDA", "GPT4": a word with a capital or a digit after its first letter.
_NAME = r"[A-Z](?:[\w+.-]*[A-Z\d][\w+-]*)"
_INTRODUCED = re.compile(
    rf"\b(?:propose|introduce|present|develop|release|describe|design|call|name|build|named|called|dubbed|termed)s?"
    rf" (?:it |this \w+ )?(?:\w+ly )?(?P<name>{_NAME})(?![\w-])"
)
_TITLE = re.compile(rf"(?P<name>{_NAME}):\s")
_IT = re.compile(
    r"(?P<it>It|Its)\b(?! (?:is|has been|was) (?:\w+ )?(?:that|to|known|possible|hard|clear)\b)"
)
#: "Trained on noise, it learns": the one before is meant, not what stands between.
_LATER_IT = re.compile(
    r"(?:(?:Pre-)?[Tt]rained|Built|Based|Compared|Unlike|Without|Designed|Inspired|Evaluated|Tested|\w+ing)\b(?:[^,;:]{2,100},){1,2}"
    r" (?P<it>it)(?= \w)"
)


def own_name(title: str, text: str) -> str:
    """The name of the work: what its title begins with, or what its text introduces first; "" where neither is clear."""
    titled = _TITLE.match(title)
    if titled and titled["name"] in text:
        return titled["name"]
    found = _INTRODUCED.search(text)
    return found["name"] if found else ""


def with_antecedent(text: str, before: str, name: str) -> str:
    """The sentence with ``name`` for its "it"; "" where the sentence ``before`` is not clearly about that."""
    if not name or not _is_about(before, name):
        return ""
    match = _IT.match(text) or _LATER_IT.match(text)
    if match is None or re.search(rf"\b{re.escape(name)}\b", text[: match.end("it")]):
        return ""
    instead = f"{name}’s" if match["it"] == "Its" else name
    return text[: match.start("it")] + instead + text[match.end("it") :]


def _is_about(sentence: str, name: str) -> bool:
    """It introduces the name, or has it as its subject."""
    if re.match(rf"(?:\w+, )?{re.escape(name)}\b(?!['’-])", sentence):
        return True
    return any(m["name"] == name for m in _INTRODUCED.finditer(sentence))
