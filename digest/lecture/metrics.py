"""Measures of machine learning by the names that texts give them, and which way is better.

    top-1 accuracy, BLEU, F1, mAP        higher        error rate, FID, perplexity, latency        lower

Only measures whose direction nobody disputes stand here; of a size (parameters, FLOPs) less is cheaper, not better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower"]

#: Words that make a measure another one: "zero-shot accuracy" is compared with none but its like.
_KINDS = (
    r"(?:(?:top-?[15]|test|validation|zero-?shot|few-?shot|one-?shot|linear|mean|average|overall|balanced|robust|classification"
    r"|prediction|recognition|macro|micro|weighted|word|character|phoneme|equal|token|out-of-distribution|clean|adversarial"
    r"|translation|retrieval|segmentation|detection|diagnostic|human|box|mask|mean absolute|mean squared|root mean squared?"
    r"|final|absolute|relative|model|training|inference|end-to-end|per-token|wall-?clock|reconstruction|downstream|pass)[ -]){0,3}"
)
_NAMES: dict[Direction, tuple[str, ...]] = {
    "higher": (
        r"accurac(?:y|ies)", r"(?:macro-|micro-)?F-?1(?:[ -](?:scores?|measure))?", r"F-?measure", r"(?:Sacre)?BLEU(?:-?[1-4])?(?: scores?)?", r"ROUGE(?:-?[12L])?(?: scores?)?",
        r"METEOR(?: scores?)?", r"CIDEr(?: scores?)?", r"chrF(?:\+\+)?", r"COMET(?: scores?)?", r"BERTScore", r"mAP(?:@[\d.:]+)?", r"AP(?:50|75)?", r"m?IoU", r"Dice(?: (?:scores?|coefficients?))?",
        r"AU-?(?:RO)?C(?:-ROC)?", r"AUPRC?", r"ROC[- ]AUC", r"precision", r"recall(?:@\d+)?", r"R@\d+", r"exact match", r"pass@\d+", r"win rates?", r"success rates?", r"hit rates?",
        r"MRR(?:@\d+)?", r"n?DCG(?:@\d+)?", r"inception scores?", r"PSNR", r"SSIM", r"sensitivity", r"specificity", r"throughput", r"frames per second", r"Spearman(?:'s)? correlation", r"Pearson(?:'s)? correlation",
    ),
    "lower": (
        r"errors?(?: rates?)?", r"WER", r"CER", r"EER", r"FID(?: scores?)?", r"FVD", r"LPIPS", r"perplexit(?:y|ies)", r"PPL", r"bits per (?:dimension|byte|character)", r"MAE", r"R?MSE", r"MAPE",
        r"negative log[- ]likelihood", r"NLL", r"latenc(?:y|ies)", r"hallucination rates?", r"attack success rates?", r"false[- ](?:positive|negative|alarm) rates?",
        r"(?:training|inference|run|running|processing|wall-?clock) ?times?", r"calibration error", r"ECE",
    ),
}  # fmt: skip
_CASED = re.compile(r"[A-Z]{2}|mAP|mIoU|IoU|F-?1|R@|chrF")


def _pattern(names: tuple[str, ...]) -> str:
    # acronyms keep their case, or "ap" and "err" would be found in any text
    parts = (n if _CASED.search(n) else f"(?i:{n})" for n in sorted(names, key=len, reverse=True))
    return "|".join(parts)


#: The lower ones first: "attack success rate" must not be read as a success rate.
METRIC = re.compile(
    rf"(?<![\w-])(?P<kind>(?i:{_KINDS}))(?:(?P<lower>{_pattern(_NAMES['lower'])})|(?P<higher>{_pattern(_NAMES['higher'])}))(?![\w@])(?!-\w)"
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One mention of a measure in a text."""

    name: str  #: as the text writes it
    direction: Direction
    start: int
    end: int


def metrics(text: str) -> Iterator[Metric]:
    """The measures that ``text`` names, in order."""
    for match in METRIC.finditer(text):
        direction: Direction = "lower" if match["lower"] else "higher"
        yield Metric(" ".join(match[0].split()), direction, match.start(), match.end())


def first_metric(text: str) -> Metric | None:
    """The first measure that ``text`` names; None where it names none."""
    return next(metrics(text), None)
