"""*Connects to*: earlier stories of the issue, and stories of past issues, with the shared thing named.

Precision first: two stories are linked only by a rare term of the glossary, or by a rare name, on which both dwell. "Both use
deep learning" is no connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.issue import Connection, FullStory, Issue, Sentence
from digest.lecture import frame
from digest.lecture.glossary import Glossary
from digest.lecture.texts import StoryText
from digest.types import Follows

MAX_CONNECTIONS = 2
#: A term or name that more stories of the week have than this share (and than three) is a fashion, not a connection.
RARE_SHARE = 0.08
RARE_COUNT = 3
DWELLS = 2  #: mentions in the text that make up for none in the title

#: Names by their spelling: an inner capital or a digit beside capitals ("StyleGAN", "CIFAR-10", "GPT-3").
_NAME = re.compile(r"\b(?:[A-Z]?[a-z]+[A-Z]\w*|[A-Z]{2,}[\w]*-?\d+\w*|[A-Z]{3,}[a-z]*)\b")
_NO_NAMES = frozenset(
    "ImageNet CIFAR CIFAR-10 CIFAR-100 MNIST GPU GPUs TPU TPUs CPU CPUs CNN CNNs RNN LSTM SOTA NLP GitHub arXiv PyTorch TensorFlow NeurIPS"
    " ICML ICLR CVPR ResNet ResNets ReLU SGD COCO LLM LLMs API PhD DeepMind OpenAI YouTube iPhone GAN GANs RGB COVID COVID-19 BERT PLOS DNA HTML PDF URL"
    " MSCOCO GLUE SQuAD WikiText LaTeX FAQ TLDR EDIT IMDB".split()
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a story could share: rare terms and names, each with 2 where the title has it, 1 where the text dwells on it, else 0."""

    terms: Mapping[str, int]
    names: Mapping[str, int]

    @classmethod
    def of(cls, title: str, text: str, glossary: Glossary) -> Traits:
        in_title = {f.entry.term for f in glossary.find(title)}
        terms = {
            f.entry.term: 2 if f.entry.term in in_title else int(f.count >= DWELLS)
            for f in glossary.find(f"{title} . {text}")
            if f.entry.is_rare
        }
        names: dict[str, int] = {}
        for name in _NAME.findall(f"{title} . {text}"):
            if name not in _NO_NAMES and name.rstrip("s") not in _NO_NAMES:
                names[name] = 2 if name in title else int(text.count(name) >= DWELLS)
        return cls(terms, names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story of this issue that has been told already."""

    key: str
    number: int
    title: str
    traits: Traits


def is_subject(one: int, other: int, kind: str) -> bool:
    """Both dwell on it; of a term it is enough that one story has it in the title and the other uses it."""
    return min(one, other) > 0 or (kind == "terms" and max(one, other) == 2)


def follow_up(follows: Follows) -> Connection:
    """The link of a story to the one it goes on with."""
    sentence = frame.FOLLOW_UP.format(issue=follows.issue_number, title=frame.quoted(follows.title))
    return Connection(
        sentence=frame.finished(sentence),
        target_key=follows.key,
        target_title=follows.title,
        issue_number=follows.issue_number,
        url=follows.url,
    )


class Connector:
    """Finds what stories share that few others of the week have."""

    def __init__(self, glossary: Glossary, corpus: Sequence[StoryText]) -> None:
        self.glossary = glossary
        self._week = [Traits.of(t.title, t.own_text, glossary) for t in corpus]

    def traits(self, text: StoryText) -> Traits:
        return Traits.of(text.title, text.own_text, self.glossary)

    def connections(
        self, traits: Traits, told: Sequence[Told], past: Sequence[Issue]
    ) -> tuple[Connection, ...]:
        """Links back to stories told before: in this issue first, then in past ones."""
        found: list[Connection] = []
        for other in told:
            shared = self._shared(traits, other.traits)
            if shared:
                sentence = frame.COMES_BACK.format(
                    what=frame.capitalized(shared),
                    number=other.number,
                    title=frame.quoted(other.title),
                )
                found.append(
                    Connection(
                        sentence=frame.finished(sentence),
                        target_key=other.key,
                        target_title=other.title,
                        target_number=other.number,
                    )
                )
        return tuple((found[-1:] + self._past(traits, past))[:MAX_CONNECTIONS])

    def _past(self, traits: Traits, past: Sequence[Issue]) -> list[Connection]:
        """The latest story of a past issue that is about the same rare thing."""
        for issue in past:
            for story in issue.stories:
                told = " ".join(x.text for x in (*story.headline, *_sentences(story)))
                theirs = Traits.of(story.title, told, self.glossary)
                explained = {t.term: max(1, theirs.terms.get(t.term, 0)) for t in story.terms}
                theirs = Traits({**theirs.terms, **explained}, theirs.names)
                shared = self._shared(traits, theirs)
                if shared:
                    sentence = frame.CONTINUES.format(
                        what=frame.capitalized(shared),
                        issue=issue.number,
                        title=frame.quoted(story.title),
                    )
                    return [
                        Connection(
                            sentence=frame.finished(sentence),
                            target_key=story.key,
                            target_title=story.title,
                            issue_number=issue.number,
                            url=issue.url or (story.links[0].url if story.links else ""),
                        )
                    ]
        return []

    def _shared(self, one: Traits, other: Traits) -> str:
        """The rarest thing that both dwell on; "" where there is none."""
        best = ("", 0)
        for mine, theirs, kind in (
            (one.terms, other.terms, "terms"),
            (one.names, other.names, "names"),
        ):
            for what in sorted(mine.keys() & theirs.keys()):
                dwell = is_subject(mine[what], theirs[what], kind)
                count = self._stories_with(what, kind)
                is_rare = count <= max(RARE_COUNT, RARE_SHARE * len(self._week))
                if dwell and is_rare and (not best[0] or count < best[1]):
                    best = (what, count)
        return best[0]

    def _stories_with(self, what: str, kind: str) -> int:
        return sum(what in (t.terms if kind == "terms" else t.names) for t in self._week)


def _sentences(story: FullStory) -> Iterator[Sentence]:
    for part in story.parts:
        yield from part.sentences
