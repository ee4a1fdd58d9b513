"""One value that a column's sums hang on: damage is named or dropped, heavy tails and large customers pass."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.checks.lone_values import lone, unexpected
from seg_utils.data.checks.magnitudes import LEAST_VALUES, excesses
from seg_utils.data.checks.new_customers import check
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns.matching import ID

from .good_customers import good_customers, rules, same

NAMES = dictionary.load().names
AMOUNTS = [feature.name for feature in dictionary.load().features if feature.kind == "amount"]
SUMMED = [name for name in AMOUNTS if name not in {"PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"}]


def damaged(frame: pd.DataFrame, name: str, rows: list[int], times: float) -> pd.DataFrame:
    """Some of the values of a column that are above zero, times so much."""
    broken = frame.astype({name: float})
    places = broken.index[broken[name] > 0][rows]
    broken.loc[places, name] *= times
    return broken


def found(frame: pd.DataFrame, rule=lone) -> list[data.Finding]:
    return list(rule(Columns(frame.rename(columns={"CUST_ID": ID}), NAMES)))


@pytest.mark.parametrize("name", [*AMOUNTS, "PURCHASES_TRX"])
@pytest.mark.parametrize(("n", "rows"), [(300, [5]), (3000, [17]), (3000, [17, 400, 403]), (70_000, [40_000])])
def test_values_times_a_million_are_named_with_their_customers(name, n, rows):
    broken = damaged(good_customers(n), name, rows, 1e6)
    [error] = [one for one in found(broken) if one.severity == "error"]
    assert (error.column, error.count) == (name, len(rows))
    at = broken[name] >= broken[name].nlargest(len(rows)).iloc[-1]
    assert [one[ID] for one in error.examples] == broken["CUST_ID"][at].tolist()
    assert all(one[ID] in error.message and f"{one[name]:,}" in error.message for one in error.examples)


def test_a_file_with_such_a_value_is_refused_or_loses_the_row(read):
    good = good_customers(1000)
    broken = damaged(damaged(good, "CREDIT_LIMIT", [30], 1e6), "BALANCE", [700], 1e6)
    with pytest.raises(
        DataError, match=r"BALANCE is .*'C10701'.*CREDIT_LIMIT is .*'C10031'.*% of the column's total.*BAD_ROWS=drop"
    ):
        read(broken)
    loaded = read(broken, bad_rows="drop")
    same(loaded, good.drop(index=[30, 700]))
    dropped = next(one for one in loaded.findings if one.action == "dropped")
    assert (dropped.severity, dropped.count) == ("warning", 2)
    assert "C10031" in dropped.message
    assert "C10701" in dropped.message


def test_values_lost_to_several_degrees_are_dropped_together(read):
    good = good_customers(1000)
    broken = damaged(damaged(damaged(good, "BALANCE", [7], 1e7), "BALANCE", [70], 1e5), "BALANCE", [71], 1e4)
    same(read(broken, bad_rows="drop"), good.drop(index=[7, 70, 71]))


@pytest.mark.parametrize("name", SUMMED)
def test_values_times_a_thousand_are_noted_at_least(name):
    broken = damaged(good_customers(3000, seed=3), name, [11], 1000)
    noted = [one for rule in (lone, unexpected) for one in found(broken, rule) if one.column == name]
    assert noted
    assert "C100" in noted[0].message


def test_what_an_amount_is_expected_to_be_hangs_on_no_damaged_other():
    good = good_customers(1000)
    whole, with_damage = (
        excesses(Columns(frame.rename(columns={"CUST_ID": ID}), NAMES))["PAYMENTS"][1]
        for frame in (good, damaged(good, "BALANCE", [*range(0, 900, 30)], 1e6))
    )
    assert np.abs(with_damage - whole).max() < 0.4


@pytest.mark.parametrize(("filled", "known"), [(LEAST_VALUES - 1, False), (LEAST_VALUES, True)])
def test_few_values_let_nothing_be_expected(filled, known):
    few = good_customers(300)
    few.loc[few.index[few["CASH_ADVANCE"] > 0][filled:], "CASH_ADVANCE"] = 0
    assert ("CASH_ADVANCE" in excesses(Columns(few.rename(columns={"CUST_ID": ID}), NAMES))) == known


def portfolio(n: int, seed: int, amount) -> pd.DataFrame:
    """Good customers whose amounts are drawn from a heavy-tailed law, as every customer's own size has it."""
    rng = np.random.default_rng(seed)
    frame = good_customers(n, seed)
    size = amount(rng, n)
    for name in AMOUNTS:
        frame[name] = (100 * size * amount(rng, n) ** 0.5).round(2)
    return frame


LAWS = {
    "lognormal 0.5": lambda rng, n: rng.lognormal(0, 0.5, n),
    "lognormal 2": lambda rng, n: rng.lognormal(0, 2, n),
    "Pareto 1.3": lambda rng, n: rng.pareto(1.3, n) + 1,
    "Pareto 3": lambda rng, n: rng.pareto(3, n) + 1,
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("n", [60, 300, 3000])
def test_heavy_tails_are_no_damage(law, n):
    for seed in range(5):
        assert not [one for one in found(portfolio(n, seed, law)) if one.severity == "error"]


@pytest.mark.parametrize("times", [30, 300])
def test_a_customer_who_has_much_of_everything_is_noted_and_kept(read, times):
    whale = good_customers(2000, seed=6)
    whale.loc[8, AMOUNTS] *= times
    loaded = read(whale)
    same(loaded, whale)
    assert "lone" in rules(loaded, "warning")


def test_a_row_that_holds_a_fifth_of_a_total_is_noted():
    frame = good_customers(400, seed=7)
    assert not found(frame)
    frame.loc[3, "CASH_ADVANCE"] = 0.3 * frame["CASH_ADVANCE"].sum()
    [noted] = found(frame)
    assert (noted.severity, noted.column) == ("warning", "CASH_ADVANCE")
    assert "C10004" in noted.message


def test_a_column_that_few_of_very_many_customers_fill_is_looked_at_whole():
    """None of them is in the sample that large columns are judged by."""
    frame = good_customers(20_000)
    few = np.arange(1, 1 + 15 * 1000, 1000)
    frame["CASH_ADVANCE"] = 0.0
    frame.loc[few, "CASH_ADVANCE"] = np.linspace(100, 400, 15)
    columns = Columns(frame.rename(columns={"CUST_ID": ID}), NAMES)
    assert columns.step > 1
    assert not (columns.sample("CASH_ADVANCE") > 0).any()
    assert not found(frame)
    frame.loc[few[0], "CASH_ADVANCE"] = 1e9
    [error] = found(frame)
    assert (error.severity, error.column, error.count) == ("error", "CASH_ADVANCE", 1)


@pytest.mark.parametrize("n", [30, 1000])
def test_new_customers_are_named_and_placed(n):
    broken = damaged(good_customers(n), "CREDIT_LIMIT", [3], 1e7)
    noted = check(Columns(broken.rename(columns={"CUST_ID": ID}), NAMES))
    assert [one.severity for one in noted if one.rule == "lone" and "C10004" in one.message] == ["warning"]
