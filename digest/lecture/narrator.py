"""Whom "we" and "I" mean in an item: its authors, its one author, the company whose blog it is, who posted a thread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from digest.lecture import frame
from digest.types import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whom a first person means: "the authors" (they propose), "the author" (proposes), "Google" (its model)."""

    name: str
    is_plural: bool
    again: str = "they"  #: the subject at a second mention; "they" takes a plural verb
    again_object: str = "them"
    again_possessive: str = "their"
    self_word: str = "themselves"
    is_vendor: bool = False  #: it tells of its own goods: "Google says it is releasing"

    @property
    def possessive(self) -> str:
        return f"{self.name}’" if self.name.endswith("s") and self.is_plural else f"{self.name}’s"

    @property
    def is_plural_again(self) -> bool:
        return self.again == "they"


AUTHORS = Party(name=frame.AUTHORS, is_plural=True)
AUTHOR = Party(name=frame.AUTHOR, is_plural=False, self_word="themself")
POSTER = Party(name=frame.POSTER, is_plural=False, self_word="themself")


def organization(name: str, again: str) -> Party:
    """A company or an institute that speaks as one; ``again``: what it is called the second time, "the company"."""
    return Party(
        name=name,
        is_plural=False,
        again=again,
        again_object=again,
        again_possessive="its",
        self_word="itself",
        is_vendor=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """Who speaks in a text. ``we`` or ``i`` is None where that word cannot be reported: it is quoted then."""

    speaker: Party
    we: Party | None
    i: Party | None


def narrator_of(item: Item) -> Narrator:
    """Who says "we" and "I" in the text of ``item``."""
    if item.kind == "thread":
        shows_work = re.match(r"\[[RP]\]|(?:Show|Launch) HN\b", item.title) is not None
        return Narrator(speaker=POSTER, we=AUTHORS if shows_work else None, i=POSTER)
    if item.kind == "paper" and len(item.authors) == 1:
        return Narrator(speaker=AUTHOR, we=AUTHOR, i=AUTHOR)
    if item.kind == "paper":
        return Narrator(speaker=AUTHORS, we=AUTHORS, i=None)
    owner = owner_of(item.url) if item.kind == "post" else None
    if owner is not None:
        return Narrator(speaker=owner, we=owner, i=AUTHOR)
    return Narrator(speaker=AUTHORS, we=AUTHORS, i=AUTHOR)


def owner_of(url: str) -> Party | None:
    """Whose site the page is on, where all that is written there speaks for one organization."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return _OWNERS.get(host)


#: Sites on which guests write, such as huggingface.co/blog, are left out: there "we" may be anybody.
_SITES = {
    ("Google", "the company"): (
        "ai.googleblog.com", "research.google", "blog.research.google", "blog.google", "googleresearch.blogspot.com",
        "developers.googleblog.com",
    ),
    ("Google DeepMind", "the lab"): ("deepmind.google",),
    ("DeepMind", "the lab"): ("deepmind.com",),
    ("OpenAI", "the company"): ("openai.com",),
    ("Anthropic", "the company"): ("anthropic.com",),
    ("Meta", "the company"): ("ai.meta.com", "engineering.fb.com", "about.fb.com"),
    ("Facebook", "the company"): ("ai.facebook.com",),
    ("Microsoft", "the company"): ("microsoft.com", "blogs.microsoft.com"),
    ("NVIDIA", "the company"): ("blogs.nvidia.com", "developer.nvidia.com", "nvidianews.nvidia.com"),
    ("Apple", "the company"): ("machinelearning.apple.com",),
    ("Amazon", "the company"): ("amazon.science",),
    ("Netflix", "the company"): ("netflixtechblog.com",),
    ("Dropbox", "the company"): ("dropbox.tech",),
    ("Spotify", "the company"): ("engineering.atspotify.com", "research.atspotify.com"),
    ("Mistral", "the company"): ("mistral.ai",),
    ("Cohere", "the company"): ("cohere.com", "cohere.ai"),
    ("Groq", "the company"): ("groq.com",),
    ("Perplexity", "the company"): ("perplexity.ai",),
    ("Ollama", "the company"): ("ollama.com",),
    ("Stability AI", "the company"): ("stability.ai",),
    ("xAI", "the company"): ("x.ai",),
    ("Databricks", "the company"): ("databricks.com",),
    ("FAR.AI", "the institute"): ("far.ai",),
    ("Transluce", "the lab"): ("transluce.org",),
    ("EleutherAI", "the lab"): ("blog.eleuther.ai",),
    ("the AI Security Institute", "the institute"): ("aisi.gov.uk",),
    ("the Allen Institute for AI", "the institute"): ("allenai.org", "blog.allenai.org"),
}  # fmt: skip
_OWNERS = {
    host: organization(name, again) for (name, again), hosts in _SITES.items() for host in hosts
}
