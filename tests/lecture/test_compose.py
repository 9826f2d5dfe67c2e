"""An issue composed from a small week has every part of the lecture, and nothing where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.issue import from_json, to_json
from tests.lecture.conftest import make_issue, stories
from tests.lecture.make import item, ranked


@pytest.fixture
def issue():
    return make_issue(stories())


def test_the_same_stories_give_the_same_issue(issue):
    assert to_json(issue) == to_json(make_issue(stories()))
    assert issue == from_json(to_json(issue))


def test_every_sentence_that_is_not_ours_has_its_place_in_the_source(issue):
    texts = {i.id: i.text for r in stories() for i in r.story.items}
    for story in issue.stories:
        for sentence in (*story.headline, *(s for p in story.parts for s in p.sentences)):
            if sentence.origin == "digest":
                assert () == sentence.spans
                continue
            span = sentence.spans[0]
            source = texts[span.item_id][span.start : span.end]
            assert source == (sentence.source_text or sentence.text)


def test_no_first_person_is_left_in_what_is_told(issue):
    said = [s.text for x in issue.stories for p in x.parts for s in p.sentences]
    said += [s.text for x in issue.stories for s in x.headline]

    assert [] == [t for t in said if t.startswith(("We ", "Our ", "In this paper, we"))]


def test_an_older_paper_is_told_through_the_post_that_brings_it(issue):
    story = issue.stories[1]

    assert ("The Blog", "TraceIt — training data influence made simple") == (
        story.badge,
        story.title,
    )
    assert "2021-02-10" == story.date.isoformat()
    assert [
        ("arXiv 2002.2", "paper"),
        ("PDF", "pdf"),
        ("The Blog", "post"),
        ("Code on GitHub", "code"),
    ] == [(x.label, x.kind) for x in story.links]


def test_a_tag_is_taken_off_the_title_of_a_thread_and_the_link_tells_its_echo(issue):
    story = issue.stories[2]

    assert "What stands in deep learning theory?" == story.title
    assert ["Discussion on r/MachineLearning (412 points, 47 comments)"] == [
        x.label for x in story.links
    ]


def test_stories_are_tied_to_the_course(issue):
    assert [None, 18, 5] == [s.course.lecture if s.course else None for s in issue.stories]


def test_two_stories_about_the_same_rare_thing_are_connected_backwards_once(issue):
    assert [0, 1, 0] == [len(s.connections) for s in issue.stories]
    assert (
        "Influence of training data came up in story 1 as well: “Removing biased data”."
        == issue.stories[1].connections[0].sentence
    )


def test_a_story_that_continues_a_past_one_says_so(issue):
    later = replace(issue, week="2021-W06")
    paper = item(
        "arxiv:2102.7",
        "Training data influence at scale",
        "We propose a faster way. It sums gradients.",
    )

    (story,) = make_issue([ranked(paper)], week="2021-W07", number=4, past=(later,)).stories

    assert story.connections[0].sentence.startswith(
        "Influence of training data was a subject of issue 3 already: “"
    )
    assert (3, "https://example.org/news/2021/w06/index.html") == (
        story.connections[0].issue_number,
        story.connections[0].url,
    )


def test_a_term_is_explained_once_in_the_issue_and_not_again_in_the_next(issue):
    terms = [t.term for s in issue.stories for t in s.terms]
    again = make_issue(stories(), week="2021-W07", number=4, past=(issue,))

    assert {"influence of training data", "sensitive attribute", "double descent"} <= set(terms)
    assert len(terms) == len(set(terms))
    assert set() == set(terms) & {t.term for s in again.stories for t in s.terms}


def test_not_more_than_half_of_the_stories_get_a_project_and_none_twice(issue):
    ideas = [s.project.title for s in issue.stories if s.project]
    again = make_issue(stories(), week="2021-W07", number=4, past=(issue,))

    assert 1 <= len(ideas) <= 2
    assert len(ideas) == len(set(ideas))
    assert set() == set(ideas) & {s.project.title for s in again.stories if s.project}


def test_the_preprints_are_named_once(issue):
    said = [s.text for x in issue.stories for p in x.parts for s in p.sentences]

    assert 1 == sum("preprints" in t for t in said)


def test_no_part_is_empty(issue):
    assert [] == [p for s in issue.stories for p in s.parts if not p.sentences]


def test_the_frame_is_complete(issue):
    assert ("DL 101", 7, "2021-02-16") == (
        issue.course,
        issue.next_class.lecture,
        issue.next_class.date.isoformat(),
    )
    assert issue.closing.startswith("Happy Lunar New Year. Have a nice weekend. See you back")
    assert "If you read one thing: “Removing biased data” (arXiv)." == issue.read_one
    assert (3, 0, 2) == (issue.coverage.full, issue.coverage.brief, issue.coverage.left_out)
    assert "https://example.org/news/2021/w06/index.html" == issue.url
    assert issue.speaking_minutes >= 1
    assert all(s.speaking_seconds > 10 for s in issue.stories)


def test_without_a_syllabus_only_the_course_vanishes(issue):
    bare = make_issue(stories(), syllabus=None)

    assert ("", None, "Have a nice weekend.") == (bare.course, bare.next_class, bare.closing)
    assert [None, None, None] == [s.course for s in bare.stories]
    assert [s.parts for s in issue.stories] == [s.parts for s in bare.stories]


def test_a_story_without_text_says_so_and_invents_nothing():
    paper = item("arxiv:2102.3", "A title alone")
    (story,) = make_issue([ranked(paper)], checked={}).stories

    assert ((), (), None) == (story.headline, story.terms, story.project)
    assert [["No text was available, so here are the title and the links only."]] == [
        [s.text for s in p.sentences] for p in story.parts
    ]


def test_a_headline_in_the_first_person_is_reported_and_keeps_its_source(issue):
    (headline,) = issue.stories[0].headline

    assert ("The authors propose to repair the training set.", "reported") == (
        headline.text,
        headline.origin,
    )
    assert "We propose to repair the training set." == headline.source_text


def test_a_brief_is_one_sentence_and_without_a_summary_the_texts_first():
    one = ranked(item("arxiv:2102.4", "T", "We like it. More follows."))
    (with_text,) = make_issue([], [one], checked={}).briefs
    (without,) = make_issue([], [ranked(item("arxiv:2102.5", "U"))], checked={}).briefs

    assert "The authors like it." == with_text.sentence.text
    assert None is without.sentence
