"""Which persona's name a segment bears: one assignment over all, and only names that hold of enough members."""

from dataclasses import replace

import pandas as pd
import pytest

from seg_utils.personas import matching
from seg_utils.personas.catalogue import UNNAMED, Catalogue


@pytest.fixture
def two(catalogue) -> Catalogue:
    """Two kinds of behaviour, a and b, and none that gives way."""
    a, b = (replace(catalogue.personas[0], id=name) for name in "ab")
    return Catalogue(0.6, (a, b), catalogue.otherwise, members=0.15)


@pytest.fixture
def ordered(two) -> Catalogue:
    """The two, c before them and d after them."""
    c, d = (replace(two.personas[0], id=name, order=order) for name, order in (("c", "first"), ("d", "last")))
    return replace(two, personas=(*two.personas, c, d))


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="float64")


def even(matches: pd.DataFrame) -> pd.DataFrame:
    """Shares of members that leave the decision to the matches."""
    return matches * 0 + 0.5


def assigned(matches: pd.DataFrame, shares: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    return matching.assign(matches, shares, matches * 0 + 1, catalogue).tolist()


def test_the_assignment_is_over_all_segments_at_once(two):
    """Greedily, segment 1 would take a; together, a goes to segment 0, which has nothing else."""
    matches = table(a=[0.90, 0.91], b=[0.10, 0.90])
    assert assigned(matches, even(matches), two) == ["a", "b"]


def test_a_second_segment_joins_a_persona_only_where_that_is_clearly_better(two):
    close = table(a=[0.9, 0.8], b=[0.2, 0.8 - matching.SHARED_PENALTY / 2])
    assert assigned(close, even(close), two) == ["a", "b"]
    clear = table(a=[0.9, 0.8], b=[0.2, 0.7])
    assert assigned(clear, even(clear), two) == ["a", "a"]


def test_what_joining_costs_in_strength(two):
    for gain, names in ((0.019, ["a", "b"]), (0.021, ["a", "a"])):
        strength = table(a=[0.9, 0.8], b=[0.2, 0.8 - gain])
        of_all = strength * 0 + 1
        assert matching.assign(strength ** (1 / (1 - matching.MEMBERS_WEIGHT)), of_all, of_all, two).tolist() == names


def test_of_two_names_that_fit_alike_the_members_choose(two):
    assert assigned(table(a=[0.8], b=[0.8]), table(a=[0.3], b=[0.5]), two) == ["b"]


def test_a_name_that_too_few_members_bear_is_vetoed_and_the_next_one_that_holds_is_taken(two):
    matches = table(a=[1.0], b=[0.65])
    assert assigned(matches, table(a=[0.15], b=[0.15]), two) == ["a"]
    assert assigned(matches, table(a=[0.14], b=[0.15]), two) == ["b"]
    assert assigned(matches, table(a=[0.14], b=[0.14]), two) == [UNNAMED]


def test_a_name_below_the_threshold_is_vetoed_however_many_members_bear_it(two):
    assert assigned(table(a=[0.59], b=[0.0]), table(a=[1.0], b=[0.0]), two) == [UNNAMED]
    assert assigned(table(a=[0.6], b=[0.0]), table(a=[1.0], b=[0.0]), two) == ["a"]


@pytest.mark.parametrize(
    ("matches", "name"),
    [
        ({"a": [1.0], "b": [0.9], "c": [0.7], "d": [1.0]}, "c"),
        ({"a": [0.7], "b": [0.0], "c": [0.5], "d": [1.0]}, "a"),
        ({"a": [0.5], "b": [0.0], "c": [0.5], "d": [0.7]}, "d"),
    ],
)
def test_a_name_of_an_earlier_order_goes_before_all_later_ones(ordered, matches, name):
    assert assigned(table(**matches), even(table(**matches)), ordered) == [name]


def test_of_two_names_that_fit_alike_the_one_that_speaks_of_what_sets_apart_is_taken(two):
    matches = table(a=[0.8], b=[0.8])
    for spoken, name in ((table(a=[0.1], b=[0.9]), "b"), (table(a=[0.9], b=[0.1]), "a")):
        assert matching.assign(matches, even(matches), spoken, two).tolist() == [name]
