"""*The discussion*: a thread as question, positions with how many hold them, and what stays open. Not as truth.

Comments that say the same are one position: those whose vectors are near, where an embedder gave some (``nearness.py``),
and those that share most of their words. A comment and its denial are near by either measure, so whether a comment
dissents keeps positions apart; two that are kept apart wrongly are two voices, two joined wrongly would be a lie.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from digest.issue import Discussion, Position, Reply, Sentence
from digest.lecture import comments, frame
from digest.lecture.candidates import content_of, overlap
from digest.lecture.comments import Stance, leans, plain, sift, stances
from digest.lecture.links import badge
from digest.sentences import split
from digest.types import Comment, Item, Span, Story

if TYPE_CHECKING:
    from digest.embeddings import Embeddings

MAX_POSITIONS = 3
MAX_POSITIONS_LEADING = 6  #: where the discussion is the story
MAX_OPEN_QUESTIONS = 2
MAX_QUOTED_WORDS = 40
MAX_OBJECTION_WORDS = 25
MIN_OPENING_WORDS = 4  #: a first sentence of fewer ("Hi all!") is no position
#: Two comments say the same from this share of common words on; below it they only share a subject.
SAME_WORDS = 0.55
FEWEST_WORDS = 4  #: that carry meaning; of fewer, half are soon shared
#: Or from this mean cosine of their vectors on; see docs/decisions.md for how it was chosen.
SAME_MEANING = 0.72
#: Fewer stances say nothing about a thread.
FEWEST_OBJECTIONS, FEWEST_AGREEMENTS, MUCH_MORE = 2, 3, 3
FEWEST_VOICES = 4  #: of fewer comments a reader sees that each is one voice

_DISSENT = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|nor|cannot|without|hardly|\w+n['’]t|disagree|against|unpopular opinion|wrong|careful|skeptical"
    r"|sceptical|overrated|fails?|failed|but|however|although)\b",
    re.IGNORECASE,
)
_SAYS_AGAINST = re.compile(r"^(?:against|contra|objection)\s*:\s*", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:(?:remains?|is|still|stays?) open(?! ?-?source)|open (?:question|problem)|nobody (?:knows|can)|no one knows"
    r"|unclear (?:whether|how|why|if)|not (?:known|understood))\b",
    re.IGNORECASE,
)


def discussion_of(
    story: Story,
    labels: Mapping[str, str],
    *,
    told: Collection[Span] = (),
    vectors: Embeddings | None = None,
) -> Discussion | None:
    """The liveliest thread of the story; None where it has no thread, or one of which nothing but counts is known.

    The question is one that does not stand in ``told`` already. ``vectors`` are of comments, by their ids.
    """
    thread = liveliest_thread(story)
    if thread is None:
        return None
    sifted = sift(thread.comments)
    question = question_of(thread, told)
    most = MAX_POSITIONS_LEADING if thread is story.lead else MAX_POSITIONS
    if not sifted.kept and question is None:
        return None
    taken = stances(thread.comments)
    held = positions(sifted.kept, thread.comments, taken, vectors)
    left_out = (
        (frame.LEFT_OUT[reason].format(most=comments.MAX_READ), count)
        for reason, count in sifted.left_out
    )
    return Discussion(
        where=badge(thread, labels),
        url=thread.url,
        question=question,
        positions=held[:most],
        score=thread.score,
        comment_count=thread.comment_count,
        open_questions=open_questions(sifted.kept),
        agreement=agreement([s for s, _ in taken.values()], held, len(sifted.kept)),
        read_count=len(sifted.kept),
        left_out=tuple(left_out),
    )


def liveliest_thread(story: Story) -> Item | None:
    """The thread of which most is known; None where the story has none."""
    threads = [i for i in story.items if i.kind == "thread"]
    return max(
        threads, key=lambda i: (bool(i.comments), i.comment_count or 0, i.score or 0), default=None
    )


def question_of(thread: Item, told: Collection[Span] = ()) -> Sentence | None:
    """The question of the post that is nearest to its title, in the poster's own words."""
    asked = [(a, b) for a, b in split(thread.text) if thread.text[a:b].endswith("?")]
    asked = [s for s in asked if Span(item_id=thread.id, start=s[0], end=s[1]) not in told]
    asked = [(a, b) for a, b in asked if 4 <= len(thread.text[a:b].split()) <= 40]
    if not asked:
        return None
    title = content_of(thread.title)
    start, end = max(asked, key=lambda s: (overlap(content_of(thread.text[s[0] : s[1]]), title), -s[0]))  # fmt: skip
    span = Span(item_id=thread.id, start=start, end=end)
    text = plain(thread.text[start:end])
    return Sentence(text=text, origin="extractive", spans=(span,), url=thread.url)


def positions(
    kept: Sequence[Comment],
    everything: Sequence[Comment] = (),
    taken: Mapping[str, tuple[Stance, str]] | None = None,
    vectors: Embeddings | None = None,
) -> tuple[Position, ...]:
    """What ``kept`` comments hold, the strongest first: by points together, then by comments.

    A position is told in the words of its best comment that can be read alone; where none can, it is left out. What only
    asks holds no position. ``taken`` are the stances among ``everything``.
    """
    by_id = {c.id: c for c in everything}
    groups = clusters([c for c in kept if not only_asks(c.text)], vectors, by_id)
    found = []
    for group in groups:
        speaker = next((c for c in group if c.depth == 0 or not leans(c.text)), None)
        if speaker is None:
            continue
        ids = {c.id for c in group}
        answers = [(by_id[i], s) for i, (s, to) in (taken or {}).items() if to in ids]
        against = [c for c, s in answers if s == "objects"]
        known = [c.score for c in group if c.score is not None]
        found.append(
            Position(
                text=brief_quote(speaker.text),
                author=speaker.author,
                url=speaker.url,
                comment_count=voices(group),
                score=speaker.score,
                total_score=sum(known) if known else None,
                agreeing=sum(s == "agrees" for _, s in answers),
                objecting=len(against),
                objection=_best_objection(against),
            )
        )
    return tuple(sorted(found, key=lambda p: (-(p.total_score or 0), -p.comment_count)))


def clusters(
    kept: Sequence[Comment],
    vectors: Embeddings | None,
    by_id: Mapping[str, Comment] | None = None,
) -> list[list[Comment]]:
    """Comments that say the same, each list in the order of ``kept``; single ones are lists of one.

    Each comment joins the group that it is most like on average, if it is like it enough: bounded work, and no chains
    in which the first and the last have nothing in common. What answers a comment of the group, at whatever depth, uses
    its words to say something else, and stays out; ``by_id`` are the comments it may answer.
    """
    near = _cosines(kept, vectors)
    contents = [content_of(plain(c.text)) - comments.FUNCTION_STEMS for c in kept]
    dissents = [_DISSENT.search(plain(c.text)) is not None for c in kept]
    above = [_ancestors(c, by_id or {}) for c in kept]
    groups: list[list[int]] = []
    for i, comment in enumerate(kept):
        best, home = 0.0, None
        for group in groups:
            if dissents[group[0]] != dissents[i]:
                continue
            if any(kept[j].id in above[i] or comment.id in above[j] for j in group):
                continue
            like = sum(near[i][j] for j in group) / len(group) if near else 0.0
            if _same_words(contents[i], contents[group[0]]):
                like = 1.0
            if like >= SAME_MEANING and like > best:
                best, home = like, group
        if home is None:
            groups.append([i])
        else:
            home.append(i)
    return [[kept[i] for i in group] for group in groups]


def voices(group: Sequence[Comment]) -> int:
    """How many hold it: who says it twice is one; of deleted accounts each comment is."""
    named = {c.author for c in group if c.author}
    return len(named) + sum(not c.author for c in group)


def _same_words(one: frozenset[str], other: frozenset[str]) -> bool:
    """They are of like length, and share most of what carries meaning."""
    few, many = sorted((len(one), len(other)))
    return few >= FEWEST_WORDS and many <= 2 * few and overlap(one, other) >= SAME_WORDS


def _ancestors(comment: Comment, by_id: Mapping[str, Comment]) -> frozenset[str]:
    found: set[str] = set()
    parent = comment.parent_id
    while parent and parent not in found:
        found.add(parent)
        parent = by_id[parent].parent_id if parent in by_id else ""
    return frozenset(found)


def _cosines(kept: Sequence[Comment], vectors: Embeddings | None) -> list[list[float]] | None:
    ids = [c.id for c in kept]
    if vectors is None or not ids or not all(i in vectors.row_of for i in ids):
        return None
    rows = vectors.rows(ids)
    cosines: list[list[float]] = (rows @ rows.T).tolist()
    return cosines


def agreement(
    taken: Sequence[Stance], held: Sequence[Position], read_count: int
) -> Sentence | None:
    """Whether the thread is at odds, as far as counts tell: replies that take a stance, and whether any two say the same."""
    against, in_favor = taken.count("objects"), taken.count("agrees")
    if against >= FEWEST_OBJECTIONS and against >= in_favor:
        text = frame.DISPUTED.format(
            objecting=_counted("object", against),
            agreeing=_counted("agree", in_favor) if in_favor else frame.NONE_AGREES,
        )
    elif in_favor >= FEWEST_AGREEMENTS and in_favor >= MUCH_MORE * against:
        text = frame.AGREED.format(
            agreeing=_counted("agree_first", in_favor),
            objecting=_counted("object_second", against) if against else frame.NONE_OBJECTS,
        )
    elif read_count >= FEWEST_VOICES and all(p.comment_count == 1 for p in held):
        text = frame.SINGLE_VOICES.format(count=read_count)
    else:
        return None
    return Sentence(text=text, origin="digest")


def _counted(what: str, count: int) -> str:
    one, more = frame.COUNTED[what]
    return one if count == 1 else more.format(count=count)


def _best_objection(against: Sequence[Comment]) -> Reply | None:
    """The best of the objections that says more than no."""
    long = [c for c in against if len(plain(c.text).split()) >= comments.MIN_WORDS]
    if not long:
        return None
    best = max(long, key=lambda c: c.score or 0)
    # it stands behind "Against it:" and need not say so again
    text = brief_quote(_SAYS_AGAINST.sub("", plain(best.text)), MAX_OBJECTION_WORDS)
    return Reply(text=text, author=best.author, url=best.url, score=best.score)


def open_questions(kept: Sequence[Comment]) -> tuple[Sentence, ...]:
    """What commenters ask, or call open, in their own words: of answers to the post, whose questions stand alone."""
    found = []
    for comment in kept:
        text = plain(comment.text)
        for start, end in split(text):
            sentence = text[start:end]
            is_open = _OPEN.search(sentence) or (sentence.endswith("?") and not leans(sentence))
            if comment.depth and leans(sentence):
                continue
            if is_open and 6 <= len(sentence.split()) <= MAX_QUOTED_WORDS:
                found.append(Sentence(text=sentence, origin="extractive", url=comment.url))
                break
    return tuple(found[:MAX_OPEN_QUESTIONS])


def only_asks(text: str) -> bool:
    """Every sentence of some length is a question."""
    text = plain(text)
    long = [text[a:b] for a, b in split(text) if len(text[a:b].split()) >= MIN_OPENING_WORDS]
    return bool(long) and all(s.endswith("?") for s in long)


def brief_quote(text: str, most: int = MAX_QUOTED_WORDS) -> str:
    """The comment's first sentences, as many as fit into ``most`` words; a first sentence that is longer is cut with "…".

    A greeting or a cheer before them is left away.
    """
    text = plain(text)
    sentences = [text[a:b] for a, b in split(text)]
    while len(sentences) > 1 and _is_opening(sentences[0]):
        del sentences[0]
    said: list[str] = []
    for sentence in sentences:
        if len(" ".join((*said, sentence)).split()) > most:
            break
        said.append(sentence)
    if said:
        return " ".join(said)
    return " ".join(" ".join(sentences).split()[:most]).rstrip(",;:") + " …"


def _is_opening(sentence: str) -> bool:
    return len(sentence.split()) < MIN_OPENING_WORDS and sentence[-1:] == "!"
