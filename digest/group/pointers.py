"""Joining by keys and links: the same id or address, or a text that is about the one work it points to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from digest.group.clusters import Clusters
from digest.identity import canonical_url, named_works, normal_title
from digest.types import Item
from digest.words import STOPWORDS, stem

#: A text that points to more papers than this is a round-up and tells no single story.
MAX_PAPERS = 5
#: A thread with fewer words of its own stands for what it links to.
SHORT_TEXT_WORDS = 40
#: A post is about a paper this fresh even where it calls it by another name; an older one may be mere background.
FRESH = timedelta(days=180)

_RESEARCH_TAG = re.compile(r"\[(?:r|research|n|news)\]", re.IGNORECASE)
#: A name somebody coined: "TracIn", "NFNets", "CharacterGAN".
_COINED = re.compile(r"\b(?=\w*[a-z])(?:[A-Z]{2,}[a-z]\w*|\w*[a-z][A-Z]\w*)\b")
#: Platforms and data sets are written like coined names, but a text that speaks of one is not about the paper.
_PLATFORMS = frozenset(
    {
        "arXiv", "ChatGPT", "DeepMind", "GitHub", "HuggingFace", "ImageNet", "JavaScript", "LaTeX", "LinkedIn", "NeurIP",
        "OpenAI", "PyTorch", "ResNet", "TensorFlow", "YouTube",
    }
)  # fmt: skip
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


def join_pointers(clusters: Clusters) -> None:
    """Join posts, articles, threads and code with the one work they are about."""
    owners = _owners(clusters)
    about_absent: dict[str, str] = {}  # work not at hand -> the first item that is about it
    items = [i for i in clusters.items.values() if i.kind != "paper"]
    for item in sorted(items, key=lambda i: (_ORDER[i.kind], i.id)):
        targets = _targets(item, clusters, owners)
        if len(targets) > MAX_PAPERS:
            continue
        if len(targets) == 1:
            target, key = next(iter(targets.items()))
            is_at_hand = target in clusters.items
            work = clusters.items[target] if is_at_hand else None
            if is_about(item, work):
                other = target if is_at_hand else about_absent.setdefault(key, item.id)
                _join(clusters, item, other, key, is_direct=is_at_hand)
        elif item.kind != "thread":
            # A post cites others beside the paper it announces; that one it resembles by name.
            similar = [
                (t, k) for t, k in targets.items() if t in clusters.items and resemble(item, clusters.items[t])
            ]  # fmt: skip
            if len(similar) == 1:
                _join(clusters, item, *similar[0], is_direct=True)


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


def is_round_up(item: Item) -> bool:
    """``item`` points to so many papers that a title much like one of theirs proves nothing."""
    most = 1 if item.kind == "thread" else MAX_PAPERS
    return item.kind != "paper" and len(named_works(item)) > most


def is_about(item: Item, work: Item | None) -> bool:
    """``item``, which points to ``work`` and to no other, is about it and does not only mention it."""
    if item.kind == "code":
        return True
    if item.kind == "thread" and (
        _RESEARCH_TAG.search(item.title)
        or item.note.casefold() in ("research", "news")
        or len(item.text.split()) < SHORT_TEXT_WORDS
    ):
        return True
    if work is None:
        return False
    if resemble(item, work):
        return True
    if item.kind == "thread" or not (item.published and work.published):
        return False
    return abs(item.published - work.published) <= FRESH


def resemble(item: Item, work: Item) -> bool:
    """The titles share half of the shorter one's words (two at least), or a coined name of the work."""
    mine, its = _content(item.title), _content(work.title)
    shared = len(mine & its)
    if shared >= 2 and 2 * shared >= min(len(mine), len(its)):
        return True
    coined = {name.rstrip("s") for name in _COINED.findall(item.title)} - _PLATFORMS
    return any(re.search(rf"\b{re.escape(name)}", f"{work.title} {work.text}") for name in coined)


def _content(title: str) -> set[str]:
    return {stem(w) for w in normal_title(title).split() if w not in STOPWORDS}
