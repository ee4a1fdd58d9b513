import json

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import RobustScaler, StandardScaler

from seg_utils.core.transformation import signed_log1p
from seg_utils.features import encoder, feature_space

RNG = np.random.default_rng(0)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(200)],
        "BALANCE": RNG.lognormal(6, 1.5, 200),
        "PURCHASES": np.where(RNG.random(200) < 0.4, 0, RNG.lognormal(5, 1, 200)),
        "MINIMUM_PAYMENTS": np.where(RNG.random(200) < 0.1, np.nan, RNG.lognormal(4, 1, 200)),
        "PRC_FULL_PAYMENT": RNG.random(200),
    }
)
FEATURES = ["BALANCE", "PURCHASES", "MINIMUM_PAYMENTS", "PRC_FULL_PAYMENT"]


def filled(impute):
    values = CUSTOMERS[FEATURES]
    return values.fillna(values.median() if impute == "median" else values.mean())


@pytest.mark.parametrize("impute", ["median", "mean"])
def test_standard_scale_is_scikit_learns(impute):
    fitted = feature_space.fit(CUSTOMERS, scale="standard", impute=impute)
    np.testing.assert_allclose(fitted.transform(CUSTOMERS), StandardScaler().fit_transform(filled(impute)), atol=1e-12)


def test_robust_scale_is_scikit_learns():
    fitted = feature_space.fit(CUSTOMERS, scale="robust", impute="median")
    np.testing.assert_allclose(fitted.transform(CUSTOMERS), RobustScaler().fit_transform(filled("median")), atol=1e-12)


def test_log_scale_transforms_amounts_and_leaves_shares():
    fitted = feature_space.fit(CUSTOMERS, scale="log", impute="median")
    assert dict(zip(fitted.features, fitted.log1p, strict=True)) == {
        "BALANCE": True,
        "PURCHASES": True,
        "MINIMUM_PAYMENTS": True,
        "PRC_FULL_PAYMENT": False,
    }
    expected = filled("median")
    expected[FEATURES[:3]] = np.log1p(expected[FEATURES[:3]])
    np.testing.assert_allclose(fitted.transform(CUSTOMERS), StandardScaler().fit_transform(expected), atol=1e-12)


def test_what_is_below_zero_is_mirrored_and_the_rest_keeps_its_bits():
    values = np.concatenate([RNG.lognormal(5, 3, 5000), [0.0, -0.0, 1e-300, 1e300, np.nan]])
    np.testing.assert_array_equal(signed_log1p(values), np.log1p(values))
    np.testing.assert_array_equal(signed_log1p(-values), -signed_log1p(values))
    np.testing.assert_allclose(-np.expm1(-signed_log1p(-values[:5000])), -values[:5000], rtol=1e-9)


@pytest.mark.parametrize("scale", ["log", "standard", "robust"])
def test_accounts_in_credit_have_a_place(scale):
    credit = CUSTOMERS.assign(BALANCE=CUSTOMERS["BALANCE"].where(CUSTOMERS.index % 4 > 0, -3000.0))
    fitted = feature_space.fit(credit, scale=scale, impute="median")
    assert np.isfinite(fitted.transform(credit)).all()
    assert fitted.transform(credit)[0, 0] < fitted.transform(credit)[1, 0]


def test_only_features_of_the_dictionary_are_used_in_its_order():
    shuffled = CUSTOMERS[["PRC_FULL_PAYMENT", "MINIMUM_PAYMENTS", "customer_id", "PURCHASES", "BALANCE"]]
    assert feature_space.fit(shuffled, scale="log", impute="median").features == tuple(FEATURES)


def test_robust_scale_falls_back_where_the_middle_half_is_equal():
    constant = CUSTOMERS.assign(BALANCE=[0.0] * 190 + [5.0] * 10)
    fitted = feature_space.fit(constant, scale="robust", impute="median")
    assert fitted.spread[0] == pytest.approx(constant["BALANCE"].std(ddof=0))


@pytest.mark.parametrize("scale", ["log", "standard", "robust"])
def test_a_constant_feature_is_zero_everywhere(scale):
    constant = CUSTOMERS.assign(BALANCE=5.0)
    assert (feature_space.fit(constant, scale=scale, impute="median").transform(constant)[:, 0] == 0).all()


def test_new_customers_are_filled_with_training_values():
    fitted = feature_space.fit(CUSTOMERS, scale="log", impute="mean")
    new = CUSTOMERS.head(1).assign(MINIMUM_PAYMENTS=np.nan)
    assert fitted.impute_missing(new)["MINIMUM_PAYMENTS"].item() == CUSTOMERS["MINIMUM_PAYMENTS"].mean()


def test_a_space_survives_json_to_the_bit():
    fitted = feature_space.fit(CUSTOMERS, scale="log", impute="median")
    assert feature_space.FeatureSpace.from_dict(fitted.to_dict()) == fitted


def test_an_encoded_space_has_codes_for_coordinates_and_survives_json(monkeypatch):
    monkeypatch.setattr(encoder, "MOST_EPOCHS", 20)
    fitted = feature_space.fit(CUSTOMERS, scale="log", impute="median", encoder=(6, 2), seed=1)
    again = feature_space.FeatureSpace.from_dict(json.loads(json.dumps(fitted.to_dict())))
    assert fitted.transform(CUSTOMERS).shape == (200, 2)
    assert fitted.scaled(CUSTOMERS).shape == (200, 4)
    np.testing.assert_array_equal(again.transform(CUSTOMERS), fitted.transform(CUSTOMERS))
