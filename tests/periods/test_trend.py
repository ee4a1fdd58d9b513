"""Periods below one another: shares, totals, decisions, cohorts of whole run folders."""

import pandas as pd
import pytest

from seg_utils.core.artefacts import write_json
from seg_utils.periods import history


@pytest.fixture
def folders(tmp_path):
    made = []
    for number, name in enumerate(("2026-1", "2026-2")):
        folder = tmp_path / name
        folder.mkdir()
        bridge = {"segment": [0, 5], "period": name, "before": [9, 9], "now": [30 + number, 10]}
        pd.DataFrame(bridge).to_parquet(folder / "bridge.parquet")
        shift = [("value", 0, 5.0 + number), ("value", 5, 7.0), ("balances", 5, 11.0)]
        pd.DataFrame(shift, columns=["measure", "segment", "now"]).assign(before=99.0).to_parquet(
            folder / "shift.parquet"
        )
        about = {"period": name, "model": "abc", "before": "start", "signal": "sound", "decision": "keep"}
        write_json(folder / "decision.json", about | {"loss": 0.1 + number, "counts": {"customers": 40, "new": number}})
        made.append(folder)
    return made


def test_each_period_has_shares_of_its_own_customers_and_what_they_have_now(folders):
    table = history.trend(folders)
    assert table["share"].tolist() == pytest.approx([30 / 40, 10 / 40, 31 / 41, 10 / 41])
    assert table["value"].tolist() == [5, 7, 6, 7]
    assert table["balances"].isna().tolist() == [True, False, True, False]
    assert table["period"].tolist() == ["2026-1", "2026-1", "2026-2", "2026-2"]


def test_decisions_of_every_period_in_order(folders):
    table = history.decisions(folders)
    assert table[["period", "new", "loss", "decision"]].to_numpy().tolist() == [
        ["2026-1", 0, 0.1, "keep"], ["2026-2", 1, 1.1, "keep"],
    ]  # fmt: skip


def test_columns_are_read_where_there_are_some(tmp_path):
    path = tmp_path / "customers.parquet"
    assert history._columns(path, lambda name: True) == {}
    pd.DataFrame({"customer_id": ["a", "b"], "TENURE": [6, 12], "BALANCE": [1, 2]}).to_parquet(path)
    found = history._columns(path, lambda name: name == "TENURE")
    assert list(found) == ["TENURE"]
    assert found["TENURE"].to_dict() == {"a": 6, "b": 12}


def test_cohorts_are_by_first_period_by_tenure_and_by_what_only_describes(folders, tmp_path):
    run = tmp_path / "data" / "space" / "k2"
    ids = [[*"abc"], [*"abd"], [*"ad"]]
    places = (run.parents[1], *folders)
    for number, (place, who) in enumerate(zip(places, ids, strict=True)):
        place.mkdir(parents=True, exist_ok=True)
        tenure = [12.0 if one == "a" else 6.0 for one in who]
        customers = pd.DataFrame({"customer_id": who, "TENURE": tenure, "BALANCE": 1.0})
        customers.to_parquet(place / "customers.parquet")
        if number:
            described = pd.DataFrame({"customer_id": who, "CHANNEL": ["web" if one == "d" else "shop" for one in who]})
            described.to_parquet(place / "descriptors.parquet")
    first = {"a": "start", "b": "start", "c": "start", "d": "2026-1"}
    here = [
        (name, pd.DataFrame({"customer_id": who, "first_period": [first[one] for one in who]}))
        for name, who in zip(("start", "2026-1", "2026-2"), ids, strict=True)
    ]
    table = history._retention(run, folders, here)
    last = table[table["period"] == "2026-2"].set_index(["by", "cohort"])[["of", "here"]]
    assert last.T.to_dict("list") == {
        ("first period", "start"): [3, 1], ("first period", "2026-1"): [1, 1], ("TENURE", "6"): [3, 1],
        ("TENURE", "12"): [1, 1], ("CHANNEL", "shop"): [2, 1], ("CHANNEL", "web"): [1, 1],
    }  # fmt: skip
