"""Why a segment bears a name and not another."""

from dataclasses import replace

import numpy as np
import pytest

from seg_utils import personas
from seg_utils.personas.catalogue import KIND, LAST
from seg_utils.personas.requirements import Requirement

from .conftest import SEVEN

SEGMENT = SEVEN.index("transactors")


def of(planted, catalogue, persona_id="transactors", segment=SEGMENT):
    """The row of a segment and a persona."""
    customers, labels = planted
    table = personas.candidates(customers, labels, personas.profile(customers, labels), catalogue)
    return table[(table["segment"] == segment) & (table["persona"] == catalogue.find(persona_id).name)].iloc[0]


def changed(catalogue, persona_id, **changes):
    others = [replace(one, **changes) if one.id == persona_id else one for one in catalogue.personas]
    return replace(catalogue, personas=tuple(others))


def beside(catalogue, persona_id, **changes):
    twin = replace(catalogue.find(persona_id), id="twin", name="Twins", **changes)
    return replace(catalogue, personas=(*catalogue.personas, twin))


def test_the_name_that_was_given_has_nothing_against_it_and_every_other_has(planted, profiles, people, catalogue):
    table = personas.candidates(*planted, profiles, catalogue)
    assert len(table) == len(SEVEN) * len(catalogue.personas)
    assert (table["given"] == (table["why_not"] == "")).all()
    given = table[table["given"]].set_index("segment")
    assert given["persona"].to_dict() == {
        one["segment"]: catalogue.find(one["persona_id"]).name for one in people if catalogue.find(one["persona_id"])
    }
    assert given["signature"].to_dict() == pytest.approx(
        {one["segment"]: one["match"] for one in people if one["segment"] in given.index}
    )
    assert all(rows["score"].is_monotonic_decreasing for _, rows in table.groupby("segment"))


def test_a_broken_rule_stands_beside_the_members_figures(planted, catalogue):
    customers, labels = planted
    held = catalogue.find("transactors").requires
    rule = Requirement("BALANCE", "at_least", 1000.0, by=0.6)
    row = of(planted, changed(catalogue, "transactors", requires=(*held, rule)))
    balances = customers.loc[labels == SEGMENT, "BALANCE"]
    share, median = (balances >= 1000).mean(), np.median(balances)
    assert share < 0.6
    says = f"BALANCE at least 1000: {100 * share:.0f} % of the members, more than 60 % needed, median {median:.3g}"
    assert says in row["why_not"]
    assert row["rules"] == f"{len(held)} of {len(held) + 1}"
    assert row["score"] < of(planted, catalogue)["score"]  # by the members who are no longer so, not by the rule
    assert row["signature"] == of(planted, catalogue)["signature"]


def test_a_rule_of_a_column_that_is_not_there_is_not_counted(planted, catalogue):
    held = catalogue.find("transactors").requires
    assert of(planted, catalogue)["rules"] == f"{len(held)} of {len(held)}"
    without = planted[0].drop(columns="CASH_ADVANCE"), planted[1]
    assert of(without, catalogue)["rules"] == f"{len(held) - 1} of {len(held) - 1}"


def test_too_weak_a_match_and_too_few_members_are_told_with_what_is_needed(planted, catalogue):
    row = of(planted, replace(catalogue, threshold=0.995, members=0.999))
    assert row["signature"] < 0.995
    assert row["why_not"].startswith(f"signature {row['signature']:.2f}, threshold 0.995; ")
    assert row["why_not"].endswith(" of the members, 100 % needed")


def test_a_name_that_holds_as_well_says_what_went_before_it(planted, catalogue):
    later = beside(catalogue, "transactors", order=LAST)
    assert of(planted, later, "twin")["why_not"] == "Transactors goes before it"
    assert of(planted, later)["given"]
    [trait, *others] = catalogue.find("transactors").signature
    anyone = replace(catalogue, members=0.0)
    weaker = beside(anyone, "transactors", order=KIND, signature=(replace(trait, around=0.6), *others))
    more = of(planted, weaker)["score"] - of(planted, weaker, "twin")["score"]
    assert more > 0
    assert of(planted, weaker, "twin")["why_not"] == f"Transactors scores {more:.2f} more"


def test_a_catalogue_without_personas_has_no_candidates(planted, profiles, catalogue):
    assert personas.candidates(*planted, profiles, replace(catalogue, personas=())).empty
