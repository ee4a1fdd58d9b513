import numpy as np
import pandas as pd

from seg_utils import periods
from seg_utils.periods import comparison, identity
from seg_utils.periods.comparison import GONE, MOVED, NEW, RETURNED, STAYED


def test_everybody_of_either_period_is_one_of_five(model, before, later):
    now, _ = later
    found = periods.compare(model, before, now, known=["NEW-0", "NEW-1", *before["customer_id"]])
    movers = found.movers
    assert movers["customer_id"].tolist() == [*now["customer_id"], *before["customer_id"].head(30)]
    counts = movers["status"].value_counts()
    assert counts[[NEW, RETURNED, GONE]].tolist() == [38, 2, 30]
    assert counts[[STAYED, MOVED]].sum() == len(found.met) == len(before) - 30
    assert found.counts["real"] + found.counts["flicker"] == counts[MOVED]


def test_segments_are_those_that_the_model_places_in(model, before, later):
    now, _ = later
    movers = periods.compare(model, before, now).movers.set_index("customer_id")
    for frame, when in ((before, "before"), (now, "now")):
        placed = model.place(frame)["segment"].to_numpy()
        assert (movers.loc[frame["customer_id"], f"segment_{when}"] == placed).all()
    assert movers["segment_before"].isna().sum() == 40
    assert movers["segment_now"].isna().sum() == 30


def test_what_changed_is_told_in_original_units(model, before):
    now = before.copy()
    now.loc[0, "CASH_ADVANCE"] = before.loc[0, "CASH_ADVANCE"] + 9_000
    row = periods.compare(model, before, now).movers.iloc[0]
    assert (row["feature_1"], row["before_1"], row["now_1"]) == (
        "CASH_ADVANCE",
        before.loc[0, "CASH_ADVANCE"],
        now.loc[0, "CASH_ADVANCE"],
    )
    assert pd.isna(row["feature_2"])


def test_how_many_are_looked_at_at_a_time_does_not_matter(model, before, later, monkeypatch):
    now, _ = later
    once = periods.compare(model, before, now).movers
    monkeypatch.setattr(comparison, "AT_A_TIME", 17)
    pd.testing.assert_frame_equal(periods.compare(model, before, now).movers, once)


def test_the_order_of_the_rows_does_not_matter(model, before, later):
    now, _ = later
    shuffled = now.sample(frac=1, random_state=0)
    one, other = (
        periods.compare(model, before, frame).movers.set_index("customer_id").sort_index() for frame in (now, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_outliers_keep_their_number_and_have_no_centre(models, before):
    model = models.made("exemplars")
    now = before.copy()
    now["CASH_ADVANCE"] *= 3
    movers = periods.compare(model, before, now).movers
    assert -1 in set(movers["segment_before"])
    crossings = movers[movers["status"] == MOVED]
    assert np.isfinite(crossings["crossed"]).all()
    assert identity.names(model)[-1] == "Outliers"
