"""Measurements on customers whose answers are known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, silhouette_score

from seg_utils.claims import laboratory, measurements
from seg_utils.claims.laboratory import Laboratory, Method
from seg_utils.data import sample
from seg_utils.evaluation.criteria.internal import elbow

PUBLISHED = Method("P", impute="mean", scale="standard", algorithm="kmeans", seeds=2)
ENCODED = Method("E", impute="mean", scale="standard", algorithm="kmeans", seeds=2, encoder=(4, 2))
CUSTOMERS = 400

DESCRIBED = pd.DataFrame({"PURCHASES": [10.0, 20, 30, 300, 310, 0], "BALANCE": [5.0, 5, 5, 1, 1, 90]})
LABELS = np.array([1, 1, 1, 0, 0, 2])


@pytest.fixture(scope="module")
def lab():
    customers, _ = sample.generate(CUSTOMERS, seed=3)
    return Laboratory(customers.rename(columns={"CUST_ID": "customer_id"}))


@pytest.mark.parametrize(
    ("group", "segment"), [("largest", 1), ("smallest", 2), ("highest PURCHASES", 0), ("lowest PURCHASES", 2)]
)
def test_a_group_is_found_by_its_words(group, segment):
    assert measurements.select(DESCRIBED, LABELS, group) == segment


def test_a_place_is_counted_from_either_end():
    assert measurements.place(DESCRIBED, LABELS, "largest", "BALANCE", "highest") == 2
    assert measurements.place(DESCRIBED, LABELS, "highest PURCHASES", "BALANCE", "lowest") == 1


def test_groups_within_bounds_are_counted():
    assert measurements.within(DESCRIBED, LABELS, {"PURCHASES": [0, 1]}) == 2
    assert measurements.within(DESCRIBED, LABELS, {"PURCHASES": [0, 1], "BALANCE": [1, 100]}) == 1


def test_the_share_between_segments_is_one_where_they_hold_one_value_each():
    X = np.column_stack([LABELS.astype(float), [1.0, -1, 0, 1, -1, 0]])
    assert measurements.between_share(X, LABELS) == pytest.approx([1, 0])


def test_scores_agree_with_scikit_learn(lab):
    X, runs = lab.common(PUBLISHED), lab.runs(PUBLISHED, 4)
    found = {name: measurements.score(lab, PUBLISHED, 4, name) for name in ("silhouette", "davies_bouldin")}
    assert found["silhouette"].values == pytest.approx([silhouette_score(X, run.labels) for run in runs])
    assert found["davies_bouldin"].values == pytest.approx([davies_bouldin_score(X, run.labels) for run in runs])
    assert found["silhouette"].runs == "seeds"


def test_the_best_optimum_is_no_worse_than_any_seed(lab):
    inertia = measurements.score(lab, PUBLISHED, 4, "inertia")
    assert inertia.best <= min(inertia.values) * (1 + 1e-9)
    iterations = measurements.score(lab, PUBLISHED, 4, "iterations")
    assert iterations.values == tuple(run.iterations for run in lab.runs(PUBLISHED, 4))
    assert min(iterations.values) >= 1
    assert iterations.best is None


def test_codes_are_measured_among_codes_and_in_the_common_space(lab):
    labels = [run.labels for run in lab.runs(ENCODED, 2)]
    own, common = (
        function(lab, ENCODED, 2, "silhouette").values for function in (measurements.score, measurements.common_score)
    )
    X = lab.common(ENCODED)
    assert X.shape == (CUSTOMERS, 17)
    assert [codes.shape for codes in lab.coordinates(ENCODED)] == [(CUSTOMERS, 2)] * 2
    assert common == pytest.approx([silhouette_score(X, one) for one in labels])
    assert own == pytest.approx(
        [silhouette_score(*pair) for pair in zip(lab.coordinates(ENCODED), labels, strict=True)]
    )


def test_a_gain_is_the_difference_in_the_common_space_and_positive_when_better(lab):
    raw, coded = (
        [measurements.common_score(lab, method, 2, name).values for name in ("silhouette", "davies_bouldin")]
        for method in (PUBLISHED, ENCODED)
    )
    higher = measurements.gain(lab, ENCODED, PUBLISHED, 2, "silhouette").values
    lower = measurements.gain(lab, ENCODED, PUBLISHED, 2, "davies_bouldin").values
    assert higher == pytest.approx(np.subtract(coded[0], raw[0]))
    assert lower == pytest.approx(np.subtract(raw[1], coded[1]))


def test_the_same_seeds_give_the_same_and_nothing_is_made_twice(lab):
    again = Laboratory(lab.customers)
    for one, other in zip(lab.runs(PUBLISHED, 3), again.runs(PUBLISHED, 3), strict=True):
        assert one.inertia == other.inertia
        assert (one.labels == other.labels).all()
    assert lab.runs(PUBLISHED, 3)[0] is lab.runs(PUBLISHED, 3)[0]


def test_a_sweep_chooses_by_its_own_criteria(lab):
    X, sweep = lab.common(PUBLISHED), lab.sweep(PUBLISHED, range(2, 7))
    scores = {k: silhouette_score(X, runs[0].labels) for k, runs in sweep.items()}
    assert measurements.best_silhouette(lab, PUBLISHED, 6).values[0] == max(scores, key=scores.get)
    inertias = [[runs[number].inertia for runs in sweep.values()] for number in range(PUBLISHED.seeds)]
    found = [elbow(list(sweep), of_seed) for of_seed in inertias]
    expected = [float("nan") if k is None else k for k in found]
    assert measurements.elbow(lab, PUBLISHED, 6).values == pytest.approx(expected, nan_ok=True)


def test_months_are_whole_numbers_out_of_tenure():
    customers = pd.DataFrame({"PURCHASES_FREQUENCY": [0.5, 0.083333, 0.55], "TENURE": [12, 12, 7]})
    assert measurements.whole_months(Laboratory(customers), "PURCHASES_FREQUENCY").values == (pytest.approx(2 / 3),)


def test_methods_are_fitted_as_published_and_not_as_the_house_does(lab, monkeypatch):
    asked = []

    class Asked(laboratory.KMeans):
        def fit(self, X):
            asked.append((self.n_clusters, self.n_init, self.max_iter, self.random_state))
            return super().fit(X)

    monkeypatch.setattr(laboratory, "KMeans", Asked)
    Laboratory(lab.customers).runs(PUBLISHED, 5)
    assert asked == [(5, 10, 300, 42), (5, 10, 300, 43)]


def test_the_best_optimum_is_sought_from_two_hundred_starts_and_mini_batches_from_three(lab, monkeypatch):
    asked = []

    class Asked:
        labels_, inertia_, n_iter_ = np.zeros(CUSTOMERS, dtype=int), 1.0, 7

        def __init__(self, k, n_init, random_state):
            asked.append((k, n_init, random_state))

        def fit(self, X):
            return self

    monkeypatch.setattr(laboratory, "KMeans", Asked)
    monkeypatch.setattr(laboratory, "MiniBatchKMeans", Asked)
    here = Laboratory(lab.customers)
    assert here.best(PUBLISHED, 5).iterations is None
    assert [run.iterations for run in here.runs(replace(PUBLISHED, algorithm="minibatch"), 4)] == [7, 7]
    assert asked == [(5, 200, 42), (4, 3, 42), (4, 3, 43)]


def test_what_two_components_explain_is_of_all_variance(lab):
    X = lab.common(PUBLISHED)
    largest = np.linalg.eigvalsh(np.cov(X.T))[::-1]
    assert lab.explained(PUBLISHED) == pytest.approx(largest[:2] / largest.sum())


def test_the_largest_share_and_a_groups_part_of_a_sum(lab):
    [run, _] = lab.runs(PUBLISHED, 3)
    found = measurements.largest_share(lab, PUBLISHED, 3)
    assert found.values[0] == np.bincount(run.labels).max() / CUSTOMERS
    purchases = lab.described["PURCHASES"]
    part = measurements.share_of_sum(lab, PUBLISHED, 3, "largest", "PURCHASES").values[0]
    own = purchases[run.labels == np.bincount(run.labels).argmax()]
    assert part == pytest.approx(own.sum() / purchases.sum())
    assert part != pytest.approx(found.values[0], abs=0.01)


SEEDS = [LABELS, np.array([0, 0, 0, 0, 1, 2])]
BEST = np.array([0, 0, 0, 1, 1, 2])
X = np.column_stack([[0.0, 0, 0, 9, 9, 5], [1.0, -1, 0, 1, -1, 0], [0.0, 0, 1, 5, 5, 9]])


@pytest.fixture
def six():
    """Six customers of whom two seeds and the best optimum say different things."""

    def labelled(labels):
        return SimpleNamespace(labels=labels)

    space = SimpleNamespace(
        features=["BALANCE", "TENURE", "PURCHASES"], encoder=SimpleNamespace(losses=(0.9, 0.5, 0.1))
    )
    return SimpleNamespace(
        described=DESCRIBED, customers=DESCRIBED.assign(BALANCE=[np.nan, 5, np.nan, 1, 1, 90]),
        runs=lambda method, k: [labelled(one) for one in (SEEDS if method == "m" else [LABELS, LABELS])],
        best=lambda method, k: labelled(BEST), common=lambda method: X, spaces=lambda method: [space, space],
        explained=lambda method: (0.5, 0.2),
    )  # fmt: skip


ARI = adjusted_rand_score


@pytest.mark.parametrize(
    ("name", "given", "values", "best"),
    [
        ("smallest_share", (3,), [1 / 6, 1 / 6], 1 / 6),
        ("largest_share", (3,), [3 / 6, 4 / 6], 3 / 6),
        ("share_of", (3, "highest PURCHASES"), [2 / 6, 1 / 6], 2 / 6),
        ("mean_of", (3, "largest", "PURCHASES"), [20, 90], 20),
        ("times_average", (3, "largest", "PURCHASES"), [20 * 6 / 670, 90 * 6 / 670], 20 * 6 / 670),
        ("share_of_sum", (3, "smallest", "BALANCE"), [90 / 107, 1 / 107], 90 / 107),
        ("place_of", (3, "largest", "PURCHASES", "highest"), [2, 2], 2),
        ("groups_where", (3, {"PURCHASES": [0, 1]}), [2, 2], 2),
        ("sizes_apart", ([0.2, 0.5, 0.3],), [0.2 - 1 / 6, 4 / 6 - 0.5], 0.2 - 1 / 6),
        ("named_among_top", (3, ["BALANCE"]), [1, 0], 1),
        ("methods_agreement", ("other", 3), [1.0, ARI(SEEDS[1], LABELS)], ARI(BEST, BEST)),
        ("seeds_agreement", (3,), [ARI(*SEEDS)], None),
        ("explained_variance", (), [0.7], None),
        ("loss", ("first",), [0.9, 0.9], None),
        ("loss", ("last",), [0.1, 0.1], None),
    ],
)
def test_each_seeds_partition_is_measured_and_the_best_one(six, name, given, values, best):
    found = measurements.MEASUREMENTS[name](six, "m", *given)
    assert found.values == pytest.approx(values)
    assert found.best == pytest.approx(best)


@pytest.mark.parametrize(
    ("name", "given", "remark"),
    [
        ("smallest_share", (3,), "At the best optimum: 50.0, 33.3 and 16.7 %."),
        ("named_among_top", (3, ["BALANCE", "TENURE"]), "At the best optimum these are Balance and Purchases."),
    ],
)
def test_beside_a_number_of_partitions_stands_what_the_best_one_is_like(six, name, given, remark):
    assert measurements.MEASUREMENTS[name](six, "m", *given).remark == remark
    six.best = lambda method, k: None
    without = measurements.MEASUREMENTS[name](six, "m", *given)
    assert (without.remark, without.best) == ("", None)


def test_measurements_of_the_file_alone(six):
    assert measurements.missing_values(six, "BALANCE").values == (2.0,)
    pair = six.customers[["BALANCE", "PURCHASES"]].dropna()
    assert measurements.correlation(six, "BALANCE", "PURCHASES").values == pytest.approx([np.corrcoef(pair.T)[0, 1]])


def known(**columns):
    return Laboratory(
        pd.DataFrame({"customer_id": [str(n) for n in range(len(next(iter(columns.values()))))], **columns})
    )


def test_parts_sum_up_to_a_cent():
    parts = known(A=[1.0, 2.0, 3.0, 4.0], B=[0.5, 0.5, 0.5, 0.5], WHOLE=[1.5, 2.51, 3.52, 4.5])
    assert measurements.sums_up(parts, ["A", "B"], "WHOLE").values == (0.75,)


def test_a_peak_counts_from_a_twentieth_of_the_highest_on():
    low, high = np.random.default_rng(2).normal(3, 0.5, 4_000), np.random.default_rng(3).normal(8, 0.5, 4_000)
    for few, peaks in ((100, 1.0), (400, 2.0)):
        assert measurements.modes(known(AMOUNT=np.expm1([*low, *high[:few]])), "AMOUNT").values == (peaks,)


def test_months_may_miss_a_whole_number_by_less_than_a_hundredth():
    customers = pd.DataFrame({"SHARE": [0.5, 0.5005, 0.5015, 0.4995, 0.4985], "TENURE": 12.0})
    assert measurements.whole_months(Laboratory(customers), "SHARE").values == (pytest.approx(3 / 5),)


def test_a_feature_is_skewed_to_either_side():
    right = np.random.default_rng(2).lognormal(size=200)
    features = known(PURCHASES=right, BALANCE=-right, PAYMENTS=np.linspace(0, 1, 200))
    assert measurements.skewed_features(features).values == (2.0,)


@pytest.mark.parametrize(("centres", "peaks"), [([3], 1), ([3, 8], 2), ([2, 5, 8], 3)])
def test_peaks_of_a_density_are_counted_among_those_who_have_any(centres, peaks):
    random = np.random.default_rng(2)
    amounts = np.concatenate([np.expm1(random.normal(centre, 0.5, 800)) for centre in centres] + [np.zeros(400)])
    found = measurements.modes(known(AMOUNT=amounts), "AMOUNT")
    assert found.values == (float(peaks),)
    assert found.remark.startswith(f"{100 * 400 / len(amounts):.0f} % of the customers have none")
