"""The comments of a thread: which of them can hold a position, why the others cannot, and who agrees with whom.

All by cues in the words, so all of it is a count of something that stands there; irony is beyond it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from digest.types import Comment
from digest.words import stems

Reason = Literal["deleted", "bot", "link", "short", "cheer", "joke", "foreign", "repeated", "later"]
"""Why a comment is left out; ``frame.LEFT_OUT`` says it in words."""

Stance = Literal["agrees", "objects", ""]

#: comments of one thread; more would take seconds to compare, and the best come first
MAX_READ = 150
MIN_WORDS = 8  #: a shorter comment is a cheer, a joke or a thank-you
MAX_CHEER_WORDS = 25  #: a longer one that begins with a thank-you says something more

_GONE = frozenset(("[removed]", "[deleted]", "[removed by reddit]", "[unavailable]", ""))
_BOTS = frozenset(("automoderator", "remindmebot", "vicesubreddit"))
_BOT_NAME = re.compile(r"(?i:(?:^|[_-])bot$|^bot[_-])|[a-z]Bot$")
_BOT_SAYS = re.compile(
    r"\bI(?:'|’| a)m a bot\b|\bbeep boop\b|\bthis action was performed automatically\b|^!?remindme!?\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\*\*|__|~~|^#+\s*|^\s*[-*]\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(\s*https?://[^)\s]+\s*\)")
_URL = re.compile(r"https?://\S+|\bwww\.\S+")
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_EDIT = re.compile(r"(?:^|\n)\s*\**edit\b\s*\d*\**\s*[:.-].*", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CHEER = re.compile(
    r"(?:(?:wow|hey|hi|oh|op|ok|so|just|very|really|man|dude)\W+)*(?:thanks?\b|thank you|thx|congrat\w*|kudos|great (?:work|post|job|read|"
    r"paper|stuff|write)|nice (?:work|post|job|one|read|write)|good (?:work|job|luck)|awesome|amazing|fantastic|love (?:this|it)|looking"
    r" forward|can(?:'|’)?t wait|saved|bookmark\w*|following|commenting (?:to|for)|this is (?:so |really |very |super )?(?:cool|awesome|great|amazing))",
    re.IGNORECASE,
)
_JOKE = re.compile(
    r"(?:^|\s)/s\s*$|\b(?:lol|lmao|lmfao|rofl|ha(?:ha)+|hehe\w*|xkcd)\b|[\U0001F602\U0001F923\U0001F921]",
    re.IGNORECASE,
)
#: Words of which hardly an English sentence of eight words has none.
_ENGLISH = frozenset(
    "a an and are as at be been but by can could do does for from had has have how i if in is it it's its just like my no not"
    " of on or our so than that the their them then there they this to was we were what when which who why will with would"
    " you your don't doesn't isn't i'm i've that's more some any all most use used".split()
)
#: words that two comments share by chance
FUNCTION_STEMS = frozenset(s for w in _ENGLISH for s in stems(w))

_AGREES = re.compile(
    r"(?:i (?:\w+ )?agree\b|agreed\b|strongly agree|\+1\b|seconded|this[.!]+(?:\s|$)|^this$|exactly\b(?! (?:what|how|why|where|which|the))"
    r"|precisely\b|absolutely\b|definitely\b(?! not)|100 ?%|so true|very true|true[.,! ]|well said|good point|great point|(?:that|you)(?:'|’)(?:s|re)"
    r" (?:right|true|correct|a good point|exactly(?: right| it\b|[.,!]))|you are (?:right|correct)|same here|can confirm|came here to say)",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"(?:i (?:\w+ )?disagree\b|disagree\b|(?:hard|strong) disagree|against[:,.]|not (?:true|really|quite|exactly|necessarily|convinced)\b"
    r"|(?:that|this)(?:(?:'|’)s| is) (?:\w+ )?(?:wrong|false|incorrect|untrue|misleading|nonsense|not (?:true|right"
    r"|correct|accurate|how|what|quite|really|necessarily|entirely|a (?:good|fair)|convincing))|that isn(?:'|’)t|this isn(?:'|’)t|wrong[.,!]|i(?:'|’| a)m not"
    r" (?:\w+ )?(?:convinced|sure (?:that|this|i agree))|i (?:don(?:'|’)t|do not) (?:think|agree|believe|buy)|i doubt\b|be careful\b|unpopular opinion|citation needed"
    r"|you(?:'|’)re wrong|you are wrong)",
    re.IGNORECASE,
)
_YES = re.compile(r"(?:yes|yeah|yep|yup|indeed)(?:[,.!]|$)", re.IGNORECASE)
_NO = re.compile(r"(?:no|nope|nah)(?:[,.!]|$)", re.IGNORECASE)
_BUT = re.compile(r"\b(?:but|however|although|though|except)\b", re.IGNORECASE)
#: A comment that begins so answers another one, and says little without it.
_LEANS = re.compile(
    r"(?:this|that|these|those|it|its|it(?:'|’)s|that(?:'|’)s|they|he|she|you|your|you(?:'|’)re|and|but|or|so|then|also|because|which|same|yes|yeah"
    r"|yep|no|nope|not|well|sure|right|true|exactly|agreed|actually|against|with|except|unless|even|why|what|who|how|where|there)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """The comments of a thread that can hold a position, best first, and how many of the others were left out for what."""

    kept: tuple[Comment, ...]
    left_out: tuple[tuple[Reason, int], ...]


def sift(comments: Sequence[Comment]) -> Sifted:
    """At most ``MAX_READ``; answers to the post before answers to answers of the same score; unknown scores keep the order."""
    ordered = sorted(comments, key=lambda c: (-(c.score or 0), c.depth))
    kept: list[Comment] = []
    dropped: Counter[Reason] = Counter()
    seen: set[tuple[str, str]] = set()
    for comment in ordered:
        reason = why_left_out(comment)
        said = (comment.author, plain(comment.text))
        if not reason and said in seen:
            reason = "repeated"
        if not reason and len(kept) >= MAX_READ:
            reason = "later"
        if reason:
            dropped[reason] += 1
        else:
            seen.add(said)
            kept.append(comment)
    order: tuple[Reason, ...] = get_args(Reason)
    return Sifted(kept=tuple(kept), left_out=tuple((r, dropped[r]) for r in order if dropped[r]))


def why_left_out(comment: Comment) -> Reason | None:
    """Why the comment alone can hold no position; None where it may."""
    raw = comment.text.strip()
    if raw.lower() in _GONE:
        return "deleted"
    if comment.author.lower() in _BOTS or _BOT_NAME.search(comment.author) or _BOT_SAYS.search(raw):
        return "bot"
    text = plain(raw)
    words = _WORD.findall(_URL.sub(" ", text))
    if is_foreign(words):
        return "foreign"
    if len(words) < MIN_WORDS:
        return "link" if _URL.search(text) or _LINK.search(raw) else "short"
    if _JOKE.search(text):
        return "joke"
    if _CHEER.match(text) and len(words) <= MAX_CHEER_WORDS:
        return "cheer"
    return None


def is_foreign(words: Sequence[str]) -> bool:
    """Not in Latin letters, or of eight words and more none that English does not do without."""
    letters = "".join(words)
    if letters and sum(c > "ɏ" for c in letters) > len(letters) / 2:
        return True
    return len(words) >= MIN_WORDS and not any(
        w.lower().replace("’", "'") in _ENGLISH for w in words
    )


def stance(comment: Comment, parent: Comment | None) -> Stance:
    """Whether the comment begins by agreeing with what it answers or by objecting; "" where it does neither, or both.

    A bare yes or no is a stance only towards a comment that asks nothing: after a question it is the answer.
    """
    text = plain(comment.text)
    first = text[:160]
    opening = re.split(r"(?<=[.!?])\s", first, maxsplit=1)[0]
    is_told = parent is not None and "?" not in parent.text
    if _OBJECTS.match(first) or (is_told and _NO.match(first)):
        return "objects"
    if _AGREES.match(first) or (is_told and _YES.match(first)):
        turns = _BUT.search(opening) or re.match(r"\S+ (?:but|however)\b", first, re.IGNORECASE)
        return "" if turns else "agrees"
    return ""


def stances(comments: Sequence[Comment]) -> Mapping[str, tuple[Stance, str]]:
    """By id of a comment that takes a stance: the stance, and the id of the comment it answers ("": the post, or unknown)."""
    by_id = {c.id: c for c in comments}
    found: dict[str, tuple[Stance, str]] = {}
    for comment in comments:
        if why_left_out(comment) in ("deleted", "bot", "foreign", "joke"):
            continue
        parent = by_id.get(comment.parent_id)
        if parent is not None and parent.author and parent.author == comment.author:
            continue  # who goes on with what they said themselves
        taken = stance(comment, parent)
        if taken:
            found[comment.id] = (taken, comment.parent_id if parent else "")
    return found


def leans(text: str) -> bool:
    """The comment begins in the middle of a talk."""
    return _LEANS.match(plain(text)) is not None


@lru_cache(maxsize=4 * MAX_READ)
def plain(text: str) -> str:
    """A comment's Markdown as plain text on one line, without what it quotes of others and what was edited in later."""
    text = _EDIT.sub("", _QUOTED_LINE.sub("", text))
    text = _LINK.sub(r"\1", text)
    return " ".join(_MARKUP.sub("", text).split())
