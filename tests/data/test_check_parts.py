"""The sums that checks of single values and of changing units rest on, beside numpy's."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.data.checks import lone_values, unit_changes
from seg_utils.data.checks.severity import Columns
from seg_utils.data.checks.unit_changes import Move
from seg_utils.data.formats import header

NAN = np.nan


def test_gaps_have_the_chance_that_neighbours_of_a_pareto_tail_are_so_far_apart():
    top = np.array([900.0, 300.0, 40.0, 30.0, 20.0, 16.0, 12.0, 10.0, 9.0])
    found = lone_values.gaps(top, 6, total=2000.0)
    assert [gap.count for gap in found] == [1, 2]
    first, second = found
    assert (first.times, first.share, first.least, first.below) == (3.0, 0.45, 900.0, 300.0)
    assert (second.times, second.share, second.least, second.below) == (7.5, 0.6, 300.0, 40.0)
    for gap in found:
        beneath = top[gap.count : gap.count + 7]
        hill = np.log(beneath[:-1] / beneath[-1]).mean()
        assert gap.chance == pytest.approx((1 + gap.count * np.log(gap.times) / (6 * hill)) ** -6)
    flat = lone_values.gaps(np.array([50.0, *[10.0] * 8]), 6, total=130.0)[0]
    assert flat.chance == pytest.approx((1 + np.log(5) / (6 * lone_values.LEAST_HILL)) ** -6)


@pytest.mark.parametrize(("values", "tail"), [(10, 6), (60, 6), (70, 7), (200, 20), (5000, 40)])
def test_how_many_gaps_beneath_are_looked_at(values, tail):
    assert lone_values._tail(values) == tail


@pytest.mark.parametrize("large", [5, 1 << 16])
def test_the_largest_values_are_those_of_the_whole_column(monkeypatch, large):
    monkeypatch.setattr(lone_values, "LARGE", large)
    values = np.random.default_rng(0).exponential(size=3000)
    values[::7], values[::11] = NAN, -4
    columns = Columns(pd.DataFrame({"customer_id": "a", "BALANCE": values}), ["BALANCE"])
    expected = np.sort(values[values > 0])[::-1][:40]
    np.testing.assert_array_equal(lone_values._largest(columns, "BALANCE", 40), expected)
    assert lone_values._filled(columns, "BALANCE") == (values > 0).sum()


LOGS = np.random.default_rng(1).normal(size=(3, 100))
LOGS[0, ::3], LOGS[2, :45] = NAN, NAN


def test_levels_of_blocks_are_means_with_their_squared_errors():
    blocks = unit_changes._Blocks(LOGS, 10)
    for block in range(9):
        part = LOGS[:, 10 * block : 10 * block + 20]
        known = (~np.isnan(part)).sum(axis=1)
        heard = known >= unit_changes.LEAST_VALUES
        np.testing.assert_allclose(blocks.level[heard, block], np.nanmean(part[heard], axis=1))
        np.testing.assert_allclose(blocks.error[heard, block], np.nanvar(part[heard], axis=1) / known[heard])
        assert np.isnan(blocks.level[~heard, block]).all(), "fewer than eight values tell nothing"
    np.testing.assert_allclose(blocks.level[1, 9], LOGS[1, 90:].mean())
    alike = unit_changes._Blocks(np.ones((1, 40)), 10)
    assert alike.error[0, 0] == pytest.approx(1e-4 / 20), "no error is next to nothing"


def test_a_move_is_from_the_windows_before_to_those_after():
    logs = LOGS.copy()
    logs[1, 57:] -= 3
    moves = {move.block: move for move in unit_changes._Blocks(logs, 10).moves()}
    assert {4, 5, 6} <= {*moves} < {*range(2, 8)}, "only where a column moves by much"
    np.testing.assert_allclose(moves[5].decades[1], logs[1, 60:80].mean() - logs[1, 30:50].mean())
    error = np.sqrt(logs[1, 60:80].var() / 20 + logs[1, 30:50].var() / 20)
    np.testing.assert_allclose(moves[5].errors[1], error)


@pytest.mark.parametrize(
    ("decades", "errors", "changed"),
    [
        ([1.0, 1.0, 1.0], 0.05, [0, 1, 2]), ([-1.0, -1.0, -1.0], 0.05, [0, 1, 2]), ([0.79] * 3, 0.05, []),
        ([1.0, 1.0, 0.4], 0.05, []), ([1.0, 1.0, -1.0], 0.05, []), ([1.0, 1.0, 2.2], 0.05, []),
        ([1.0, NAN, 1.0], 0.05, []), ([1.0, NAN, 1.0, 1.1], 0.05, [0, 2, 3]), ([1.0] * 3, 0.13, []),
        ([2.0, 2.0, 1.5], 0.2, [0, 1, 2]),
    ],
)  # fmt: skip
def test_all_columns_change_where_all_move_alike_for_sure(decades, errors, changed):
    move = Move(5, np.array(decades), np.full(len(decades), errors))
    assert unit_changes._all_changed(move) == changed


@pytest.mark.parametrize("place", [27, 43, 60])
def test_the_row_of_a_step_is_found_to_the_row(place):
    logs = np.random.default_rng(3).normal(0, 0.01, size=(2, 100)) + np.array([[1.0], [3.0]])
    logs[:, place:] += 2.0
    logs[0, ::5] = NAN
    row, step = unit_changes._step(logs, block=place // 10, width=10)
    assert row == place
    assert step == pytest.approx(2.0, abs=0.1)


CENTRED, SHARES, AMOUNTS = ["-1.5", "0.25", "1.5"], ["0.1", "0.5", "0.9"], ["3.5", "80.25", "9.75"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([CENTRED] * 2 + [AMOUNTS] * 2, "standardised or otherwise centred"),
        ([CENTRED] * 2 + [AMOUNTS] * 3, ""),
        ([SHARES] * 9 + [AMOUNTS], "scaled to 0–1"),
        ([SHARES] * 8 + [AMOUNTS], ""),
        ([SHARES] * 6 + [["-0.9", "0.25", "0.9"]] * 4, ""),
        ([SHARES[:2]] * 4, ""),
        ([SHARES] * 3 + [["0.5"] * 3], ""),
        ([SHARES] * 4 + [["0.5"] * 3] * 9, "scaled to 0–1"),
    ],
)
def test_numbers_of_enough_columns_that_vary_tell_whether_they_were_scaled(columns, said):
    assert header._scaled([*zip(*columns, strict=True)]) == said


@pytest.mark.parametrize(("columns", "said"), [(3, False), (4, True)])
@pytest.mark.parametrize("least", [-3, 0])
def test_four_columns_tell_that_numbers_were_scaled(columns, said, least):
    random = np.random.default_rng(0)
    rows = random.uniform(least, 3 if least else 1, size=(100, columns)).round(4).astype(str).tolist()
    assert bool(header._scaled(rows)) == said
