"""The ``Issue``: the one documented view model that every output is made from, and nothing else.

The page, the mail, the slides, the notes and ``digest.json`` read these dataclasses only, so all of them say the same.
Empty parts are empty tuples, "" or None, and renderers leave them out; they are never filled with phrases. All texts
are plain text (TeX as the source wrote it); the renderers escape. All URLs are absolute and http(s) or mailto.

``to_json`` and ``from_json`` are exact inverses, so that a stored issue can be rendered again years later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

from digest.health import SourceStatus
from digest.types import Origin, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PartKind = Literal["whats_new", "before", "how", "tested", "why", "caveats"]
"""The parts of a story in the talk's order: What's new, Before this, How it works, How it was tested, Why it matters,
Caveats."""

#: pydantic looks annotations up in the class first, where ``date`` would be the field and not the type.
Day = date

Tense = Literal["past", "today", "future", "undated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence with its provenance."""

    text: str
    origin: Origin  #: "model", "extractive", "reported" rest on a source; "digest" is ours
    spans: tuple[Span, ...] = ()  #: where in the source; empty only for origin "digest"
    #: the source's own words at the first span, shown on hover; "" where equal to ``text``
    source_text: str = ""
    url: str = ""  #: of the item that ``spans`` point into


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a full story."""

    kind: PartKind
    title: str  #: "What's new"
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """One form of the story: paper, PDF, blog post, thread, code."""

    label: str  #: "arXiv 2102.06171", "Google AI blog", "Discussion on r/MachineLearning", "Code"
    url: str
    kind: Literal["paper", "pdf", "post", "thread", "article", "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """*In plain words*: a term explained at its first use, in this issue and over issues."""

    term: str  #: as the glossary writes it, "batch normalization"
    definition: str  #: one or two sentences, our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLink:
    """*In this course*: the lecture a story belongs to."""

    sentence: str  #: "We cover this later this term: lecture 11, Batch normalization, on 9 March."
    lecture: int
    title: str
    date: Day | None
    tense: Tense
    url: str = ""


ConnectionKind = Literal["follows", "cites", "names", "authors", "term", "name", "subject"]
"""What ties two stories: the one goes on with the other, points to its work, or speaks of what it made; both are by some of
the same people, dwell on a rare term or name, or are about one subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """*Connects to*: another story of this issue or of a past one, with the reason."""

    sentence: str  #: "Both rank training examples by influence: see story 3."
    target_key: str
    target_title: str
    target_number: int | None = None  #: the story's number within this issue; None for a past issue
    issue_number: int | None = None  #: the past issue; None for this one
    url: str = ""  #: "" within this issue
    kind: ConnectionKind = "term"
    #: what both have: the term, the name, the people; "" where the kind says it all
    shared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectIdea:
    """A doable class project; always a suggestion of the digest, never a claim of the source."""

    title: str
    task: str
    data: str  #: a data set that exists
    first_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody answered, in brief, quoted."""

    text: str
    author: str  #: "" where unknown
    url: str
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One position held in a thread."""

    text: str  #: the best comment in brief, quoted
    author: str  #: "" where unknown
    url: str
    comment_count: int  #: comments that hold it
    score: int | None  #: points of the best comment; None: unknown
    total_score: int | None = None  #: points of all its comments; None: unknown
    agreeing: int = 0  #: replies to its comments that begin by agreeing
    objecting: int = 0  #: replies that begin by objecting
    objection: Reply | None = None  #: the best of those that object and can be quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """*The discussion*: a thread reported as positions, not as truth."""

    where: str  #: "r/MachineLearning"
    url: str
    question: Sentence | None
    positions: tuple[Position, ...]
    score: int | None = None
    comment_count: int | None = None
    open_questions: tuple[Sentence, ...] = ()
    #: whether it is disputed, from counts; None where these do not tell
    agreement: Sentence | None = None
    read_count: int = 0  #: comments at hand that can hold a position
    left_out: tuple[
        tuple[str, int], ...
    ] = ()  #: of those at hand, what cannot: ("deleted", 2), in words


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBar:
    """One value of a result, as a bar."""

    label: str  #: what it belongs to: "NFNet-F1", "EfficientNet-B7", "this work", "before"
    value: str  #: as the source writes it: "86.5%", "up to 8.7x"
    amount: float  #: above 0; the bars of a chart have one unit
    is_main: bool = False  #: of what the story is about


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChart:
    """*The result as a chart*: our own drawing of numbers that one sentence of the source compares."""

    title: str  #: "Top-1 accuracy"; "Training speed, EfficientNet-B7 = 1x"
    better: str  #: "higher is better"; "" where the measure itself does not say
    bars: tuple[ResultBar, ...]  #: two or more
    description: str  #: the whole chart in words, for those who do not see it
    sentence: Sentence  #: of the source, word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFigure:
    """*The figure*: the source's figure most worth showing, shown where its licence allows it, else linked."""

    kind: str  #: "A figure of results", "An overview of the method"
    caption: str  #: the source's words, to be quoted
    reading: tuple[str, ...]  #: how to read it, ours, from the caption alone
    url: str  #: where it stands at its source
    credit: str  #: authors, title and place
    licence: str = ""  #: "CC BY 4.0"; "" where none is known
    licence_url: str = ""
    changes: str = ""  #: what was done to the picture, and what its licence asks to be said
    #: the file beside the issue, "figure-9f2c4b1d77aa0e31.png"; "" where it is only linked
    picture: str = ""
    width: int = 0  #: of the file, pixels
    height: int = 0
    alt: str = ""  #: in words, for those who do not see it


@dataclass(frozen=True, slots=True, kw_only=True)
class FullStory:
    """A story told in the talk's order."""

    number: int  #: 1-based, in the issue
    key: str
    item_ids: tuple[str, ...]  #: every item of the story, the lead first
    badge: (
        str  #: where it is from, in a word or two: "arXiv", "Google AI blog", "r/MachineLearning"
    )
    opening: str  #: how the lecturer opens it: "The title of the paper is ...", "Not so much news as a discussion ..."
    title: str
    authors: tuple[str, ...]
    date: Day | None
    links: tuple[StoryLink, ...]
    headline: tuple[Sentence, ...]  #: the story in one sentence, by the summarizer, checked
    parts: tuple[Part, ...]
    chart: ResultChart | None = None
    figure: StoryFigure | None = None
    terms: tuple[Term, ...] = ()
    discussion: Discussion | None = None
    course: CourseLink | None = None
    connections: tuple[Connection, ...] = ()
    project: ProjectIdea | None = None
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  #: why it is in the issue, in words with the figures
    summarizer: str = ""  #: model id of the headline; disclosed
    #: a refused sentence of the model gave way to one of the source's own
    is_replaced: bool = False
    written: Day | None = None  #: when the headline was written, in UTC; None where there is none
    #: why no model wrote the headline, where one was to: "the text is in German ..."
    unwritten: str = ""
    speaking_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefStory:
    """A story in one line."""

    key: str
    item_ids: tuple[str, ...]
    badge: str
    title: str
    url: str
    sentence: Sentence | None
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    summarizer: str = ""  #: model id of the sentence; "" where the stage gave none
    written: Day | None = None  #: when it was written, in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """One line on the issue before."""

    issue_number: int
    date: Day
    theme: str
    main_title: str
    url: str
    sentence: str  #: "Last week was mostly about language models; the main story was ..."


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage:
    """What became of one source's items, by the place of their stories; ``collected`` is the sum of the others."""

    name: str
    collected: int
    full: int
    brief: int
    left_out: int
    told_before: int = 0  #: an earlier issue showed them, and they bring nothing new


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What became of everything collected; the numbers add up: stories = full + brief + left_out."""

    items: int
    stories: int
    full: int
    brief: int
    left_out: int
    by_source: tuple[
        SourceCoverage, ...
    ] = ()  #: most items first; () in issues of earlier versions


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNote:
    """Which model wrote what, and how often it was overruled."""

    model_id: str
    summaries: int  #: texts condensed
    replaced: int  #: of them, how many have a refused sentence replaced by the source's own
    fallback_reason: str = ""  #: why the configured model was not used; "" where it was
    embedder_id: str = ""  #: the model that compared texts; "" where words alone were compared
    embedder_lack: str = ""  #: why there was none, where one was wanted
    #: texts that the model failed on, or cannot read: they keep the source's own words
    unwritten: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NextClass:
    """The class meeting after the issue."""

    date: Day
    lecture: int
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One weekly issue, complete."""

    week: str  #: "2021-W06"
    slug: str  #: folder below OUT, "2021/w06"
    number: int  #: persistent, from 1
    date: Day
    title: str  #: of the newsletter, "Deep Learning News"
    language: str  #: of the frame, "en"
    course: str  #: "" where there is no course
    lecturer: str  #: "" where not configured
    greeting: str
    recap: Recap | None
    theme: str  #: "computer vision"; "" where no topic stands out
    theme_sentence: str  #: "This week is more about computer vision." or ""
    stories: tuple[FullStory, ...]
    briefs: tuple[BriefStory, ...]
    read_one: str  #: "If you read one thing: ..." or ""
    closing: str  #: sign-off with the holiday, where one is near
    next_class: NextClass | None
    topic_counts: tuple[
        tuple[str, int], ...
    ]  #: stories of the week by topic, most first, for the plot
    coverage: Coverage
    sources: tuple[SourceStatus, ...]
    model: ModelNote
    reading_minutes: int  #: the full text at 230 words a minute
    speaking_minutes: int  #: the full stories, opening and closing at 130 words a minute
    created: datetime  #: when the issue was first composed; the same on every rebuild
    url: str  #: of the issue's page on the configured site; "" where there is no site
    site_url: str  #: "" where there is no site
    version: str  #: of this program
    feedback: str = ""  #: what rating links begin with, "mailto:ada@example.org"; "" for none; see digest/rating.py


@cache
def _adapter() -> TypeAdapter[Issue]:
    from pydantic import TypeAdapter  # 0.1 s of import that `--help` does not pay

    return TypeAdapter(Issue)


def to_json(issue: Issue) -> bytes:
    """The issue as UTF-8 JSON, two spaces indented, ending in a newline."""
    return _adapter().dump_json(issue, indent=2) + b"\n"


def from_json(data: bytes | str) -> Issue:
    """The issue that ``to_json`` wrote; ``pydantic.ValidationError`` where it is none."""
    return _adapter().validate_json(data)
