"""Which figure of a paper or a post is most worth showing, by what its caption says and where it stands.

Plots of results come first, then overviews of the method; examples, grids of pictures and the like come after them, and
tables, logos and teasers without words are never taken. Pure: nothing is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from digest.lecture.metrics import first_metric
from digest.types import Figure

FigureKind = Literal["results", "overview", "other"]

_PLOT = re.compile(
    r"\b(?:vs\.?|versus|as a function of|plotted|plots?|curves?|trade-?offs?|pareto|scal(?:es|ing) (?:with|of|laws?)"
    r"|(?:results?|performance|comparison|evaluation) (?:on|of|with|for|across|against|between)|compar(?:ed|ing|ison)|benchmark"
    r"|(?:x|y|horizontal|vertical)[- ]ax[ei]s|(?:lower|higher) is better|error bars?)(?!\w)",
    re.IGNORECASE,
)
_OVERVIEW = re.compile(
    r"\b(?:overview|architecture|pipeline|framework|schematic|workflow|diagram|building blocks?"
    r"|illustrat(?:ion|es?|ing) (?:of )?(?:our|the) (?:\w+ ){0,2}(?:method|model|approach|network|idea|system)"
    r"|(?:our|the proposed) (?:\w+ ){0,2}(?:method|model|approach|network|system))\b",
    re.IGNORECASE,
)
_EXAMPLES = re.compile(
    r"\b(?:qualitative|examples?|samples?|visuali[sz]ations?|visual (?:results|comparison)|generated (?:images|samples|pictures)"
    r"|failure cases?|screenshots?|photo(?:graph)?s?|portraits?|attention maps?|heat ?maps?|t-?sne|umap|nearest neighbou?rs)\b",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"\b(?:ablations?|appendix|supplement\w*|additional|more results|hyper-?parameters?|sensitivity|training loss|prompt templates?"
    r"|instructions? given|annotation interface|distribution of (?:the )?(?:lengths?|labels?|annotators?))\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"^\W*(?:table|tab\.|algorithm|listing|box)\s*[\dA-Z]|\blogo\b|^\W*(?:author|speaker|profile|header|banner|cover|hero)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:fig(?:ure|\.)?)\s*(?P<number>\d+|[A-Z]\.?\d+)\s*[.:|]?\s*", re.IGNORECASE)  # fmt: skip
_LOGO_NAME = re.compile(r"logo|icon|badge|orcid|banner|thumb(?:nail)?s?/", re.IGNORECASE)

MIN_WORDS = 3  #: of a caption; less says nothing that could be told
GRID = 6  #: so many pictures under one caption are a grid of examples
#: Points; those of a kind outweigh ten places, a plot outweighs an overview at the same place only.
_PLOT_POINTS, _METRIC_POINTS, _OVERVIEW_POINTS = 3.0, 1.0, 2.6
_EXAMPLE_POINTS, _MINOR_POINTS, _GRID_POINTS = -2.5, -1.5, -2.0
_LATER_POINTS = -0.15  #: for each place further back
_APPENDIX_POINTS = -2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The figure to show."""

    figure: Figure
    kind: FigureKind


def choose(figures: Sequence[Figure]) -> Choice | None:
    """The figure most worth showing, the earlier one of equals; None where none says enough of itself."""
    best: tuple[float, Choice] | None = None
    for place, figure in enumerate(figures):
        if not _is_showable(figure):
            continue
        points = points_of(figure, place)
        if best is None or points > best[0]:
            best = points, Choice(figure=figure, kind=kind_of(figure))
    return best[1] if best else None


def kind_of(figure: Figure) -> FigureKind:
    """What the caption says the figure is; "other" where it is examples, or does not say."""
    said = without_label(figure.caption)
    if _is_plot(said) and not _EXAMPLES.search(said):
        return "results"
    return "overview" if _OVERVIEW.search(said) else "other"


def points_of(figure: Figure, place: int) -> float:
    """How much the figure is worth at ``place`` (from 0) of its text."""
    said = without_label(figure.caption)
    plot = _PLOT_POINTS + _METRIC_POINTS * (first_metric(said) is not None) if _is_plot(said) else 0
    points = max(plot, _OVERVIEW_POINTS * bool(_OVERVIEW.search(said))) + _LATER_POINTS * place
    points += _EXAMPLE_POINTS * bool(_EXAMPLES.search(said))
    points += _MINOR_POINTS * bool(_MINOR.search(said))
    points += _GRID_POINTS * (figure.picture_count >= GRID)
    label = _LABEL.match(figure.caption)
    if label and not label["number"].isdigit():
        points += _APPENDIX_POINTS  # "Figure A.3"
    return points


def without_label(caption: str) -> str:
    """The caption without "Figure 3:" at its start."""
    return _LABEL.sub("", caption, count=1)


def _is_plot(said: str) -> bool:
    return bool(_PLOT.search(said)) or first_metric(said) is not None


def _is_showable(figure: Figure) -> bool:
    name = figure.url.partition("?")[0].rpartition("/")[2]
    if _NEVER.search(figure.caption) or _LOGO_NAME.search(name):
        return False
    return len(without_label(figure.caption).split()) >= MIN_WORDS
