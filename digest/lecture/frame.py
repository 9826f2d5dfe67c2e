"""Every fixed phrase that the digest itself says, in English; another language is a translation of this file.

Placeholders in braces are filled by ``str.format``. A phrase is spoken: short, no hype, nothing that a fact of the issue
does not carry.
"""

from __future__ import annotations

from datetime import date

from digest.issue import PartKind
from digest.types import ItemKind

LANGUAGE = "en"

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

PART_TITLES: dict[PartKind, str] = {
    "whats_new": "What's new",
    "before": "Before this",
    "how": "How it works",
    "tested": "How it was tested",
    "why": "Why it matters",
    "caveats": "Caveats",
}

# -- opening and closing
GREETING = "Welcome to {title} no. {number}, for the week to {day}."
RECAP_THEME = "{when} was mostly about {theme}; the main story was {main}."
RECAP = "{when}, the main story was {main}."
LAST_WEEK = "Last week"
LAST_ISSUE = "The last issue, no. {number} of {day},"
LAST_ISSUE_ADVERBIAL = "In the last issue, no. {number} of {day}"
THEME = "This week is mostly about {theme}."
THEME_AFTER = "After a week of {last}, this week is more about {theme}."
THEME_AGAIN = "This week is again mostly about {theme}."
READ_ONE = "If you read one thing: {title} ({badge})."
NEXT_CLASS = "See you back in class on {day}: lecture {number}, {title}."
HAPPY_HOLIDAY = "Happy {name}."
HOLIDAY = "{name} is on {day}."
HOLIDAY_TODAY = "Today is {name}."
HOLIDAY_PAST = "{name} was on {day}."
#: Days that one wishes otherwise.
WISHES = {
    "christmas day": "Merry Christmas.",
    "christmas": "Merry Christmas.",
    "new year's day": "Happy New Year.",
    "thanksgiving day": "Happy Thanksgiving.",
    "chinese new year": "Happy Lunar New Year.",
    "korean new year": "Happy Lunar New Year.",
}
WEEKEND = "Have a nice weekend."
WEEK = "Have a good week."
#: Days of which one says "Happy ...", by a word in their name; of all others it is told when they are.
FESTIVE = (
    "new year", "christmas", "easter", "thanksgiving", "diwali", "deepavali", "eid", "holi", "hanukkah", "passover",
    "purim", "nowruz", "navruz", "halloween", "valentine", "mother's day", "father's day", "women's day",
    "children's day", "teacher's day", "pi day", "saint patrick", "st. patrick", "vesak", "carnival", "midsummer",
    "mid-autumn", "moon festival", "spring festival", "songkran", "dragon boat", "chuseok", "juneteenth",
    "independence day", "national day", "republic day", "constitution day", "canada day", "australia day",
)  # fmt: skip
#: And of which one never does, festive word or not: a break is no feast.
SOLEMN = (
    "memorial", "remembrance", "mourning", "victims", "genocide", "break", "recess", "no class", "reading week", "exam",
    "eve of", "monday", "week",
)  # fmt: skip

# -- how a story is opened; {title} is quoted, {topic} a topic's title, {by} names the authors
OPEN_FIRST_PAPER = ("We start with {topic}. The title of the paper is {title}{by}.",)
OPEN_PAPER = (
    "The title of the next paper is {title}{by}.",
    "Next, a paper{by_from}: {title}.",
    "From {where}, a paper on {topic}{by_from}: {title}.",
    "A paper on {topic} comes{by_from}: {title}.",
)
OPEN_SAME_TOPIC = (
    "Staying with {topic}, another paper{by_from}: {title}.",
    "One more on {topic}{by}: {title}.",
)
OPEN_JOURNAL = ("An article in {where}{by}: {title}.", "From the journal {where}{by}: {title}.")
OPEN_POST = (
    "An article on the {where}: {title}.",
    "The {where} writes about {topic}: {title}.",
)
OPEN_POST_PAPER = (
    "An article on the {where}, which links to the paper as well: {title}.",
    "The {where} presents a paper, and here are both: {title}.",
)
OPEN_VIDEO = ("A video by {where}: {title}.", "{where} shows a video on {topic}: {title}.")
OPEN_VIDEO_PAPER = ("A video by {where}, and the paper that it is about: {title}.",)
OPEN_THREAD = (
    "This one is not so much news as a discussion on {where}: {title}.",
    "A question that {where} talked about: {title}.",
)
OPEN_ARTICLE = ("From the press, found in {where}: {title}.", "{where} reports: {title}.")
OPEN_CODE = ("New code: {title}.",)
OPEN_LAST = "One last story. "
NEXT = "Next, "  #: not said of the last one
BY = ", by {names}"
FROM = " from {names}"
COLLEAGUES = "{name} and colleagues"
AND = "and"
NO_TEXT = "No text was available, so here are the title and the links only."
NEAR_THE_COURSE = "close to the course"  #: a reason, where the story itself names the lecture

# -- in this course
COVERED = "We covered {what} in lecture {number}{title}, on {day}."
TODAY = "Today we cover {what}: lecture {number}{title}."
SOON = "We cover {what} on {weekday}: lecture {number}{title}."
LATER = "We come to {what} later this term: lecture {number}{title}, on {day}."
UNDATED = "In this course {what} belongs to lecture {number}{title}."
THIS = "this"

# -- caveats from facts
PREPRINT_ONE = "This is a preprint: no journal or conference is named for it yet, and only the abstract was read for this issue."
PREPRINT_MANY = "{stories} are preprints: no journal or conference is named for them yet, and only the abstracts were read for this issue."
STORIES = "Stories {numbers}"
ABSTRACT_ONLY = "Only the abstract was read for this issue."
NO_CODE_ONE = "No code is linked for it."
NO_CODE_MANY = "{stories} link no code, as far as was read here."
WITHDRAWN = "This paper has been withdrawn; what it says should not be relied on."
ONE_DATA_SET = "The only data set that its abstract names is {name}."
OWN_BLOG = "The post is by the people who built what it describes."
NOT_THE_PAPER = (
    "This rests on the report in {where}; no paper or code is linked that would let one check it."
)

# -- results as a chart
RESULT_OURS = "this work"
RESULT_BEFORE = "before"
RESULT_AFTER = "after"
RESULT_FACTOR = "{measure}, {baseline} = 1x"
RESULT_BETTER = {"higher": "higher is better", "lower": "lower is better", "": ""}
RESULT_IN_WORDS = "{title}{better}: {values}."

# -- figures; {caption} and {sentence} are quoted
FIGURE_KINDS = {
    "results": "A figure of results",
    "overview": "An overview of the method",
    "other": "A figure",
}
FIGURE_AGAINST = "It sets {y} against {x}."
FIGURE_BETTER = "{ways}."
FIGURE_WAYS = {"higher": "higher {metric} is better", "lower": "lower {metric} is better"}
FIGURE_SAYS = "Its caption says: {sentence}."
FIGURE_CREDIT = "{authors}, {title}, {where}"
FIGURE_RESIZED = "resized"
FIGURE_UNALTERED = "unaltered"
FIGURE_SHARE_ALIKE = "The picture keeps this licence."
FIGURE_NOT_SHOWN = "Its licence does not let us show it here."
FIGURE_ALT = "{kind}; its caption: {caption}"

# -- class projects; {compute} is one of COMPUTE
COMPUTE = {
    "undergraduate": "a laptop or a free notebook GPU, an hour or two a run",
    "graduate": "one GPU for a day",
    "lab": "one or two GPUs for a week",
}
PROJECT_COMPUTE = "It needs no more than {compute}."
PROJECT_SCALE = (
    "The source speaks of {size} parameters; for a first answer {model} is enough, on {compute}."
)
PROJECT_DATA = "{name}: {size}; license: {licence}"

# -- discussions
DISPUTED = "This is disputed: {objecting}, and {agreeing}."
AGREED = "There is more agreement than dispute: {agreeing}, and {objecting}."
COUNTED = {
    "object": ("one comment objects to what it answers", "{count} comments object to what they answer"),
    "agree": ("one agrees", "{count} agree"),
    "agree_first": ("one comment agrees with what it answers", "{count} comments agree with what they answer"),
    "object_second": ("one objects", "{count} object"),
}  # fmt: skip
NONE_AGREES = "none agrees in so many words"
NONE_OBJECTS = "none objects in so many words"
SINGLE_VOICES = "No two of the {count} comments read say the same, so each of these is one voice."
LEFT_OUT = {
    "deleted": "deleted",
    "bot": "by bots",
    "link": "links only",
    "short": "too short",
    "cheer": "thanks or praise",
    "joke": "jokes",
    "foreign": "not in English",
    "repeated": "said twice",
    "later": "of fewer points, beyond the {most} best",
}

# -- connections
FOLLOW_UP = "This goes on with a story of issue {issue}: {title}."
#: By the kind of tie; "_back" where the story told before has it from this one.
TIES_HERE = {
    "cites": "It refers to the work of story {number}: {title}.",
    "cites_back": "This is what story {number} refers to: {title}.",
    "names": "{what} is the work of story {number}: {title}.",
    "names_back": "{what} came up in story {number} already: {title}.",
    "authors": "Some of the authors are those of story {number}, {what} among them: {title}.",
    "term": "{What} came up in story {number} as well: {title}.",
    "name": "{What} came up in story {number} as well: {title}.",
    "subject": "Like story {number}, it is about {what}: {title}.",
}
TIES_PAST = {
    "cites": "It refers to a work that issue {issue} told of: {title}.",
    "cites_back": "A story of issue {issue} refers to this work: {title}.",
    "names": "Issue {issue} told of {what}, which it names: {title}.",
    "names_back": "{what} came up in issue {issue} already: {title}.",
    "authors": "Issue {issue} had a story by some of the same authors, {what} among them: {title}.",
    "term": "{What} was a subject of issue {issue} already: {title}.",
    "name": "{What} was a subject of issue {issue} already: {title}.",
    "subject": "A story of issue {issue} was about {what} too: {title}.",
}

# -- links
PDF = "PDF"
DISCUSSION_ON = "Discussion on {where}"
POINTS = "{count} points"
ONE_POINT = "1 point"
COMMENTS = "{count} comments"
ONE_COMMENT = "1 comment"
CODE_ON = "Code on {host}"

# -- who speaks in reported speech
AUTHORS = "the authors"
AUTHOR = "the author"
POSTER = "the poster"
VENDOR_SAYS = "{name} says it"
RESEARCHERS = "{possessive} researchers"
PRESENTS = "{who} presents {what}"
#: What an item is called.
WORKS: dict[ItemKind, str] = {
    "paper": "the paper",
    "post": "the post",
    "thread": "the post",
    "article": "the article",
    "code": "the project",
}
QUOTED = '{subject} {verb}: "{sentence}"'
WRITES = "writes"
WRITE = "write"
ASKS = "asks"
ASK = "ask"


def day_month(day: date) -> str:
    """Spoken without the year: "23 March"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """The name of the day: "Tuesday"."""
    return WEEKDAYS[day.weekday()]


def full_day(day: date, *, has_year: bool = False) -> str:
    """With its weekday: "Saturday 13 February", with ``has_year`` "Saturday 13 February 2021"."""
    text = f"{weekday(day)} {day_month(day)}"
    return f"{text} {day.year}" if has_year else text


def joined(words: list[str]) -> str:
    """A list as spoken: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {AND} {words[-1]}"


def quoted(title: str) -> str:
    """The title in typographic quotation marks, those inside it made single."""
    inner = title.strip().rstrip(".").replace("“", "‘").replace("”", "’").replace('"', "'")
    return f"“{inner}”"


def finished(sentence: str) -> str:
    """The sentence with no full stop after a quotation that brings its own end: “Why?”. -> “Why?”"""
    for mark in "?!":
        sentence = sentence.replace(f"{mark}”.", f"{mark}”")
    return sentence


def capitalized(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
