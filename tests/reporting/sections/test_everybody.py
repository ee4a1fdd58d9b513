from dataclasses import replace

import pandas as pd

from seg_utils.data.findings import Finding
from seg_utils.reporting import narrative
from seg_utils.reporting.sections import segments as everybody

FINDING = Finding("warning", "sampled", "", 5000, action="sampled", parameters={"sampled": 400, "error": 0.049})


def test_all_customers_stand_beside_the_sample_with_how_far_it_is_off(two):
    segments = pd.DataFrame(
        {
            "segment": [0, 1, -1],
            "persona": [*two.names, "Outliers"],
            "customers": [3000, 1900, 100],
            "customers_share": [0.6, 0.38, 0.02],
            "sample_share": [0.58, 0.4075, 0.0125],
            "chance": [0.048, 0.0476, 0.0137],
            "contacted": [1234, 0, 0],
            "held_out": [321, 0, 0],
            "value": [1.25e6, -4e4, 0.0],
            "value_share": [1.03, -0.03, 0.0],
        }
    )
    known = {
        "source": "bank_*[1]",
        "customers": 5000,
        "sampled": 400,
        "mean_squared_distance": {"all": 8.2, "sample": 8.0},
        "segments": segments,
    }
    text = everybody.everybody(replace(two, population=known, quality=two.quality | {"stands_for": 12.5}))
    assert "holds 5,000 customers. 400 of them" in text.replace("\n", " ")
    assert "bank\\_\\*\\[1\\]" in text  # a file's name is no markup
    for value in ("2.75 points", "4.80 points", "3,000", "1,900", "60 %", "58 %", "103 %", "Outliers"):
        assert value in text.replace("\\", "")
    for value in ("1,234", "321", "12.500"):
        assert value in text.replace("\\", "")


def test_page_one_says_that_it_rests_on_a_sample():
    [sentence] = narrative.data({"findings": [FINDING.to_dict()]})
    assert "400 of 5,000 customers" in sentence
    assert "at most 4.9 points" in sentence
