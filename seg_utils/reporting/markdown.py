"""Tables, data text and templates as Markdown: for the report's renderers, and for pages that are read as they are.

Text that comes out of a data file is inert only after ``escape_markdown``. ``pipe_table`` escapes its cells itself;
a cell that is meant to hold markup says so by being ``Markdown``.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from numbers import Real
from typing import TYPE_CHECKING, Any

from seg_utils.core import paths, words
from seg_utils.core.errors import CatalogueError

if TYPE_CHECKING:
    from jinja2 import Environment

# All of ASCII's: Markdown reads a backslash before any of them as the character itself
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")

# Controls, invisible and direction-changing characters, lone surrogates: what could make text look like another
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]")

LOOSE_BAR = re.compile(r"(?<!\\)\|")

RULES = {"l": ":{}", "r": "{}:", "c": ":{}:"}  # the line below a heading: left, right, centred


class Markdown(str):
    """Text that is markup already and goes into a table cell as it is."""

    __slots__ = ()


def printable(text: object) -> str:
    """Text in one line: white space of any kind becomes single spaces; what cannot be seen becomes U+FFFD, so it is."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(str(text).split()))


def escape_markdown(text: object) -> str:
    """Make any text inert in Markdown: it shows as it is and does nothing, in a paragraph, a cell or an attribute.

    It is ``printable``, too.
    """
    return PUNCTUATION.sub(r"\\\g<0>", printable(text))


def persona(name: str, colour: int) -> Markdown:
    """A segment's name with its colour, for a cell or a sentence."""
    return Markdown(f"[{escape_markdown(name)}]{{.persona colour={colour}}}")


def pipe_table(
    rows: Sequence[Sequence[Any]],
    header: Sequence[Any],
    *,
    label: str,
    caption: str,
    align: str = "",
    widths: Sequence[int] = (),
    classes: Sequence[str] = (),
) -> Markdown:
    """A pipe table with a caption and a label to refer to (``@tbl-…``).

    Args:
        rows: rows of cells, formatted already; text is escaped unless it is ``Markdown``.
        header: one heading a column, in words for people; a column name of the data is too long for a column.
        label: ``tbl-`` and lower-case letters, digits and hyphens.
        caption: one sentence, Markdown.
        align: a letter of ``RULES`` a column, as ``lrr``; left where not given.
        widths: relative column widths, one a column; where not given the renderers fit columns to their content.
        classes: ``sortable``, ``stack`` (rows become cards on a phone), ``roomy`` (columns as wide as they need).
    """
    if not re.fullmatch(r"tbl-[a-z0-9][a-z0-9-]*", label):
        raise ValueError(f"table label {label!r} must be tbl- and lower-case letters, digits and hyphens")
    # pandoc reads dash counts as relative widths as soon as any line of the table is long
    lines = _lines([[_cell(value) for value in row] for row in (header, *rows)], align, widths)
    attributes = " ".join([f"#{label}", *(f".{name}" for name in classes)])
    return Markdown("\n".join([*lines, "", f": {' '.join(caption.split())} {{{attributes}}}", ""]))


def plain_table(header: Sequence[Any], rows: Sequence[Sequence[Any]], align: str = "") -> str:
    """A pipe table as GitHub shows it: no caption, no label, nothing that only a renderer of the report knows. Cells
    are Markdown already; a bar in one is written so that it does not end it."""
    cells = [[LOOSE_BAR.sub(r"\\|", str(value)) for value in row] for row in (header, *rows)]
    return "\n".join([*_lines(cells, align, around=" "), ""])


def _lines(cells: list[list[str]], align: str, widths: Sequence[int] = (), around: str = "") -> list[str]:
    """A pipe table's lines; the first row of cells is the heading."""
    columns = len(cells[0])
    align, widths = align or "l" * columns, widths or [3] * columns
    if len(align) != columns or not set(align) <= set(RULES):
        raise ValueError(f"align must give one of {', '.join(RULES)} for each of {columns} columns, not {align!r}")
    if wrong := {len(row) for row in cells} - {columns}:
        raise ValueError(f"table of {cells[0]}: a row has {min(wrong)} cells, the header has {columns}")
    rules = [around + RULES[side].format("-" * width) + around for side, width in zip(align, widths, strict=True)]
    heading, *body = (f"| {' | '.join(row)} |" for row in cells)
    return [heading, f"|{'|'.join(rules)}|", *body]


def _cell(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, Markdown) else escape_markdown(value)


# Functions of ``words`` that a template writes numbers by: ``{{ share | percent }}``. They write no markup, unlike
# ``money``, whose dollar notebooks take for mathematics. A value that is missing is a dash.
NUMBERS = ("count", "decimal", "measure", "percent", "plural", "points", "tenths", "times")


def fill(name: str, /, **values: Any) -> Markdown:
    """A template with its values. A value is a number, or text in which nothing is markup, unless it is ``Markdown``.
    Raises CatalogueError: the template is none, or asks for a value that there is not."""
    import jinja2

    try:
        return Markdown(_environment().get_template(f"{name}.md").render(values))
    except jinja2.TemplateSyntaxError as error:
        raise CatalogueError(f"report/text/{name}.md, line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise CatalogueError(f"report/text/{name}.md: {error.message}; values: {', '.join(sorted(values))}") from None


@cache
def _environment() -> "Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.TEXTS),
        undefined=jinja2.StrictUndefined,
        finalize=_inert,
        comment_start_string="<!--",  # Jinja's own is how Markdown names things
        comment_end_string="-->",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({name: partial(_written, getattr(words, name), Markdown) for name in NUMBERS})
    environment.filters["money"] = partial(_written, words.money, str)
    environment.filters["capitalised"] = lambda text: _written(words.capitalised, type(text), text)
    environment.filters["signed"] = lambda number, kind: _written(words.signed, str, number, getattr(words, kind))
    environment.filters["listing"] = lambda items: Markdown(words.listing([str(_inert(item)) for item in items]))
    environment.globals["value"] = words.value
    return environment


def _inert(value: Any) -> Any:
    return value if isinstance(value, Markdown | Real) else escape_markdown(value)


def _written(write: Callable[..., str], kind: type[str], value: Any, *more: Any) -> str:
    return words.shown(value, lambda known: kind(write(known, *more)))
