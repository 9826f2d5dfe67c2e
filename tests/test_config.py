"""feeds.yaml: what is right is read, what is wrong is said in one line with the key path and what is allowed."""

import pytest

from digest.config import load_config, parse_config
from digest.errors import ConfigError
from digest.paths import default_feeds
from digest.sources import ArxivSource

ARXIV = {"kind": "arxiv", "categories": ["cs.LG"]}


def fault(data):
    with pytest.raises(ConfigError) as caught:
        parse_config(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_shipped_file_is_valid_and_asks_only_sources_that_need_no_key():
    config = load_config(default_feeds())

    asked = {"arxiv", "feed", "reddit", "huggingface", "hackernews"}
    shown = {"openreview", "biorxiv", "youtube", "semanticscholar"}
    assert asked == {s.kind for s in config.sources if s.is_enabled}
    assert shown | {"feed"} == {s.kind for s in config.sources if not s.is_enabled}
    assert ("cs.LG", "cs.CV", "cs.CL", "stat.ML") == next(
        s.categories for s in config.sources if isinstance(s, ArxivSource)
    )
    assert () == config.delivery.recipients


def test_a_source_can_be_pointed_at_another_server():
    reddit = {
        "kind": "reddit",
        "subreddit": "MachineLearning",
        "url": "http://127.0.0.1:1",
        "reddit_url": "http://127.0.0.1:2",
        "oauth_url": "http://127.0.0.1:3",
    }
    (source,) = parse_config({"sources": [reddit]}).sources

    assert ("r/MachineLearning", "http://127.0.0.1:1", "http://127.0.0.1:3") == (
        source.name,
        source.url,
        source.oauth_url,
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"sources": []}, "sources: is empty"),
        ({"title": "x"}, "sources: is missing"),
        (
            {"sources": [{"kind": "gopher"}]},
            "sources[0].kind: got 'gopher'; allowed: arxiv, feed, reddit, youtube, ",
        ),
        ({"sources": [{"name": "x"}]}, "sources[0].kind: got nothing"),
        (
            {"sources": [ARXIV | {"categorys": 1}]},
            "sources[0].categorys: unknown key; did you mean 'categories'?",
        ),
        ({"sources": [ARXIV], "titel": "x"}, "titel: unknown key; did you mean 'title'?"),
        (
            {"sources": [ARXIV], "delivery": {"smtp": {"hots": "x", "host": "h"}}},
            "delivery.smtp.hots: unknown key",
        ),
        (
            {"sources": [{"kind": "feed", "name": "a", "url": "ftp://x"}]},
            "sources[0].url: got 'ftp://x'; must be an",
        ),
        (
            {"sources": [{"kind": "feed", "name": "a", "url": "no url"}]},
            "sources[0].url: got 'no url'",
        ),
        ({"sources": [ARXIV, ARXIV]}, "the name 'arXiv' is used twice"),
        (
            {"sources": [ARXIV], "delivery": {"from": "nobody"}},
            "delivery.from: got 'nobody'; must be a mail address",
        ),
        ({"sources": [ARXIV], "delivery": {"from": "a@b\r\nBcc: c@d"}}, "delivery.from: got"),
        (
            {"sources": [ARXIV], "delivery": {"recipients": ["a@b c"]}},
            "delivery.recipients[0]: got 'a@b c'; must be",
        ),
        (
            {"sources": [ARXIV], "delivery": {"unsubscribe": "http://x.org"}},
            "delivery.unsubscribe: got 'http://x.org'",
        ),
        (
            {"sources": [ARXIV], "delivery": {"unsubscribe": "mailto:x"}},
            "delivery.unsubscribe: got 'mailto:x'",
        ),
        ({"sources": [ARXIV], "length": {"full_stories": 0}}, "length.full_stories: got 0"),
        ({"sources": [ARXIV], "summarizer": {"device": "gpu"}}, "summarizer.device: got 'gpu'"),
        (
            {"sources": [ARXIV], "interests": {"topics": ["visoin"]}},
            "interests.topics[0]: got 'visoin'; is no topic; put it under keywords, or",
        ),
    ],
)
def test_a_fault_names_the_key_path_the_value_and_what_is_allowed(data, said):
    assert said in fault(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n- b\n", "must be a mapping"),
        ("sources: [\n", "not YAML"),
        ("sources:\n\t- kind: arxiv\n", "line 2, column 1: not YAML"),
        ("sources: !!python/object/apply:os.system [ls]\n", "not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_named_in_the_error(tmp_path, text, said):
    path = tmp_path / "feeds.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        load_config(path)

    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match=r"no such file .*--feeds"):
        load_config(tmp_path / "none.yaml")


def test_bytes_that_are_no_text_are_a_configuration_error(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xff\xfe\x00\x81")

    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(path)


def test_a_topic_may_be_given_by_its_title():
    data = {"sources": [ARXIV], "interests": {"topics": ["Computer Vision", "rl"]}}

    assert ("vision", "rl") == parse_config(data).interests.topics


def test_the_syllabus_is_looked_for_beside_the_file(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "sources: [{kind: arxiv, categories: [cs.LG]}]\ncourse: {syllabus: mine.yaml}\n"
    )

    assert tmp_path / "mine.yaml" == load_config(path).course.syllabus


def test_a_keyword_with_a_minus_is_one_to_avoid():
    interests = parse_config(
        {
            "sources": [ARXIV],
            "interests": {"keywords": ["distillation", "-blockchain"], "avoid": ["crypto"]},
        }
    ).interests

    assert (("distillation",), ("crypto", "blockchain")) == (interests.wanted, interests.unwanted)


def test_an_interest_that_is_none_is_named_with_those_that_are():
    said = fault({"sources": [ARXIV], "interests": {"venue": ["NeurIPS"]}})

    assert (
        "feeds.yaml: interests.venue: unknown key; did you mean 'venues'?"
        " allowed: authors, avoid, keywords, topics, venues" == said
    )


@pytest.mark.parametrize(
    ("feedback", "base"),
    [
        ({}, ""),
        ({"mailto": "Ada <ada@example.org>"}, "mailto:ada@example.org"),
        ({"url": "http://127.0.0.1:8713/rate"}, "http://127.0.0.1:8713/rate"),
        ({"url": "http://printer.local/rate"}, "http://printer.local/rate"),
    ],
)
def test_rating_links_lead_to_a_mailbox_or_a_local_address(feedback, base):
    assert base == parse_config({"sources": [ARXIV], "feedback": feedback}).feedback.base


@pytest.mark.parametrize(
    ("feedback", "said"),
    [
        ({"url": "https://tracker.example.org/rate"}, "feedback.url: got 'https://tracker.exam"),
        ({"url": "mailto:ada@example.org"}, "feedback.url"),
        ({"mailto": "nobody"}, "feedback.mailto"),
        ({"mailto": "a@example.org", "url": "http://127.0.0.1/"}, "mailto or url, not both"),
        ({"email": "a@example.org"}, "feedback.email: unknown key"),
    ],
)
def test_rating_links_to_a_server_elsewhere_are_refused(feedback, said):
    assert said in fault({"sources": [ARXIV], "feedback": feedback})
