"""Joining by titles: the same, one inside the other, or nearly the same. Precision before recall."""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from digest.group.clusters import Clusters
from digest.group.pointers import is_round_up
from digest.identity import normal_title
from digest.types import Item
from digest.words import STOPWORDS, fold, stem

#: "Editorial", "Reply", "0" are titles of many works.
MIN_WORDS = 4
#: A title that stands inside another one must say more: six words, four of them with content.
MIN_INNER_WORDS, MIN_INNER_CONTENT = 6, 4
JACCARD = 0.8
#: Words in more titles than this are no evidence, and a block of more titles is not compared pair by pair.
MAX_BLOCK = 40
#: A word of one title stands for another of the other: "estimate" and "estimates", "color" and "colour".
SAME_WORD = 0.75
#: Posts of one title that lie further apart are two issues of one column ("What we read this month").
SAME_POST = timedelta(days=10)
_NEGATIONS = frozenset({"not", "no", "never", "without", "non", "cannot", "nor", "against"})


def join_titles(clusters: Clusters) -> None:
    """Join items whose titles say the same, unless they are known to be different papers."""
    by_title: dict[str, list[str]] = defaultdict(list)
    for item_id in sorted(clusters.items):
        title = normal_title(clusters.items[item_id].title)
        if len(title.split()) >= MIN_WORDS:
            by_title[title].append(item_id)
    titles = sorted(by_title)
    for title in titles:
        _join_same(clusters, by_title[title])
    # From here on a title stands for its items, so that 3,000 copies of one cost no more than one.
    single = {
        t: by_title[t][0] for t in titles if len({clusters.find(i) for i in by_title[t]}) == 1
    }
    single = {t: i for t, i in single.items() if not is_round_up(clusters.items[i])}
    for outer, inner in _nested(sorted(single)):
        _join_pair(clusters, single[outer], single[inner], "one title holds the other")
    for first, second in _near_pairs(sorted(single)):
        _join_pair(clusters, single[first], single[second], "nearly the same title")


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


def _join_pair(clusters: Clusters, a: str, b: str, reason: str) -> None:
    first, second = clusters.items[a], clusters.items[b]
    if _other_authors(first, second) or _other_issues(first, second):
        return
    if not clusters.contradict(a, b):
        clusters.join(a, b, reason)


def _other_issues(a: Item, b: Item) -> bool:
    """Two posts or articles too far apart to be one, told by two of a company's blogs."""
    if {a.kind, b.kind} - {"post", "article"} or not (a.published and b.published):
        return False
    return abs(a.published - b.published) > SAME_POST


def _other_authors(a: Item, b: Item) -> bool:
    """Two papers with authors, none of them in common."""
    if a.kind != "paper" or b.kind != "paper" or not (a.authors and b.authors):
        return False
    return not _surnames(a) & _surnames(b)


def _surnames(item: Item) -> set[str]:
    """Of each author the last and the longest word: "Ada Lovelace" and "Lovelace, A." have one in common."""
    names = [fold(name).replace(",", " ").split() for name in item.authors]
    return {word for name in names if name for word in (name[-1], max(name, key=len))}


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
    if any(w in _NEGATIONS or any(c.isdigit() for c in w) for w in only_a + only_b):
        return False  # "part 1" and "part 2", "GPT-3" and "GPT-4", "is" and "is not"
    # A word more is a variant of the title; another word in its place is another title, unless it is but inflected.
    if not (only_a and only_b):
        return True
    return len(only_a) == len(only_b) and all(
        difflib.SequenceMatcher(None, x, y).ratio() >= SAME_WORD
        for x, y in zip(only_a, only_b, strict=True)
    )
