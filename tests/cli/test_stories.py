"""`rank`, `explain` and `story` on the sample weeks: what is printed, what is remembered, how they end."""

import json
import re
import shutil

import pytest

from digest.cli import main
from digest.cli.rank import NOTHING_TOLD
from digest.paths import sample_week

NORMALIZATION = "arxiv:2102.06171"


@pytest.fixture
def command(folder, extractive_demo, capsys):
    """Exit code, stdout and stderr of a command on a copy of the demo's database."""
    shutil.copy(extractive_demo.db, folder / "digest.db")
    shutil.copytree(sample_week(), folder / "sample")
    feeds = folder / "sample" / "feeds.yaml"
    # as the demo of the tests was made
    feeds.write_text(feeds.read_text("utf-8") + "\nsimilarity: {model: none}\n", "utf-8")

    def run(*argv, week="2021-W06"):
        given = ["--feeds", str(feeds), *(["--week", week] if week else [])]
        code = main([*map(str, argv), *given])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def as_json(result):
    code, out, _ = result
    assert 0 == code
    return json.loads(out)


# -- rank -------------------------------------------------------------------------------------------------------------


def test_every_story_of_the_week_is_ranked_with_reasons_and_all_its_ids(command):
    stories = as_json(command("rank", "--json"))

    scores = [s["score"] for s in stories]
    assert sorted(scores, reverse=True) == scores
    assert all(s["score"] == pytest.approx(sum(s["parts"].values()), abs=0.01) for s in stories)
    best = next(s for s in stories if s["key"] == NORMALIZATION)
    assert {NORMALIZATION, "2102.06171", "reddit:zznfn01"} == set(best["ids"])
    assert "365 points and 31 comments on r/MachineLearning" in best["reasons"]
    assert {"full", "brief", "left_out"} == {s["place"] for s in stories}
    assert all(s["reasons"] for s in stories)


def test_the_demo_has_a_reason_for_every_story_that_it_shows(command):
    shown = [s for s in as_json(command("rank", "--json")) if s["place"] != "left_out"]

    assert [] == [s["title"] for s in shown if NOTHING_TOLD in s["reasons"]]


def test_rank_agrees_with_the_issue(command, extractive_demo):
    issue = json.loads((extractive_demo.folder / "digest.json").read_text("utf-8"))
    stories = as_json(command("rank", "--json", "--now", "2021-02-13T18:00:00Z"))

    for place, told in (("full", issue["stories"]), ("brief", issue["briefs"])):
        assert [s["key"] for s in told] == [s["key"] for s in stories if s["place"] == place]
    assert issue["coverage"]["stories"] == len(stories)


def test_only_the_best_are_printed_where_asked_for(command):
    code, out, _ = command("rank", "--top", 2)

    assert (0, 2) == (code, len(re.findall(r"^ +\d+  +\d+\.\d\d  in full", out, re.MULTILINE)))
    assert "more stories" in out
    assert 2 == len(as_json(command("rank", "--top", 2, "--json")))


@pytest.mark.parametrize("top", ["0", "-1", "many"])
def test_how_many_must_be_a_number(command, top):
    with pytest.raises(SystemExit) as caught:
        command("rank", "--top", top)

    assert 2 == caught.value.code


@pytest.mark.parametrize("argv", [["rank"], ["explain", "1"], ["story", "merge", "a", "b"]])
def test_without_a_database_there_is_one_line(folder, capsys, argv):
    code = main([*argv, "--feeds", str(sample_week() / "feeds.yaml"), "--db", "none.db"])

    assert (1, 1) == (code, capsys.readouterr().err.count("\n"))
    assert not (folder / "none.db").exists()


def test_a_week_without_items_has_no_ranking(command):
    code, out, err = command("rank", week="2019-W01")

    assert (1, "") == (code, out)
    assert "no items for 2019-W01" in err


# -- explain ----------------------------------------------------------------------------------------------------------


def left_out(command):
    stories = as_json(command("rank", "--json"))
    return next(s for s in stories if s["place"] == "left_out" and s["key"].startswith("arxiv:"))


def test_a_left_out_paper_is_explained_in_words_and_figures(command):
    story = left_out(command)
    code, out, err = command("explain", story["key"].removeprefix("arxiv:"))

    assert (0, "") == (code, err)
    assert story["title"] in out
    assert re.search(r"2021-W06: left out; place \d+ of \d+ by score, \d\.\d\d points", out)
    assert re.search(r"\d\.\d\d points short of being told in one line\.", out)
    assert "What would have changed it (each tried on the whole week)" in out
    assert re.search(r"thread .*on r/MachineLearning that links to it", out)
    assert all(len(line) <= 100 for line in out.splitlines() if "http" not in line)


def test_the_same_is_there_as_json(command):
    story = left_out(command)
    found = as_json(command("explain", story["key"], "--json"))

    assert ("left_out", story["score"]) == (found["place"], found["score"])
    assert {"brief", "full"} == set(found["missing"])
    assert all({"what", "points", "place", "position"} == set(c) for c in found["changes"])


def test_a_story_is_explained_by_its_number(command):
    found = as_json(command("explain", "1", "--json", week=None))

    assert ("2021-W06", "full") == (found["week"], found["place"])


def test_what_never_came_is_explained_by_its_sources(command):
    code, out, _ = command("explain", "2102.77777")

    assert 0 == code
    assert "2102.77777 is in no story of 2021-W06." in out
    assert re.search(r"arXiv \(papers of cs\.LG, .*\): complete", out)
    assert "never_collected" == as_json(command("explain", "2102.77777", "--json"))["reason"]


# -- story ------------------------------------------------------------------------------------------------------------


def together(command, *ids):
    return any(set(ids) <= set(s["ids"]) for s in as_json(command("rank", "--json")))


def test_a_merge_and_a_split_hold_in_later_runs_and_are_listed(command):
    stories = as_json(command("rank", "--json"))
    a, b = [s["key"] for s in stories if s["place"] == "left_out"][:2]

    assert 0 == command("story", "merge", a, b)[0]
    assert together(command, a, b)
    assert any(
        "joined by hand" == link["reason"]
        for link in as_json(command("explain", a, "--json"))["links"]
    )
    code, out, _ = command("story", "split", "reddit:zznfn01")
    assert (0, True) == (code, "correction 2: reddit:zznfn01 split from arxiv:2102.06171" in out)
    assert not together(command, NORMALIZATION, "reddit:zznfn01")
    assert ["merge", "split"] == [c["kind"] for c in as_json(command("story", "list", "--json"))]


def test_the_later_word_wins_and_says_so(command):
    command("story", "split", "reddit:zznfn01")
    code, out, _ = command("story", "merge", NORMALIZATION, "reddit:zznfn01")

    assert 0 == code
    assert "correction 1 said otherwise and is taken back by this one" in out
    assert together(command, NORMALIZATION, "reddit:zznfn01")
    assert "taken back by a later one" in command("story")[1]


def test_what_is_forgotten_no_longer_holds(command):
    command("story", "split", "reddit:zznfn01")
    code, out, _ = command("story", "forget", 1)

    assert (0, True) == (code, "forgot correction 1" in out)
    assert together(command, NORMALIZATION, "reddit:zznfn01")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["merge", "arxiv:1", NORMALIZATION], "arxiv:1: no such item is stored"),
        (["merge", NORMALIZATION, "2102.06171"], "a merge needs two items or more"),
        (["split", "feed:nothing"], "feed:nothing: no such item is stored"),
        (["split", "reddit:lemeyo"], "reddit:lemeyo stands alone already"),
        (["split", NORMALIZATION, "reddit:zznfn01"], "are the whole of their story"),
        (["split", NORMALIZATION, "reddit:lemeyo"], "stand in 2 stories"),
        (["forget", "7"], "there is no correction 7"),
    ],
)
def test_what_cannot_be_done_ends_2_with_one_line_and_changes_nothing(command, argv, said):
    code, out, err = command("story", *argv)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err
    assert [] == as_json(command("story", "list", "--json"))


def test_a_split_finds_the_week_of_its_items(command):
    assert 0 == command("story", "split", "reddit:zznfn01", week=None)[0]
