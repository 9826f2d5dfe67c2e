"""What names the same thing in other words is one story, with or without vectors; what only looks so is not."""

import time
from datetime import timedelta

import numpy as np
import pytest

from digest.embeddings import Embeddings
from digest.group import group
from digest.group.wording import plain_title, wording
from tests.test_group import DAY, LONG, arxiv, paper, post, thread

GUI = "GUI-R1: A Generalist Action Model for Agents on Screens"
ABOUT_GUI = "A small amount of curated clicks trains an agent that acts on phones, desktops and the web alike by rewards. "
ABOUT_BREAD = "Dough rises when yeast meets sugar in warm kitchens, which bakers in old towns have known for ages. "


def vectors(*directions):
    """Embeddings by item: two items of one direction are as near as can be, others have nothing in common."""
    names = sorted({d for _, d in directions})
    matrix = np.zeros((len(directions), len(names) + 1), dtype=np.float32)
    for row, (_, direction) in enumerate(directions):
        matrix[row, names.index(direction)] = 1.0
    return Embeddings(row_of={i.id: r for r, (i, _) in enumerate(directions)}, matrix=matrix)


def are_one(a, b, *others, embeddings=None):
    stories = group([a, b, *others], embeddings=embeddings)
    return any({a.id, b.id} <= {i.id for i in s.items} for s in stories)


def press(name, title, text=LONG, day=DAY, **fields):
    return post(name, title, kind="article", source="The press", text=text, published=day, **fields)


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_vectors", [True, False])
def test_an_article_that_bears_a_papers_name_and_tells_the_same_is_on_it(has_vectors):
    work = paper(title=GUI, text=ABOUT_GUI)
    told = press("p", "GUI-R1", ABOUT_GUI, DAY + timedelta(days=5))
    near = vectors((work, "gui"), (told, "gui")) if has_vectors else None

    (story,) = group([work, told], embeddings=near)

    (link,) = story.links
    assert ("mentions", "both tell of GUI-R1, 5 days apart") == (link.kind, link.reason)


@pytest.mark.parametrize("has_vectors", [True, False])
def test_an_article_of_the_same_name_on_something_else_is_not_on_it(has_vectors):
    work, told = paper(title=GUI, text=ABOUT_GUI), press("p", "GUI-R1", ABOUT_BREAD)
    far = vectors((work, "gui"), (told, "bread")) if has_vectors else None

    assert not are_one(work, told, embeddings=far)


def test_of_two_papers_of_one_name_the_nearer_one_is_meant():
    first = paper(
        "2102.00001", title="J1: Rewards for a Judge that Thinks", authors=("Ada Lovelace",)
    )
    second = paper("2102.00002", title="J1: Scaling a Judge at Test Time", authors=("Alan Turing",))
    told = press("p", "J1")

    near = vectors((first, "rewards"), (told, "rewards"), (second, "scaling"))

    assert are_one(first, told, second, embeddings=near)
    assert not are_one(second, told, first, embeddings=near)


def test_of_two_papers_of_one_name_that_are_equally_near_none_is_meant():
    first = paper("2102.00001", title="J1: Rewards for a Judge that Thinks")
    second = paper("2102.00002", title="J1: Scaling a Judge at Test Time")
    told = press("p", "J1")

    near = vectors((first, "judge"), (told, "judge"), (second, "judge"))

    assert 3 == len(group([first, second, told], embeddings=near))


def test_a_name_months_later_is_no_news_of_the_paper():
    work = paper(title=GUI, text=ABOUT_GUI)
    late = press("p", "GUI-R1", ABOUT_GUI, DAY + timedelta(days=60))

    assert not are_one(work, late)


def test_an_item_without_a_date_is_joined_by_its_name_to_nothing():
    work = paper(title=GUI, text=ABOUT_GUI)

    assert not are_one(work, press("p", "GUI-R1", ABOUT_GUI, None))


def test_a_name_that_a_post_coins_and_one_abstract_alone_has_joins_them():
    old = paper(
        title="Estimating the Influence of Training Data by Descent",
        text="We call it TracIn. " * 9,
        published=DAY - timedelta(days=350),
    )
    blog = post("p", "TracIn: A Way to Estimate Training Data Influence", published=None)

    (story,) = group([old, blog])

    assert ("announces", "both tell of tracin") == (story.links[0].kind, story.links[0].reason)


# -- releases ---------------------------------------------------------------------------------------------------------


def test_one_release_on_two_blogs_is_one_story():
    maker = post("a", "Granite 3.0", source="The maker", text="A family of models by IBM. " * 9)
    host = post("b", "IBM Granite 3.0 models", published=DAY + timedelta(days=1))

    (story,) = group([maker, host])

    assert "both tell of granite 3.0, one day apart" == story.links[0].reason


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Llama 3", "Llama 3.2"),
        ("Llama 3", "Llama 3 is not very censored"),
        ("Claude 3 models on Vertex", "Claude 3"),
        ("Progress report, part 2", "Progress report, part 3"),
    ],
)
def test_another_version_or_another_thing_of_that_version_is_another_story(first, second):
    a = post("a", first, source="The maker", text="A family of models. " * 9)
    b = post("b", second, text="How it runs on a machine of yours. " * 9)

    assert not are_one(a, b)


def test_a_site_name_behind_a_title_does_not_count():
    a = post("a", "Strengthening resilience of grids", source="The maker")
    b = post("b", "Strengthening resilience of grids | The Company Blog", source="The company")

    assert "the same title" == group([a, b])[0].links[0].reason


def test_parts_of_a_series_are_not_taken_for_site_names():
    first, second = (
        post(n, f"Engineers of the house - Interview with {n}", source=f"Blog of {n}")
        for n in ("Lovelace", "Turing")
    )

    assert not are_one(first, second)


# -- titles -----------------------------------------------------------------------------------------------------------


def test_what_the_press_abbreviates_is_the_same_title():
    assert "scaling reasoning in diffusion large language models" == plain_title(
        "[R] Scaling reasoning in diffusion LLMs"
    )
    work = paper(title="d1: Scaling Reasoning in Diffusion Large Language Models via Rewards")

    assert are_one(work, press("p", "Scaling Reasoning in Diffusion LLMs via Rewards"))


def test_a_title_cut_short_belongs_to_the_one_that_begins_so():
    work = paper(title="Proof or Bluff? Evaluating Models on the Math Olympiad")
    cut = thread("t", "[R] Proof or Bluff? Evaluating Models on the Math Ol...")

    (story,) = group([work, cut])

    assert "one title is the beginning of the other" == story.links[0].reason


def test_a_title_cut_short_that_two_papers_begin_with_belongs_to_neither():
    works = [
        paper(f"2102.0000{n}", title=f"Proof or Bluff? Evaluating Models on {what}")
        for n, what in enumerate(("Olympiads", "Theorems"))
    ]
    cut = thread("t", "[R] Proof or Bluff? Evaluating Models on ...")

    assert 3 == len(group([*works, cut]))


def test_a_title_that_a_far_older_paper_nearly_has_is_another_work():
    old = paper(
        title="Agentic Large Language Models of Wide Use: A Survey",
        published=DAY - timedelta(days=400),
    )

    assert not are_one(old, press("p", "Large Language Models of Wide Use: A Survey"))


def test_two_strangers_who_share_a_surname_did_not_write_one_paper():
    mine = paper(authors=("Wei Zhang", "Ada Lovelace", "Bo Li"))
    its = paper(
        id="doi:10.1/x", doi="10.1/x", url="https://journal.org/x",
        authors=("Wen Zhang", "Alan Turing", "Yi Sun"),
    )  # fmt: skip

    assert not are_one(mine, its)


@pytest.mark.parametrize(
    "other",
    [
        "Image Recognition Without Normalizаtion",
        "Image Recog\u200bnition Without Normalization",
        "Image Recognition With0ut Normalization",
    ],
)
def test_a_title_in_disguise_is_not_the_title(other):
    copied = press("p", other, ABOUT_BREAD)

    assert not are_one(paper(), copied)


# -- links ------------------------------------------------------------------------------------------------------------


def test_a_later_version_of_a_paper_is_linked_as_such():
    second = paper(id="feed:x", url="https://arxiv.org/abs/2102.06171v2", source="A feed")

    (link,) = group([paper(), second])[0].links

    assert ("new_version_of", "feed:x", "arxiv:2102.06171") == (
        link.kind,
        link.source_id,
        link.target_id,
    )


def test_a_post_with_a_long_tail_of_references_announces_the_paper_it_is_titled_after():
    own = paper("2102.00001", title="Variational Transformer Nets for Layout Generation")
    tail = [paper(f"2102.0001{n}", title=f"Cited work on another matter {n}") for n in range(8)]
    links = [arxiv("2102.00001"), *(arxiv(f"2102.0001{n}") for n in range(8))]
    blog = post("p", "Variational Transformer Nets to Automate Layout of Documents", *links)

    assert are_one(own, blog, *tail)


def test_a_paper_named_again_and_again_by_the_post_that_links_to_it_is_its_subject():
    own = paper(title="Polyblur: removing mild blur by polynomials")
    other = paper("2102.00002", title="A Tour of Mobile Photography")
    blog = post(
        "p", "Take all your pictures to the cleaners", arxiv(), arxiv("2102.00002"), text="Polyblur! " * 4 + LONG
    )  # fmt: skip

    assert are_one(own, blog, other)


def test_two_short_articles_on_one_absent_paper_are_one_only_where_they_say_the_same():
    first = press("a", "FacTool", ABOUT_GUI, links=(arxiv(),))
    second = press("b", "Finding what is false", ABOUT_GUI, links=(arxiv(),))
    wrong = press("c", "Breads of the world", ABOUT_BREAD, links=(arxiv(),))
    near = vectors((first, "facts"), (second, "facts"), (wrong, "bread"))

    assert are_one(first, second, wrong, embeddings=near)
    assert not are_one(first, wrong, second, embeddings=near)


# -- many -------------------------------------------------------------------------------------------------------------


def test_thousands_of_copies_and_look_alikes_cost_no_time():
    copies = [post(f"c{n}", "GUI-R1", source="One blog") for n in range(3000)]
    alike = [
        press(f"a{n}", f"Granite 3.{n % 7} exposed OpenClaw instances {n:x}а", day=None if n % 2 else DAY)
        for n in range(3000)
    ]  # fmt: skip
    works = [paper(f"2102.{n:05}", title="GUI-R1: one name of many papers") for n in range(3000)]
    bare = [post(f"b{n}", "", text="", published=None) for n in range(3000)]

    start = time.process_time()
    stories = group([*copies, *alike, *works, *bare])

    assert time.process_time() - start < 10, "quadratic cost would take minutes"
    assert all(sum(i.kind == "paper" for i in s.items) <= 1 for s in stories)


def test_versions_are_told_from_numbers_that_count_parts_and_from_years():
    told = {t: wording(post("p", t)).versions for t in ("Llama 3.2", "Part 2", "CVPR 25", "SAM 3")}

    assert {
        "Llama 3.2": {("llama", "3.2")}, "Part 2": set(), "CVPR 25": set(), "SAM 3": {("sam", "3")}
    } == told  # fmt: skip
