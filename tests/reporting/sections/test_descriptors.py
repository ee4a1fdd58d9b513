"""What segments were not made of, on the page, in the figure and in the workbook, whatever a file calls it."""

from seg_utils.reporting import sections
from seg_utils.reporting.figures import descriptors as figures
from seg_utils.reporting.figures import style


def test_nothing_is_said_where_no_column_was_named(two):
    assert sections.descriptors.page(two) == ""
    assert "Descriptors" not in [sheet.name for sheet in sections.workbook_content.sheets(two)]


def test_the_page_says_how_far_segments_differ_and_escapes_what_a_file_says(described):
    page = sections.descriptors.page(described)
    assert "**AGE** differs between segments, a large effect (eta squared of ranks 0." in page
    assert "differs between segments no more than by chance (Cramér's V" in page
    assert "<script>" not in page
    assert "\u202e" not in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 2 * (1 + 3)
    assert rows[1].startswith("| AGE | All customers | ")


def test_the_figure_draws_whatever_a_file_says(described):
    drawn = style.svg(figures.described(described.descriptors, [0, 1, 2], described.names))
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "Persona A · Median and middle half · " in drawn.replace("&#183;", "·")


def test_the_command_names_the_columns(described):
    page = sections.reproduction.page(described, {})
    assert "DESCRIBE='AGE <script>alert(1)</script>" in page
