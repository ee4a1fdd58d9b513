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
