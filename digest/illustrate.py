"""The figures of the stories told in full: read where they stand, chosen, and fetched where the licence lets them be shown.

    paper -> its HTML version, once -> figures -> the one most worth showing -> licence -> picture, once, or a link

Only what ``figures:`` in feeds.yaml asks for, one host's pages one after the other in its pace. Nothing that fails here is
an error of the run: without a page there is no figure, without a picture there is a link. Pages and pictures are stored,
so that a rerun asks nobody and makes the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from digest.collect.arxiv_html import HTML_URL, read_figures
from digest.collect.figure_file import fetch_picture
from digest.collection import open_http
from digest.errors import CollectError
from digest.lecture.figure import story_figure
from digest.lecture.figure_choice import Choice, choose
from digest.lecture.licences import Licence, licence_of
from digest.lecture.texts import told

if TYPE_CHECKING:
    from digest.config import Config
    from digest.issue import StoryFigure
    from digest.net import Http
    from digest.store import Store
    from digest.store.pictures import StoredPicture
    from digest.types import Item, Ranked

log = logging.getLogger(__name__)


def figures_of(
    stories: Sequence[Ranked], config: Config, store: Store, *, now: datetime, html_url: str = HTML_URL
) -> dict[str, StoryFigure]:  # fmt: skip
    """By story key, the figure to show or to link; stories without one are left out."""
    found: dict[str, StoryFigure] = {}
    with open_http(config, store) as http:
        papers = [i for r in stories for i in told(r.story) if i.id.startswith("arxiv:")]
        _read_pages(papers, store, http, now=now, html_url=html_url)
        pages = store.page_figures([i.id for i in papers])
        for ranked in stories:
            for item in told(ranked.story):
                choice = choose(pages.get(item.id) or item.figures)
                if choice is not None:
                    licence = licence_of(item.license, is_non_commercial=config.non_commercial)
                    found[ranked.story.key] = _figure(item, choice, licence, store, http)
                    break
    return found


def _read_pages(
    papers: Sequence[Item], store: Store, http: Http, *, now: datetime, html_url: str
) -> None:
    """The HTML versions that have not been read; each is stored before the next is asked for."""
    settled = store.settled_articles([i.id for i in papers])
    for item in papers:
        if item.id not in settled:
            page = read_figures(item, http.session(item.source), html_url=html_url)
            store.save_articles([page], now=now)
            if page.error:
                log.info("%s: no figures: %s", item.id, page.error)


def _figure(item: Item, choice: Choice, licence: Licence, store: Store, http: Http) -> StoryFigure:
    picture = _picture(item, choice, licence, store, http)
    if picture is None:
        return story_figure(item, choice, licence)
    return story_figure(
        item, choice, licence, picture=picture.name, width=picture.width, height=picture.height
    )


def _picture(
    item: Item, choice: Choice, licence: Licence, store: Store, http: Http
) -> StoredPicture | None:
    """The file that may be shown; None where none may, or none can be had now."""
    from digest.store.pictures import StoredPicture

    if licence.use == "link":
        return None
    url, is_altered = choice.figure.url, licence.use == "resized"
    if (known := store.picture(url, is_altered=is_altered)) is not None:
        return known
    try:
        made = fetch_picture(url, http.session(item.source), may_alter=is_altered)
    except CollectError as e:
        log.info("%s: the picture is linked only: %s", item.id, e)
        return None
    picture = StoredPicture(made.name, made.content, made.width, made.height)
    store.save_picture(url, picture, is_altered=is_altered)
    return picture
