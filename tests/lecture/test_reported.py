"""Reported speech: only who speaks changes; where grammar is in doubt the source is quoted."""

from __future__ import annotations

import re

import pytest

from digest.lecture.agreement import third_person
from digest.lecture.narrator import AUTHOR, AUTHORS, POSTER, Narrator, narrator_of, organization
from digest.lecture.reported import has_first_person, reported, without_connective
from digest.types import Item

MANY = Narrator(speaker=AUTHORS, we=AUTHORS, i=None)
ONE = Narrator(speaker=AUTHOR, we=AUTHOR, i=AUTHOR)
ACME = Narrator(
    speaker=organization("Acme", "the company"),
    we=organization("Acme", "the company"),
    i=AUTHOR,
)
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
    "Let's look at noise.": "The authors write: \"Let's look at noise.\"",
    "To our knowledge, it is the first.": "To the authors’ knowledge, it is the first.",
    "It is, to our surprise, fast.": "It is, to the authors’ surprise, fast.",
    "It is, we believe, the first.": "It is, the authors believe, the first.",
    "We believe that we are the first.": "The authors believe that they are the first.",
    "We hope our data helps.": "The authors hope their data helps.",
    "We argue that this is due to our choice.": "The authors argue that this is due to their choice.",
    "In our experiments, we see no gain.": "In the authors’ experiments, they see no gain.",
    "Nor do we see a gain.": "Nor do the authors see a gain.",
    "Not only do we see it, we measure it.": "Not only do the authors see it, they measure it.",
    "With this paper, we open a door.": "The authors open a door.",
    "In the present work we open a door.": "The authors open a door.",
    "In this survey, we sort 40 papers.": "The authors sort 40 papers.",
    "Throughout this paper, we use bold for vectors.": "The authors use bold for vectors.",
    "Our method (ours) is compared with theirs.": "The authors’ method (theirs) is compared with theirs.",
    "A model of ours is small.": "A model of the authors’ own is small.",
    "We ask ourselves why.": "The authors ask themselves why.",
    "*We share first place.": "*The authors share first place.",
    "We were told, we'd say, too late.": "The authors were told, they would say, too late.",
    "We'd never seen it before.": "The authors had never seen it before.",
    "We won't stop.": "The authors won't stop.",
    "We pay $5 for our data and $10 for our labels.": "The authors pay $5 for their data and $10 for their labels.",
    "We say ``our net'' for it.": "The authors say ``our net'' for it.",
    "We call `our_net(x)` twice.": "The authors call `our_net(x)` twice.",
    "We call \\textbf{our} way short.": "The authors call \\textbf{their} way short.",
    "Mail us-team@example.org or wait.": "Mail us-team@example.org or wait.",
    "As humans, we forget.": 'The authors write: "As humans, we forget."',
    "All of us forget.": 'The authors write: "All of us forget."',
    "We thank our reviewers.": 'The authors write: "We thank our reviewers."',
    "As we know, nets forget.": 'The authors write: "As we know, nets forget."',
    "Please contact us for the data.": 'The authors write: "Please contact us for the data."',
    "I think so, and we agree.": 'The authors write: "I think so, and we agree."',
    "What can we learn from noise? We look at it.": "What can the authors learn from noise? They look at it.",
    "Part I holds; Part II fails.": "Part I holds; Part II fails.",
    "It shapes how we think about noise.": "It shapes how people think about noise.",
    "Noise shapes the world we live in.": "Noise shapes the world people live in.",
    "It is part of our everyday life.": "It is part of everyday life.",
    "The age of robots is upon us.": 'The authors write: "The age of robots is upon us."',
    "As we move toward it, nets grow.": 'The authors write: "As we move toward it, nets grow."',
    "It limits our ability to learn.": "It limits the ability to learn.",
    "It adds to our knowledge of noise.": "It adds to the knowledge of noise.",
    "Noise in our visual world is small.": "Noise in the visual world is small.",
    "Robots enter our homes.": "Robots enter people’s homes.",
    "It changes what we know about noise.": "It changes what is known about noise.",
    "It changes how we connect.": 'The authors write: "It changes how we connect."',
    "As humans do, nets forget.": "As humans do, nets forget.",
    "Trust me, we tried.": 'The authors write: "Trust me, we tried."',
    "To fix this, We add noise.": "To fix this, the authors add noise.",
    "Aim: We add noise. Test: We look.": "Aim: The authors add noise. Test: They look.",
    "It is contrary to our current understanding.": "It is contrary to the current understanding.",
    "It holds for all our nets.": "It holds for all of the authors’ nets.",
    "We test all our nets.": "The authors test all their nets.",
    "With it, we are at a critical time.": 'The authors write: "With it, we are at a critical time."',
    "It serves to mine rules.": "It serves to mine rules.",
    "We train on ImageNet-1k, COCO and our own 3.2M images.": "The authors train on ImageNet-1k, COCO and their own 3.2M images.",
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
    "We derive and prove a bound.": "The author derives and proves a bound.",
    "We derive a bound and prove it.": "The author derives a bound and proves it.",
    "We derive a bound and prove its tightness.": "The author derives a bound and proves its tightness.",
    "We derive a bound and show that it is tight.": "The author derives a bound and shows that it is tight.",
    "We train, test and release a net.": "The author trains, tests and releases a net.",
    "We use noise to train and test a net.": "The author uses noise to train and test a net.",
    "We use noise to train a net and show that it helps.": "The author uses noise to train a net and shows that it helps.",
    "We use noise to train a net and test it.": 'The author writes: "We use noise to train a net and test it."',
    "We study work, design and control.": 'The author writes: "We study work, design and control."',
    "We trained a net and tested it.": "The author trained a net and tested it.",
    "We trained a net and show that it works.": "The author trained a net and shows that it works.",
    "We have trained a net and show how it works.": "The author has trained a net and shows how it works.",
    "We can train and test a net.": "The author can train and test a net.",
    "We do not train or test a net.": "The author does not train or test a net.",
    "We do not train, but test a net.": 'The author writes: "We do not train, but test a net."',
    "We are testing it, and we are glad.": "The author is testing it, and they are glad.",
    "I was late, and I was tired.": "The author was late, and they were tired.",
    "I was late, and I'm tired.": "The author was late, and they are tired.",
    "I teach myself.": "The author teaches themself.",
    "It suits me and my students.": "It suits the author and their students.",
    "Nor do we see a gain.": 'The author writes: "Nor do we see a gain."',
    "They suggested that we stop.": 'The author writes: "They suggested that we stop."',
    "We in turn measure it.": "The author in turn measures it.",
    "We, finally, measure it.": "The author, finally, measures it.",
    "We quickly and cheaply measure it.": 'The author writes: "We quickly and cheaply measure it."',
    "We look it up, then multiply by two.": "The author looks it up, then multiplies by two.",
    "We look it up, and then a bound follows.": 'The author writes: "We look it up, and then a bound follows."',
    "We find accurate and private nets.": "The author finds accurate and private nets.",
    "We fix and push it.": "The author fixes and pushes it.",
    "We try it.": "The author tries it.",
    "A student of mine tries it.": "A student of the author’s own tries it.",
    "We reran and rebuilt it.": "The author reran and rebuilt it.",
    "I have learned it and am glad.": 'The author writes: "I have learned it and am glad."',
    "I was late and was tired.": "The author was late and was tired.",
    "I know I was late and was tired.": 'The author writes: "I know I was late and was tired."',
    "We do a test and run the net.": "The author does a test and runs the net.",
    "We went there and recall seeing it.": 'The author writes: "We went there and recall seeing it."',
    "We built nets for speech, text and design.": "The author built nets for speech, text and design.",
    "We undergo it.": "The author undergoes it.",
    "This is what we call noise.": "This is what the author calls noise.",
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
    "I'm new here.": "The poster is new here.",
    "I was wrong, and I admit it.": "The poster was wrong, and they admit it.",
    "In my view, it is noise.": "In the poster’s view, it is noise.",
    "I wonder if we agree.": 'The poster writes: "I wonder if we agree."',
    "Am I wrong?": 'The poster asks: "Am I wrong?"',
    "I've read it, I'd read it again.": "The poster has read it, they would read it again.",
}  # fmt: skip


# ... of a company on its own blog
COMPANY = {
    "We're releasing a library.": "Acme says it is releasing a library.",
    "Today, we’re releasing our library.": "Acme says it is releasing its library.",
    "We are excited to share it.": "Acme says it is excited to share it.",
    "We've trained it for 3 days, and we keep training it.": "Acme says it has trained it for 3 days, and the company keeps training it.",
    "We'll publish the weights.": "Acme says it will publish the weights.",
    "We trained 144 nets.": "Acme says it trained 144 nets.",
    "We release a library.": "Acme releases a library.",
    "We propose and test a rule.": "Acme proposes and tests a rule.",
    "We also show that it works.": "Acme also shows that it works.",
    "We believe it is safe.": "Acme believes it is safe.",
    "We plan to publish the code.": "Acme plans to publish the code.",
    "Our net is small.": "Acme’s net is small.",
    "Our net is small, and we like it.": "Acme’s net is small, and the company likes it.",
    "In our tests, we see a gain.": "In Acme’s tests, the company sees a gain.",
    "For this, we train our own net.": "For this, Acme trains its own net.",
    "If we wait, we lose time.": "If Acme waits, the company loses time.",
    "It helps us find our errors.": "It helps Acme find its errors.",
    "It gave us time, and it helped us.": "It gave Acme time, and it helped the company.",
    "We built it ourselves.": "Acme says it built it itself.",
    "We would do it again.": "Acme says it would do it again.",
    "We'd done it before.": "Acme says it had done it before.",
    "We'd never do it.": "Acme says it would never do it.",
    "We'd never done it.": "Acme says it had never done it.",
    "At Acme we care for speed.": "At Acme the company cares for speed.",
    "At Acme, our nets are small.": "At Acme, its nets are small.",
    "Acme's nets are ours.": "Acme's nets are Acme’s own.",
    "We have 700M users and need speed.": 'Acme writes: "We have 700M users and need speed."',
    "We look it up and multiply it.": "Acme says it looks it up and multiplies it.",
    "Can we do better?": 'Acme asks: "Can we do better?"',
    "Join us in May.": 'Acme writes: "Join us in May."',
    "Let us know what you think.": 'Acme writes: "Let us know what you think."',
    "We thank our users.": 'Acme writes: "We thank our users."',
    "I joined the team in May.": "The author joined the team in May.",
    "I enjoy it and hope it lasts.": "The author enjoys it and hopes it lasts.",
    "My team is small.": "The author’s team is small.",
    "I think that we won.": 'The author writes: "I think that we won."',
    "As we scaled it up, we found a leak.": "As Acme scaled it up, the company found a leak.",
    "The net is better than ours from May.": "The net is better than Acme’s own from May.",
    "What we call noise is not ours.": "What Acme calls noise is not Acme’s own.",
}  # fmt: skip


@pytest.mark.parametrize(("source", "said"), COMPANY.items())
def test_a_company(source, said):
    assert said == reported(source, ACME)


def test_there_are_enough_cases():
    assert len(PLURAL) + len(SINGULAR) + len(POSTED) + len(COMPANY) >= 190


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
        ("It helps us.", "It helps the authors."),
        ("For large nets, we show it.", "For large nets, the authors show it."),
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
        ("For this we test it.", "We test it."),
        ("For this task we test it.", "For this task we test it."),
    ],
)
def test_a_connective_is_taken_off_where_nothing_stands_before(source, said):
    assert said == without_connective(source)
