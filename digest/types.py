"""The dataclasses handed from stage to stage, in the order of the pipeline.

    collect -> Fetched(items) -> store -> Item
    Item*   -> group -> Story -> rank -> Ranked -> choose -> Selection
            -> summarize -> Summary -> verify -> Checked
            -> lecture -> Issue (digest/issue.py) -> render -> Rendered -> deliver

All are frozen, slotted and keyword-only; they hold data and small derived properties, and call no model, network or
SQL. Sequences are tuples. Datetimes are aware and in UTC. Texts are plain text with TeX kept as the source wrote it;
nothing here is HTML.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from digest.errors import CollectError

ItemKind = Literal["paper", "post", "thread", "article", "code"]
"""paper: arXiv or a journal; post: a lab's or company's blog; thread: a discussion; article: the press or a newsletter."""

LinkKind = Literal["same_work", "new_version_of", "announces", "discusses", "mentions", "code_of"]

Role = Literal["background", "objective", "method", "result", "other"]
"""The rhetorical role of a sentence, the label set of CSAbstruct."""

Origin = Literal["model", "extractive", "reported", "digest"]
"""Who wrote a sentence: a model; the source, word for word; the source, turned into reported speech by rule; or the
digest itself, computed from stored facts."""


# -- collect ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment of a thread, as the source showed it."""

    id: str
    author: str  #: "" where the account is deleted
    text: str
    url: str
    score: int | None = None  #: None: unknown, which is not zero
    depth: int = 0  #: 0 for an answer to the post itself
    #: the comment that it answers; "" for an answer to the post, or where unknown
    parent_id: str = ""


SignalName = Literal["upvotes", "comments", "citations", "tldr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a third party says of an item: Hugging Face's upvotes for a paper, Semantic Scholar's citations."""

    name: SignalName
    source: str  #: the name of the source in feeds.yaml that gave it
    value: int | None = None  #: a count; None for a text
    text: str = ""  #: of a "tldr": a sentence that somebody else's model wrote; never shown as ours
    url: str = ""  #: where a reader can check it


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture of an item, kept as a reference: no output loads it from its server."""

    url: str
    caption: str = ""  #: its caption, else its alternative text; "" where it has neither
    page: str = ""  #: where a reader finds it, "https://arxiv.org/html/2102.06171#S1.F1"; "" for the item's own page
    picture_count: int = 1  #: pictures under its one caption, of which ``url`` is the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a source published."""

    id: str  #: stable: "arxiv:2102.06171", "reddit:lg1xyz", "hn:26000001", "feed:<sha256[:16] of guid or URL>"; never a title
    source: str  #: the name of the source in feeds.yaml that brought it first
    kind: ItemKind
    title: (
        str  #: one line, white space folded, tags such as "[D]" kept (they are facts of the source)
    )
    url: str  #: where a reader opens it, absolute http(s)
    text: str = ""  #: the abstract, the post's body or the summary of the feed; "" where the source gave none
    authors: tuple[str, ...] = ()
    #: first published (arXiv: date of v1); None where the source does not say
    published: datetime | None = None
    updated: datetime | None = None
    version: int | None = None  #: arXiv version
    categories: tuple[str, ...] = ()  #: arXiv categories (primary first), feed tags
    links: tuple[
        str, ...
    ] = ()  #: absolute URLs that the body or the entry points to, in order, without duplicates
    doi: str | None = None
    note: str = ""  #: arXiv's comment field, a thread's flair ("Discussion"), a journal's name
    score: int | None = None  #: points of the community; None: unknown
    comment_count: int | None = None  #: None: unknown
    comments: tuple[
        Comment, ...
    ] = ()  #: the comments at hand, best first; may be fewer than comment_count
    signals: tuple[Signal, ...] = ()  #: at most one of a name and source
    figures: tuple[Figure, ...] = ()  #: in the order of the text
    license: str = ""  #: URL of the licence of the full text, where the source states it

    @property
    def content_hash(self) -> str:
        """16 hex digits over what readers are shown of it; counts that change hourly are left out."""
        parts = (self.title, self.text, *(c.text for c in self.comments))
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One HTTP exchange (or the last try of it), for the log and for conditional requests."""

    url: str
    status: int | None  #: None: no answer at all
    byte_count: int
    elapsed_s: float
    etag: str | None = None
    last_modified: str | None = None
    error: str = ""
    #: the URL asked for, where every redirect from it to ``url`` was a permanent one
    moved_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """What its source no longer shows, by id; it must not stay here either."""

    items: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  #: items whose author has deleted the account; the item stays
    comments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.authors or self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one source gave in one run: items, or the error that stopped it (both, where it died midway)."""

    source: str
    items: tuple[Item, ...] = ()
    error: CollectError | None = None
    skipped: int = 0  #: entries that could not be read
    warnings: tuple[str, ...] = ()
    is_unchanged: bool = False  #: every answer was 304: nothing new, and nothing lost
    note: str = ""  #: why little came, where that is as it should be: "no announcements on 26 Nov"
    #: the window asked for; None where the source was not asked by date
    since: datetime | None = None
    until: datetime | None = None
    deletions: Deletions = Deletions()
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What a server wants to see again to answer 304 for a URL."""

    etag: str | None = None
    last_modified: str | None = None


# -- store ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The page behind an entry of a feed, read once: what the feed itself left out."""

    item_id: str
    url: str  #: the last one after redirects
    text: str = ""  #: "" where nothing could be read
    links: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    error: str = ""  #: why there is no text
    is_final: bool = True  #: False: another try may do better


# -- group and rank ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLink:
    """Why two items belong together: ``source_id`` *kind* ``target_id`` ("the post announces the paper")."""

    kind: LinkKind
    source_id: str
    target_id: str
    reason: str  #: "both name arXiv 2002.08484"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """The story of a past issue that a story goes on with."""

    issue_number: int
    week: str
    key: str
    title: str
    url: str = ""  #: of that issue's page, "" without a site


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items that tell one event. ``items[0]`` leads: it has the text that is summarized."""

    key: str  #: stable when items join: the id of the paper if there is one, else of the earliest item
    items: tuple[Item, ...]
    links: tuple[ItemLink, ...] = ()
    follows: Follows | None = None  #: told before; ``items`` are then the new ones alone

    @property
    def lead(self) -> Item:
        return self.items[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One named share of a story's score, with its reason in words for the reader."""

    name: str  #: "community", "interest", "course", "spread", "substance" ...
    value: float
    #: "183 points and 14 comments on r/MachineLearning"; "" where there is nothing to say
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A story with its score; ``score`` is the sum of ``parts``."""

    story: Story
    score: float
    parts: tuple[ScorePart, ...]
    topics: tuple[str, ...] = ()  #: of the taxonomy in digest/topics.py, strongest first

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in words, weightiest first."""
        return tuple(p.reason for p in sorted(self.parts, key=lambda p: -p.value) if p.reason)


Place = Literal["full", "brief", "left_out"]
"""Where a story stands in the issue: told in full, in one line, or not at all."""

Rule = Literal[
    "score", "kept_discussion", "kept_non_paper", "unheard_source",
    "outscored", "topic_limit", "source_limit", "thread_limit", "too_little_text", "far_behind", "source_turns",
    "gave_way", "no_lines", "below_zero",
]  # fmt: skip
"""The rule of digest/rank/choose.py that gave a story its place (the first line), or kept it from a better one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Why a story has its place."""

    key: str
    place: Place
    rule: Rule  #: gave the place; of a story that is left out: kept it from a line
    not_full: Rule | None = None  #: kept it from being told in full; None where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the issue carries, each best first."""

    full: tuple[Ranked, ...]
    brief: tuple[Ranked, ...]
    left_out: tuple[Ranked, ...]
    trace: tuple[Placing, ...] = ()  #: one for each story, best first

    def placing(self, key: str) -> Placing:
        """Why the story of this key has its place; KeyError where none has the key."""
        return {p.key: p for p in self.trace}[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reader said of which items tell one event; it holds in every later run."""

    number: int  #: counts from 1, in the order in which they were made
    kind: Literal["merge", "split"]
    item_ids: tuple[str, ...]  #: to stand in one story; of a split: those taken out
    rest_ids: tuple[str, ...] = ()  #: of a split: what they stood with, and must not meet again
    made: datetime


# -- summarize and verify ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters ``start:end`` of the text of item ``item_id``."""

    item_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRequest:
    """One text to condense; ``text`` is exactly ``Item.text``, so that spans point into it."""

    item_id: str
    title: str
    text: str
    content_hash: str  #: changes when the title or the text do; see digest.summarize.request_for

    @property
    def is_thread(self) -> bool:
        """The text is a post that opens a discussion."""
        return self.item_id.startswith(("reddit:", "hn:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    text: str
    origin: Origin
    spans: tuple[Span, ...] = ()  #: the source sentences it rests on, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a summarizer says of one item, not yet checked."""

    item_id: str
    sentences: tuple[SummarySentence, ...]
    model_id: str  #: "extractive", "hf:name+adapter@hash" ...; disclosed in the issue
    prompt_version: str = ""
    #: other versions of its one model sentence (beams, samples), best first; the check takes the first that holds
    alternatives: tuple[SummarySentence, ...] = ()
    #: the day, in UTC; a cached summary keeps its own. None where it is not known
    written: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a sentence of a summary."""

    kind: str  #: "number", "name", "acronym", "negation", "echo", "repetition", "length", "unsupported", "language" ...
    detail: str  #: "86.5 is not in the source"
    sentence: str  #: the text that was refused; "" where there was none to refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A summary every sentence of which holds: refused ones have been replaced by extractive ones."""

    summary: Summary
    problems: tuple[Problem, ...] = ()

    @property
    def is_replaced(self) -> bool:
        """A sentence of the model was refused, and the source's own stands in its place: no other version held."""
        if len(self.problems) == len(self.unwritten):
            return False
        return not all(s.origin == "model" for s in self.summary.sentences)

    @property
    def unwritten(self) -> tuple[Problem, ...]:
        """Why no model wrote, where one was to: it failed ("failed"), or cannot read the text ("language")."""
        if self.summary.model_id != "extractive":
            return ()  # a model that wrote "" was refused
        return tuple(p for p in self.problems if p.kind in ("failed", "language"))


# -- render -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One output file: path below OUT, and its bytes."""

    path: str  #: "2021/w06/index.html"
    content: bytes = field(repr=False)
