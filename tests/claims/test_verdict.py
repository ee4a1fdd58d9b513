"""The rules of the ledger, on claims that are made up."""

import math

import pytest

from seg_utils.claims import verdict
from seg_utils.claims.expectation import Expectation
from seg_utils.claims.verdict import Measured

RANGE = Expectation(50_000, 60_000)
NUMBER = Expectation(190, 210, value=200)
SEVEN = Expectation(7, 7, value=7)
POSITIVE = Expectation(low=0, strict=True)


def seeds(*values):
    return Measured(values, "seeds")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((50_000, 55_000, 60_000), "reproduced"),
        ((55_000, 61_000), "depends on the seed"),
        ((61_000, 79_000), "not reproduced"),
        ((40_000, 79_000), "not reproduced"),
        ((math.nan, math.nan), "not reproduced"),
        ((math.nan, 55_000), "depends on the seed"),
    ],
)
def test_the_verdict_follows_from_how_many_seeds_agree(values, said):
    assert verdict.judge(RANGE, seeds(*values)) == said


def test_what_was_not_measured_cannot_be_checked():
    assert verdict.judge(None, None) == "cannot be checked"
    assert verdict.judge(RANGE, None) == "cannot be checked"


@pytest.mark.parametrize(
    ("expected", "unit", "measured", "said"),
    [
        (
            RANGE,
            "whole",
            seeds(79_529, 79_529),
            "Claimed 50,000–60,000; measured 79,529 for every seed: 33 % above the upper end.",
        ),
        (
            RANGE,
            "whole",
            seeds(40_000, 45_000),
            "Claimed 50,000–60,000; measured 40,000 to 45,000 over 2 seeds: at least 10 % below the lower end.",
        ),
        (
            RANGE,
            "whole",
            seeds(40_000, 70_000),
            "Claimed 50,000–60,000; measured 40,000 to 70,000 over 2 seeds, on either side of the claim and never "
            "within it.",
        ),
        (
            RANGE,
            "whole",
            seeds(55_000, 70_000, 80_000),
            "Claimed 50,000–60,000; measured 55,000 to 80,000 over 3 seeds; 1 of 3 seeds agrees with the claim.",
        ),
        (RANGE, "whole", seeds(55_000), "Claimed 50,000–60,000; measured 55,000 for every seed."),
        (NUMBER, "whole", seeds(250, 250), "Claimed 200; measured 250 for every seed: 25 % above."),
        (
            NUMBER,
            "whole",
            seeds(800, 900),
            "Claimed 200; measured 800 to 900 over 2 seeds: at least 4.0 times the claim.",
        ),
        (SEVEN, "k", seeds(3, 10, 3), "Claimed 7; measured 3 and 10 over 3 seeds."),
        (SEVEN, "k", seeds(math.nan), "Claimed 7; measured none for every seed."),
        (Expectation(1, 1, value=1), "place", seeds(1, 1), "Claimed first; measured first for every seed."),
        (POSITIVE, "decimal", seeds(-0.2, -0.1), "Claimed above 0.000; measured −0.200 to −0.100 over 2 seeds."),
        (
            Expectation(low=0.5),
            "share",
            seeds(0.287),
            "Claimed at least 50.0 %; measured 28.7 % for every seed: 21 points below.",
        ),
        (Expectation(0.4, 0.5), "share", Measured((0.476,)), "Claimed 40.0 %–50.0 %; measured 47.6 %."),
    ],
)
def test_the_sentence_says_by_how_much(expected, unit, measured, said):
    assert verdict.sentence(expected, measured, unit) == said


def test_pairs_of_seeds_are_called_so():
    assert verdict.spread(Measured((0.5, 0.5), "pairs of seeds"), "decimal") == "0.500 for every pair of seeds"


def test_a_measurement_without_a_value_is_refused():
    with pytest.raises(ValueError, match="without a value"):
        Measured(())
