"""The figure most worth showing: plots of results and overviews before pictures; never a table or a logo."""

from __future__ import annotations

import pytest

from digest.lecture.figure_choice import choose, kind_of, without_label
from digest.lecture.metrics import first_metric
from digest.types import Figure


def figure(caption, url="https://example.org/x1.png", **kw):
    return Figure(url=url, caption=caption, **kw)


PLOT = figure("Figure 4: Top-1 accuracy versus training latency of the five sizes.")
OVERVIEW = figure("Figure 2: Overview of our method: a frozen encoder and two small heads.")
TEASER = figure("Figure 1: Qualitative examples of repaired photographs.", picture_count=12)
TABLE = figure("Table 1: Accuracy of all models versus their size.")


@pytest.mark.parametrize(
    ("figures", "best", "kind"),
    [
        ([TEASER, OVERVIEW, PLOT], PLOT, "results"),
        ([TEASER, OVERVIEW], OVERVIEW, "overview"),
        ([TABLE, OVERVIEW], OVERVIEW, "overview"),
        ([PLOT, figure("Figure 5: Error rate versus size.")], PLOT, "results"),
        ([TEASER], TEASER, "other"),
        ([figure("Figure 9: Ablation: accuracy versus the number of heads."), PLOT], PLOT, "results"),
        ([figure("Figure A.1: BLEU versus beam size."), PLOT], PLOT, "results"),
        ([figure("Our new office in Zurich"), OVERVIEW], OVERVIEW, "overview"),
    ],
)  # fmt: skip
def test_results_come_before_overviews_and_these_before_the_rest(figures, best, kind):
    choice = choose(figures)
    assert (best, kind) == (choice.figure, choice.kind)


@pytest.mark.parametrize(
    "useless",
    [
        figure(""),
        figure("Figure 3"),
        figure("Figure 3: Results."),
        TABLE,
        figure("Algorithm 1: Accuracy versus size by bisection."),
        figure("The logo of the project and its sponsors"),
        figure("Accuracy versus size of the model", url="https://example.org/site-logo.png"),
    ],
)
def test_what_says_nothing_of_itself_is_not_shown(useless):
    assert choose([useless]) is None


def test_without_figures_there_is_no_choice():
    assert choose([]) is None


def test_an_earlier_figure_wins_over_its_equal():
    first, second = (figure(f"Figure {n}: Perplexity as a function of the data.") for n in (1, 2))
    assert first == choose([first, second]).figure


@pytest.mark.parametrize(
    ("caption", "kind"),
    [
        ("Figure 1: ImageNet accuracy vs. latency. Left is cheaper.", "results"),
        ("Fig. 2. Word error rate by size of the vocabulary.", "results"),
        ("Figure 3: Samples of the model compared with real images.", "other"),
        ("Figure 4: The training pipeline in three steps.", "overview"),
        ("Figure 5: A cat on a mat beside a dog.", "other"),
    ],
)
def test_a_caption_tells_what_its_figure_is(caption, kind):
    assert kind == kind_of(figure(caption))


@pytest.mark.parametrize(
    ("caption", "rest"),
    [
        ("Figure 12: What it is.", "What it is."),
        ("Fig. 3. What it is.", "What it is."),
        ("FIGURE 3 | What it is.", "What it is."),
        ("Figures of merit matter.", "Figures of merit matter."),
        ("What it is.", "What it is."),
    ],
)
def test_the_label_is_no_part_of_what_a_caption_says(caption, rest):
    assert rest == without_label(caption)


@pytest.mark.parametrize(
    ("text", "name", "direction"),
    [
        ("a top-1 accuracy of 80%", "top-1 accuracy", "higher"),
        ("the word error rate fell", "word error rate", "lower"),
        ("an attack success rate of 3%", "attack success rate", "lower"),
        ("a success rate of 3%", "success rate", "higher"),
        ("zero-shot mIoU on three sets", "zero-shot mIoU", "higher"),
        ("BLEU scores on WMT", "BLEU scores", "higher"),
        ("its FID is lower", "FID", "lower"),
        ("test perplexity", "test perplexity", "lower"),
        ("inference latency (ms)", "inference latency", "lower"),
        ("macro-F1 of 80", "macro-F1", "higher"),
    ],
)
def test_a_measure_is_known_by_name_with_the_way_that_is_better(text, name, direction):
    found = first_metric(text)
    assert (name, direction) == (found.name, found.direction)


@pytest.mark.parametrize(
    "text",
    ["an error-prone step", "ten parameters", "a map of the town", "he is right", "a ferret"],
)
def test_other_words_are_no_measures(text):
    assert first_metric(text) is None
