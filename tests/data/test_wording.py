"""Values of a file in a one-line message: quoted, cut and counted."""

import pytest

from seg_utils.data import wording


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a" * 40, f"'{'a' * 40}'"),
        ("a" * 41, f"'{'a' * 39}…'"),
        ("two\nlines\x1b[0m", r"'two\nlines\x1b[0m'"),
        (12.5, "'12.5'"),
    ],
)
def test_a_value_is_quoted_in_one_line_and_cut_at_forty_letters(value, shown):
    assert wording.show(value) == shown


@pytest.mark.parametrize(("count", "end"), [(5, "'4'"), (6, "'4' and 1 more")])
def test_five_of_a_list_are_named_and_others_counted(count, end):
    assert wording.listing(range(count)) == f"'0', '1', '2', '3', {end}"
