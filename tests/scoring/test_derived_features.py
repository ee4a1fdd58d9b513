"""A model that compares customers by what it computes of the columns it reads."""

import json

import numpy as np
import pytest

from seg_utils.core import artefacts, dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.columns.matching import ID
from seg_utils.data.streaming.batches import Batches
from seg_utils.scoring import drift, frame, model, model_path
from seg_utils.scoring.answer import Answerer
from seg_utils.scoring.files import scoring
from seg_utils.scoring.payload import payload

READ = ("BALANCE", "PAYMENTS", "PRC_FULL_PAYMENT")
PARTS = ("MINIMUM_PAYMENTS", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "PURCHASES", "CASH_ADVANCE")


@pytest.fixture(scope="module")
def made(models):
    return models.made("derived")


@pytest.fixture(scope="module")
def customers(models):
    return models.sample().head(models.TRAINED_ON)


def test_the_model_reads_columns_and_compares_by_features(made, models):
    assert made.space.inputs == (*READ, *PARTS)
    assert made.space.features == (*READ, *models.DERIVED)
    assert tuple(made.reference.ranges) == (*READ, *PARTS, *models.DERIVED)
    assert Answerer(made).inputs.all[3].name == "MINIMUM_PAYMENTS"


def test_the_formulas_lie_in_the_file(made, tmp_path):
    made.save(tmp_path / "model.json")
    raw = json.loads((tmp_path / "model.json").read_text())["space"]["formulas"]
    assert raw["VALUE_ESTIMATE"] == {"weighted": {"PURCHASES": 0.015, "BALANCE": 0.15, "CASH_ADVANCE": 0.04}}
    assert model_path.read(tmp_path / "model.json").to_dict() == made.to_dict()


def test_a_derived_feature_the_dictionary_knows_nothing_of_is_refused(made, tmp_path):
    content = json.loads(json.dumps(made.to_dict()).replace("ONEOFF_SHARE", "SINGLE_SHARE"))
    content.pop("sha256")
    artefacts.write_json(tmp_path / "model.json", content | {"sha256": model.digest(content)})
    with pytest.raises(DataError, match=r"made from SINGLE_SHARE, which .*dictionary\.yml does not describe"):
        model_path.read(tmp_path / "model.json")


def test_what_the_dictionary_says_later_changes_nothing(made, customers, models):
    before = made.locate(customers)
    with models.clustered_on("UTILISATION"):
        after = model.from_dict(json.loads(json.dumps(made.to_dict()))).locate(customers)
    np.testing.assert_array_equal(after.distances, before.distances)


def test_files_frames_and_requests_agree(made, customers, tmp_path):
    placed = made.place(customers)
    by_frame = frame.score(customers.rename(columns={"PAYMENTS": "amount paid"}), made)
    assert by_frame["segment"].tolist() == placed["segment"].tolist()
    customers.rename(columns={ID: "CUST_ID"}).to_csv(tmp_path / "new.csv", index=False)
    batches = Batches(tmp_path / "new.csv", made.space.inputs, rows=500)
    done = scoring.score(batches, made, tmp_path / "scored.csv")
    lines = (tmp_path / "scored.csv").read_text().splitlines()[1:]
    assert [int(line.split(",")[1]) for line in lines] == placed["segment"].tolist()
    answerer = Answerer(made)
    some = customers.iloc[::100]
    asked = [
        {name: None if np.isnan(value) else value for name, value in row.items()}
        for row in some[list(made.space.inputs)].to_dict("records")
    ]
    answered = [answerer.answer(answerer.inputs.read(one)) for one in asked]
    assert [one["cluster_id"] for one in answered] == placed["segment"].iloc[::100].tolist()
    table = drift.by_feature(made, done.tally)
    assert table["feature"].tolist() == list(made.space.columns)
    assert table["psi"].max() < 1e-3


def test_drift_of_a_derived_feature_is_seen_where_its_parts_hardly_move(made, customers):
    swapped = customers.assign(MINIMUM_PAYMENTS=customers["MINIMUM_PAYMENTS"].sample(frac=1, random_state=1).to_numpy())
    placed = (made.place(swapped)[name].to_numpy() for name in ("segment", "confidence", "distance"))
    counted = drift.tally(made, swapped, *placed)
    psi = drift.by_feature(made, counted).set_index("feature")["psi"]
    assert psi["MINIMUM_PAYMENTS"] < 0.01
    assert psi["MINIMUM_COVERAGE"] > drift.MODERATE_SHIFT


def test_a_feature_whose_divisor_is_0_is_filled_in_and_drives_nothing(made):
    answerer = Answerer(made)
    asked = {name: 1000.0 for name in READ if name != "PRC_FULL_PAYMENT"} | {"PRC_FULL_PAYMENT": 0.0}
    reading = answerer.inputs.read(asked | dict.fromkeys(PARTS, 0.0))
    assert reading.imputed == []
    located = made.locate_values(reading.values[None, :])
    by_name = dict(zip(made.space.features, located.known[0].tolist(), strict=True))
    assert by_name == dict.fromkeys(READ, True) | {
        "MINIMUM_COVERAGE": False, "ONEOFF_SHARE": False, "VALUE_ESTIMATE": True,
    }  # fmt: skip
    place = made.space.features.index("ONEOFF_SHARE")
    fill, spread = made.space.fill[place], made.space.spread[place]
    assert located.scaled[0, place] == pytest.approx((fill - made.space.center[place]) / spread)
    named = {one["feature"] for one in answerer.answer(reading)["drivers"]}
    assert not named & {"MINIMUM_COVERAGE", "ONEOFF_SHARE"}


def test_a_derived_feature_may_drive_a_placement(made, customers):
    drivers = frame.score(customers, made)["drivers"]
    spoken = dictionary.load().wordings["MINIMUM_COVERAGE"]
    assert drivers.str.contains(spoken.high).any()
    assert drivers.str.contains(spoken.low).any()


def test_a_form_asks_for_the_columns_alone(made):
    told = payload(made)
    assert [one["name"] for one in told["inputs"]] == [*READ, *PARTS]
    assert told["fill"][: len(READ)] == list(made.space.fill[: len(READ)])
    assert told["fill"][len(READ) :] == [None] * len(PARTS)
    assert [one["feature"] for one in told["features"]] == list(made.space.features)


def test_customers_are_where_training_had_them(made, customers):
    np.testing.assert_array_equal(made.locate(customers).scaled, made.space.transform(customers))
