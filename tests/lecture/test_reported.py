"""Reported speech: only who speaks changes; where grammar is in doubt the source is quoted."""

from __future__ import annotations

import re

import pytest

from digest.lecture.agreement import third_person
from digest.lecture.reported import (
    AUTHOR,
    AUTHORS,
    POSTER,
    Narrator,
    has_first_person,
    narrator_of,
    reported,
    without_connective,
)
from digest.types import Item

MANY = Narrator(speaker=AUTHORS, we=AUTHORS, i=None)
ONE = Narrator(speaker=AUTHOR, we=AUTHOR, i=AUTHOR)
THREAD = Narrator(speaker=POSTER, we=None, i=POSTER)

# what the source says -> what the digest says of several authors
PLURAL = {
    "We propose a sampler.": "The authors propose a sampler.",
    "We propose a sampler, and we test it.": "The authors propose a sampler, and they test it.",
    "we propose a sampler.": "The authors propose a sampler.",
    "In this paper, we show that it works.": "The authors show that it works.",
    "In this paper we show that it works.": "The authors show that it works.",
    "In this work, we present AB-Net.": "The authors present AB-Net.",
    "In this work, AB-Net is presented.": "AB-Net is presented.",
    "In this technical report, our aim is speed.": "The authors’ aim is speed.",
    "In this new study we count errors.": "The authors count errors.",
    "Here, we count errors.": "The authors count errors.",
    "Here we count errors.": "The authors count errors.",
    "Herein, we count errors.": "The authors count errors.",
    "Today we release a library.": "The authors release a library.",
    "Today, we release a library.": "The authors release a library.",
    "Today models are large.": "Today models are large.",
    "In this paper models are large.": "In this paper models are large.",
    "To this end, we train a net.": "To this end, the authors train a net.",
    "We then train our net on our data.": "The authors then train their net on their data.",
    "Our net is small.": "The authors’ net is small.",
    "Our net is small, and we like it.": "The authors’ net is small, and they like it.",
    "Our net, Tiny, beats ours from 2019.": "The authors’ net, Tiny, beats theirs from 2019.",
    "The result is better than ours.": "The result is better than the authors’ own.",
    "This allows us to train at night.": "This allows the authors to train at night.",
    "We built it, and it helps us.": "The authors built it, and it helps them.",
    "We trained it ourselves.": "The authors trained it themselves.",
    "We've trained it for 3 days.": "The authors have trained it for 3 days.",
    "We’ve trained it for 3 days.": "The authors have trained it for 3 days.",
    "We're glad that it converges.": "The authors are glad that it converges.",
    "We'll publish the code.": "The authors will publish the code.",
    "We'd like to publish the code.": "The authors would like to publish the code.",
    "We'd trained it before.": "The authors had trained it before.",
    "It works, as we're told.": "It works, as the authors are told.",
    "We don't need labels.": "The authors don't need labels.",
    "We can and should test.": "The authors can and should test.",
    "We do not need labels, do we need noise.": "The authors do not need labels, do they need noise.",
    "Models forget---we measure how much.": "Models forget---the authors measure how much.",
    "Models forget (we measure it).": "Models forget (the authors measure it).",
    "(2) We measure it.": "(2) The authors measure it.",
    "Problem: We measure it.": "Problem: The authors measure it.",
    "To the best of our knowledge, it is the first.": "To the best of the authors’ knowledge, it is the first.",
    "We reach 86.5% top-1 at 8.7x the speed.": "The authors reach 86.5% top-1 at 8.7x the speed.",
    "We bound it by $O(n \\log n)$ for us.": "The authors bound it by $O(n \\log n)$ for them.",
    "We prove that $we$ is a variable.": "The authors prove that $we$ is a variable.",
    "We ask “what do we know?” of our model.": "The authors ask “what do we know?” of their model.",
    'We answer "our best guess" often.': 'The authors answer "our best guess" often.',
    "Code: https://example.org/our/we and we keep it.": "Code: https://example.org/our/we and the authors keep it.",
    "The US market is large.": "The US market is large.",
    "We study the US market.": "The authors study the US market.",
    "Type I errors drop when we wait.": "Type I errors drop when the authors wait.",
    "WE stands for word embedding.": "WE stands for word embedding.",
    "We-Net is a name.": "We-Net is a name.",
    "Us-versus-them language is studied.": "Us-versus-them language is studied.",
    "A network learns.": "A network learns.",
    "iNaturalist is a data set.": "iNaturalist is a data set.",
    "Assistants enter our daily lives.": "Assistants enter daily lives.",
    "Our daily lives have changed.": "Daily lives have changed.",
    "It changes the way we work.": "It changes the way people work.",
    "It deepens our understanding of noise.": "It deepens the understanding of noise.",
    "We fill a gap in our understanding of noise.": "The authors fill a gap in the understanding of noise.",
    "We ask: does depth help?": "The authors ask: does depth help?",
    "How can we train faster?": 'The authors ask: "How can we train faster?"',
    "We study this: can we train faster?": 'The authors write: "We study this: can we train faster?"',
    "Which examples matter?": "Which examples matter?",
    "Let us consider noise.": 'The authors write: "Let us consider noise."',
    "We study “noise”, so let's begin.": "The authors write: \"We study ‘noise’, so let's begin.\"",
}  # fmt: skip

# ... of a single author
SINGULAR = {
    "We propose a sampler.": "The author proposes a sampler.",
    "I propose a sampler.": "The author proposes a sampler.",
    "We study noise.": "The author studies noise.",
    "We also study noise, and we find it.": "The author also studies noise, and they find it.",
    "We apply it.": "The author applies it.",
    "We briefly discuss it.": "The author briefly discusses it.",
    "We focus on it.": "The author focuses on it.",
    "We have a proof.": "The author has a proof.",
    "We are sure.": "The author is sure.",
    "I am sure.": "The author is sure.",
    "I'm sure.": "The author is sure.",
    "I've a proof.": "The author has a proof.",
    "We do not know.": "The author does not know.",
    "We don't know.": "The author doesn't know.",
    "We can tell.": "The author can tell.",
    "We found a proof.": "The author found a proof.",
    "We tested it.": "The author tested it.",
    "We exceed it.": "The author exceeds it.",
    "We were early.": "The author was early.",
    "Our proof is short, and we like it.": "The author’s proof is short, and they like it.",
    "In this paper, we argue that my view holds.": "The author argues that their view holds.",
    "We show that nets learn and generalize.": 'The author writes: "We show that nets learn and generalize."',
    "We derive and prove a bound.": 'The author writes: "We derive and prove a bound."',
    "We, in short, agree.": 'The author writes: "We, in short, agree."',
    "We put it first.": 'The author writes: "We put it first."',
    "We prove it; it is short, and we use it.": "The author proves it; it is short, and they use it.",
}  # fmt: skip

# ... of somebody who posts in a thread
POSTED = {
    "I finished my PhD and would like to catch up.": "The poster finished their PhD and would like to catch up.",
    "I hear of it, but I cannot tell.": "The poster hears of it, but they cannot tell.",
    "Which result changed how I think?": 'The poster asks: "Which result changed how I think?"',
    "We used to teach it.": 'The poster writes: "We used to teach it."',
    "It made me think.": "It made the poster think.",
}  # fmt: skip


@pytest.mark.parametrize(("source", "said"), PLURAL.items())
def test_several_authors(source, said):
    assert said == reported(source, MANY)


@pytest.mark.parametrize(("source", "said"), SINGULAR.items())
def test_a_single_author(source, said):
    assert said == reported(source, ONE)


@pytest.mark.parametrize(("source", "said"), POSTED.items())
def test_a_poster(source, said):
    assert said == reported(source, THREAD)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("We show it.", "They show it."),
        ("Our net wins.", "Their net wins."),
        ("It helps us.", "It helps them."),
    ],
)
def test_a_second_sentence_about_the_same_people_says_they(source, said):
    assert said == reported(source, MANY, is_continued=True)


def test_they_takes_a_plural_verb_also_for_one_author():
    assert "They show it." == reported("We show it.", ONE, is_continued=True)


@pytest.mark.parametrize("source", PLURAL)
def test_numbers_stay(source):
    assert re.findall(r"\d+(?:\.\d+)?", source) == re.findall(
        r"\d+(?:\.\d+)?", reported(source, MANY)
    )


@pytest.mark.parametrize(
    ("verb", "form"),
    [("go", "goes"), ("push", "pushes"), ("play", "plays"), ("need", "needs"), ("read", None), ("training", None)],
)  # fmt: skip
def test_the_third_person(verb, form):
    assert form == third_person(verb)


@pytest.mark.parametrize(
    ("kind", "title", "authors", "narrator"),
    [
        ("paper", "T", ("A", "B"), MANY),
        ("paper", "T", ("A",), ONE),
        ("post", "T", ("A Lab",), Narrator(speaker=AUTHORS, we=AUTHORS, i=AUTHOR)),
        ("thread", "[D] T", ("a",), THREAD),
        ("thread", "[R] T", ("a",), Narrator(speaker=POSTER, we=AUTHORS, i=POSTER)),
        ("thread", "Show HN: T", ("a",), Narrator(speaker=POSTER, we=AUTHORS, i=POSTER)),
        ("thread", "Ask HN: T", ("a",), Narrator(speaker=POSTER, we=None, i=POSTER)),
    ],
)
def test_who_speaks_in_an_item(kind, title, authors, narrator):
    item = Item(id="x", source="s", kind=kind, title=title, url="https://x.org", authors=authors)

    assert narrator == narrator_of(item)


def test_a_first_person_within_quotation_marks_is_somebody_else():
    assert not has_first_person("They asked “what do we know?” in class, Part I.")
    assert has_first_person("They asked us.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Finally, we test it.", "We test it."),
        ("In addition, it is fast.", "It is fast."),
        ("Finally it is fast.", "Finally it is fast."),
        ("Thus far, nobody knows.", "Thus far, nobody knows."),
        ("To address these issues, we test it.", "We test it."),
        ("To overcome this lack of labels, we test it.", "We test it."),
        ("To this end, it is fast.", "It is fast."),
        ("To address noise, we test it.", "To address noise, we test it."),
    ],
)
def test_a_connective_is_taken_off_where_nothing_stands_before(source, said):
    assert said == without_connective(source)
