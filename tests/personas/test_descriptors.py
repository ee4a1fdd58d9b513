"""Segments described by what they were not made of: shares, quartiles, and effects beside chance."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seg_utils.personas import descriptors
from seg_utils.personas.descriptors import EFFECT, MISSING, NONE, OTHER

N, K = 3000, 4
NAMES = {-1: "Outliers", 0: "A", 1: "B", 2: "C", 3: "D"}


@pytest.fixture(scope="module")
def segments():
    return np.random.default_rng(1).integers(K, size=N)


def profile(columns, segments):
    frame = pd.DataFrame({"customer_id": [str(i) for i in range(len(segments))], **columns})
    return descriptors.profile(frame, segments, NAMES, seed=3)


def effect(values, segments):
    return profile({"X": values}, segments).iloc[0][list(EFFECT)].tolist()


def test_a_number_that_goes_with_segments_has_the_effect_of_kruskal_and_wallis(segments):
    values = pd.Series(np.random.default_rng(2).normal(segments * 0.5))
    measure, found, chance, size = effect(values, segments)
    statistic = stats.kruskal(*(values[segments == one] for one in range(K))).statistic
    assert measure == descriptors.ETA
    assert found == pytest.approx((statistic - K + 1) / (N - K), rel=0.01)
    assert chance < 0.01 < 0.14 < found
    assert size == "large"


def test_a_segment_of_one_customer_counts_with_its_own_value():
    values, segments = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 90]), np.array([0, 0, 0, 1, 1, 1, 1, 2])
    statistic = stats.kruskal(*(values[segments == one] for one in range(3))).statistic
    ranks, n, k = values.rank(), 8, 3
    within = sum(((own - own.mean()) ** 2).sum() for _, own in ranks.groupby(segments))
    total = ((ranks - ranks.mean()) ** 2).sum()
    assert 1 - within / total == pytest.approx(statistic / (n - 1))
    assert effect(values, segments)[1] == pytest.approx(1 - (within / (n - k)) / (total / (n - 1)))


def test_where_each_customer_is_a_segment_there_is_no_effect():
    assert np.isnan(effect(pd.Series([1.0, 2.0, 3.0]), np.array([0, 1, 2]))[1])


def test_a_category_has_cramers_v_less_what_chance_gives(segments):
    random = np.random.default_rng(4)
    values = pd.Series(np.where(random.random(N) < 0.7, segments % 2, random.integers(2, size=N)).astype(str))
    _, found, chance, size = effect(values, segments)
    plain = stats.contingency.association(pd.crosstab(segments, values))
    assert plain - 0.01 < found < plain
    assert chance < 0.1
    assert size == "large"


@pytest.mark.parametrize("seed", range(6))
def test_what_has_nothing_to_do_with_segments_differs_no_more_than_by_chance(segments, seed):
    random = np.random.default_rng([9, seed])
    number, category = pd.Series(random.lognormal(size=N)), pd.Series(random.choice([*"abcdef"], N))
    for values in (number, category):
        assert effect(values, segments)[-1] == NONE


def test_of_what_is_the_same_for_everybody_there_is_no_effect(segments):
    _, found, _, size = effect(pd.Series(["a"] * N), segments)
    assert np.isnan(found)
    assert size == NONE


def test_missing_values_are_a_line_of_their_own_and_outliers_a_segment(segments):
    values = pd.Series(np.arange(N, dtype=float)).where(np.arange(N) >= 300)
    groups = np.where(np.arange(N) < 100, -1, segments)
    table = profile({"X": values}, groups)
    assert table["segment"].unique().tolist() == [-1, 0, 1, 2, 3]
    assert table.groupby("segment")["share"].sum().tolist() == pytest.approx([1.0] * 5)
    assert table.loc[table["level"] == MISSING, "customers"].sum() == 300
    of_b = table[(table["segment"] == 1) & (table["level"] == "")].iloc[0]
    assert of_b["median"] == values[groups == 1].median()
    assert of_b["population_median"] == values.median()
    assert of_b["persona"] == "B"


@pytest.mark.parametrize(("levels", "folded"), [(12, False), (13, True)])
def test_a_dozen_levels_stand_each_by_itself(segments, levels, folded):
    table = profile({"X": pd.Series([f"town {i % levels}" for i in range(N)])}, segments)
    assert table["level"].nunique() == 12
    assert (OTHER in set(table["level"])) == folded


def test_rare_levels_are_folded_and_none_is_lost(segments):
    values = pd.Series([f"town {min(i % 37, 20)}" for i in range(N)])
    table = profile({"X": values}, segments)
    levels = table["level"].unique()
    assert len(levels) == descriptors.MOST_LEVELS
    assert levels[-1] == OTHER
    assert table["customers"].sum() == N
    assert levels[0] == "town 20"


def test_without_descriptors_the_table_is_empty_and_typed(segments):
    table = profile({}, segments)
    assert list(table) == list(descriptors.PROFILE)
    assert table["segment"].dtype == "int64"
    assert table.empty
