"""The rules of the ledger, on claims that are made up."""

import math

import pytest

from seg_utils.claims import verdict
from seg_utils.claims.verdict import Expectation, Measured

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
        ((40_000, 79_000), "depends on the seed"),
        ((40_000, math.nan), "not reproduced"),
        ((math.nan, math.nan), "not reproduced"),
        ((math.nan, 55_000), "depends on the seed"),
    ],
)
def test_the_verdict_follows_from_how_many_seeds_agree(values, said):
    assert verdict.judge(RANGE, seeds(*values)) == said


def test_a_claim_of_one_value_alone_has_no_sides():
    assert verdict.judge(SEVEN, seeds(3, 10)) == "not reproduced"
    assert verdict.judge(NUMBER, seeds(100, 300)) == "depends on the seed"


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
            "Claimed 50,000–60,000; measured 40,000 to 70,000 over 2 seeds; 1 of 2 seeds is below the claim, 1 above, "
            "none within.",
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
        (SEVEN, "k", seeds(3, 10, 3), "Claimed 7; measured 3 by 2 seeds, 10 by 1."),
        (SEVEN, "k", seeds(3, math.nan, math.nan), "Claimed 7; measured 3 by 1 seed, none by 2."),
        (
            Expectation(low=1),
            "whole",
            seeds(0, 0, 1),
            "Claimed at least 1; measured 0 by 2 seeds, 1 by 1; 1 of 3 seeds agrees with the claim.",
        ),
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


@pytest.mark.parametrize(
    ("expected", "unit", "values", "said"),
    [
        (RANGE, "whole", (79_527.5, 80_786), ": at least 32 % above the upper end."),
        (Expectation(3000, 4000), "whole", (1317, 1361.3), ": at least 54 % below the lower end."),
        (Expectation(0.34, 0.34 + 1e-9, value=0.34), "share", (0.1, 0.322), ": at least 1.8 points below."),
        (NUMBER, "whole", (619, 900), ": at least 3.0 times the claim."),
        (NUMBER, "whole", (211.99, 300), ": at least 5.9 % above."),
        (NUMBER, "whole", (220, 300), ": at least 10 % above."),
    ],
)
def test_what_is_at_least_so_much_is_rounded_down(expected, unit, values, said):
    assert verdict.sentence(expected, seeds(*values), unit).endswith(said)


def test_a_threshold_of_ours_is_not_called_a_claim():
    said = verdict.sentence(Expectation(low=0.5), seeds(0.6), "share", ours=True)
    assert said == "Read as at least 50.0 %; measured 60.0 % for every seed."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((55_000, 70_000), "; 1 of 2 seeds agrees with the claim, and its own, seed 42, does."),
        ((70_000, 55_000), "; 1 of 2 seeds agrees with the claim, and its own, seed 42, does not."),
        ((40_000, 70_000), "; 1 of 2 seeds is below the claim, 1 above, none within."),
        ((55_000, 56_000), "; measured 55,000 to 56,000 over 2 seeds."),
    ],
)
def test_the_seed_that_a_system_publishes_is_told_apart(values, said):
    assert verdict.sentence(RANGE, seeds(*values), "whole", own_seed=42).endswith(said)


def test_pairs_of_seeds_are_called_so():
    assert verdict.spread(Measured((0.5, 0.5), "pairs of seeds"), "decimal") == "0.500 for every pair of seeds"
    assert verdict.spread(Measured((1, 1, 2), "pairs of seeds"), "k") == "1 by 2 pairs of seeds, 2 by 1"
    assert verdict.spread(Measured((1, 2, 2), "pairs of seeds"), "k") == "1 by 1 pair of seeds, 2 by 2"


@pytest.mark.parametrize(("number", "said"), [(0, "0th"), (1, "first"), (8, "eighth"), (9, "9th")])
def test_places_have_words_as_far_as_there_are_any(number, said):
    assert verdict.show(number, "place") == said


@pytest.mark.parametrize(
    ("number", "end", "unit", "said"),
    [
        (8, 9, "whole", ""),  # counts so small speak for themselves
        (8, 10, "whole", "20 % below"),
        (-8, -10, "whole", "20 % above"),
        (0.3, 0, "decimal", ""),
        (2.9, 1, "decimal", "190 % above"),
        (0.406, 0.5, "share", "9.4 points below"),
        (0.4, 0.5, "share", "10 points below"),
        (3, 1, "decimal", "3.0 times"),
    ],
)
def test_a_distance_is_told_where_it_says_something_and_as_a_multiple_from_three_on(number, end, unit, said):
    assert verdict.distance(number, end, unit) == said


def test_whole_numbers_below_ten_are_counted_and_larger_ones_are_a_range():
    assert verdict.spread(seeds(3, 9), "whole") == "3 by 1 seed, 9 by 1"
    assert verdict.spread(seeds(3, 10), "whole") == "3 to 10 over 2 seeds"
    assert verdict.spread(seeds(-10, 3), "whole") == "−10 to 3 over 2 seeds"


def test_a_measurement_without_a_value_is_refused():
    with pytest.raises(ValueError, match="without a value"):
        Measured(())


def draws(mean, deviation):
    """Sixty values of exactly this mean and standard deviation, all within two deviations of the mean."""
    step = deviation * math.sqrt(59 / 60)
    return Measured((mean - step, mean + step) * 30, "seeds", by_processor=True)


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (draws(55_000, 1_600), "reproduced"),
        (draws(55_000, 1_700), "depends on the seed"),  # all sixty agree, but three deviations leave the range
        (draws(66_000, 1_900), "not reproduced"),
        (draws(66_000, 2_100), "depends on the seed"),  # none agrees
        (draws(55_000, 9_000), "depends on the seed"),
    ],
)
def test_where_processors_differ_a_verdict_rests_on_mean_and_deviation(measured, said):
    assert verdict.judge(RANGE, measured) == said


def test_a_spread_that_reaches_a_claim_that_no_seed_meets_is_told():
    said = verdict.sentence(RANGE, draws(66_000, 2_100), "whole")
    assert said.endswith("none of 60 seeds agrees with the claim, but their spread reaches it.")
    said = verdict.sentence(RANGE, draws(55_000, 1_700), "whole")
    assert said.endswith("all 60 seeds agree with the claim, but their spread reaches beyond it.")
