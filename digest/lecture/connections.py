"""*Connects to*: earlier stories of the issue, and stories of past issues, with the shared thing named.

Precision first: two stories are linked only by a rare term of the glossary, or by a rare name, on which both dwell. "Both use
deep learning" is no connection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.issue import Connection, Issue
from digest.lecture import frame
from digest.lecture.glossary import Glossary
from digest.lecture.texts import StoryText

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
    """What a story could share: rare terms and names, each with whether the story dwells on it."""

    terms: Mapping[str, bool]
    names: Mapping[str, bool]

    @classmethod
    def of(cls, title: str, text: str, glossary: Glossary) -> Traits:
        in_title = {f.entry.term for f in glossary.find(title)}
        terms = {
            f.entry.term: f.entry.term in in_title or f.count >= DWELLS
            for f in glossary.find(f"{title} . {text}")
            if f.entry.is_rare
        }
        names: dict[str, bool] = {}
        for name in _NAME.findall(f"{title} . {text}"):
            if name not in _NO_NAMES and name.rstrip("s") not in _NO_NAMES:
                names[name] = name in title or text.count(name) >= DWELLS
        return cls(terms, names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story of this issue that has been told already."""

    key: str
    number: int
    title: str
    traits: Traits


class Connector:
    """Finds what stories share that few others of the week have."""

    def __init__(self, glossary: Glossary, corpus: Sequence[StoryText]) -> None:
        self.glossary = glossary
        self._week = [Traits.of(t.title, t.text, glossary) for t in corpus]

    def traits(self, text: StoryText) -> Traits:
        return Traits.of(text.title, text.text, self.glossary)

    def connections(
        self, traits: Traits, told: Sequence[Told], past: Sequence[Issue], *, title: str
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
        return tuple((found[-1:] + self._past(traits, past, title))[:MAX_CONNECTIONS])

    def _past(self, traits: Traits, past: Sequence[Issue], title: str) -> list[Connection]:
        """The latest story of a past issue that is about the same rare thing."""
        for issue in past:
            for story in issue.stories:
                headline = " ".join(s.text for s in story.headline)
                theirs = Traits.of(story.title, headline, self.glossary)
                in_both_titles = Traits.of(title, "", self.glossary)
                # of a past story only title and headline are at hand: one of the two titles must name the thing
                shared = self._shared(in_both_titles, theirs, is_headline=True) or self._shared(
                    traits, Traits.of(story.title, "", self.glossary)
                )
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

    def _shared(self, one: Traits, other: Traits, *, is_headline: bool = False) -> str:
        """The rarest thing that both have and at least one dwells on; "" where there is none."""
        best = ("", 0)
        for mine, theirs, kind in (
            (one.terms, other.terms, "terms"),
            (one.names, other.names, "names"),
        ):
            for what in sorted(mine.keys() & theirs.keys()):
                dwell = (mine[what] or theirs[what]) if kind == "terms" else (mine[what] and theirs[what])  # fmt: skip
                count = self._stories_with(what, kind)
                is_rare = count <= max(RARE_COUNT, RARE_SHARE * len(self._week))
                if (dwell or is_headline) and is_rare and (not best[0] or count < best[1]):
                    best = (what, count)
        return best[0]

    def _stories_with(self, what: str, kind: str) -> int:
        return sum(what in (t.terms if kind == "terms" else t.names) for t in self._week)
