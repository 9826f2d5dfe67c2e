"""Two issues to render: a rich one with every field filled, and the least that an issue can be.

Titles, authors, ids and dates are public facts; every other sentence is written for these tests. The texts carry what a
renderer must survive: TeX, ``<``, ``&``, quotes of every kind, Unicode, a price in dollars, a long URL.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from digest.health import SourceStatus
from digest.issue import (
    BriefStory,
    Connection,
    CourseLink,
    Coverage,
    Discussion,
    FullStory,
    Issue,
    ModelNote,
    NextClass,
    Part,
    Position,
    ProjectIdea,
    Recap,
    ResultBar,
    ResultChart,
    Sentence,
    SourceCoverage,
    StoryFigure,
    StoryLink,
    Term,
)
from digest.types import Origin, Span

ARXIV = "https://arxiv.org/abs/"
THREAD = "https://www.reddit.com/r/MachineLearning/comments/zzdlth1/d_recent_advances_in_deep_learning_theory/"
GENOMES = (
    "https://journals.plos.org/plosgenetics/article?id=10.1371/journal.pgen.1009303&type=printable"
)
TRACIN = "arxiv:2002.08484"
THEORY = "reddit:zzdlth1"
PLOS = "doi:10.1371/journal.pgen.1009303"


def says(
    text: str, origin: Origin = "extractive", *, item: str = TRACIN, source: str = ""
) -> Sentence:
    """A sentence that rests on the item, or is the digest's own."""
    if origin == "digest":
        return Sentence(text=text, origin=origin)
    url = {TRACIN: ARXIV + "2002.08484", THEORY: THREAD, PLOS: GENOMES}[item]
    span = Span(item_id=item, start=0, end=len(source or text))
    return Sentence(text=text, origin=origin, spans=(span,), source_text=source, url=url)


def found_labels() -> ResultChart:
    """A result with what a drawing must survive."""
    return ResultChart(
        title="Wrong labels found, first 20% of the $k$-ranking",
        better="higher is better",
        bars=(
            ResultBar(label="TracIn-CP & friends", value="86.5%", amount=86.5, is_main=True),
            ResultBar(label="influence <functions>", value="43.2%", amount=43.2),
        ),
        description="Wrong labels found (higher is better): TracIn-CP & friends 86.5% and influence <functions> 43.2%.",
        sentence=says("TracIn-CP finds 86.5% of the labels, compared with 43.2% for influence."),
    )


def shown_figure() -> StoryFigure:
    """One whose licence lets it be shown."""
    caption = "Fraction of <wrong> labels found vs. fraction of data checked & $k$ checkpoints."
    return StoryFigure(
        kind="A figure of results",
        caption=caption,
        reading=("It sets the fraction of <wrong> labels found against the data checked.",),
        url="https://arxiv.org/html/2002.08484#S4.F3",
        credit="Garima Pruthi and colleagues, “Estimating Training Data Influence”, arXiv 2002.08484",
        licence="CC BY-SA 4.0",
        licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
        changes="resized. The picture keeps this licence.",
        picture="figure-0123456789abcdef.png",
        width=1056,
        height=640,
        alt=f"A figure of results; its caption: {caption}",
    )


def influence_story() -> FullStory:
    """A blog post and its paper as one story, with every part of a story."""
    return FullStory(
        number=1,
        key=TRACIN,
        item_ids=(TRACIN, "feed:9f2c4b1d77aa0e31"),
        badge="Google AI Blog",
        opening="An article on the Google AI Blog, which links to the paper as well: “TracIn — A Simple Method to "
        "Estimate Training Data Influence”.",
        title="Estimating Training Data Influence by Tracing Gradient Descent",
        authors=("Garima Pruthi", "Frederick Liu", "Mukund Sundararajan", "Satyen Kale"),
        date=date(2021, 2, 5),
        links=(
            StoryLink(label="arXiv 2002.08484", url=ARXIV + "2002.08484", kind="paper"),
            StoryLink(label="PDF", url="https://arxiv.org/pdf/2002.08484", kind="pdf"),
            StoryLink(
                label="Google AI Blog",
                url="https://ai.googleblog.com/2021/02/tracin-simple-method-to-estimate.html",
                kind="post",
            ),
            StoryLink(
                label="Code", url="https://github.com/frederick0329/TracIn?a=1&b=2", kind="code"
            ),
        ),
        headline=(
            says(
                "TracIn follows how the loss on a test example changes whenever a training example is used, and so "
                "ranks the training examples that helped or harmed a prediction.",
                "model",
                source="We trace the loss of a test point over the course of training & credit each step.",
            ),
        ),
        parts=(
            Part(
                kind="whats_new",
                title="What's new",
                sentences=(
                    says(
                        "The authors estimate influence from saved checkpoints alone, with a first-order term "
                        r"$\eta\,\nabla\ell(w,z)\cdot\nabla\ell(w,z')$ per step, at a cost of $O(d^{3/2})$.",
                        "reported",
                        source=r"We estimate influence from checkpoints alone, at a cost of $O(d^{3/2})$.",
                    ),
                ),
            ),
            Part(
                kind="before",
                title="Before this",
                sentences=(
                    says(
                        "Influence functions need the inverse of the Hessian, which is out of reach for a network with "
                        "millions of weights & assumes that training has converged."
                    ),
                ),
            ),
            Part(
                kind="how",
                title="How it works",
                sentences=(
                    says(
                        "A training example whose gradient points the same way as that of the test example lowers its "
                        "loss and is called a proponent.",
                        "model",
                        source="Proponents are examples that reduce loss.",
                    ),
                    says(
                        "One that raises it is an opponent: the loss on a “zucchini” falls on other "
                        "zucchini and rises on seat belts."
                    ),
                ),
            ),
            Part(
                kind="tested",
                title="How it was tested",
                sentences=(
                    says(
                        "On CIFAR-10 with 10% of the labels flipped, TracIn finds more of the wrong labels in the first "
                        "20% of its ranking than influence functions do, p < 0.05."
                    ),
                ),
            ),
            Part(
                kind="why",
                title="Why it matters",
                sentences=(
                    says(
                        "Wrong labels can be found without looking at all the data, and a run costs about $5 and saves "
                        "$10 of labeling.",
                        "reported",
                        source="You can find wrong labels; a run costs about $5 and saves $10 of labeling.",
                    ),
                ),
            ),
            Part(
                kind="caveats",
                title="Caveats",
                sentences=(
                    says(
                        "The ranking depends on which checkpoints are kept; the authors use every 30th."
                    ),
                    says("The post is by the people who built what it describes.", "digest"),
                ),
            ),
        ),
        chart=found_labels(),
        figure=shown_figure(),
        terms=(
            Term(
                term="checkpoint",
                definition="A copy of all weights, saved during training so that one can go back to it.",
            ),
            Term(
                term="gradient",
                definition="The direction in weight space in which the loss rises most steeply. Training walks the other way.",
            ),
        ),
        course=CourseLink(
            sentence="We covered gradient descent in lecture 6, “Learning by gradient descent”, on 11 February.",
            lecture=6,
            title="Learning by gradient descent",
            date=date(2021, 2, 11),
            tense="past",
            url="https://course.example.edu/lectures/06",
        ),
        connections=(
            Connection(
                sentence="Both ask what single training examples do to a network: see story 2.",
                target_key=THEORY,
                target_title="[D] Recent advances in deep learning theory?",
                target_number=2,
            ),
            Connection(
                sentence="Removing biased data was a subject of issue 2 already.",
                target_key="arxiv:2102.03054",
                target_title="Removing biased data to improve fairness and accuracy",
                issue_number=2,
                url="https://digest.example.org/2021/w05/#story-1",
            ),
        ),
        project=ProjectIdea(
            title="Find the wrong labels in your own data",
            task="Flip 5% of the labels of Fashion-MNIST, train a small network, and see how many of the flipped ones rank at the top.",
            data="Fashion-MNIST, 60,000 training images",
            first_step="Save the weights after each epoch & compute the gradient of the last layer for ten test images.",
        ),
        topics=("interpretability", "data"),
        reasons=(
            "183 points and 14 comments on r/MachineLearning",
            "matches your interest “influence”",
            "blog post and paper in one week",
        ),
        summarizer="hf:smollm2-135m@1",
        is_replaced=True,
        speaking_seconds=116,
    )


def theory_story() -> FullStory:
    """A thread, reported as positions."""
    return FullStory(
        number=2,
        key=THEORY,
        item_ids=(THEORY,),
        badge="r/MachineLearning",
        opening="This one is not so much news as a discussion on r/MachineLearning: “[D] Recent advances in deep "
        "learning theory?”",
        title="[D] Recent advances in deep learning theory?",
        authors=("curious_grad <student>",),
        date=date(2021, 2, 9),
        links=(
            StoryLink(label="Discussion on r/MachineLearning", url=THREAD, kind="thread"),
            StoryLink(label="arXiv 1803.03635", url=ARXIV + "1803.03635", kind="paper"),
        ),
        headline=(
            says(
                "A student asks which results of the last two years changed how people think about why deep networks generalize.",
                "reported",
                item=THEORY,
                source="Which results of the last two years changed how you think about generalization?",
            ),
        ),
        parts=(),
        terms=(
            Term(
                term="double descent",
                definition="Test error that falls, rises near the point where the network can just fit the data, and falls again as it grows.",
            ),
        ),
        discussion=Discussion(
            where="r/MachineLearning",
            url=THREAD,
            question=says(
                "Is there anything since the lottery ticket hypothesis that one has to have read?",
                item=THEORY,
            ),
            positions=(
                Position(
                    text="Double descent. It made me throw out the bias & variance slide of my intro course.",
                    author="overparametrized",
                    url=THREAD + "c1/",
                    comment_count=6,
                    score=94,
                ),
                Position(
                    text="Neural tangent kernels explain wide networks, not the ones <we> train.",
                    author="",
                    url=THREAD + "c2/",
                    comment_count=1,
                    score=None,
                ),
                Position(
                    text="Most of it is still post hoc; nobody predicted anything before the experiment.",
                    author="skeptic_42",
                    url=THREAD + "c3/",
                    comment_count=3,
                    score=1,
                ),
            ),
            score=183,
            comment_count=47,
            open_questions=(
                says(
                    "Whether winning tickets carry over to large language models stays open.",
                    "model",
                    item=THEORY,
                    source="Does anybody know of tickets at BERT size?",
                ),
            ),
        ),
        course=CourseLink(
            sentence="We come to regularization later this term: lecture 10, on 4 March.",
            lecture=10,
            title="Regularization",
            date=date(2021, 3, 4),
            tense="future",
        ),
        topics=("theory",),
        reasons=("183 points and 47 comments on r/MachineLearning",),
        summarizer="extractive",
        speaking_seconds=74,
    )


def genomes_story() -> FullStory:
    """A journal article with more authors than one wants to read."""
    return FullStory(
        number=3,
        key=PLOS,
        item_ids=(PLOS,),
        badge="PLOS Genetics",
        opening="One last story. From the journal PLOS Genetics, by Burak Yelmen and colleagues: “Creating artificial "
        "human genomes using generative neural networks”.",
        title="Creating artificial human genomes using generative neural networks",
        authors=(
            "Burak Yelmen",
            "Aurélien Decelle",
            "Linda Ongaro",
            "Davide Marnetto",
            "Corentin Tallec",
            "Francesco Montinaro",
            "Cyril Furtlehner",
            "Luca Pagani",
            "Flora Jay",
        ),
        date=date(2021, 2, 4),
        links=(StoryLink(label="PLOS Genetics", url=GENOMES, kind="paper"),),
        headline=(
            says(
                "Generative networks write artificial genomes that keep the statistics of real ones and belong to nobody.",
                "model",
                item=PLOS,
                source="We generate artificial genomes that mimic real ones.",
            ),
        ),
        parts=(
            Part(
                kind="whats_new",
                title="What's new",
                sentences=(
                    says(
                        "A generative adversarial network and a restricted Boltzmann machine are trained on 5,008 "
                        "haplotypes of the 1000 Genomes Project, with |loss| ≤ 10⁻³ and a naïve baseline.",
                        item=PLOS,
                    ),
                ),
            ),
            Part(
                kind="why",
                title="Why it matters",
                sentences=(
                    says(
                        "Genomes of real people are seldom shared, since they identify their owners; artificial ones "
                        "could be.",
                        item=PLOS,
                    ),
                ),
            ),
        ),
        topics=("science", "generative", "privacy"),
        reasons=("matches your interest “privacy”",),
        summarizer="hf:smollm2-135m@1",
        speaking_seconds=52,
    )


def brief(number: int, title: str, sentence: Sentence | None, *topics: str) -> BriefStory:
    """One line on an arXiv paper."""
    return BriefStory(
        key=f"arxiv:2102.0{number}",
        item_ids=(f"arxiv:2102.0{number}",),
        badge="arXiv",
        title=title,
        url=f"{ARXIV}2102.0{number}",
        sentence=sentence,
        topics=topics,
        reasons=("new this week",),
    )


def sample_issue() -> Issue:
    """Issue no. 3 of a course: three full stories, four briefs, a failed source, every field filled."""
    return Issue(
        week="2021-W06",
        slug="2021/w06",
        number=3,
        date=date(2021, 2, 13),
        title="Deep Learning News",
        language="en",
        course="Introduction to Deep Learning",
        lecturer="S. Example",
        greeting="Welcome to Deep Learning News no. 3, for the week to Saturday 13 February.",
        recap=Recap(
            issue_number=2,
            date=date(2021, 2, 6),
            theme="language models",
            main_title="Removing biased data to improve fairness and accuracy",
            url="https://digest.example.org/2021/w05/",
            sentence="Last week was mostly about language models; the main story was “Removing biased data to improve "
            "fairness and accuracy”.",
        ),
        theme="computer vision",
        theme_sentence="After a week of language models, this week is more about computer vision.",
        stories=(influence_story(), theory_story(), genomes_story()),
        briefs=(
            brief(
                5095,
                "Is Space-Time Attention All You Need for Video Understanding?",
                says("The authors build a video classifier from self-attention only.", "reported"),
                "vision",
            ),
            brief(
                6171,
                "High-Performance Large-Scale Image Recognition Without Normalization",
                says("NFNets reach 86.5% top-1 accuracy without batch normalization.", "model"),
                "vision",
                "optimization",
            ),
            brief(6810, r"Bounds of Order $\tilde{O}(\sqrt{T})$ for x < y & z", None, "theory"),
            brief(
                7492,
                "Do We Need “Large” Models? <em>A 'Naïve' Look</em>",
                says('They ask whether "large" is needed & answer no.', "model"),
                "language",
            ),
        ),
        read_one="If you read one thing: “Estimating Training Data Influence by Tracing Gradient Descent” (arXiv).",
        closing="Happy Lunar New Year, and have a nice weekend.",
        next_class=NextClass(
            date=date(2021, 2, 16),
            lecture=7,
            title="Automatic differentiation",
            url="https://course.example.edu/lectures/07",
        ),
        topic_counts=(
            ("vision", 11),
            ("language", 7),
            ("theory", 4),
            ("interpretability", 2),
            ("fairness", 1),
        ),
        coverage=Coverage(
            items=61,
            stories=48,
            full=3,
            brief=4,
            left_out=41,
            by_source=(
                SourceCoverage(
                    name="arXiv", collected=38, full=2, brief=3, left_out=32, told_before=1
                ),
                SourceCoverage(
                    name="r/MachineLearning", collected=18, full=2, brief=1, left_out=15
                ),
                SourceCoverage(name="Google AI Blog", collected=4, full=1, brief=1, left_out=2),
                SourceCoverage(name="The Batch", collected=1, full=0, brief=0, left_out=1),
            ),
        ),
        sources=(
            SourceStatus(
                name="arXiv",
                is_ok=True,
                item_count=38,
                last_success=datetime(2021, 2, 13, 18, 0, tzinfo=UTC),
            ),
            SourceStatus(
                name="r/MachineLearning",
                is_ok=True,
                item_count=1,
                last_success=datetime(2021, 2, 13, 18, 0, tzinfo=UTC),
            ),
            SourceStatus(
                name="The Batch",
                is_ok=False,
                item_count=0,
                last_success=datetime(2021, 2, 6, 18, 0, tzinfo=UTC),
                error="503 Service Unavailable",
                hint="try again later",
            ),
            SourceStatus(
                name="A lab's blog",
                is_ok=False,
                item_count=0,
                last_success=datetime(2021, 1, 16, 18, 0, tzinfo=UTC),
                error="HTTP 404",
                hint="check the url of this source in feeds.yaml",
                failing_weeks=4,
                usual_count=2,
            ),
        ),
        model=ModelNote(model_id="hf:smollm2-135m@1", summaries=7, replaced=2),
        reading_minutes=6,
        speaking_minutes=5,
        created=datetime(2021, 2, 13, 18, 4, 5, tzinfo=UTC),
        url="https://digest.example.org/2021/w06/",
        site_url="https://digest.example.org/",
        version="0.1.0",
    )


def minimal_issue() -> Issue:
    """The first issue of no course and no site: one story without parts, no model, no source that worked."""
    story = FullStory(
        number=1,
        key="feed:0000000000000001",
        item_ids=("feed:0000000000000001",),
        badge="A blog",
        opening="",
        title="A post without a text",
        authors=(),
        date=None,
        links=(),
        headline=(),
        parts=(),
    )
    return Issue(
        week="2026-W01",
        slug="2026/w01",
        number=1,
        date=date(2026, 1, 5),
        title="Weekly ML News",
        language="en",
        course="",
        lecturer="",
        greeting="",
        recap=None,
        theme="",
        theme_sentence="",
        stories=(story,),
        briefs=(),
        read_one="",
        closing="",
        next_class=None,
        topic_counts=(),
        coverage=Coverage(items=1, stories=1, full=1, brief=0, left_out=0),
        sources=(
            SourceStatus(
                name="A blog",
                is_ok=False,
                item_count=1,
                last_success=None,
                error="no answer",
                hint="is the machine online?",
            ),
        ),
        model=ModelNote(
            model_id="extractive", summaries=0, replaced=0, fallback_reason="no weights were found"
        ),
        reading_minutes=1,
        speaking_minutes=1,
        created=datetime(2026, 1, 5, 7, 0, tzinfo=UTC),
        url="",
        site_url="",
        version="0.1.0",
    )
