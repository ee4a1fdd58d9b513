import numpy as np
import pandas as pd

from seg_utils import personas
from seg_utils.core import dictionary
from seg_utils.personas import profiling


def test_one_row_a_segment_and_feature_in_order(profiles):
    assert tuple(profiles) == profiling.COLUMNS
    known = dictionary.load()
    names = [*known.names, *(one.name for one in known.derived)]
    assert profiles["feature"].tolist() == names * 7
    assert profiles["segment"].tolist() == np.repeat(range(7), len(names)).tolist()


def test_statistics_are_pandas_own(planted, profiles):
    customers, labels = planted
    row = profiles.set_index(["segment", "feature"]).loc[(2, "PURCHASES")]
    own = customers["PURCHASES"][labels == 2]
    np.testing.assert_allclose(row["mean"], own.mean())
    assert row["median"] == own.median()
    assert row["q25"] == own.quantile(0.25)
    assert row["q75"] == own.quantile(0.75)
    np.testing.assert_allclose(row["population_mean"], customers["PURCHASES"].mean())
    logs = np.log1p(customers["PURCHASES"])
    np.testing.assert_allclose(row["z"], (logs[labels == 2].mean() - logs.mean()) / logs.std(ddof=0))


def test_z_of_all_segments_weighs_out_to_zero(planted, profiles):
    sizes = np.bincount(planted[1])
    z = profiles[profiles["feature"] == "BALANCE"]["z"].to_numpy()
    np.testing.assert_allclose((z * sizes).sum(), 0, atol=1e-6)


def test_missing_values_and_features_without_variation_do_not_break_it():
    customers = pd.DataFrame({"BALANCE": [1.0, 2.0, np.nan, 4.0], "TENURE": [12.0] * 4})
    table = personas.profile(customers, np.array([0, 0, 1, 0])).set_index(["segment", "feature"])
    assert np.isnan(table.at[(1, "BALANCE"), "mean"])
    assert table.at[(0, "TENURE"), "z"] == 0
