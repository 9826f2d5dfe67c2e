"""The sources of feeds.yaml: one model a kind, with what each may be told.

Every address can be set, so that a mirror, a proxy or a test server takes the place of the live service.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in value:
        raise ValueError("must be an http:// or https:// URL")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\r\n]+$")]


class Section(BaseModel):
    """A mapping of the file: frozen, and an unknown key is an error, since a typo must not pass in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SourceBase(Section):
    """What every source has."""

    name: Name
    badge: str = ""  #: shown beside the title; the name where empty
    is_enabled: bool = Field(True, alias="enabled")
    max_items: int = Field(2000, ge=1, le=30_000)

    @property
    def label(self) -> str:
        return self.badge or self.name


ArxivMode = Literal["api", "oai", "rss"]

ARXIV_URLS: Mapping[str, str] = {
    "url": "https://export.arxiv.org/api/query",
    "oai_url": "https://oaipmh.arxiv.org/oai",
    "rss_url": "https://rss.arxiv.org/rss",
}


class ArxivSource(SourceBase):
    """arXiv by category: the query API, OAI-PMH or RSS, the others standing in where the first fails.

    Where one of the addresses is set, only those that are set are called: a mirror of the API must not lead to arXiv's
    own hosts.
    """

    kind: Literal["arxiv"]
    name: Name = "arXiv"
    categories: tuple[Annotated[str, Field(pattern=r"^[a-z-]+(\.[A-Za-z-]+)?$")], ...] = Field(
        min_length=1
    )
    max_items: int = Field(
        10_000, ge=1, le=30_000
    )  #: a week with its look-back has some 3,000 in four categories
    mode: ArxivMode = "api"
    fallbacks: tuple[ArxivMode, ...] = ("oai", "rss")  #: tried in this order where ``mode`` fails
    url: HttpUrl | None = None  #: of the query API
    oai_url: HttpUrl | None = None
    rss_url: HttpUrl | None = None  #: the categories follow it: {rss_url}/cs.LG
    page_size: int = Field(200, ge=1, le=2000)

    @model_validator(mode="before")
    @classmethod
    def _default_urls(cls, data: Any) -> Any:
        if isinstance(data, dict) and not any(data.get(key) for key in ARXIV_URLS):
            return {**data, **ARXIV_URLS}
        return data

    @model_validator(mode="after")
    def _has_a_url(self) -> ArxivSource:
        key = "url" if self.mode == "api" else f"{self.mode}_url"
        if getattr(self, key) is None:
            raise ValueError(f"mode {self.mode} needs {key}: where another address is set")
        return self


class FeedSource(SourceBase):
    """Any RSS, Atom or JSON feed."""

    kind: Literal["feed"]
    url: HttpUrl
    item_kind: Literal["post", "article", "paper", "thread"] = "post"  #: what its entries are
    full_text: Literal["auto", "always", "never"] = (
        "auto"  #: read the page of an entry; auto: where the feed gives less than a paragraph
    )


class RedditSource(SourceBase):
    """A subreddit: by praw where credentials are in the environment, else by its Atom feed."""

    kind: Literal["reddit"]
    subreddit: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{2,21}$")]
    url: HttpUrl = "https://www.reddit.com"  #: of the Atom feed's host, without credentials
    reddit_url: HttpUrl = "https://www.reddit.com"  #: praw's token host
    oauth_url: HttpUrl = "https://oauth.reddit.com"  #: praw's API host
    comment_limit: int = Field(40, ge=0, le=500)  #: comments kept of one thread

    @model_validator(mode="before")
    @classmethod
    def _name_after_subreddit(cls, data: Any) -> Any:
        if isinstance(data, dict) and "name" not in data and "subreddit" in data:
            return data | {"name": f"r/{data['subreddit']}"}
        return data


class YoutubeSource(SourceBase):
    """The newest videos of a channel or a playlist, by its feed."""

    kind: Literal["youtube"]
    channel_id: Annotated[str, Field(pattern=r"^(UC[\w-]{10,40})?$")] = ""
    playlist_id: Annotated[str, Field(pattern=r"^[\w-]{0,60}$")] = ""
    url: HttpUrl = "https://www.youtube.com/feeds/videos.xml"

    @model_validator(mode="after")
    def _names_one(self) -> YoutubeSource:
        if bool(self.channel_id) == bool(self.playlist_id):
            raise ValueError("name either channel_id: or playlist_id:")
        return self


class HuggingFaceSource(SourceBase):
    """Papers that readers put on Hugging Face's daily list, with their upvotes."""

    kind: Literal["huggingface"]
    name: Name = "Hugging Face papers"
    url: HttpUrl = "https://huggingface.co/api/daily_papers"
    min_upvotes: int = Field(0, ge=0)


class HackerNewsSource(SourceBase):
    """Stories of Hacker News that match one of the queries, with points and comment counts."""

    kind: Literal["hackernews"]
    name: Name = "Hacker News"
    url: HttpUrl = "https://hn.algolia.com/api/v1"
    queries: tuple[Annotated[str, Field(min_length=2, max_length=100)], ...] = Field(
        ("machine learning", "LLM", "neural network", "arxiv.org", "transformer model"),
        min_length=1,
    )
    min_points: int = Field(30, ge=0)
    comment_limit: int = Field(20, ge=0, le=200)  #: comments kept of one thread


class OpenReviewSource(SourceBase):
    """Submissions of a venue: their public notes."""

    kind: Literal["openreview"]
    name: Name = "OpenReview"
    venues: tuple[Annotated[str, Field(pattern=r"^[\w./-]+$")], ...] = Field(min_length=1)
    url: HttpUrl = "https://api2.openreview.net"


class BiorxivSource(SourceBase):
    """Preprints of bioRxiv or medRxiv by posting date and category."""

    kind: Literal["biorxiv"]
    name: Name = "bioRxiv"
    server: Literal["biorxiv", "medrxiv"] = "biorxiv"
    categories: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z _-]+$")], ...] = ("bioinformatics",)
    url: HttpUrl = "https://api.biorxiv.org/details"


class SemanticScholarSource(SourceBase):
    """Citation counts and one-sentence summaries for papers that other sources brought; adds no paper itself."""

    kind: Literal["semanticscholar"]
    name: Name = "Semantic Scholar"
    url: HttpUrl = "https://api.semanticscholar.org/graph/v1"


class FolderSource(SourceBase):
    """A folder of saved pages, links and PDFs that a lecturer dropped there."""

    kind: Literal["file"]
    name: Name = "folder"
    path: Path  #: relative to feeds.yaml
    item_kind: Literal["post", "article", "paper"] = "article"


SOURCE_KINDS: Mapping[str, type[SourceBase]] = {
    "arxiv": ArxivSource,
    "feed": FeedSource,
    "reddit": RedditSource,
    "youtube": YoutubeSource,
    "huggingface": HuggingFaceSource,
    "hackernews": HackerNewsSource,
    "openreview": OpenReviewSource,
    "biorxiv": BiorxivSource,
    "semanticscholar": SemanticScholarSource,
    "file": FolderSource,
}

#: Kinds that say more of papers at hand, and are asked after all others.
ENRICHERS = frozenset({"semanticscholar"})

Source = Annotated[
    ArxivSource
    | FeedSource
    | RedditSource
    | YoutubeSource
    | HuggingFaceSource
    | HackerNewsSource
    | OpenReviewSource
    | BiorxivSource
    | SemanticScholarSource
    | FolderSource,
    Field(discriminator="kind"),
]
