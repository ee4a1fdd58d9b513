"""Who is likely to leave: told where it can be told, and only there."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils.periods import leaving
from seg_utils.periods.leaving import Snapshot

N = 3000
NAMES = ["start", "2026-02", "2026-03", "2026-04"]


def snapshots(chance, seed, count=4):
    """Periods in which customers leave by a chance of their figures and their segment."""
    made = []
    for period in range(count):
        random = np.random.default_rng([seed, period])
        known, segment = random.normal(size=(N, 5)), random.integers(3, size=N)
        left = random.random(N) < chance(known, segment)
        made.append(Snapshot(pd.Series([f"c{i}" for i in range(N)]), known, segment, left))
    return made


def test_what_can_be_told_of_customers_is_told_with_how_good_it_is():
    made = snapshots(lambda known, segment: 0.3 / (1 + np.exp(-3 * known[:, 1])), seed=1)
    about, likely = leaving.likely(made, NAMES, seed=1)
    assert about["shown"]
    assert (about["checked_on"], about["customers"], about["left"]) == ("2026-04", N, int(made[2].left.sum()))
    assert about["auc"] > 0.7
    assert about["top_rate"] > 1.5 * about["rate"]
    assert likely["probability"].is_monotonic_decreasing
    assert set(likely["customer_id"]) == set(made[-1].ids)
    assert likely["probability"].mean() == pytest.approx(about["rate"], abs=0.02)
    place = likely["customer_id"].str[1:].astype(int)
    assert np.corrcoef(likely["probability"], made[-1].known[place, 1])[0, 1] > 0.8


def test_the_tenth_likeliest_to_leave_are_held_against_all(monkeypatch):
    """Of 3,000 the 300 who are said to be likeliest are those who left."""
    monkeypatch.setattr(leaving, "_predicted", lambda past, now, seed: np.linspace(0.9, 0.01, N))
    left = [replace(snapshot, left=np.arange(N) < 300) for snapshot in snapshots(lambda known, segment: 0.1, seed=1)]
    about, _ = leaving.likely(left, NAMES, seed=1)
    assert (about["top_rate"], about["rate"]) == (1.0, 0.1)


def test_who_is_as_likely_to_leave_as_others_stands_in_order_of_ids():
    made = snapshots(lambda known, segment: 0.02 + 0.3 * (known[:, 1] > 0), seed=1)
    few_kinds = [replace(snapshot, known=(snapshot.known > 0) * 1.0, ids=snapshot.ids[::-1]) for snapshot in made]
    _, likely = leaving.likely(few_kinds, NAMES, seed=1)
    groups = likely.groupby("probability")["customer_id"]
    assert groups.ngroups < 100
    assert groups.apply(lambda ids: ids.is_monotonic_increasing).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("by_segment", [False, True])
def test_what_the_segment_tells_already_is_not_told_again(by_segment, seed):
    def chance(known, segment):
        return np.array([0.01, 0.05, 0.2])[segment] if by_segment else 0.05

    about, likely = leaving.likely(snapshots(chance, seed), NAMES, seed=1)
    assert not about["shown"]
    assert about["why"] == "a forecast is no better than the rate of each customer's segment"
    assert likely.empty


def test_too_few_periods_and_too_few_who_left_are_said():
    assert leaving.likely(snapshots(lambda known, _: 0.1, 1, count=3), NAMES[:3], seed=1)[0]["why"] == (
        "there are fewer than 3 periods"
    )
    about, likely = leaving.likely(snapshots(lambda known, _: 0.005, 1), NAMES, seed=1)
    assert about == {"shown": False, "why": "fewer than 30 customers left, too few to learn from"}
    assert likely.empty


def test_to_leave_is_to_be_gone_or_to_have_really_moved(before, model):
    customers = before.head(5)
    placed = model.place(customers)
    members = customers[["customer_id"]].assign(
        segment=placed["segment"], confidence=placed["confidence"], periods_in_segment=1
    )
    movers = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "status": ["stayed", "moved", "moved", "gone", "stayed"],
            "kind": [None, "real", "border flicker", None, None],
        }
    )
    made = leaving.snapshot(customers, members, model.space, movers)
    assert made.left.tolist() == [False, True, False, True, False]
    assert made.known.shape[0] == 5
    assert not leaving.snapshot(customers, members, model.space, None).left.any()


def small(segment, left):
    n = len(segment)
    return Snapshot(
        pd.Series([f"c{i}" for i in range(n)]), np.zeros((n, 1)), np.array(segment), np.array(left, dtype=bool)
    )


def test_rates_of_segments_are_drawn_towards_that_of_all_past_periods():
    past = [small([0] * 10 + [1] * 10, [1] * 5 + [0] * 15), small([0] * 10 + [1] * 10, [0] * 15 + [1] * 5)]
    average = 10 / 40
    rates = leaving._rates(past, small([0, 1, 7], [0, 0, 0]))
    expected = [(5 + leaving.PRIOR * average) / (20 + leaving.PRIOR)] * 2 + [average]
    assert rates.tolist() == pytest.approx(expected)


def test_a_loss_is_the_logarithm_of_what_was_given_to_what_came():
    loss = leaving._loss(np.array([0.2, 0.2, 0.0, 1.0]), np.array([True, False, True, False]))
    assert loss.tolist() == pytest.approx([-np.log(0.2), -np.log(0.8), -np.log(1e-6), -np.log(1e-6)])


@pytest.mark.parametrize(
    ("learnt", "held", "enough"), [((15, 15), 30, True), ((15, 14), 30, False), ((15, 15), 29, False)]
)
def test_as_many_must_have_left_in_all_past_periods_together_and_in_the_last(monkeypatch, learnt, held, enough):
    made = [small([0] * 100, [1] * count + [0] * (100 - count)) for count in (*learnt, held, 0)]
    said = np.linspace(0.9, 0.1, 100)
    seen = []
    monkeypatch.setattr(leaving, "_predicted", lambda past, now, seed: seen.append((past, now)) or said)
    about, likely = leaving.likely(made, NAMES, seed=1)
    assert ("too few" not in about["why"]) == enough
    if enough:
        assert about["shown"]
        assert (about["top_rate"], about["rate"]) == (1.0, 0.3)
        assert [(len(past), now) for past, now in seen] == [(2, made[2]), (3, made[3])]
        assert likely["probability"].tolist() == said.tolist()
        gain = leaving._loss(leaving._rates(made[:2], made[2]), made[2].left) - leaving._loss(said, made[2].left)
        assert about["standard_errors"] == pytest.approx(gain.mean() / (gain.std(ddof=1) / 10))
