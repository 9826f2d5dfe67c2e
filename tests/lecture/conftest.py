"""Issues composed from made-up stories, shared by the tests of the lecture."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from digest.config import parse_config
from digest.issue import ModelNote
from digest.lecture import compose
from digest.lecture.syllabus import Holiday, Lecture, Syllabus
from digest.records import IssueSlot
from digest.sentences import split
from digest.types import Checked, Selection, Span, Summary, SummarySentence
from digest.week import Week
from tests.lecture.make import comment, item, ranked

CONFIG = parse_config(
    {
        "title": "Deep Learning News",
        "site_url": "https://example.org/news",
        "sources": [
            {"kind": "arxiv", "name": "arXiv", "categories": ["cs.LG"]},
            {"kind": "feed", "name": "blog", "badge": "The Blog", "url": "https://b.org/feed"},
            {"kind": "reddit", "subreddit": "MachineLearning"},
        ],
    }
)
COURSE = Syllabus(
    course="DL 101",
    lectures=(
        Lecture(number=5, title="Generalization", date=date(2021, 2, 9), keywords=("double descent",)),
        Lecture(number=7, title="Autodiff", date=date(2021, 2, 16), keywords=("backpropagation",)),
        Lecture(number=18, title="Explanations", date=date(2021, 3, 25), keywords=("influence",)),
    ),
    holidays=(Holiday(date(2021, 2, 12), "Lunar New Year"),),
)  # fmt: skip


def stories():
    """A week in small: a biased-data paper, an older paper with its post, a thread."""
    fair = item(
        "arxiv:2102.1",
        "Removing biased data",
        "Fair models usually pay with accuracy. We propose to repair the training set. An influence estimate ranks the"
        " training points. Discrimination falls to 0% on eight data sets with a sensitive attribute.",
        authors=("Ann", "Bob"),
    )
    paper = item(
        "arxiv:2002.2",
        "Estimating training data influence",
        "Which examples matter? We propose TraceIt, which follows the loss. Training data influence is summed over"
        " checkpoints. In our experiments it uncovers wrong labels better than 3 baselines.",
        authors=("Cyd",),
        published=datetime(2020, 2, 1, tzinfo=UTC),
    )
    post = item(
        "feed:1",
        "TraceIt — training data influence made simple",
        "We release TraceIt today. It cannot be applied to a model behind a service.",
        kind="post",
        source="blog",
        links=("https://github.com/x/traceit",),
    )
    thread = item(
        "reddit:1",
        "[D] What stands in deep learning theory?",
        "I hear of double descent a lot. Which results still stand today?",
        kind="thread",
        source="r/MachineLearning",
        score=412,
        comment_count=47,
        comments=(comment("Double descent is real: I saw double descent in wide networks."),),
    )  # fmt: skip
    return (
        ranked(fair, topics=("fairness",), reason="137 points", score=3),
        ranked(paper, post, topics=("interpretability",), score=2),
        ranked(thread, topics=("theory",), score=1),
    )


def first_sentence(one, number=1):
    lead = one.story.lead
    start, end = split(lead.text)[number]
    span = Span(item_id=lead.id, start=start, end=end)
    sentence = SummarySentence(text=lead.text[start:end], origin="extractive", spans=(span,))
    return Checked(summary=Summary(item_id=lead.id, sentences=(sentence,), model_id="extractive"))


def make_issue(
    full, brief=(), *, week="2021-W06", number=3, syllabus=COURSE, past=(), checked=None
):
    when = Week.parse(week)
    left_out = [ranked(item(f"arxiv:2.{n}", "No news", "Nothing is told here.")) for n in (1, 2)]
    if checked is None:
        checked = {r.story.lead.id: first_sentence(r) for r in (*full, *brief)}
    return compose(
        week=when,
        slot=IssueSlot(
            number=number,
            date=(when.start.date() if week != "2021-W06" else date(2021, 2, 13)),
            created=datetime(2021, 2, 13, 18, tzinfo=UTC),
        ),
        config=CONFIG,
        syllabus=syllabus,
        selection=Selection(full=tuple(full), brief=tuple(brief), left_out=tuple(left_out)),
        checked=checked,
        model=ModelNote(model_id="extractive", summaries=len(checked), replaced=0),
        statuses=(),
        items=[i for r in (*full, *brief, *left_out) for i in r.story.items],
        topic_counts=(("vision", 4),),
        past=past,
        version="0",
    )


@pytest.fixture
def issue_two():
    from dataclasses import replace

    one = ranked(item("arxiv:2101.9", "Why do nets learn?", "Nets learn. We show why they learn."))
    issue = make_issue([one], week="2021-W05", number=2)
    return replace(issue, theme="language models", date=date(2021, 2, 4))
