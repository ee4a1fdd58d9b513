"""What a code cell shows, as the report's Markdown: text, tables, figures, with the cell's own Quarto options."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from seg_utils.core.errors import RenderError
from seg_utils.reporting.markdown import escape_markdown, pipe_table

if TYPE_CHECKING:
    from bs4 import Tag

MARKDOWN, HTML, PLAIN, SVG, PNG = "text/markdown", "text/html", "text/plain", "image/svg+xml", "image/png"
ENDS = {SVG: "svg", PNG: "png"}  # kinds of figures, and how their files end; where an output has both, the first
FIGURES = "figures"
LABEL = r"{kind}-[a-z0-9][a-z0-9-]*"
WIDTH = re.compile(rb'<svg[^>]*\bwidth="([\d.]+)pt"')
DATE = re.compile(rb"\s*<dc:date>[^<]*</dc:date>")
WIDE = 380  # points. A wider figure would be unreadable when shrunk to a phone's screen: there it scrolls sideways.
POINTS_PER_INCH = 72
POINTS_PER_PIXEL = 0.75

OPTION = re.compile(r"#\|\s?(.*)")

# What every figure says beside itself, and how the lines look that are to be added where it does not
TEXTS = {"fig-cap": "what the figure shows, in a sentence", "fig-alt": "what is to be seen, for who cannot see it"}


@dataclass(frozen=True)
class CodeCell:
    """A code cell that was run: its number for people and for labels, what it is called in messages, its options."""

    number: str
    name: str
    options: dict[str, Any]
    outputs: list[dict[str, Any]] = field(repr=False)


def markdown(cell: CodeCell, figures: dict[str, bytes], labelled: dict[str, str]) -> Iterator[str]:
    """The Markdown of each output of a cell that shows; its figures are added to ``figures`` by the name of their file,
    its labels to ``labelled`` with the cell's name. Raises RenderError: an output of another kind, a figure without
    texts, a label that is none or is used twice."""
    if cell.options.get("output", True) is False or cell.options.get("include", True) is False:
        return
    shown = [output for output in cell.outputs if output["output_type"] in ("display_data", "execute_result")]
    drawn = [output["data"].get(PLAIN) for output in shown if output["output_type"] == "display_data"]
    for place, output in enumerate(shown, start=1):  # what a cell prints is for the analyst
        data = output["data"]
        if output["output_type"] == "execute_result" and drawn and (set(data) == {PLAIN} or data.get(PLAIN) in drawn):
            continue  # what a call that draws gives back: an axis, or the figure once more
        its_own = replace(cell, number=f"{cell.number}-{place}") if place > 1 else cell
        yield _markdown(data, its_own, cell.options | output["metadata"].get("figure", {}), figures, labelled)


def options(source: str, cell: str) -> dict[str, Any]:
    """Quarto's cell options: the lines ``#| name: value`` at the head of a cell, which are YAML together. Raises
    RenderError: they are not."""
    lines = []
    for line in source.splitlines():
        match = OPTION.fullmatch(line)
        if match is None:
            break
        lines.append(match[1])
    try:
        given = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        why = " ".join(str(error).split())
        raise RenderError(f"{cell}: its #| options are not YAML ({why}); put a text with a colon in quotes") from None
    if not isinstance(given, dict):
        raise RenderError(f"{cell}: its #| options must be lines of the form #| name: value, not {given!r}")
    return given


def joined(text: str | list[str]) -> str:
    """Text as a notebook holds it, in one piece or in lines."""
    return text if isinstance(text, str) else "".join(text)


def _markdown(
    data: Mapping[str, Any],
    cell: CodeCell,
    about: Mapping[str, Any],
    figures: dict[str, bytes],
    labelled: dict[str, str],
) -> str:
    if MARKDOWN in data:
        return joined(data[MARKDOWN])
    kind = next((kind for kind in ENDS if kind in data), None)
    if kind is not None:
        return _figure(joined(data[kind]), kind, cell, about, figures, labelled)
    table = to_markdown(joined(data[HTML]), **_about_table(cell, about, labelled)) if HTML in data else None
    if table is None:
        raise RenderError(
            f"{cell.name} shows {', '.join(sorted(data))}; the report takes data frames (series.to_frame() makes one), "
            "figures of matplotlib and seaborn, and display(Markdown(...)); print() is for the analyst alone"
        )
    return table


def _about_table(cell: CodeCell, about: Mapping[str, Any], labelled: dict[str, str]) -> dict[str, Any]:
    classes = str(about.get("classes", "")).replace(".", " ").split()
    label = _label("tbl", cell, about, labelled)
    return {"label": label, "caption": _line(about.get("tbl-cap", "")), "classes": classes}


def _label(kind: str, cell: CodeCell, about: Mapping[str, Any], labelled: dict[str, str]) -> str:
    """The label to refer to a figure or table by; one that has none bears the number of its cell."""
    label, what = str(about.get("label", f"{kind}-cell-{cell.number}")), {"fig": "figure", "tbl": "table"}[kind]
    if not re.fullmatch(LABEL.format(kind=kind), label):
        raise RenderError(
            f"{cell.name}: {what} label {label!r} must be {kind}- and lower-case letters, digits and hyphens"
        )
    if label in labelled:
        raise RenderError(
            f"{cell.name}: {what} label {label!r} is used twice, first in {labelled[label]}; "
            f"give each {what} a cell and a label of its own"
        )
    labelled[label] = cell.name
    return label


def _figure(
    content: str,
    kind: str,
    cell: CodeCell,
    about: Mapping[str, Any],
    figures: dict[str, bytes],
    labelled: dict[str, str],
) -> str:
    missing = [f"#| {name}: {text}" for name, text in TEXTS.items() if not about.get(name)]
    if missing:
        lines = "\n".join(missing)
        raise RenderError(
            f"{cell.name}: its figure lacks what every figure needs; add at the head of the cell\n{lines}"
        )
    label = _label("fig", cell, about, labelled)
    name = f"{label}.{ENDS[kind]}"
    figures[name] = base64.b64decode(content) if kind == PNG else DATE.sub(b"", content.encode("utf-8"))
    points = _points(figures[name], kind)
    wide = " .wide" if points > WIDE else ""
    inches = f" inches={points / POINTS_PER_INCH:.2f}" if points else ""
    alt = escape_markdown(about["fig-alt"])
    return f'![{_line(about["fig-cap"])}]({FIGURES}/{name}){{#{label}{wide}{inches} fig-alt="{alt}"}}'


def _points(figure: bytes, kind: str) -> float:
    """Width of a figure in points; 0 where it does not say."""
    if kind == PNG:
        return int.from_bytes(figure[16:20]) * POINTS_PER_PIXEL
    width = WIDTH.search(figure)
    return float(width[1]) if width else 0


def _line(text: object) -> str:
    return " ".join(str(text).split())


# How a cell of a column of numbers may look, a missing or a left-out one among them
NUMBER = re.compile(
    r"[-−+]?[$€£]?[-−]?\d[\d,]*(\.\d*)?(e[-+]?\d+)?( ?%)?|-?inf|nan|nat|none|<na>|[.…]+|", re.IGNORECASE
)


def to_markdown(html: str, *, label: str, caption: str, classes: Sequence[str] = ()) -> str | None:
    """The one table of an HTML output, as pandas shows a frame, every cell escaped; None where it is anything else.
    Several rows of headings become one, a cell that spans several stands in each, and columns of numbers are aligned to
    the right. Row numbers that pandas adds to a frame without an index of its own are left out."""
    from bs4 import BeautifulSoup  # a tenth of a second that a report without data frames need not pay

    page = BeautifulSoup(html, "html.parser")
    tables = page.find_all("table")
    if len(tables) != 1:
        return None
    rows = _cells(tables[0].find_all("tr"))
    headings = max(len(tables[0].select("thead tr")), 1)
    header = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows[:headings], strict=True)]
    body = rows[headings:]
    if len(header) > 1 and header[0] == "" and [row[0] for row in body] == [str(row) for row in range(len(body))]:
        header, body = header[1:], [row[1:] for row in body]
    numbers = [all(map(NUMBER.fullmatch, column)) for column in zip(*body, strict=True)] or [False] * len(header)
    align = "".join("r" if right else "l" for right in numbers)
    table = pipe_table(body, header, label=label, caption=caption, align=align, classes=classes)
    left_out = [escape_markdown(said.get_text()) for said in page.find_all("p")]  # "100 rows × 3 columns"
    return "\n\n".join([table, *left_out])


def _cells(rows: "Sequence[Tag]") -> list[list[str]]:
    """The text of a table's cells, row by row, all rows of one length."""
    filled: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.find_all(["th", "td"]):
            while (y, x) in filled:
                x += 1
            across, down = (int(cell.get(name, 1)) for name in ("colspan", "rowspan"))
            text = " ".join(cell.get_text().split())
            filled |= {(y + j, x + i): text for i in range(across) for j in range(down)}
            x += across
    width = 1 + max((x for _, x in filled), default=-1)
    return [[filled.get((y, x), "") for x in range(width)] for y in range(len(rows))]
