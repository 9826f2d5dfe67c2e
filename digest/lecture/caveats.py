"""*Caveats*: limits that the source itself admits, and those that follow from what the digest knows of the source.

What a rule cannot find in words or facts is not said; the facts that hold for many stories of an issue are said once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.identity import is_of_preprint_server, is_preprint_doi
from digest.issue import Sentence
from digest.lecture import frame
from digest.lecture.candidates import SAME, Candidate, overlap
from digest.lecture.links import has_code
from digest.lecture.reported import has_first_person
from digest.types import Item, Story

MAX_ADMITTED = 2

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
_NOT_LIMITED = re.compile(
    r"\bnot (?:\w+ )?(?:limited|restricted)|\bno (?:\w+ )?limit", re.IGNORECASE
)
#: Of an abstract: what only its own work can be meant by, its price, its state, or what it leaves open ...
_ADMITS = re.compile(
    r"\b(?:limitations? (?:of|in) (?:our|this|the (?:present|proposed|current)) \w+|(?:main|major|key|one|another|only|primary) limitation (?:of [^,]{1,40} )?is"
    r"|at the (?:cost|expense|price) of|(?:comes?|came|coming) (?:at|with) (?:a|an|the|some|increased|higher) (?:\w+ )?(?:cost|price|expense|trade-?off|overhead)s?"
    r"|(?:left|leave|leaving|reserved|defer(?:red)?) (?:\w+ ){0,6}(?:for|to) future|in future work|(?:further|more|additional|future) (?:\w+ )?(?:work|research|stud(?:y|ies)|validation"
    r"|evaluation|investigation|experiments?) (?:is|are|will be|remains?) (?:still )?(?:needed|required|necessary|warranted)|should be (?:interpreted|taken|treated|viewed) with"
    r"|preliminary (?!baseline)(?:\w+ )?(?:results?|evidence|experiments?|stud(?:y|ies)|evaluations?|findings?|validation|investigation|work|analys[ei]s)|small sample size)\b",
    re.IGNORECASE,
)
#: ... and what it says of itself by name: its method, its data, its results.
_OF_ITSELF = (
    r"(?:\b(?:our|the proposed|the presented|this|the)(?: [\w-]+){0,2} (?:method|approach|model|framework|algorithm|system|technique|estimator|rule|procedure|scheme|proof|bound"
    r"|theory|study|survey|analysis|evaluation|results?|findings|data ?set|benchmark|corpus|sample|work)s?|^It|\bwe)"
    r"(?: \w+ly| also| still| however,?){0,2} (?:cannot(?! only| just)|(?:does|do|did) not (?:yet |always |fully |necessarily )?(?:work|hold|apply|scale|help|generali[sz]e|extend|transfer"
    r"|capture|cover|account|address|consider|guarantee|reach|match)|fails? (?:to|on|in|when|for)|(?:is|are|was|were|remains?) (?:\w+ )?(?:limited|restricted|confined) to"
    r"|still (?:lags?|fails?|struggles?|has|requires?|needs?|suffers?)|falls? short|struggles? (?:to|with|on|in)|only (?:cover|work|hold|appl|consider|test|evaluat)\w*"
    r"|may not (?:\w+ )?(?:hold|generali[sz]e|apply|transfer|work|extend)|needs? access to|(?:is|are) (?:\w+ )?(?:less (?:accurate|effective|efficient)|slower)"
    r"|has (?:\w+ )?limitations)\b"
)
#: What an abstract finds wrong with others, promises to discuss, or denies.
_OF_OTHERS = re.compile(
    r"\bthese (?:methods|approaches|models|techniques)\b|(?:strengths?|advantages?|merits|benefits|capabilit\w+|applications?|potential|opportunit\w+|challenges?|possibilities|promises?|successes|pros),? (?:\w+ )?(?:and|or|,|as well as) (?:\w+ )?(?:the |their |its )?"
    r"(?:current |critical |inherent |key )?(?:limit\w+|challenges|weaknesses)|limitations? and (?:challenges|potential|future|open|opportunit|biases|strengths|advantages|capabilit)"
    r"|(?:discuss\w*|outlin\w+|identif\w+|reveal\w*|highlight\w*|expos\w+|uncover\w*|underscor\w+|analy[sz](?:e|es|ed|ing)|insights? into|demonstrat\w+|show\w*|explor\w+|investigat\w+|understand\w*|studying|examin\w+"
    r"|address\w*|overcom\w+|surpass\w*|tackl\w+|mitigat\w+|resolv\w+|solv\w+|alleviat\w+|circumvent\w*|bypass\w*|reduc\w+|compensat\w+|avoid\w*|remov\w+|lift\w*|without|inspired by|motivated by|due to|given|because of)"
    r" (?:\w+[ ,]){0,6}?(?:limitations?|limited|restricted|fail\w*|cannot|preliminary|cost|expense|price)|\bnot (?:\w+ )?(?:limited|restricted)"
    r"|\b(?:little|no|minimal|negligible|slight|small|marginal|modest|tiny|low|insignificant|not) (?:\w+ ){0,3}(?:at the|cost|expense|additional)|(?:cost|expense|price) of (?:a |an )?(?:little|minimal|negligible|slight\w*|small|marginal|modest)"
    r"|\b(?:LLMs?|L?VLMs?|LMMs?|MLLMs?|LRMs?|GPT\S*|o1|ChatGPT|humans?|annotators|users|people|participants|agents|classifiers|transformers|detectors|baselines?|competitors|approaches|methods|models|systems|networks"
    r"|algorithms|techniques|frameworks|works|studies|benchmarks|metrics|data ?sets) (?:[^.;]{0,90} )?(?:fails?|failed|struggles?|falls? short|fell short|cannot|still|do not|does not|did not|are (?:\w+ )?limited|are restricted|may not|remain|limitations)"
    r"|\b(?:existing|previous|prior|earlier|former|traditional|conventional|current|recent|most|other|standard|state-of-the-art|SOTA|baseline|alternative|these|such|both|many|all|even) (?:[\w-]+ ){0,5}(?:fail|struggl|fall short|cannot|do not|does not|did not|limit|lack|suffer|at the (?:cost|expense)|preliminary)"
    r"|\b(?:when|where|while|whereas|unlike|even (?:if|when)) (?:[\w-]+ ){1,6}(?:fails?|cannot|struggles?)|\bwe (?:[^.;]{0,60} )?(?:that|why|when|whether|how) (?:[^.;]{0,80} )?(?:fails?|cannot|struggles?|falls? short|does not|do not|limited|restricted|still|remains?)",
    re.IGNORECASE,
)
_VENUE = re.compile(
    r"\b(?:accept(?:ed|ance)|to appear|appear(?:ed|s|ing)? (?:in|at)|published|camera[- ]ready|proceedings|journal|neurips"
    r"|nips|icml|iclr|cvpr|iccv|eccv|aaai|ijcai|acl|emnlp|naacl|interspeech|icassp|icra|iros|corl|kdd|www|sigir|wacv"
    r"|bmvc|aistats|uai|colt|jmlr|tmlr|siggraph|chi|facct|aies)\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:paper|article|submission|manuscript|work|version|preprint) (?:has been|is|was|had to be) (?:\w+ )?withdrawn\b|\bwithdrawn (?:by|due to|because|as|for)\b|^\W*withdrawn\b",
    re.IGNORECASE,
)
_SAYS_CODE = re.compile(
    r"https?://|\bgithub\b|\b(?:open[- ]?sourc\w+|code|codes|codebase|implementation|models?|weights|toolkit|library|package|software)\b[^.]{0,60}\b(?:available|releas\w+|public\w*|online"
    r"|open[- ]?sourc\w+|provided)|\b(?:releas\w+|open[- ]?sourc\w+|publish\w*|provide|share)\b[^.]{0,60}\b(?:code|codes|codebase|implementation|models?|weights|toolkit|library|package|software)\b",
    re.IGNORECASE,
)
_DATA_NAME = r"(?P<name>[A-Z][\w.+-]*[A-Z\d][\w.+-]*(?:[- ][A-Z\d][\w.+-]*)?)"
#: "on the CIFAR-10 dataset", "the GLUE benchmark": a name in front of the word in the singular.
_DATA_SET = re.compile(rf"\b{_DATA_NAME} (?:data ?set|benchmark|corpus)\b")
_TESTED_ON = re.compile(
    r"\b(?:[Ee]xperiment\w*|[Ee]valuat\w+|[Rr]esults?|[Tt]ested|[Aa]chiev\w+|[Oo]utperform\w*|[Aa]ccurac\w+|[Pp]erformance|[Ss]urpass\w*|[Ii]mprov\w+)\b[^.;]*?"
    rf"\bon (?:the )?(?:(?:challenging|popular|public|publicly available|large-scale|standard|recent) )*{_DATA_NAME} (?:data ?set|benchmark|corpus)\b"
)
_ON_NAME = re.compile(
    rf"\b(?:on|and|of|with|using) (?:the )?{_DATA_NAME}(?= (?:and|data ?sets?|benchmarks?|corp))"
)
_LISTED_AFTER = re.compile(r"[^.]{0,40}?(?:,| and| with| as well as) (?:the |on )*[A-Z]")
#: More than one, or one of its own making.
_SEVERAL = re.compile(
    r"\b(?:data ?sets|benchmarks|corpora|databases|test ?beds|tasks|domains|environments|real[- ]world|synthetic|simulat\w+|multiple|several|various|diverse|both|cross-data ?set)\b"
    r"|\b(?:we|us|our|paper|work) (?:\w+ )?(?:introduc|present|propos|releas|construct|creat|build|built|collect|curat|contribut|data ?set|benchmark|corpus)\w*[^.]{0,80}\b(?:data ?set|benchmark|corpus)\b"
    r"|\b(?:ImageNet|CIFAR|COCO|MNIST|VOC|ADE20K|Cityscapes|KITTI|LibriSpeech|SQuAD|GLUE|MMLU|GSM8K|MATH|Kinetics)\b[^.]{0,60}\b(?:and|,)[^.]{0,40}\b[A-Z]{2}",
    re.IGNORECASE,
)


def sounds_like_a_limit(candidate: Candidate) -> bool:
    """The source admits a limit of its own work, not of what was before."""
    if not candidate.is_after_claim or candidate.role == "background":
        return False
    text = candidate.text
    if candidate.item.kind == "paper":
        admits = _ADMITS.search(text) or of_itself(candidate.name).search(text)
        is_denied = _OF_OTHERS.search(text)
    else:
        admits, is_denied = _LIMIT.search(text), _NOT_LIMITED.search(text)
    return admits is not None and not is_denied and not _OVERCOME.search(text)


@lru_cache(maxsize=256)
def of_itself(name: str) -> re.Pattern[str]:
    """Finds a work of that name that speaks of what it itself does not do."""
    called = rf"|\b{re.escape(name)}" if name else ""
    return re.compile(_OF_ITSELF.replace("^It|", f"^It{called}|"), re.IGNORECASE)


def admitted(found: Sequence[Candidate]) -> list[Candidate]:
    """The sentences in which the source says what it cannot do, best first (short ones of the lead), at most two."""
    fit = [c for c in found if c.is_tellable and sounds_like_a_limit(c) and _stands(c)]
    fit.sort(key=lambda c: (not c.is_lead, c.word_count > 45, -c.index))
    best: list[Candidate] = []
    for candidate in fit:
        if all(overlap(candidate.content, other.content) < SAME for other in best):
            best.append(candidate)
    return sorted(best[:MAX_ADMITTED], key=lambda c: (not c.is_lead, c.item.id, c.index))


def _stands(candidate: Candidate) -> bool:
    """Alone among the caveats, "It" can only be what the story is about; "This" may be anything."""
    return not candidate.leans or re.match(r"(?:It|They) ", candidate.text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The numbers of the stories of an issue for which a fact holds; it is said once, at the first of them."""

    preprints: tuple[int, ...] = ()
    codeless: tuple[int, ...] = ()

    @classmethod
    def of(cls, stories: Sequence[Story]) -> Shared:
        """Of the stories in the order of their numbers."""
        return cls(
            preprints=tuple(n for n, s in enumerate(stories, 1) if is_preprint(s)),
            codeless=tuple(n for n, s in enumerate(stories, 1) if lacks_code(s)),
        )

    def said_at(self, number: int) -> list[str]:
        """What is to be said at the story of this number."""
        said = []
        if self.preprints[:1] == (number,):
            said.append(_once(self.preprints, frame.PREPRINT_ONE, frame.PREPRINT_MANY))
        if self.codeless[:1] == (number,):
            said.append(_once(self.codeless, frame.NO_CODE_ONE, frame.NO_CODE_MANY))
        return said


def _once(numbers: Sequence[int], one: str, many: str) -> str:
    if len(numbers) == 1:
        return one
    return many.format(stories=frame.STORIES.format(numbers=frame.joined([str(n) for n in numbers])))  # fmt: skip


def from_facts(
    story: Story, where: str, *, shared: Shared | None = None, number: int = 0
) -> list[Sentence]:
    """What the digest itself knows: of this story, and what is ``shared`` where this ``number`` is to say it."""
    said = []
    if any(map(is_withdrawn, story.items)):
        said.append(frame.WITHDRAWN)
    if any(i.kind == "post" and is_own_work(i) for i in story.items):
        said.append(frame.OWN_BLOG)
    if story.lead.kind == "article" and not any(i.kind in ("paper", "code") for i in story.items):
        said.append(frame.NOT_THE_PAPER.format(where=where))
    if data := only_data_set(story):
        said.append(frame.ONE_DATA_SET.format(name=data))
    if shared:
        said += shared.said_at(number)
    if _is_only_an_abstract(story) and not is_preprint(story):
        said.append(frame.ABSTRACT_ONLY)
    return [Sentence(text=text, origin="digest") for text in said]


def is_withdrawn(item: Item) -> bool:
    """A paper whose title, abstract or comment says that it was withdrawn."""
    if item.kind != "paper":
        return False
    return any(_WITHDRAWN.search(t) for t in (item.title, item.text[:300], item.note))


def lacks_code(story: Story) -> bool:
    """A paper that links no code and no page of its own, says of none, and that nobody brought code to."""
    if not any(i.kind == "paper" and i.text.strip() for i in story.items):
        return False
    if any(i.kind == "code" for i in story.items) or has_code(story):
        return False
    return not any(_SAYS_CODE.search(f"{i.text} {i.note}") for i in story.items)


def only_data_set(story: Story) -> str:
    """The one data set that a paper told by its abstract tests on; "" where it names none, more, or speaks of several."""
    if not _is_only_an_abstract(story):
        return ""
    text = story.lead.text
    named = {m["name"] for m in _DATA_SET.finditer(text)}
    tested = next(_TESTED_ON.finditer(text), None)
    if tested is None or named != {tested["name"]} or _SEVERAL.search(text):
        return ""
    others = {m["name"] for m in _ON_NAME.finditer(text)} - named
    is_listed = _LISTED_AFTER.match(text, tested.end())
    return "" if others or is_listed else tested["name"]


def _is_only_an_abstract(story: Story) -> bool:
    return story.lead.kind == "paper" and all(i.kind in ("paper", "thread") for i in story.items)


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
