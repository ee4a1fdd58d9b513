import dataclasses

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.clustering import OUTLIERS, Exemplars
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.scoring.answer import Drivers
from seg_utils.scoring.scorer import COLUMNS, Scorer

from .conftest import PERSONAS


def test_a_row_says_what_the_model_says(made, trained):
    scored, placed = Scorer(made).score(trained).to_pandas(), made.place(trained)
    assert tuple(scored.columns) == COLUMNS
    np.testing.assert_array_equal(scored["segment"], placed["segment"])
    np.testing.assert_array_equal(scored["confidence"], placed["confidence"])
    np.testing.assert_array_equal(scored["distance"], placed["distance"])
    np.testing.assert_array_equal(scored["second_segment"], placed["next_segment"])
    distances = made.locate(trained).distances
    third = np.take_along_axis(distances, scored["third_segment"].to_numpy(dtype=int)[:, None], axis=1)[:, 0]
    np.testing.assert_array_equal(third, np.sort(distances, axis=1)[:, 2])
    assert scored["persona"].tolist() == [PERSONAS[segment] for segment in scored["segment"]]
    assert scored["third_persona"].tolist() == [PERSONAS[int(segment)] for segment in scored["third_segment"]]


def test_drivers_are_words_and_none_where_nothing_speaks(made):
    order = made.space.features
    high, cash = order.index("PURCHASES_TRX"), order.index("CASH_ADVANCE_TRX")
    driven = Drivers(np.array([[high, cash, -1], [-1, -1, -1], [cash, high, -1]]), np.array([[True, False, False]] * 3))
    assert Scorer(made).in_words(driven).to_pylist() == [
        "many purchases; few cash advances",
        "",
        "many cash advances; few purchases",
    ]


def test_two_segments_have_no_third(trained):
    fitted = feature_space.fit(trained, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(trained), 2, seed=1, min_starts=2, max_starts=2)
    scored = Scorer(model.build(trained, fitted, found, algorithm="kmeans", seed=1)).score(trained).to_pandas()
    assert scored["second_segment"].tolist() == (1 - scored["segment"]).tolist()
    assert scored["third_segment"].isna().all()
    assert scored["third_persona"].isna().all()
    assert set(scored["persona"]) == {"Segment 0", "Segment 1"}


@pytest.fixture
def with_outliers(made, trained):
    X = made.space.transform(trained)
    labels = np.where(np.arange(len(X)) % 50 == 0, OUTLIERS, made.locate(trained).segment)
    rule = Exemplars(X, labels)
    return dataclasses.replace(made, placement=rule, outliers=int((labels == OUTLIERS).sum())), labels


def test_outliers_are_named_and_their_next_segments_are_the_nearest(with_outliers, trained):
    outlying, labels = with_outliers
    scored = Scorer(outlying).score(trained).to_pandas()
    np.testing.assert_array_equal(scored["segment"], labels)
    out = scored[labels == OUTLIERS]
    located = outlying.locate(trained)
    assert set(out["persona"]) == {"Outliers"}
    np.testing.assert_array_equal(out["second_segment"], located.order[labels == OUTLIERS, 0])
    np.testing.assert_array_equal(out["third_segment"], located.order[labels == OUTLIERS, 1])
    inside = scored[labels != OUTLIERS]
    assert (inside["segment"] != inside["second_segment"]).all()
    pd.testing.assert_series_equal(scored["distance"], outlying.place(trained)["distance"])


def test_a_missing_value_is_filled_as_in_training(made, trained):
    some = trained.head(20).fillna(trained.median(numeric_only=True))
    lacking = Scorer(made).score(some.assign(BALANCE=np.nan))
    whole = Scorer(made).score(some.assign(BALANCE=trained["BALANCE"].median()))
    assert lacking.drop_columns(["drivers", "imputed"]).equals(whole.drop_columns(["drivers", "imputed"]))
    assert lacking["imputed"].to_pylist() == [1] * 20
    assert whole["imputed"].to_pylist() == [0] * 20


def test_what_is_filled_in_drives_nothing(made, trained):
    features = list(made.space.features)
    lacking = trained.head(200).copy()
    lacking[features[1:]] = np.nan
    scored = Scorer(made).score(lacking).to_pandas()
    assert set(scored["drivers"]) <= {"", "small balances", "large balances"}
    assert (scored["imputed"] == len(features) - 1).all()
    nothing = Scorer(made).score(trained.head(2).assign(**dict.fromkeys(features, np.nan))).to_pandas()
    assert nothing["drivers"].tolist() == ["", ""]


def test_no_two_features_are_spoken_of_alike(made):
    names = made.space.features
    each = np.arange(len(names))[:, None]
    said = [
        phrase
        for high in (False, True)
        for phrase in Scorer(made).in_words(Drivers(each, np.full_like(each, high, dtype=bool))).to_pylist()
    ]
    assert len(set(said)) == len(said) == 2 * len(names)
    low = dict(zip(names, said, strict=False))
    assert (low["CASH_ADVANCE"], low["CASH_ADVANCE_TRX"]) == ("small cash advances", "few cash advances")
