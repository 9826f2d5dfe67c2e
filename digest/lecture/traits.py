"""What a story could share with another: what it is called, whom it is by, what it names, and what it dwells on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digest.identity import arxiv_ids, canonical_keys, dois, named_works
from digest.issue import FullStory, Sentence
from digest.lecture.antecedents import own_name
from digest.lecture.glossary import Glossary
from digest.lecture.texts import singulars
from digest.types import Item
from digest.words import STOPWORDS, fold

DWELLS = 2  #: mentions in the text that make up for none in the title
LEAST_CAPITALS = 4  #: fewer letters, all of them large, stand for a term: NAS, DRL, GUI

#: Names by their spelling: an inner capital or a digit beside capitals ("StyleGAN", "CIFAR-10", "GPT-3").
_NAME = re.compile(r"\b(?:[A-Z]?[a-z]+[A-Z]\w*|[A-Z]{2,}[\w]*-?\d+\w*|[A-Z]{3,}[a-z]*)\b")
#: Known to everybody: who uses them has nothing in common with who else does.
_NO_NAMES = frozenset(
    "ImageNet CIFAR CIFAR-10 CIFAR-100 MNIST GPU GPUs TPU TPUs CPU CPUs CNN CNNs RNN LSTM SOTA NLP GitHub arXiv PyTorch TensorFlow NeurIPS"
    " ICML ICLR CVPR ResNet ResNets ReLU SGD COCO LLM LLMs API PhD DeepMind OpenAI YouTube iPhone GAN GANs RGB COVID COVID-19 BERT PLOS DNA HTML PDF URL"
    " MSCOCO GLUE SQuAD WikiText LaTeX FAQ TLDR EDIT IMDB".split()
)
#: A phrase does not end so: "generative adversarial", but "image retrieval".
_ADJECTIVE = re.compile(
    r"(?<!retriev)(?<!sign)al$|ive$|ic$|ous$|ed$|able$|(?:domain|world|end|shot)$"
)
#: Words of a title that say what kind of work it is, not what it is about.
_KINDS = frozenset(
    "a about across after all an and any approach are art as at based benchmark benchmarking better between beyond by case comprehensive data"
    " dataset deep efficient empirical enhanced enhancing evaluating evaluation fast first for framework from general good guide high how"
    " improved improving in into is it its language large latest learned learning level machine make making method methodology model modeling modelling more"
    " multi neural network new not novel of on one or our over paper performance powered problem quality review robust scale self set simple"
    " single small state study survey system task technique that the their this through time to toward towards training under understanding"
    " unified use using via we what when where which why will with without you your".split()
) | STOPWORDS  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Of one story; ``terms`` and ``names`` with 2 where the title has it, 1 where the text dwells on it, else 0."""

    terms: Mapping[str, int]
    names: Mapping[str, int]
    own_name: str = ""  #: what the work is called, "" where that is not clear
    keys: frozenset[str] = frozenset()  #: which works it tells of, "arxiv:2002.08484"
    named: frozenset[str] = frozenset()  #: which works it points to
    authors: tuple[str, ...] = ()
    topic: str = ""
    #: of the title, two to four words each, the longest first
    phrases: tuple[tuple[str, ...], ...] = ()
    #: title and text in lower-case singulars, a blank around each
    words: str = field(default="", repr=False)

    @classmethod
    def of(cls, title: str, text: str, glossary: Glossary) -> Traits:
        """As far as a text tells them."""
        in_title = {f.entry.term for f in glossary.find(title)}
        terms = {
            f.entry.term: 2 if f.entry.term in in_title else int(f.count >= DWELLS)
            for f in glossary.find(f"{title} . {text}")
            if f.entry.is_rare
        }
        names: dict[str, int] = {}
        for name in _NAME.findall(f"{title} . {text}"):
            if is_telling(name):
                names[name] = 2 if name in title else int(text.count(name) >= DWELLS)
        called = own_name(title, text)
        return cls(
            terms=terms,
            names=names,
            own_name=called if is_telling(called) else "",
            phrases=phrases_of(title),
            words=f" {' '.join(singulars(f'{title} . {text}'))} ",
        )

    def with_works(self, items: Iterable[Item]) -> Traits:
        """And as their items tell: which works they are, which they name, and by whom."""
        items = tuple(items)
        papers = [i for i in items if i.kind == "paper"]
        return replace(
            self,
            keys=frozenset(k for i in items for k in canonical_keys(i)),
            named=frozenset(k for i in items for k in named_works(i)),
            authors=papers[0].authors if papers else (),
        )

    def of_topic(self, topic: str) -> Traits:
        """And of this topic."""
        return replace(self, topic=topic)

    @classmethod
    def of_told(cls, story: FullStory, glossary: Glossary) -> Traits:
        """Of a story of a past issue, as far as the issue tells them."""
        said: list[Sentence] = [*story.headline, *(s for p in story.parts for s in p.sentences)]
        told = cls.of(story.title, " ".join(s.text for s in said), glossary)
        urls = " ".join(link.url for link in story.links)
        works = {f"arxiv:{i}" for i in arxiv_ids(urls)} | {f"doi:{d}" for d in dois(urls)}
        return replace(
            told,
            keys=frozenset(works | {i for i in story.item_ids if i.startswith("arxiv:")}),
            authors=story.authors if any(x.kind == "paper" for x in story.links) else (),
            topic=story.topics[0] if story.topics else "",
        )


def is_telling(name: str) -> bool:
    """The name is one by its spelling, and not one that everybody uses."""
    plain = name.rstrip("s")
    is_known = name in _NO_NAMES or plain in _NO_NAMES
    is_short = plain.isupper() and len(plain) < LEAST_CAPITALS and plain.isalpha()
    return bool(_NAME.fullmatch(name)) and not is_known and not is_short


def phrases_of(title: str) -> tuple[tuple[str, ...], ...]:
    """What the title's words in a row may call the subject: two to four of them, each of some meaning, longest first."""
    runs: list[list[str]] = [[]]
    for piece in re.split(r"[^\w\s'’-]+", fold(title)):
        for word in singulars(piece):
            if word in _KINDS or word.isdigit() or len(word) < 3:
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    found = [
        tuple(run[at : at + size])
        for size in (4, 3, 2)
        for run in runs
        for at in range(len(run) - size + 1)
    ]
    return tuple(dict.fromkeys(p for p in found if not _ADJECTIVE.search(p[-1])))


def shared_authors(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Names in full that both have, in the order of ``one``; initials tell nobody from another."""
    theirs = {_person(name) for name in other}
    return tuple(n for n in one if (p := _person(n)) in theirs and p)


def _person(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", fold(name))
    has_given_name = len(words) > 1 and len(words[0]) > 1
    return " ".join(words) if has_given_name else ""
