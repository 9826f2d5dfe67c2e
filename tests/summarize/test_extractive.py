"""Extraction: the source's own sentence, word for word, and the one that tells most."""

import pytest

from digest.salience import extract
from digest.summarize.extractive import ExtractiveSummarizer
from digest.types import SummaryRequest

TEXT = (
    "Image classifiers are large.\n  However, they are slow. In this paper we propose sparse\nclassifiers of images, "
    "which need less memory. Extensive experiments on images are reported. Code is at https://example.org/x."
)


def request(text=TEXT, title="Sparse image classifiers", item_id="arxiv:1"):
    return SummaryRequest(item_id=item_id, title=title, text=text, content_hash="0")


def test_the_sentence_in_which_authors_say_what_they_do_comes_first():
    (sentence,) = extract(request())

    assert sentence.text.startswith("In this paper we propose sparse classifiers")


def test_spans_point_at_the_words_in_the_untouched_text():
    for sentence in extract(request(), count=5):
        (span,) = sentence.spans
        assert sentence.text == " ".join(TEXT[span.start : span.end].split())
        assert ("arxiv:1", "extractive") == (span.item_id, sentence.origin)


@pytest.mark.parametrize("item_id", ["reddit:x1", "hn:26000001"])
def test_a_thread_is_told_by_its_question(item_id):
    text = "I train networks for a living. We often use dropout these days. Does anybody still use dropout in vision? Thanks a lot for all answers."

    (thread,) = extract(request(text, "[D] Dropout", item_id))

    assert "Does anybody still use dropout in vision?" == thread.text


def test_no_more_sentences_come_back_than_there_are():
    assert 5 == len(extract(request(), count=9))
    assert () == extract(request(""))
    assert () == extract(request("Algorithms & Theory"))


def test_a_summary_of_each_text_comes_back_in_order():
    two = [request(item_id="arxiv:1"), request("", item_id="arxiv:2")]

    first, second = ExtractiveSummarizer().summarize(two)

    assert ("arxiv:1", 1) == (first.item_id, len(first.sentences))
    assert ("arxiv:2", 0) == (second.item_id, len(second.sentences))
