"""The report's slides as a PowerPoint file: native text and tables, each in the largest type that fits its place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from seg_utils.core.words import DASH
from seg_utils.reporting.figures import style
from seg_utils.reporting.markdown import printable
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.office import archive
from seg_utils.reporting.rendering.office.text_fitting import BOLD, SMALLEST, fitted, table_layout, text_height
from seg_utils.reporting.sections.office import slide_content

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6  # inches, as everything here
TITLE_ONLY = 5  # number of python-pptx's layout that holds a title and nothing else: other places would stay empty
TOP = 1.75
GAP = 0.3
PICTURE_SHARE = 0.5
PICTURE_HEIGHT = 3.1  # a chart gets at least this much, whatever stands below it
INSET = 0.14  # around the text of a block
ROW = 0.36
LARGEST_TITLE, LARGEST = 24, 18

# The template's typeface and the one that every office program has, or one as wide
THEME, FONT = "ppt/theme/theme1.xml", (b'"Calibri"', b'"Arial"')

DOT = "● "
WARNING, SOFT_WARNING, WASH = "#9b2c2c", "#fcf0ef", "#f3f5f8"


class Box(NamedTuple):
    """A place on a slide."""

    left: float
    top: float
    width: float
    height: float


def write(slides: list[slide_content.Slide], pictures: Mapping[str, Path], path: Path) -> Path:
    """Write slides as a presentation.

    Args:
        pictures: PNG files by label of the figure.
    """
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    show.core_properties.title = printable(slides[0].title)
    show.core_properties.author = ""
    show.core_properties.last_modified_by = ""
    show.core_properties.language = theme.LANGUAGE
    for slide in slides:
        _draw(show.slides.add_slide(show.slide_layouts[TITLE_ONLY]), slide, pictures)
    show.save(path)
    archive.rewrite(path, lambda name, data: data.replace(*FONT) if name == THEME else data)
    return archive.settle(path)


def _draw(target: Any, slide: slide_content.Slide, pictures: Mapping[str, Path]) -> None:
    width = WIDTH - 2 * MARGIN
    if slide.colour is not None:
        _fill(target, Box(0, 0, WIDTH, 0.14), style.colour(slide.colour))
    _title(target, slide.title, Box(MARGIN, 0.3, width, 0.93))
    if slide.subtitle:
        _text(target, [slide.subtitle], Box(MARGIN, 1.22, width, 0.4), largest=SMALLEST, colour=style.QUIET)
    top = TOP if slide.subtitle else TOP - 0.35
    if slide.warning:
        _fill(target, Box(MARGIN, top - 0.1, width, 0.5), SOFT_WARNING)
        _text(
            target, [slide.warning], Box(MARGIN + 0.1, top - 0.05, width - 0.2, 0.42), largest=SMALLEST, colour=WARNING
        )
        top += 0.55
    box = Box(MARGIN, top, width, HEIGHT - top - 0.35)
    if slide.table is not None:
        _table(target, slide.table, box)
    else:
        _content(target, slide, pictures.get(slide.figure or ""), box)


def _content(target: Any, slide: slide_content.Slide, picture: Path | None, box: Box) -> None:
    """Words on the left, the chart on the right, the blocks beside one another below, as high as they need."""
    words = box.width * (1 - PICTURE_SHARE) - GAP if picture else box.width
    least = PICTURE_HEIGHT if picture else text_height(slide.body, words, LARGEST)
    share = (box.width + GAP) / max(len(slide.blocks), 1)
    texts = [[block.heading, *block.paragraphs] for block in slide.blocks]
    needed = [text_height(text, share - GAP - 2 * INSET, SMALLEST) + 2 * INSET for text in texts]
    below = min(max(needed), box.height - least - GAP) if needed else -GAP
    upper = box.height - below - GAP if picture else least
    _text(target, slide.body, Box(box.left, box.top, words, upper), largest=LARGEST)
    if picture:
        place = Box(box.left + words + GAP, box.top, box.width * PICTURE_SHARE, upper)
        _picture(target, picture, slide.alt, place)
    for number, block in enumerate(slide.blocks):
        _block(target, block, Box(box.left + number * share, box.top + upper + GAP, share - GAP, below))


def _block(target: Any, block: slide_content.Block, box: Box) -> None:
    _fill(target, box, WASH)
    if block.colour is not None:
        _fill(target, box._replace(width=0.06), style.colour(block.colour))
    inner = Box(box.left + INSET, box.top + INSET, box.width - 2 * INSET, box.height - 2 * INSET)
    _text(target, [block.heading, *block.paragraphs], inner, largest=SMALLEST, headed=True)


def _title(target: Any, text: str, box: Box) -> None:
    title = target.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, box)
    _, size = fitted([text], box.width / BOLD, box.height, LARGEST_TITLE)
    _write(title.text_frame, [text], size, style.INK, bold=True)


def _text(
    target: Any, paragraphs: list[str], box: Box, *, largest: int, colour: str = style.INK, headed: bool = False
) -> None:
    if not paragraphs:
        return
    frame = target.shapes.add_textbox(*map(Inches, box)).text_frame
    _write(frame, *fitted(paragraphs, box.width, box.height, largest), colour)
    if headed:
        heading = frame.paragraphs[0].runs[0].font
        heading.bold, heading.color.rgb = True, _rgb(style.ACCENT)


def _write(frame: Any, paragraphs: list[str], size: float, colour: str, *, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size / 3)
        run = paragraph.add_run()
        run.text = printable(text)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _rgb(colour)


def _table(target: Any, table: slide_content.Table, box: Box) -> None:
    rows = [table.header, *([f"{DOT}{name}", *others] for name, *others in table.rows)]
    widths, size = table_layout(rows, box.width, box.height, LARGEST)
    right = [all(map(_is_number, cells)) for cells in zip(*table.rows, strict=True)]
    height = min(ROW, box.height / len(rows))
    frame = target.shapes.add_table(len(rows), len(widths), *map(Inches, box._replace(height=height * len(rows))))
    native = frame.table
    native.horz_banding = False
    for column, width in enumerate(widths):
        native.columns[column].width = Inches(width)
    for number, row in enumerate([table.header, *table.rows]):
        native.rows[number].height = Inches(height)
        for column, text in enumerate(row):
            cell = native.cell(number, column)
            cell.margin_left = cell.margin_right = Inches(0.06)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            _cell(cell, text, size, header=number == 0, right=right[column])
            if column == 0 and number > 0:
                dot = cell.text_frame.paragraphs[0]
                _dot(dot, style.colour(table.colours[number - 1]), Pt(size))


def _cell(cell: Any, text: str, size: float, *, header: bool, right: bool) -> None:
    _write(cell.text_frame, [text], size, "#ffffff" if header else style.INK, bold=header)
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(style.ACCENT if header else "#ffffff")
    if right:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _dot(paragraph: Any, colour: str, size: Any) -> None:
    """A segment's colour before its name."""
    name = paragraph.runs[0]
    text, name.text = name.text, DOT
    rest = paragraph.add_run()
    rest.text, rest.font.size, rest.font.bold = text, size, True
    rest.font.color.rgb = _rgb(style.INK)
    name.font.color.rgb = _rgb(colour)


def _is_number(text: str) -> bool:
    return any(map(str.isdigit, text)) or text == DASH


def _picture(target: Any, path: Path, alt: str, box: Box) -> None:
    picture = target.shapes.add_picture(str(path), 0, 0)
    scale = min(Inches(box.width) / picture.width, Inches(box.height) / picture.height)
    picture.width, picture.height = round(picture.width * scale), round(picture.height * scale)
    picture.left, picture.top = Inches(box.left), Inches(box.top)
    picture._element.nvPicPr.cNvPr.set("descr", printable(alt))  # python-pptx has no name for a text alternative


def _fill(target: Any, box: Box, colour: str) -> None:
    shape = target.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.removeprefix("#").upper())
