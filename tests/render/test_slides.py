"""The slides: one deck for three files, nothing that overflows, nothing of a source that runs."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import replace

import pytest
import yaml
from lxml import html
from markdown_it import MarkdownIt

from digest.issue import Issue, Part, Sentence
from digest.render.bullets import LONGEST, part_bullets
from digest.render.deck import AGENDA_A_SLIDE, BRIEFS_A_SLIDE, deck
from digest.render.fit import MAX_BULLETS
from digest.render.slides import render_slides_html, render_slides_markdown, shown_url
from digest.shorten import shorten, shorten_title
from docs.chromium import Chromium, find_chromium
from tests.render.crowded_issue import LONG_TITLE, crowded_issue
from tests.render.sample_issue import minimal_issue, sample_issue

ISSUES = {"sample": sample_issue(), "minimal": minimal_issue(), "crowded": crowded_issue()}

VECTORS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</aside></section><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- --><iframe src=javascript:alert(1)>",
    "--><img src=x onerror=alert(1)>",
    "--!><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "{{ 7*7 }}{% raw %}",
    "<javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "---\nclass: lead\n---",
    "# a heading\n- a list\n```",
)
BAD_URLS = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", " javascript:alert(1)", "//evil.example/", "vbscript:x")  # fmt: skip


def hostile_issue(vector: str, url: str = BAD_URLS[0]) -> Issue:
    """The sample with the vector in every kind of text, and the URL in every place for one."""
    issue = sample_issue()
    first, thread, last = issue.stories
    assert thread.discussion is not None
    assert thread.discussion.question is not None
    assert first.project is not None
    sentence = replace(first.headline[0], text=vector, url=url)
    links = tuple(replace(link, label=vector, url=url) for link in first.links)
    first = replace(
        first,
        title=vector,
        badge=vector,
        opening=vector,
        headline=(sentence,),
        parts=tuple(
            replace(part, title=vector, sentences=(replace(sentence, text=f"{vector} {part.kind}"),))
            for part in first.parts
        ),
        links=links,
        terms=tuple(replace(term, term=vector, definition=vector) for term in first.terms),
        project=replace(first.project, title=vector),
    )  # fmt: skip
    discussion = replace(
        thread.discussion,
        where=vector,
        url=url,
        question=replace(thread.discussion.question, text=vector),
        positions=tuple(replace(p, text=vector, url=url) for p in thread.discussion.positions),
    )
    return replace(
        issue,
        title=vector,
        course=vector,
        theme=vector,
        theme_sentence=vector,
        greeting=vector,
        closing=vector,
        read_one=vector,
        url=url,
        stories=(first, replace(thread, discussion=discussion, title=vector), last),
        briefs=tuple(replace(brief, title=vector, badge=vector, url=url) for brief in issue.briefs),
    )


# -- the deck --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_every_slide_has_a_title_and_at_least_20_words_of_notes_and_a_time(issue):
    for slide in deck(issue):
        assert slide.title
        assert len(" ".join(note.text for note in slide.notes).split()) >= 20, slide.title
        assert "Time" in {note.label for note in slide.notes}


@pytest.mark.parametrize("issue", [ISSUES["sample"], ISSUES["crowded"]], ids=["sample", "crowded"])
def test_every_story_slide_has_a_source_on_the_slide_and_in_its_notes(issue):
    for slide in deck(issue):
        if slide.kind in ("story", "discussion"):
            assert slide.links
            assert "Sources" in {note.label for note in slide.notes}


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_no_slide_holds_more_than_can_be_read_while_somebody_speaks(issue):
    most = {"agenda": AGENDA_A_SLIDE, "briefs": BRIEFS_A_SLIDE}
    for slide in deck(issue):
        assert len(slide.bullets) <= most.get(slide.kind, MAX_BULLETS)
        if slide.kind in ("story", "discussion", "projects"):
            assert max((len(b.text.split()) for b in slide.bullets), default=0) <= LONGEST


def test_the_deck_follows_the_order_of_the_talk():
    kinds = [slide.kind for slide in deck(sample_issue())]
    assert kinds == ["title", "agenda", "story", "story", "story", "story", "discussion", "story", "briefs", "closing"]  # fmt: skip


def test_the_agenda_leads_to_the_slide_on_which_each_story_begins():
    slides = deck(crowded_issue())
    leads = [bullet.slide for slide in slides if slide.kind == "agenda" for bullet in slide.bullets]
    begun = [i for i, slide in enumerate(slides, 1) if "Open" in {n.label for n in slide.notes}]
    assert leads == begun[1:]  # the first is the title slide


def test_the_notes_of_a_story_say_every_sentence_of_it_once():
    issue = sample_issue()
    notes = " ".join(note.text for slide in deck(issue) for note in slide.notes)
    for story in issue.stories:
        for part in story.parts:
            for sentence in part.sentences:
                if "$" not in sentence.text:
                    assert notes.count(sentence.text) == 1


def test_what_the_slides_show_stands_in_the_issue_and_is_not_cut_inside_a_word():
    issue = sample_issue()
    said = " ".join(
        s.text for story in issue.stories for part in story.parts for s in part.sentences
    )
    shown = [
        b.text for s in deck(issue) if s.kind == "story" for b in s.bullets if b.origin != "digest"
    ]
    assert shown
    for text in shown:
        if "∇" not in text:
            assert re.search(re.escape(text.rstrip(".")) + r"\W", said), text


def test_a_story_takes_as_long_on_its_slides_as_the_issue_says():
    issue = sample_issue()
    seconds = sum(slide.seconds for slide in deck(issue) if slide.kicker.startswith("1 · "))
    assert abs(seconds - issue.stories[0].speaking_seconds) <= 1


def test_two_project_ideas_get_a_slide_and_one_stands_with_its_story():
    issue = sample_issue()
    both = replace(issue, stories=tuple(replace(s, project=issue.stories[0].project) for s in issue.stories[:2]))  # fmt: skip
    assert "projects" not in {slide.kind for slide in deck(issue)}
    assert any(b.label == "Project idea" for slide in deck(issue) for b in slide.bullets)
    assert "projects" in {slide.kind for slide in deck(both)}
    assert not any(b.label == "Project idea" for slide in deck(both) for b in slide.bullets)


def test_without_a_model_the_notes_say_so():
    notes = deck(minimal_issue())[-1].notes
    assert "No model wrote in this issue (no weights were found)" in " ".join(n.text for n in notes)


# -- bullets ---------------------------------------------------------------------------------------------------------


def bullets_of(kind, *texts, shown=()):
    title = {"how": "How it works", "tested": "How it was tested"}[kind]
    part = Part(
        kind=kind,
        title=title,
        sentences=tuple(Sentence(text=t, origin="extractive") for t in texts),
    )
    return [bullet.text for bullet in part_bullets(part, shown)]


def test_of_a_test_the_sentence_with_the_figures_is_shown():
    plain, figures = (
        "The authors test the network on several sets.",
        "On the hardest of all sets that anybody has put forward so far the network reaches 86.5% accuracy.",
    )
    assert (
        bullets_of("tested", plain, "It is fast.", figures)[0] == plain
    )  # shown in the order of the talk
    assert figures in bullets_of("tested", plain, plain.replace("several", "many"), figures)
    assert figures not in bullets_of("how", plain, plain.replace("several", "many"), figures)


def test_a_sentence_that_points_back_stands_only_behind_the_one_it_points_to():
    root, back = "Pairs of similar people are made.", "A ranking then shows those answers first."
    assert bullets_of("how", root, back) == [root, back]
    assert bullets_of("how", back, root) == [root]
    assert bullets_of("how", back) == []


def test_the_headline_is_not_said_again_as_a_bullet():
    assert bullets_of(
        "how", "It is said above.", "The loss is clipped.", shown={"It is said above."}
    ) == ["The loss is clipped."]


# -- shortening ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It reaches 86.5% top-1 accuracy.", "It reaches 86.5% top-1 accuracy."),
        (
            "The network trains faster than all others did, which the authors put down to its lack of any normalization.",
            "The network trains faster than all others did.",
        ),
        ("The network is better on all of the data sets, which holds only where the batch is large enough.", ""),
        ("The method works on every data set of the test; it fails on the two of them that have no labels.", ""),
        ("The model (called the large one by everybody in this field of ours) wins in most of the cases.", "The model wins in most of the cases."),
        ("In this paper, the authors show that the whole of the loss goes down to almost nothing.", "The authors show that the whole of the loss goes down to almost nothing."),
        ("It has two parts, each with a task of its own: (1) a loss that is small; (2) a network that is large and slow.", ""),
        ("To overcome these limits of older work, the authors show that the whole of the loss goes down to nothing.", "The authors show that the whole of the loss goes down to nothing."),
        ("The network, which has five layers and was trained for a week on a small machine, wins all tests.", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_behind_a_main_clause_or_not_at_all(sentence, expected):
    assert shorten(sentence, 14) == expected


def test_a_title_is_cut_at_its_colon_and_otherwise_between_words():
    assert (
        shorten_title("Deep networks at scale: a very long story of them", 30)
        == "Deep networks at scale"
    )
    assert (
        shorten_title("A study of the many forms that networks take", 30)
        == "A study of the many forms…"
    )
    assert shorten_title("Short", 30) == "Short"
    assert len(shorten_title(LONG_TITLE, 96)) <= 96


def test_a_url_is_shown_short_and_names_its_host():
    assert shown_url("https://www.example.org/a/") == "example.org/a"
    long = shown_url("https://example.org/" + "a/" * 60 + "end")
    assert len(long) <= 44
    assert long.startswith("example.org/…")
    assert long.endswith("/end")


# -- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_every_section_has_notes_and_two_renders_are_the_same(issue):
    first = render_slides_html(issue)
    tree = html.fromstring(first)
    assert len(tree.xpath("//section")) == len(deck(issue))
    assert tree.xpath('//section[not(aside[@class="notes"])]') == []
    assert render_slides_html(issue) == first


def test_the_policy_admits_exactly_our_script_and_style():
    tree = html.fromstring(render_slides_html(sample_issue()))
    policy = tree.xpath("//meta[@http-equiv]/@content")[0]
    assert policy.startswith("default-src 'none'")
    for element in ("script", "style"):
        (text,) = (each.text for each in tree.xpath(f"//{element}"))
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_of_a_source_becomes_html(vector):
    clean, dirty = (
        html.fromstring(render_slides_html(hostile_issue(v))) for v in ("quiet words", vector)
    )
    assert len(dirty.xpath("//script")) == 1
    assert [a for e in dirty.iter() for a in e.attrib if a.startswith("on")] == []
    assert {e.tag for e in dirty.iter()} == {e.tag for e in clean.iter()}
    assert " ".join(vector.split()) in " ".join(dirty.text_content().split())


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_that_is_not_for_readers_becomes_no_link(url):
    issue = hostile_issue("words", url)
    hrefs = html.fromstring(render_slides_html(issue)).xpath("//@href")
    assert hrefs
    assert all(re.match(r"https?://[a-z]|#/\d+$", href) for href in hrefs)
    assert "](javascript" not in render_slides_markdown(issue).decode()
    assert "](data" not in render_slides_markdown(issue).decode()


@pytest.mark.parametrize("render", [render_slides_html, render_slides_markdown])
def test_tex_is_unicode_and_prices_stay(render):
    text = render(sample_issue()).decode().replace("\\$", "$")
    body = text.partition("<body")[2] or text
    assert not re.search(r"\\(?:frac|sqrt|tilde|eta|nabla|ell|cdot)", body)
    assert "$O(d" not in body
    assert "costs about $5 and saves $10" in body
    assert "Õ(√T)" in body


# -- Markdown --------------------------------------------------------------------------------------------------------


def marp_slides(text: str) -> tuple[dict, list[str]]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), re.split(r"^---$", body, flags=re.MULTILINE)


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_the_markdown_deck_holds_the_same_slides_with_their_notes(issue):
    text = render_slides_markdown(issue).decode()
    head, slides = marp_slides(text)
    assert head["marp"] is True
    assert len(slides) == len(deck(issue))
    assert [len(re.findall(r"<!--\n.*?\n-->", slide, re.DOTALL)) for slide in slides] == [1] * len(
        slides
    )
    assert render_slides_markdown(issue).decode() == text


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_of_a_source_becomes_markdown_or_ends_the_notes(vector):
    quiet, loud = (
        render_slides_markdown(hostile_issue(v)).decode() for v in ("quiet words", vector)
    )
    kinds = [
        [t.type for t in MarkdownIt("commonmark").parse(marp_slides(text)[1][2])] for text in (quiet, loud)
    ]  # fmt: skip
    assert kinds[0] == kinds[1]
    headings = [slide for slide in marp_slides(loud)[1] if "## " in slide]
    tokens = MarkdownIt("commonmark").parse(headings[1])
    at = [t.type for t in tokens].index("heading_open")
    shown = "".join(t.content for t in tokens[at + 1].children or ())
    assert shown == " ".join(vector.split())


# -- in the browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium():
    program = find_chromium(os.environ)
    assert program
    with Chromium(program) as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_nothing_overflows_complains_or_is_fetched(chromium, tmp_path, issue):
    path = tmp_path / "slides.html"
    path.write_bytes(render_slides_html(issue))
    chromium.view(width=1280, height=720)
    chromium.open(path)
    too_tall = chromium.evaluate(
        """[...document.querySelectorAll("section")].map((section, i) => {
            location.hash = `#/${i + 1}`; dispatchEvent(new Event("hashchange"));
            const page = section.querySelector(".page"), slide = section.querySelector(".slide");
            const last = page.lastElementChild.getBoundingClientRect(), box = slide.getBoundingClientRect();
            const fits = page.scrollHeight <= page.clientHeight && page.scrollWidth <= page.clientWidth
                && section.scrollHeight <= section.clientHeight && last.bottom <= box.bottom && box.height === 720;
            return fits ? null : [i + 1, page.scrollHeight, page.scrollWidth, section.scrollHeight, box.height];
        }).filter(Boolean)"""
    )
    assert too_tall == []
    assert chromium.complaints == []
    assert chromium.requests == [path.as_uri()]


@pytest.mark.browser
def test_the_keys_and_the_address_move_through_the_deck(chromium, tmp_path):
    path = tmp_path / "slides.html"
    path.write_bytes(render_slides_html(sample_issue()))
    chromium.view(width=1280, height=720)
    chromium.open(path, "#/3")

    def press(key):
        chromium.evaluate(f"dispatchEvent(new KeyboardEvent('keydown', {{key: {key!r}}})), 0")
        return chromium.evaluate(
            "[...document.querySelectorAll('section')].filter(s => s.offsetParent || s.getClientRects().length).map(s => s.id)"
        ), chromium.evaluate("location.hash")

    assert press("ArrowRight") == (["/4"], "#/4")
    assert press("ArrowLeft") == (["/3"], "#/3")
    assert press(" ") == (["/4"], "#/4")
    assert press("End") == (["/10"], "#/10")
    assert press("ArrowRight") == (["/10"], "#/10")
    assert press("Home") == (["/1"], "#/1")
    visible = "getComputedStyle(document.querySelector('.current .notes')).display !== 'none'"
    assert chromium.evaluate(visible) is False
    press("s")
    assert chromium.evaluate(visible) is True


@pytest.mark.browser
def test_a_script_that_is_not_ours_does_not_run(chromium, tmp_path):
    """Even where escaping failed: the policy is a second wall, and the first control shows that the test can see."""
    text = render_slides_html(sample_issue()).decode()
    for name, page, expected in (
        ("open", re.sub(r"<meta http-equiv.*?>", "", text), "ran"),
        ("shut", text, ""),
    ):
        path = tmp_path / f"{name}.html"
        path.write_text(page.replace("</main>", "<script>document.body.id = 'ran'</script></main>"))
        chromium.open(path)
        assert chromium.evaluate("document.body.id") == expected


def test_a_quotation_that_is_cut_says_so():
    issue = sample_issue()
    story = next(s for s in issue.stories if s.discussion and s.discussion.positions)
    position = story.discussion.positions[0]
    text = (
        "Error falls, then rises, end of story. "
        + "In fact it falls again, which nobody expected. " * 5
    )
    long = replace(position, text=text.strip())
    short = replace(position, text="It falls twice.")
    changed = replace(story, discussion=replace(story.discussion, positions=(long, short)))
    slides = deck(replace(issue, stories=(changed,)))
    shown = [b.text for s in slides for b in s.bullets if b.text.startswith("“")]

    assert 2 == len(shown)
    assert shown[0].endswith(" …”")
    assert "“It falls twice.”" == shown[1]
