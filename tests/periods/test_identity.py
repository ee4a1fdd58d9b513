"""What segments are called from period to period: a name stays until its persona fails twice running."""

import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.periods import identity

NAMES = ("Transactors", "Revolvers, large balances", "Without a trait that stands out", "Dormant customers")


@pytest.fixture
def named(model):
    """The model with personas of the catalogue, one of them told from a sibling, one segment that none fits."""
    segments = [{**words, "persona": name} for words, name in zip(model.segments, NAMES, strict=True)]
    return model.described(segments)


def found(**names):
    """What the catalogue makes of a period's customers: what the names say, but for some segments."""
    ids = {one.name: one.id for one in personas.catalogue.load().personas}
    called = dict(enumerate(["Transactors", "Revolvers", "Dormant customers", "Dormant customers"]))
    called |= {int(place[1:]): name for place, name in names.items()}
    words = {"description": "New words.", "actions": {"now": "new", "later": "later"}}
    return [{"segment": number, "persona": name, "persona_id": ids[name], **words} for number, name in called.items()]


def test_the_personas_of_these_tests_are_in_the_catalogue():
    assert {"Transactors", "Revolvers", "Dormant customers"} <= {one.name for one in personas.catalogue.load().personas}


def period(model, people, last=()):
    return identity.renamed(identity.carried(model, last), people, last)


def test_while_personas_fit_nothing_changes(named):
    fresh, told = period(named, found())
    assert [words["persona"] for words in fresh.segments] == list(NAMES)
    assert [(one["failed"], one["formerly"]) for one in told] == [(0, None)] * 4


def test_a_model_without_words_of_its_segments_takes_none_over(named):
    last = [{identity.KEY: 1, "words": {"persona": "Late payers"}}]
    assert identity.carried(named.described([]), last).segments == ()
    renamed = [words["persona"] for words in identity.carried(named, last).segments]
    assert renamed == [NAMES[0], "Late payers", *NAMES[2:]]
    assert identity.carried(named, []).segments == named.segments


def test_a_persona_that_fails_once_keeps_its_name_and_is_told(named):
    fresh, told = period(named, found(_3="Transactors"))
    assert fresh.segments[3]["persona"] == "Dormant customers"
    assert (told[3]["failed"], told[3]["found"]) == (1, "Transactors")
    _, again = period(named, found(), told)
    assert again[3]["failed"] == 0
    _, once_more = period(named, found(_3="Transactors"), again)
    assert (once_more[3]["failed"], once_more[3]["formerly"]) == (1, None)


def test_a_persona_that_fails_twice_running_gives_way_to_another_for_good(named):
    people = found(_3="Transactors")
    _, told = period(named, people)
    fresh, told = period(named, people, told)
    assert told[3]["formerly"] == "Dormant customers"
    assert told[3]["persona"] == fresh.segments[3]["persona"] == "Transactors 2"  # another segment bears the name
    assert fresh.segments[3]["actions"]["now"] == "new"
    assert told[3]["colour"] == named.segments[3]["colour"]
    assert [words["persona"] for words in fresh.segments[:3]] == list(NAMES[:3])
    later, told = period(named, people, told)
    assert later.segments[3]["persona"] == "Transactors 2"
    assert told[3]["formerly"] is None
    assert period(named, people, told)[0].segments[3]["persona"] == "Transactors 2"


def test_what_no_persona_fits_has_no_name_that_could_fail(named):
    told = ()
    for _ in range(3):
        fresh, told = period(named, found(_2="Transactors"), told)
        assert fresh.segments[2]["persona"] == NAMES[2]


def test_a_key_that_any_period_used_is_not_given_again(model):
    in_force = max(identity.keys(model))
    early, late = (pd.DataFrame({"segment": [0, highest, 1]}) for highest in (in_force + 7, in_force + 2))
    assert identity.unused(model, []) == in_force + 1
    assert identity.unused(model, [early, late]) == identity.unused(model, [late, early]) == in_force + 8
    assert identity.unused(model, [pd.DataFrame({"segment": [0, -1]})]) == in_force + 1


@pytest.mark.parametrize(
    ("taken", "name"), [([], "A"), (["B"], "A"), (["A"], "A 2"), (["A", "A 2"], "A 3"), (["A", "A 2", "A 3"], "A 4")]
)
def test_a_name_that_is_taken_gets_the_next_number(taken, name):
    assert identity.unlike("A", taken) == name
