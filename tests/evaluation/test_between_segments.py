"""Who stands between two segments."""

import pandas as pd

from seg_utils.evaluation import between_segments

PLACED = pd.DataFrame(
    {"segment": [0, 0, 1, -1, 1], "next_segment": [1, 1, 0, 0, 0], "confidence": [0.05, 0.5, 0.55, 0.0, 0.9]}
)


def test_a_border_is_a_tenth_between_centres_and_six_tenths_between_probabilities():
    assert between_segments.between(PLACED).tolist() == [True, False, False, False, False]
    assert between_segments.between(PLACED, between_segments.UNSURE).tolist() == [True, True, True, False, False]


def test_pairs_are_shares_of_all_customers_most_first():
    pairs = between_segments.between_pairs(PLACED, between_segments.UNSURE)
    assert pairs.to_dict("records") == [
        {"segment": 0, "next_segment": 1, "customers": 2, "share": 0.4},
        {"segment": 1, "next_segment": 0, "customers": 1, "share": 0.2},
    ]
