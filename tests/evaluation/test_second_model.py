"""A second model is asked where it can add to K-Means' verdict, and its doubt is stated where its groups hold up."""

import numpy as np
import pytest
from planted import cigars, moons, standardised, switched, unequal
from sklearn.metrics import adjusted_rand_score
from test_rule import made_up

from seg_utils.clustering import OUTLIERS, algorithms
from seg_utils.evaluation.resampling.mixture_groups import groups_that_come_again
from seg_utils.evaluation.verdict import second_model
from seg_utils.evaluation.verdict.rule import judge, standing

FOUND = {"groups": 5, "prediction_strength": 0.93, "command": "ALGORITHM=gmm K=5", "customers": 900}


@pytest.mark.parametrize(("planted", "command"), [(unequal, "ALGORITHM=gmm K=3"), (moons, "ALGORITHM=hdbscan")])
def test_the_command_makes_segments_of_the_groups(planted, command):
    X, truth = planted(np.random.default_rng(3))
    found = second_model.look(X, seed=42)
    assert (found["groups"], found["command"]) == (len(np.unique(truth)), command)
    segments = algorithms.fit(command.split()[0].removeprefix("ALGORITHM="), X, found["groups"], seed=42)
    inside = segments.labels != OUTLIERS
    assert adjusted_rand_score(truth[inside], segments.labels[inside]) > 0.9


def test_the_order_of_the_file_does_not_matter():
    random = np.random.default_rng(3)
    X, _ = cigars(random)
    shuffled = X[random.permutation(len(X))][:, [2, 0, 1]]
    assert second_model.look(X, seed=42) == second_model.look(shuffled, seed=42)


def test_groups_that_switches_alone_make_are_no_doubt():
    X = standardised(switched(np.random.default_rng(3), 900, 10))
    assert groups_that_come_again(X, 42)[0] > 1
    assert second_model.look(X, seed=42)["groups"] is None


@pytest.mark.parametrize(("more", "groups"), [(0, 3), (1, None)])
def test_few_customers_say_nothing(more, groups, monkeypatch):
    X, _ = unequal(np.random.default_rng(3))
    monkeypatch.setattr(second_model, "LEAST_ROWS", len(X) + more)
    assert second_model.look(X, seed=42)["groups"] == groups


@pytest.fixture
def looks(monkeypatch):
    """The coordinates that a second model, which finds five groups, was asked about."""
    asked = []
    monkeypatch.setattr(second_model, "look", lambda X, seed: asked.append(X) or FOUND)
    return asked


SMOOTH = np.linspace(0, 1, 200)[:, None]
COMMON = np.maximum(SMOOTH, 0.5)
NONE, CLEAR, IN_DOUBT = {"min_jaccard": 0.1}, {}, {"min_jaccard": 0.751, "min_jaccard_se": 0.01}


@pytest.mark.parametrize(
    ("evidence", "X", "asked"),
    [(CLEAR, COMMON, False), (CLEAR, SMOOTH, True), (NONE, COMMON, True), (IN_DOUBT, COMMON, True)],
)
def test_a_clear_verdict_on_columns_with_common_values_is_not_asked_about(looks, evidence, X, asked):
    verdict = judge(made_up(evidence), X=X)
    assert bool(looks) is asked
    assert (verdict["second_model"] is None) is not asked
    assert ("finds 5" in verdict["sentence"]) is asked


def test_the_doubt_names_the_groups_and_leaves_the_recommendation(looks):
    without, verdict = judge(made_up(NONE)), judge(made_up(NONE), X=SMOOTH)
    assert without["second_model"] is None
    assert verdict["recommended_k"] is None
    assert verdict["too_close_to_call"]["between"] == [None, 5]
    assert verdict["sentence"].startswith(without["sentence"])
    assert "ALGORITHM=gmm K=5" in verdict["sentence"]
    changed = {"too_close_to_call", "sentence", "second_model"}
    assert {key for key in verdict if verdict[key] != without[key]} == changed


def test_who_asks_for_the_groups_is_told_that_a_mixture_finds_them(looks):
    verdict = judge(made_up(NONE), X=SMOOTH)
    said = {k: standing(verdict, k) for k in (2, 5)}
    assert "Gaussian mixture finds 5, as many as are shown here" in said[5]["sentence_of_k_means"]
    assert said[5]["sentence"].endswith("finds 5; the 5 shown here, by K-Means, were asked for.")
    assert "finds 5; the 2 shown here were asked for" in said[2]["sentence_of_k_means"]
    assert "one cloud" not in said[2]["sentence"]


@pytest.mark.parametrize("groups", [None, 2, 3])
def test_no_more_groups_than_segments_are_no_doubt(looks, monkeypatch, groups):
    monkeypatch.setitem(FOUND, "groups", groups)
    plain = judge(made_up({}, {}))
    verdict = judge(made_up({}, {}), X=SMOOTH)
    assert looks
    assert (verdict["sentence"], verdict["too_close_to_call"]) == (plain["sentence"], plain["too_close_to_call"])
