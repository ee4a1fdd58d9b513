"""A space whose features are partly computed from its inputs."""

import json

import numpy as np
import pandas as pd
import pytest

from seg_utils.core.transformation import signed_log1p
from seg_utils.features import feature_space
from seg_utils.features.feature_space import FeatureSpace

CUSTOMERS = pd.DataFrame(
    {
        "BALANCE": [100.0, 0.0, 50.0, 900.0],
        "PAYMENTS": [300.0, 10.0, 100.0, 8000.0],
        "MINIMUM_PAYMENTS": [100.0, 0.0, np.nan, 20.0],
    }
)
COVERAGE = pd.Series([3.0, np.nan, np.nan, 100.0])


@pytest.fixture
def clustered(models):
    with models.clustered_on("MINIMUM_COVERAGE"):
        yield


@pytest.fixture
def fitted(clustered):
    return feature_space.fit(
        CUSTOMERS, scale="log", impute="median", features=["BALANCE", "PAYMENTS", "MINIMUM_COVERAGE"]
    )


def test_inputs_are_read_and_features_compared(fitted):
    assert fitted.inputs == ("BALANCE", "PAYMENTS", "MINIMUM_PAYMENTS")
    assert fitted.features == ("BALANCE", "PAYMENTS", "MINIMUM_COVERAGE")
    assert fitted.columns == (*fitted.inputs, "MINIMUM_COVERAGE")


def test_a_derived_feature_has_its_own_imputation_and_transformation(fitted):
    assert fitted.fill[2] == COVERAGE.median() == 51.5
    values = signed_log1p(COVERAGE.fillna(51.5).to_numpy())
    np.testing.assert_allclose(fitted.transform(CUSTOMERS)[:, 2], (values - values.mean()) / values.std())
    assert fitted.impute_missing(CUSTOMERS)["MINIMUM_COVERAGE"].tolist() == [3.0, 51.5, 51.5, 100.0]


def test_values_are_those_of_a_table(fitted):
    inputs = CUSTOMERS[list(fitted.inputs)].to_numpy()
    np.testing.assert_array_equal(fitted.feature_values(inputs)[:, 2], COVERAGE)
    np.testing.assert_array_equal(fitted.scaled_values(fitted.feature_values(inputs)), fitted.scaled(CUSTOMERS))


def test_by_default_a_space_takes_the_features_that_a_table_holds(clustered):
    plain = feature_space.fit(CUSTOMERS, scale="log", impute="median")
    assert plain.features == plain.inputs == tuple(CUSTOMERS)
    with_coverage = feature_space.fit(CUSTOMERS.assign(MINIMUM_COVERAGE=COVERAGE), scale="log", impute="median")
    assert with_coverage.features == (*CUSTOMERS, "MINIMUM_COVERAGE")
    assert with_coverage.inputs == tuple(CUSTOMERS)


def test_a_space_goes_through_json_and_says_formulas_only_where_it_has_some(fitted):
    raw = json.loads(json.dumps(fitted.to_dict()))
    assert raw["formulas"] == {
        "MINIMUM_COVERAGE": {"ratio": {"of": ["PAYMENTS"], "to": ["MINIMUM_PAYMENTS"], "at_most": 100}}
    }
    assert FeatureSpace.from_dict(raw) == fitted
    plain = feature_space.fit(CUSTOMERS, scale="log", impute="median", features=list(CUSTOMERS))
    assert "formulas" not in plain.to_dict()
