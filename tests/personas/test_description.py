import pandas as pd
import pytest

from seg_utils.personas.catalogue import Persona, Strategy, Trait
from seg_utils.personas.naming import NOTHING_APART, Standout
from seg_utils.personas.portrait import describe

PLAN = Strategy(*"onlfckgw")
APART = [Standout("BALANCE", "Balance", "high", 1.0, 2.0, "large balances")]


def persona(*traits: Trait) -> Persona:
    return Persona("buyers", "Buyers", "Pay for most of it in instalments", traits, PLAN, {})


def rows(**features: dict[str, float]) -> pd.DataFrame:
    """Profile rows; mean and median alike where only one is given."""
    frame = pd.DataFrame.from_dict(features, orient="index").rename_axis("feature")
    frame = frame.reindex(columns=frame.columns.union(["median", "population_median", "z"]))
    return frame.fillna({"median": frame["mean"], "z": 0.0})


@pytest.fixture
def shares() -> Persona:
    return persona(Trait("INSTALMENT_SHARE", "high", 1, around=0.6, width=0.2))


@pytest.mark.parametrize(
    ("mean_share", "one_off", "instalments", "true"),
    [(0.8, 100.0, 900.0, True), (0.8, 900.0, 100.0, False), (0.4, 100.0, 900.0, False), (0.8, 0.0, 0.0, True)],
)
def test_a_line_needs_the_median_the_mean_and_the_amounts(shares, mean_share, one_off, instalments, true):
    profile = rows(
        INSTALMENT_SHARE={"mean": mean_share, "median": 0.9, "z": 1.0},
        ONEOFF_PURCHASES={"mean": one_off},
        INSTALLMENTS_PURCHASES={"mean": instalments},
    )
    expected = "Pay for most of it in instalments." if true else "Large balances."
    assert describe(shares, profile, APART) == expected


@pytest.mark.parametrize(("mean", "median", "true"), [(1500, 1200, True), (900, 1200, False), (1500, 700, False)])
def test_a_comparison_needs_mean_and_median_on_the_same_side(mean, median, true):
    profile = rows(
        PURCHASES={"mean": mean, "median": median, "z": 0.8, "population_mean": 1000.0, "population_median": 800.0}
    )
    line = describe(persona(Trait("PURCHASES", "high", 1)), profile, APART)
    assert line.startswith("Pay for most") == true


def test_a_line_needs_every_trait_of_the_persona():
    profile = rows(
        PURCHASES={"mean": 1500, "median": 1200, "z": 0.8, "population_mean": 1000.0, "population_median": 800.0},
        BALANCE={"mean": 1500, "median": 1200, "z": 0.8, "population_mean": 1000.0, "population_median": 800.0},
    )
    high, low = Trait("PURCHASES", "high", 1), Trait("BALANCE", "low", 1)
    assert describe(persona(high, low), profile, APART) == "Large balances."
    assert describe(persona(high), profile, APART).startswith("Pay for most")


def test_a_mild_trait_claims_no_side():
    profile = rows(
        CREDIT_LIMIT={"mean": 5000, "median": 5000, "z": 0.4, "population_mean": 4000.0, "population_median": 4000.0}
    )
    assert describe(persona(Trait("CREDIT_LIMIT", "low", 1, z=1.0)), profile, APART).startswith("Pay for most")


def test_an_unnamed_segment_is_what_sets_it_apart():
    assert describe(None, rows(BALANCE={"mean": 1.0}), APART) == "Large balances."
    assert describe(None, rows(BALANCE={"mean": 1.0}), []) == f"{NOTHING_APART}."


def test_no_more_than_three_things_are_said_of_an_unnamed_segment():
    apart = [Standout("BALANCE", "Balance", "high", 1.0, 2.0, phrase) for phrase in ("large", "old", "paid", "spent")]
    assert describe(None, rows(BALANCE={"mean": 1.0}), apart) == "Large, old and paid."
