"""A table read in groups by a hash of the id is what it is when it is read as one file; here without Spark."""

import json
import pickle
from functools import partial

import ibis
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data import database
from seg_utils.data.streaming import groups
from seg_utils.data.streaming.batches import Batches

FEATURES = dictionary.load().names
DIFFERING = "1 id stands on rows with different values"


def run_here(rows, task, schema, folder, by):
    """As ``workers.run`` does: each group by itself, the task from its bytes, notes as JSON."""
    table, texts = rows.to_pyarrow(), []
    for group in table[by].unique():
        for made in pickle.loads(pickle.dumps(task))([table.filter(pc.equal(table[by], group))]):
            if isinstance(made, dict):
                texts.append(json.dumps(made, default=lambda value: value.item()))
            else:
                pq.write_table(made.cast(schema), folder / f"{group}.parquet")
    return [json.loads(text) for text in sorted(texts)]


@pytest.fixture
def keep(tmp_path, monkeypatch):
    """Customers kept in groups of forty: what was counted, and the customers by id."""
    monkeypatch.setattr(groups, "ROWS", 40)
    monkeypatch.setattr(groups, "SHARED_ROWS", 60)
    monkeypatch.setattr(groups.workers, "run", run_here)
    monkeypatch.setattr(database, "of_spark", lambda table: table)

    def keep(frame, **options):
        folder = tmp_path / "kept"
        folder.mkdir(exist_ok=True)
        with database.engine(tmp_path) as engine:
            table = engine.create_table("customers", ibis.memtable(frame.sample(frac=1, random_state=1)))
            read = partial(Batches, tmp_path / "bank", FEATURES, **options)
            batches = groups.keep(table, len(frame), database.order(table, None), read, folder)
        return batches, pd.read_parquet(folder).sort_values("customer_id", ignore_index=True)

    return keep


def whole(frame, tmp_path, **options):
    """The same read as one file."""
    frame.to_parquet(tmp_path / "bank.parquet", index=False)
    batches = Batches(tmp_path / "bank.parquet", FEATURES, **options)
    return batches, pd.concat(batches).sort_values("customer_id", ignore_index=True)


def counts(batches):
    return {(one.rule, one.column): one.count for one in batches.findings}


def test_groups_hold_the_customers_and_findings_of_one_file(good, keep, tmp_path):
    odd = good.assign(CHANNEL="branch")
    odd.loc[[3, 200], "PURCHASES_FREQUENCY"] = 1.05
    odd = pd.concat([odd, odd.iloc[[7, 9]]])
    options = {"describe": ["CHANNEL"]}
    (ours, kept), (expected, customers) = keep(odd, **options), whole(odd, tmp_path, **options)
    pd.testing.assert_frame_equal(kept, customers, check_exact=True)
    assert (ours.n_rows, ours.n_customers) == (expected.n_rows, expected.n_customers) == (302, 300)
    assert counts(ours) == counts(expected)
    assert counts(ours)["frequency_range", "PURCHASES_FREQUENCY"] == 2
    assert counts(ours)["duplicate_rows", "customer_id"] == 2
    assert all(finding.message for finding in ours.findings)


def test_columns_that_nobody_reads_may_stand_before_and_between_those_that_are(good, keep, tmp_path):
    names = [*reversed(good.columns)]
    wide = good[names].assign(REMARK="-", OTHER=1.5)[["REMARK", *names[:5], "OTHER", *names[5:]]]
    (ours, kept), (_, customers) = keep(wide), whole(wide, tmp_path)
    pd.testing.assert_frame_equal(kept, customers, check_exact=True)
    assert ours.n_customers == len(good)


def test_bad_rows_are_counted_in_all_groups(good, keep, tmp_path):
    spoilt = good.assign(BALANCE=good["BALANCE"].where(good.index % 60 > 0, float("inf")))
    (ours, kept), (expected, customers) = keep(spoilt, bad_rows="drop"), whole(spoilt, tmp_path, bad_rows="drop")
    pd.testing.assert_frame_equal(kept, customers, check_exact=True)
    assert counts(ours) == counts(expected)
    assert counts(ours)["bad_rows", ""] == 5


def test_rows_without_an_id_are_not_one_group(good, keep):
    nameless = good.assign(CUST_ID=good["CUST_ID"].where(good.index % 3 > 0))
    ours, kept = keep(nameless, bad_rows="drop")
    assert (ours.n_customers, counts(ours)["bad_rows", ""], len(kept)) == (200, 100, 200)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda good: good.assign(PAYMENTS=float("nan")), "1 column holds no value at all: PAYMENTS"),
        *(
            (lambda good, row=row: pd.concat([good, good.iloc[[row]].assign(BALANCE=1.0)]), DIFFERING)
            for row in (0, 5, 9)
        ),
        (lambda good: good.drop(columns="CUST_ID"), "customers without ids cannot be told apart"),
    ],
)
def test_what_only_the_whole_table_tells_is_told(good, keep, spoil, said):
    with pytest.raises(DataError, match=said):
        keep(spoil(good))
