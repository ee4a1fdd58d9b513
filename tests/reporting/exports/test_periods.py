"""Tables of all periods: below one another, whole, explained."""

import pandas as pd
import pytest

from seg_utils.core import artefacts
from seg_utils.reporting.exports import periods
from seg_utils.reporting.exports.files import describe_of_periods as describe

RESULTS = {"segment": [0], "persona": ["=A"], "verdict": ["roll out"]}


@pytest.fixture
def folders(tmp_path):
    """Two periods, of which the first has no move, so that a column of it is of nothing."""
    made = []
    for number, period in enumerate(("2026-10", "2026-11")):
        folder = tmp_path / "periods" / period
        about = {"period": period, "model": "abc"}
        kind = [None, "real"] if number else [None, None]
        tables = {
            "membership": {"customer_id": ["=1", "b"], "segment": 0},
            "movers": {"customer_id": ["=1", "b"], "kind": kind, "segment_now": pd.array([0, None], dtype="Int64")},
            "migration": {"from_persona": ["A"], "to_persona": ["A"], "customers": 2},
            "bridge": {"segment": [0], "before": 2, "now": 2},
            "shift": {"measure": ["value"], "segment": 0, "before": 1.5},
            "segment_descriptors": {"segment": [0], "descriptor": ["AGE"], "level": [""]},
        }
        for name, columns in tables.items():
            artefacts.write_parquet(folder / f"{name}.parquet", pd.DataFrame({**about, **columns}))
        made.append(folder)
    return made


def test_every_period_is_there_in_order_as_it_was(folders, tmp_path):
    written = periods.write(tmp_path, folders, tmp_path / "periods")
    assert [path.name for path in written][-1] == "data_dictionary.csv"
    for name in ("membership", "movers", "bridge"):
        whole = pd.concat([pd.read_parquet(folder / f"{name}.parquet") for folder in folders], ignore_index=True)
        back = pd.read_parquet(tmp_path / "periods" / "bi" / f"{name}.parquet")
        pd.testing.assert_frame_equal(back.astype("str"), whole.astype("str"))
        assert not back.duplicated(list(periods.KEYS[name])).any()
    lines = (tmp_path / "periods" / "bi" / "movers.csv").read_text().splitlines()
    assert lines[0] == "period,model,customer_id,kind,segment_now"
    assert lines[1] == "2026-10,abc,'=1,,0"
    assert lines[4] == "2026-11,abc,b,real,"
    assert not (tmp_path / "periods" / "bi" / "results.csv").exists()


def test_what_campaigns_did_bears_campaign_period_and_model(folders, tmp_path):
    for place, campaign, period in ((tmp_path, "first", None), (folders[1], "spring", "2026-12")):
        target = place / "results" / campaign
        artefacts.write_parquet(target / "results.parquet", pd.DataFrame(RESULTS))
        about = {"campaign": campaign, "period": period, "model": {"sha256": "0123456789abcdef"}}
        artefacts.write_json(target / "results.json", about)
    periods.write(tmp_path, folders, tmp_path / "periods")
    table = pd.read_csv(tmp_path / "periods" / "bi" / "results.csv", keep_default_na=False)
    assert table[["period", "model", "campaign"]].to_numpy().tolist() == [
        ["", "0123456789ab", "first"],
        ["2026-12", "0123456789ab", "spring"],
    ]
    assert table["persona"].tolist() == ["'=A"] * 2


def test_the_dictionary_explains_every_column_in_its_table(folders, tmp_path):
    periods.write(tmp_path, folders, tmp_path / "periods")
    about = pd.read_csv(tmp_path / "periods" / "bi" / "data_dictionary.csv", keep_default_na=False)
    for name in about["table"].unique():
        header = pd.read_csv(tmp_path / "periods" / "bi" / f"{name}.csv").columns.tolist()
        assert about.loc[about["table"] == name, "column"].tolist() == header
    assert about["meaning"].str.len().min() > 3
    assert describe("bridge", "before") != describe("shift", "before")
    assert describe("movers", "segment_before")[1] == "Segment before; empty where the customer was not there"
    with pytest.raises(KeyError):
        describe("movers", "nobody_knows")
    page = (tmp_path / "periods" / "bi" / "data_dictionary.md").read_text()
    assert "Key: `period` and `customer_id`." in page
