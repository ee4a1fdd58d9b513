"""Derived features that are clustered, and columns that a file may lack."""

import numpy as np
import pytest

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data import exploration

NAMES = dictionary.load().names


def left_out(loaded):
    """The message on what the clustering goes without, which is said once."""
    (said,) = [one for one in loaded.findings if one.rule == "left_out"]
    return said.message


@pytest.fixture
def clustered(models):
    with models.clustered_on("MINIMUM_COVERAGE", "PURCHASE_ACTIVITY", optional=["MINIMUM_PAYMENTS"]):
        yield


def test_a_derived_feature_is_computed_for_a_file_that_has_its_parts(read, good, clustered):
    loaded = read(good)
    assert loaded.features == [*NAMES, "MINIMUM_COVERAGE", "PURCHASE_ACTIVITY"]
    assert list(loaded.frame) == ["customer_id", *loaded.features]
    expected = (good["PAYMENTS"] / good["MINIMUM_PAYMENTS"]).clip(upper=100)
    np.testing.assert_allclose(loaded.frame["MINIMUM_COVERAGE"], expected, rtol=1e-12)
    assert loaded.quality()["columns"] == NAMES
    assert not [one for one in loaded.findings if one.rule in {"left_out", "features_subset"}]
    assert exploration.shapes(loaded.frame)["feature"].tolist() == loaded.features


def test_features_may_name_a_derived_one_and_its_parts_are_read(read, good, clustered):
    loaded = read(good, features=["minimum coverage", "BALANCE"])
    assert loaded.features == ["BALANCE", "MINIMUM_COVERAGE"]
    assert list(loaded.frame) == ["customer_id", "BALANCE", "PAYMENTS", "MINIMUM_PAYMENTS", "MINIMUM_COVERAGE"]


def test_features_may_leave_a_derived_one_out(read, good, clustered):
    loaded = read(good, features=["PAYMENTS", "MINIMUM_PAYMENTS", "TENURE"])
    assert list(loaded.frame) == ["customer_id", *loaded.features]
    (said,) = [one for one in loaded.findings if one.rule == "features_subset"]
    assert {"MINIMUM_COVERAGE", "PURCHASE_ACTIVITY"} < set(said.examples)


def test_a_derived_feature_that_is_not_clustered_is_none_to_name(read, good, clustered):
    with pytest.raises(ParameterError, match=r"FEATURES names 'UTILISATION'; allowed: .*, MINIMUM_COVERAGE"):
        read(good, features=["UTILISATION"])


def test_a_file_that_lacks_an_optional_part_says_so_once_and_goes_on(read, good, clustered):
    loaded = read(good.drop(columns="MINIMUM_PAYMENTS"))
    assert loaded.features == [name for name in NAMES if name != "MINIMUM_PAYMENTS"] + ["PURCHASE_ACTIVITY"]
    assert left_out(loaded) == (
        "The clustering goes without MINIMUM_PAYMENTS (not in the file); "
        "MINIMUM_COVERAGE (computed from MINIMUM_PAYMENTS, which is not used)."
    )


def test_an_optional_column_that_is_asked_for_must_be_there(read, good, clustered):
    with pytest.raises(DataError, match="1 feature is missing: MINIMUM_PAYMENTS"):
        read(good.drop(columns="MINIMUM_PAYMENTS"), features=["BALANCE", "MINIMUM_COVERAGE"])
    with pytest.raises(DataError, match="1 feature is missing: PAYMENTS"):
        read(good.drop(columns="PAYMENTS"))


def test_one_feature_that_is_asked_for_alone_may_be_derived(read, good, clustered):
    assert read(good, features=["MINIMUM_COVERAGE"]).features == ["MINIMUM_COVERAGE"]
    assert read(good, features=["BALANCE"]).features == ["BALANCE"]


def test_the_way_out_of_a_missing_column_keeps_what_can_be_computed(read, good, clustered):
    with pytest.raises(DataError, match=r'run without them: FEATURES="BALANCE .* TENURE PURCHASE_ACTIVITY"'):
        read(good.drop(columns="PAYMENTS"))
    with pytest.raises(DataError, match=r'run without them: FEATURES="MINIMUM_PAYMENTS TENURE"'):
        read(good.drop(columns="PAYMENTS"), features=["PAYMENTS", "MINIMUM_PAYMENTS", "TENURE"])


def test_a_part_that_is_set_aside_takes_the_derived_feature_with_it(read, good, clustered):
    asked = ["BALANCE", "PURCHASES_TRX", "TENURE", "PURCHASE_ACTIVITY"]
    loaded = read(good.assign(TENURE=12), features=asked)
    assert loaded.features == ["BALANCE", "PURCHASES_TRX"]
    assert "PURCHASE_ACTIVITY (computed from TENURE, which is not used)" in left_out(loaded)


def test_a_derived_feature_that_tells_nobody_apart_is_left_out(read, good, models):
    with models.clustered_on("CASH_SHARE", "MINIMUM_COVERAGE"):
        without = good.assign(CASH_ADVANCE=0, CASH_ADVANCE_TRX=0, CASH_ADVANCE_FREQUENCY=0)
        assert "CASH_SHARE" in left_out(read(without))
        far_above = good.assign(MINIMUM_PAYMENTS=good["PAYMENTS"] / 200)
        capped = read(far_above, features=["BALANCE", "PAYMENTS", "MINIMUM_COVERAGE"])
        assert capped.features == ["BALANCE", "PAYMENTS"]
        assert "MINIMUM_COVERAGE (the same for all customers)" in left_out(capped)
        with pytest.raises(DataError, match="compared by BALANCE alone: segments need 2 features or more"):
            read(far_above, features=["BALANCE", "MINIMUM_COVERAGE"])
