"""Joining by titles: the same, one inside the other, or nearly the same. Precision before recall."""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta

from digest.group.clusters import Clusters
from digest.group.evidence import Evidence
from digest.group.pointers import is_round_up
from digest.group.timing import NEAR, apart, comes_after
from digest.group.wording import NEGATIONS, wording
from digest.types import Item
from digest.words import STOPWORDS, fold, stem

#: "Editorial", "Reply", "0" are titles of many works.
MIN_WORDS = 4
#: Fewer do where the same people wrote both papers, or where two sources have three words with content in three days.
MIN_SHORT, MIN_SHORT_CONTENT, SAME_RELEASE = 2, 3, timedelta(days=3)
#: The beginning of a title that its source has cut short.
MIN_CUT_WORDS, MIN_CUT_CHARS = 4, 24
#: A title that stands inside another one must say more: six words, four of them with content.
MIN_INNER_WORDS, MIN_INNER_CONTENT = 6, 4
JACCARD = 0.8
#: Words in more titles than this are no evidence, and a block of more titles is not compared pair by pair.
MAX_BLOCK = 40
#: A word of one title stands for another of the other: "estimate" and "estimates", "color" and "colour".
SAME_WORD = 0.75
#: A title that holds another one, or is nearly the same, must share so many words that few titles have, or its text
#: must agree as much as ``AGREES`` (a cosine); where a paper is older than the news, as much as ``AGREES_LATE``. A first
#: audit found "Survey of LLMs" and a paper of a year later joined at 0.20, and nothing wrong above 0.74.
MIN_RARE, AGREES, AGREES_LATE = 3, 0.6, 0.85
#: Two papers of one title share so much of the shorter list of authors: two strangers may both be Zhang, Y.
SAME_AUTHORS = 0.5


def join_titles(clusters: Clusters, evidence: Evidence) -> None:
    """Join items whose titles say the same, unless they are known to be different papers."""
    by_title: dict[str, list[str]] = defaultdict(list)
    cut: dict[str, list[str]] = defaultdict(list)
    for item_id in sorted(clusters.items):
        said = wording(clusters.items[item_id])
        (cut if said.is_cut else by_title)[said.plain].append(item_id)
    for title in sorted(by_title):
        if MIN_SHORT <= len(title.split()) < MIN_WORDS:
            _join_short(clusters, title, by_title.pop(title))
    titles = sorted(t for t in by_title if len(t.split()) >= MIN_WORDS)
    for title in titles:
        _join_same(clusters, by_title[title])
    # From here on a title stands for its items, so that 3,000 copies of one cost no more than one.
    single = {
        t: by_title[t][0] for t in titles if len({clusters.find(i) for i in by_title[t]}) == 1
    }
    single = {t: i for t, i in single.items() if not is_round_up(clusters.items[i])}
    for outer, inner in _nested(sorted(single)):
        if _is_likely(clusters, evidence, single[outer], single[inner]):
            _join_pair(clusters, single[outer], single[inner], "one title holds the other")
    for first, second in _near_pairs(sorted(single)):
        if _is_likely(clusters, evidence, single[first], single[second]):
            _join_pair(clusters, single[first], single[second], "nearly the same title")
    _join_cut(clusters, cut, single)


def _join_same(clusters: Clusters, ids: list[str]) -> None:
    papers = [i for i in ids if clusters.items[i].kind == "paper"]
    others = [i for i in ids if clusters.items[i].kind != "paper"]
    for other in papers[1:]:
        _join_pair(clusters, papers[0], other, "the same title")
    for other in others[1:]:
        _join_pair(clusters, others[0], other, "the same title")
    # Two papers of one title: nobody can tell which of them a thread without a link means.
    if papers and others and len({clusters.find(p) for p in papers}) == 1:
        _join_pair(clusters, papers[0], others[0], "the same title")


def _join_short(clusters: Clusters, title: str, ids: list[str]) -> None:
    """Join items of one short title where more than the title is the same."""
    content = sum(w not in STOPWORDS for w in title.split())
    first, *others = ids
    for other in others:
        a, b = clusters.items[first], clusters.items[other]
        if a.kind == b.kind == "paper":
            if _have_same_authors(a, b):
                _join_pair(clusters, first, other, "the same title and authors")
        elif content >= MIN_SHORT_CONTENT and a.source != b.source:
            between = apart(a, b)
            if between is not None and between <= SAME_RELEASE:
                _join_pair(clusters, first, other, "the same title")


def _join_cut(clusters: Clusters, cut: Mapping[str, list[str]], single: Mapping[str, str]) -> None:
    """Join items whose title is cut short with the one story whose title begins so, and with each other."""
    starts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for title in single:
        starts[tuple(title.split()[: MIN_CUT_WORDS - 1])].append(title)
    for beginning, ids in sorted(cut.items()):
        words = beginning.split()
        if len(words) < MIN_CUT_WORDS or len(beginning) < MIN_CUT_CHARS:
            continue
        _join_same(clusters, ids)
        block = starts.get(tuple(words[: MIN_CUT_WORDS - 1]), ())[:MAX_BLOCK]
        whole = [single[title] for title in block if title.startswith(beginning)]
        if len({clusters.find(i) for i in whole}) == 1:
            _join_pair(clusters, whole[0], ids[0], "one title is the beginning of the other")


def _join_pair(clusters: Clusters, a: str, b: str, reason: str) -> None:
    first, second = clusters.items[a], clusters.items[b]
    if _other_authors(first, second) or _other_issues(first, second):
        return
    if not clusters.contradict(a, b):
        clusters.join(a, b, reason)


def _is_likely(clusters: Clusters, evidence: Evidence, a: str, b: str) -> bool:
    """Titles as much alike as those of ``a`` and ``b`` mean one work, by their words, dates and texts."""
    first, second = clusters.items[a], clusters.items[b]
    shared = wording(first).rare & wording(second).rare
    kinds = {first.kind, second.kind}
    if len(kinds) == 1 or "paper" not in kinds:
        return len(shared) >= MIN_RARE or evidence.strength(a, b).reaches(AGREES)
    paper, other = (first, second) if first.kind == "paper" else (second, first)
    has_dates = bool(first.published and second.published)
    is_timely = apart(first, second) is not None or (
        other.kind == "thread" and comes_after(other, paper)
    )
    if is_timely or not has_dates:
        return len(shared) >= MIN_RARE or evidence.strength(a, b).reaches(AGREES)
    strength = evidence.strength(a, b)
    return strength.is_cosine and strength.value >= AGREES_LATE


def _other_issues(a: Item, b: Item) -> bool:
    """Two posts or articles too far apart to be one, told by two of a company's blogs."""
    if {a.kind, b.kind} - {"post", "article"} or not (a.published and b.published):
        return False
    return abs(a.published - b.published) > NEAR


def _other_authors(a: Item, b: Item) -> bool:
    """Two papers with authors, of whom too few are the same."""
    if a.kind != "paper" or b.kind != "paper" or not (a.authors and b.authors):
        return False
    return not _have_same_authors(a, b)


def _have_same_authors(a: Item, b: Item) -> bool:
    mine, its = ([_signatures(name) for name in item.authors] for item in (a, b))
    shorter, longer = sorted((mine, its), key=len)
    known = frozenset().union(*longer)
    same = sum(bool(names & known) for names in shorter)
    return same >= SAME_AUTHORS * len(shorter) > 0


def _signatures(name: str) -> frozenset[tuple[str, str]]:
    """Surname and initial, as a name and as an index have them: "Ada Lovelace" and "Lovelace, A." have one in common."""
    words = fold(name).replace(",", " ").replace(".", " ").split()
    if not words:
        return frozenset()
    if len(words) == 1:
        return frozenset({(words[0], "")})
    return frozenset({(words[-1], words[0][0]), (words[0], words[-1][0])})


def _nested(titles: list[str]) -> Iterator[tuple[str, str]]:
    """(outer, inner) for every title that holds exactly one other one as a run of its words."""
    starts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for title in titles:
        words = title.split()
        content = [w for w in words if w not in STOPWORDS]
        if len(words) >= MIN_INNER_WORDS and len(content) >= MIN_INNER_CONTENT:
            starts[tuple(words[:MIN_INNER_WORDS])].append(title)
    for outer in titles:
        words = outer.split()
        inner = {
            title
            for at in range(len(words) - MIN_INNER_WORDS + 1)
            for title in starts.get(tuple(words[at : at + MIN_INNER_WORDS]), ())[:MAX_BLOCK]
            if title != outer and f" {title} " in f" {outer} "
        }
        if len(inner) == 1:
            yield outer, inner.pop()


def _near_pairs(titles: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of titles whose words agree to JACCARD, found through their rarest words (prefix filtering).

    Two sets of n and m words with a Jaccard index of at least t share one of the n - ceil(t n) + 1 rarest words of
    the first (Chaudhuri, Ganti & Kaushik 2006), so only titles that meet there are compared.
    """
    words = {t: frozenset(stem(w) for w in t.split() if w not in STOPWORDS) for t in titles}
    frequency = Counter(w for found in words.values() for w in found)
    blocks: dict[str, list[str]] = defaultdict(list)
    for title in titles:
        found = words[title]
        if len(found) < MIN_WORDS:
            continue
        rarest = sorted(found, key=lambda w: (frequency[w], w))
        seen = set()
        for word in rarest[: len(found) - math.ceil(JACCARD * len(found)) + 1]:
            block = blocks[word]
            if len(block) < MAX_BLOCK:
                seen.update(block)
                block.append(title)
        for other in sorted(seen):
            if _is_near(words[title], words[other]):
                yield other, title


def _is_near(a: frozenset[str], b: frozenset[str]) -> bool:
    if len(a & b) < JACCARD * len(a | b):
        return False
    only_a, only_b = sorted(a - b), sorted(b - a)
    if any(w in NEGATIONS or any(c.isdigit() for c in w) for w in only_a + only_b):
        return False  # "part 1" and "part 2", "GPT-3" and "GPT-4", "is" and "is not"
    # A word more is a variant of the title; another word in its place is another title, unless it is but inflected.
    if not (only_a and only_b):
        return True
    # A Latin letter in place of a Cyrillic one is a disguise, no inflection.
    return len(only_a) == len(only_b) and all(
        x.isascii() == y.isascii() and difflib.SequenceMatcher(None, x, y).ratio() >= SAME_WORD
        for x, y in zip(only_a, only_b, strict=True)
    )
