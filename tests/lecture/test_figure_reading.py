"""How a figure is read, from what its caption says and nothing else."""

from __future__ import annotations

import pytest

from digest.lecture.figure_reading import reading


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("Figure 1: ImageNet accuracy vs. training latency (ms).", ["It sets ImageNet accuracy against training latency (ms).", "Higher accuracy is better and lower training latency is better."]),
        ("Figure 2: Word error rate as a function of the beam size.", ["It sets word error rate against beam size.", "Lower word error rate is better."]),
        ("Fig. 3. Comparison of test perplexity versus parameters for both models.", ["It sets test perplexity against parameters.", "Lower test perplexity is better."]),
        ("Figure 4: BLEU against decoding steps (log scale), on two pairs.", ["It sets BLEU against decoding steps (log scale).", "Higher BLEU is better."]),
        ("Figure 5: Memory versus sequence length.", ["It sets memory against sequence length."]),
        ("Figure 6: FID vs. sampling steps. Lower is better.", ["It sets FID against sampling steps.", "Its caption says: “Lower is better”."]),
        ("Figure 7: Five networks. The horizontal axis is latency in seconds.", ["Its caption says: “The horizontal axis is latency in seconds”."]),
    ],
)  # fmt: skip
def test_what_the_caption_says_is_said(caption, said):
    assert said == list(reading(caption))


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "Figure 1: Overview of our method.",
        "Figure 2: Samples of both models.",
        "Figure 3: Accuracy of the five networks.",
        "Figure 4: We guard against it.",
        "Figure 5: A cat. A dog.",
        "Figure 6: Our method vs. ResNet.",
        "Figure 7: Dogs versus cats, in accuracy.",
    ],
)  # fmt: skip
def test_where_the_caption_says_nothing_of_axes_nothing_is_said(caption):
    assert () == reading(caption)
