"""Rows that are no customers and customers that stand twice, on arrays small enough to see."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from seg_utils.core.errors import DataError
from seg_utils.data.columns import conversion, duplicate_ids, junk_rows
from seg_utils.data.formats import number_parsing
from seg_utils.data.streaming import repeated_ids

ABOVE, KNOWN = np.array([10.0, 20.0, 30.0, 40.0]), np.array([5, 5, 5, 5])
NAN = np.nan


@pytest.mark.parametrize(
    ("row", "summed"),
    [
        ([10, 20, 30, 40], True),
        ([10, 20, 30, 7], True),
        ([10, 20, 7, 7], False),
        ([10, 20, 30, NAN], True),
        ([10, 20, 0, NAN], False),
        ([2, 4, 6, 8], True),
        ([2, 4, 7, 9], False),
        ([10, 20, 6, 8], False),
        ([10.0005, 20.001, 30.002, 40.003], True),
        ([10.005, 20.01, 30.02, 40.03], False),
        ([2.0015, 4.003, 6.005, 8.007], True),
    ],
)
def test_a_row_sums_up_where_most_of_three_cells_or_more_do(row, summed):
    assert junk_rows.sums_up(np.array(row, dtype=float), ABOVE, KNOWN) == summed


@pytest.mark.parametrize("cut", [0, 1, 12, 27])
@pytest.mark.parametrize("how", ["sum", "mean"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_totals_are_found_among_the_last_three_rows_wherever_the_file_is_cut(cut, how, place):
    """The rows of another piece that stand before a piece again are not counted twice."""
    customers = pd.DataFrame(np.random.default_rng(1).integers(1, 99, (30, 4)).astype(float), columns=[*"abcd"])
    end = len(customers) - place
    rows = pd.concat([customers[:end], customers[:end].agg([how]), customers[end:]], ignore_index=True)
    before, shared = junk_rows.RunningTotals([*"abcd"]), min(cut, 5)
    before.add(rows[:cut])
    last = pd.concat([rows[:shared], rows[cut:]], ignore_index=True)
    found = junk_rows.junk(conversion.Values(last, np.arange(len(last))), [*"abcd"], before, shared)
    assert [flaw.row for flaw in found] == ([shared + end - cut] if place < 3 else [])


def test_what_is_the_same_for_all_customers_is_no_mean_of_them():
    rows = pd.DataFrame({"a": 12.0, "b": 1.0, "c": 0.5, "d": np.arange(20.0)})
    before = junk_rows.RunningTotals([*"abcd"])
    before.add(rows[:10])
    assert not junk_rows.junk(conversion.Values(rows, np.arange(20)), [*"abcd"])
    assert not junk_rows.junk(conversion.Values(rows[10:], np.arange(10)), [*"abcd"], before)


@pytest.mark.parametrize(
    ("ids", "ascending"),
    [(["9", "10", "11"], True), (["10", "9"], False), (["a", "a"], False), (["b", "a"], False), (["a"], True),
     (["1", "2", "2"], False), (["aa", "b", "cc"], False), ([], True)],
)  # fmt: skip
def test_numbered_ids_are_known_not_to_repeat(ids, ascending):
    assert duplicate_ids._ascending(pa.chunked_array([pa.array(ids, pa.large_string())])) == ascending


@pytest.mark.parametrize("sizes", [[5] * 12, [1] * 30, [40, 3, 3, 20, 0, 1]])
def test_customers_met_before_are_told_from_those_who_differ(sizes):
    random = np.random.default_rng(sum(sizes))
    parts = [
        pd.DataFrame({"customer_id": [f"{one}" for one in random.permutation(60)[:size]]}).assign(
            BALANCE=random.integers(2, size=size)
        )
        for size in sizes
    ]
    with repeated_ids.SpilledIds() as spilled:
        for part in parts:
            spilled.add(part["customer_id"])
        found = spilled.repeated()
    times = pd.concat(parts)["customer_id"].value_counts()
    assert len(found) == (times > 1).sum() > 0
    repeated, known = repeated_ids.RepeatedIds(found), {}
    for part in parts:
        same, differing = repeated.met(part, ["BALANCE"])
        met = [(place, known.get(one), value) for place, (one, value) in enumerate(part.itertuples(index=False))]
        assert same.tolist() == [place for place, before, value in met if before == value]
        assert differing.tolist() == [place for place, before, value in met if before not in (None, value)]
        known = dict(part.itertuples(index=False, name=None)) | known


def test_two_ids_that_share_a_digest_are_two_customers(monkeypatch):
    digests = repeated_ids._digests
    monkeypatch.setattr(
        repeated_ids, "_digests", lambda ids, key: digests(ids, key) if "other" in key else np.uint64([7] * len(ids))
    )
    repeated = repeated_ids.RepeatedIds(np.array([7], dtype=np.uint64))
    for name, (same, differing) in (("a", ([], [])), ("b", ([], [])), ("a", ([0], []))):
        met = repeated.met(pd.DataFrame({"customer_id": [name], "BALANCE": [1.0]}), ["BALANCE"])
        assert [places.tolist() for places in met] == [same, differing]


def ids(*texts):
    return pa.chunked_array([pa.array(texts, pa.string())])


@pytest.mark.parametrize(("lost", "refused"), [(1, False), (2, True)])
def test_more_than_one_id_in_a_hundred_in_scientific_notation_are_lost(lost, refused):
    texts = [*["1,5E+11"] * lost, *[f"C{number}" for number in range(100 - lost)]]
    if refused:
        with pytest.raises(DataError, match="2 ids were shortened"):
            conversion._ids(ids(*texts))
    else:
        assert conversion._ids(ids(*texts))[0].to_pylist() == texts


@pytest.mark.parametrize(
    ("given", "read", "found"),
    [
        ((" a", "b ", "c"), ["a", "b", "c"], [("id_spaces", 2)]),
        (("1.0", "12.0"), ["1", "12"], [("id_floats", 2)]),
        (("1.0", "x.0"), ["1.0", "x.0"], []),
        (("", "b"), [None, "b"], []),
        ((None, "1.0"), [None, "1"], [("id_floats", 2)]),
    ],
)
def test_ids_lose_what_spreadsheets_add_and_nothing_else(given, read, found):
    texts, findings = conversion._ids(ids(*given))
    assert texts.to_pylist() == read
    assert [(one.rule, one.count) for one in findings] == found


@pytest.mark.parametrize(("words", "refused"), [(0, False), (7, False), (8, True)])
def test_a_long_column_of_words_is_refused_by_some_of_its_cells(words, refused):
    part = [*["12.5"] * (10 - words), *["abc"] * words]
    cells = np.resize(np.array(part, dtype=object), number_parsing.SAMPLED_CELLS + 10)
    column = {"BALANCE": pa.chunked_array([pa.array(cells, pa.string())])}
    if refused:
        with pytest.raises(DataError, match=r"cells cannot be read as numbers, such as 'abc'"):
            number_parsing.parse(column, {"BALANCE": "amount"})
        return
    parsed = number_parsing.parse(column, {"BALANCE": "amount"})["BALANCE"]
    assert (parsed.values == 12.5).mean() == pytest.approx(1 - words / 10, abs=0.01)
    assert len(parsed.flaws) == sum(cell == "abc" for cell in cells)
