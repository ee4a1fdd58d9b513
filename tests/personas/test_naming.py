"""What a name says beside the persona's own."""

from types import SimpleNamespace

import pandas as pd
import pytest

from seg_utils.core import dictionary
from seg_utils.personas import naming
from seg_utils.personas.catalogue import UNNAMED

LEADS = {"owers": {"BALANCE": "high", "PAYMENTS": "low"}, "buyers": {}}
CATALOGUE = SimpleNamespace(find=lambda persona: SimpleNamespace(leads=LEADS[persona]))


@pytest.mark.parametrize(
    ("means", "beyond"),
    [
        ({"BALANCE": [50, 90, 70, 40]}, {2: ["higher"]}),
        ({"BALANCE": [50, 90, 49, 40]}, {}),
        ({"BALANCE": [50, 90, 95, 96]}, {2: ["higher"], 3: ["higher"]}),
        ({"PAYMENTS": [5, 9, 7, 10]}, {2: ["lower"]}),
        ({"PAYMENTS": [5, 9, 9, 4]}, {3: ["lower"]}),
        ({"CASH_ADVANCE": [1, 1, 9, 9]}, {}),
    ],
)
def test_who_has_more_than_one_of_those_whose_name_promises_it_is_told_so(means, beyond):
    persona_ids = pd.Series(["owers", "owers", "buyers", UNNAMED])
    table = SimpleNamespace(mean=pd.DataFrame(means, dtype=float))
    wording = dictionary.load().wordings[next(iter(means))]
    found = naming._beyond_their_name(persona_ids, CATALOGUE, table)
    assert found == {segment: [getattr(wording, side) for side in sides] for segment, sides in beyond.items()}


TENURE = {0: (0.2, 11.8), 1: (-3.0, 7.0)}  # segment 0 is much like all customers, whose mean is 11.5
SPEND = {0: (-0.6, 300.0), 1: (-0.4, 500.0), 2: (0.3, 900.0)}
LIMIT = {0: (-0.9, 1000.0), 1: (-0.6, 2000.0), 2: (0.8, 7000.0)}


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ({"TENURE": TENURE}, {0: [], 1: ["shorter tenure"]}),
        ({"TENURE": {0: (0.6, 13.0), 1: (-3.0, 7.0)}}, {0: ["longer tenure"], 1: ["shorter tenure"]}),
        # Of several like all customers, one goes without, and the others are told apart by what sets them apart
        (
            {"PURCHASES": {0: (-0.2, 900.0), 1: (0.1, 1000.0), 2: (0.45, 1200.0)}, "AVERAGE_TICKET": {2: (0.9, 90.0)}},
            {0: [], 1: ["in between"], 2: ["larger tickets"]},
        ),
        ({"PURCHASES": SPEND, "CREDIT_LIMIT": LIMIT}, {0: ["lower limits"], 1: ["in between"], 2: ["higher limits"]}),
    ],
)
def test_nobody_is_told_apart_by_what_is_so_of_all_customers(features, told):
    everybody = {"TENURE": 11.5, "PURCHASES": 1000.0, "CREDIT_LIMIT": 4000.0, "AVERAGE_TICKET": 50.0}
    rows = []
    for feature, siblings in features.items():
        for segment in told:
            z, mean = siblings.get(segment, (0.0, everybody[feature] - segment))
            rows.append((segment, feature, mean, mean, everybody[feature], everybody[feature], z))
    columns = ["segment", "feature", "mean", "median", "population_mean", "population_median", "z"]
    table = naming._Table(pd.DataFrame(rows, columns=columns))
    assert naming._told_apart(list(told), table, frozenset()) == told


@pytest.mark.parametrize(
    ("means", "medians", "agree"),
    [
        ([1, 2, 3, 4], [1, 2, 2, 4], True),
        ([1, 3, 3, 4], [1, 2, 2, 4], False),  # means must differ
        ([1, 5, 3, 4], [1, 2, 2, 4], False),
        ([1, 2, 3, 1.5], [1, 2, 2, 4], False),
        ([1, 2, 3, 4], [3, 2, 2, 4], False),
        ([1, 2, 3, 4], [1, 2, 2, 1], False),
    ],
)
def test_some_have_more_than_others_where_every_mean_says_so_and_no_median_contradicts(means, medians, agree):
    profiles = pd.DataFrame(
        {"segment": range(4), "feature": "BALANCE", "z": 0.0, "mean": means, "median": medians}
        | {"population_mean": 2.0, "population_median": 2.0}
    ).astype({"mean": float, "median": float})
    assert naming._Table(profiles).agrees("BALANCE", [0, 1], [2, 3]) == agree
