"""Joining what names the same thing in other words: a press article without a link, one release on several blogs.

Words find the candidates and must agree; the texts must agree too. Thresholds were set
by the cosines of the labelled pairs (tests/data/README.md): moving all of them by 0.05 up or down leaves precision at 1
and recall at 0.963 or more on either half; `bench/grouping.py` prints what they give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from digest.group.clusters import Clusters
from digest.group.evidence import Evidence
from digest.group.pointers import is_list, is_round_up
from digest.group.timing import apart, in_words
from digest.group.wording import GENERIC, NEGATIONS, Wording, other_versions, wording
from digest.words import STOPWORDS, stem

#: A name in more titles than this tells no single story; a block of more is not compared pair by pair.
MAX_BLOCK = 12
#: Cosines of MiniLM.
SAME_NAME, SAME_WORDS, SAME_PHRASE, SAME_VERSION = 0.6, 0.75, 0.75, 0.72
#: How much nearer than the next work of this name the one that is meant must be ("J1" is two papers: 0.85 and 0.67).
MARGIN = 0.1
MIN_SHARED = 3  #: rare words that two titles must share
COVERED = 0.8  #: of the rare words of the shorter title, by the other
#: Words that a title of the same release may have and the other text need not know.
_FILLERS = GENERIC | frozenset(map(stem, "available first from here launch meet official open our source today".split()))  # fmt: skip
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:()[]\"'“”`", " "))

Key = TypeVar("Key")


def join_likely(clusters: Clusters, evidence: Evidence) -> None:
    """Join items that name the same thing at the same time, by rules from the surest to the least sure."""
    told = {
        i.id: said
        for i in clusters.items.values()
        if (said := wording(i)).plain and not is_round_up(i)
    }
    _join_coined(clusters, told)
    for rule in (_join_heads, _join_versions, _join_phrases, _join_words):
        rule(clusters, told, evidence)


def _join_coined(clusters: Clusters, told: Mapping[str, Wording]) -> None:
    """A post's coined name stands in one paper alone, and their titles share three words ("TracIn")."""
    wanted = _blocks(
        (name, i)
        for i, said in told.items()
        if clusters.items[i].kind in ("post", "article")
        for name in said.names
    )
    holders: dict[str, list[str]] = defaultdict(list)
    for item in clusters.items.values() if wanted else ():
        if item.kind == "paper":
            text = f"{item.title} {item.text}".casefold().translate(_PUNCTUATION)
            for word in wanted.keys() & text.split():
                holders[word].append(item.id)
    for name, posts in sorted(wanted.items()):
        if len(holders[name]) == 1 and (work := holders[name][0]) in told:
            for post in posts:
                is_free = not clusters.contradict(post, work)
                if is_free and len(told[post].words & told[work].words) >= MIN_SHARED:
                    _join(clusters, post, work, name)


def _join_heads(clusters: Clusters, told: Mapping[str, Wording], evidence: Evidence) -> None:
    """A title that is but a name, and the work whose title begins with it: "GUI-R1", "GUI-R1: A Generalist ..."."""
    heads = _blocks(
        (said.head, i) for i, said in told.items() if said.head and not is_list(clusters.items[i])
    )
    for head, ids in sorted(heads.items()):
        for bare in ids:
            if told[bare].plain != head or clusters.items[bare].kind == "paper":
                continue
            others = [i for i in ids if _may_meet(clusters, told, bare, i)]
            found = sorted(((evidence.strength(bare, i), i) for i in others), reverse=True)
            if found and found[0][0].reaches(SAME_NAME):
                (best, target), *rest = found
                rivals = [s.value for s, i in rest if clusters.find(i) != clusters.find(target)]
                if best.value - max(rivals, default=0.0) >= MARGIN:
                    _join(clusters, bare, target, clusters.items[bare].title)


def _join_versions(clusters: Clusters, told: Mapping[str, Wording], evidence: Evidence) -> None:
    """One release: the same name and number in two titles, and no word there that the other item does not know."""
    versions = _blocks((version, i) for i, said in told.items() for version in said.versions)
    for (name, number), ids in sorted(versions.items()):
        known = _FILLERS | {name, *number.split(".")}
        for a, b in combinations(ids, 2):
            kinds = {clusters.items[a].kind, clusters.items[b].kind}
            if "paper" in kinds or not _may_meet(clusters, told, a, b):
                continue
            if kinds == {"thread"}:  # which have no text that could know the words
                strength = evidence.strength(a, b)
                is_same = strength.is_cosine and strength.reaches(SAME_VERSION)
            else:
                is_same = all(
                    evidence.grounds(told[x].words - told[y].words - known, y)
                    for x, y in ((a, b), (b, a))
                )
            if is_same:
                _join(clusters, a, b, f"{name} {number}")


def _join_phrases(clusters: Clusters, told: Mapping[str, Wording], evidence: Evidence) -> None:
    """Three words in a row with a coined name among them: "exposed OpenClaw instances"."""
    runs = _blocks(
        (run, i)
        for i, said in told.items()
        if said.names and clusters.items[i].kind != "paper"
        for run in _runs(said)
    )
    for run, ids in sorted(runs.items()):
        for a, b in combinations(ids, 2):
            if _may_meet(clusters, told, a, b) and evidence.strength(a, b).reaches(SAME_PHRASE):
                _join(clusters, a, b, " ".join(run))


def _runs(said: Wording) -> set[tuple[str, ...]]:
    words = [w for w in said.plain.split() if w not in STOPWORDS]
    runs = {tuple(words[at : at + 3]) for at in range(len(words) - 2)}
    return {run for run in runs if said.names & set(run)}


def _join_words(clusters: Clusters, told: Mapping[str, Wording], evidence: Evidence) -> None:
    """Nearly all words of the shorter title stand in the other, in whatever order, and the texts agree."""
    holders: dict[str, list[str]] = defaultdict(list)
    for i, said in told.items():
        if clusters.items[i].kind != "thread":
            for word in said.rare:
                holders[word].append(i)
    for i, said in told.items():
        if clusters.items[i].kind in ("paper", "thread") or len(said.rare) < MIN_SHARED:
            continue
        rarest = sorted(said.rare, key=lambda w: (len(holders[w]), w))[:2]
        near = sorted({j for word in rarest for j in holders[word][: 4 * MAX_BLOCK]} - {i})
        likely = [
            j
            for j in near
            if _cover(said, told[j])
            and _may_meet(clusters, told, i, j)
            and evidence.strength(i, j).reaches(SAME_WORDS)
            # who tells of a work that has a name says the name
            and evidence.says(told[j].own_name, i)
        ]
        if len({clusters.find(j) for j in likely}) == 1:
            shared = said.rare & told[likely[0]].rare
            words = dict.fromkeys(w for w in said.plain.split() if stem(w) in shared)
            _join(clusters, i, likely[0], ", ".join(words))


def _cover(a: Wording, b: Wording) -> bool:
    shared = len(a.rare & b.rare)
    if any(w in NEGATIONS or w.isdigit() for w in a.words ^ b.words):
        return False
    return shared >= MIN_SHARED and shared >= COVERED * min(len(a.rare), len(b.rare))


# -- what may meet ----------------------------------------------------------------------------------------------------


def _blocks(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    """The ids by key, where at most MAX_BLOCK have it."""
    blocks: dict[Key, list[str]] = defaultdict(list)
    for key, item_id in pairs:
        blocks[key].append(item_id)
    return {key: ids for key, ids in blocks.items() if len(ids) <= MAX_BLOCK}


def _may_meet(clusters: Clusters, told: Mapping[str, Wording], a: str, b: str) -> bool:
    """``a`` and ``b`` come from two sources (or are threads) at the same time, and nothing says that they differ."""
    first, second = clusters.items[a], clusters.items[b]
    if a == b or first.kind == second.kind == "paper":
        return False
    if first.source == second.source and "thread" not in (first.kind, second.kind):
        return False
    return (
        apart(first, second) is not None
        and not other_versions(told[a], told[b])
        and not clusters.contradict(a, b)
    )


def _join(clusters: Clusters, a: str, b: str, name: str) -> None:
    between = apart(clusters.items[a], clusters.items[b])
    clusters.join(a, b, f"both tell of {name}{in_words(between)}")
