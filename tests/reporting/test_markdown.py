"""Escaping, and pipe tables as text; what a renderer makes of them is tested in tests/rendering."""

import re
from pathlib import Path

import pytest

from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown, escape_markdown, pipe_table, plain_table


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words 42", "plain words 42"),
        ("a|b", r"a\|b"),
        ("<b>", r"\<b\>"),
        ("$5", r"\$5"),
        ("two\n lines\t", "two lines"),
        (1234, "1234"),
        ("Zürich 客户", "Zürich 客户"),
        ("\u202eevil\x00", "\ufffdevil\ufffd"),
        ("\ud800", "\ufffd"),
    ],
)
def test_escape_markdown(text, escaped):
    assert escape_markdown(text) == escaped


def test_pipe_table_is_the_text_both_renderers_read():
    rows = [[Markdown("[A]{.persona colour=0}"), "1,234"], ["b|c", "5"]]
    assert pipe_table(
        rows, ["Segment", "Customers"], label="tbl-x", caption="A\ncaption.", align="lr", classes=["sortable"]
    ) == (
        "| Segment | Customers |\n"
        "|:---|---:|\n"
        "| [A]{.persona colour=0} | 1\\,234 |\n"
        "| b\\|c | 5 |\n"
        "\n"
        ": A caption. {#tbl-x .sortable}\n"
    )


def test_a_pipe_table_has_the_widths_and_sides_asked_for():
    text = pipe_table([["a", "b"]], ["x_1", "y"], label="tbl-x", caption="c", widths=[4, 8], align="lc")
    assert text.splitlines()[:3] == ["| x\\_1 | y |", "|:----|:--------:|", "| a | b |"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"label": "x"}, "table label 'x' must be tbl-"),
        ({"rows": [["a"]]}, "a row has 1 cells, the header has 2"),
        ({"align": "lrr"}, "for each of 2 columns"),
        ({"align": "lx"}, "align must give one of l, r, c"),
    ],
)
def test_a_mistake_is_told(changed, message):
    given = {"rows": [["a", "b"]], "header": ["x", "y"], "label": "tbl-x", "caption": "c", "align": "", **changed}
    with pytest.raises(ValueError, match=message):
        pipe_table(given.pop("rows"), given.pop("header"), **given)


def test_a_plain_table_is_what_github_shows():
    assert plain_table(["Name", "Count"], [["`a|b`", 1], ["c \\| d", 22]], "lr") == (
        "| Name | Count |\n| :--- | ---: |\n| `a\\|b` | 1 |\n| c \\| d | 22 |\n"
    )
    assert plain_table(["x"], [["y"]]) == "| x |\n| :--- |\n| y |\n"


def test_no_other_module_makes_tables_by_hand():
    package = Path(markdown.__file__).parents[1]
    by_hand = re.compile(r"""' \| '\.join|" \| "\.join|\|-{2,}""")
    made = {path.name for path in package.rglob("*.py") if by_hand.search(path.read_text(encoding="utf-8"))}
    assert made == {"markdown.py"}
