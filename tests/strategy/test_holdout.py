import pandas as pd
import pytest

from seg_utils import data, strategy
from seg_utils.data import sample

IDS = [f"C{number:05d}" for number in range(20_000)]


def test_a_control_group_stays_the_same_people():
    chosen = strategy.control_group(IDS, 0.1, "spring")
    assert chosen.mean() == pytest.approx(0.1, abs=0.01)
    assert (strategy.control_group(IDS[::-1], 0.1, "spring")[::-1] == chosen).all()
    assert (strategy.control_group(IDS[:50], 0.1, "spring") == chosen[:50]).all()
    larger = strategy.control_group(IDS, 0.2, "spring")
    assert larger[chosen].all()


def test_another_campaign_keeps_other_people_aside():
    spring, autumn = (strategy.control_group(IDS, 0.1, name) for name in ("spring", "autumn"))
    assert (spring & autumn).mean() == pytest.approx(0.01, abs=0.003)


def test_the_hash_never_changes():
    """A new version of the project must not shuffle running control groups."""
    chosen = strategy.control_group(["C10001", "C10002", "C10003", "é,\n"], 0.5, "salt")
    assert chosen.tolist() == [True, True, False, True]


def test_nobody_changes_sides_from_one_month_to_the_next(tmp_path):
    """The second month's file has another order, customers who came and went, and ids as floats."""
    first = sample.generate(600, seed=3)[0].assign(CUST_ID=range(1000, 1600))
    newcomers = sample.generate(200, seed=4)[0].assign(CUST_ID=range(5000, 5200))
    stayed = first.sample(500, random_state=1)
    for name, frame in (("may", first), ("june", pd.concat([newcomers, stayed]).astype({"CUST_ID": float}))):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    sides = {}
    for month in ("may", "june"):
        ids = data.load(tmp_path / f"{month}.csv").frame["customer_id"]
        sides[month] = pd.Series(strategy.control_group(ids, 0.2, "spring"), index=ids)
    may, june = sides["may"], sides["june"]
    both = may.index.intersection(june.index)
    assert len(both) == 500
    assert may[both].equals(june[both])
    assert 0.1 < may[both].mean() < 0.3
