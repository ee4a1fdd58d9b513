"""What must be true of members: one rule, read the same of names and of actions."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.personas import requirements
from seg_utils.personas.requirements import Requirement

CATALOGUE = personas.catalogue.load()
PREMISES = [(persona, one) for persona in CATALOGUE.personas for one in persona.premise]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Requirement("BALANCE", "above", 0.0), [False, True, True, False]),
        (Requirement("BALANCE", "at_least", None), [False, True, True, False]),
        (Requirement("BALANCE", "above", None), [False, False, True, False]),
        (Requirement("BALANCE", "at_most", 1.0), [True, True, False, False]),
        (Requirement("BALANCE", "above", 0.0, by=0.8), [False, False, True, False]),
        (Requirement("BALANCE", "above", 0.0, by=0.2), [True, True, True, False]),
    ],
)
def test_a_rule_asks_for_more_than_its_share_of_the_members(rule, expected):
    """Three customers a segment; missing values are left out, and a segment without any meets nothing."""
    values = pd.DataFrame({"BALANCE": [0, 0, 1, 1, 1, 0, 2, 2, np.nan, np.nan, np.nan, np.nan]})
    assert requirements.all_hold([rule], values, np.repeat(range(4), 3)).tolist() == expected


def test_a_feature_that_the_file_lacks_bars_no_name_and_every_action():
    values, rule = (
        pd.DataFrame({"PAYMENTS": [1.0, 2.0]}),
        Requirement("BALANCE", "above", 0.0, otherwise="they owe none"),
    )
    assert requirements.all_hold([rule], values, np.zeros(2)).tolist() == [True]
    assert requirements.broken([rule], values, np.ones(2, dtype=bool)) == "the file does not say their balance"


def segment(rules: tuple[Requirement, ...], broken: Requirement | None) -> tuple[pd.DataFrame, np.ndarray]:
    """Ten members who all meet the rules but the broken one, beside twelve others; the median of all is 1."""
    columns = {}
    for rule in rules:
        than, step = (1.0, 0.5) if rule.than is None else (rule.than, 0.5)
        low, high = than - step, than + step
        meets, breaks = (high, low) if rule.bound in ("above", "at_least") else (low, high)
        columns[rule.feature] = [breaks if rule is broken else meets] * 10 + [1.0] * 12
    return pd.DataFrame(columns), np.arange(22) < 10


@pytest.mark.parametrize(("persona", "premise"), PREMISES, ids=lambda one: getattr(one, "id", None))
def test_every_action_is_vetoed_by_data_that_break_its_premise(persona, premise):
    assert requirements.broken(persona.premise, *segment(persona.premise, None)) == ""
    assert requirements.broken(persona.premise, *segment(persona.premise, premise)) == premise.otherwise
