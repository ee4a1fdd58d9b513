"""What segments were not made of, on the page, in the figure and in the workbook, whatever a file calls it."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.personas import descriptors
from seg_utils.reporting import sections
from seg_utils.reporting.figures import descriptors as figures
from seg_utils.reporting.figures import style

from .runs import make_run

HOSTILE = "<script>alert(1)</script> `{=html}` $\\frac{ |_x_ 客\u202e"


@pytest.fixture(scope="module")
def run():
    """Three segments that differ in age and not in a hostile column, which a tenth has no value of."""
    random = np.random.default_rng(5)
    segments = np.arange(600) % 3
    levels = random.choice([HOSTILE, "_hidden", "web", *(f"town {i}" for i in range(20))], 600)
    columns = {
        "customer_id": [str(i) for i in range(600)],
        "AGE": random.normal(40 + 10 * segments, 5),
        HOSTILE: pd.Series(levels).where(np.arange(600) % 10 > 0),
    }
    names = dict(enumerate(["Persona A", "Persona B", "Persona C"]))
    return make_run(3, descriptors=descriptors.profile(pd.DataFrame(columns), segments, names, seed=1))


def test_nothing_is_said_where_no_column_was_named(two):
    assert sections.descriptors.page(two) == ""
    assert "Descriptors" not in [sheet.name for sheet in sections.workbook_content.sheets(two)]


def test_the_page_says_how_far_segments_differ_and_escapes_what_a_file_says(run):
    page = sections.descriptors.page(run)
    assert "**AGE** differs between segments, a large effect (eta squared of ranks 0." in page
    assert "differs between segments no more than by chance (Cramér's V" in page
    assert "<script>" not in page
    assert "\u202e" not in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 2 * (1 + 3)
    assert rows[1].startswith("| AGE | All customers | ")


def test_the_figure_draws_whatever_a_file_says(run):
    drawn = style.svg(figures.described(run.descriptors, [0, 1, 2], run.names))
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "Persona A · Median and middle half · " in drawn.replace("&#183;", "·")


def test_the_workbook_has_every_line(run):
    sheet = next(sheet for sheet in sections.workbook_content.sheets(run) if sheet.name == "Descriptors")
    assert len(sheet.rows) == len(run.descriptors)
    assert all(len(row) == len(sheet.header) for row in sheet.rows)


def test_the_command_names_the_columns(run):
    page = sections.reproduction.page(run, {})
    assert "DESCRIBE='AGE <script>alert(1)</script>" in page
