"""The issue's page: all that the issue carries, well formed, linked, and asking nobody for anything."""

import dataclasses
import re
from datetime import date
from itertools import pairwise

import pytest

from digest.issue import BriefStory
from digest.render.web import describe, group_briefs, render_archive_page, render_web
from tests.render.page import active_content, hrefs, parse, text_of
from tests.render.sample_issue import minimal_issue, sample_issue


@pytest.fixture(scope="module")
def older():
    return dataclasses.replace(
        sample_issue(), week="2020-W53", slug="2020/w53", number=2, date=date(2021, 1, 3)
    )


@pytest.fixture(scope="module")
def page(older):
    newer = dataclasses.replace(sample_issue(), week="2021-W07", slug="2021/w07", number=4)
    return parse(render_web(sample_issue(), newer=newer, older=older))


def test_every_text_of_the_issue_is_on_the_page(page):
    issue, text = sample_issue(), text_of(page)
    facts = [
        issue.title, "No. 3", "Saturday 13 February 2021", issue.course, issue.lecturer, issue.greeting, issue.recap.sentence,
        issue.theme_sentence, issue.closing, issue.next_class.title, issue.model.model_id, "6 minutes to read",
        "61 items from 4 sources made 48 stories: three in full, four in one line, 41 left out",
        "503 Service Unavailable (try again later)", "6 Feb 2021",
    ]  # fmt: skip
    for story in issue.stories:
        facts += [story.title, story.badge, *(x.label for x in story.links), *story.reasons]
        facts += [t.definition for t in story.terms] + [c.sentence for c in story.connections]
        facts += [story.course.sentence] if story.course else []
        if story.project:
            facts += [
                story.project.title,
                story.project.task,
                story.project.data,
                story.project.first_step,
            ]
        if story.discussion:
            facts += [story.discussion.question.text, *(p.text for p in story.discussion.positions)]
            facts += [s.text for s in story.discussion.open_questions]
        facts += [s.text for p in story.parts for s in p.sentences if "$" not in s.text]
    facts += [b.title for b in issue.briefs if "$" not in b.title]

    assert [] == [fact for fact in facts if fact not in text]


def test_tex_is_unicode_and_prices_stay(page):
    text = text_of(page)

    assert "O(d^(3/2))" in text
    assert "Bounds of Order Õ(√T) for x < y & z" in text
    assert "costs about $5 and saves $10" in text
    assert not re.search(r"\\[a-z]{2,}|\$[^ ]+\$", text)


def test_the_parts_follow_the_order_of_the_talk(page):
    headings = page.xpath("//article[@id='story-1']//h3")

    assert [
        "In plain words", "What's new", "Before this", "How it works", "How it was tested", "Why it matters",
        "In this course", "Caveats", "Connects to", "Project idea – a suggestion of this digest, not of the source",
    ] == [h.text_content() for h in headings]  # fmt: skip


def test_who_wrote_a_sentence_can_be_told_by_its_letter(page):
    marks = page.xpath("//article[@id='story-1']//*[contains(@class, 'mark')]")
    caveats = page.xpath("//article[@id='story-1']//h3[.='Caveats']/following-sibling::p[1]")[0]

    assert ["m", "r", "q", "m", "q", "q", "r", "q", "d"] == [m.text for m in marks]
    assert ["q", "d"] == [m.text for m in caveats.xpath(".//*[contains(@class, 'mark')]")]
    assert {"a", "abbr"} == {
        m.tag for m in marks
    }  # the digest's own sentence has no source to link to
    assert ["m", "q", "r", "d"] == page.xpath("//ul[@class='legend']//b/text()")


def test_the_source_words_show_on_hover(page):
    titles = page.xpath("//span/@title")

    assert "By a model. The source: “Proponents are examples that reduce loss.”" in titles


def test_an_opening_line_runs_into_the_title_that_ends_it(page):
    openings = [p.text_content() for p in page.xpath("//p[@class='opening']")]

    assert "This one is not so much news as a discussion on r/MachineLearning:" == openings[1]
    assert openings[0].endswith("“TracIn — A Simple Method to Estimate Training Data Influence”.")


def test_many_authors_are_shortened(page):
    assert "Burak Yelmen, Aurélien Decelle, Linda Ongaro and 6 others" in text_of(page)


@pytest.mark.parametrize("issue", [sample_issue(), minimal_issue()], ids=["rich", "minimal"])
def test_the_outline_is_sound(issue, older):
    tree = parse(render_web(issue, newer=None, older=older))
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3|//h4")]
    ids = tree.xpath("//@id")

    assert 1 == levels.count(1)
    assert 1 == levels[0]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert 1 == len(tree.xpath("//main"))
    assert "#content" == tree.xpath("//body/a[1]/@href")[0]
    assert len(ids) == len(set(ids))
    assert [] == [h for h in hrefs(tree) if h.startswith("#") and h[1:] not in ids]
    assert [] == [i for i in tree.xpath("//@aria-labelledby") for j in i.split() if j not in ids]
    assert "en" == tree.get("lang")


def test_links_go_out_absolute_or_to_files_of_the_archive(page):
    files = {
        "../../index.html", "../../atom.xml", "../../2020/w53/index.html", "../../2021/w07/index.html", "slides.html",
        "slides.pptx", "notes.md", "email.html", "digest.json",
    }  # fmt: skip
    inner = {h for h in hrefs(page) if not h.startswith(("https://", "#"))}

    assert files == inner


def test_neighbours_are_linked_where_they_exist(page, older):
    alone = parse(render_web(sample_issue(), newer=None, older=None))

    assert ["../../2020/w53/index.html"] == page.xpath("//a[@rel='prev']/@href")
    assert ["../../2021/w07/index.html"] == page.xpath("//a[@rel='next']/@href")
    assert [] == alone.xpath("//a[@rel='prev' or @rel='next']")


def test_a_story_named_in_a_sentence_is_linked_there(page):
    note = page.xpath("//article[@id='story-1']//aside[@aria-label='Connects to']")[0]

    assert [("story 2", "#story-2"), ("issue 2", "../../2020/w53/index.html")] == [
        (a.text, a.get("href")) for a in note.xpath(".//a")
    ]


def test_a_past_issue_without_a_page_is_linked_through_its_story():
    tree = parse(render_web(sample_issue(), newer=None, older=None))
    links = tree.xpath("//article[@id='story-1']//aside[@aria-label='Connects to']//a")

    assert (
        "Removing biased data to improve fairness and accuracy",
        "https://digest.example.org/2021/w05/#story-1",
    ) == (
        links[1].text,
        links[1].get("href"),
    )


def test_the_next_class_is_named_once():
    closing = "Have a nice weekend. See you on Tuesday: lecture 7, Automatic differentiation."
    tree = parse(
        render_web(dataclasses.replace(sample_issue(), closing=closing), newer=None, older=None)
    )

    assert closing == text_of(tree, "//section[@class='closing']")
    assert ["https://course.example.edu/lectures/07"] == tree.xpath(
        "//section[@class='closing']//@href"
    )


def test_the_page_is_one_file_that_asks_nobody(page):
    data = render_web(sample_issue(), newer=None, older=None)

    assert [] == active_content(page)
    beside = rb'"figure-[0-9a-f]{16}\.png"'  # only where a licence lets it be shown
    assert [] == re.findall(rb"@import|url\(|<script|src=(?!" + beside + rb")", data)
    assert len(data) < 150_000
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_parts_that_are_empty_leave_nothing_behind():
    issue = minimal_issue()
    tree = parse(render_web(issue, newer=None, older=None))
    empty = [
        e.tag for e in tree.xpath("//body//*[not(*) and not(normalize-space())]") if e.tag not in ("span", "rect")
    ]  # fmt: skip
    text = text_of(tree)

    assert [] == empty
    assert "never reached yet" in text
    assert "No model wrote here: no weights were found." in text
    assert not re.search(r"In one line|In this course|Why it is here|None|letters", text)


def test_the_plot_says_in_words_what_it_shows(page):
    (chart,) = page.xpath("//figure[@class='chart']")
    widths = [float(w) for w in chart.xpath(".//rect/@width")]

    assert "computer vision 11, language models 7" in chart.xpath(".//desc")[0].text
    assert sorted(widths, reverse=True) == widths
    assert pytest.approx(7 / 11, abs=0.01) == widths[1] / widths[0]


def test_previews_have_what_they_need(page):
    meta = {m.get("property"): m.get("content") for m in page.xpath("//meta[@property]")}

    assert "Deep Learning News no. 3, 13 Feb 2021" == meta["og:title"]
    assert describe(sample_issue()) == meta["og:description"]
    assert sample_issue().url == meta["og:url"]


def test_few_briefs_stay_together_and_many_are_grouped_by_topic():
    def brief(number, topic):
        return BriefStory(
            key=str(number), item_ids=(), badge="", title="", url="", sentence=None, topics=(topic,)
        )

    many = [
        brief(n, t)
        for n, t in enumerate(["vision", "theory", "vision", "rl", "theory", "vision", "", "audio"])
    ]

    assert [("", 4)] == [(t, len(b)) for t, b in group_briefs(sample_issue().briefs)]
    assert [("computer vision", 3), ("the theory of deep learning", 2), ("", 3)] == [
        (t, len(b)) for t, b in group_briefs(many)
    ]
    assert () == group_briefs(())


def test_the_archive_lists_issues_by_year_newest_first(older):
    tree = parse(render_archive_page([minimal_issue(), sample_issue(), older], title="News & more"))

    assert ["2026", "2021"] == [h.text for h in tree.xpath("//h2")]
    assert ["2026/w01/index.html", "2021/w06/index.html", "2020/w53/index.html"] == tree.xpath(
        "//h3/a/@href"
    )
    assert "News & more" == tree.xpath("//h1")[0].text
    assert "Creating artificial human genomes" in text_of(tree)
    assert [] == active_content(tree)


def test_an_archive_of_nothing_is_still_a_page():
    assert "0 issues" in text_of(parse(render_archive_page([], title="News")))


def test_the_coverage_by_source_adds_up_and_says_what_was_told_before():
    page = render_web(sample_issue(), newer=None, older=None).decode()
    rows = re.findall(
        r"<tr><th scope=\"row\">([^<]+)</th>((?:<td class=\"figure\">\d+</td>){5})", page
    )
    figures = {name: list(map(int, re.findall(r"\d+", cells))) for name, cells in rows}

    assert [38, 2, 3, 32, 1] == figures["arXiv"]
    assert all(first == sum(others) for first, *others in figures.values())
    together = figures.pop("Together")
    assert together == [sum(column) for column in zip(*figures.values(), strict=True)]


def test_an_issue_of_an_earlier_version_has_no_coverage_by_source():
    assert (
        "What became of the items"
        not in render_web(minimal_issue(), newer=None, older=None).decode()
    )
