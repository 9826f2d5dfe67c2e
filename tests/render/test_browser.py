"""In a real browser: nothing scrolls sideways, complains, or asks another machine."""

import os

import pytest

from digest.render.email import render_email
from digest.render.result_png import chart_name, result_png
from digest.render.web import render_archive_page, render_web
from docs.chromium import Chromium, find_chromium
from tests.render.sample_issue import minimal_issue, sample_issue

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: The least contrast of any visible text against its background, as WCAG reckons it.
CONTRAST = """(() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  let least = 21;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('.skip, svg')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color).slice(0, 3)), light(back(e))].sort((x, y) => y - x);
    least = Math.min(least, (a + .05) / (b + .05));
  }
  return least; })()"""


@pytest.fixture(scope="module")
def browser():
    with Chromium(find_chromium(os.environ)) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    issue = sample_issue()
    pages = {
        "page": render_web(issue, newer=None, older=issue),
        "minimal": render_web(minimal_issue(), newer=None, older=None),
        "archive": render_archive_page([issue], title=issue.title),
        "mail": render_email(issue)[0],
    }
    for name, content in pages.items():
        (folder / f"{name}.html").write_bytes(content)
    for story in issue.stories:  # the pictures that lie beside an issue
        if story.chart:
            (folder / chart_name(story)).write_bytes(result_png(story.chart))
        if story.figure and story.figure.picture:
            (folder / story.figure.picture).write_bytes(result_png(issue.stories[0].chart))
    return folder


@pytest.mark.parametrize("name", ["page", "minimal", "archive", "mail"])
def test_nothing_scrolls_sideways_complains_or_asks_for_more(browser, files, name):
    path = files / f"{name}.html"
    for width in (320, 375, 600, 1200):
        browser.view(width=width, height=800)
        browser.open(path)

        assert (width, 0) == (width, browser.evaluate(OVERFLOW))
        assert [] == browser.complaints
        beside = {p.as_uri() for p in files.glob("*.png")}
        assert [path.as_uri()] == [r for r in browser.requests if r not in beside]


@pytest.mark.parametrize("name", ["page", "archive", "mail"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(browser, files, name, scheme):
    browser.view(width=600, height=800, scheme=scheme)
    browser.open(files / f"{name}.html")

    assert 4.5 <= browser.evaluate(CONTRAST)


def test_a_line_of_the_page_is_comfortable_to_read(browser, files):
    """About 66 characters, and never more than 80, on the widest screen."""
    browser.view(width=1600, height=900)
    browser.open(files / "page.html")
    characters = browser.evaluate(
        "(() => { const p = document.querySelector('article p:not([class])'); const s = document.createElement('span');"
        " s.textContent = 'the quick brown fox jumps over a lazy dog '.repeat(10); s.style.whiteSpace = 'nowrap';"
        " p.append(s); const w = s.getBoundingClientRect().width / s.textContent.length; s.remove();"
        " return p.clientWidth / w; })()"
    )

    assert 55 <= characters <= 80
