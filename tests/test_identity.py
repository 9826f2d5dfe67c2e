"""Identity: one work has one key, however it is written, and different works have different ones."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.identity import (
    arxiv_ids,
    canonical_keys,
    canonical_url,
    dois,
    named_works,
    normal_title,
)
from digest.types import Item


def item(**fields):
    given = {"id": "x:1", "source": "s", "kind": "post", "title": "T", "url": "https://blog.org/a"}
    return Item(**(given | {"published": datetime(2021, 2, 1, tzinfo=UTC)} | fields))


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/2002.08484",
        "http://arxiv.org/abs/2002.08484v3",
        "https://export.arxiv.org/pdf/2002.08484v3.pdf",
        "https://www.arxiv.org/pdf/2002.08484.pdf#page=2",
        "https://arxiv.org/abs/2002.08484?context=cs.LG",
        "https://ar5iv.labs.arxiv.org/html/2002.08484",
        "https://ar5iv.org/abs/2002.08484",
        "https://alphaxiv.org/abs/2002.08484",
        "https://huggingface.co/papers/2002.08484",
        "https://doi.org/10.48550/arXiv.2002.08484",
        "10.48550/ARXIV.2002.08484",
        "https://arxiv.org/format/2002.08484",
        "https://export.arxiv.org/api/query?id_list=2002.08484",
        "as arXiv:2002.08484v2 shows.",
        "see arXiv 2002.08484, please",
        "[R] [2002.08484] Estimating influence",
        "(arXiv:2002.08484v1 [cs.LG])",
    ],
)
def test_every_form_of_an_arxiv_id_is_found(text):
    assert ("2002.08484",) == arxiv_ids(text)


@pytest.mark.parametrize(
    "text",
    [
        "the price was 2024.1000 and later 2002.08484",  # no word of arXiv
        "arXiv:2313.00001",  # no month 13
        "arXiv:2401.123456",  # six digits: not cut to five
        "arXiv:1501.0001",  # five digits since 2015
        "arXiv:0704.00012",  # four digits before
        "arXiv:0703.0001",  # the scheme began in April 2007
        "https://arxiv.org/list/cs.LG/recent",
        "https://notarxiv.example/abs/2002.08484",
        "[2020.12345]",
        "",
    ],
)
def test_what_is_no_arxiv_id_is_not_taken_for_one(text):
    assert () == arxiv_ids(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://arxiv.org/abs/hep-th%2F9901001v2", ("hep-th/9901001",)),
        ("arXiv:math.GT/0309136", ("math/0309136",)),
        ("arXiv:0704.0001", ("0704.0001",)),
        ("arxiv.org/abs/2102.00002 after arxiv.org/abs/2102.00001 and arXiv:2102.00002", ("2102.00002", "2102.00001")),
    ],
)  # fmt: skip
def test_old_ids_lose_their_subject_class_and_ids_come_in_order_each_once(text, found):
    assert found == arxiv_ids(text)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("(doi:10.1371/journal.pgen.1009303).", "10.1371/journal.pgen.1009303"),
        (
            "https://journals.plos.org/plosgenetics/article?id=10.1371%2Fjournal.pgen.1009303&type=printable",
            "10.1371/journal.pgen.1009303",
        ),
        ("https://journals.plos.org/x?id=10.1371/journal.pgen.1009303.g001", "10.1371/journal.pgen.1009303"),
        ("https://www.biorxiv.org/content/10.1101/2021.02.01.429158v2.full.pdf", "10.1101/2021.02.01.429158"),
        ("https://www.biorxiv.org/content/10.1101/759308v1", "10.1101/759308"),
        ("https://www.biorxiv.org/content/10.64898/2026.01.05.697000v2", "10.64898/2026.01.05.697000"),
        ("https://www.nature.com/articles/s41586-021-03819-2", "10.1038/s41586-021-03819-2"),
        ("10.1016/S0140-6736(20)30183-5", "10.1016/s0140-6736(20)30183-5"),
        ("https://dl.acm.org/doi/pdf/10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/abc.123/full", "10.1002/abc.123"),
    ],
)  # fmt: skip
def test_a_doi_is_found_bare_whatever_stands_around_it(text, doi):
    assert (doi,) == dois(text)


@pytest.mark.parametrize(
    "text", ["https://doi.org/10.48550/arXiv.2002.08484", "version 10.1234", "10.1234/..."]
)
def test_arxivs_own_dois_and_what_is_no_doi_are_left_out(text):
    assert () == dois(text)


@pytest.mark.parametrize(
    "urls",
    [
        ("http://www.Example.org:80/a/../b/index.html?utm_source=x&b=2&a=1#z", "https://example.org/b?a=1&b=2"),
        (
            "http://ai.googleblog.com/2021/02/tracin-simple-method.html?m=1",
            "https://blog.research.google/2021/02/tracin-simple-method.html",
            "https://research.google/blog/tracin-simple-method/",
        ),
        (
            "https://old.reddit.com/r/MachineLearning/comments/lg1xyz/d_foo/?utm_source=share",
            "https://redd.it/lg1xyz",
            "https://www.reddit.com/comments/lg1xyz/",
        ),
        ("https://youtu.be/abc?si=1", "https://m.youtube.com/watch?v=abc&feature=share"),
        ("https://ex.org/story", "https://amp.ex.org/story/amp/", "https://ex.org/story?fbclid=7&ref=hn"),
        ("https://openreview.net/pdf?id=abc", "https://openreview.net/forum?id=abc&noteId=x"),
        ("https://GitHub.com/Foo/Bar.git", "https://github.com/foo/bar/tree/main"),
        ("https://arxiv.org/pdf/2002.08484v2.pdf", "http://export.arxiv.org/abs/2002.08484"),
        ("https://ex.org", "http://ex.org/"),
    ],
)  # fmt: skip
def test_all_addresses_of_a_page_have_one_form(urls):
    assert 1 == len({canonical_url(u) for u in urls})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://ex.org/?id=3", "https://ex.org/?id=4"),
        ("https://ex.org/a", "https://ex.org/A"),
        ("https://ex.org:8443/a", "https://ex.org/a"),
        ("https://m.se/x", "https://se/x"),
        ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=b"),
        ("https://github.com/foo/bar", "https://github.com/foo/bar/tree/main/docs"),
    ],
)
def test_different_pages_stay_different(first, second):
    assert canonical_url(first) != canonical_url(second)


@pytest.mark.parametrize("url", ["mailto:a@x.org", "http://[bad", "", "https://"])
def test_what_is_no_page_comes_back_as_it_is(url):
    assert url == canonical_url(f" {url} ")


hosts = st.sampled_from(["ex.org", "www.ex.org", "ai.googleblog.com", "reddit.com", "arxiv.org"])
parts = st.text(alphabet="abcAB012._-~%+ üé", max_size=8)


@given(
    st.builds(
        "http://{}/{}/{}?{}={}#{}".format,
        hosts,
        parts,
        parts,
        st.sampled_from(["a", "utm_x", "v"]),
        parts,
        parts,
    )
)
def test_the_canonical_form_of_a_canonical_form_is_itself(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.parametrize(
    "titles",
    [
        (
            r"[D] Nystr\"{o}mformer: A Nystr\"om-Based Algorithm",
            "Nyströmformer: A Nyström–Based Algorithm.",
        ),
        (r"$\beta$-VAE for {BERT} and \emph{GPT}", "β-VAE for BERT and GPT"),
        (r"Erd\H{o}s-R\'enyi", "Erdős–Rényi"),
        ("Let’s verify “step by step”", 'Let\'s verify "step by step"'),
        ("[R] [2401.12345] A Title (arXiv:2401.12345v1 [cs.LG])", "A title"),
        ("ﬁne‐tuning — a new look [R]", "Fine-tuning: A New Look"),
        ("$L^2$ norm", "L² norm"),
    ],
)
def test_titles_that_differ_in_writing_only_are_equal(titles):
    assert 1 == len({normal_title(t) for t in titles})


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        (
            "[Re] Attention is all you need",
            "re attention is all you need",
        ),  # a replication is another work
        ("[D]", "d"),
        ("GPT-4 vs GPT-3", "gpt 4 vs gpt 3"),
        ("深度学习", "深度学习"),
        ("", ""),
    ],
)
def test_what_tells_titles_apart_stays(title, normal):
    assert normal == normal_title(title)


def test_the_keys_of_an_item_are_what_it_is_and_not_what_it_names():
    paper = item(
        id="arxiv:2002.08484",
        kind="paper",
        url="http://arxiv.org/abs/2002.08484v3",
        doi="10.1371/JOURNAL.pgen.1009303",
        links=("https://arxiv.org/abs/1703.04730",),
    )

    assert {
        "arxiv:2002.08484",
        "doi:10.1371/journal.pgen.1009303",
        "url:https://arxiv.org/abs/2002.08484",
    } == canonical_keys(paper)
    assert ("arxiv:1703.04730",) == named_works(paper)


def test_the_front_page_of_a_site_is_no_key():
    assert frozenset() == canonical_keys(item(url="https://blog.org/"))


def test_works_are_named_by_title_links_and_text_in_this_order():
    post = item(
        title="[2102.00001] A title",
        links=("https://doi.org/10.1371/journal.pgen.1009303",),
        text="As arXiv:2102.00002 says, and arXiv:2102.00001.",
    )

    assert (
        "arxiv:2102.00001",
        "doi:10.1371/journal.pgen.1009303",
        "arxiv:2102.00002",
    ) == named_works(post)
