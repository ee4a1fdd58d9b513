import json

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering, model, space
from seg_utils.errors import DataError

RNG = np.random.default_rng(1)
CENTRES = np.repeat([[100.0, 50.0, 0.1], [5000.0, 20.0, 0.5], [900.0, 4000.0, 0.9]], [120, 80, 40], axis=0)
CUSTOMERS = pd.DataFrame(
    CENTRES * RNG.lognormal(0, 0.1, CENTRES.shape), columns=["BALANCE", "PURCHASES", "PRC_FULL_PAYMENT"]
)
CUSTOMERS.insert(0, "customer_id", [f"c{i}" for i in range(len(CUSTOMERS))])


@pytest.fixture(scope="module")
def fitted():
    fitted_space = space.fit(CUSTOMERS, scale="log", impute="median")
    found = clustering.kmeans(fitted_space.transform(CUSTOMERS), 3, seed=42)
    return found, model.SegmentModel(fitted_space, found.centroids, tuple(found.sizes.tolist()), seed=42)


def test_the_training_customers_land_in_their_own_segments(fitted):
    found, made = fitted
    np.testing.assert_array_equal(made.place(CUSTOMERS)["segment"], found.labels)


def test_a_saved_model_places_equally_to_the_bit(fitted, tmp_path):
    _, made = fitted
    made.save(tmp_path / "model.json")
    pd.testing.assert_frame_equal(model.load(tmp_path / "model.json").place(CUSTOMERS), made.place(CUSTOMERS))


def test_confidence_is_zero_on_the_border_and_one_at_the_centre():
    plain = space.FeatureSpace(("BALANCE",), "median", "standard", (False,), (0.0,), (0.0,), (1.0,))
    made = model.SegmentModel(plain, np.array([[0.0], [10.0]]), (1, 1), seed=0)
    placed = made.place(pd.DataFrame({"BALANCE": [0.0, 5.0, 8.0]}))
    assert placed["confidence"].tolist() == pytest.approx([1.0, 0.0, 0.75])
    assert placed["segment"].tolist() == [0, 0, 1]
    assert placed["next_segment"].tolist() == [1, 1, 0]
    assert placed["distance"].tolist() == pytest.approx([0.0, 5.0, 2.0])


def test_missing_values_are_filled_as_in_training(fitted):
    _, made = fitted
    lacking = CUSTOMERS.head(1).assign(BALANCE=np.nan)
    whole = CUSTOMERS.head(1).assign(BALANCE=CUSTOMERS["BALANCE"].median())
    pd.testing.assert_frame_equal(made.place(lacking), made.place(whole))


def test_a_model_of_another_schema_is_refused(fitted, tmp_path):
    _, made = fitted
    (tmp_path / "model.json").write_text(json.dumps(made.to_dict() | {"schema_version": 99}))
    with pytest.raises(DataError, match="has model schema 99"):
        model.load(tmp_path / "model.json")
