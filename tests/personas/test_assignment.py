"""Which persona's name a segment bears: one assignment over all, and only names that hold of enough members."""

from dataclasses import replace

import pandas as pd
import pytest

from seg_utils.personas import assignment
from seg_utils.personas.catalogue import UNNAMED, Catalogue


@pytest.fixture
def two(catalogue) -> Catalogue:
    """Two kinds of behaviour, a and b, and none that gives way."""
    a, b = (replace(catalogue.personas[0], id=name, gives_way_at=None) for name in "ab")
    return Catalogue(0.6, (a, b), catalogue.otherwise, members=0.15)


@pytest.fixture
def three(two) -> Catalogue:
    """The two, and c, which gives way where seven members in ten are alike in what they do."""
    c = replace(two.personas[0], id="c", gives_way_at=0.7)
    return replace(two, personas=(*two.personas, c))


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="float64")


def even(matches: pd.DataFrame) -> pd.DataFrame:
    """Shares of members that leave the decision to the matches."""
    return matches * 0 + 0.5


def assigned(matches: pd.DataFrame, shares: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    return assignment.assign(matches, shares, catalogue).tolist()


def test_the_assignment_is_over_all_segments_at_once(two):
    """Greedily, segment 1 would take a; together, a goes to segment 0, which has nothing else."""
    matches = table(a=[0.90, 0.91], b=[0.10, 0.90])
    assert assigned(matches, even(matches), two) == ["a", "b"]


def test_a_second_segment_joins_a_persona_only_where_that_is_clearly_better(two):
    close = table(a=[0.9, 0.8], b=[0.2, 0.8 - assignment.SHARED_PENALTY / 2])
    assert assigned(close, even(close), two) == ["a", "b"]
    clear = table(a=[0.9, 0.8], b=[0.2, 0.7])
    assert assigned(clear, even(clear), two) == ["a", "a"]


def test_of_two_names_that_fit_alike_the_members_choose(two):
    assert assigned(table(a=[0.8], b=[0.8]), table(a=[0.3], b=[0.5]), two) == ["b"]


def test_a_name_that_too_few_members_bear_is_vetoed_and_the_next_one_that_holds_is_taken(two):
    matches = table(a=[1.0], b=[0.65])
    assert assigned(matches, table(a=[0.15], b=[0.15]), two) == ["a"]
    assert assigned(matches, table(a=[0.14], b=[0.15]), two) == ["b"]
    assert assigned(matches, table(a=[0.14], b=[0.14]), two) == [UNNAMED]


def test_a_name_below_the_threshold_is_vetoed_however_many_members_bear_it(two):
    assert assigned(table(a=[0.59], b=[0.0]), table(a=[1.0], b=[0.0]), two) == [UNNAMED]


@pytest.mark.parametrize(("alike", "name"), [(0.69, "c"), (0.7, "a")])
def test_a_persona_that_says_nothing_of_behaviour_gives_way_to_members_who_are_alike(three, alike, name):
    assert assigned(table(a=[0.9], b=[0.9], c=[0.7]), table(a=[alike], b=[0.2], c=[0.4]), three) == [name]


def test_members_who_are_alike_in_a_name_that_does_not_hold_make_nothing_give_way(three):
    assert assigned(table(a=[0.5], b=[0.0], c=[1.0]), table(a=[0.9], b=[0.0], c=[0.9]), three) == ["c"]
