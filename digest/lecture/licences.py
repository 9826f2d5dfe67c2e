"""What a licence lets the digest show of a paper's figures: a pure table from the licence's URI.

arXiv states the licence in OAI-PMH and RSS, bioRxiv in its API (``Item.license``). Metadata and abstracts are free;
figures are the paper's, and most papers allow nothing (https://arxiv.org/help/license). What is not in the table is linked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Use = Literal["resized", "unaltered", "link"]
"""``resized``: a thumbnail with credit; ``unaltered``: the file as it is, not scaled and not cropped; ``link``: no picture."""

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<path>licenses|publicdomain)/"
    r"(?P<kind>[a-z-]+)(?:/(?P<version>\d\.\d)(?P<port>/(?:igo|[a-z]{2}))?)?(?:/(?:deed|legalcode)(?:\.[a-z]{2}(?:[-_][a-z]+)?)?)?/?"
)
#: Those that arXiv and bioRxiv hand out; older versions ask for other forms of credit.
_VERSIONS = frozenset({"3.0", "4.0"})
_PUBLIC_DOMAIN = {
    ("publicdomain", "zero", "1.0"): "CC0 1.0",
    ("publicdomain", "mark", "1.0"): "Public Domain Mark 1.0",
    ("licenses", "publicdomain", None): "Public domain",
}
_KINDS = frozenset({"by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What may be shown under a licence, and what must be said of it."""

    use: Use
    name: str = ""  #: "CC BY 4.0"; "" where no licence is known by the URI
    url: str = ""  #: the licence's page, https, as it is to be linked; "" with ``name``
    is_share_alike: bool = False  #: the picture keeps its own licence, which must be marked


LINK_ONLY = Licence(use="link")


def licence_of(uri: str, *, is_non_commercial: bool = False) -> Licence:
    """What ``uri`` allows; a link and no more where it is missing, unknown, or arXiv's own licence to distribute.

    ``is_non_commercial``: the digest is configured as such, without which BY-NC allows no picture.
    """
    address = uri.strip().lower().partition("#")[0].partition("?")[0]
    match = _CREATIVE_COMMONS.fullmatch(address)
    if not match:
        return LINK_ONLY
    path, kind, version, port = match.group("path", "kind", "version", "port")
    if free := _PUBLIC_DOMAIN.get((path, kind, version)):
        return Licence(use="resized", name=free, url=_url(path, kind, version, ""))
    if path != "licenses" or kind not in _KINDS or version not in _VERSIONS:
        return LINK_ONLY
    conditions = kind.split("-")
    use: Use = "unaltered" if "nd" in conditions else "resized"
    if "nc" in conditions and not is_non_commercial:
        use = "link"
    ported = f" {port[1:].upper()}" if port else ""
    return Licence(
        use=use,
        name=f"CC {kind.upper()} {version}{ported}",
        url=_url(path, kind, version, port or ""),
        is_share_alike="sa" in conditions,
    )


def _url(path: str, kind: str, version: str | None, port: str) -> str:
    place = f"{kind}/{version}" if version else kind
    return f"https://creativecommons.org/{path}/{place}{port}/"
