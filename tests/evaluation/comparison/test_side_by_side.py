import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, silhouette_score

from seg_utils.clustering import OUTLIERS, Centres, algorithms
from seg_utils.clustering.partition import described
from seg_utils.core.errors import NoSegmentsError
from seg_utils.core.parameters import SCALES
from seg_utils.data import sample
from seg_utils.evaluation import comparison
from seg_utils.evaluation.comparison import side_by_side
from seg_utils.features import feature_space

NAMES = ("kmeans", "ward", "dbscan")
K = 3


@pytest.fixture(scope="module")
def customers():
    return sample.generate(400, seed=5)[0].rename(columns={"CUST_ID": "customer_id"})


@pytest.fixture(scope="module")
def compared(customers):
    return comparison.compare(customers, K, impute="median", names=NAMES, seed=42)


def row(compared, where, algorithm):
    table = compared.table
    return table[(table["space"] == where) & (table["algorithm"] == algorithm)].iloc[0]


def test_one_row_an_algorithm_and_scale(compared):
    assert list(compared.table.columns) == list(side_by_side.COLUMNS)
    assert list(zip(compared.table["space"], compared.table["algorithm"], strict=True)) == [
        (scale, name) for scale in SCALES for name in NAMES
    ]
    found = compared.table["why_not"] == ""
    assert (compared.table.loc[found & (compared.table["algorithm"] != "dbscan"), "segments"] == K).all()
    assert compared.table.loc[~found, "segments"].isna().all()


def test_separation_is_measured_in_one_space_for_all(compared, customers):
    fitted = {
        scale: feature_space.fit(customers, scale=scale, impute="median").transform(customers) for scale in SCALES
    }
    labels = algorithms.fit("ward", fitted["standard"], K, seed=42).labels
    measured = row(compared, "standard", "ward")["silhouette"]
    assert measured == pytest.approx(silhouette_score(fitted["log"], labels))
    assert measured != pytest.approx(silhouette_score(fitted["standard"], labels), abs=1e-3)


def test_agreement_is_the_rand_index_of_the_partitions(compared, customers):
    log, standard = (
        algorithms.fit(
            "kmeans", feature_space.fit(customers, scale=scale, impute="median").transform(customers), K, seed=42
        )
        for scale in ("log", "standard")
    )
    expected = adjusted_rand_score(log.labels, standard.labels)
    assert compared.agreement.loc["kmeans, log", "kmeans, standard"] == pytest.approx(expected)
    assert np.diag(compared.agreement) == pytest.approx(1)


def test_replicates_are_fitted_by_the_same_algorithm(customers, monkeypatch):
    asked = []
    fit = algorithms.fit

    def noted(name, *rest, **more):
        asked.append(name)
        return fit(name, *rest, **more)

    monkeypatch.setattr(algorithms, "fit", noted)
    comparison.compare(customers, K, impute="median", names=("ward",), seed=42)
    assert asked == ["ward"] * len(SCALES) * (1 + side_by_side.REPLICATES)


def test_an_algorithm_that_finds_nothing_says_why_and_stops_nobody(customers, monkeypatch):
    fit = algorithms.fit

    def nothing(name, *rest, **more):
        if name == "dbscan":
            raise NoSegmentsError("DBSCAN finds no cluster at all; try ALGORITHM=kmeans")
        return fit(name, *rest, **more)

    monkeypatch.setattr(algorithms, "fit", nothing)
    compared = comparison.compare(customers, K, impute="median", names=("dbscan", "ward"), seed=42)
    assert row(compared, "log", "dbscan")["why_not"] == "DBSCAN finds no cluster at all"
    assert list(compared.agreement) == [f"ward, {scale}" for scale in SCALES]


def test_the_same_again_but_for_time(compared, customers):
    again = comparison.compare(customers, K, impute="median", names=NAMES, seed=42)
    pd.testing.assert_frame_equal(again.table, compared.table, check_exact=True)
    pd.testing.assert_frame_equal(again.agreement, compared.agreement, check_exact=True)
    assert "seconds" not in compared.table


def test_times_are_told_to_one_digit(compared):
    times = compared.times()
    assert times.shape == (len(SCALES), len(NAMES))
    assert all(len(text.replace("0", "").replace(".", "")) <= 1 for text in times.to_numpy().ravel())


def test_an_encoder_adds_the_space_of_its_codes(customers):
    compared = comparison.compare(customers, K, impute="median", encoder=(4, 2), names=("minibatch",), seed=42)
    assert compared.table["space"].tolist() == [*SCALES, "encoded"]


def test_beyond_a_named_size_a_sample_is_compared(customers, monkeypatch):
    monkeypatch.setattr(side_by_side, "MOST_ROWS", 250)
    compared = comparison.compare(customers, K, impute="median", names=("minibatch",), seed=42)
    assert (compared.customers, compared.compared) == (400, 250)


def test_nothing_found_is_a_dash_and_a_reason(customers, monkeypatch):
    def nothing(name, *rest, **more):
        if name == "dbscan":
            raise NoSegmentsError("DBSCAN finds no cluster at all; try ALGORITHM=kmeans")
        return fit(name, *rest, **more)

    fit = algorithms.fit
    monkeypatch.setattr(algorithms, "fit", nothing)
    compared = comparison.compare(customers, K, impute="median", names=("minibatch", "dbscan"), seed=42)
    assert compared.counts().to_numpy().tolist() == [[str(K), "–"]] * len(SCALES)
    assert compared.not_found().splitlines() == [f"{scale} scale: DBSCAN finds no cluster at all" for scale in SCALES]
    shown = compared.found()
    assert shown["Algorithm"].tolist() == ["MiniBatch K-Means"] * len(SCALES)
    assert shown["Scale"].tolist() == list(SCALES)
    assert "NA" not in shown.to_string() + compared.counts().to_string()


def test_where_all_was_found_there_is_no_reason(compared):
    assert (compared.not_found() == "Every algorithm found segments.") == compared.table["segments"].notna().all()


def test_customers_in_no_segment_are_counted_and_weigh_on_separation(monkeypatch):
    random = np.random.default_rng(3)
    labels = np.repeat([0, 1, OUTLIERS], [60, 30, 10])
    X = random.normal(size=(100, 2)) + 3.0 * labels[:, None]
    found = described(X, labels, Centres(np.zeros((2, 2))), starts=1, hits=1)
    similarity = np.array([[0.9, 0.4], [0.7, np.nan]])
    monkeypatch.setattr(side_by_side, "refit", lambda *_, **asked: (None, similarity))
    measured = side_by_side._measure("dbscan", X, X, found, seed=1)
    own = labels != OUTLIERS
    expected = {
        "segments": 2, "smallest_share": 0.3, "outlier_share": 0.1, "mean_jaccard": 0.6, "min_jaccard": 0.4,
        "silhouette": 0.9 * silhouette_score(X[own], labels[own]),
        "davies_bouldin": davies_bouldin_score(X[own], labels[own]),
    }  # fmt: skip
    assert measured == pytest.approx(expected)


def test_what_is_shown_is_rounded_and_in_percent():
    row = ["log", "dbscan", 2, 0.0349, 0.1251, 0.666, 0.333, 0.1255, 1.005, ""]
    table = pd.DataFrame([row, ["raw", "kmeans", None, *[None] * 6, "no"]], columns=side_by_side.COLUMNS)
    made = side_by_side.Comparison(table, pd.DataFrame(), pd.DataFrame(), [0.0123, 45.6], 9, 9, 2)
    shown = made.found()
    assert shown.columns.tolist() == list(side_by_side.HEADINGS.values())
    assert shown.iloc[0, 2:7].tolist() == [2, "3.5%", "12.5%", 0.67, 0.33]
    assert len(shown) == 1
    assert made.times().to_numpy().tolist()[0][0] == "0.01"
    assert made.times().to_numpy().tolist()[1][1] == "50"
