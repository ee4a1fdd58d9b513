"""Rows that cannot be read are dropped at the user's word, who is told first where they are no random part."""

import re

import numpy as np
import pandas as pd
import pytest

from seg_utils.core.errors import DataError
from seg_utils.data.columns.unreadable_cells import of_dropping
from seg_utils.data.formats.raw_table import Flaw

from .good_customers import good_customers


def spoilt(frame, rows, name, text):
    """The same with one column's cells of some rows as other texts."""
    return frame.assign(**{name: frame[name].astype(object).where(~rows, text)})


def told(read, frame) -> tuple[str, str]:
    """The refusal that offers BAD_ROWS=drop, and the warning where it was taken up."""
    with pytest.raises(DataError, match="BAD_ROWS=drop") as caught:
        read(frame)
    loaded = read(frame, bad_rows="drop")
    return str(caught.value), next(one.message for one in loaded.findings if one.rule == "bad_rows")


@pytest.mark.parametrize(("name", "least"), [("CREDIT_LIMIT", 6000), ("BALANCE", 3000), ("PAYMENTS", 2500)])
def test_the_largest_are_not_dropped_without_a_word(read, name, least):
    good = good_customers(1500, seed=8)
    large = good[name] > least
    scientific = good[name].map(lambda value: f"{value:.2E}")
    for message in told(read, spoilt(good, large, name, scientific)):
        assert "no random part of the file" in message
        assert f"{name} is typically" in message


def test_the_other_columns_tell_where_cells_say_nothing(read):
    good = good_customers(1500, seed=8)
    for message in told(read, spoilt(good, good["PAYMENTS"] > 2500, "PURCHASES_TRX", "error")):
        assert "no random part of the file (PAYMENTS is typically" in message


@pytest.mark.parametrize("share", [0.01, 0.1, 0.4])
@pytest.mark.parametrize("seed", range(5))
def test_random_rows_are_dropped_without_more_words(read, share, seed):
    good = good_customers(1500, seed=8)
    some = np.random.default_rng(seed).random(len(good)) < share
    for message in told(read, spoilt(good, some, "BALANCE", "error")):
        assert "random" not in message


@pytest.mark.parametrize("rows", [1, 9])
def test_nothing_is_said_of_a_few_rows(read, rows):
    good = good_customers(300, seed=8).sort_values("BALANCE", ascending=False, ignore_index=True)
    for message in told(read, spoilt(good, good.index < rows, "BALANCE", "error")):
        assert "random" not in message


@pytest.mark.parametrize(("spoilt_rows", "said"), [(9, False), (10, True), (290, True), (291, False), (300, False)])
def test_enough_rows_on_either_side_tell(spoilt_rows, said):
    values = pd.DataFrame({"BALANCE": np.arange(300.0)})
    flaws = [Flaw(row, "PAYMENTS", "x", "odd") for row in range(spoilt_rows)]
    assert bool(of_dropping(values, np.arange(300), flaws, ["BALANCE"])) == said


def test_the_most_telling_columns_come_first_with_what_is_typical_on_either_side():
    rng = np.random.default_rng(1)
    dropped = np.arange(1000) < 100
    names = ["BALANCE", "PAYMENTS", "PURCHASES", "CREDIT_LIMIT", "TENURE"]
    shifts = [0.5, -3.0, 1.0, 2.0, 0.0]
    frame = pd.DataFrame({name: rng.normal(shift * dropped) for name, shift in zip(names, shifts, strict=True)})
    frame["BALANCE"] = np.where(dropped, np.nan, np.arange(1000.0))
    flaws = [Flaw(row, "BALANCE", f"{row},5E+03", "odd") for row in range(100)]
    said = of_dropping(frame, np.arange(1000), flaws, names)
    assert re.findall("[A-Z_]+(?= is typically)", said) == ["BALANCE", "PAYMENTS", "CREDIT_LIMIT"]
    assert "BALANCE is typically 50,000 in them and 550 elsewhere" in said


def test_rows_drawn_at_random_are_not_said_to_differ():
    """A dozen of them, often by more than would matter of many: what a dozen differ by is chance."""
    random = np.random.default_rng(6)
    names = [f"X{place}" for place in range(5)]
    for _ in range(100):
        frame = pd.DataFrame(random.normal(size=(400, 5)), columns=names)
        flaws = [Flaw(int(row), "Y", "x", "not a number") for row in random.choice(400, 12, replace=False)]
        assert of_dropping(frame, np.arange(400), flaws, names) == ""
