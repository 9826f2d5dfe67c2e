"""Joining by keys and links: the same id or address, or a text that is about the one work it points to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from digest.group.clusters import Clusters
from digest.group.evidence import Evidence
from digest.group.wording import GENERIC, wording
from digest.identity import canonical_url, named_works, normal_title
from digest.types import Item
from digest.words import stem

#: A text that points to more papers than this is a round-up and tells no single story.
MAX_PAPERS = 5
#: A thread with fewer words of its own stands for what it links to.
SHORT_TEXT_WORDS = 40
#: Cosine of MiniLM from which a post is about a paper that it links to among others, and from which two short texts on
#: one paper that is not at hand tell of it, and not one of them by a wrong link. Posts and papers that they but cite
#: have 0.74 at most, two picks of one week under one link 0.35.
ABOUT_LINKED, ABOUT_ABSENT = 0.8, 0.6
#: A paper's name that a text says so often is its subject.
NAMED_OFTEN = 3
#: A post is about a paper this fresh even where it calls it by another name; an older one may be mere background.
FRESH = timedelta(days=180)

_LISTS = re.compile(
    r"\b(?:papers|news|highlights|round-?ups?|recap|digest|weekly|week|month|looking back|reading list|others|more)\b"
    r"|\bissue #?\d|\bat [A-Z]{3,} ?(?:20)?\d\d\b",
    re.IGNORECASE,
)
_RESEARCH_TAG = re.compile(r"\[(?:r|research|n|news)\]", re.IGNORECASE)
#: Order of work: posts settle first what paper they tell, so that a thread with links to both points to one story.
_ORDER = {"code": 0, "post": 1, "article": 2, "thread": 3}


def join_same_keys(clusters: Clusters) -> None:
    """Join items that share an arXiv id, a DOI or an address."""
    holders: dict[str, list[str]] = defaultdict(list)
    for item_id in sorted(clusters.items):
        for key in clusters.keys[item_id]:
            holders[key].append(item_id)
    for key in sorted(holders):
        first, *others = sorted(holders[key], key=lambda i: (clusters.items[i].kind != "paper", i))
        if others and not _is_shared_page(key, [clusters.items[i] for i in holders[key]]):
            for other in others:
                clusters.join(first, other, f"both {_key_in_words(key)}")


def _is_shared_page(key: str, items: list[Item]) -> bool:
    """One source gives this address to entries with different titles: a broken feed, not one work."""
    titles: dict[str, str] = {}
    return key.startswith("url:") and any(
        titles.setdefault(item.source, normal_title(item.title)) != normal_title(item.title)
        for item in items
    )


def _key_in_words(key: str) -> str:
    kind, value = key.split(":", 1)
    return {"arxiv": f"name arXiv {value}", "doi": f"name doi {value}"}.get(
        kind, f"stand at {value}"
    )


def join_pointers(clusters: Clusters, evidence: Evidence) -> None:
    """Join posts, articles, threads and code with the one work they are about."""
    owners = _owners(clusters)
    about_absent: dict[str, str] = {}  # work not at hand -> the first item that is about it
    items = [i for i in clusters.items.values() if i.kind != "paper"]
    for item in sorted(items, key=lambda i: (_ORDER[i.kind], i.id)):
        targets = _targets(item, clusters, owners)
        if len(targets) == 1:
            target, key = next(iter(targets.items()))
            is_at_hand = target in clusters.items
            work = clusters.items[target] if is_at_hand else None
            if is_about(item, work):
                other = target if is_at_hand else about_absent.setdefault(key, item.id)
                if is_at_hand or _retells(item, clusters.items[other], evidence):
                    _join(clusters, item, other, key, is_direct=is_at_hand)
        elif item.kind != "thread" and not (len(targets) > MAX_PAPERS and is_list(item)):
            works = {t: k for t, k in targets.items() if t in clusters.items}
            if subject := _subject(
                item, works, clusters, evidence, is_crowd=len(targets) > MAX_PAPERS
            ):
                _join(clusters, item, subject, works[subject], is_direct=True)


def _subject(
    item: Item, works: Mapping[str, str], clusters: Clusters, evidence: Evidence, *, is_crowd: bool
) -> str | None:
    """Of the works that a post links to, beside others that it cites, the one that it announces."""
    resembling = [w for w in works if resemble(item, clusters.items[w])]
    if len(resembling) > 1:
        return None
    if resembling and not is_crowd:
        return resembling[0]
    # A crowd of links is a list, or a post with a long tail of references: there more must speak for the one.
    strong = [w for w in works if _is_subject(item, clusters.items[w], evidence)]
    return strong[0] if len(strong) == 1 and resembling in ([], strong) else None


def _is_subject(item: Item, work: Item, evidence: Evidence) -> bool:
    mine, its = wording(item), wording(work)
    shared = len(mine.rare & its.rare)
    if shared >= 3 and shared >= 0.75 * min(len(mine.rare), len(its.rare)):
        return True
    name = its.head if its.head != its.plain and len(its.head) >= 5 else ""
    if name and " " not in name and stem(name) not in GENERIC:
        said = f"{item.title} {item.text}".casefold()
        if (
            name in mine.plain.split()
            or len(re.findall(rf"\b{re.escape(name)}\b", said)) >= NAMED_OFTEN
        ):
            return True
    strength = evidence.strength(item.id, work.id)
    return strength.is_cosine and strength.value >= ABOUT_LINKED


def _retells(item: Item, first: Item, evidence: Evidence) -> bool:
    """Two items on a work that is not at hand: threads that link to it, or short articles that also say the same."""
    if item.kind == "thread" or item.id == first.id:
        return True
    return wording(item).plain == wording(first).plain or evidence.strength(
        item.id, first.id
    ).reaches(ABOUT_ABSENT)


def _join(clusters: Clusters, item: Item, other: str, key: str, *, is_direct: bool) -> None:
    if other != item.id and not clusters.contradict(item.id, other):
        what = _key_in_words(key).removeprefix("name ").removeprefix("stand at ")
        reason = f"the {item.kind} links to {what}" if is_direct else f"both link to {what}"
        clusters.join(item.id, other, reason)


def _owners(clusters: Clusters) -> dict[str, str]:
    """By key, the item that is this work; the paper where a thread has its address too."""
    owners: dict[str, str] = {}
    for item in sorted(clusters.items.values(), key=lambda i: (i.kind != "paper", i.id)):
        if item.kind != "thread":
            for key in clusters.keys[item.id]:
                owners.setdefault(key, item.id)
    return owners


def _targets(item: Item, clusters: Clusters, owners: Mapping[str, str]) -> dict[str, str]:
    """The distinct works that ``item`` points to: the owner's item id (or the key, where it is not at hand) -> key."""
    found: dict[str, tuple[str, str]] = {}
    keys = [*named_works(item), *(f"url:{canonical_url(link)}" for link in item.links)]
    for key in keys:
        owner = owners.get(key)
        if owner is None and not key.startswith("url:"):
            found.setdefault(key, (key, key))
        elif owner is not None and clusters.find(owner) != clusters.find(item.id):
            found.setdefault(clusters.find(owner), (owner, key))
    return dict(found.values())


def is_list(item: Item) -> bool:
    """``item`` says that it tells of many things: "Papers of the week", "Google at CVPR 2021"."""
    return bool(_LISTS.search(item.title))


def is_round_up(item: Item) -> bool:
    """``item`` points to so many papers that a title much like one of theirs proves nothing."""
    most = 1 if item.kind == "thread" else MAX_PAPERS
    return item.kind != "paper" and len(named_works(item)) > most


def is_about(item: Item, work: Item | None) -> bool:
    """``item``, which points to ``work`` and to no other, is about it and does not only mention it."""
    if item.kind == "code":
        return True
    is_short = len(item.text.split()) < SHORT_TEXT_WORDS
    if item.kind == "thread" and (
        is_short or _RESEARCH_TAG.search(item.title) or item.note.casefold() in ("research", "news")
    ):
        return True
    if work is None:
        return item.kind == "article" and len(item.links) == 1
    if is_short and len(item.links) == 1:  # an article that is but a pointer
        return True
    if resemble(item, work):
        return True
    if item.kind == "thread" or not (item.published and work.published):
        return False
    return abs(item.published - work.published) <= FRESH


def resemble(item: Item, work: Item) -> bool:
    """The titles share half of the shorter one's words (two at least), or a coined name of the work."""
    mine, its = wording(item), wording(work)
    shared = len(mine.words & its.words)
    if shared >= 2 and 2 * shared >= min(len(mine.words), len(its.words)):
        return True
    text = f"{work.title} {work.text}".casefold()
    return any(re.search(rf"\b{re.escape(name.rstrip('s'))}", text) for name in mine.names)
