"""Which sentences of a source a sentence rests on, by the content words they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.words import fold, stem

STOP_WORDS = frozenset(
    "a about above after all also although am among an and any are as at be because been before being below between"
    " both but by can cannot could did do does doing done during each either et etc for from further had has have having"
    " he her here his how however i if in into is it its itself just may might more most much must neither no nor not of"
    " off on once one only onto or other our ours out over own per quite rather same she should since so some such than"
    " that the their theirs them then there these they this those though through thus to too towards under until up upon"
    " us use used uses using very via was we were what when where whether which while who whose why will with within"
    " without would yet you your author paper propose present show introduce".split()
)
_WORD = re.compile(r"[^\W_]{2,}")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+")
_ENDINGS = ("ness", "ment", "ency", "ent", "ity", "ly", "able", "er", "al", "y", "iv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """The source sentences that a sentence rests on, and how well they carry it."""

    sentences: tuple[int, ...]  #: indices into the source's sentences, best first; one or two
    support: float  #: share of the content words found in those sentences or the title, 0..1
    coverage: float  #: share of the content words found anywhere in the source or the title, 0..1


def content_words(text: str) -> list[str]:
    """The content words of ``text`` as stems, in order: no stop words, no TeX commands, hyphenated words apart."""
    found = []
    for word in _WORD.findall(fold(_TEX_COMMAND.sub(" ", text))):
        if word not in STOP_WORDS and (root := _root(word)) not in STOP_WORDS:
            found.append(root)
    return found


def _root(word: str) -> str:
    """The stem with a derivation's ending cut off too: "robustness" is "robust", "efficiency" is "effici"."""
    root = stem(word)
    for ending in _ENDINGS:
        if root.endswith(ending) and len(root) - len(ending) >= 4:
            return root.removesuffix(ending)
    return root


def align(sentence: str, source_sentences: Sequence[str], title: str = "") -> Alignment:
    """The one or two of ``source_sentences`` that together hold most content words of ``sentence``.

    A second sentence is named only where it adds a tenth of the words. Ties go to the earlier sentence.
    """
    wanted = set(content_words(sentence))
    if not wanted or not source_sentences:
        return Alignment(sentences=(), support=0.0, coverage=0.0)
    bags = [set(content_words(s)) for s in source_sentences]
    in_title = wanted & set(content_words(title))
    first = max(range(len(bags)), key=lambda i: (len(wanted & bags[i]), -i))
    held = wanted & bags[first]
    chosen = (first,)
    if len(bags) > 1:
        second = max(
            (i for i in range(len(bags)) if i != first),
            key=lambda i: (len((wanted - held) & bags[i]), -i),
        )
        gained = (wanted - held) & bags[second]
        if len(gained) >= max(1.0, len(wanted) / 10):
            chosen, held = (first, second), held | gained
    everywhere = wanted & (set[str]().union(*bags) | in_title)
    return Alignment(
        sentences=chosen if wanted & bags[first] else (),
        support=len(held | in_title) / len(wanted),
        coverage=len(everywhere) / len(wanted),
    )
