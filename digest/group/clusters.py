"""Union-find over items: what has been joined, why, and what must never be joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from digest.identity import canonical_keys
from digest.types import Item, ItemLink, LinkKind

#: Servers of preprints: a work may have a DOI there and another one where it was published.
_PREPRINT_DOIS = ("doi:10.1101/", "doi:10.64898/", "doi:10.21203/", "doi:10.31234/", "doi:10.31219/", "doi:10.20944/", "doi:10.5281/")  # fmt: skip

_NEARNESS = {"paper": 0, "post": 1, "article": 2, "code": 3, "thread": 4}
_LINK_KINDS: dict[str, LinkKind] = {
    "post": "announces",
    "article": "mentions",
    "code": "code_of",
    "thread": "discusses",
}
_ARXIV_VERSION = re.compile(r"arxiv\.org/\w+/\S+?v(\d{1,3})(?:\.pdf)?$")


def _version(item: Item) -> int | None:
    """Of a paper on arXiv, the version that ``item`` shows, where it says so."""
    if item.version or item.kind != "paper":
        return item.version
    found = _ARXIV_VERSION.search(item.url)
    return int(found[1]) if found else None


class Clusters:
    """Sets of items that tell one event; at the start each item is alone."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = {item.id: item for item in items}
        self.keys = {item.id: canonical_keys(item) for item in items}
        self._parent = {item.id: item.id for item in items}
        self._members = {item.id: [item.id] for item in items}
        self._links: dict[str, list[ItemLink]] = {item.id: [] for item in items}
        self._arxiv = {
            i: {k for k in keys if k.startswith("arxiv:")} for i, keys in self.keys.items()
        }
        self._dois = {
            i: {k for k in keys if k.startswith("doi:") and not k.startswith(_PREPRINT_DOIS)}
            for i, keys in self.keys.items()
        }

    def find(self, item_id: str) -> str:
        """The id that stands for the cluster of ``item_id``."""
        root = item_id
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[item_id] != root:
            self._parent[item_id], item_id = root, self._parent[item_id]
        return root

    def contradict(self, a: str, b: str) -> bool:
        """The clusters of ``a`` and ``b`` hold different papers: two arXiv ids, or two journals' DOIs."""
        first, second = self.find(a), self.find(b)
        return first != second and any(
            ids[first] and ids[second] and not ids[first] & ids[second]
            for ids in (self._arxiv, self._dois)
        )

    def join(self, a: str, b: str, reason: str) -> None:
        """Bring the clusters of ``a`` and ``b`` together; the link runs from the retelling to the work."""
        first, second = self.find(a), self.find(b)
        if first == second:
            return
        source, target = sorted(
            (self.items[a], self.items[b]),
            key=lambda i: (_NEARNESS[i.kind], _version(i) or 0, i.id),
            reverse=True,
        )
        kind: LinkKind = "same_work" if source.kind == target.kind else _LINK_KINDS[source.kind]
        if source.kind == "paper" and self._is_newer(source, target):
            kind = "new_version_of"
        link = ItemLink(kind=kind, source_id=source.id, target_id=target.id, reason=reason)
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        self._parent[second] = first
        self._members[first] += self._members.pop(second)
        self._links[first] += [*self._links.pop(second), link]
        for ids in (self._arxiv, self._dois):
            ids[first] |= ids.pop(second)

    def _is_newer(self, source: Item, target: Item) -> bool:
        """Both are versions of one arXiv paper, and ``source`` is the later one."""
        shared = self.keys[source.id] & self.keys[target.id]
        older, newer = _version(target), _version(source)
        return (
            bool(older and newer and newer > older)
            and target.kind == "paper"
            and any(key.startswith("arxiv:") for key in shared)
        )

    def stories(self) -> Iterable[tuple[list[Item], list[ItemLink]]]:
        """Each cluster's items and the links between them."""
        for root, members in self._members.items():
            yield [self.items[i] for i in members], self._links[root]
