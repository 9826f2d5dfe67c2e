"""*The discussion*: a thread as question, positions with how many hold them, and what stays open. Not as truth."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from digest.issue import Discussion, Position, Sentence
from digest.lecture.candidates import content_of, overlap
from digest.lecture.links import badge
from digest.sentences import split
from digest.types import Comment, Item, Span, Story

MAX_POSITIONS = 3
MAX_POSITIONS_LEADING = 6  #: where the discussion is the story
MAX_OPEN_QUESTIONS = 2
MAX_QUOTED_WORDS = 40
MIN_WORDS = 8  #: a shorter comment is a cheer, a joke or a thank-you
#: Two comments say the same from this share of common words on; below it they only share a subject.
SAME_POSITION = 0.55

_GONE = frozenset(("[removed]", "[deleted]", ""))
_BOTS = frozenset(("automoderator", "remindmebot", "vicesubreddit", "arxiv_bot"))
_MARKUP = re.compile(r"\*\*|__|~~|^#+\s*|^\s*[-*]\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(\s*https?://[^)\s]+\s*\)")
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_DISSENT = re.compile(
    r"\b(?:not convinced|disagree|against\b|unpopular opinion|wrong|careful|skeptical|sceptical|overrated|no ticket|isn't|is not"
    r"|doesn't|does not|don't think|do not think|but)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:(?:remains?|is|still|stays?) open|open (?:question|problem)|nobody (?:knows|can)|no one knows"
    r"|unclear (?:whether|how|why|if)|not (?:known|understood))\b",
    re.IGNORECASE,
)


def discussion_of(
    story: Story, labels: Mapping[str, str], *, told: Collection[Span] = ()
) -> Discussion | None:
    """The liveliest thread of the story; None where it has no thread, or one of which nothing but counts is known.

    The question is one that does not stand in ``told`` already.
    """
    threads = [i for i in story.items if i.kind == "thread"]
    if not threads:
        return None
    thread = max(threads, key=lambda i: (bool(i.comments), i.comment_count or 0, i.score or 0))
    comments = _worth_reading(thread.comments)
    question = question_of(thread, told)
    most = MAX_POSITIONS_LEADING if thread is story.lead else MAX_POSITIONS
    if not comments and question is None:
        return None
    return Discussion(
        where=badge(thread, labels),
        url=thread.url,
        question=question,
        positions=positions(comments)[:most],
        score=thread.score,
        comment_count=thread.comment_count,
        open_questions=open_questions(comments),
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


def positions(comments: Sequence[Comment]) -> tuple[Position, ...]:
    """What the best comments hold; a comment that says the same, and does not dissent from it, is counted with it."""
    clusters: list[list[Comment]] = []
    for comment in comments:
        content, dissents = content_of(comment.text), bool(_DISSENT.search(comment.text))
        home = next(
            (
                c
                for c in clusters
                if overlap(content, content_of(c[0].text)) >= SAME_POSITION
                and bool(_DISSENT.search(c[0].text)) == dissents
            ),
            None,
        )
        if home:
            home.append(comment)
        else:
            clusters.append([comment])
    return tuple(
        Position(
            text=brief_quote(cluster[0].text),
            author=cluster[0].author,
            url=cluster[0].url,
            comment_count=len(cluster),
            score=cluster[0].score,
        )
        for cluster in clusters
    )


def open_questions(comments: Sequence[Comment]) -> tuple[Sentence, ...]:
    """What commenters ask, or call open, in their own words."""
    found = []
    for comment in comments:
        text = plain(comment.text)
        for start, end in split(text):
            sentence = text[start:end]
            is_open = sentence.endswith("?") or _OPEN.search(sentence)
            if is_open and 6 <= len(sentence.split()) <= MAX_QUOTED_WORDS:
                found.append(Sentence(text=sentence, origin="extractive", url=comment.url))
                break
    return tuple(found[:MAX_OPEN_QUESTIONS])


def brief_quote(text: str) -> str:
    """The comment's first sentences, as many as fit into 40 words; a first sentence that is longer is cut with "…"."""
    text = plain(text)
    end = 0
    for start, stop in split(text):
        if len(text[:stop].split()) > MAX_QUOTED_WORDS:
            break
        end = stop if stop > start else end
    if end:
        return text[:end].strip()
    return " ".join(text.split()[:MAX_QUOTED_WORDS]).rstrip(",;:") + " …"


def plain(text: str) -> str:
    """A comment's Markdown as plain text on one line, without what it quotes of others."""
    text = _QUOTED_LINE.sub("", text)
    text = _LINK.sub(r"\1", text)
    return " ".join(_MARKUP.sub("", text).split())


def _worth_reading(comments: Sequence[Comment]) -> list[Comment]:
    kept = [
        c
        for c in comments
        if c.text.strip() not in _GONE
        and c.author.lower() not in _BOTS
        and len(plain(c.text).split()) >= MIN_WORDS
    ]
    # answers to the post before answers to answers of the same score; unknown scores keep the source's order
    return sorted(kept, key=lambda c: (-(c.score or 0), c.depth))
