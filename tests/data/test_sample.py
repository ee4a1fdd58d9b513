"""The bundled customers: regenerable, planted, and like real card data."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from seg_utils import clustering
from seg_utils.core import dictionary
from seg_utils.core.paths import PROJECT
from seg_utils.data import sample
from seg_utils.features import feature_space

REAL_FILE = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"


@pytest.fixture(scope="module")
def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    return sample.generate()


@pytest.fixture(scope="module")
def customers(drawn) -> pd.DataFrame:
    return drawn[0]


def test_bundled_files_are_what_the_generator_writes(drawn):
    customers, truth = drawn
    bundled = pd.read_csv(sample.SAMPLE)
    pd.testing.assert_frame_equal(bundled, customers, rtol=1e-9, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_csv(sample.TRUTH), truth, check_dtype=False)


def test_shape_is_that_of_the_real_file(customers):
    assert list(customers) == ["CUST_ID", *dictionary.load().names]
    assert len(customers) == sample.CUSTOMERS
    assert customers["CUST_ID"].is_unique
    assert customers["CUST_ID"].str.startswith("SYN-").all()


def test_another_seed_gives_other_customers():
    first, _ = sample.generate(200, seed=1)
    second, _ = sample.generate(200, seed=2)
    again, _ = sample.generate(200, seed=1)
    assert not first.equals(second)
    pd.testing.assert_frame_equal(first, again)


def test_segments_recover_the_planted_personas(drawn):
    customers, truth = drawn
    X = feature_space.fit(customers, scale="log", impute="median").transform(customers)
    found = clustering.kmeans(X, len(sample.PERSONAS), seed=0, min_starts=25)
    assert adjusted_rand_score(truth["persona_id"], found.labels) >= 0.9


@pytest.mark.parametrize(
    ("amount", "frequency"),
    [
        ("PURCHASES", "PURCHASES_FREQUENCY"),
        ("ONEOFF_PURCHASES", "ONEOFF_PURCHASES_FREQUENCY"),
        ("INSTALLMENTS_PURCHASES", "PURCHASES_INSTALLMENTS_FREQUENCY"),
        ("CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY"),
        ("PURCHASES_TRX", "PURCHASES_FREQUENCY"),
        ("CASH_ADVANCE_TRX", "CASH_ADVANCE_FREQUENCY"),
    ],
)
def test_an_amount_goes_with_a_frequency(customers, amount, frequency):
    assert ((customers[amount] > 0) == (customers[frequency] > 0)).all()


def test_counts_are_at_least_the_active_months(customers):
    for kind in ("PURCHASES", "CASH_ADVANCE"):
        months = (customers[f"{kind}_FREQUENCY"] * customers["TENURE"]).round()
        assert (customers[f"{kind}_TRX"] >= months).all()


def test_frequencies_are_whole_months_of_the_tenure(customers):
    for name in ("PURCHASES_FREQUENCY", "ONEOFF_PURCHASES_FREQUENCY", "CASH_ADVANCE_FREQUENCY", "PRC_FULL_PAYMENT"):
        months = customers[name] * customers["TENURE"]
        np.testing.assert_allclose(months, months.round(), atol=1e-4)


def test_exceptions_are_there_and_rare(customers):
    parts = customers["ONEOFF_PURCHASES"] + customers["INSTALLMENTS_PURCHASES"]
    assert 5 <= ((parts - customers["PURCHASES"]).abs() > 0.015).sum() <= 50
    assert 1 <= (customers["CASH_ADVANCE_FREQUENCY"] > 1).sum() <= 20
    assert 0.01 <= (customers["BALANCE"] > customers["CREDIT_LIMIT"]).mean() <= 0.06
    assert customers["CREDIT_LIMIT"].isna().sum() == 1


def test_minimum_payments_are_missing_mostly_where_nothing_was_paid(customers):
    missing = customers["MINIMUM_PAYMENTS"].isna()
    assert 0.01 <= missing.mean() <= 0.06
    assert (customers.loc[missing, "PAYMENTS"] == 0).mean() > 0.5
    assert missing[customers["PAYMENTS"] == 0].all()


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the real customers file is not here")
def test_marginals_and_relations_are_like_the_real_ones(customers):
    names = dictionary.load().names
    real = pd.read_csv(REAL_FILE)[names]
    drawn = customers[names]
    assert ((real == 0).mean() - (drawn == 0).mean()).abs().max() < 0.12
    quantiles = [0.25, 0.5, 0.75, 0.95]
    log_ratio = np.log1p(drawn.quantile(quantiles)) - np.log1p(real.quantile(quantiles))
    assert log_ratio.abs().to_numpy().max() < 0.7
    upper = np.triu_indices(len(names), 1)
    real_relations, drawn_relations = (frame.corr("spearman").to_numpy()[upper] for frame in (real, drawn))
    assert np.corrcoef(real_relations, drawn_relations)[0, 1] > 0.9
