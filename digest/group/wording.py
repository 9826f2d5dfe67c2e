"""What a title says, beyond its letters: abbreviations written out, a site's name cut off, names and their versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from digest.identity import normal_title
from digest.types import Item
from digest.words import STOPWORDS, stem

#: What the press shortens and papers write out, or the other way round; each word of a title stands for these.
_WRITTEN_OUT = {
    "llm": "large language model", "llms": "large language models", "lm": "language model", "lms": "language models",
    "mllm": "multimodal large language model", "mllms": "multimodal large language models",
    "vlm": "vision language model", "vlms": "vision language models", "rl": "reinforcement learning",
    "rag": "retrieval augmented generation", "cot": "chain of thought", "nlp": "natural language processing",
    "moe": "mixture of experts", "gnn": "graph neural network", "gnns": "graph neural networks",
}  # fmt: skip
#: Words of so many titles that sharing them says little.
GENERIC = frozenset(
    stem(word)
    for word in (
        "a analysis announce application approach artificial based benchmark benchmarking challenge comprehensive data"
        " dataset deep driven efficient evaluate evaluation explore framework generative improve improving intelligence"
        " introduce introducing language large learn learning machine meet meets method model modeling models multi network"
        " neural new novel now paper performance release released representation research robust study survey system"
        " technique text train training understand understanding vision visual"
    ).split()
)
#: Words that turn a title round.
NEGATIONS = frozenset({"not", "no", "never", "without", "non", "cannot", "nor", "against"})
#: A number behind these counts parts of a whole; it is no version of a thing.
_PARTS = frozenset(
    {
        "chapter", "class", "day", "episode", "experiment", "issue", "lecture", "level", "part", "phase", "round", "section",
        "series", "stage", "step", "task", "team", "tier", "top", "track", "type", "volume", "week",
    }
)  # fmt: skip
_SITE = re.compile(r"\s+[-–—|]\s+([^-–—|]{2,40})$")
_SITE_WORDS = frozenset({"blog", "labs", "lab", "news", "newsroom", "research"})
_CUT = re.compile(r"\s*(?:\.\.\.|…)\s*$")
_HEAD = re.compile(r"^(.{2,60}?)\s*(?::|\s[-–—]\s)")
_VERSIONED = re.compile(r"\b([A-Z][A-Za-z]*)[ -](\d{1,2}(?:\.\d+)?)(?![\w%.]|,\d)")
_COINED = re.compile(
    r"\b(?=\w*[a-z])(?:[A-Z]{2,}[a-z]\w*|\w*[a-z][A-Z]\w*)\b|\b[A-Z][A-Za-z]*\d\w*\b"
    r"|\b[A-Z][A-Za-z]*-[A-Z]\d+\b|\b[A-Z]{4,}\b"
)
#: A title of at most so many words is but a name: "GUI-R1", "Open Deep Search".
NAME_WORDS = 5
#: Platforms, venues and data sets are written like coined names, but a text that speaks of one is not about the work.
PLATFORMS = frozenset(
    {
        "arXiv", "ArXiv", "ChatGPT", "DeepMind", "GitHub", "HuggingFace", "ImageNet", "JavaScript", "LaTeX", "LinkedIn",
        "NeurIP", "OpenAI", "OpenReview", "PyTorch", "ResNet", "TensorFlow", "YouTube", "ICML", "ICLR", "CVPR", "ICCV",
        "AAAI", "IJCAI", "EMNLP", "ECCV", "NeurIPS", "NIPS", "AISTATS", "SIGGRAPH", "INTERSPEECH", "ICASSP", "AAMAS",
        "COVID", "BERT", "CUDA", "LLMs", "MLLM", "MLLMs", "GANs", "GNNs", "CNNs", "VLMs", "PhD", "NASA", "SOTA", "HTML",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What the title of an item says."""

    plain: str  #: normal words, abbreviations written out; "" where there is no title
    words: frozenset[str]  #: the stems of its words with content
    head: str  #: plain: what stands before its colon, or all of a title that is but a name; else ""
    names: frozenset[str]  #: coined: "GUI-R1", "OpenClaw"
    versions: frozenset[tuple[str, str]]  #: ("claude", "3.5")
    is_cut: bool  #: its source shows but the beginning

    @property
    def own_name(self) -> str:
        """The name that somebody coined for the work and put before the colon; "" where there is none."""
        is_name = self.head != self.plain and any(normal_title(n) in self.head for n in self.names)
        return self.head if is_name and len(self.head.split()) <= 3 else ""

    @property
    def rare(self) -> frozenset[str]:
        """The words that few titles have; a number is none."""
        return frozenset(w for w in self.words - GENERIC if not w.isdigit())


def wording(item: Item) -> Wording:
    """What the title of ``item`` says."""
    return _wording(item.title, _site_of(item))


def plain_title(title: str) -> str:
    """``title`` as ``normal_title`` gives it, with abbreviations written out."""
    return " ".join(_WRITTEN_OUT.get(word, word) for word in normal_title(title).split())


def _site_of(item: Item) -> str:
    return (
        f"{item.source} {urlsplit(item.url).hostname or ''}".casefold()
        if item.kind != "paper"
        else ""
    )


@lru_cache(maxsize=1 << 16)
def _wording(title: str, site: str) -> Wording:
    is_cut = bool(_CUT.search(title))
    title = _CUT.sub("", title)
    if site and (tail := _SITE.search(title)) and _is_site(tail[1], site):
        title = title[: tail.start()]
    plain = plain_title(title)
    head = _HEAD.match(title)
    words = plain.split()
    return Wording(
        plain=plain,
        words=frozenset(stem(w) for w in words if w not in STOPWORDS),
        head=plain_title(head[1]) if head else plain if len(words) <= NAME_WORDS else "",
        names=frozenset(n.casefold() for n in _COINED.findall(title) if n.rstrip("s") not in PLATFORMS and n not in PLATFORMS),
        versions=frozenset(
            (base.casefold(), number) for base, number in _VERSIONED.findall(title)
            if base.casefold() not in _PARTS and float(number) < 20  # "CVPR 26" is a year
        ),
        is_cut=is_cut,
    )  # fmt: skip


def _is_site(tail: str, site: str) -> bool:
    """``tail`` of a title names the site it stands on: "DeepMind", "The Company Blog"; "Part 2" does not."""
    words = normal_title(tail).split()
    return bool(words) and (words[-1] in _SITE_WORDS or "".join(words) in site.replace(" ", ""))


def other_versions(a: Wording, b: Wording) -> bool:
    """Both titles name one thing in versions of which none is the same: "Llama 3" and "Llama 3.2"."""
    mine, its = dict(a.versions), dict(b.versions)
    return bool(mine.keys() & its.keys()) and not a.versions & b.versions
