"""Grouping: one event is one story with the reasons, and different works never meet."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.types import Item

DAY = datetime(2021, 2, 9, tzinfo=UTC)
LONG = "Words of its own that go on for quite some time and name no work at all. " * 5


def paper(arxiv_id="2102.06171", title="Image Recognition Without Normalization", **fields):
    given = {
        "id": f"arxiv:{arxiv_id}", "source": "arXiv", "kind": "paper", "title": title, "text": "An abstract. " * 20,
        "url": f"http://arxiv.org/abs/{arxiv_id}v1", "published": DAY, "authors": ("Ada Lovelace",),
    }  # fmt: skip
    return Item(**(given | fields))


def post(name="tracin", title="A post on something else", *links, **fields):
    given = {
        "id": f"feed:{name}", "source": "A blog", "kind": "post", "title": title, "links": links, "text": LONG,
        "url": f"https://blog.org/{name}", "published": DAY,
    }  # fmt: skip
    return Item(**(given | fields))


def thread(name="lg1xyz", title="[D] What do you think?", *links, **fields):
    given = {
        "id": f"reddit:{name}", "source": "r/MachineLearning", "kind": "thread", "title": title, "links": links,
        "url": f"https://www.reddit.com/r/MachineLearning/comments/{name}/x/", "published": DAY,
    }  # fmt: skip
    return Item(**(given | fields))


def arxiv(arxiv_id="2102.06171"):
    return f"https://arxiv.org/abs/{arxiv_id}"


def parts(*items):
    """The stories as sets of ids."""
    return {frozenset(i.id for i in story.items) for story in group(items)}


def are_together(a, b, *others):
    return any({a.id, b.id} <= ids for ids in parts(a, b, *others))


# -- keys -------------------------------------------------------------------------------------------------------------


def test_unrelated_items_stay_alone():
    assert 3 == len(group([paper(), post(), thread()]))


def test_a_journal_article_and_its_preprint_are_one_work():
    journal = paper(
        id="doi:10.1371/x.1", url="https://journal.org/1", doi="10.1371/X.1", title="Other words"
    )

    (story,) = group([paper(doi="10.1371/x.1"), journal])

    assert ("same_work", "both name doi 10.1371/x.1") == (
        story.links[0].kind,
        story.links[0].reason,
    )


def test_one_post_on_three_hosts_is_one_story():
    old = post("a", url="http://ai.googleblog.com/2021/02/tracin-simple.html")
    new = post("b", url="https://research.google/blog/tracin-simple/", source="Another blog")

    (story,) = group([old, new])

    assert "both stand at https://research.google/blog/tracin-simple" == story.links[0].reason


def blog(host, title, day=DAY, kind="post"):
    url = f"https://{host}/{day:%y%m%d}/{title[:20].strip().replace(' ', '-').casefold()}"
    return post(f"{host}/{title}{day}", title, url=url, source=host, published=day, kind=kind)


@pytest.mark.parametrize("kind", ["post", "article"])
def test_trap_62_one_story_on_a_companys_four_blogs_is_one_by_title_and_date(kind):
    title = "Teaching a robot to fold the laundry"
    told = [
        blog("blog.google", f"{title}."),
        blog("deepmind.google", title, DAY + timedelta(hours=7), kind),
        blog("research.google", title.upper(), DAY - timedelta(days=1)),
        blog("ai.googleblog.com", f"{title} ", DAY + timedelta(days=2)),
    ]

    (story,) = group(told)

    assert {i.id for i in told} == {i.id for i in story.items}
    assert min(told, key=lambda i: i.published).id == story.key
    assert {"same_work", "mentions"} >= {link.kind for link in story.links}


def test_trap_62_other_stories_of_the_same_day_on_these_blogs_stay_apart():
    told = [
        blog("blog.google", "Teaching a robot to fold the laundry"),
        blog("deepmind.google", "Teaching a model to prove the theorem"),
        blog("research.google", "A new way to see the weather of tomorrow"),
    ]

    assert 3 == len(group(told))


def test_trap_62_one_title_weeks_apart_is_a_column_and_no_story():
    months = [DAY, DAY + timedelta(days=28), DAY + timedelta(days=56)]
    told = [blog("blog.google", "The news on learning we announced this month", d) for d in months]

    assert 3 == len(group(told))


def test_a_feed_that_gives_all_entries_one_address_does_not_make_them_one():
    broken = [
        post(f"n{i}", f"News of another kind number {i}", url="https://blog.org/news")
        for i in range(3)
    ]

    assert 3 == len(group(broken))


def test_a_thread_whose_own_address_is_the_paper_is_told_with_it():
    assert are_together(paper(), thread(url=arxiv(), text=LONG))


# -- pointers ---------------------------------------------------------------------------------------------------------


def test_a_thread_that_stands_for_its_paper_discusses_it():
    (story,) = group([thread("t", "[R] Nets without norm", arxiv()), paper()])

    (link,) = story.links
    assert ("discusses", "reddit:t", "arxiv:2102.06171", "the thread links to arXiv 2102.06171") == (
        link.kind, link.source_id, link.target_id, link.reason,
    )  # fmt: skip


def test_a_post_announces_the_old_paper_that_it_resembles():
    old = paper(
        "2002.08484",
        "Estimating Training Data Influence by Tracing Gradient Descent",
        published=DAY - timedelta(days=350),
    )
    blog = post("tracin", "TracIn: A Simple Method to Estimate Training Data Influence", arxiv("2002.08484"))  # fmt: skip

    (story,) = group([blog, old])

    assert "announces" == story.links[0].kind
    assert ("arxiv:2002.08484", old) == (story.key, story.lead)


def test_a_post_announces_a_fresh_paper_under_another_name():
    assert are_together(post("p", "A better way to cook", arxiv()), paper())


def test_an_old_paper_in_a_post_on_something_else_is_but_a_mention():
    old = paper(published=DAY - timedelta(days=900))

    assert not are_together(post("p", "Our new office", arxiv()), old)


def test_of_several_papers_a_post_announces_the_one_it_resembles():
    own = paper(
        "2102.00001", "Tracing the Influence of Training Data", published=DAY - timedelta(days=400)
    )
    cited = paper(
        "1703.04730", "Understanding Black-box Predictions", published=DAY - timedelta(days=1400)
    )
    blog = post("p", "How training data has influence", arxiv("1703.04730"), arxiv("2102.00001"))

    assert are_together(blog, own, cited)
    assert not are_together(blog, cited, own)


def test_a_round_up_joins_nothing():
    papers = [paper(f"2102.{i:05}", f"Work {i} on topic {i}") for i in range(1, 8)]
    links = [arxiv(f"2102.{i:05}") for i in range(1, 8)]

    for title in ("Papers of the week", "Work 1 on topic 1 and others of the week"):
        assert 8 == len(group([*papers, post("p", title, *links)]))


@pytest.mark.parametrize(
    "title", ["[R] On that", "[R] Large Scale Recognition Without Batch Normalization or that?"]
)
def test_a_thread_that_names_two_papers_joins_neither(title):
    first = paper("2102.00001", "Large-Scale Recognition Without Batch Normalization")
    second = paper("2102.00002", "On that")

    assert 3 == len(
        group([first, second, thread("t", title, arxiv("2102.00001"), arxiv("2102.00002"))])
    )


def test_a_question_that_mentions_a_paper_stays_a_question():
    assert not are_together(
        thread("t", "[D] How do you teach?", arxiv(), text=LONG, note="Discussion"), paper()
    )


def test_a_long_thread_on_the_paper_by_name_is_told_with_it():
    asked = thread(
        "t", "[D] Why does image recognition without normalization work?", arxiv(), text=LONG
    )
    coined = thread("u", "[D] Are NFNets any good?", arxiv(), text=LONG)

    assert are_together(asked, paper())
    assert are_together(coined, paper(text="We call them NFNet. " * 10))


def test_a_thread_on_a_post_and_its_paper_points_to_one_story():
    blog = post("p", "Image recognition without normalization", arxiv())
    asked = thread("t", "[R] New from the blog", "https://blog.org/p?utm_source=reddit", arxiv())

    assert 1 == len(group([asked, blog, paper()]))


def test_two_threads_on_a_paper_that_is_not_at_hand_are_one_story():
    (story,) = group([thread("a", "[R] This", arxiv()), thread("b", "[R] That", arxiv())])

    assert ("same_work", "both link to arXiv 2102.06171") == (
        story.links[0].kind,
        story.links[0].reason,
    )


def test_two_posts_that_cite_an_old_work_not_at_hand_stay_apart():
    assert 2 == len(group([post("a", "One thing", arxiv()), post("b", "Quite another", arxiv())]))


def test_code_belongs_to_the_paper_that_it_names():
    code = post("c", "nfnets", arxiv(), kind="code", url="https://github.com/a/nfnets")

    (story,) = group([code, paper()])

    assert "code_of" == story.links[0].kind


# -- titles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Image recognition without normalization!",
        "[R] Image Recognition  Without Normalization",
        "Images: Recognition without Normalization",  # inflected
    ],
)
def test_titles_that_say_the_same_make_one_story(title):
    assert are_together(post("p", title), paper(title="Image Recognition Without Normalization"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A study of large networks: part 1", "A study of large networks: part 2"),
        (
            "Why deep networks generalize so well today",
            "Why deep networks do not generalize so well today",
        ),
        (
            "Deep image models trained with labels today",
            "Deep image models trained without labels today",
        ),
        ("What GPT-3 means for all of us", "What GPT-4 means for all of us"),
        (
            "Accepted papers of the AISTATS conference announced",
            "Accepted papers of the UAI conference announced",
        ),
        ("Weekly notes", "Weekly notes"),  # too short to mean anything
    ],
)
def test_titles_that_only_look_alike_make_two(first, second):
    assert not are_together(post("a", first), post("b", second, source="Another blog"))


def test_two_papers_of_one_title_are_two_works():
    assert not are_together(paper("2102.00001"), paper("2102.00002"))


def test_a_journal_article_of_the_same_title_by_others_is_another_work():
    other = paper(
        id="doi:10.1/x", url="https://journal.org/x", doi="10.1/x", authors=("Alan Turing",)
    )

    assert not are_together(paper(), other)
    assert are_together(
        paper(), paper(id="doi:10.1/x", url="https://journal.org/x", authors=("Lovelace, A.",))
    )


def test_where_two_papers_have_the_title_a_thread_without_a_link_joins_neither():
    named = thread("t", "[D] Image Recognition Without Normalization")

    assert 3 == len(group([paper("2102.00001"), paper("2102.00002"), named]))


def test_a_replication_is_another_work():
    again = paper(
        "2102.09999", "[Re] Image Recognition Without Normalization", authors=("Alan Turing",)
    )

    assert not are_together(paper(), again)


def test_a_thread_that_holds_the_whole_title_is_on_the_paper():
    long_title = "Large-Scale Image Recognition Without Batch Normalization"
    asked = thread("t", f"[D] {long_title}: does it work for you?")

    (story,) = group([asked, paper(title=long_title)])

    assert "one title holds the other" == story.links[0].reason


def test_two_works_never_meet_through_a_third_item():
    first, second = paper("2102.00001"), paper("2102.00002", "Another Work On Another Matter")
    between = post("p", "Another work on another matter", arxiv("2102.00001"))

    assert not are_together(first, second, between)


# -- stories ----------------------------------------------------------------------------------------------------------


def test_the_paper_with_an_abstract_leads_and_gives_the_key():
    asked = thread("t", "[R] Look", arxiv(), published=DAY - timedelta(days=1))

    (story,) = group([asked, paper()])

    assert ("arxiv:2102.06171", "paper") == (story.key, story.lead.kind)


def test_a_paper_without_an_abstract_gives_the_key_but_the_post_with_a_text_leads():
    (story,) = group([post("p", "Image recognition without normalization"), paper(text="")])

    assert ("arxiv:2102.06171", "post") == (story.key, story.lead.kind)


def test_without_a_paper_the_earliest_item_gives_the_key():
    early = post("z", "The same title of a post", published=DAY - timedelta(days=1))
    late = post("a", "The same title of a post", source="Another blog")

    assert ["feed:z"] == [s.key for s in group([late, early])]


def test_items_without_date_text_or_title_are_stories_too():
    bare = [post(str(i), "", text="", published=None) for i in range(3)]

    assert ["feed:0", "feed:1", "feed:2"] == [s.key for s in group(bare)]
    assert () == group([])


titles = st.sampled_from(
    [
        "",
        "A Study of Large Networks in Vision",
        "A study of large network in vision",
        "On the matter of large graphs",
        "T",
    ]
)
ids = st.sampled_from(["2102.00001", "2102.00002", "2102.00003"])
links = st.lists(ids.map(arxiv), max_size=3, unique=True)
any_items = st.one_of(
    st.builds(paper, ids, titles, published=st.sampled_from([DAY, None])),
    st.builds(lambda n, t, ls: post(f"p{n}", t, *ls), st.integers(0, 5), titles, links),
    st.builds(lambda n, t, ls, x: thread(f"t{n}", t, *ls, text=x), st.integers(0, 5), titles, links, st.sampled_from(["", LONG])),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(any_items, max_size=10, unique_by=lambda i: i.id), st.randoms(use_true_random=False)
)
def test_the_order_of_the_items_does_not_matter_and_none_is_lost_or_merged_wrongly(items, random):
    stories = group(items)
    shuffled = random.sample(items, len(items))

    assert stories == group(shuffled)
    assert sorted(i.id for i in items) == sorted(i.id for s in stories for i in s.items)
    assert all(sum(i.kind == "paper" for i in s.items) <= 1 for s in stories)
    assert all(len(s.links) == len(s.items) - 1 for s in stories)
    assert len({s.key for s in stories}) == len(stories)


def test_thousands_of_copies_of_one_title_are_one_story_in_no_time():
    copies = [
        post(f"n{i}", "The same title of a post again", source=f"s{i % 7}") for i in range(1500)
    ]
    near = [
        post(f"v{i}", f"A press release that differs only in its number {i}") for i in range(1500)
    ]
    rivals = [paper(f"2102.{i:05}", "One title of very many papers") for i in range(1500)]

    start = time.process_time()
    stories = group([*copies, *near, *rivals])

    assert 1 + 1500 + 1500 == len(stories)
    assert time.process_time() - start < 5, "quadratic cost would take minutes"
