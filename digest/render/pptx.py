"""The deck as a PowerPoint file: real text in placeholders, so that it can be edited and read in outline view.

python-pptx's own template is 4:3 and in Calibri; its master and two of its layouts are set to ours here, in code, so
that the repository holds no binary template. https://python-pptx.readthedocs.io/en/latest/
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from digest.issue import Issue, ResultChart, StoryFigure
from digest.render.deck import deck
from digest.render.environment import safe_url
from digest.render.result_png import result_png, size_of
from digest.render.slide import Slide
from digest.render.slides import NO_PICTURES, shown_url

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TEXT_WIDTH = Inches(0.7), Inches(11.93)
_TITLE_FONT, _BODY_FONT = "Georgia", "Calibri"
#: Slots of the theme; the accent and both grounds are those of slides.css.
_COLORS = {"dk1": "24211D", "lt1": "FFFDF9", "dk2": "2B1F1B", "lt2": "F7F2E9", "accent1": "8A2F1D", "accent2": "E79B84", "hlink": "8A2F1D", "folHlink": "6A6258"}  # fmt: skip
_QUIET = RGBColor(0x6A, 0x62, 0x58)
_TITLE_LAYOUT, _CONTENT_LAYOUT = 0, 1  # in python-pptx's template
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def render_pptx(issue: Issue, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """The deck with its speaker notes, 16:9; the same bytes for the same issue. ``pictures`` by the names that figures have."""
    presentation = Presentation()
    _design(presentation)
    slides = deck(issue)
    for number, slide in enumerate(slides, start=1):
        _add(presentation, slide, f"{number} / {len(slides)}", pictures)
    properties = presentation.core_properties
    properties.title = slides[0].title + f" no. {issue.number}"
    properties.author = properties.last_modified_by = issue.lecturer or issue.title
    properties.subject, properties.keywords, properties.comments = issue.course, issue.theme, ""
    properties.language, properties.category = issue.language, ""
    properties.created = properties.modified = properties.last_printed = issue.created.replace(
        tzinfo=None
    )
    properties.revision = 1
    packed = io.BytesIO()
    presentation.save(packed)
    return _with_fixed_dates(packed.getvalue())


# -- the design: theme, master, layouts ------------------------------------------------------------------------------


def _design(presentation: Any) -> None:
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    layouts = presentation.slide_layouts
    for layout in list(layouts)[2:]:
        layouts.remove(layout)
    master = presentation.slide_master
    _set_theme(master)
    for holder in (master, layouts[_CONTENT_LAYOUT]):
        _place(holder.placeholders[0], Inches(0.95), Inches(1.25), anchor=MSO_ANCHOR.TOP)
        _place(holder.placeholders[1], Inches(2.3), Inches(3.6), anchor=MSO_ANCHOR.TOP)
    title_layout = layouts[_TITLE_LAYOUT]
    _place(title_layout.placeholders[0], Inches(1.9), Inches(1.7), anchor=MSO_ANCHOR.BOTTOM)
    _place(title_layout.placeholders[1], Inches(3.75), Inches(2.2), anchor=MSO_ANCHOR.TOP)
    for holder in (master, *layouts):
        for shape in list(holder.placeholders):
            if (
                shape.placeholder_format.idx >= 10
            ):  # date, footer, number: in 4:3 places, and not used
                shape._element.getparent().remove(shape._element)  # noqa: SLF001
    title_layout.background.fill.solid()
    title_layout.background.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_2
    styles = master._element.find(qn("p:txStyles"))  # noqa: SLF001
    for style in styles.iter(qn("a:lvl1pPr")):
        style.set("algn", "l")


def _set_theme(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for slot, color in _COLORS.items():
        for holder in theme.iter(_DRAWING + slot):
            holder.clear()
            etree.SubElement(holder, _DRAWING + "srgbClr", val=color)
    for kind, font in (("majorFont", _TITLE_FONT), ("minorFont", _BODY_FONT)):
        for holder in theme.iter(_DRAWING + kind):
            for latin in holder.findall(_DRAWING + "latin"):
                latin.set("typeface", font)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _place(shape: Any, top: Emu, height: Emu, *, anchor: MSO_ANCHOR) -> None:
    shape.left, shape.top, shape.width, shape.height = _LEFT, top, _TEXT_WIDTH, height
    frame = shape.text_frame
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = 0


# -- one slide -------------------------------------------------------------------------------------------------------


def _add(presentation: Any, slide: Slide, number: str, pictures: Mapping[str, bytes]) -> None:
    is_dark = slide.kind in ("title", "closing")
    layout = presentation.slide_layouts[_TITLE_LAYOUT if is_dark else _CONTENT_LAYOUT]
    made = presentation.slides.add_slide(layout)
    _write_title(made.shapes.title, slide, is_dark=is_dark)
    body = made.placeholders[1]
    strip_top = Inches(6.15)
    if not is_dark:
        body.left, body.width, body.top = (
            _LEFT,
            _TEXT_WIDTH,
            Inches(2.1 if len(slide.title) > 50 else 1.65),
        )
        body.height = (strip_top if slide.course else Inches(6.75)) - body.top - Inches(0.1)
    _write_body(body.text_frame, slide, is_dark=is_dark)
    if slide.kicker:
        frame = _text_box(made, "Kicker", Inches(0.55 if not is_dark else 1.3), Inches(0.4))
        _run(
            frame.paragraphs[0],
            slide.kicker,
            18 if is_dark else 15,
            is_bold=True,
            color=MSO_THEME_COLOR.ACCENT_2 if is_dark else MSO_THEME_COLOR.ACCENT_1,
        )
    if slide.chart:
        _draw_chart(made, slide.chart)
    if slide.figure:
        _show_figure(made, slide.figure, pictures.get(slide.figure.picture))
    if slide.course:
        _write_course(made, slide.course, strip_top)
    _write_foot(made, slide, number, is_dark=is_dark)
    made.notes_slide.notes_text_frame.text = "\n".join(f"{note.label}: {note.text}" for note in slide.notes)  # fmt: skip


def _draw_chart(made: Any, chart: ResultChart) -> None:
    """The bars as a picture that says in words what it shows, in the lower half of the slide."""
    width, height = size_of(chart)
    room = Inches(2.9)
    scale = min(Inches(9) / width, room / height)
    top = Inches(6.7) - int(height * scale)
    picture = made.shapes.add_picture(
        io.BytesIO(result_png(chart)), _LEFT, top, int(width * scale), int(height * scale)
    )
    picture.name = "Result"
    picture._element.nvPicPr.cNvPr.set("descr", chart.description)  # noqa: SLF001


def _show_figure(made: Any, figure: StoryFigure, content: bytes | None) -> None:
    """The source's picture, unaltered, as large as it goes; under it its caption, credit and licence. PowerPoint has no WebP."""
    if content and not figure.picture.endswith(".webp"):
        scale = min(_TEXT_WIDTH / figure.width, Inches(3.6) / figure.height)
        size = int(figure.width * scale), int(figure.height * scale)
        shown = made.shapes.add_picture(io.BytesIO(content), _LEFT, Inches(2.05), *size)
        shown.name = "Figure"
        shown._element.nvPicPr.cNvPr.set("descr", figure.alt)  # noqa: SLF001
    said = _text_box(made, "Caption and credit", Inches(5.75), Inches(1.0)).paragraphs[0]
    _run(said, f"“{figure.caption}”  ", 13, color=MSO_THEME_COLOR.TEXT_1)
    if safe_url(figure.url):
        said.runs[0].hyperlink.address = safe_url(figure.url)
    parts = (figure.credit, figure.licence, figure.changes)
    _run(said, ", ".join(filter(None, parts)), 11).font.color.rgb = _QUIET
    if figure.licence and safe_url(figure.licence_url):
        said.runs[1].hyperlink.address = safe_url(figure.licence_url)


def _write_title(shape: Any, slide: Slide, *, is_dark: bool) -> None:
    shape.text_frame.text = slide.title
    font = shape.text_frame.paragraphs[0].runs[0].font
    font.size = Pt(44 if is_dark else 30 if len(slide.title) > 50 else 34)
    font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1 if is_dark else MSO_THEME_COLOR.TEXT_1


def _write_body(frame: Any, slide: Slide, *, is_dark: bool) -> None:
    """The lede and the bullets as paragraphs of the body placeholder, in reading order."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    size = 18 if slide.is_dense else 20
    paragraphs = iter([frame.paragraphs[0]])
    color = MSO_THEME_COLOR.BACKGROUND_1 if is_dark else MSO_THEME_COLOR.TEXT_1
    said = ([slide.lede] if slide.lede else []) + list(slide.bullets)
    for bullet in said:
        paragraph = next(paragraphs, None) or frame.add_paragraph()
        is_lede = bullet is slide.lede
        has_mark = not is_lede and not is_dark and bool(bullet.label or slide.kind != "story")
        _set_indent(
            paragraph, has_mark=has_mark, is_numbered=slide.kind == "agenda" and not is_lede
        )
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(10 if is_lede else 7)
        linked = None  # the run that leads to the source: of a position the label, else the text
        if bullet.label and slide.kind != "agenda":
            accent = MSO_THEME_COLOR.ACCENT_2 if is_dark else MSO_THEME_COLOR.ACCENT_1
            label = _run(paragraph, bullet.label, size - 2, is_bold=True, color=accent)
            _run(paragraph, ":  ", size - 2, is_bold=True, color=accent)
            linked = label if slide.kind == "discussion" else None
        run = _run(paragraph, bullet.text, size + 2 if is_lede else size, color=color)
        if is_lede:
            run.font.name = "+mj-lt"
        if safe_url(bullet.url):
            (linked or run).hyperlink.address = safe_url(bullet.url)
        if bullet.label and slide.kind == "agenda":
            _run(paragraph, f"   {bullet.label}", size - 4).font.color.rgb = _QUIET
        if bullet.origin == "model":
            _run(paragraph, "  [model]", 12).font.color.rgb = _QUIET
    if not said:  # an empty placeholder would ask for text
        frame._element.getparent().getparent().remove(frame._element.getparent())  # noqa: SLF001


def _write_course(made: Any, text: str, top: Emu) -> None:
    box = made.shapes.add_shape(MSO_SHAPE.RECTANGLE, _LEFT, top, _TEXT_WIDTH, Inches(0.62))
    box.name = "In this course"
    box.fill.solid()
    box.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_2
    box.line.fill.background()
    box.shadow.inherit = False
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _run(paragraph, "In this course  ", 16, is_bold=True, color=MSO_THEME_COLOR.ACCENT_1)
    _run(paragraph, text, 16, color=MSO_THEME_COLOR.TEXT_1)


def _write_foot(made: Any, slide: Slide, number: str, *, is_dark: bool) -> None:
    """Where it is from, with links; and the number of the slide."""
    paragraph = _text_box(made, "Sources", Inches(6.85), Inches(0.4), width=Inches(11)).paragraphs[
        0
    ]
    for at, link in enumerate(link for link in slide.links if safe_url(link.url)):
        if at:
            _run(paragraph, "   ·   ", 11)
        run = _run(paragraph, link.label, 11)
        run.hyperlink.address = safe_url(link.url)
        _run(paragraph, f"  {shown_url(link.url)}", 11)
    corner = _text_box(made, "Slide number", Inches(6.85), Inches(0.4), left=Inches(11.7), width=Inches(0.93)).paragraphs[0]  # fmt: skip
    corner.alignment = PP_ALIGN.RIGHT
    _run(corner, number, 11)
    for run in (*paragraph.runs, *corner.runs):
        run.font.color.rgb = RGBColor(0xCB, 0xBF, 0xB4) if is_dark else _QUIET


def _text_box(
    made: Any, name: str, top: Emu, height: Emu, *, left: Emu = _LEFT, width: Emu = _TEXT_WIDTH
) -> Any:
    box = made.shapes.add_textbox(left, top, width, height)
    box.name = name
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    return frame


def _run(
    paragraph: Any,
    text: str,
    size: int,
    *,
    is_bold: bool = False,
    color: MSO_THEME_COLOR | None = None,
) -> Any:
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.bold = is_bold
    if color is not None:
        run.font.color.theme_color = color
    return run


def _set_indent(paragraph: Any, *, has_mark: bool, is_numbered: bool) -> None:
    """A bullet, a number or neither; the layouts of the template disagree, so every paragraph says it."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    indent = Inches(0.32 if is_numbered else 0.22) if has_mark else 0
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    if not has_mark:
        properties.append(etree.Element(_DRAWING + "buNone"))
    elif is_numbered:
        properties.append(etree.Element(_DRAWING + "buFont", typeface="+mj-lt"))
        properties.append(etree.Element(_DRAWING + "buAutoNum", type="arabicPlain"))
    else:
        properties.append(etree.Element(_DRAWING + "buChar", char="•"))


def _with_fixed_dates(packed: bytes) -> bytes:
    """The same archive with one date on every part, or two runs would differ."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return fixed.getvalue()
