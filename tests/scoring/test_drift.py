import numpy as np
import pytest

from seg_utils.core import words
from seg_utils.data import sample
from seg_utils.scoring import drift, reference


def tallied(made, customers):
    placed = made.place(customers)
    return drift.tally(made, customers, *(placed[name].to_numpy() for name in ("segment", "confidence", "distance")))


def compared(made, customers):
    counted = tallied(made, customers)
    return counted, drift.by_feature(made, counted)


def warned(made, customers):
    counted, table = compared(made, customers)
    others = {"segments": drift.of_segments(made, counted), **drift.together(made, counted)}
    shifted = [name for name, judged in others.items() if judged["verdict"] in (drift.MODERATE, drift.LARGE)]
    return [*drift.worst_first(table)["feature"], *shifted]


def test_psi_is_the_textbook_sum():
    new, old = np.array([300, 700]), np.array([500, 500])
    a, e = (new + 0.5) / 1001, (old + 0.5) / 1001
    assert drift.psi(new, old) == pytest.approx(((a - e) * np.log(a / e)).sum(), abs=1e-15)
    assert drift.psi(new, old) == pytest.approx(-0.2 * np.log(0.6) + 0.2 * np.log(1.4), abs=2e-3)
    assert drift.psi(old, old) == 0.0


def test_groups_empty_in_both_say_nothing_and_in_one_say_something():
    assert drift.psi(np.array([50, 50, 0]), np.array([500, 500, 0])) == drift.psi(
        np.array([50, 50]), np.array([500, 500])
    )
    assert drift.psi(np.array([50, 40, 10]), np.array([500, 500, 0])) > drift.LARGE_SHIFT


@pytest.mark.parametrize("trained", [300, 5000])
def test_the_noise_of_psi_is_what_drawing_from_one_population_shows(trained):
    random = np.random.default_rng(3)
    shares = np.full(10, 0.1)
    drawn = [drift.psi(random.multinomial(300, shares), random.multinomial(trained, shares)) for _ in range(2000)]
    bound = drift.noise(np.full(10, 30), np.full(10, trained // 10), 0.05)
    assert np.mean(np.array(drawn) > bound) == pytest.approx(0.05, abs=0.02)


def test_the_training_customers_themselves_bring_no_warning(made, trained):
    counted, table = compared(made, trained)
    assert warned(made, trained) == []
    assert table["psi"].max() < 1e-3
    assert counted.outside == 0
    np.testing.assert_allclose(table["missing_share"], table["training_missing_share"], atol=1e-12)


@pytest.mark.parametrize("n", [100, 250, 800])
def test_random_parts_of_the_same_customers_rarely_bring_one(made, trained, n):
    random = np.random.default_rng(n)
    false_alarms = [bool(warned(made, trained.sample(n, random_state=random))) for _ in range(60)]
    assert sum(false_alarms) <= 2


def test_other_customers_of_the_same_kind_bring_none(made):
    others, _ = sample.generate(1000, seed=77)
    assert warned(made, others.rename(columns={"CUST_ID": "customer_id"})) == []


def test_grown_amounts_are_a_large_shift_of_that_feature_alone(made, trained):
    grown = trained.assign(CREDIT_LIMIT=trained["CREDIT_LIMIT"] * 2)
    _, table = compared(made, grown)
    verdicts = table.set_index("feature")["verdict"]
    assert verdicts["CREDIT_LIMIT"] == drift.LARGE
    assert set(verdicts.drop("CREDIT_LIMIT")) == {drift.NO_SHIFT}


def test_missing_values_are_a_shift(made, trained):
    holes = np.arange(len(trained)) % 3 == 0
    _, table = compared(made, trained.assign(PAYMENTS=trained["PAYMENTS"].mask(holes)))
    row = table.set_index("feature").loc["PAYMENTS"]
    assert row["verdict"] == drift.LARGE
    assert row["missing_share"] == pytest.approx(1 / 3)
    assert row["training_missing_share"] == 0


def test_values_that_nobody_had_in_training_are_counted_on_either_side(made, trained):
    low, high = trained["CREDIT_LIMIT"].min(), trained["CREDIT_LIMIT"].max()
    limits = trained["CREDIT_LIMIT"].to_numpy().copy()
    limits[:30], limits[30:40] = high + 1, low - 1
    counted, table = compared(made, trained.assign(CREDIT_LIMIT=limits))
    row = table.set_index("feature").loc["CREDIT_LIMIT"]
    assert (counted.above["CREDIT_LIMIT"], counted.below["CREDIT_LIMIT"], counted.outside) == (30, 10, 40)
    assert row["outside"]
    assert table["outside"].sum() == 1


def test_other_shares_of_segments_are_a_shift_of_segments(made, trained):
    counted = tallied(made, trained[made.locate(trained).segment == 0])
    assert drift.of_segments(made, counted)["verdict"] == drift.LARGE


def test_a_few_customers_are_too_few_to_tell(made, trained):
    few = trained.head(drift.MIN_CUSTOMERS - 1).assign(CREDIT_LIMIT=1e6)
    _, table = compared(made, few)
    assert set(table["verdict"]) == {drift.TOO_FEW}
    assert warned(made, few) == []


def test_counts_add_up_whatever_the_parts(made, trained):
    trained = trained.assign(CREDIT_LIMIT=trained["CREDIT_LIMIT"] * np.where(np.arange(len(trained)) % 7, 1.0, 9.0))
    whole, parts = tallied(made, trained), drift.Tally()
    for start in range(0, len(trained), 500):
        parts.add(tallied(made, trained[start : start + 500]))
    assert drift.by_feature(made, parts).equals(drift.by_feature(made, whole))
    assert drift.of_segments(made, parts) == drift.of_segments(made, whole)
    assert drift.together(made, parts) == drift.together(made, whole)
    assert parts.outside == whole.outside > 0


def test_features_paired_anew_are_seen_though_each_alone_is_as_it_was(made, trained):
    random = np.random.default_rng(4)
    paired = trained.assign(CREDIT_LIMIT=random.permutation(trained["CREDIT_LIMIT"].to_numpy()))
    counted, table = compared(made, paired)
    pair = drift.together(made, counted)["pair"]
    assert "CREDIT_LIMIT" in (pair["first"], pair["second"])
    assert abs(pair["correlation"]) < 0.1 < pair["training_correlation"]
    assert pair["verdict"] == drift.MODERATE
    assert drift.worst_first(table).empty
    before = trained["CREDIT_LIMIT"].rank().corr(trained[pair["first"]].rank())
    if pair["second"] == "CREDIT_LIMIT":
        assert pair["training_correlation"] == pytest.approx(before, abs=0.03)


def test_customers_between_segments_are_counted_against_those_of_training(made, trained):
    placed = made.place(trained)
    unsure = (placed["confidence"] < 0.1).to_numpy()
    judged = drift.together(made, tallied(made, trained))["between"]
    assert judged["share"] == judged["training_share"] == pytest.approx(unsure.mean())
    crowd = trained[unsure | (np.arange(len(trained)) % 2 == 0)]
    more = drift.together(made, tallied(made, crowd))["between"]
    assert more["share"] == pytest.approx(unsure.sum() / len(crowd))
    assert more["verdict"] == drift.MODERATE
    assert drift.together(made, tallied(made, crowd.head(50)))["between"]["verdict"] == drift.TOO_FEW


def test_distances_to_the_centre_are_a_shift(made, trained):
    placed = made.place(trained)
    far = trained[(placed["distance"] > placed["distance"].median()).to_numpy()]
    assert drift.together(made, tallied(made, far))["distance"]["verdict"] == drift.LARGE


def test_a_constant_feature_goes_with_nothing():
    places = np.column_stack([np.arange(50.0), np.full(50, 0.1), -np.arange(50.0)])
    found = reference.correlated(50, places.sum(axis=0), places.T @ places)
    np.testing.assert_allclose(found, [[1, 0, -1], [0, 0, 0], [-1, 0, 1]], atol=1e-12)


def test_a_share_outside_counts_for_little_where_training_saw_few(made):
    by_chance = drift.chance(made)
    assert drift._many_outside(6, 300, 9000, by_chance)
    assert not drift._many_outside(6, 300, 100, by_chance)
    assert drift._many_outside(60, 300, 100, by_chance)


def test_thresholds_read_as_people_read_them():
    assert words.percent(drift.OUTSIDE_SHARE) == "1 %"
