import json

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.core.errors import DataError
from seg_utils.features import feature_space
from seg_utils.scoring import model

RNG = np.random.default_rng(1)
CENTRES = np.repeat([[100.0, 50.0, 0.1], [5000.0, 20.0, 0.5], [900.0, 4000.0, 0.9]], [120, 80, 40], axis=0)
CUSTOMERS = pd.DataFrame(
    CENTRES * RNG.lognormal(0, 0.1, CENTRES.shape), columns=["BALANCE", "PURCHASES", "PRC_FULL_PAYMENT"]
)
CUSTOMERS.insert(0, "customer_id", [f"c{i}" for i in range(len(CUSTOMERS))])


@pytest.fixture(scope="module")
def fitted():
    fitted_space = feature_space.fit(CUSTOMERS, scale="log", impute="median")
    found = clustering.kmeans(fitted_space.transform(CUSTOMERS), 3, seed=42)
    return found, model.build(CUSTOMERS, fitted_space, found, algorithm="kmeans", seed=42)


def test_the_training_customers_land_in_their_own_segments(fitted):
    found, made = fitted
    np.testing.assert_array_equal(made.place(CUSTOMERS)["segment"], found.labels)


def test_a_saved_model_places_equally_to_the_bit(fitted, tmp_path):
    _, made = fitted
    made.save(tmp_path / "model.json")
    pd.testing.assert_frame_equal(model.load(tmp_path / "model.json").place(CUSTOMERS), made.place(CUSTOMERS))
    assert "dictionary" not in json.loads((tmp_path / "model.json").read_text()), "the project's own is not copied"


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


def test_a_changed_model_is_refused(fitted, tmp_path):
    _, made = fitted
    made.save(tmp_path / "model.json")
    text = (tmp_path / "model.json").read_text()
    (tmp_path / "model.json").write_text(text.replace('"seed": 42', '"seed": 43'))
    with pytest.raises(DataError, match="was changed after it was written"):
        model.load(tmp_path / "model.json")


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", '"model"', "null", '{"schema_version": 2}'])
def test_what_is_no_model_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(DataError, match=r"model\.json") as raised:
        model.load(tmp_path / "model.json")
    assert "\n" not in str(raised.value)


def test_a_well_hashed_model_that_lacks_a_part_is_refused(fitted, tmp_path):
    _, made = fitted
    content = {name: value for name, value in made.to_dict().items() if name not in ("sha256", "plane")}
    (tmp_path / "model.json").write_text(json.dumps(content | {"sha256": model.digest(content)}))
    with pytest.raises(DataError, match="is not a model of this project"):
        model.load(tmp_path / "model.json")


def test_an_encoded_model_places_equally_to_the_bit_after_saving(tmp_path):
    encoded = feature_space.fit(CUSTOMERS, scale="log", impute="median", encoder=(8, 3), seed=1)
    found = clustering.kmeans(encoded.transform(CUSTOMERS), 3, seed=42)
    made = model.build(CUSTOMERS, encoded, found, algorithm="kmeans", seed=42)
    made.save(tmp_path / "model.json")
    again = model.load(tmp_path / "model.json")
    np.testing.assert_array_equal(made.place(CUSTOMERS)["segment"], found.labels)
    pd.testing.assert_frame_equal(again.place(CUSTOMERS), made.place(CUSTOMERS))
    assert again.scaled_centroids.shape == (3, 3)
