"""Data frames as pandas shows them, in the report's Markdown."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.reporting.markdown import escape_markdown
from seg_utils.reporting.rendering import cell_outputs

FRAME = pd.DataFrame({"segment": ["Revolvers", "Dormant"], "money": [1.25, -2.5], "share": [0.5, np.nan]})
HOSTILE = "<script></script> | **b** `c` {=a} [d](e) $f$ & \\"


def rows(html, **options):
    """Cells of the table's lines, the line of dashes among them, then what follows the table."""
    table, _, rest = cell_outputs.to_markdown(html, **{"label": "tbl-x", "caption": "Cap"} | options).partition("\n\n")
    return [line.strip("|").replace("\\", "").split("|") for line in table.splitlines()], rest


def cells(html):
    return [[cell.strip() for cell in row] for row in rows(html)[0]]


def test_a_frame_is_a_table_with_numbers_to_the_right_and_without_row_numbers():
    assert cells(FRAME._repr_html_()) == [
        ["segment", "money", "share"],
        [":---", "---:", "---:"],
        ["Revolvers", "1.25", "0.5"],
        ["Dormant", "-2.50", "NaN"],
    ]


def test_a_column_with_a_word_among_its_numbers_is_text():
    assert cells(pd.DataFrame({"money": ["1.25", "much"], "share": ["0.5", "–"]})._repr_html_())[1] == [":---", ":---"]


def test_label_caption_and_classes_follow_the_table():
    assert rows(FRAME._repr_html_(), classes=["sortable"])[1].strip() == ": Cap {#tbl-x .sortable}"


def test_an_index_of_ones_own_is_the_first_column():
    assert cells(FRAME.set_index("segment")._repr_html_())[0] == ["segment", "money", "share"]
    assert [row[0] for row in cells(FRAME.set_axis(["a", "b"])._repr_html_())] == ["", ":---", "a", "b"]
    assert [row[0] for row in cells(FRAME.iloc[::-1]._repr_html_())] == ["", "---:", "1", "0"]


def test_rows_of_headings_become_one_and_cells_that_span_rows_stand_in_each():
    columns = pd.MultiIndex.from_tuples([("money", "least"), ("money", "most"), ("share", "mean")])
    index = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["kind", "one"])
    assert cells(pd.DataFrame([[1, 2, 3], [4, 5, 6]], index=index, columns=columns)._repr_html_()) == [
        ["kind", "one", "money least", "money most", "share mean"],
        [":---", ":---", "---:", "---:", "---:"],
        ["a", "x", "1", "2", "3"],
        ["a", "y", "4", "5", "6"],
    ]


def test_a_styled_frame_is_a_table_of_its_text():
    styled = FRAME.style.format(precision=1, na_rep="–").hide(axis="index").set_caption("Styled")
    assert cells(styled.to_html())[2:] == [["Revolvers", "1.2", "0.5"], ["Dormant", "-2.5", "–"]]


def test_what_pandas_left_out_is_said_below():
    table, said = rows(pd.DataFrame({"x": range(100)})._repr_html_())
    assert len(table) == 13
    assert said.endswith("100 rows × 1 columns")


@pytest.mark.parametrize("frame", [pd.DataFrame({HOSTILE: ["x"]}), pd.DataFrame({"x": [HOSTILE]})])
def test_nothing_in_a_cell_or_a_heading_is_markup(frame):
    assert escape_markdown(HOSTILE) in cell_outputs.to_markdown(frame._repr_html_(), label="tbl-x", caption="c")


@pytest.mark.parametrize("html", ["", "<p>text</p>", "<table></table><table></table>"])
def test_what_is_not_one_table_is_none(html):
    assert cell_outputs.to_markdown(html, label="tbl-x", caption="c") is None
