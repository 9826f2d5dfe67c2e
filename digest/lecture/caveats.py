"""*Caveats*: limits that the source itself admits, and those that follow from what the digest knows of the source.

What a rule cannot find in words or facts is not said; the facts that hold for many stories of an issue are said once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.identity import is_of_preprint_server, is_preprint_doi
from digest.issue import Sentence
from digest.lecture import frame
from digest.lecture.candidates import SAME, Candidate, overlap
from digest.lecture.reported import has_first_person
from digest.types import Item, Story

MAX_CAVEATS = 2

_LIMIT = re.compile(
    r"\b(?:limitations?|limited (?:to|by)|cannot be (?:applied|used)|does not (?:yet |always )?(?:work|hold|apply|scale|help)"
    r"|do not (?:yet |always )?(?:work|hold|apply|scale|generalize)|fails? (?:to|on|in|when|for)|so far the|so far,|not yet\b"
    r"|remains? (?:exposed|open|unclear|challenging|difficult|unsolved|a challenge)|still (?:lags?|fails?|struggles?|behind)"
    r"|falls? short|drawbacks?|caveat|at the (?:cost|expense) of|comes at a|restricted to|future work|no (?:\w+ )is good at"
    r"|about equal|less so|preliminary|should be (?:interpreted|taken) with|only (?:cover|works?|holds?|appl|consider|tested|when)"
    r"|misuse|not complete|and not complete|may not|might not|needs? access to|matter a lot)\b",
    re.IGNORECASE,
)
#: "overcomes the limitations", "without the limitation": a claim, not an admission.
_OVERCOME = re.compile(
    r"\b(?:overcom\w+|address\w*|solv\w+|remov\w+|avoid\w*|without|mitigat\w+|tackl\w+|alleviat\w+|circumvent\w*|lift\w*"
    r"|bypass\w*|resolv\w+|beyond|unlike|existing|previous|prior|earlier|former|traditional|conventional|current|recent"
    r"|most) (?:\w+ ){0,4}(?:limit|drawback|cost|expense|shortcoming|methods?|approach|models?|work|systems?)",
    re.IGNORECASE,
)
_VENUE = re.compile(
    r"\b(?:accept(?:ed|ance)|to appear|appear(?:ed|s|ing)? (?:in|at)|published|camera[- ]ready|proceedings|journal|neurips"
    r"|nips|icml|iclr|cvpr|iccv|eccv|aaai|ijcai|acl|emnlp|naacl|interspeech|icassp|icra|iros|corl|kdd|www|sigir|wacv"
    r"|bmvc|aistats|uai|colt|jmlr|tmlr|siggraph|chi|facct|aies)\b",
    re.IGNORECASE,
)


def sounds_like_a_limit(candidate: Candidate) -> bool:
    """The source admits a limit of its own work, not of what was before."""
    return (
        candidate.is_after_claim
        and candidate.role != "background"
        and _LIMIT.search(candidate.text) is not None
        and _OVERCOME.search(candidate.text) is None
    )


def admitted(found: Sequence[Candidate]) -> list[Candidate]:
    """The sentences in which the source says what it cannot do, best first (short ones of the lead), at most two."""
    fit = [c for c in found if c.is_tellable and sounds_like_a_limit(c) and _stands(c)]
    fit.sort(key=lambda c: (not c.is_lead, c.word_count > 45, -c.index))
    best: list[Candidate] = []
    for candidate in fit:
        if all(overlap(candidate.content, other.content) < SAME for other in best):
            best.append(candidate)
    return sorted(best[:MAX_CAVEATS], key=lambda c: (not c.is_lead, c.item.id, c.index))


def _stands(candidate: Candidate) -> bool:
    """Alone among the caveats, "It" can only be what the story is about; "This" may be anything."""
    return not candidate.leans or re.match(r"(?:It|They) ", candidate.text) is not None


def from_facts(story: Story, where: str, *, preprints: Sequence[int] = ()) -> list[Sentence]:
    """What the digest itself knows: ``preprints`` are the numbers of all preprints, where this story is to say it."""
    said = []
    if any(i.kind == "post" and is_own_work(i) for i in story.items):
        said.append(frame.OWN_BLOG)
    if story.lead.kind == "article" and not any(i.kind in ("paper", "code") for i in story.items):
        said.append(frame.NOT_THE_PAPER.format(where=where))
    if len(preprints) == 1:
        said.append(frame.PREPRINT_ONE)
    elif preprints:
        stories = frame.STORIES.format(numbers=frame.joined([str(n) for n in preprints]))
        said.append(frame.PREPRINT_MANY.format(stories=stories))
    return [Sentence(text=text, origin="digest") for text in said]


def is_preprint(story: Story) -> bool:
    """A paper on a preprint server for which neither DOI nor comment names a venue."""
    papers = [i for i in story.items if i.kind == "paper"]
    if not papers or not all(map(is_of_preprint_server, papers)):
        return False
    return not any(_has_journal_doi(i) or _VENUE.search(i.note) for i in papers)


def _has_journal_doi(paper: Item) -> bool:
    """Its DOI is not the one that the preprint server gave it."""
    return bool(paper.doi) and not is_preprint_doi(paper.doi or "")


def is_own_work(post: Item) -> bool:
    """The post speaks of its subject in the first person."""
    return has_first_person(post.text)
