"""Stories of real weeks tied to the lectures of docs/checks/syllabus.yaml: ``python bench/course_links.py ../shared/data``.

Reads the verdicts of docs/checks/syllabus_links.tsv (story, lecture given or "-", verdict, lecture wanted where another or none
was given) and says how many links are right (precision) and how many of the stories that should have one have it (recall),
with vectors and by words alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest.mock import Mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from digest.collect.feed import items_of
from digest.collect.visit import Visit
from digest.config import Similarity
from digest.embeddings import open_embedder, text_of
from digest.lecture.course import CourseMatcher
from digest.lecture.nearness import lecture_text
from digest.lecture.syllabus import Syllabus, load_syllabus
from digest.lecture.texts import StoryText
from digest.net import Response
from digest.sentences import split
from digest.sources import FeedSource
from digest.topics import topics_of
from digest.types import Item, Story
from digest.week import Week
from training.importance.train import read_papers

CHECKS = Path(__file__).resolve().parents[1] / "docs" / "checks"
WEEKS = ("2021-W06", "2021-W25", "2025-W14", "2025-W16")
_CLAIM = re.compile(
    r"\b[Ww]e (?:\w+ly )?(?:propose|present|introduce|show|study|develop|find|describe|investigate)"
)
DAY = date(2025, 4, 5)  #: only the tense depends on it


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was read: ``lecture`` was given to the story (0: none), ``wanted`` are those that would be right (none: ())."""

    key: str
    lecture: int
    is_right: bool
    wanted: tuple[int, ...]
    sample: str


def read_verdicts(path: Path = CHECKS / "syllabus_links.tsv") -> tuple[Verdict, ...]:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    return tuple(
        Verdict(
            key=key,
            lecture=int(lecture) if lecture != "-" else 0,
            is_right=verdict == "right",
            wanted=tuple(int(n) for n in wanted.split(",") if n != "-"),
            sample=sample,
        )
        for sample, key, lecture, verdict, wanted in rows
    )


@dataclass(frozen=True, kw_only=True)
class Linked:
    """The lecture of a story, 0 for none: with vectors, and by words alone."""

    title: str
    lecture: int
    by_words: int


def links(data: Path, keys: Iterable[str]) -> dict[str, Linked]:
    """By key, the lecture of each story that is named; every item of the weeks is a story of its own."""
    syllabus = load_syllabus(CHECKS / "syllabus.yaml")
    wanted = set(keys)
    found: dict[str, Linked] = {}
    for name in WEEKS:
        items = read_items(data / "replay" / name)
        asked = [i for i in items if i.id in wanted]
        if not asked:
            continue
        texts = {i.id: StoryText.of(Story(key=i.id, items=(i,))) for i in items}
        matcher = CourseMatcher(syllabus.lectures, tuple(texts.values()))
        near = _near(asked, syllabus)
        for item in asked:
            told = (
                texts[item.id],
                _headline(item),
                topics_of(item.title, item.text, item.categories),
                DAY,
            )
            link, by_words = matcher.link(*told, near[item.id]), matcher.link(*told)
            found[item.id] = Linked(
                title=item.title,
                lecture=link.lecture if link else 0,
                by_words=by_words.lecture if by_words else 0,
            )
    return found


def _near(items: Sequence[Item], syllabus: Syllabus) -> dict[str, dict[int, float]]:
    similarity = Similarity()
    embedder = open_embedder(similarity.model, similarity.device)
    lectures = embedder.embed([lecture_text(x) for x in syllabus.lectures])
    cosines = embedder.embed([text_of(i) for i in items]) @ lectures.T
    numbers = [x.number for x in syllabus.lectures]
    return {
        i.id: dict(zip(numbers, map(float, row), strict=True))
        for i, row in zip(items, cosines, strict=True)
    }


def _headline(item: Item) -> str:
    """A stand-in for the summary, which may change without the links: the first sentence that says what was done."""
    sentences = [item.text[start:end] for start, end in split(item.text)]
    return next((s for s in sentences if _CLAIM.search(s)), "")


@dataclass(frozen=True, kw_only=True)
class Score:
    """How many links are right, and how many of the stories that want one have a right one."""

    stories: int
    links: int
    right: int
    wanted: int
    unjudged: int  #: links to a lecture that nobody has judged for the story; they count as wrong

    @property
    def precision(self) -> float:
        return self.right / max(1, self.links)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.wanted)


def score(verdicts: Sequence[Verdict], given: Mapping[str, int]) -> Score:
    """``given`` is by key the lecture that the program gives now, 0 for none."""
    linked = [v for v in verdicts if given.get(v.key)]
    return Score(
        stories=len(verdicts),
        links=len(linked),
        right=sum(given[v.key] in v.wanted for v in linked),
        wanted=sum(bool(v.wanted) for v in verdicts),
        unjudged=sum(given[v.key] not in v.wanted and given[v.key] != v.lecture for v in linked),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    verdicts = read_verdicts()
    found = links(args.data, [v.key for v in verdicts])
    print(
        "| sample | lectures by | stories | links | right | precision | should have one | recall |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for sample in sorted({v.sample for v in verdicts}):
        rows = [v for v in verdicts if v.sample == sample]
        for how, of in (
            ("words and vectors", lambda x: x.lecture),
            ("words alone", lambda x: x.by_words),
        ):
            s = score(rows, {key: of(x) for key, x in found.items()})
            print(
                f"| {sample} | {how} | {s.stories} | {s.links} | {s.right} | {s.precision:.2f} | {s.wanted} | {s.recall:.2f} |"
            )


def read_items(week: Path) -> tuple[Item, ...]:
    """The papers and the posts of a replay week, by the program's own parsers; posts of other weeks left out."""
    span = Week.parse(week.name)
    visit = Visit(http=Mock(), since=span.since, until=span.end, now=span.end)
    posts: list[Item] = []
    for path in sorted((*week.glob("rss/*.xml"), *week.glob("google-ai-blog/*.xml"))):
        source = FeedSource(kind="feed", name=path.stem, url=f"https://example.org/{path.name}")
        answer = Response(url=str(source.url), status=200, headers={}, content=path.read_bytes())
        posts += items_of(source, visit, lambda answer=answer: answer)
    in_week = [i for i in posts if i.published and span.since <= i.published < span.end]
    return tuple({i.id: i for i in (*read_papers(week), *in_week)}.values())


if __name__ == "__main__":
    main()
