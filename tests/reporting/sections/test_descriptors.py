"""What segments were not made of, on the page, in the figure and in the workbook, whatever a file calls it."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.personas import descriptors
from seg_utils.reporting import markdown, sections
from seg_utils.reporting.figures import descriptors as figures
from seg_utils.reporting.figures import style

from ..table_cells import rows


def test_nothing_is_said_where_no_column_was_named(two):
    assert sections.descriptors.page(two) == ""
    assert "Descriptors" not in [sheet.name for sheet in sections.workbook_content.sheets(two)]


@pytest.mark.parametrize(("levels", "drawn"), [(6, 6), (7, 5)])
def test_the_figure_names_the_levels_that_the_table_names(levels, drawn):
    regions = pd.Series([f"region {number}" for number in range(levels)])
    columns = pd.DataFrame({"customer_id": [str(i) for i in range(420)], "REGION": np.tile(regions, 420 // levels)})
    profile = descriptors.profile(columns, np.arange(420) % 2, {0: "A", 1: "B"}, seed=1)
    [axis] = figures.described(profile, [0, 1], ["A", "B"]).axes
    named = [text.get_text() for text in axis.get_legend().get_texts()]
    page = sections.descriptors.described(profile, "segment {}".format)
    assert [one for one in named if one != "all others"] == [one for one in regions[:drawn] if one in page]
    assert ("all others" in named) == (levels > drawn)


def test_the_page_says_how_far_segments_differ_and_escapes_what_a_file_says(described):
    page = sections.descriptors.page(described)
    assert "**Age** differs between segments, a large effect (eta squared of ranks 0." in page
    assert "differs between segments no more than by chance (Cramér's V" in page
    assert "<script>" not in page
    assert "\u202e" not in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 2 * (1 + 3)
    assert rows[1].startswith("| Age | All customers | ")


def test_the_figure_draws_whatever_a_file_says(described):
    drawn = style.svg(figures.described(described.segment_descriptors, [0, 1, 2], described.names))
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "Persona A · Median and middle half · " in drawn.replace("&#183;", "·")


def test_the_command_names_the_columns(described):
    page = sections.appendix.reproduction(described, {})
    assert "DESCRIBE='AGE <script>alert(1)</script>" in page


def test_everybody_and_each_segment_stand_with_their_own_numbers():
    segments = np.array([0] * 8 + [1] * 8 + [-1] * 4)
    ages = pd.Series([10.0, 20, 30, 40, 50, 60, 70, 80, *[25.0] * 7, None, *[90.0] * 4])
    towns = pd.Series([f"t{min(i, 6)}" for i in range(8)] + ["t0"] * 6 + [None] * 2 + ["t1"] * 4)
    frame = pd.DataFrame({"customer_id": [*map(str, range(20))], "AGE": ages, "TOWN": towns})
    table = descriptors.profile(frame, segments, {-1: "Outliers", 0: "A", 1: "B"}, seed=1)
    told = rows(sections.descriptors.described(table, lambda segment: markdown.Markdown("AB"[segment])))[1:]
    assert told[0] == ["Age", "All customers", "30 (25 to 75)", "5 %"]
    assert told[1:4] == [
        ["", "In no segment", "90 (90 to 90)", "–"], ["", "A", "45 (27.5 to 62.5)", "–"],
        ["", "B", "25 (25 to 25)", "12 %"],
    ]  # fmt: skip
    assert told[4][:2] == ["Town", "All customers"]
    assert told[4][2].startswith("t0 35 %, t1 25 %, t6 10 %")
    assert told[4][2].endswith("2 more 10 %")
    assert told[4][3] == "10 %"
    assert told[7][1:3] == ["B", "t0 75 %, t1 0 %, t6 0 %, t2 0 %, t3 0 %, 2 more 0 %"]


@pytest.mark.parametrize(("levels", "ends"), [(6, "t5 17 %"), (7, "2 more 29 %")])
def test_levels_are_added_up_where_more_than_one_would_be(levels, ends):
    known = pd.DataFrame({"kind": "category", "level": [f"t{i}" for i in range(levels)], "share": 1 / levels})
    assert sections.descriptors._typical(known).endswith(ends)


def test_a_long_name_is_shortened_to_its_letters():
    assert sections.descriptors.shortened("x" * 40) == "x" * 40
    assert sections.descriptors.shortened("x" * 41) == "x" * 39 + "…"


@pytest.mark.parametrize(
    ("name", "frozen"),
    [
        ("Descriptors", ["Column", "Segment", "Persona", "Value"]),
        ("Strategy", ["Segment", "Persona"]),
        ("Segments", ["Segment", "Persona"]),
        ("Test plan", ["Segment", "Persona"]),
        ("Profiles", ["Segment", "Persona", "Feature"]),
    ],
)
def test_the_workbook_freezes_what_a_row_is_of(described, name, frozen):
    sheet = next(one for one in sections.workbook_content.sheets(described) if one.name == name)
    assert sheet.header[: sheet.frozen_columns] == frozen
