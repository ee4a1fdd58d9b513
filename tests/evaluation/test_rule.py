import json

import numpy as np
import pandas as pd
import pytest

from seg_utils.evaluation.criteria.silhouette import Silhouettes
from seg_utils.evaluation.evidence import Evidence
from seg_utils.evaluation.verdict.rule import TESTS, judge, outcomes, standing
from seg_utils.evaluation.verdict.sentence import apart

GOOD = {
    "min_jaccard": 0.9,
    "prediction_strength": 0.9,
    "smallest_share": 0.1,
    "lookalike_gap": 0.2,
    "lookalike_gap_z": 20.0,
    "min_jaccard_se": 0.001,
    "prediction_strength_se": 0.001,
    "smallest_share_se": 0.0001,
    "lookalike_gap_se": 0.0001,
    "border_density_se": 0.001,
    "border_density": 0.7,
    "inertia": 10.0,
    "silhouette": 0.3,
    "davies_bouldin": 1.0,
    "calinski_harabasz": 50.0,
    "gap": 1.0,
    "gap_se": 0.1,
    "told_by_switches": 0.7,
    "splits": 4,
    "replicates": 10,
    "references": 5,
}
BAD = {
    "min_jaccard": 0.74,
    "prediction_strength": 0.79,
    "smallest_share": 0.019,
    "lookalike_gap": 0.019,
    "lookalike_gap_z": 2.9,
    "border_density": 0.96,
}


def made_up(*changes: dict[str, float], **others) -> Evidence:
    """Evidence for k = 2, 3, …, each good but for its changes."""
    scores = pd.DataFrame([{"k": k, **GOOD, **change} for k, change in enumerate(changes, start=2)])
    empty = Silhouettes(np.arange(0), 0, {}, {})
    labels = {k: np.arange(100) % k for k in scores["k"].tolist()}
    counts = {"customers": 100, "rows": 100, "asked": int(scores["k"].max()), "seed": 0, "switches": []}
    return Evidence(scores, labels, empty, {}, **counts | others)


CARDS = pd.DataFrame({"BALANCE": [5.0, 9.0], "CASH_ADVANCE": [0.0, 1.0], "CASH_ADVANCE_TRX": [0.0, 3.0]})


@pytest.mark.parametrize("column", BAD)
def test_one_failed_test_is_enough(column):
    verdict = judge(made_up({}, {}, {column: BAD[column]}))
    assert verdict["acceptable_k"] == [2, 3]
    assert verdict["recommended_k"] == 3
    assert len(verdict["failures"]["4"]) == 1


def test_every_test_has_a_case_above():
    assert {test.column for test in TESTS} == set(BAD)


@pytest.mark.parametrize(
    ("changes", "between", "hangs_on"),
    [
        ([{}, {}], [], []),
        ([{}, {"border_density": 0.93, "border_density_se": 0.05}], [2, 3], [(3, "the density on the border")]),
        ([{}, {"border_density": 0.97, "border_density_se": 0.05}], [2, 3], [(3, "the density on the border")]),
        ([{}, {"border_density": 1.02, "border_density_se": 0.05}], [], []),
        ([{"border_density": 0.96, "border_density_se": 0.05}, {}], [], []),
        ([{}, {"border_density": 0.87, "border_density_se": 0.05}], [], []),  # a standard error and a half to spare
        ([{}, {"border_density": 0.91, "border_density_se": 0.05}], [2, 3], [(3, "the density on the border")]),
        ([{}, {"border_density": 0.99, "border_density_se": 0.05}], [2, 3], [(3, "the density on the border")]),
        ([{"lookalike_gap_z": 3.5}], [None, 2], [(2, "the gap to lookalikes in standard errors")]),
        ([{"min_jaccard": 0.74, "min_jaccard_se": 0.02}], [None, 2], [(2, "the weakest segment's Jaccard")]),
        ([{"min_jaccard": 0.74, "min_jaccard_se": 0.02, "border_density": 2.0}], [], []),
        ([{"min_jaccard": 0.6, "min_jaccard_se": 0.2, "border_density": 1.1, "border_density_se": 0.2}], [], []),
    ],
)
def test_a_verdict_within_a_standard_error_is_too_close_to_call(changes, between, hangs_on):
    verdict = judge(made_up(*changes))
    assert verdict["too_close_to_call"]["between"] == between
    assert [(test["k"], test["name"]) for test in verdict["too_close_to_call"]["tests"]] == hangs_on
    assert ("too close to call" in verdict["sentence"]) == bool(between)


def test_a_close_call_says_between_which_and_by_what():
    sentence = judge(made_up({}, {"border_density": 0.97, "border_density_se": 0.05}))["sentence"]
    assert "Whether 2 or 3 is too close to call: at k = 3 the density on the border is 0.97 ± 0.05" in sentence


def test_the_largest_k_that_passes_even_beyond_one_that_does_not():
    assert judge(made_up({}, {"min_jaccard": 0.5}, {}, {"min_jaccard": 0.5}))["recommended_k"] == 4


def test_no_segments_is_said_with_the_reason():
    verdict = judge(made_up({"lookalike_gap": 0.0}, {"min_jaccard": 0.1, "border_density": 2.0}))
    assert verdict["recommended_k"] is None
    assert verdict["structure"] == "none"
    assert verdict["sentence"].startswith("There are no segments that K-Means can find")
    assert "hardly tighter than those of customers without such groups" in verdict["sentence"]
    assert verdict["nearest_k"] == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([{"min_jaccard": 0.1}] * 3, "no number of segments from 2 to 4 passes"),
        ([{"min_jaccard": 0.1}], "2, the only number of segments looked at, does not pass"),
        ([{}, {"min_jaccard": 0.1}, {"min_jaccard": 0.1}], "2 is the largest number of segments from 2 to 4 that"),
    ],
)
def test_the_sentence_says_what_was_looked_at(changes, said):
    assert said in judge(made_up(*changes))["sentence"]


def test_a_chance_that_says_nothing_new_is_not_told():
    verdict = judge(made_up({"lookalike_gap": 0.0, "lookalike_gap_z": 0.0}, {"lookalike_gap_z": 2.0}))
    assert len(verdict["failures"]["2"]) == 1
    assert "hardly tighter" in verdict["failures"]["2"][0]
    assert "may be chance" in verdict["failures"]["3"][0]


def test_switches_are_told_where_they_tell_segments():
    told = judge(made_up({"told_by_switches": 0.69}, switches=[[1, 2]]), CARDS)
    assert told["switches"] == {
        "columns": [["CASH_ADVANCE", "CASH_ADVANCE_TRX"]], "uses": ["cash advances"], "zero": True,
        "told": 0.69, "told_by_k": {"2": 0.69}, "groups": True,
    }  # fmt: skip
    assert told["sentence"].endswith(
        "Partly they are told apart by yes or no: which of these a customer has at all (cash advances) tells the "
        "segment of 69 % of the customers."
    )
    assert "Mostly" in judge(made_up({"told_by_switches": 0.8}, switches=[[1, 2]]), CARDS)["sentence"]
    assert "yes or no" not in judge(made_up({"told_by_switches": 0.49}, switches=[[1, 2]]), CARDS)["sentence"]
    assert "yes or no" not in judge(made_up({"told_by_switches": 0.9}), CARDS)["sentence"]
    assert "above their lowest value (balance)" in judge(made_up({}, switches=[[0]]), CARDS)["sentence"]


def test_switches_that_say_what_the_largest_segment_does_are_not_told():
    """Nine in ten are in one segment: whoever guesses that is right for as many."""
    evidence = made_up({"told_by_switches": 0.9}, switches=[[1, 2]])
    evidence.labels[2] = np.arange(100) // 90
    verdict = judge(evidence, CARDS)
    assert verdict["switches"]["told_by_k"] == {"2": 0.0}
    assert "yes or no" not in verdict["sentence"]


def test_switches_alone_make_no_groups():
    verdict = judge(made_up({"lookalike_gap": 0.0, "told_by_switches": 1.0}, switches=[[1, 2]]), CARDS)
    assert verdict["recommended_k"] is None
    assert "Customers do differ in which of these a customer has at all (cash advances), but" in verdict["sentence"]
    assert standing(verdict, 2)["sentence"] == (
        "These customers form no segments; the 2 shown here were asked for and differ mainly in whether they have cash "
        "advances at all."
    )


def test_switches_are_judged_at_the_k_shown():
    nothing = {"lookalike_gap": 0.0}
    verdict = judge(
        made_up(nothing | {"told_by_switches": 0.9}, nothing | {"told_by_switches": 0.49}, switches=[[1], [0]]), CARDS
    )
    assert verdict["nearest_k"] == 2
    assert "above the lowest value in cash advances or balance" in standing(verdict, 2)["sentence"]
    for k in (3, 4):
        assert standing(verdict, k)["sentence"].endswith("were asked for and divide one cloud.")


def test_segments_of_another_algorithm_have_evidence_on_those_of_k_means():
    verdict = judge(made_up({}, {"smallest_share": 0.001}, {}, {"min_jaccard": 0.2}))
    said = {k: standing(verdict, k)["sentence_of_k_means"] for k in (2, 4, 5, 9)}
    assert all("gathered with K-Means, recommends 4 segments" in sentence for sentence in said.values())
    assert said[2].endswith("K-Means with 2 holds up too.")
    assert said[4].endswith("as many as are shown here.")
    assert "K-Means with 5 does not hold up: the members of a segment change" in said[5]
    assert said[9].endswith("9 was not looked at.")
    nothing = standing(judge(made_up({"min_jaccard": 0.1})), 2)["sentence_of_k_means"]
    assert nothing == (
        "By the evidence, gathered with K-Means, these customers form no segments; the 2 shown here were asked for."
    )


def test_fewer_k_than_asked_for_is_said():
    assert "Numbers beyond 3 were not looked at" in judge(made_up({}, {}, asked=20))["sentence"]
    assert "not looked at" not in judge(made_up({}, {}))["sentence"]


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [(0.7956, 0.8, "0.796"), (0.8, 0.8, "0.80"), (0.79, 0.8, "0.79"), (0.9504, 0.95, "0.9504"), (-0.001, 0.02, "0.00")],
)
def test_a_number_is_read_on_its_side_of_the_bound(value, bound, text):
    assert apart(value, bound) == text


def test_outcomes_name_what_fails_and_what_it_rests_on():
    table = outcomes(made_up({}, {"prediction_strength": 0.7999}).scores)
    assert table["prediction_strength"].tolist() == ["0.90", "0.7999 fails"]
    assert table["replicates"].tolist() == [10, 10]


@pytest.mark.parametrize(("density", "structure"), [(0.5, "islands"), (0.51, "regions")])
def test_islands_or_regions(density, structure):
    verdict = judge(made_up({"border_density": density}))
    assert verdict["structure"] == structure
    assert structure in verdict["sentence"]


def test_verdict_is_plain_json():
    verdict = judge(made_up({}, {"min_jaccard": 0.5}))
    assert json.loads(json.dumps(verdict, allow_nan=False)) == verdict
    assert verdict["thresholds"]["min_jaccard"] == {"at_least": 0.75}


def test_votes_show_where_criteria_disagree():
    verdict = judge(made_up({"silhouette": 0.9}, {"davies_bouldin": 0.1}, {"gap": 5.0}, {"min_jaccard": 0.1}))
    chosen = {vote["criterion"]: vote["chooses"] for vote in verdict["votes"]}
    assert chosen["silhouette"] == 2
    assert chosen["davies_bouldin"] == 3
    assert chosen["min_jaccard"] == 4
    assert chosen["prediction_strength"] == 5


@pytest.mark.parametrize(
    ("criterion", "changes", "chooses"),
    [
        ("prediction_strength", [{}, {"prediction_strength": 0.8}, {"prediction_strength": 0.79}], 3),
        ("min_jaccard", [{}, {"min_jaccard": 0.75}, {"min_jaccard": 0.74}], 3),
        ("min_jaccard", [{"min_jaccard": 0.74}] * 3, None),
        ("calinski_harabasz", [{}, {"calinski_harabasz": 51.0}, {"calinski_harabasz": 49.0}], 3),
        ("lookalike_gap", [{}, {"lookalike_gap": 0.3}, {"lookalike_gap": 0.1}], 3),
        ("gap", [{}, {"gap": 1.2}, {"gap": 1.25}], 3),
        ("gap", [{}, {"gap": 1.2}, {"gap": 1.4}], None),
        ("elbow", [{"inertia": inertia} for inertia in (100.0, 40.0, 10.0, 9.0, 8.0)], 4),
        ("elbow", [{"inertia": 100.0}, {"inertia": 10.0}], None),
    ],
)
def test_each_criterion_votes_by_its_own_rule(criterion, changes, chooses):
    [vote] = [vote for vote in judge(made_up(*changes))["votes"] if vote["criterion"] == criterion]
    assert vote["chooses"] == chooses


def test_standing_of_the_k_asked_for():
    verdict = judge(made_up({}, {"smallest_share": 0.001}, {}, {"min_jaccard": 0.2}))
    assert standing(verdict, 4)["distance"] == 0
    assert standing(verdict, 2) | {"sentence": "", "sentence_of_k_means": ""} == {
        "k": 2, "recommended_k": 4, "distance": -2, "accepted": True, "failures": [], "sentence": "",
        "sentence_of_k_means": "",
    }  # fmt: skip
    assert "does not hold up: the members of a segment change" in standing(verdict, 5)["sentence"]
    assert standing(verdict, 9)["accepted"] is None
    said = {k: standing(verdict, k)["sentence"] for k in (2, 4, 9)}
    assert said == {
        2: "2 segments hold up too; the evidence recommends 4, the largest number that does.",
        4: "4 segments is what the evidence recommends.",
        9: "The evidence recommends 4 segments; 9 was not looked at.",
    }
    nothing = judge(made_up({"min_jaccard": 0.1}))
    assert standing(nothing, 2)["sentence"].startswith("These customers form no segments")
    assert "divide one cloud" in standing(nothing, 2)["sentence"]
