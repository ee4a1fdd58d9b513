import numpy as np
import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.core import dictionary, paths
from seg_utils.core.errors import CatalogueError


@pytest.fixture
def customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "BALANCE": [500.0, 0.0, 4000.0],
            "CREDIT_LIMIT": [1000.0, 2000.0, 2000.0],
            "PAYMENTS": [250.0, 10.0, 100.0],
            "MINIMUM_PAYMENTS": [50.0, np.nan, 200.0],
            "PURCHASES": [300.0, 0.0, 100.0],
            "PURCHASES_TRX": [6.0, 0.0, 4.0],
            "ONEOFF_PURCHASES": [75.0, 0.0, 0.0],
            "INSTALLMENTS_PURCHASES": [225.0, 0.0, 100.0],
            "CASH_ADVANCE": [100.0, 0.0, 300.0],
            "CASH_ADVANCE_TRX": [1.0, 0.0, 3.0],
            "BALANCE_FREQUENCY": [1.0, 0.1, 0.9],
            "TENURE": [12.0, 12.0, 8.0],
        }
    )


def test_ratios_by_hand(customers):
    first = personas.profiling.with_derived(customers).iloc[0]
    assert first["UTILISATION"] == 0.5
    assert first["PAYMENT_TO_BALANCE"] == 0.5
    assert first["MINIMUM_COVERAGE"] == 5
    assert first["AVERAGE_TICKET"] == 50
    assert first["ONEOFF_SHARE"] == 0.25
    assert first["INSTALMENT_SHARE"] == 0.75
    assert first["CASH_SHARE"] == 0.25
    assert first["PURCHASE_ACTIVITY"] == 0.5


def test_a_ratio_to_nothing_is_missing(customers):
    idle = personas.profiling.with_derived(customers).iloc[1]
    for name in ("PAYMENT_TO_BALANCE", "MINIMUM_COVERAGE", "AVERAGE_TICKET", "ONEOFF_SHARE", "CASH_SHARE"):
        assert np.isnan(idle[name]), name


def test_extreme_ratios_are_held_at_the_dictionarys_cap(customers):
    assert personas.profiling.with_derived(customers)["UTILISATION"].iloc[2] == 1.5


def test_scores_run_from_one_to_five_with_the_amounts():
    customers = pd.DataFrame({"PURCHASES": np.arange(10.0), "CASH_ADVANCE": np.zeros(10)})
    scores = personas.profiling.with_derived(customers)["MONETARY_SCORE"]
    assert scores.tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_feature_whose_columns_are_not_used_is_left_out(customers):
    columns = personas.profiling.with_derived(customers.drop(columns="CREDIT_LIMIT"))
    assert "UTILISATION" not in columns
    assert "CASH_SHARE" in columns


def test_customers_are_not_changed(customers):
    before = customers.copy()
    personas.profiling.with_derived(customers)
    pd.testing.assert_frame_equal(customers, before)


def test_a_formula_over_an_unknown_column_is_refused(tmp_path):
    text = paths.catalogue("DICTIONARY").read_text(encoding="utf-8")
    text = text.replace("to: [CREDIT_LIMIT]", "to: [CREDIT_LIMITS]", 1)
    broken = tmp_path / "dictionary.yml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"dictionary\.yml, line \d+: UTILISATION reads unknown CREDIT_LIMITS"):
        dictionary.load(broken)


def test_accounts_in_credit_and_refunds_use_nothing(customers):
    credit = customers.assign(
        BALANCE=[-50.0, 0.0, 4000.0], PURCHASES=[-20.0, 0.0, 100.0], ONEOFF_PURCHASES=[-245.0, 0, 0]
    )
    first = personas.profiling.with_derived(credit).iloc[0]
    assert first["UTILISATION"] == 0
    assert np.isnan(first["PAYMENT_TO_BALANCE"])
    assert first["CASH_SHARE"] == 1
    assert first["AVERAGE_TICKET"] == 0
    assert first["VALUE_ESTIMATE"] == 0.04 * 100
