"""*Connects to*: earlier stories of the issue, and stories of past issues, each with the kind of tie and the shared thing named.

    follows   goes on with a story that was told         authors   written by some of the same people
    cites     one points to the other's work             term      both dwell on a rare term of the glossary
    names     one speaks of what the other made          name      both dwell on a rare name: a model, a data set
    subject   near by their vectors, of one topic, and with a phrase of a title in common

Precision first: "both use deep learning" is no connection, and what is shared is always said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.issue import Connection, ConnectionKind, FullStory, Issue
from digest.lecture import frame
from digest.lecture.glossary import Glossary
from digest.lecture.texts import StoryText
from digest.lecture.traits import Traits, shared_authors
from digest.types import Follows, Ranked

MAX_CONNECTIONS = 2
#: of the week's best stories tell how common a thing is; more would cost half a second
CORPUS = 200
#: A term or name that more stories of the week have than this share (and than three) is a fashion, not a connection.
RARE_SHARE = 0.08
RARE_COUNT = 3
#: Cosine of two stories' vectors from which on a phrase in common is their subject; see docs/decisions.md.
SUBJECT = 0.6
#: And from which on a term or a name is what both are about: where both dwell on it, and where one only uses it.
NEAR, NEARER = 0.4, 0.45
#: Either way, of a term that only specialists use ("influence of training data"): who says it means it.
NEAR_OF_HARD, HARD = 0.3, 3
#: Two of the same people, on papers of so few; on longer lists names meet by chance, or groups are large.
FEWEST_AUTHORS, MOST_AUTHORS = 2, 25

#: The strongest first.
_ORDER: tuple[ConnectionKind, ...] = ("follows", "cites", "names", "term", "name", "subject", "authors")  # fmt: skip

Alike = Mapping[str, Mapping[str, float]]
"""By the keys of two stories, the cosine of their vectors; see nearness.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that has been told already: of this issue with its number there, or of a past issue with that one's."""

    key: str
    title: str
    traits: Traits
    number: int | None = None
    issue_number: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """What ties a story to one told before."""

    kind: ConnectionKind
    what: str
    count: int  #: stories of the week that have it too; fewer tie more closely
    is_mine: bool = True  #: of a citation or a name: this story has it from the other


def is_subject(
    one: int, other: int, kind: str, cosine: float | None = None, *, is_hard: bool = False
) -> bool:
    """Both dwell on it; of a term it is enough that one story has it in the title and the other uses it.

    Where vectors tell how near the stories are (``cosine``), what both use in passing is none of either.
    """
    if min(one, other) > 0:
        return cosine is None or cosine >= (NEAR_OF_HARD if is_hard else NEAR)
    is_near = cosine is None or cosine >= (NEAR_OF_HARD if is_hard else NEARER)
    return kind == "term" and max(one, other) == 2 and is_near


def follow_up(follows: Follows) -> Connection:
    """The link of a story to the one it goes on with."""
    sentence = frame.FOLLOW_UP.format(issue=follows.issue_number, title=frame.quoted(follows.title))
    return Connection(
        kind="follows",
        sentence=frame.finished(sentence),
        target_key=follows.key,
        target_title=follows.title,
        issue_number=follows.issue_number,
        url=follows.url,
    )


class Connector:
    """Finds what stories share that few others of the week have."""

    def __init__(
        self, glossary: Glossary, corpus: Sequence[StoryText], alike: Alike | None = None
    ) -> None:
        self.glossary = glossary
        self._week = [Traits.of(t.title, t.own_text, glossary) for t in corpus[:CORPUS]]
        self._alike = alike or {}
        self._hard = {e.term for e in glossary.entries if e.hardness >= HARD}
        self._past: dict[int, tuple[Told, ...]] = {}

    def traits(self, text: StoryText, ranked: Ranked | None = None) -> Traits:
        """Of a story of the week."""
        traits = Traits.of(text.title, text.own_text, self.glossary)
        if ranked is None:
            return traits
        traits = traits.with_works(ranked.story.items)
        return traits.of_topic(ranked.topics[0] if ranked.topics else "")

    def connections(
        self, traits: Traits, told: Sequence[Told], past: Sequence[Issue], key: str = ""
    ) -> tuple[Connection, ...]:
        """At most one link to a story told before in this issue, and one to a past issue: the closest of each."""
        here = self._best(traits, told, key)
        before = self._best(traits, [t for i in past for t in self._told(i)], key)
        return tuple(_connection(*found) for found in (here, before) if found)[:MAX_CONNECTIONS]

    def _best(self, traits: Traits, told: Sequence[Told], key: str) -> tuple[Tie, Told] | None:
        near = self._alike.get(key, {})
        ties = [(tie, t) for t in told if (tie := self.tie(traits, t.traits, near.get(t.key)))]
        return min(ties, key=lambda f: (_ORDER.index(f[0].kind), f[0].count), default=None)

    def tie(self, mine: Traits, theirs: Traits, cosine: float | None = None) -> Tie | None:
        """The strongest tie of a story to one told before; None where nothing is sure."""
        return next(iter(self._ties(mine, theirs, cosine)), None)

    def _ties(self, mine: Traits, theirs: Traits, cosine: float | None) -> Iterator[Tie]:
        if mine.named & theirs.keys:
            yield Tie(kind="cites", what="", count=0)
        elif theirs.named & mine.keys:
            yield Tie(kind="cites", what="", count=0, is_mine=False)
        for maker, user, is_mine in ((theirs, mine, True), (mine, theirs, False)):
            name = maker.own_name
            if (
                name
                and name != user.own_name
                and name in user.names
                and self._is_rare(name, "name")
            ):
                yield Tie(kind="names", what=name, count=0, is_mine=is_mine)
        yield from self._shared(mine.terms, theirs.terms, "term", cosine)
        yield from self._shared(mine.names, theirs.names, "name", cosine)
        if (cosine or 0) >= SUBJECT and mine.topic and mine.topic == theirs.topic:
            yield from self._phrases(mine, theirs)
        people = shared_authors(mine.authors, theirs.authors)
        longest = max(len(mine.authors), len(theirs.authors))
        if len(people) >= FEWEST_AUTHORS and longest <= MOST_AUTHORS:
            yield Tie(kind="authors", what=frame.joined(list(people[:2])), count=0)

    def _shared(
        self,
        mine: Mapping[str, int],
        theirs: Mapping[str, int],
        kind: ConnectionKind,
        cosine: float | None,
    ) -> Iterator[Tie]:
        """What both dwell on, the rarest first."""
        common = [
            w
            for w in mine.keys() & theirs.keys()
            if is_subject(mine[w], theirs[w], kind, cosine, is_hard=w in self._hard)
        ]
        rare = [(self._count(w, kind), w) for w in common if self._is_rare(w, kind)]
        return (Tie(kind=kind, what=what, count=count) for count, what in sorted(rare))

    def _phrases(self, mine: Traits, theirs: Traits) -> Iterator[Tie]:
        """Phrases of one title that the other story has as well, the longest first."""
        for phrase in (*mine.phrases, *theirs.phrases):
            words = f" {' '.join(phrase)} "
            if words in mine.words and words in theirs.words:
                count = sum(words in t.words for t in self._week)
                if count <= self._limit:
                    yield Tie(kind="subject", what=words.strip(), count=count)

    def _is_rare(self, what: str, kind: ConnectionKind) -> bool:
        return self._count(what, kind) <= self._limit

    @property
    def _limit(self) -> float:
        return max(RARE_COUNT, RARE_SHARE * len(self._week))

    def _count(self, what: str, kind: ConnectionKind) -> int:
        return sum(what in (t.terms if kind == "term" else t.names) for t in self._week)

    def _told(self, issue: Issue) -> tuple[Told, ...]:
        """The full stories of a past issue, looked at once."""
        if issue.number not in self._past:
            self._past[issue.number] = tuple(
                Told(
                    key=s.key,
                    title=s.title,
                    traits=Traits.of_told(s, self.glossary),
                    issue_number=issue.number,
                    url=issue.url or _first_url(s),
                )
                for s in issue.stories
            )
        return self._past[issue.number]


def _first_url(story: FullStory) -> str:
    return story.links[0].url if story.links else ""


def _connection(tie: Tie, told: Told) -> Connection:
    """The tie in words."""
    phrases = frame.TIES_HERE if told.number else frame.TIES_PAST
    kind = tie.kind if tie.is_mine else f"{tie.kind}_back"
    sentence = phrases[kind].format(
        what=tie.what,
        What=frame.capitalized(tie.what),
        number=told.number,
        issue=told.issue_number,
        title=frame.quoted(told.title),
    )
    return Connection(
        kind=tie.kind,
        sentence=frame.finished(sentence),
        target_key=told.key,
        target_title=told.title,
        target_number=told.number,
        issue_number=told.issue_number,
        url=told.url,
        shared=tie.what,
    )
